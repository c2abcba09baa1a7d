#include "integrations/google/google_gmail.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/query.h"
#include "core/text.h"
#include "integrations/google/google_charset.h"
#include "integrations/google/google_html.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { PARTS = 200, ID_MAX = 128, TOKEN_MAX = 2048, QUERY_MAX = 2000, NAME_CHARS = 120, SNIPPET_CHARS = 200 };

/* --- search --- */

/* " name:"words"": whatever was said becomes one phrase; a quote or a backslash in it is a blank. */
static void put_phrase(struct buf *out, apr_pool_t *pool, const char *name, const char *words)
{
	char *plain = words ? mem_text(pool, text_trim(pool, text_visible(pool, words))) : NULL;

	if (!plain || !*plain)
		return;
	for (char *c = plain; *c; c++)
		if (strchr("\"\\\n\t", *c))
			*c = ' ';
	if (*text_trim(pool, plain))
		buf_fmt(out, " %s\"%s\"", name, text_trim(pool, plain));
}

/* Each word on its own: they need not follow one another. */
static void put_words(struct buf *out, apr_pool_t *pool, const char *name, const char *words)
{
	while (words && *words) {
		size_t n = strcspn(words, " \t\r\n");

		put_phrase(out, pool, name, mem_textn(pool, words, n));
		words += n + strspn(words + n, " \t\r\n");
	}
}

const char *google_gmail_q(apr_pool_t *pool, const struct gmail_query *query)
{
	struct buf out = buf_new(pool, QUERY_MAX);

	buf_text(&out, "");
	if (query->message_id && google_mime_is_id(query->message_id))
		buf_fmt(&out, " rfc822msgid:%s", query->message_id);
	if (query->unread)
		buf_text(&out, " is:unread");
	if (query->attachment)
		buf_text(&out, " has:attachment");
	if (query->since)
		buf_fmt(&out, " after:%lld", (long long)query->since);
	if (query->until)
		buf_fmt(&out, " before:%lld", (long long)query->until);
	if (query->label && text_has_word("inbox sent starred important spam trash draft", query->label))
		buf_fmt(&out, " in:%s", query->label);
	else
		put_phrase(&out, pool, "label:", query->label);
	put_phrase(&out, pool, "from:", query->from);
	put_phrase(&out, pool, "to:", query->to);
	put_words(&out, pool, "subject:", query->subject);
	put_words(&out, pool, "", query->words);
	return *out.p ? out.p + 1 : "";
}

const char *google_gmail_list_path(apr_pool_t *pool, const char *q, int64_t max, const char *page)
{
	return mem_fmt(pool, "/messages?%s",
		       query_with(pool, "q", *q ? q : NULL, "maxResults",
				  mem_fmt(pool, "%lld", (long long)max), "pageToken", page, "fields",
				  "messages(id,threadId),nextPageToken,resultSizeEstimate", NULL));
}

bool google_gmail_is_id(const char *id)
{
	size_t n = id ? strlen(id) : 0;

	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)id[i]) && !strchr("-_", id[i]))
			return false;
	return n && n <= ID_MAX;
}

static bool row_read(apr_pool_t *pool, const struct json *o, struct gmail_row *ret)
{
	const char *id = json_text(o, "id"), *thread = json_text(o, "threadId");

	if (!google_gmail_is_id(id) || (thread && *thread && !google_gmail_is_id(thread)))
		return false;
	*ret = (struct gmail_row){ mem_text(pool, id), thread ? mem_text(pool, thread) : "" };
	return true;
}

err_t *google_gmail_list(apr_pool_t *pool, const struct json *body, struct gmail_list *ret)
{
	const struct json *rows = json_at(body, "messages");
	const char *next = json_text(body, "nextPageToken");
	struct gmail_row *v = mem_alloc(pool, sizeof *v * GMAIL_ROWS);
	size_t n = 0;

	if (!json_is_object(body))
		return err_new(ERR_INVALID, "no list of messages");
	for (size_t i = 0; i < json_len(rows) && n < GMAIL_ROWS; i++)
		n += row_read(pool, json_item(rows, i), &v[n]);
	*ret = (struct gmail_list){ n, v, NULL };
	if (next && *next && strlen(next) <= TOKEN_MAX)
		ret->next = mem_text(pool, next);
	return NULL;
}

