/* Messages, threads, labels and history as they are asked for. */
#include "tests/standins/google_gmail.h"

#include "core/crypt.h"
#include "core/text.h"
#include <stdlib.h>
#include <string.h>

#define PAGE_USUAL 100
#define PAGE_MAX 500
#define SNIPPET 200
#define LABELS_MAX 10000

/* --- one message --- */

struct json *mail_ref(struct ask *ask, const struct mail *m, bool labels)
{
	struct json *o = json_object(ask->pool), *list = json_array(ask->pool);
	size_t n;

	json_set_text(o, "id", m->id);
	json_set_text(o, "threadId", m->thread);
	for (const char *at = m->labels; *at; at += n + (at[n] == ' ')) {
		n = strcspn(at, " ");
		if (n)
			json_push_text(list, mem_textn(ask->pool, at, n));
	}
	if (labels)
		json_set(o, "labelIds", list);
	return o;
}

static struct json *headers_json(struct ask *ask, const struct mail *m, const struct part *p, bool some)
{
	struct json *list = json_array(ask->pool);

	for (size_t i = 0; i < p->headers.n; i++) {
		const struct header *h = p->headers.v[i];
		struct json *o;
		const char *asked;
		bool wanted = !some;

		for (size_t k = 0; (asked = query_value(&ask->query, "metadataHeaders", k)); k++)
			wanted = wanted || strcasecmp(asked, h->name) == 0;
		if (some && !query_value(&ask->query, "metadataHeaders", 0))
			wanted = true;
		if (!wanted)
			continue;
		o = json_object(ask->pool);
		json_set_text(o, "name", h->name);
		json_set_text(o, "value", m->decoded ? mime_words(ask->pool, h->value, NULL) : h->value);
		json_push(list, o);
	}
	return list;
}

/* Another one each time, as Google's. */
static const char *attachment_id(struct ask *ask, const struct mail *m, const struct part *p)
{
	const char *text = mem_fmt(ask->pool, "%s %s %lld", m->id, p->id, (long long)world_next());

	return mem_fmt(ask->pool, "ANGjdJ_%s", base64_url(ask->pool, text, strlen(text), false));
}

static struct json *part_json(struct ask *ask, const struct mail *m, const struct part *p)
{
	struct json *o = json_object(ask->pool), *body = json_object(ask->pool),
		    *parts = json_array(ask->pool);

	json_set_text(o, "partId", p->id);
	json_set_text(o, "mimeType", p->type);
	json_set_text(o, "filename", p->filename);
	json_set(o, "headers", headers_json(ask, m, p, false));
	json_set_int(body, "size", (int64_t)p->n);
	if (p->attached)
		json_set_text(body, "attachmentId", attachment_id(ask, m, p));
	else if (p->n) /* padding is optional */
		json_set_text(body, "data", base64_url(ask->pool, p->bytes, p->n, m->place % 2));
	json_set(o, "body", body);
	for (size_t i = 0; i < p->parts.n; i++)
		json_push(parts, part_json(ask, m, p->parts.v[i]));
	if (p->parts.n)
		json_set(o, "parts", parts);
	return o;
}

static const char *snippet(struct ask *ask, const struct mail *m)
{
	const char *text = mime_text(ask->pool, m->root, "text/plain");
	struct buf b = buf_new(ask->pool, 1 << 26);
	bool gap = false;

	buf_text(&b, "");
	for (; text && *text; text++) {
		bool white = strchr(" \t\r\n", *text) != NULL;

		if (white && !gap && b.n)
			buf_char(&b, ' ');
		else if (!white)
			buf_char(&b, *text);
		gap = white;
	}
	return text_html(ask->pool, text_cut(ask->pool, b.p, SNIPPET));
}

