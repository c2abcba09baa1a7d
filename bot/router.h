/* router: what a message or a press asks for, without any model: commands and buttons; the rest goes to understand.
 * Needs: commands, registry, understand. Used by: turn. */
#ifndef BOT_ROUTER_H
#define BOT_ROUTER_H

#include "bot/turn.h"

NODISCARD err_t *router_dispatch(struct turn *turn);
/* Takes back the latest act. */
NODISCARD err_t *router_undo(struct turn *turn);

#endif
