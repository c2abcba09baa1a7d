/* Labels changed, drafts, and mails that go out. */
#include "tests/standins/google_gmail.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/text.h"
#include <stdlib.h>
#include <string.h>

#define LABELS_AT_ONCE 100
#define IDS_AT_ONCE 1000

/* --- labels --- */

static bool labels_good(struct ask *ask, const struct mailbox *box, const char *name)
{
	const struct json *list = json_at(ask->body, name);

	if (list && (!json_is_array(list) || json_len(list) > LABELS_AT_ONCE))
		return deny(ask, 400, "invalidArgument", "Invalid %s", name);
	for (size_t i = 0; i < json_len(list); i++) {
		const char *id = json_text(json_item(list, i), NULL);
		const struct label *l = label_find(box, id);

		if (!l || !text_same(l->id, id) || text_has_word("SENT DRAFT", id))
			return deny(ask, 400, "invalidArgument", "Invalid label: %s", id ? id : "");
	}
	return true;
}

static bool change_read(struct ask *ask, struct mailbox *box, const char *fields)
{
	if (!box || !body_needed(ask) || !only_fields(ask, ask->body, fields, "request") ||
	    !labels_good(ask, box, "addLabelIds") || !labels_good(ask, box, "removeLabelIds"))
		return false;
	if (!json_len(json_at(ask->body, "addLabelIds")) && !json_len(json_at(ask->body, "removeLabelIds")))
		return deny(ask, 400, "invalidArgument", "No label add or removes specified");
	return true;
}

static void change(struct ask *ask, struct mailbox *box, struct mail *m)
{
	const struct json *add = json_at(ask->body, "addLabelIds"),
			  *drop = json_at(ask->body, "removeLabelIds");

	for (size_t i = 0; i < json_len(add); i++)
		mail_label(box, m, json_text(json_item(add, i), NULL), true);
	for (size_t i = 0; i < json_len(drop); i++)
		mail_label(box, m, json_text(json_item(drop, i), NULL), false);
}

/* The message of the path; NULL: denied. */
static struct mail *asked(struct ask *ask, const struct mailbox *box)
{
	struct mail *m = box ? mail_find(box, ask->part[1]) : NULL;

	if (!m)
		deny(ask, 404, "notFound", "Requested entity was not found.");
	return m;
}

void serve_modify(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	struct mail *m = change_read(ask, box, "addLabelIds removeLabelIds") ? asked(ask, box) : NULL;

	if (!m)
		return;
	change(ask, box, m);
	say_json(ask, mail_ref(ask, m, true));
}

void serve_batch_modify(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	const struct json *ids = json_at(ask->body, "ids");

	if (!change_read(ask, box, "ids addLabelIds removeLabelIds"))
		return;
	if (!json_len(ids) || json_len(ids) > IDS_AT_ONCE) {
		deny(ask, 400, "invalidArgument", "1 to 1000 ids");
		return;
	}
	for (size_t i = 0; i < json_len(ids); i++) {
		struct mail *m = mail_find(box, json_text(json_item(ids, i), NULL));

		if (m)
			change(ask, box, m);
	}
	say_nothing(ask, 204);
}

void serve_thread_modify(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	struct json *o = json_object(ask->pool);
	size_t n = 0;

	if (!change_read(ask, box, "addLabelIds removeLabelIds"))
		return;
	for (size_t i = 0; i < box->mails.n; i++) {
		struct mail *m = box->mails.v[i];

		if (!m->deleted && text_same(m->thread, ask->part[1])) {
			change(ask, box, m);
			n++;
		}
	}
	json_set_text(o, "id", ask->part[1]);
	if (n)
		say_json(ask, o);
	else
		deny(ask, 404, "notFound", "Requested entity was not found.");
}

void serve_trash(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	struct mail *m = asked(ask, box);

	if (!m)
		return;
	mail_label(box, m, "TRASH", true);
	mail_label(box, m, "INBOX", false);
	say_json(ask, mail_ref(ask, m, true));
}

