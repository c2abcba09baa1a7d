/* cli: the operator's commands; each answers on stdout and returns the exit code.
 * Needs: the database and Telegram clients it asks. Used by: main, bot/cli.
 * 0 done, 1 failed ("lembra: ..." on stderr), 2 not understood. argv[0] is the command's own word. */
#ifndef BOT_CLI_CLI_H
#define BOT_CLI_CLI_H

#include "core/config.h"

/* migrate [--status] */
int cli_migrate(struct config *config, apr_pool_t *pool, int argc, char **argv);
/* doctor [--live] */
int cli_doctor(struct config *config, apr_pool_t *pool, int argc, char **argv);
/* trace ID */
int cli_trace(struct config *config, apr_pool_t *pool, int argc, char **argv);
/* user invite [ROLE] | list | role ID ROLE | remove ID [--yes] */
int cli_user(struct config *config, apr_pool_t *pool, int argc, char **argv);
/* export USER [--out FILE] */
int cli_export(struct config *config, apr_pool_t *pool, int argc, char **argv);
/* reseal: every sealed token anew, under the first key of DATA_ENCRYPTION_KEY */
int cli_reseal(struct config *config, apr_pool_t *pool, int argc, char **argv);
/* webhook info | set [URL] | delete */
int cli_webhook(struct config *config, apr_pool_t *pool, int argc, char **argv);
/* tools: a JSON line each */
int cli_tools(struct config *config, apr_pool_t *pool, int argc, char **argv);
/* when: {"text","reference","lang","tz"} lines on stdin, {"start","end","duration","allday","rrule","rest"} on stdout */
int cli_when(struct config *config, apr_pool_t *pool, int argc, char **argv);
/* classify: {"text","lang","reference","tz"} lines on stdin, {"intent","confidence","args"} on stdout */
int cli_classify(struct config *config, apr_pool_t *pool, int argc, char **argv);
/* insights [--look N | --looks N,N,...]: a person's days on stdin, what they say on stdout */
int cli_insights(struct config *config, apr_pool_t *pool, int argc, char **argv);
int cli_version(struct config *config, apr_pool_t *pool, int argc, char **argv);
/* config --example: the text of .env.example */
int cli_config(struct config *config, apr_pool_t *pool, int argc, char **argv);

#endif
