/* command_cost: /custo: what the person's use of models has cost, and the limits.
 * Needs: usage, replies. Used by: commands. */
#ifndef BOT_TALK_COMMAND_COST_H
#define BOT_TALK_COMMAND_COST_H

#include "bot/turn/turn.h"

NODISCARD err_t *command_cost(struct turn *turn, const char *rest);

#endif