void serve_untrash(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	struct mail *m = asked(ask, box);

	if (!m)
		return;
	mail_label(box, m, "TRASH", false);
	say_json(ask, mail_ref(ask, m, true));
}

/* --- a message that is given --- */

struct given {
	const char *raw;
	size_t n;
	const char *thread; /* that it goes into, or NULL */
	struct part *root;
};

static const char *bare_subject(apr_pool_t *pool, const char *value)
{
	const char *s = mime_words(pool, value, NULL);

	while (strncasecmp(s, "re:", 3) == 0 || strncasecmp(s, "fwd:", 4) == 0 ||
	       strncasecmp(s, "fw:", 3) == 0)
		s = text_trim(pool, strchr(s, ':') + 1);
	return s;
}

/* A thread is joined by its id, a reference to one of its messages, and the same subject; else a new one begins. */
static bool thread_read(struct ask *ask, const struct mailbox *box, const char *id, struct given *g)
{
	const char *references =
		mem_fmt(ask->pool, "%s %s",
			part_header(g->root, "References") ? part_header(g->root, "References") : "",
			part_header(g->root, "In-Reply-To") ? part_header(g->root, "In-Reply-To") : "");
	const char *subject = bare_subject(ask->pool, part_header(g->root, "Subject"));
	bool known = false;

	for (size_t i = 0; i < box->mails.n; i++) {
		const struct mail *m = box->mails.v[i];

		if (m->deleted || !text_same(m->thread, id))
			continue;
		known = true;
		if (part_header(g->root, "References") && part_header(g->root, "In-Reply-To") &&
		    *m->message_id && strstr(references, m->message_id) &&
		    text_same(bare_subject(ask->pool, mail_header(m, "Subject")), subject))
			g->thread = m->thread;
	}
	return known || deny(ask, 404, "notFound", "Requested entity was not found.");
}

static bool given_bytes(struct ask *ask, const struct mailbox *box, const char *thread, bool to_send,
			struct given *g)
{
	if (!mail_check(ask, box->account, g->raw, g->n, to_send))
		return false;
	g->root = mime_read(ask->pool, g->raw, g->n);
	return !thread || thread_read(ask, box, thread, g);
}

/* {"raw","threadId"?} */
static bool given_read(struct ask *ask, const struct mailbox *box, const struct json *j, bool to_send,
		       struct given *ret)
{
	const char *raw = json_text(j, "raw");

	*ret = (struct given){ 0 };
	if (!only_fields(ask, j, "raw threadId id labelIds", "message"))
		return false;
	if (!raw)
		return deny(ask, 400, "invalidArgument",
			    "'raw' RFC822 payload message string or uploading message "
			    "via /upload/* URL required");
	ret->raw = base64_url_read(ask->pool, *raw ? raw : ask->lifted ? ask->lifted : "", &ret->n);
	if (!ret->raw)
		return deny(ask, 400, "badRequest",
			    "Invalid value at 'message.raw' (TYPE_BYTES), Base64 decoding failed");
	return given_bytes(ask, box, json_text(j, "threadId"), to_send, ret);
}

/* --- sending --- */

