#include "db/rate.h"

#include "core/cache.h"
#include "core/clock.h"
#include "db/db.h"
#include <string.h>

/* "msg:42" -> "rate:42:msg": what is counted of one id can then be dropped together. */
static const char *cache_key(apr_pool_t *pool, const char *key)
{
	const char *colon = strchr(key, ':');

	if (!colon)
		return mem_fmt(pool, "rate::%s", key);
	return mem_fmt(pool, "rate:%s:%s", colon + 1, mem_textn(pool, key, (size_t)(colon - key)));
}

err_t *rate_add(apr_pool_t *pool, const char *key, int64_t more, int64_t window_s, int64_t now,
		int64_t *ret_n)
{
	struct rows *rows;

	ERR(db_exec(pool, STMT_RATE_TAKE, PG_ARGS(PG_TEXT(key), PG_INT(window_s), PG_TIME(now), PG_INT(more)),
		    &rows));
	*ret_n = rows_int(rows, 0, COL_RATE_TAKE_N);
	return NULL;
}

err_t *rate_count(apr_pool_t *pool, const char *key, int64_t window_s, int64_t now, int64_t *ret_n)
{
	int64_t window = now / (window_s * SECOND_US);

	if (cache_configured() && cache_count(cache_key(pool, key), window, 2 * window_s, ret_n))
		return NULL;
	return rate_add(pool, key, 1, window_s, now, ret_n);
}

void rate_forget(apr_pool_t *pool, int64_t id)
{
	cache_drop_prefix(mem_fmt(pool, "rate:%lld:", (long long)id));
}
