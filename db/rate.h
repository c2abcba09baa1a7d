/* rate: how often something happened, over all instances.
 * Needs: cache, db. Used by: people_admin, llm_account, google, gate, talk.
 * Counted in Redis where it answers, else in Postgres. A count begun in one and gone on in the other lets at most twice the
 * limit pass in one window. */
#ifndef DB_RATE_H
#define DB_RATE_H

#include "core/mem.h"
#include <stdint.h>

/* Counts one more in the key's present window of window_s seconds of product time; *ret_n: how many that makes. A key is
 * "name:id". */
NODISCARD err_t *rate_count(apr_pool_t *pool, const char *key, int64_t window_s, int64_t now, int64_t *ret_n);

/* The same with `more` of them at once, counted in Postgres alone: units of a quota. */
NODISCARD err_t *rate_add(apr_pool_t *pool, const char *key, int64_t more, int64_t window_s, int64_t now,
			  int64_t *ret_n);

/* What the cache counts under "name:id", for every name, is forgotten; whoever erases the rows sees to those. */
void rate_forget(apr_pool_t *pool, int64_t id);

#endif
