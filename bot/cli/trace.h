/* trace: one message's whole story, rebuilt from what the database kept; ids and durations, no content.
 * Needs: pg_admin, as the owner of the database: a story crosses the queue and a person's rows. Used by: . */
#ifndef BOT_CLI_TRACE_H
#define BOT_CLI_TRACE_H

#include "core/mem.h"

/* id: a whole trace, or at least its first 8 hex digits, in any case. *ret_story: lines in order of time, in
 * the pool. ERR_INVALID: not an id; ERR_NOT_FOUND; ERR_CONFLICT: several begin so (the error lists them). */
NODISCARD err_t *trace_story(apr_pool_t *pool, const char *owner_url, const char *id, const char **ret_story);

#endif
