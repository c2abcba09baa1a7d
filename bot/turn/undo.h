/* undo: takes back what was done, and answers when there is nothing to take back.
 * Needs: turn, replies, registry. Used by: router, answers. */
#ifndef BOT_TURN_UNDO_H
#define BOT_TURN_UNDO_H

#include "bot/turn/turn.h"

/* Undoes the act of that button ("u:REF"), or with NULL the latest of the last 24 hours. */
NODISCARD err_t *undo_act(struct turn *turn, const char *ref);

#endif
