#include "integrations/telegram/telegram.h"

#include "core/text.h"
#include <string.h>

#define CALL_TIMEOUT_MS 30000
#define POLL_MARGIN_MS 10000 /* on top of what getUpdates may wait */
#define SECRET_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

struct parts {
	apr_pool_t *pool;
	struct http_part *v;
	size_t n;
};

static err_t *count_member(void *ctx, const char *key, struct json *value)
{
	(void)key;
	(void)value;
	++*(size_t *)ctx;
	return NULL;
}

/* Outside JSON bodies nested objects travel as JSON text. */
static err_t *add_member(void *ctx, const char *key, struct json *value)
{
	struct parts *p = ctx;
	const char *text = json_text(value, NULL);
	if (!text)
		text = json_write(p->pool, value);
	p->v[p->n++] = (struct http_part){ .name = mem_text(p->pool, key), .data = text, .n = strlen(text) };
	return NULL;
}

static err_t *encode_parts(apr_pool_t *pool, const struct json *params, const struct http_part *files,
			   const struct http_part **ret_parts)
{
	size_t n = 0;
	struct parts p = { pool, NULL, 0 };
	for (const struct http_part *f = files; f->name; f++)
		n++;
	ERR(json_each(params, count_member, &n));
	p.v = mem_alloc(pool, (n + 1) * sizeof(*p.v)); /* zeroed: the last has a NULL name */
	ERR(json_each(params, add_member, &p));
	for (const struct http_part *f = files; f->name; f++)
		p.v[p.n++] = *f;
	*ret_parts = p.v;
	return NULL;
}

static err_t *no_answer(struct telegram *tg, apr_pool_t *pool, const char *method, err_t *err,
			bool maybe_sent, struct tg_result *ret)
{
	enum err_code code = err->code;
	/* The chain below may name the URL, and the URL holds the token; the message dies with err. */
	const char *why = tg_wire_redact(pool, mem_text(pool, err_message(err)), tg->secret);
	*ret = (struct tg_result){ .outcome = maybe_sent ? TG_UNKNOWN : TG_UNSENT, .description = why };
	err_clear(err);
	if (code == ERR_HTTP || code == ERR_TIMEOUT || code == ERR_TOO_LARGE)
		return NULL;
	return err_new(code, "telegram \"%s\": %s", method, why);
}

static err_t *exchange(struct telegram *tg, apr_pool_t *pool, const char *method,
		       struct http_request *request, struct tg_result *ret)
{
	struct http_reply reply = { 0 };
	request->method = "POST";
	request->url = mem_fmt(pool, "%s/bot%s/%s", tg->base, tg->token, method);
	err_t *err = http_send(pool, request, &reply);
	if (err)
		return no_answer(tg, pool, method, err, reply.maybe_sent, ret);
	tg_wire_result(pool, reply.status, reply.body, reply.n, reply.retry_after_s, ret);
	ret->description = tg_wire_redact(pool, ret->description, tg->secret);
	return NULL;
}

static err_t *call(struct telegram *tg, apr_pool_t *pool, const char *method, struct json *params,
		   const struct http_part *files, int64_t timeout_ms, struct tg_result *ret)
{
	struct http_request request = { .timeout_ms = timeout_ms };
	if (!params)
		params = json_object(pool);
	if (files) {
		ERR(encode_parts(pool, params, files, &request.parts));
	} else {
		const char *body = json_write(pool, params);
		request.body = body;
		request.body_n = strlen(body);
	}
	return exchange(tg, pool, method, &request, ret);
}

/* Any method, with the usual time. params may be NULL. With file_parts (ends with a NULL name) all goes as multipart. */
static err_t *call_plain(struct telegram *tg, apr_pool_t *pool, const char *method, struct json *params,
			 const struct http_part *file_parts, struct tg_result *ret)
{
	return call(tg, pool, method, params, file_parts, CALL_TIMEOUT_MS, ret);
}

/* Better unadorned than not at all, but only once. */
static err_t *call_html(struct telegram *tg, apr_pool_t *pool, const char *method, struct json *params,
			const struct http_part *files, struct tg_result *ret)
{
	struct json *plain;
	ERR(call_plain(tg, pool, method, params, files, ret));
	if (ret->outcome != TG_BAD_ENTITIES)
		return NULL;
	ERR(tg_wire_plain(pool, params, &plain));
	return call_plain(tg, pool, method, plain, files, ret);
}

