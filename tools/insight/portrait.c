#include "tools/insight/portrait.h"

#include "core/i18n.h"
#include "core/limits.h"
#include "ml/features/features.h"
#include "ml/stats/rates.h"
#include "ml/stats/trend.h"
#include "tools/when.h"
#include <math.h>

enum { WEEK = 7, WEEKS = 8, LEAST_DUE = 40, LEAST_DONE = 10, LEAST_NOTED = 28, GROUP = 10, ROUNDS = 499 };
#define CHANGED 0.01 /* p of a change of level that is worth a line: it was looked for on every day */

static int percent(double share)
{
	return (int)lround(share * 100);
}

/* The weekday that does best of those that are planned for, each shrunk to the others: three tasks of three are no certainty. -1:
 * none, or it may well be as the others are. */
static int best_of(const struct rate *rates, double share)
{
	int best = -1;

	for (int i = 0; i < WEEK; i++)
		if (rates[i].of >= WEEKS && (best < 0 || rates[i].mean > rates[best].mean))
			best = i;
	return best >= 0 && rates[best].low > share ? best : -1;
}

static void put_rates(struct req *req, struct buf *html, struct rate *rates, int64_t due, int64_t done)
{
	static const char *const names[WEEK] = { "monday", "tuesday",  "wednesday", "thursday",
						 "friday", "saturday", "sunday" };
	int best;

	buf_fmt(html, "\n• %s",
		tr(req->pool, req->lang, "portrait.done",
		   SLOT_I("share", percent((double)done / (double)due)), SLOT_I("n", due)));
	rates_shrink(rates, WEEK);
	best = best_of(rates, (double)done / (double)due);
	if (best >= 0)
		buf_fmt(html, "\n• %s",
			tr(req->pool, req->lang, "portrait.weekday",
			   SLOT_S("day", tr(req->pool, req->lang,
					    mem_fmt(req->pool, "finding.weekday.%s", names[best]))),
			   SLOT_I("share", percent(rates[best].mean)),
			   SLOT_I("low", percent(rates[best].low)),
			   SLOT_I("high", percent(rates[best].high))));
}

/* "3 horas", "2 dias". */
static const char *span(struct req *req, double hours)
{
	return hours < 36 ? tr(req->pool, req->lang, "portrait.hours", SLOT_I("n", lround(fmax(hours, 1))))
			  : tr(req->pool, req->lang, "portrait.days", SLOT_I("n", lround(hours / 24)));
}

/* Up, down, or level as far as one can see, a week. */
static void put_trend(struct req *req, struct buf *html, const char *what, const struct trend *t)
{
	const char *way = t->low > 0 ? "up" : t->high < 0 ? "down" : "level";
	double low = t->high < 0 ? -t->high : t->low, high = t->high < 0 ? -t->low : t->high;

	buf_fmt(html, "\n• %s",
		tr(req->pool, req->lang, mem_fmt(req->pool, "portrait.%s", way),
		   SLOT_S("what", tr(req->pool, req->lang, mem_fmt(req->pool, "portrait.of.%s", what))),
		   SLOT_S("slope", i18n_number(req->pool, req->lang, fabs(t->slope) * WEEK, 1)),
		   SLOT_S("low", i18n_number(req->pool, req->lang, low * WEEK, 1)),
		   SLOT_S("high", i18n_number(req->pool, req->lang, high * WEEK, 1))));
}

static void put_series(struct req *req, struct buf *html, const struct days *days, size_t n,
		       enum day_number k, const char *what)
{
	const double *x = days->v[k] + days->n - n;
	struct change change;
	struct trend trend;
	struct when day;

	if (!trend_find(req->pool, x, n, LEAST_NOTED, &trend))
		return;
	put_trend(req, html, what, &trend);
	if (!trend_change(req->pool, x, n, LEAST_NOTED, GROUP, ROUNDS, (uint64_t)days->first, &change) ||
	    change.p > CHANGED)
		return;
	day = (struct when){ .wall = (days->first + (int64_t)(days->n - n + change.at)) * 86400 };
	buf_fmt(html, "\n• %s",
		tr(req->pool, req->lang, "portrait.change",
		   SLOT_S("what", tr(req->pool, req->lang, mem_fmt(req->pool, "portrait.of.%s", what))),
		   SLOT_S("day", when_text(req, &day)),
		   SLOT_S("before", i18n_number(req->pool, req->lang, change.before, 1)),
		   SLOT_S("after", i18n_number(req->pool, req->lang, change.after, 1))));
}

/* Sleep and energy of the last weeks, up to yesterday. */
static NODISCARD err_t *put_trends(struct req *req, struct tx *tx, struct buf *html)
{
	struct when yesterday = { .wall = when_now(req) / 86400 * 86400 - 86400 };
	struct days *days;
	size_t n = WEEKS * WEEK;

	ERR(features_days(tx, req->pool, when_date(req, &yesterday), &days));
	n = days->n < n ? days->n : n;
	if (!n)
		return NULL;
	put_series(req, html, days, n, DAY_SLEEP, "sleep");
	put_series(req, html, days, n, DAY_ENERGY, "energy");
	return NULL;
}

static NODISCARD err_t *put_tasks(struct req *req, struct tx *tx, struct buf *html)
{
	struct when from = { .wall = when_now(req) - WEEKS * WEEK * 86400 };
	struct rate rates[WEEK] = { 0 };
	int64_t due = 0, done = 0, tasks = 0;
	struct rows *rows;
	double hours = 0;

	ERR(tx_exec(tx, STMT_INSIGHT_RATES, PG_ARGS(PG_TEXT(when_date(req, &from))), &rows));
	for (int i = 0; i < rows_count(rows); i++) {
		int64_t day = rows_int(rows, i, COL_INSIGHT_RATES_WEEKDAY);

		rates[day].of = (size_t)rows_int(rows, i, COL_INSIGHT_RATES_DUE);
		rates[day].done = (size_t)rows_int(rows, i, COL_INSIGHT_RATES_DONE);
		due += (int64_t)rates[day].of;
		done += (int64_t)rates[day].done;
		tasks = rows_int(rows, i, COL_INSIGHT_RATES_TASKS);
		hours = rows_double(rows, i, COL_INSIGHT_RATES_HOURS);
	}
	if (due >= LEAST_DUE)
		put_rates(req, html, rates, due, done);
	if (tasks >= LEAST_DONE)
		buf_fmt(html, "\n• %s",
			tr(req->pool, req->lang, "portrait.wait", SLOT_S("span", span(req, hours))));
	return NULL;
}

err_t *portrait_add(struct req *req, struct tx *tx, struct buf *html)
{
	struct buf lines = buf_new(req->pool, LIMIT_MESSAGE_BYTES);

	ERR(put_tasks(req, tx, &lines));
	ERR(put_trends(req, tx, &lines));
	ERR(buf_check(&lines));
	if (lines.n)
		buf_fmt(html, "\n\n%s%s\n%s", tr(req->pool, req->lang, "portrait.head"), lines.p,
			tr(req->pool, req->lang, "portrait.foot"));
	return NULL;
}
