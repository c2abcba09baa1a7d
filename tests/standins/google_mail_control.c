/* The tests' side of mailboxes: what came in, and what went out. */
#include "tests/standins/google_gmail.h"

#include "core/clock.h"
#include "core/text.h"
#include <stdlib.h>
#include <string.h>

/* --- a mail of its raw text --- */

/* Each line end becomes CRLF. */
static const char *crlf(apr_pool_t *pool, const char *s, size_t n, size_t *ret_n)
{
	struct buf b = buf_new(pool, 2 * n + 1);

	buf_text(&b, "");
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\n' && !(i && s[i - 1] == '\r'))
			buf_char(&b, '\r');
		buf_char(&b, s[i]);
	}
	*ret_n = b.n;
	return b.p;
}

/* base64 of either alphabet. */
static char *any_base64(apr_pool_t *pool, const char *s, size_t *ret_n)
{
	char *usual = mem_text(pool, s);

	for (char *c = usual; *c; c++)
		*c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
	return base64_read(pool, usual, strlen(usual), ret_n);
}

/* --- a mail of its pieces --- */

static const char *base64_lines(apr_pool_t *pool, const void *p, size_t n)
{
	char *flat = mem_text(pool, base64_url(pool, p, n, true));
	struct buf b = buf_new(pool, 2 * strlen(flat) + 2);

	for (size_t i = 0; flat[i]; i++) {
		buf_char(&b, flat[i] == '-' ? '+' : flat[i] == '_' ? '/' : flat[i]);
		if (i % 76 == 75)
			buf_text(&b, "\r\n");
	}
	buf_text(&b, "\r\n");
	return b.p;
}

static bool ascii(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s > 126 || (unsigned char)*s < ' ')
			return false;
	return true;
}

/* A header; what is not ASCII before an address becomes encoded words of whole characters. */
static void put_header(struct buf *b, const char *name, const char *value)
{
	const char *angle = strrchr(value, '<'), *end = angle ? angle : value + strlen(value);
	const char *before = text_trim(b->pool, mem_textn(b->pool, value, (size_t)(end - value)));

	if (ascii(value)) {
		buf_fmt(b, "%s: %s\r\n", name, value);
		return;
	}
	buf_fmt(b, "%s:", name);
	while (*before) {
		size_t n = 0, more;
		uint32_t c;

		while (n < 36 && (more = text_utf8_next(before + n, &c)))
			n += more;
		buf_fmt(b, " =?UTF-8?B?%.*s?=", (int)strcspn(base64_lines(b->pool, before, n), "\r"),
			base64_lines(b->pool, before, n));
		before += n;
		buf_text(b, *before ? "\r\n" : "");
	}
	buf_fmt(b, "%s%s\r\n", angle ? " " : "", angle ? angle : "");
}

static void put_text(struct buf *b, const char *type, const char *text)
{
	buf_fmt(b, "Content-Type: %s; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n%s", type,
		base64_lines(b->pool, text, strlen(text)));
}

static void put_body(struct buf *b, const char *text, const char *html)
{
	if (!text || !html) {
		put_text(b, html ? "text/html" : "text/plain", html ? html : text ? text : "");
		return;
	}
	buf_text(b, "Content-Type: multipart/alternative; boundary=\"standin-alt\"\r\n\r\n--standin-alt\r\n");
	put_text(b, "text/plain", text);
	buf_text(b, "--standin-alt\r\n");
	put_text(b, "text/html", html);
	buf_text(b, "--standin-alt--\r\n");
}

/* {"filename","type"?,"data"?: base64,"text"?} */
static void put_file(struct buf *b, const struct json *file)
{
	const char *name = json_text(file, "filename"), *type = json_text(file, "type");
	const char *data = json_text(file, "data"), *text = json_text(file, "text");
	size_t n = text ? strlen(text) : 0;
	const char *bytes = data ? any_base64(b->pool, data, &n) : text;

	buf_fmt(b,
		"--standin-mixed\r\nContent-Type: %s\r\nContent-Disposition: attachment; filename=\"%s\"\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\n%s",
		type ? type : "application/octet-stream", name ? name : "file",
		base64_lines(b->pool, bytes ? bytes : "", n));
}

