/* channel_telegram: the channel of a Telegram bot.
 * Needs: telegram. Used by: role. */
#ifndef BOT_WORK_CHANNEL_TELEGRAM_H
#define BOT_WORK_CHANNEL_TELEGRAM_H

#include "bot/turn/channel.h"
#include "core/config.h"
#include "integrations/telegram/telegram.h"

/* In pool; tg must live on. */
struct channel *channel_telegram(apr_pool_t *pool, const struct config *config, struct telegram *tg);

#endif
