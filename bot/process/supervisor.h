/* supervisor: forks the roles before any loop, thread or connection exists, and restarts them with back-off.
 * Needs: role. Used by: main. */
#ifndef BOT_PROCESS_SUPERVISOR_H
#define BOT_PROCESS_SUPERVISOR_H

#include "core/config.h"

/* Runs fn in a child process and waits: what connects or starts threads must not happen in the process that
 * forks. Gives fn's exit code, or 1 when the child died. */
int supervisor_aside(int (*fn)(struct config *config, apr_pool_t *pool), struct config *config,
		     apr_pool_t *pool);

/* web, WORKERS workers and the scheduler, until SIGTERM or SIGINT; then waits for them to drain. The exit code. */
int supervisor_run(struct config *config, apr_pool_t *pool);

#endif
