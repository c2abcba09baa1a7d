/* web_webhook: POST /webhook/telegram: an update is durable before it is acknowledged.
 * Needs: web_server, ingest. Used by: web. */
#ifndef BOT_WEB_WEB_WEBHOOK_H
#define BOT_WEB_WEB_WEBHOOK_H

#include "bot/web/web_server.h"
#include "core/config.h"

void web_webhook_init(const struct config *config);
/* The secret and the length, before a byte of the body is read. */
void web_webhook_admit(struct web_request *r);
/* Parks the update; its commit answers. Runs on the loop: no fiber a request. */
void web_webhook_begin(struct web_request *r);

#endif