/* --- a mail --- */

const char *google_gmail_get_path(apr_pool_t *pool, const char *id, bool headers_only)
{
	if (!google_gmail_is_id(id))
		return NULL;
	if (!headers_only)
		return mem_fmt(pool, "/messages/%s?format=full", id);
	return mem_fmt(
		pool,
		"/messages/%s?format=metadata&metadataHeaders=From&metadataHeaders=Subject&metadataHeaders=To&"
		"metadataHeaders=Cc&metadataHeaders=Reply-To&metadataHeaders=Message-ID&"
		"metadataHeaders=References",
		id);
}

/* A header of a part, whatever case its name has; NULL: none. */
static const char *header(const struct json *part, const char *name)
{
	const struct json *headers = json_at(part, "headers");

	for (size_t i = 0; i < json_len(headers); i++) {
		const char *key = json_text(json_item(headers, i), "name");

		if (key && strcasecmp(key, name) == 0)
			return json_text(json_item(headers, i), "value");
	}
	return NULL;
}

static const char *header_line(apr_pool_t *pool, const struct json *part, const char *name)
{
	const char *value = header(part, name);

	return value ? google_mime_decode(pool, value) : "";
}

static struct mime_addresses header_addresses(apr_pool_t *pool, const struct json *part, const char *name)
{
	const char *value = header(part, name);

	return value ? google_mime_addresses(pool, value) : (struct mime_addresses){ 0 };
}

static struct mime_address first_of(struct mime_addresses list)
{
	return list.n ? list.v[0] : (struct mime_address){ "", "" };
}

/* A payload under way. */
struct walk {
	apr_pool_t *pool;
	struct gmail_mail *mail;
	struct gmail_file *files;
	struct buf text;
	int parts;
};

static const char *decoded(apr_pool_t *pool, const char *type, const char *charset, const struct buf *bytes,
			   bool *cut)
{
	const char *text = google_charset_utf8(pool, charset, bytes->p, bytes->n);
	bool html_cut = false;

	if (strcasecmp(type, "text/html") == 0)
		text = google_html_text(pool, text, strlen(text), &html_cut);
	else
		text = text_visible(pool, text);
	*cut = *cut || html_cut;
	return text_trim(pool, text);
}

/* The text of a part; "" when it has none. Where it is not told with the mail, where it is. */
static const char *part_text(struct walk *w, const struct json *part, const char *type)
{
	const char *content = header(part, "Content-Type"), *data = json_text(part, "body.data"),
		   *late = json_text(part, "body.attachmentId");
	const char *charset = content ? google_mime_param(w->pool, content, "charset") : NULL;
	struct buf bytes;

	if (data && google_mime_unbase64(w->pool, data, strlen(data), &bytes))
		return decoded(w->pool, type, charset, &bytes, &w->mail->cut);
	if (!data && late && *late && strlen(late) <= TOKEN_MAX && !w->mail->late_path) {
		w->mail->late_path = mem_fmt(w->pool, "/messages/%s/attachments/%s", w->mail->id,
					     query_encode(w->pool, late));
		w->mail->late_type = mem_text(w->pool, type);
		w->mail->late_charset = charset;
	}
	return "";
}

static void file_add(struct walk *w, const struct json *part, const char *type, const char *name)
{
	struct gmail_mail *m = w->mail;

	if (m->files_n == GMAIL_FILES)
		return;
	w->files[m->files_n] = (struct gmail_file){
		.name = text_cut(w->pool, google_mime_decode(w->pool, name), NAME_CHARS),
		.type = text_cut(w->pool, google_mime_decode(w->pool, type), NAME_CHARS),
	};
	if (!json_int(part, "body.size", &w->files[m->files_n].size) || w->files[m->files_n].size < 0)
		w->files[m->files_n].size = 0;
	m->files_n++;
}

