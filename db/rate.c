#include "db/rate.h"

#include "db/db.h"

err_t *rate_count(apr_pool_t *pool, const char *key, int64_t window_s, int64_t now, int64_t *ret_n)
{
	struct rows *rows;

	ERR(db_exec(pool, STMT_RATE_TAKE, PG_ARGS(PG_TEXT(key), PG_INT(window_s), PG_TIME(now)), &rows));
	*ret_n = rows_int(rows, 0, 0);
	return NULL;
}
