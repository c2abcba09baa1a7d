/* replies: an outcome becomes messages in the outbox, in the transaction of its effect.
 * Needs: outbox, tool, telegram_html. Used by: agent_answer, bot/talk, bot/turn. */
#ifndef BOT_TURN_REPLIES_H
#define BOT_TURN_REPLIES_H

#include "bot/turn/turn.h"
#include "tools/tool.h"

/* An act_finish (ctx is the turn): the reply, what was said, and the turn's log row. A button's reply
 * replaces the message it was pressed on. */
err_t *reply_finish(void *ctx, struct tx *tx, const struct outcome *outcome);

/* Says something that is no tool's outcome, in a transaction of its own; once, however often it is replayed. */
NODISCARD err_t *reply_say(struct turn *turn, const struct outcome *outcome);
/* Decides that nothing is said: a replay finds it decided. */
NODISCARD err_t *reply_nothing(struct turn *turn);
NODISCARD err_t *reply_html(struct turn *turn, const char *html);
/* Something done and said once, under turn->at: body as of struct once, whose words it puts with reply_finish. */
NODISCARD err_t *reply_once(struct turn *turn, const char *kind,
			    err_t *(*body)(void *ctx, struct tx *tx, const char **ret_payload), void *ctx);

/* Tells the person about an error that ends the turn. */
NODISCARD err_t *reply_error(struct turn *turn, const err_t *err);

/* Under which the turn's progress message is put; a reply takes its place on screen. */
const char *reply_progress_key(const struct turn *turn);

/* Asks "was it this?" about an act: a yes runs it, a no runs the other (see tools/pending.h). Once, like reply_say. */
NODISCARD err_t *reply_ask(struct turn *turn, const char *html, const char *tool, struct json *args,
			   const char *no_tool, struct json *no_args);

#endif
