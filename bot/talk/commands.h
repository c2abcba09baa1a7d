/* commands: what the bot itself answers to: start, help, who am I, status, stop, privacy.
 * Needs: replies. Used by: role (the menu), answers, router, talk. */
#ifndef BOT_TALK_COMMANDS_H
#define BOT_TALK_COMMANDS_H

#include "bot/turn/turn.h"

/* name without the slash. *ret_known false: no such command, nothing was said. */
NODISCARD err_t *command_run(struct turn *turn, const char *name, const char *rest, bool *ret_known);

/* After a pairing code or a first message: the greeting with the first of two taps. */
NODISCARD err_t *command_welcome(struct turn *turn);

/* Menu entries ({"command","description"}) of every command in that language, for setMyCommands. */
struct json *command_menu(apr_pool_t *pool, enum lang lang);

#endif
