/* router: what a message or a press asks for, without any model: commands and buttons; the rest goes to understand.
 * Needs: commands, registry, understand. Used by: talk. */
#ifndef BOT_TALK_ROUTER_H
#define BOT_TALK_ROUTER_H

#include "bot/turn/turn.h"

NODISCARD err_t *router_dispatch(struct turn *turn);

#endif