bool mail_format(struct ask *ask, const char **ret_format)
{
	const char *format = param(ask, "format") ? param(ask, "format") : "full";
	bool all = oauth_has(ask, "mail.google.com gmail.modify gmail.readonly gmail.compose");

	*ret_format = format;
	if (!text_has_word("full metadata minimal raw", format))
		return deny(ask, 400, "invalidArgument", "Invalid value for format: %s", format);
	if (!all && text_has_word("full raw", format))
		return deny(ask, 403, "insufficientPermissions", "Metadata scope doesn't allow format %s",
			    text_same(format, "raw") ? "RAW" : "FULL");
	return true;
}

struct json *mail_show(struct ask *ask, const struct mail *m, const char *format)
{
	struct json *o = mail_ref(ask, m, true), *payload;

	json_set_text(o, "snippet", snippet(ask, m));
	json_set_text(o, "historyId", mem_fmt(ask->pool, "%lld", (long long)m->history));
	json_set_text(o, "internalDate", mem_fmt(ask->pool, "%lld", (long long)m->internal_ms));
	json_set_int(o, "sizeEstimate", (int64_t)m->raw_n);
	if (text_same(format, "raw")) {
		json_set_text(o, "raw", base64_url(ask->pool, m->raw, m->raw_n, true));
	} else if (text_same(format, "metadata")) {
		payload = json_object(ask->pool);
		json_set_text(payload, "mimeType", m->root->type);
		json_set(payload, "headers", headers_json(ask, m, m->root, true));
		json_set(o, "payload", payload);
	} else if (text_same(format, "full")) {
		json_set(o, "payload", part_json(ask, m, m->root));
	}
	return o;
}

void serve_mail_get(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	const struct mail *m = box ? mail_find(box, ask->part[1]) : NULL;
	const char *format;

	if (box && !m)
		deny(ask, 404, "notFound", "Requested entity was not found.");
	if (m && mail_format(ask, &format))
		say_json(ask, mail_show(ask, m, format));
}

void serve_attachment(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	const struct mail *m = box ? mail_find(box, ask->part[1]) : NULL;
	struct json *o = json_object(ask->pool);
	const char *id = ask->part[2], *text = NULL, *part;
	const struct part *p = NULL;
	size_t n;

	if (box && !m)
		deny(ask, 404, "notFound", "Requested entity was not found.");
	if (!m)
		return;
	if (text_starts(id, "ANGjdJ_"))
		text = base64_url_read(ask->pool, id + strlen("ANGjdJ_"), &n);
	if (text && text_starts(text, m->id) && text[strlen(m->id)] == ' ') {
		part = text + strlen(m->id) + 1;
		p = mime_part(m->root, mem_textn(ask->pool, part, strcspn(part, " ")));
	}
	if (!p) {
		deny(ask, 400, "invalidArgument", "Invalid attachment token");
		return;
	}
	json_set_int(o, "size", (int64_t)p->n);
	json_set_text(o, "data", base64_url(ask->pool, p->bytes, p->n, m->place % 2));
	say_json(ask, o);
}

/* --- lists --- */

static bool has_labels(struct ask *ask, const struct mail *m)
{
	const char *label;

	for (size_t i = 0; (label = query_value(&ask->query, "labelIds", i)); i++)
		if (!mail_has(m, label))
			return false;
	return true;
}

static int newer(const void *a, const void *b)
{
	const struct mail *x = *(void *const *)a, *y = *(void *const *)b;

	if (x->internal_ms != y->internal_ms)
		return x->internal_ms > y->internal_ms ? -1 : 1;
	return x->place > y->place ? -1 : x->place < y->place;
}

