/* recommended: the tap that does what a recommendation recommends.
 * Needs: act, recommendation. Used by: router. */
#ifndef BOT_TALK_RECOMMENDED_H
#define BOT_TALK_RECOMMENDED_H

#include "bot/turn/turn.h"

/* data: its number. The act is any other act, with its Undo; when it is done, the recommendation is applied, in the same
 * transaction. *ret_known false: there is none of that number that could be done. */
NODISCARD err_t *recommended_press(struct turn *turn, const char *data, bool *ret_known);

#endif
