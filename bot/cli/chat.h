/* chat: the whole assistant on a terminal: same queue, router, tools and outbox; bot id 0.
 * Needs: worker, ingest. Used by: main. */
#ifndef BOT_CLI_CHAT_H
#define BOT_CLI_CHAT_H

#include "core/config.h"

/* `lembra chat [--user NAME]`. Lines from a terminal or a pipe; "#1" presses a button; ends at end of input,
 * once the work is done. The exit code. */
int chat_run(struct config *config, apr_pool_t *pool, int argc, char **argv);

#endif
