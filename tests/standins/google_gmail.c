/* Mailboxes and what is in them. */
#include "tests/standins/google_gmail.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/text.h"
#include <stdlib.h>
#include <string.h>

#define READ "mail.google.com gmail.modify gmail.readonly"
#define LOOK READ " gmail.metadata"
#define CHANGE "mail.google.com gmail.modify"
#define SEND CHANGE " gmail.compose gmail.send"
#define DRAFT CHANGE " gmail.compose"
#define LABELS LOOK " gmail.labels"
#define USER "/gmail/v1/users/{}"
#define UPLOAD "/upload/gmail/v1/users/{}"
#define LIST_PARAMS "maxResults pageToken q includeSpamTrash"
#define GET_PARAMS "format metadataHeaders"

struct gmail_setting gmail_setting;

static const char system_labels[] =
	"INBOX UNREAD STARRED IMPORTANT SENT DRAFT SPAM TRASH CATEGORY_PERSONAL CATEGORY_SOCIAL "
	"CATEGORY_PROMOTIONS CATEGORY_UPDATES CATEGORY_FORUMS";

/* --- mailboxes --- */

static void label_add(struct mailbox *box, const char *id, const char *name)
{
	struct label *l = MEM_NEW(box->account->pool, struct label);

	l->id = mem_text(box->account->pool, id);
	l->name = mem_text(box->account->pool, name);
	list_add(&box->labels, l);
}

struct mailbox *mailbox_of(struct account *a)
{
	const char *at = system_labels;
	size_t n;

	if (a->mailbox)
		return a->mailbox;
	a->mailbox = MEM_NEW(a->pool, struct mailbox);
	a->mailbox->account = a;
	a->mailbox->history_id = 1000;
	for (; *at; at += n + (at[n] == ' ')) {
		n = strcspn(at, " ");
		label_add(a->mailbox, mem_textn(a->pool, at, n), mem_textn(a->pool, at, n));
	}
	return a->mailbox;
}

struct mailbox *mailbox_asked(struct ask *ask)
{
	const char *user = ask->part[0];

	if (text_same(user, "me") || text_same(user, ask->account->email))
		return mailbox_of(ask->account);
	deny(ask, 403, "forbidden", "Delegation denied for %s", ask->account->email);
	return NULL;
}

struct label *label_find(const struct mailbox *box, const char *id_or_name)
{
	for (size_t i = 0; id_or_name && i < box->labels.n; i++) {
		struct label *l = box->labels.v[i];

		if (strcasecmp(l->id, id_or_name) == 0 || strcasecmp(l->name, id_or_name) == 0)
			return l;
	}
	return NULL;
}

static void history_add(struct mailbox *box, struct mail *m, const char *kind, const char *labels)
{
	struct event_of_mail *e = MEM_NEW(box->account->pool, struct event_of_mail);

	e->id = ++box->history_id;
	e->kind = kind;
	e->mail = m;
	e->labels = mem_text(box->account->pool, labels);
	m->history = e->id;
	list_add(&box->history, e);
}

/* --- mails --- */

struct mail *mail_find(const struct mailbox *box, const char *id)
{
	for (size_t i = box->mails.n; i-- > 0;) {
		struct mail *m = box->mails.v[i];

		if (!m->deleted && text_same(m->id, id))
			return m;
	}
	return NULL;
}

const char *mail_header(const struct mail *m, const char *name)
{
	return part_header(m->root, name);
}

bool mail_has(const struct mail *m, const char *label)
{
	return text_has_word(m->labels, label);
}

void mail_label(struct mailbox *box, struct mail *m, const char *label, bool on)
{
	struct buf b = buf_new(m->pool, 65536);
	size_t n;

	if (mail_has(m, label) == on)
		return;
	buf_text(&b, "");
	for (const char *at = m->labels; *at; at += n + (at[n] == ' ')) {
		n = strcspn(at, " ");
		const char *word = mem_textn(m->pool, at, n);

		if (n && !text_same(word, label))
			buf_fmt(&b, "%s%s", b.n ? " " : "", word);
	}
	if (on)
		buf_fmt(&b, "%s%s", b.n ? " " : "", label);
	world_replace(&m->labels, b.p);
	history_add(box, m, on ? "labelsAdded" : "labelsRemoved", label);
}

void mail_delete(struct mailbox *box, struct mail *m)
{
	m->deleted = true;
	history_add(box, m, "messagesDeleted", "");
}

const char *thread_of_reference(const struct mailbox *box, const char *references)
{
	for (size_t i = box->mails.n; references && i-- > 0;) {
		const struct mail *m = box->mails.v[i];

		if (!m->deleted && *m->message_id && strstr(references, m->message_id))
			return m->thread;
	}
	return NULL;
}

static struct mail *mail_add(struct mailbox *box, struct mail *m, const char *labels, const char *thread,
			     int64_t internal_ms)
{
	const char *id = part_header(m->root, "Message-ID");

	m->place = world_next();
	m->id = mem_fmt(m->pool, "19%s", crypt_random_hex(m->pool, 7));
	m->thread = mem_text(m->pool, thread ? thread : m->id);
	m->labels = world_keep(labels);
	m->internal_ms = internal_ms;
	m->message_id = id ? id : "";
	list_add(&box->mails, m);
	history_add(box, m, "messagesAdded", labels);
	return m;
}

