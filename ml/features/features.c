#include "ml/features/features.h"

#include "core/log.h"
#include <math.h>
#include <string.h>

err_t *features_refresh(struct tx *tx, const char *from, const char *to)
{
	return tx_defer(tx, STMT_FEATURES_REFRESH, PG_ARGS(PG_TEXT(from), PG_TEXT(to)));
}

err_t *features_first(struct tx *tx, const char **ret_day)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_FEATURES_FIRST, PG_ARGS(), &rows));
	*ret_day = rows_text(rows, 0, COL_FEATURES_FIRST_DAY);
	return NULL;
}

err_t *features_meetings(struct tx *tx, const char *day, int64_t n, double hours)
{
	return tx_defer(tx, STMT_FEATURES_MEETINGS,
			PG_ARGS(PG_TEXT(day), PG_INT(n < 0 ? -1 : n), PG_DOUBLE(hours)));
}

err_t *features_days(struct tx *tx, apr_pool_t *pool, const char *to, struct days **ret_days)
{
	struct days *days = days_new(pool);
	apr_pool_t *line_pool = pool_child(pool);
	struct rows *rows;
	err_t *err = tx_exec(tx, STMT_FEATURES_DAYS, PG_ARGS(PG_TEXT(to)), &rows);

	for (int i = 0; !err && i < rows_count(rows); i++) {
		const char *text = rows_text(rows, i, COL_FEATURES_DAYS_LINE);
		struct json *line;

		pool_clear(line_pool);
		err = json_read(line_pool, text, strlen(text), &line);
		if (!err)
			err = days_add(days, line);
		if (err && err->code == ERR_INVALID) { /* one odd day hides no other */
			log_error("day_left_out", err);
			err = NULL;
		}
	}
	pool_free(line_pool);
	if (!err)
		*ret_days = days;
	return err;
}

static double number(const struct rows *rows, int row, int col)
{
	return rows_null(rows, row, col) ? NAN : (double)rows_int(rows, row, col);
}

err_t *features_plans(struct tx *tx, const char *to, size_t n, double *ret_due, double *ret_done)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_FEATURES_PLANS, PG_ARGS(PG_TEXT(to), PG_INT((int64_t)n)), &rows));
	for (size_t i = 0; i < n; i++) {
		ret_due[i] = number(rows, (int)i, COL_FEATURES_PLANS_DUE);
		ret_done[i] = number(rows, (int)i, COL_FEATURES_PLANS_DONE);
	}
	return NULL;
}
