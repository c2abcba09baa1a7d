/* scrub: what is never kept leaves the words before anything is done with them.
 * Needs: turn, guard. Used by: agent_merge, talk. */
#ifndef BOT_TURN_SCRUB_H
#define BOT_TURN_SCRUB_H

#include "bot/turn/turn.h"

/* The text without passwords, keys and card numbers, which are not kept; whoever wrote it is told (turn->reply.lead). */
const char *scrub_text(struct turn *turn, const char *text);

#endif