static const char *build(struct ask *ask, const struct json *j, size_t *ret_n)
{
	static const struct {
		const char *key, *header;
	} all[] = { { "from", "From" },
		    { "to", "To" },
		    { "cc", "Cc" },
		    { "reply_to", "Reply-To" },
		    { "subject", "Subject" },
		    { "message_id", "Message-ID" },
		    { "date", "Date" },
		    { "in_reply_to", "In-Reply-To" },
		    { "references", "References" } };
	struct buf b = buf_new(ask->pool, 64 * 1024 * 1024);
	const struct json *files = json_at(j, "attachments");

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (json_text(j, all[i].key))
			put_header(&b, all[i].header, json_text(j, all[i].key));
	if (!json_text(j, "to"))
		put_header(&b, "To", ask->account->email);
	if (!json_text(j, "message_id"))
		buf_fmt(&b, "Message-ID: <planted-%lld@x.example>\r\n", (long long)world_next());
	buf_text(&b, "MIME-Version: 1.0\r\n");
	if (json_len(files))
		buf_text(
			&b,
			"Content-Type: multipart/mixed; boundary=\"standin-mixed\"\r\n\r\n--standin-mixed\r\n");
	put_body(&b, json_text(j, "text"), json_text(j, "html"));
	for (size_t i = 0; i < json_len(files); i++)
		put_file(&b, json_item(files, i));
	if (json_len(files))
		buf_text(&b, "--standin-mixed--\r\n");
	*ret_n = b.n;
	return b.p;
}

/* --- a mail of its tree --- */

static struct part *part_of(struct ask *ask, const struct json *j)
{
	struct part *p = MEM_NEW(world.pool, struct part);
	const struct json *headers = json_at(j, "headers"), *parts = json_at(j, "parts");
	const char *data = json_text(j, "body.data"), *type = json_text(j, "mimeType");

	p->id = mem_text(world.pool, json_text(j, "partId") ? json_text(j, "partId") : "");
	p->type = mem_text(world.pool, type ? type : "text/plain");
	p->filename = mem_text(world.pool, json_text(j, "filename") ? json_text(j, "filename") : "");
	p->bytes = "";
	if (data)
		p->bytes = any_base64(world.pool, data, &p->n);
	p->attached = *p->filename || json_text(j, "body.attachmentId");
	for (size_t i = 0; i < json_len(headers); i++) {
		struct header *h = MEM_NEW(world.pool, struct header);

		h->name = mem_text(world.pool, json_text(json_item(headers, i), "name"));
		h->value = mem_text(world.pool, json_text(json_item(headers, i), "value"));
		list_add(&p->headers, h);
	}
	for (size_t i = 0; i < json_len(parts); i++)
		list_add(&p->parts, part_of(ask, json_item(parts, i)));
	return p;
}

/* --- planting --- */

static const char *labels_of(struct ask *ask, struct mailbox *box)
{
	const struct json *list = json_at(ask->body, "labels");
	struct buf b = buf_new(ask->pool, 65536);

	if (!list)
		return "INBOX UNREAD CATEGORY_PERSONAL";
	buf_text(&b, "");
	for (size_t i = 0; i < json_len(list); i++) {
		const struct label *l = label_find(box, json_text(json_item(list, i), NULL));

		if (!l)
			deny(ask, 400, "invalid", "no such label");
		else
			buf_fmt(&b, "%s%s", b.n ? " " : "", l->id);
	}
	return b.p;
}

static int64_t at_of(struct ask *ask)
{
	int64_t ms = clock_now() / 1000, instant;
	const char *at = json_text(ask->body, "at");
	err_t *err = at ? clock_parse(at, &instant) : NULL;

	if (err)
		deny(ask, 400, "invalid", "at: %s", err_message(err));
	else if (at)
		ms = instant / 1000;
	err_clear(err);
	json_int(ask->body, "at", &ms);
	return ms;
}

static void behind(struct part *p)
{
	p->attached = p->attached || p->n;
	for (size_t i = 0; i < p->parts.n; i++)
		behind(p->parts.v[i]);
}

static void plant(struct ask *ask)
{
	struct mailbox *box = mailbox_of(ask->account);
	const char *raw = json_text(ask->body, "raw"), *source = json_text(ask->body, "source"),
		   *bytes = NULL;
	const char *labels = labels_of(ask, box), *thread = json_text(ask->body, "thread");
	int64_t at = at_of(ask);
	struct json *o = json_object(ask->pool);
	struct mail *m;
	size_t n = 0;

	if (ask->answer.status)
		return;
	if (json_at(ask->body, "payload")) {
		m = mail_new_of(box, part_of(ask, json_at(ask->body, "payload")), labels, thread, at);
	} else {
		bytes = raw      ? any_base64(ask->pool, raw, &n)
			: source ? crlf(ask->pool, source, strlen(source), &n)
				 : build(ask, ask->body, &n);
		if (!bytes) {
			deny(ask, 400, "invalid", "raw is no base64");
			return;
		}
		struct part *look = mime_read(ask->pool, bytes, n);

		if (!thread)
			thread = thread_of_reference(box, part_header(look, "References")
								  ? part_header(look, "References")
								  : part_header(look, "In-Reply-To"));
		m = mail_new(box, bytes, n, labels, thread, at);
	}
	m->decoded = json_true(ask->body, "decoded");
	if (json_true(ask->body, "behind"))
		behind(m->root);
	json_set_text(o, "id", m->id);
	json_set_text(o, "threadId", m->thread);
	say_json(ask, o);
}

