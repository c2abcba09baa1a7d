/* role: one serving process: web, worker, scheduler; from its fork to its exit.
 * Needs: everything it runs. Used by: supervisor, main. */
#ifndef BOT_PROCESS_ROLE_H
#define BOT_PROCESS_ROLE_H

#include "core/config.h"

/* Serves until SIGTERM or SIGINT, drains within 20 s, and returns the exit code. */
int role_run(struct config *config, apr_pool_t *pool, enum config_role role);
const char *role_title(enum config_role role);

#endif
