/* outbox: messages on their way, written in the transaction of their effect.
 * Needs: db, tx. Used by: integrations, tools, cron, bot. */
#ifndef DB_OUTBOX_H
#define DB_OUTBOX_H

#include "db/tx.h"

struct outgoing {
	const char *dedupe; /* with part: what makes this message this message, however often it is put */
	int part;
	const char *method; /* send, edit, markup, delete; not needed with a chart */
	const char *text;   /* HTML of at most LIMIT_TG_TEXT units */
	const char *markup; /* JSON of the keyboard, or NULL */
	int64_t target_id;  /* the message that edit, markup, delete change; else 0 */
	bool silent;
	const char *class;   /* reply, card, reminder, unasked */
	int64_t accepted_at; /* when the update it answers was accepted; 0: it answers none */
	/* Dedupe key of a message of this chat, put before: this one edits it where it was delivered, and is sent anew
	 * where it was not. NULL: none. Looked up when it is this one's turn, so that it does not matter who is faster. */
	const char *replaces;
	/* A picture that goes with it, drawn when it is sent: JSON of chart_write. text is its caption then, of at most
	 * LIMIT_TG_CAPTION units, and says in words what it shows (picture_put also takes longer ones). NULL: none. */
	const char *chart;
};

/* To the request's chat, which must be the person's own (ERR_DENIED). Travels with the transaction. */
NODISCARD err_t *outbox_put(struct tx *tx, const struct outgoing *message);
/* A line to someone who has no rows here. */
NODISCARD err_t *outbox_put_stranger(apr_pool_t *pool, int64_t bot_id, int64_t chat_id, const char *dedupe,
				     const char *text, const char *trace, int64_t accepted_at, int64_t now);
/* Wakes senders in other processes. */
NODISCARD err_t *outbox_notify(apr_pool_t *pool, int64_t bot_id);

struct sending {
	int64_t bot_id, chat_id, token, id;
	const char *method, *text, *markup, *class, *trace, *dedupe, *chart;
	int64_t target_id, attempts, accepted_at, part;
	int64_t lost_before; /* earlier tries whose answer was lost */
	bool silent;
	/* The result, set by the sender. */
	const char *state; /* sent, failed, pending */
	const char *error; /* a code, or NULL */
	int64_t message_id;
	bool lost;       /* this try's answer was lost */
	int64_t wait_ms; /* before the chat's next try */
};

/* The next message of up to max chats that are allowed one now (or of only_chat, when it is not 0), leased to owner. */
NODISCARD err_t *outbox_claim(apr_pool_t *pool, int64_t bot_id, int max, int32_t owner, int64_t only_chat,
			      size_t *ret_n, struct sending **ret_sendings);
/* Records results and gives the chats back. chat_pace_s: seconds a message that one chat may take (0: no limit), with bursts of 3. */
NODISCARD err_t *outbox_done(apr_pool_t *pool, int64_t bot_id, struct sending *const *sendings, size_t n,
			     int64_t now, double chat_pace_s, bool *ret_more);
/* Nothing that waits for this chat will arrive: the person blocked us. */
NODISCARD err_t *outbox_chat_dead(apr_pool_t *pool, int64_t bot_id, int64_t chat_id, const char *error,
				  int64_t now);
/* Reserves n sends at pace_s each over all chats of the bot, after hold_s; *ret_ms: when the first may go. */
NODISCARD err_t *outbox_pace(apr_pool_t *pool, int64_t bot_id, size_t n, double pace_s, double hold_s,
			     int64_t *ret_ms);

#endif