/* --- showing --- */

static void put_words(struct ask *ask, struct json *o, const char *key, const char *value)
{
	json_set_text(o, key, value ? mime_words(ask->pool, value, NULL) : "");
}

static void put_files(struct ask *ask, struct json *list, const struct part *p)
{
	if (*p->filename) {
		struct json *o = json_object(ask->pool);

		json_set_text(o, "filename", p->filename);
		json_set_text(o, "type", p->type);
		json_set_int(o, "size", (int64_t)p->n);
		json_push(list, o);
	}
	for (size_t i = 0; i < p->parts.n; i++)
		put_files(ask, list, p->parts.v[i]);
}

static struct json *decoded(struct ask *ask, const struct mail *m)
{
	struct json *o = mail_ref(ask, m, true), *files = json_array(ask->pool);

	put_words(ask, o, "from", mail_header(m, "From"));
	put_words(ask, o, "to", mail_header(m, "To"));
	put_words(ask, o, "cc", mail_header(m, "Cc"));
	put_words(ask, o, "bcc", mail_header(m, "Bcc"));
	put_words(ask, o, "subject", mail_header(m, "Subject"));
	put_words(ask, o, "messageId", m->message_id);
	put_words(ask, o, "inReplyTo", mail_header(m, "In-Reply-To"));
	put_words(ask, o, "references", mail_header(m, "References"));
	json_set_text(o, "text", mime_text(ask->pool, m->root, "text/plain"));
	json_set_text(o, "html", mime_text(ask->pool, m->root, "text/html"));
	put_files(ask, files, m->root);
	json_set(o, "attachments", files);
	json_set_text(o, "raw", text_utf8_clean(ask->pool, m->raw, m->raw_n));
	return o;
}

static void list_sent(struct ask *ask, const struct mailbox *box)
{
	struct json *list = json_array(ask->pool);

	for (size_t i = 0; i < box->sent.n; i++) {
		const struct sent *s = box->sent.v[i];
		struct json *o = decoded(ask, s->mail);

		put_words(ask, o, "bcc", s->bcc);
		if (s->draft)
			json_set_text(o, "draft", s->draft);
		json_push(list, o);
	}
	say_json(ask, list);
}

static void list_drafts(struct ask *ask, const struct mailbox *box)
{
	struct json *list = json_array(ask->pool);

	for (size_t i = 0; i < box->drafts.n; i++) {
		const struct draft *d = box->drafts.v[i];
		struct json *o = json_object(ask->pool);

		if (d->gone)
			continue;
		json_set_text(o, "id", d->id);
		json_set(o, "message", decoded(ask, d->mail));
		json_push(list, o);
	}
	say_json(ask, list);
}

static void list_mails(struct ask *ask, const struct mailbox *box)
{
	struct json *list = json_array(ask->pool);

	for (size_t i = 0; i < box->mails.n; i++)
		if (!((struct mail *)box->mails.v[i])->deleted)
			json_push(list, decoded(ask, box->mails.v[i]));
	say_json(ask, list);
}

/* {"id"}: a draft sent or thrown away, or a mail deleted, by the person themselves. */
static void vanish(struct ask *ask, struct mailbox *box)
{
	const char *id = json_text(ask->body, "id");
	struct mail *m = mail_find(box, id);

	for (size_t i = 0; i < box->drafts.n; i++) {
		struct draft *d = box->drafts.v[i];

		if (text_same(d->id, id) && !d->gone) {
			d->gone = true;
			m = d->mail;
		}
	}
	if (m)
		mail_delete(box, m);
	else
		deny(ask, 404, "notFound", "no such draft or mail");
}

bool mail_control(struct ask *ask, const char *name)
{
	struct mailbox *box = mailbox_of(ask->account);

	if (text_same(name, "mail")) {
		plant(ask);
	} else if (text_same(name, "sent")) {
		list_sent(ask, box);
	} else if (text_same(name, "drafts")) {
		list_drafts(ask, box);
	} else if (text_same(name, "mails")) {
		list_mails(ask, box);
	} else if (text_same(name, "mail_delete")) {
		vanish(ask, box);
	} else if (text_same(name, "history_expire")) {
		box->history_floor = box->history_id;
	} else if (text_same(name, "gmail")) {
		gmail_setting.rewrite = json_true(ask->body, "rewrite_message_id");
		json_int(ask->body, "search_lag", &gmail_setting.search_lag);
	} else {
		return false;
	}
	return true;
}