void mails_wanted(struct ask *ask, struct mailbox *box, struct list *to)
{
	const char *q = param(ask, "q"), *label = param(ask, "labelIds");
	bool all = param_true(ask, "includeSpamTrash") || query_everywhere(q) ||
		   (label && text_has_word("SPAM TRASH", label));
	apr_pool_t *pool = pool_root();

	for (size_t i = 0; i < box->mails.n; i++) {
		struct mail *m = box->mails.v[i];

		if (m->deleted || (!all && (mail_has(m, "SPAM") || mail_has(m, "TRASH"))))
			continue;
		if (m->hidden > 0) {
			m->hidden--;
			continue;
		}
		if (has_labels(ask, m) && (!q || query_matches(pool, box, m, q)))
			list_add(to, m);
		pool_clear(pool);
	}
	pool_free(pool);
	if (to->n)
		qsort(to->v, to->n, sizeof *to->v, newer);
}

static bool list_params(struct ask *ask, struct mailbox *box, int64_t *ret_max)
{
	const char *label;

	if (!box || !param_bools(ask, "includeSpamTrash") ||
	    !param_int(ask, "maxResults", PAGE_USUAL, 1, PAGE_MAX, ret_max))
		return false;
	for (size_t i = 0; (label = query_value(&ask->query, "labelIds", i)); i++)
		if (!label_find(box, label))
			return deny(ask, 400, "invalidArgument", "Invalid label: %s", label);
	if (param(ask, "q") && !oauth_has(ask, "mail.google.com gmail.modify gmail.readonly gmail.compose"))
		return deny(ask, 403, "insufficientPermissions",
			    "Metadata scope does not support 'q' parameter");
	if (world.page[QUOTA_GMAIL] && world.page[QUOTA_GMAIL] < *ret_max)
		*ret_max = world.page[QUOTA_GMAIL];
	return true;
}

/* Those of one page: what the page token names is left out, and all before it. */
static bool page_of(struct ask *ask, const struct list *all, int64_t max, size_t *ret_from, size_t *ret_until)
{
	const char *where = page_where(ask);
	size_t from = 0;

	if (!where)
		return false;
	if (text_starts(where, "after ")) {
		for (from = 0; from < all->n; from++)
			if (text_same(((struct mail *)all->v[from])->id, where + strlen("after ")))
				break;
		from++;
	}
	if (from > all->n)
		from = all->n;
	if (world.empty_pages && !*where)
		max = 0;
	*ret_from = from;
	*ret_until = all->n - from > (size_t)max ? from + (size_t)max : all->n;
	return true;
}

static void put_next(struct ask *ask, struct json *o, const struct list *all, size_t until)
{
	json_set_int(o, "resultSizeEstimate", (int64_t)all->n);
	if (until < all->n)
		json_set_text(o, "nextPageToken",
			      page_token(ask, until ? mem_fmt(ask->pool, "after %s",
							      ((struct mail *)all->v[until - 1])->id)
						    : "start"));
}

void serve_mail_list(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	struct json *o = json_object(ask->pool), *list = json_array(ask->pool);
	struct list all = { 0 };
	size_t from, until;
	int64_t max;

	if (!list_params(ask, box, &max))
		return;
	mails_wanted(ask, box, &all);
	if (page_of(ask, &all, max, &from, &until)) {
		for (size_t i = from; i < until; i++)
			json_push(list, mail_ref(ask, all.v[i], false));
		if (json_len(list))
			json_set(o, "messages", list);
		put_next(ask, o, &all, until);
		say_json(ask, o);
	}
	free(all.v);
}

/* --- threads --- */

static struct json *thread_ref(struct ask *ask, const struct mail *m)
{
	struct json *o = json_object(ask->pool);

	json_set_text(o, "id", m->thread);
	json_set_text(o, "snippet", snippet(ask, m));
	json_set_text(o, "historyId", mem_fmt(ask->pool, "%lld", (long long)m->history));
	return o;
}

static bool seen_before(const struct list *l, const struct mail *m)
{
	for (size_t i = 0; i < l->n; i++)
		if (text_same(((struct mail *)l->v[i])->thread, m->thread))
			return true;
	return false;
}