static err_t *send_file(struct telegram *tg, apr_pool_t *pool, const char *method, const char *field,
			int64_t chat_id, const struct http_part *file, const char *caption,
			const struct json *markup, bool silent, struct tg_result *ret)
{
	struct json *params;
	struct http_part parts[2] = { *file, { 0 } };
	parts[0].name = field;
	if (!parts[0].filename) /* without a file name it would be no file */
		parts[0].filename = field;
	ERR(tg_wire_caption(pool, chat_id, caption, markup, &params));
	if (silent)
		json_set_bool(params, "disable_notification", true);
	return call_html(tg, pool, method, params, parts, ret);
}

err_t *telegram_new(apr_pool_t *pool, const char *base, const char *token, struct telegram **ret_telegram)
{
	size_t digits = strspn(token, "0123456789");
	size_t base_n = strlen(base);
	struct telegram *tg = MEM_NEW(pool, struct telegram);
	if (token[digits] != ':' || !text_int(mem_textn(pool, token, digits), &tg->bot_id))
		return err_new(ERR_CONFIG, "telegram token does not begin with digits and a colon");
	tg->token = mem_text(pool, token);
	tg->secret = tg->token + digits + 1;
	size_t good = strspn(tg->secret, SECRET_CHARS);
	if (good == 0 || tg->secret[good])
		return err_new(ERR_CONFIG, "telegram token has characters that no token has");
	if (!text_starts(base, "https://") && !text_starts(base, "http://"))
		return err_new(ERR_CONFIG, "telegram base \"%s\" is not a http(s) URL", base);
	while (base_n > 0 && base[base_n - 1] == '/')
		base_n--;
	tg->base = mem_textn(pool, base, base_n);
	*ret_telegram = tg;
	return NULL;
}

err_t *tg_send_message(struct telegram *tg, apr_pool_t *pool, int64_t chat_id, const char *html,
		       const struct json *markup, bool silent, struct tg_result *ret)
{
	struct json *params;
	ERR(tg_wire_message(pool, chat_id, html, markup, &params));
	if (silent)
		json_set_bool(params, "disable_notification", true);
	return call_html(tg, pool, "sendMessage", params, NULL, ret);
}

err_t *tg_edit_text(struct telegram *tg, apr_pool_t *pool, int64_t chat_id, int64_t message_id,
		    const char *html, const struct json *markup, struct tg_result *ret)
{
	struct json *params;
	ERR(tg_wire_edit(pool, chat_id, message_id, html, markup, &params));
	return call_html(tg, pool, "editMessageText", params, NULL, ret);
}

err_t *tg_edit_markup(struct telegram *tg, apr_pool_t *pool, int64_t chat_id, int64_t message_id,
		      const struct json *markup, struct tg_result *ret)
{
	struct json *params;
	ERR(tg_wire_edit(pool, chat_id, message_id, NULL, markup, &params));
	return call_plain(tg, pool, "editMessageReplyMarkup", params, NULL, ret);
}

err_t *tg_delete(struct telegram *tg, apr_pool_t *pool, int64_t chat_id, int64_t message_id,
		 struct tg_result *ret)
{
	struct json *params;
	ERR(tg_wire_edit(pool, chat_id, message_id, NULL, NULL, &params));
	return call_plain(tg, pool, "deleteMessage", params, NULL, ret);
}

err_t *tg_send_photo(struct telegram *tg, apr_pool_t *pool, int64_t chat_id, const struct http_part *file,
		     const char *caption, const struct json *markup, bool silent, struct tg_result *ret)
{
	return send_file(tg, pool, "sendPhoto", "photo", chat_id, file, caption, markup, silent, ret);
}

err_t *tg_send_document(struct telegram *tg, apr_pool_t *pool, int64_t chat_id, const struct http_part *file,
			const char *caption, const struct json *markup, struct tg_result *ret)
{
	return send_file(tg, pool, "sendDocument", "document", chat_id, file, caption, markup, false, ret);
}

