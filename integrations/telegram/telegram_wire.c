#include "integrations/telegram/telegram_wire.h"

#include "core/limits.h"
#include "core/text.h"
#include "integrations/telegram/telegram_html.h"
#include <string.h>
#include <strings.h>

#define CALLBACK_TEXT_MAX 200 /* UTF-16 units (Telegram) */

static const char *const names[] = {
	[TG_OK] = "ok",
	[TG_NOT_MODIFIED] = "not_modified",
	[TG_BAD_ENTITIES] = "bad_entities",
	[TG_TOO_LONG] = "too_long",
	[TG_GONE] = "gone",
	[TG_BLOCKED] = "blocked",
	[TG_RATE] = "rate",
	[TG_UNAUTHORIZED] = "unauthorized",
	[TG_CONFLICT] = "conflict",
	[TG_SERVER] = "server",
	[TG_REFUSED] = "refused",
	[TG_UNSENT] = "unsent",
	[TG_UNKNOWN] = "unknown",
};

/* What a 400 means, by how its text begins after "Bad Request: ", in any case. The texts are for people
 * and may change: what is not here is TG_REFUSED. */
static const struct {
	const char *prefix;
	enum tg_outcome outcome;
} refusals[] = {
	{ "message is not modified", TG_NOT_MODIFIED },
	{ "can't parse entities", TG_BAD_ENTITIES },
	{ "message is too long", TG_TOO_LONG },
	{ "message_too_long", TG_TOO_LONG },
	{ "message caption is too long", TG_TOO_LONG },
	{ "media_caption_too_long", TG_TOO_LONG },
	{ "message to edit not found", TG_GONE },
	{ "message to delete not found", TG_GONE },
	{ "message to be replied not found", TG_GONE },
	{ "message can't be edited", TG_GONE },
	{ "message can't be deleted", TG_GONE },
	{ "message thread not found", TG_GONE },
	{ "message_id_invalid", TG_GONE },
	{ "chat not found", TG_GONE },
	{ "peer_id_invalid", TG_GONE },
	{ "group chat was upgraded", TG_GONE },
	{ "query is too old", TG_GONE },
};

static const char *const allowed_updates[] = { "message",          "edited_message",
					       "callback_query",   "my_chat_member",
					       "message_reaction", "stopped_message_generation" };

static bool starts_nocase(const char *s, const char *prefix)
{
	return strncasecmp(s, prefix, strlen(prefix)) == 0;
}

static enum tg_outcome refusal(const char *description)
{
	if (starts_nocase(description, "Bad Request: "))
		description += strlen("Bad Request: ");
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
		if (starts_nocase(description, refusals[i].prefix))
			return refusals[i].outcome;
	return TG_REFUSED;
}

static enum tg_outcome failure(int code, const char *description)
{
	switch (code) {
	case 400: return refusal(description);
	case 401: return TG_UNAUTHORIZED;
	case 403: return TG_BLOCKED;
	case 404: /* of a method it is our mistake, of anything else a malformed token */
		return starts_nocase(description, "Not Found: method") ? TG_REFUSED : TG_UNAUTHORIZED;
	case 409: return TG_CONFLICT;
	case 429: return TG_RATE;
	default: return code >= 500 ? TG_SERVER : TG_REFUSED;
	}
}

/* Somebody between us and Telegram answered. */
static enum tg_outcome stranger(long status)
{
	if (status >= 200 && status < 300)
		return TG_UNKNOWN;
	if (status == 429)
		return TG_RATE;
	return status == 400 || status == 413 ? TG_REFUSED : TG_SERVER;
}

static bool read_envelope(apr_pool_t *pool, const char *body, size_t n, struct json **ret_json)
{
	bool ok;
	err_t *err = json_read(pool, body, n, ret_json);
	if (err) {
		err_clear(err);
		return false;
	}
	ok = json_true(*ret_json, "ok");
	return ok ? json_at(*ret_json, "result") != NULL : json_text(*ret_json, "description") != NULL;
}

static int64_t retry_after(const struct json *envelope, int64_t header_s)
{
	int64_t s = header_s;
	if (envelope && !json_int(envelope, "parameters.retry_after", &s))
		s = header_s;
	return s < 1 ? 1 : s;
}

/* A part of one document cannot also belong to another, so it goes through text. */
static err_t *copy_into(apr_pool_t *pool, struct json *o, const char *key, const struct json *value)
{
	struct json *copy;
	const char *text;
	if (!value)
		return NULL;
	text = json_write(pool, value);
	ERR(json_read(pool, text, strlen(text), &copy));
	json_set(o, key, copy);
	return NULL;
}

static void set_html(apr_pool_t *pool, struct json *o, const char *key, const char *html)
{
	json_set_text(o, key, html);
	json_set_text(o, "parse_mode", "HTML");
	if (strcmp(key, "text") == 0) {
		struct json *preview = json_object(pool);
		json_set_bool(preview, "is_disabled", true);
		json_set(o, "link_preview_options", preview);
	}
}

struct plain {
	apr_pool_t *pool;
	struct json *to;
};

