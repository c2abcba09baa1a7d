/* cli_run: what the commands share: how they end, and a loop for what needs fibers.
 * Needs: fiber, db, http. Used by: bot/cli. */
#ifndef BOT_CLI_CLI_RUN_H
#define BOT_CLI_CLI_RUN_H

#include "core/config.h"

/* "lembra: ..." on stderr; frees err. Gives the exit code: 0 for NULL, else 1. */
int cli_end(err_t *err);
/* "usage: lembra ..." on stderr. Gives 2. */
int cli_usage(const char *usage);

/* Runs fn(ctx) in a fiber with the pools of db_use open (0: none), and gives its error. */
NODISCARD err_t *cli_loop(apr_pool_t *pool, const struct config *config, unsigned db_use,
			  err_t *(*fn)(void *ctx), void *ctx);

/* Url of the database for one role; ERR_CONFIG that names the setting when there is none. */
NODISCARD err_t *cli_db_url(apr_pool_t *pool, const struct config *config, enum config_db which,
			    const char **ret_url);

#endif