static const char *walk(struct walk *w, const struct json *part);

static const char *joined(apr_pool_t *pool, const char *a, const char *b)
{
	if (!*a || !*b)
		return *a ? a : b;
	return mem_fmt(pool, "%s\n\n%s", a, b);
}

/* The same content twice: the plainest of them that has words. */
static const char *walk_alternative(struct walk *w, const struct json *parts)
{
	const char *best = "";
	bool plain = false;

	for (size_t i = 0; i < json_len(parts); i++) {
		const char *type = json_text(json_item(parts, i), "mimeType");
		const char *text = plain ? "" : walk(w, json_item(parts, i));

		if (!*text)
			continue;
		best = text;
		plain = type && strcasecmp(type, "text/plain") == 0;
	}
	return best;
}

static const char *walk(struct walk *w, const struct json *part)
{
	const char *type = json_text(part, "mimeType"), *name = json_text(part, "filename");
	const struct json *parts = json_at(part, "parts");
	const char *text = "";

	if (!json_is_object(part) || ++w->parts > PARTS)
		return "";
	type = type ? type : "text/plain";
	if (name && *name) {
		file_add(w, part, type, name);
		return "";
	}
	if (strcasecmp(type, "multipart/alternative") == 0)
		return walk_alternative(w, parts);
	if (strncasecmp(type, "multipart/", 10) == 0) {
		for (size_t i = 0; i < json_len(parts); i++)
			text = joined(w->pool, text, walk(w, json_item(parts, i)));
		return text;
	}
	if (strncasecmp(type, "message/", 8) == 0) {
		file_add(w, part, type, type);
		return "";
	}
	if (strcasecmp(type, "text/plain") == 0 || strcasecmp(type, "text/html") == 0)
		return part_text(w, part, type);
	return "";
}

static const char *capped(apr_pool_t *pool, const char *text, bool *cut)
{
	if (strlen(text) <= GMAIL_TEXT)
		return text;
	*cut = true;
	/* A character may be cut; its pieces go. */
	text = text_utf8_clean(pool, text, GMAIL_TEXT);
	return text_trim(pool, text);
}

static bool has_label(const struct json *labels, const char *name)
{
	for (size_t i = 0; i < json_len(labels); i++)
		if (text_same(json_text(json_item(labels, i), NULL), name))
			return true;
	return false;
}

static void read_headers(apr_pool_t *pool, const struct json *payload, struct gmail_mail *m)
{
	const char *id = header(payload, "Message-ID"), *references = header(payload, "References"), **ids;

	m->from = first_of(header_addresses(pool, payload, "From"));
	m->reply_to = first_of(header_addresses(pool, payload, "Reply-To"));
	m->to = header_addresses(pool, payload, "To");
	m->cc = header_addresses(pool, payload, "Cc");
	m->subject = header_line(pool, payload, "Subject");
	m->message_id = id && google_mime_ids(pool, id, 1, &ids) ? ids[0] : "";
	m->references = references ? mem_text(pool, references) : "";
}

err_t *google_gmail_mail(apr_pool_t *pool, const struct json *body, struct gmail_mail *ret)
{
	const struct json *payload = json_at(body, "payload"), *labels = json_at(body, "labelIds");
	const char *snippet = json_text(body, "snippet"), *date = json_text(body, "internalDate");
	struct gmail_mail m = { 0 };
	struct walk w = { .pool = pool, .mail = &m, .files = mem_alloc(pool, sizeof *w.files * GMAIL_FILES) };
	struct gmail_row row;
	int64_t ms = 0;
	bool cut;

	if (!row_read(pool, body, &row))
		return err_new(ERR_INVALID, "no message of gmail's");
	if (date && text_int(date, &ms) && (ms < 0 || ms > INT64_MAX / 1000))
		ms = 0;
	m.id = row.id;
	m.thread_id = row.thread_id;
	m.at = ms * (SECOND_US / 1000);
	m.unread = has_label(labels, "UNREAD");
	m.inbox = has_label(labels, "INBOX");
	m.sent = has_label(labels, "SENT");
	m.draft = has_label(labels, "DRAFT");
	snippet = snippet ? google_html_text(pool, snippet, strlen(snippet), &cut) : "";
	m.snippet = text_cut(pool, google_mime_decode(pool, snippet), SNIPPET_CHARS);
	read_headers(pool, payload, &m);
	m.text = capped(pool, walk(&w, payload), &m.cut);
	m.files = w.files;
	*ret = m;
	return NULL;
}