void serve_thread_list(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	struct json *o = json_object(ask->pool), *list = json_array(ask->pool);
	struct list all = { 0 }, threads = { 0 };
	size_t from, until;
	int64_t max;

	if (!list_params(ask, box, &max))
		return;
	mails_wanted(ask, box, &all);
	for (size_t i = 0; i < all.n; i++)
		if (!seen_before(&threads, all.v[i]))
			list_add(&threads, all.v[i]);
	if (page_of(ask, &threads, max, &from, &until)) {
		for (size_t i = from; i < until; i++)
			json_push(list, thread_ref(ask, threads.v[i]));
		if (json_len(list))
			json_set(o, "threads", list);
		put_next(ask, o, &threads, until);
		say_json(ask, o);
	}
	free(all.v);
	free(threads.v);
}

void serve_thread_get(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	struct json *o = json_object(ask->pool), *list = json_array(ask->pool);
	int64_t history = 0;
	const char *format;

	if (!box || !mail_format(ask, &format))
		return;
	if (text_same(format, "raw")) {
		deny(ask, 400, "invalidArgument", "Invalid value for format: raw");
		return;
	}
	for (size_t i = 0; i < box->mails.n; i++) {
		const struct mail *m = box->mails.v[i];

		if (m->deleted || !text_same(m->thread, ask->part[1]))
			continue;
		json_push(list, mail_show(ask, m, format));
		history = m->history > history ? m->history : history;
	}
	if (!json_len(list)) {
		deny(ask, 404, "notFound", "Requested entity was not found.");
		return;
	}
	json_set_text(o, "id", ask->part[1]);
	json_set_text(o, "historyId", mem_fmt(ask->pool, "%lld", (long long)history));
	json_set(o, "messages", list);
	say_json(ask, o);
}

/* --- labels --- */

static struct json *label_json(struct ask *ask, const struct label *l)
{
	struct json *o = json_object(ask->pool);
	bool own = text_starts(l->id, "Label_");

	json_set_text(o, "id", l->id);
	json_set_text(o, "name", l->name);
	if (own) {
		json_set_text(o, "messageListVisibility", "show");
		json_set_text(o, "labelListVisibility", "labelShow");
	}
	json_set_text(o, "type", own ? "user" : "system");
	return o;
}

void serve_label_list(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	struct json *o = json_object(ask->pool), *list = json_array(ask->pool);

	if (!box)
		return;
	for (size_t i = 0; i < box->labels.n; i++)
		json_push(list, label_json(ask, box->labels.v[i]));
	json_set(o, "labels", list);
	say_json(ask, o);
}

void serve_label_get(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	const struct label *l = box ? label_find(box, ask->part[1]) : NULL;
	int64_t total = 0, unread = 0;
	struct json *o;

	if (box && (!l || !text_same(l->id, ask->part[1])))
		deny(ask, 404, "notFound", "Requested entity was not found.");
	if (ask->answer.status)
		return;
	for (size_t i = 0; i < box->mails.n; i++) {
		const struct mail *m = box->mails.v[i];

		if (m->deleted || !mail_has(m, l->id))
			continue;
		total++;
		unread += mail_has(m, "UNREAD");
	}
	o = label_json(ask, l);
	json_set_int(o, "messagesTotal", total);
	json_set_int(o, "messagesUnread", unread);
	say_json(ask, o);
}

void serve_label_new(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	const char *name;
	struct label *l;

	if (!box || !body_needed(ask) ||
	    !only_fields(ask, ask->body, "name messageListVisibility labelListVisibility color", "label"))
		return;
	name = json_text(ask->body, "name");
	if (!name || !*name || strlen(name) > 225) {
		deny(ask, 400, "invalidArgument", "Invalid label name");
	} else if (label_find(box, name) || box->labels.n >= LABELS_MAX) {
		deny(ask, 409, "duplicate", "Label name exists or conflicts");
	} else {
		l = MEM_NEW(box->account->pool, struct label);
		l->id = mem_fmt(box->account->pool, "Label_%lld", (long long)world_next());
		l->name = mem_text(box->account->pool, name);
		list_add(&box->labels, l);
		say_json(ask, label_json(ask, l));
	}
}

