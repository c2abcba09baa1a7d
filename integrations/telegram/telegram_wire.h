/* telegram_wire: what the Bot API's requests and answers look like; pure.
 * Needs: json, telegram_html. Used by: telegram, doctor_say, channel. */
#ifndef INTEGRATIONS_TELEGRAM_TELEGRAM_WIRE_H
#define INTEGRATIONS_TELEGRAM_TELEGRAM_WIRE_H

#include "core/json.h"

/* What became of a call, as the sender must know it. */
enum tg_outcome {
	TG_OK,
	TG_NOT_MODIFIED, /* the edit changed nothing: as good as TG_OK */
	TG_BAD_ENTITIES, /* broken markup */
	TG_TOO_LONG,
	TG_GONE,         /* the chat, message or query is not there (any more), or too old */
	TG_BLOCKED,      /* 403: nothing reaches this chat until it writes again */
	TG_RATE,         /* wait retry_after_s */
	TG_UNAUTHORIZED, /* bad or revoked token: stop everything */
	TG_CONFLICT,     /* two pollers, or polling while a webhook is set */
	TG_SERVER,       /* their trouble, or a proxy's: again later */
	TG_REFUSED,      /* any other refusal: never again */
	TG_UNSENT,       /* no connection: certainly not delivered */
	TG_UNKNOWN,      /* no answer: may have been delivered */
};

struct tg_result {
	enum tg_outcome outcome;
	int64_t message_id;      /* of the message sent or edited; 0 = none */
	struct json *result;     /* NULL unless TG_OK */
	int64_t retry_after_s;   /* TG_RATE: at least 1; else 0 */
	int error_code;          /* Telegram's, or the HTTP status; 0 = none */
	const char *description; /* Telegram's, for the log; "" = none. Never holds the token. */
};

bool tg_ok(const struct tg_result *r);                /* TG_OK or TG_NOT_MODIFIED */
const char *tg_outcome_name(enum tg_outcome outcome); /* "not_modified" */

/* Reads an answer. retry_after_s: the Retry-After header, or -1. An answer that is not Telegram's
 * envelope (a proxy's page) never counts as a word about the token or the chat. */
void tg_wire_result(apr_pool_t *pool, long status, const char *body, size_t n, int64_t retry_after_s,
		    struct tg_result *ret);

/* Request bodies. A markup is copied and may be NULL; html NULL leaves text out. */
NODISCARD err_t *tg_wire_message(apr_pool_t *pool, int64_t chat_id, const char *html,
				 const struct json *markup, struct json **ret);
NODISCARD err_t *tg_wire_edit(apr_pool_t *pool, int64_t chat_id, int64_t message_id, const char *html,
			      const struct json *markup, struct json **ret);
NODISCARD err_t *tg_wire_caption(apr_pool_t *pool, int64_t chat_id, const char *html,
				 const struct json *markup, struct json **ret);
/* The same request as plain text: "text" or "caption" without its markup, no parse_mode. */
NODISCARD err_t *tg_wire_plain(apr_pool_t *pool, const struct json *params, struct json **ret);
struct json *tg_wire_callback(apr_pool_t *pool, const char *callback_id, const char *text, bool alert);
struct json *tg_wire_webhook(apr_pool_t *pool, const char *url, const char *secret, int64_t max_connections);
struct json *tg_wire_updates(apr_pool_t *pool, int64_t offset, int64_t timeout_s, int64_t limit);

/* text with every appearance of secret replaced by "***". */
const char *tg_wire_redact(apr_pool_t *pool, const char *text, const char *secret);

#endif