/* The head without what must not leave, and with what must be there. */
static void rewritten(struct ask *ask, const struct account *a, const struct given *g, struct buf *to)
{
	const char *id = part_header(g->root, "Message-ID"), *blank = strstr(g->raw, "\r\n\r\n");
	size_t head = blank ? (size_t)(blank - g->raw) + 2 : g->n;
	bool dropping = false, rewrite = !id || gmail_setting.rewrite;

	if (!part_header(g->root, "From"))
		buf_fmt(to, "From: %s\r\n", a->email);
	if (!part_header(g->root, "Date"))
		buf_text(to, "Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n");
	if (rewrite)
		buf_fmt(to, "Message-ID: <CA%s@mail.gmail.com>\r\n", crypt_random_hex(ask->pool, 12));
	if (rewrite && id)
		buf_fmt(to, "X-Google-Original-Message-ID: %s\r\n", id);
	for (size_t at = 0; at < head;) {
		const char *end = memchr(g->raw + at, '\n', head - at);
		size_t len = end ? (size_t)(end - g->raw) - at + 1 : head - at;

		if (g->raw[at] != ' ' && g->raw[at] != '\t')
			dropping = strncasecmp(g->raw + at, "Bcc:", 4) == 0 ||
				   (rewrite && strncasecmp(g->raw + at, "Message-ID:", 11) == 0);
		if (!dropping)
			buf_put(to, g->raw + at, len);
		at += len;
	}
	buf_put(to, g->raw + head, g->n - head);
}

static struct mail *go_out(struct ask *ask, struct mailbox *box, const struct given *g, const char *draft)
{
	struct buf b = buf_new(ask->pool, g->n + 4096);
	struct sent *s = MEM_NEW(world.pool, struct sent);
	const char *to = part_header(g->root, "To"), *cc = part_header(g->root, "Cc"),
		   *bcc = part_header(g->root, "Bcc");
	const char *all = mem_fmt(ask->pool, "%s,%s,%s", to ? to : "", cc ? cc : "", bcc ? bcc : "");
	bool own = strstr(all, box->account->email) != NULL;

	rewritten(ask, box->account, g, &b);
	s->mail = mail_new(box, b.p, b.n, own ? "SENT INBOX UNREAD" : "SENT", g->thread, clock_now() / 1000);
	s->mail->hidden = gmail_setting.search_lag;
	s->to = mem_text(world.pool, to ? to : "");
	s->cc = mem_text(world.pool, cc ? cc : "");
	s->bcc = mem_text(world.pool, bcc ? bcc : "");
	s->draft = mem_text(world.pool, draft);
	list_add(&box->sent, s);
	return s->mail;
}

void serve_send(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	struct given g;

	if (box && body_needed(ask) && given_read(ask, box, ask->body, true, &g))
		say_json(ask, mail_ref(ask, go_out(ask, box, &g, NULL), true));
}

void serve_upload_send(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	const char *type = json_text(ask->headers, "content-type");
	struct given g = { .raw = ask->raw, .n = ask->raw_n };

	if (!text_same(param(ask, "uploadType"), "media") || !type || !text_starts(type, "message/rfc822")) {
		deny(ask, 400, "badRequest", "uploadType=media and Content-Type: message/rfc822 are needed");
		return;
	}
	if (box && given_bytes(ask, box, NULL, true, &g))
		say_json(ask, mail_ref(ask, go_out(ask, box, &g, NULL), true));
}

/* --- drafts --- */

static struct draft *draft_find(struct ask *ask, const struct mailbox *box, const char *id)
{
	for (size_t i = 0; box && i < box->drafts.n; i++) {
		struct draft *d = box->drafts.v[i];

		if (!d->gone && text_same(d->id, id))
			return d;
	}
	deny(ask, 404, "notFound", "Requested entity was not found.");
	return NULL;
}

static void say_draft(struct ask *ask, const struct draft *d, const char *format)
{
	struct json *o = json_object(ask->pool);

	json_set_text(o, "id", d->id);
	json_set(o, "message", format ? mail_show(ask, d->mail, format) : mail_ref(ask, d->mail, true));
	say_json(ask, o);
}

/* The body of a draft; false: denied. */
static bool draft_read(struct ask *ask, struct mailbox *box, struct given *ret)
{
	if (!box || !body_needed(ask) || !only_fields(ask, ask->body, "id message", "draft"))
		return false;
	if (!json_is_object(json_at(ask->body, "message")))
		return deny(ask, 400, "invalidArgument", "Missing draft message");
	return given_read(ask, box, json_at(ask->body, "message"), false, ret);
}