static err_t *copy_plain(void *ctx, const char *key, struct json *value)
{
	struct plain *p = ctx;
	if (strcmp(key, "parse_mode") == 0)
		return NULL;
	if (strcmp(key, "text") == 0 || strcmp(key, "caption") == 0) {
		const char *html = json_text(value, NULL);
		json_set_text(p->to, key, tg_html_plain(p->pool, html ? html : ""));
		return NULL;
	}
	return copy_into(p->pool, p->to, key, value);
}

bool tg_ok(const struct tg_result *r)
{
	return r->outcome == TG_OK || r->outcome == TG_NOT_MODIFIED;
}

const char *tg_outcome_name(enum tg_outcome outcome)
{
	return names[outcome];
}

void tg_wire_result(apr_pool_t *pool, long status, const char *body, size_t n, int64_t retry_after_s,
		    struct tg_result *ret)
{
	struct json *j = NULL;
	struct tg_result r = { .error_code = (int)status, .description = "" };
	int64_t code = status;
	if (!read_envelope(pool, body, n, &j)) {
		j = NULL;
		r.outcome = stranger(status);
	} else if (json_true(j, "ok")) {
		r.error_code = 0;
		r.result = json_at(j, "result");
		if (!json_int(r.result, "message_id", &r.message_id))
			r.message_id = 0;
	} else {
		json_int(j, "error_code", &code);
		r.error_code = code >= 400 && code <= 599 ? (int)code : (int)status;
		r.description = json_text(j, "description");
		r.outcome = failure(r.error_code, r.description);
	}
	if (r.outcome == TG_RATE)
		r.retry_after_s = retry_after(j, retry_after_s);
	*ret = r;
}

err_t *tg_wire_message(apr_pool_t *pool, int64_t chat_id, const char *html, const struct json *markup,
		       struct json **ret)
{
	struct json *o = json_object(pool);
	json_set_int(o, "chat_id", chat_id);
	set_html(pool, o, "text", html);
	ERR(copy_into(pool, o, "reply_markup", markup));
	*ret = o;
	return NULL;
}

err_t *tg_wire_edit(apr_pool_t *pool, int64_t chat_id, int64_t message_id, const char *html,
		    const struct json *markup, struct json **ret)
{
	struct json *o = json_object(pool);
	json_set_int(o, "chat_id", chat_id);
	json_set_int(o, "message_id", message_id);
	if (html)
		set_html(pool, o, "text", html);
	ERR(copy_into(pool, o, "reply_markup", markup));
	*ret = o;
	return NULL;
}

err_t *tg_wire_caption(apr_pool_t *pool, int64_t chat_id, const char *html, const struct json *markup,
		       struct json **ret)
{
	struct json *o = json_object(pool);
	json_set_int(o, "chat_id", chat_id);
	if (html)
		set_html(pool, o, "caption", html);
	ERR(copy_into(pool, o, "reply_markup", markup));
	*ret = o;
	return NULL;
}

err_t *tg_wire_plain(apr_pool_t *pool, const struct json *params, struct json **ret)
{
	struct plain p = { pool, json_object(pool) };
	ERR(json_each(params, copy_plain, &p));
	*ret = p.to;
	return NULL;
}

struct json *tg_wire_callback(apr_pool_t *pool, const char *callback_id, const char *text, bool alert)
{
	struct json *o = json_object(pool);
	json_set_text(o, "callback_query_id", callback_id);
	for (size_t chars = CALLBACK_TEXT_MAX; text && text_utf16_len(text) > CALLBACK_TEXT_MAX; chars--)
		text = text_cut(pool, text, chars);
	if (text && *text)
		json_set_text(o, "text", text);
	if (alert)
		json_set_bool(o, "show_alert", true);
	return o;
}

struct json *tg_wire_webhook(apr_pool_t *pool, const char *url, const char *secret, int64_t max_connections)
{
	struct json *o = json_object(pool), *allowed = json_array(pool);
	json_set_text(o, "url", url);
	if (secret && *secret)
		json_set_text(o, "secret_token", secret);
	json_set_int(o, "max_connections", max_connections);
	for (size_t i = 0; i < sizeof(allowed_updates) / sizeof(*allowed_updates); i++)
		json_push_text(allowed, allowed_updates[i]);
	json_set(o, "allowed_updates", allowed);
	return o;
}

struct json *tg_wire_updates(apr_pool_t *pool, int64_t offset, int64_t timeout_s, int64_t limit)
{
	struct json *o = json_object(pool), *allowed = json_array(pool);
	json_set_int(o, "offset", offset);
	json_set_int(o, "timeout", timeout_s);
	json_set_int(o, "limit", limit);
	for (size_t i = 0; i < sizeof(allowed_updates) / sizeof(*allowed_updates); i++)
		json_push_text(allowed, allowed_updates[i]);
	json_set(o, "allowed_updates", allowed);
	return o;
}

const char *tg_wire_redact(apr_pool_t *pool, const char *text, const char *secret)
{
	struct buf out = buf_new(pool, LIMIT_JSON_BYTES);
	const char *hit;
	if (!*secret || !strstr(text, secret))
		return text;
	while ((hit = strstr(text, secret))) {
		buf_put(&out, text, (size_t)(hit - text));
		buf_text(&out, "***");
		text = hit + strlen(secret);
	}
	buf_text(&out, text);
	return out.p;
}
