#include "tools/insight/portrait.h"

#include "core/i18n.h"
#include "ml/stats/rates.h"
#include "tools/when.h"
#include <math.h>

enum { WEEK = 7, WEEKS = 8, LEAST_DUE = 40, LEAST_DONE = 10 };

static int percent(double share)
{
	return (int)lround(share * 100);
}

/* The weekday that does best of those that are planned for, each shrunk to the others: three tasks of three are no certainty. */
static int best_of(const struct rate *rates)
{
	int best = -1;

	for (int i = 0; i < WEEK; i++)
		if (rates[i].of >= WEEKS && (best < 0 || rates[i].mean > rates[best].mean))
			best = i;
	return best;
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
	best = best_of(rates);
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

err_t *portrait_add(struct req *req, struct tx *tx, struct buf *html)
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
	if (due < LEAST_DUE && tasks < LEAST_DONE)
		return NULL;
	buf_fmt(html, "\n\n%s", tr(req->pool, req->lang, "portrait.head"));
	if (due >= LEAST_DUE)
		put_rates(req, html, rates, due, done);
	if (tasks >= LEAST_DONE)
		buf_fmt(html, "\n• %s",
			tr(req->pool, req->lang, "portrait.wait", SLOT_S("span", span(req, hours))));
	buf_fmt(html, "\n%s", tr(req->pool, req->lang, "portrait.foot"));
	return NULL;
}
