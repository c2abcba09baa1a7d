/* web: the web process: finds the route of each request, and runs it.
 * Needs: web_server, the routes, ingest, db (DB_QUEUE open). Used by: role, route_health. */
#ifndef BOT_WEB_WEB_H
#define BOT_WEB_WEB_H

#include "core/config.h"

struct telegram;

/* Listens on HTTP_LISTEN and starts the ingest's writer. tg NULL: no bot token. ERR_CONFIG when the address cannot
 * be had. In a process that then runs fiber_run(). */
NODISCARD err_t *web_start(const struct config *config, int64_t bot_id, struct telegram *tg);
/* The port that was given, also when HTTP_LISTEN says 0. */
int web_port(void);
/* Takes no more connections and says so on /readyz; what runs ends by itself. */
void web_stop(void);
bool web_draining(void);
/* Requests being answered, and updates not yet committed. */
size_t web_busy(void);
/* Closes the connections and ends the writer; only when nothing is busy. From a fiber, before exit. */
void web_close(void);

#endif