/* --- profile, history --- */

void serve_profile(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	struct json *o = json_object(ask->pool);
	struct list threads = { 0 };
	int64_t n = 0;

	if (!box)
		return;
	for (size_t i = 0; i < box->mails.n; i++) {
		struct mail *m = box->mails.v[i];

		n += !m->deleted;
		if (!m->deleted && !seen_before(&threads, m))
			list_add(&threads, m);
	}
	json_set_text(o, "emailAddress", box->account->email);
	json_set_int(o, "messagesTotal", n);
	json_set_int(o, "threadsTotal", (int64_t)threads.n);
	json_set_text(o, "historyId", mem_fmt(ask->pool, "%lld", (long long)box->history_id));
	free(threads.v);
	say_json(ask, o);
}

static const char *history_type(const char *kind)
{
	return text_same(kind, "messagesAdded")     ? "messageAdded"
	       : text_same(kind, "messagesDeleted") ? "messageDeleted"
	       : text_same(kind, "labelsAdded")     ? "labelAdded"
						    : "labelRemoved";
}

static bool history_wanted(struct ask *ask, const struct event_of_mail *e)
{
	const char *label = param(ask, "labelId"), *type;
	bool any = !param(ask, "historyTypes");

	for (size_t i = 0; (type = query_value(&ask->query, "historyTypes", i)); i++)
		any = any || text_same(type, history_type(e->kind));
	return any && (!label || mail_has(e->mail, label) || text_has_word(e->labels, label));
}

static struct json *history_json(struct ask *ask, const struct event_of_mail *e)
{
	struct json *o = json_object(ask->pool), *messages = json_array(ask->pool),
		    *records = json_array(ask->pool), *record = json_object(ask->pool),
		    *labels = json_array(ask->pool);

	json_set_text(o, "id", mem_fmt(ask->pool, "%lld", (long long)e->id));
	json_push(messages, mail_ref(ask, e->mail, false));
	json_set(o, "messages", messages);
	json_set(record, "message", mail_ref(ask, e->mail, true));
	if (text_starts(e->kind, "labels")) {
		json_push_text(labels, e->labels);
		json_set(record, "labelIds", labels);
	}
	json_push(records, record);
	json_set(o, e->kind, records);
	return o;
}

void serve_history(struct ask *ask)
{
	struct mailbox *box = mailbox_asked(ask);
	struct json *o = json_object(ask->pool), *list = json_array(ask->pool);
	const char *where = box ? page_where(ask) : NULL;
	int64_t start, max, at = 0;
	size_t i;

	if (!where || !param_int(ask, "maxResults", PAGE_USUAL, 1, PAGE_MAX, &max))
		return;
	if (!param(ask, "startHistoryId") || !text_int(param(ask, "startHistoryId"), &start)) {
		deny(ask, 400, "required", "Missing required parameter: startHistoryId");
		return;
	}
	if (start < box->history_floor || start > box->history_id) {
		deny(ask, 404, "notFound", "Requested entity was not found.");
		return;
	}
	if (world.page[QUOTA_GMAIL] && world.page[QUOTA_GMAIL] < max)
		max = world.page[QUOTA_GMAIL];
	text_int(where, &at);
	for (i = (size_t)at; i < box->history.n && (int64_t)json_len(list) < max; i++) {
		const struct event_of_mail *e = box->history.v[i];

		if (e->id > start && history_wanted(ask, e))
			json_push(list, history_json(ask, e));
	}
	if (json_len(list))
		json_set(o, "history", list);
	if (i < box->history.n)
		json_set_text(o, "nextPageToken", page_token(ask, mem_fmt(ask->pool, "%zu", i)));
	json_set_text(o, "historyId", mem_fmt(ask->pool, "%lld", (long long)box->history_id));
	say_json(ask, o);
}
