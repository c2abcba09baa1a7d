/* channel: where messages leave: a Telegram bot, or the terminal.
 * Needs: outbox, telegram_wire. Used by: chat, turn, bot/work. */
#ifndef BOT_TURN_CHANNEL_H
#define BOT_TURN_CHANNEL_H

#include "db/outbox.h"
#include "integrations/telegram/telegram_wire.h"

struct channel {
	int64_t bot_id;
	int64_t only_chat;  /* the one chat that it reaches; 0: any */
	double pace_s;      /* seconds a send over all chats; 0: no limit */
	double chat_pace_s; /* seconds a send in one chat, with bursts of 3; 0: no limit */
	void *ctx;
	/* One message; on an error nothing is known of it beyond ret (TG_UNKNOWN when it may have arrived). */
	err_t *(*send)(void *ctx, apr_pool_t *pool, const struct sending *sending, struct tg_result *ret);
	err_t *(*typing)(void *ctx, apr_pool_t *pool, int64_t chat_id);
	/* Stops a pressed button's spinner. */
	err_t *(*answer)(void *ctx, apr_pool_t *pool, const char *callback_id);
	/* The bytes of a file that came in (tg_download); NULL: none come. */
	err_t *(*file)(void *ctx, apr_pool_t *pool, const char *file_id, size_t max, const char **ret_bytes,
		       size_t *ret_n);
};

#endif
