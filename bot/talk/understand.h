/* understand: what is no command and no press: by a model, by the rules, or kept in the inbox.
 * Needs: agent, intent, registry, replies. Used by: router, talk. */
#ifndef BOT_TALK_UNDERSTAND_H
#define BOT_TALK_UNDERSTAND_H

#include "bot/turn/turn.h"

NODISCARD err_t *understand(struct turn *turn);
/* Puts the turn's text into the inbox beside whatever else the turn says: it could not be answered. */
NODISCARD err_t *understand_keep(struct turn *turn);

#endif
