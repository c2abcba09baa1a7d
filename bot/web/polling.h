/* polling: getUpdates in a loop, where no webhook can reach us.
 * Needs: telegram, ingest (started). Used by: role (web in polling mode). */
#ifndef BOT_WEB_POLLING_H
#define BOT_WEB_POLLING_H

#include "core/config.h"

struct telegram;

/* Starts the loop. Telegram hears that an update has arrived only once it is committed here. */
void polling_start(const struct config *config, int64_t bot_id, struct telegram *tg);
/* Ends the loop, in the middle of a call too, but not of a commit; true when it has ended. */
bool polling_stop(void);

#endif