/* A draft gets a new message with each version. */
static void draft_fill(struct mailbox *box, struct draft *d, const struct given *g)
{
	const char *thread = g->thread ? g->thread : d->mail ? d->mail->thread : NULL;

	if (d->mail)
		mail_delete(box, d->mail);
	d->mail = mail_new(box, g->raw, g->n, "DRAFT", thread, clock_now() / 1000);
}

void serve_draft_new(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	struct draft *d;
	struct given g;

	if (!draft_read(ask, box, &g))
		return;
	d = MEM_NEW(world.pool, struct draft);
	d->id = mem_fmt(world.pool, "r-%u%09u", 1 + crypt_random_below(999999),
			crypt_random_below(1000000000));
	draft_fill(box, d, &g);
	list_add(&box->drafts, d);
	say_draft(ask, d, NULL);
}

void serve_draft_get(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	const struct draft *d = draft_find(ask, box, ask->part[1]);
	const char *format;

	if (d && mail_format(ask, &format))
		say_draft(ask, d, format);
}

void serve_draft_list(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	struct json *o = json_object(ask->pool), *list = json_array(ask->pool);
	struct list found = { 0 };
	const char *where = box ? page_where(ask) : NULL;
	int64_t max, at = 0, n = 0;
	size_t i;

	if (!where || !param_int(ask, "maxResults", 100, 1, 500, &max))
		return;
	if (world.page[QUOTA_GMAIL] && world.page[QUOTA_GMAIL] < max)
		max = world.page[QUOTA_GMAIL];
	text_int(where, &at);
	mails_wanted(ask, box, &found);
	for (i = (size_t)at; i < box->drafts.n && n < max; i++) {
		const struct draft *d = box->drafts.v[i];
		bool wanted = false;

		for (size_t k = 0; k < found.n; k++)
			wanted = wanted || found.v[k] == d->mail;
		if (d->gone || !wanted)
			continue;
		struct json *one = json_object(ask->pool);

		json_set_text(one, "id", d->id);
		json_set(one, "message", mail_ref(ask, d->mail, false));
		json_push(list, one);
		n++;
	}
	free(found.v);
	if (n)
		json_set(o, "drafts", list);
	if (i < box->drafts.n)
		json_set_text(o, "nextPageToken", page_token(ask, mem_fmt(ask->pool, "%zu", i)));
	json_set_int(o, "resultSizeEstimate", n);
	say_json(ask, o);
}

void serve_draft_put(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	struct draft *d = draft_find(ask, box, ask->part[1]);
	struct given g;

	if (!d || !draft_read(ask, box, &g))
		return;
	draft_fill(box, d, &g);
	say_draft(ask, d, NULL);
}

/* {"id"}; with a message, that one goes. */
void serve_draft_send(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	struct given g = { 0 };
	struct draft *d;

	if (!box || !body_needed(ask) || !only_fields(ask, ask->body, "id message", "draft"))
		return;
	d = draft_find(ask, box, json_text(ask->body, "id"));
	if (!d)
		return;
	if (json_text(ask->body, "message.raw")) {
		if (!given_read(ask, box, json_at(ask->body, "message"), true, &g))
			return;
	} else {
		g = (struct given){ .raw = d->mail->raw, .n = d->mail->raw_n };
		if (!given_bytes(ask, box, NULL, true, &g))
			return;
	}
	g.thread = g.thread ? g.thread : d->mail->thread;
	d->gone = true;
	mail_delete(box, d->mail);
	say_json(ask, mail_ref(ask, go_out(ask, box, &g, d->id), true));
}

void serve_draft_delete(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	struct draft *d = draft_find(ask, box, ask->part[1]);

	if (!d)
		return;
	d->gone = true;
	mail_delete(box, d->mail);
	say_nothing(ask, 204);
}
