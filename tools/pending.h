/* pending: acts that wait for the person's answer: cards, and "was it this?".
 * Needs: tx, json, crypt. Used by: tools, bot.
 * A row of pending_actions, bound to exactly what will run, to the person and to the chat; good for 30 minutes, once. */
#ifndef TOOLS_PENDING_H
#define TOOLS_PENDING_H

#include "core/json.h"
#include "db/tx.h"

struct pending {
	const char *tool, *hash; /* tool NULL: this answer runs nothing */
	struct json *args;
};

/* In the transaction that asks. no_tool and no_args: what runs on a no, or NULL. *ret_id: 32 hex digits for the buttons. */
NODISCARD err_t *pending_put(struct tx *tx, const char *tool, struct json *args, const char *no_tool,
			     struct json *no_args, const char **ret_id);

/* A question that the person's next words answer, within ten minutes: they become the argument `wants`, a time. */
NODISCARD err_t *pending_question(struct tx *tx, const char *tool, struct json *args, const char *wants);
/* The same, but whatever they are ("what shall I write?"). */
NODISCARD err_t *pending_words(struct tx *tx, const char *tool, struct json *args, const char *wants);
/* "Everything goes, if you write the word": asked, and whether it is what was asked last. */
NODISCARD err_t *pending_erase(struct tx *tx);
NODISCARD err_t *pending_erase_asked(struct tx *tx, bool *ret_asked);
/* The latest open question of this chat. *ret_id NULL: none. *ret_words: any words answer it, else a time does. */
NODISCARD err_t *pending_asked(struct tx *tx, const char **ret_id, const char **ret_wants, bool *ret_words,
			       struct pending *ret_pending);

/* What a plain yes or no of this chat answers: the latest that was asked, if nothing was said since. *ret_id NULL: nothing. */
NODISCARD err_t *pending_latest(struct tx *tx, const char **ret_id);
/* What that answer would run. ERR_NOT_FOUND: nothing of that id for this person in this chat. */
NODISCARD err_t *pending_get(struct tx *tx, const char *id, bool yes, struct pending *ret_pending);
/* Takes it, in the transaction that runs it. ERR_NOT_FOUND: settled before, or too old. */
NODISCARD err_t *pending_settle(struct tx *tx, const char *id, bool yes, const char *hash);

#endif
