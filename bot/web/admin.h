/* admin: what an operator does over HTTP: webhook, people, queue.
 * Needs: web_server, people_admin, queue, telegram. Used by: web (in fibers, once the token was checked).
 * Each answers the request, or returns the error that web turns into a status. */
#ifndef BOT_WEB_ADMIN_H
#define BOT_WEB_ADMIN_H

#include "bot/web/web_server.h"
#include "core/config.h"

struct telegram;

void admin_init(const struct config *config, struct telegram *tg);

NODISCARD err_t *admin_webhook_info(struct web_request *r);
NODISCARD err_t *admin_webhook_set(struct web_request *r);
NODISCARD err_t *admin_webhook_delete(struct web_request *r);
NODISCARD err_t *admin_users_list(struct web_request *r);
NODISCARD err_t *admin_users_invite(struct web_request *r);
NODISCARD err_t *admin_users_remove(struct web_request *r);
NODISCARD err_t *admin_queue_show(struct web_request *r);
NODISCARD err_t *admin_queue_replay(struct web_request *r);

#endif