err_t *google_gmail_late(apr_pool_t *pool, const struct json *body, struct gmail_mail *mail)
{
	const char *data = json_text(body, "data"), *text;
	struct buf bytes;

	if (!data || !google_mime_unbase64(pool, data, strlen(data), &bytes))
		return err_new(ERR_INVALID, "no attachment of gmail's");
	text = decoded(pool, mail->late_type, mail->late_charset, &bytes, &mail->cut);
	mail->text = capped(pool, joined(pool, text, mail->text), &mail->cut);
	mail->late_path = NULL;
	return NULL;
}

/* --- acts --- */

const char *google_gmail_modify_path(apr_pool_t *pool, const char *id)
{
	return google_gmail_is_id(id) ? mem_fmt(pool, "/messages/%s/modify", id) : NULL;
}

struct json *google_gmail_labels(apr_pool_t *pool, const char *add, const char *remove)
{
	struct json *o = json_object(pool), *list;

	if (add) {
		json_set(o, "addLabelIds", list = json_array(pool));
		json_push_text(list, add);
	}
	if (remove) {
		json_set(o, "removeLabelIds", list = json_array(pool));
		json_push_text(list, remove);
	}
	return o;
}

struct json *google_gmail_raw(apr_pool_t *pool, const struct buf *bytes, const char *thread)
{
	struct json *o = json_object(pool);

	json_set_text(o, "raw", crypt_base64url(pool, bytes->p, bytes->n));
	if (thread && *thread)
		json_set_text(o, "threadId", thread);
	return o;
}

struct json *google_gmail_draft(apr_pool_t *pool, const struct buf *bytes, const char *thread)
{
	struct json *o = json_object(pool);

	json_set(o, "message", google_gmail_raw(pool, bytes, thread));
	return o;
}

err_t *google_gmail_draft_id(apr_pool_t *pool, const struct json *body, const char **ret_draft,
			     struct gmail_row *ret_message)
{
	const char *id = json_text(body, "id");
	struct gmail_row row;

	if (!google_gmail_is_id(id) || !row_read(pool, json_at(body, "message"), &row))
		return err_new(ERR_INVALID, "no draft of gmail's");
	*ret_draft = mem_text(pool, id);
	*ret_message = row;
	return NULL;
}

err_t *google_gmail_sent_id(apr_pool_t *pool, const struct json *body, struct gmail_row *ret)
{
	return row_read(pool, body, ret) ? NULL : err_new(ERR_INVALID, "no message of gmail's");
}

const char *google_gmail_drafts_path(apr_pool_t *pool, const char *message_id)
{
	const struct gmail_query query = { .message_id = message_id };

	return mem_fmt(pool, "/drafts?%s",
		       query_with(pool, "q", google_gmail_q(pool, &query), "maxResults", "1", NULL));
}

err_t *google_gmail_drafts(apr_pool_t *pool, const struct json *body, const char **ret_draft,
			   struct gmail_row *ret_message)
{
	const struct json *drafts = json_at(body, "drafts");

	if (!json_is_object(body))
		return err_new(ERR_INVALID, "no list of drafts");
	*ret_draft = NULL;
	if (!json_len(drafts))
		return NULL;
	return google_gmail_draft_id(pool, json_item(drafts, 0), ret_draft, ret_message);
}
