/* telegram: the Bot API client.
 * Needs: http (fibers), telegram_wire. Used by: bot/cli, bot/web, channel_telegram.
 * Each call ends in a struct tg_result; an error means the call was cancelled or could not be made, with
 * ret->outcome and description set all the same. Nothing here writes the token anywhere but in the URL. */
#ifndef INTEGRATIONS_TELEGRAM_TELEGRAM_H
#define INTEGRATIONS_TELEGRAM_TELEGRAM_H

#include "core/http.h"
#include "integrations/telegram/telegram_wire.h"

struct telegram {
	int64_t bot_id;   /* the digits of the token */
	const char *base; /* "https://api.telegram.org", no slash at the end */
	const char *token;
	const char *secret; /* the token after the colon: what must not be seen */
};

/* ERR_CONFIG when token is not "<digits>:<letters, digits, _ ->" or base not a http(s) URL. */
NODISCARD err_t *telegram_new(apr_pool_t *pool, const char *base, const char *token,
			      struct telegram **ret_telegram);

/* silent: arrives without a sound. html: our own HTML (telegram_html), 1-4096 units, link previews off; when Telegram cannot parse it, it is
 * sent once more as plain text. markup: a reply_markup object, copied, or NULL. */
NODISCARD err_t *tg_send_message(struct telegram *tg, apr_pool_t *pool, int64_t chat_id, const char *html,
				 const struct json *markup, bool silent, struct tg_result *ret);
/* markup NULL removes the keyboard: Telegram drops it from an edit that does not repeat it. */
NODISCARD err_t *tg_edit_text(struct telegram *tg, apr_pool_t *pool, int64_t chat_id, int64_t message_id,
			      const char *html, const struct json *markup, struct tg_result *ret);
/* markup NULL removes the keyboard. */
NODISCARD err_t *tg_edit_markup(struct telegram *tg, apr_pool_t *pool, int64_t chat_id, int64_t message_id,
				const struct json *markup, struct tg_result *ret);
NODISCARD err_t *tg_delete(struct telegram *tg, apr_pool_t *pool, int64_t chat_id, int64_t message_id,
			   struct tg_result *ret);

/* A file from memory: data, n, filename and type of `file` are used. caption: HTML of at most 1024 units, or NULL. */
NODISCARD err_t *tg_send_photo(struct telegram *tg, apr_pool_t *pool, int64_t chat_id,
			       const struct http_part *file, const char *caption, const struct json *markup,
			       bool silent, struct tg_result *ret);
NODISCARD err_t *tg_send_document(struct telegram *tg, apr_pool_t *pool, int64_t chat_id,
				  const struct http_part *file, const char *caption,
				  const struct json *markup, struct tg_result *ret);

/* "typing" and the like; shown for at most 5 s. */
NODISCARD err_t *tg_chat_action(struct telegram *tg, apr_pool_t *pool, int64_t chat_id, const char *action,
				struct tg_result *ret);
/* text: plain, cut at 200 units, or NULL. Too late gives TG_GONE: nothing to be done. */
NODISCARD err_t *tg_answer_callback(struct telegram *tg, apr_pool_t *pool, const char *callback_id,
				    const char *text, bool alert, struct tg_result *ret);
/* commands: [{"command","description"}], taken over; language: two letters, or NULL for every other one. */
NODISCARD err_t *tg_set_commands(struct telegram *tg, apr_pool_t *pool, const char *language,
				 struct json *commands, struct tg_result *ret);

NODISCARD err_t *tg_set_webhook(struct telegram *tg, apr_pool_t *pool, const char *url, const char *secret,
				int64_t max_connections, struct tg_result *ret);
NODISCARD err_t *tg_delete_webhook(struct telegram *tg, apr_pool_t *pool, struct tg_result *ret);
NODISCARD err_t *tg_webhook_info(struct telegram *tg, apr_pool_t *pool, struct tg_result *ret);
NODISCARD err_t *tg_get_me(struct telegram *tg, apr_pool_t *pool, struct tg_result *ret);
/* ret->result: an array of updates, oldest first. offset confirms all below it; timeout_s at most 50. */
NODISCARD err_t *tg_get_updates(struct telegram *tg, apr_pool_t *pool, int64_t offset, int64_t timeout_s,
				int64_t limit, struct tg_result *ret);
/* ret->result "file_path": good for an hour. */
NODISCARD err_t *tg_get_file(struct telegram *tg, apr_pool_t *pool, const char *file_id,
			     struct tg_result *ret);
/* The bytes of a file that was sent, at most max of them, in the pool. ERR_NOT_FOUND: Telegram does not give it; ERR_TOO_LARGE;
 * ERR_HTTP, ERR_TIMEOUT, ERR_UNAVAILABLE: no whole answer. */
NODISCARD err_t *tg_download(struct telegram *tg, apr_pool_t *pool, const char *file_id, size_t max,
			     const char **ret_bytes, size_t *ret_n);

#endif