err_t *tg_chat_action(struct telegram *tg, apr_pool_t *pool, int64_t chat_id, const char *action,
		      struct tg_result *ret)
{
	struct json *params = json_object(pool);
	json_set_int(params, "chat_id", chat_id);
	json_set_text(params, "action", action);
	return call_plain(tg, pool, "sendChatAction", params, NULL, ret);
}

err_t *tg_answer_callback(struct telegram *tg, apr_pool_t *pool, const char *callback_id, const char *text,
			  bool alert, struct tg_result *ret)
{
	return call_plain(tg, pool, "answerCallbackQuery", tg_wire_callback(pool, callback_id, text, alert),
			  NULL, ret);
}

err_t *tg_set_commands(struct telegram *tg, apr_pool_t *pool, const char *language, struct json *commands,
		       struct tg_result *ret)
{
	struct json *params = json_object(pool);
	json_set(params, "commands", commands);
	if (language)
		json_set_text(params, "language_code", language);
	return call_plain(tg, pool, "setMyCommands", params, NULL, ret);
}

err_t *tg_set_webhook(struct telegram *tg, apr_pool_t *pool, const char *url, const char *secret,
		      int64_t max_connections, struct tg_result *ret)
{
	return call_plain(tg, pool, "setWebhook", tg_wire_webhook(pool, url, secret, max_connections), NULL,
			  ret);
}

err_t *tg_delete_webhook(struct telegram *tg, apr_pool_t *pool, struct tg_result *ret)
{
	return call_plain(tg, pool, "deleteWebhook", NULL, NULL, ret);
}

err_t *tg_webhook_info(struct telegram *tg, apr_pool_t *pool, struct tg_result *ret)
{
	return call_plain(tg, pool, "getWebhookInfo", NULL, NULL, ret);
}

err_t *tg_get_me(struct telegram *tg, apr_pool_t *pool, struct tg_result *ret)
{
	return call_plain(tg, pool, "getMe", NULL, NULL, ret);
}

err_t *tg_get_updates(struct telegram *tg, apr_pool_t *pool, int64_t offset, int64_t timeout_s, int64_t limit,
		      struct tg_result *ret)
{
	return call(tg, pool, "getUpdates", tg_wire_updates(pool, offset, timeout_s, limit), NULL,
		    timeout_s * 1000 + POLL_MARGIN_MS, ret);
}

err_t *tg_get_file(struct telegram *tg, apr_pool_t *pool, const char *file_id, struct tg_result *ret)
{
	struct json *params = json_object(pool);
	json_set_text(params, "file_id", file_id);
	return call_plain(tg, pool, "getFile", params, NULL, ret);
}

/* A path of Telegram's own making goes into a URL that holds the token: nothing else does. */
static bool is_path(const char *path)
{
	return path && *path && *path != '/' && !strstr(path, "..") &&
	       strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./") ==
		       strlen(path);
}

err_t *tg_download(struct telegram *tg, apr_pool_t *pool, const char *file_id, size_t max,
		   const char **ret_bytes, size_t *ret_n)
{
	struct http_request request = { .method = "GET", .timeout_ms = CALL_TIMEOUT_MS, .reply_max = max };
	struct http_reply reply = { 0 };
	struct tg_result result;
	const char *path;
	err_t *err;

	ERR(tg_get_file(tg, pool, file_id, &result));
	path = json_text(result.result, "file_path");
	if (result.outcome == TG_OK && !is_path(path))
		return err_new(ERR_NOT_FOUND, "telegram: no path of a file");
	if (result.outcome != TG_OK)
		return err_new(result.outcome == TG_UNSENT || result.outcome == TG_UNKNOWN ? ERR_UNAVAILABLE
											   : ERR_NOT_FOUND,
			       "telegram: no file");
	request.url = mem_fmt(pool, "%s/file/bot%s/%s", tg->base, tg->token, path);
	err = http_send(pool, &request, &reply);
	if (err) { /* its words may hold the token */
		enum err_code code = err->code;

		err_clear(err);
		return err_new(code, "telegram: a file was not given");
	}
	if (reply.status != 200)
		return err_new(reply.status >= 500 ? ERR_UNAVAILABLE : ERR_NOT_FOUND,
			       "telegram: a file was not given");
	*ret_bytes = reply.body;
	*ret_n = reply.n;
	return NULL;
}
