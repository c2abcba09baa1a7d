/* settings: language, zone, hours, quiet hours, autonomy: one card, one tap each; and the pause.
 * Needs: replies, zone_city. Used by: router, commands.
 * Data of its buttons: "s:KEY" opens a setting, "s:KEY=VALUE" sets it. */
#ifndef BOT_TALK_SETTINGS_H
#define BOT_TALK_SETTINGS_H

#include "bot/turn/turn.h"

/* /config: the card; "/config lisboa" sets the zone of a city. */
NODISCARD err_t *settings_command(struct turn *turn, const char *rest);
/* /pausar: nothing unasked until tomorrow morning, or until what is said; "/pausar off" ends it. */
NODISCARD err_t *settings_pause(struct turn *turn, const char *rest);
/* A press of "s:" and data. *ret_known false: no such setting or value. */
NODISCARD err_t *settings_press(struct turn *turn, const char *data, bool *ret_known);

#endif