static struct mail *mail_bare(void)
{
	apr_pool_t *pool = pool_child(world.pool);
	struct mail *m = MEM_NEW(pool, struct mail);

	m->pool = pool;
	return m;
}

struct mail *mail_new(struct mailbox *box, const char *raw, size_t n, const char *labels, const char *thread,
		      int64_t internal_ms)
{
	struct mail *m = mail_bare();
	char *copy = mem_alloc(m->pool, n + 1);

	memcpy(copy, raw, n);
	m->raw = copy;
	m->raw_n = n;
	m->root = mime_read(m->pool, copy, n);
	return mail_add(box, m, labels, thread, internal_ms);
}

struct mail *mail_new_of(struct mailbox *box, struct part *root, const char *labels, const char *thread,
			 int64_t internal_ms)
{
	struct mail *m = mail_bare();

	m->root = root;
	m->raw = "";
	return mail_add(box, m, labels, thread, internal_ms);
}

/* --- routes --- */

const struct route gmail_routes[] = {
	{ "gmail.profile", "GET", USER "/profile", LOOK " gmail.compose", "", QUOTA_GMAIL, 1, serve_profile },
	{ "gmail.list", "GET", USER "/messages", LOOK, LIST_PARAMS " labelIds", QUOTA_GMAIL, 5,
	  serve_mail_list },
	{ "gmail.send", "POST", USER "/messages/send", SEND, "", QUOTA_GMAIL, 100, serve_send },
	{ "gmail.send", "POST", UPLOAD "/messages/send", SEND, "uploadType", QUOTA_GMAIL, 100,
	  serve_upload_send },
	{ "gmail.batchModify", "POST", USER "/messages/batchModify", CHANGE, "", QUOTA_GMAIL, 50,
	  serve_batch_modify },
	{ "gmail.get", "GET", USER "/messages/{}", LOOK, GET_PARAMS, QUOTA_GMAIL, 20, serve_mail_get },
	{ "gmail.attachment", "GET", USER "/messages/{}/attachments/{}", READ, "", QUOTA_GMAIL, 20,
	  serve_attachment },
	{ "gmail.modify", "POST", USER "/messages/{}/modify", CHANGE, "", QUOTA_GMAIL, 5, serve_modify },
	{ "gmail.trash", "POST", USER "/messages/{}/trash", CHANGE, "", QUOTA_GMAIL, 5, serve_trash },
	{ "gmail.untrash", "POST", USER "/messages/{}/untrash", CHANGE, "", QUOTA_GMAIL, 5, serve_untrash },
	{ "gmail.threads", "GET", USER "/threads", LOOK, LIST_PARAMS " labelIds", QUOTA_GMAIL, 10,
	  serve_thread_list },
	{ "gmail.thread", "GET", USER "/threads/{}", LOOK, GET_PARAMS, QUOTA_GMAIL, 40, serve_thread_get },
	{ "gmail.threadModify", "POST", USER "/threads/{}/modify", CHANGE, "", QUOTA_GMAIL, 10,
	  serve_thread_modify },
	{ "gmail.labels", "GET", USER "/labels", LABELS, "", QUOTA_GMAIL, 1, serve_label_list },
	{ "gmail.labelCreate", "POST", USER "/labels", CHANGE " gmail.labels", "", QUOTA_GMAIL, 5,
	  serve_label_new },
	{ "gmail.label", "GET", USER "/labels/{}", LABELS, "", QUOTA_GMAIL, 1, serve_label_get },
	{ "gmail.drafts", "GET", USER "/drafts", DRAFT " gmail.readonly", LIST_PARAMS, QUOTA_GMAIL, 5,
	  serve_draft_list },
	{ "gmail.draftCreate", "POST", USER "/drafts", DRAFT, "", QUOTA_GMAIL, 10, serve_draft_new },
	{ "gmail.draftSend", "POST", USER "/drafts/send", DRAFT, "", QUOTA_GMAIL, 100, serve_draft_send },
	{ "gmail.draftGet", "GET", USER "/drafts/{}", DRAFT " gmail.readonly", "format", QUOTA_GMAIL, 20,
	  serve_draft_get },
	{ "gmail.draftUpdate", "PUT", USER "/drafts/{}", DRAFT, "", QUOTA_GMAIL, 15, serve_draft_put },
	{ "gmail.draftDelete", "DELETE", USER "/drafts/{}", DRAFT, "", QUOTA_GMAIL, 10, serve_draft_delete },
	{ "gmail.history", "GET", USER "/history", LOOK,
	  "startHistoryId historyTypes labelId maxResults pageToken", QUOTA_GMAIL, 2, serve_history },
	{ NULL },
};

bool gmail_control(struct ask *ask, const char *name)
{
	ask->account = control_account(ask);
	return ask->account && mail_control(ask, name);
}
