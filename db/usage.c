#include "db/usage.h"

#include <string.h>

#define DAY_CHARS 10
#define DOLLAR 1e6
#define DIME 100000

static const int64_t thresholds[] = { 100, 80, 50 };

static int64_t threshold_of(int64_t spent, int64_t limit)
{
	for (size_t i = 0; limit > 0 && i < sizeof thresholds / sizeof *thresholds; i++)
		if ((double)spent * 100 >= (double)limit * (double)thresholds[i])
			return thresholds[i];
	return 0;
}

static err_t *left(struct tx *tx, const struct usage_limits *limits, bool *ret_left)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_USAGE_SPENT, PG_ARGS(), &rows));
	*ret_left = (limits->day <= 0 || rows_int(rows, 0, COL_USAGE_SPENT_DAY) < limits->day) &&
		    (limits->month <= 0 || rows_int(rows, 0, COL_USAGE_SPENT_MONTH) < limits->month);
	return NULL;
}

static struct usage_span read_span(const struct rows *rows, int row, int col)
{
	return (struct usage_span){
		.calls = rows_int(rows, row, col + COL_USAGE_CALLS),
		.in = rows_int(rows, row, col + COL_USAGE_TOKENS_IN),
		.out = rows_int(rows, row, col + COL_USAGE_TOKENS_OUT),
		.cost = rows_int(rows, row, col + COL_USAGE_COST),
		.unpriced = rows_int(rows, row, col + COL_USAGE_UNPRICED),
		.counted = rows_int(rows, row, col + COL_USAGE_COUNTED),
	};
}

static void add_span(struct usage_span *to, const struct usage_span *more)
{
	to->calls += more->calls;
	to->in += more->in;
	to->out += more->out;
	to->cost += more->cost;
	to->unpriced += more->unpriced;
	to->counted += more->counted;
}

static err_t *summarise(struct tx *tx, struct usage_summary *ret)
{
	struct usage_summary s = { 0 };
	struct rows *rows;

	ERR(tx_exec(tx, STMT_USAGE_SUMMARY, PG_ARGS(), &rows));
	s.models = mem_alloc(tx_req(tx)->pool, sizeof *s.models * (size_t)(rows_count(rows) + 1));
	for (int i = 0; i < rows_count(rows); i++) {
		struct usage_model *m = &s.models[s.models_n++];

		m->provider = rows_text(rows, i, COL_USAGE_SUMMARY_PROVIDER);
		m->model = rows_text(rows, i, COL_USAGE_SUMMARY_MODEL);
		m->day = read_span(rows, i, COL_USAGE_SUMMARY_DAY);
		m->month = read_span(rows, i, COL_USAGE_SUMMARY_MONTH);
		add_span(&s.day, &m->day);
		add_span(&s.month, &m->month);
	}
	*ret = s;
	return NULL;
}

const char *usage_dollars(apr_pool_t *pool, enum lang lang, int64_t amount)
{
	char *text = mem_fmt(pool, "%.*f", amount && amount < DIME ? 4 : 2, (double)amount / DOLLAR);
	char *point = strchr(text, '.');

	if (point && lang == LANG_PT)
		*point = ',';
	return text;
}

err_t *usage_left(struct req *req, const struct usage_limits *limits, bool *ret_left)
{
	struct tx *tx;

	if (limits->day <= 0 && limits->month <= 0) {
		*ret_left = true;
		return NULL;
	}
	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, left(tx, limits, ret_left));
}

err_t *usage_put(struct tx *tx, const struct usage_call *c, const struct usage_limits *limits,
		 struct usage_notice ret_notices[2], size_t *ret_n)
{
	struct rows *rows;
	size_t n = 0;

	ERR(tx_exec(tx, STMT_USAGE_PUT,
		    PG_ARGS(PG_TEXT(c->provider), PG_TEXT(c->model), PG_INT(c->in), PG_INT(c->cached),
			    PG_INT(c->out), c->cost < 0 ? PG_INT_NULL : PG_INT(c->cost), PG_INT(c->counted),
			    PG_INT(c->latency_ms), PG_BOOL(c->success), PG_TEXT(c->error)),
		    &rows));
	for (int i = 0; i < rows_count(rows) && n < 2; i++) {
		const char *period = rows_text(rows, i, COL_USAGE_PUT_PERIOD);
		bool month = strlen(period) < DAY_CHARS;
		int64_t spent = rows_int(rows, i, COL_USAGE_PUT_SPENT),
			limit = month ? limits->month : limits->day;
		int64_t percent = threshold_of(spent, limit);

		if (percent > rows_int(rows, i, COL_USAGE_PUT_TOLD))
			ret_notices[n++] = (struct usage_notice){ month, percent, spent, limit, period };
	}
	*ret_n = n;
	return NULL;
}

err_t *usage_told(struct tx *tx, const struct usage_notice *notice)
{
	return tx_defer(tx, STMT_USAGE_TOLD, PG_ARGS(PG_TEXT(notice->period), PG_INT(notice->percent)));
}

err_t *usage_summary(struct req *req, struct usage_summary *ret)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, summarise(tx, ret));
}
