#include "tools/chart/chart_told.h"

#include "core/limits.h"
#include "core/text.h"
#include "ml/chart/chart_scale.h"
#include "tools/when.h"
#include <math.h>
#include <string.h>

enum { WEEK = 7, ENERGY_WEEKS = 4, HOURS_WEEKS = 8, HABIT_WEEKS = 12 };
enum { LEAST_NOTED = 3, LEAST_DONE = 10, NAME_CHARS = 60 };

static const int64_t day_s = 86400;

/* "2026-11-18", so many days before the person's today. */
static const char *days_ago(struct req *req, int64_t days)
{
	struct when when = { .wall = when_now(req) / day_s * day_s - days * day_s };

	return when_date(req, &when);
}

static void begin(struct req *req, struct chart_told *t, enum chart_kind kind, const char *first, size_t days)
{
	*t = (struct chart_told){ .chart = { .kind = kind, .lang = req->lang } };
	if (first)
		chart_days(req->pool, &t->chart, first, days);
}

static void end(struct req *req, struct chart_told *t, struct buf *html)
{
	t->html = html->p;
	t->spec = chart_write(req->pool, &t->chart);
}

static const char *date(struct req *req, const struct chart_told *t, size_t day)
{
	struct tm tm;

	if (!chart_scale_day(t->chart.first, (int)day, &tm))
		return "";
	return mem_fmt(req->pool, "%s, %s",
		       tr(req->pool, req->lang,
			  mem_fmt(req->pool, "chart.weekday.%d", chart_scale_weekday(&tm))),
		       chart_scale_date(req->pool, req->lang, &tm));
}

static const char *number(struct req *req, double value)
{
	return chart_scale_number(req->pool, req->lang, value, 1);
}

/* --- tasks --- */

static const char *day_counts(struct req *req, const struct chart_told *t)
{
	struct buf out = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	struct tm tm;

	for (size_t i = 0; i < t->chart.days && chart_scale_day(t->chart.first, (int)i, &tm); i++)
		buf_fmt(&out, "%s%s %d/%d", i ? " · " : "",
			tr(req->pool, req->lang,
			   mem_fmt(req->pool, "chart.weekday.%d", chart_scale_weekday(&tm))),
			(int)t->chart.count[1][i], (int)t->chart.count[0][i]);
	return out.p;
}

err_t *chart_told_tasks(struct req *req, struct tx *tx, const char *first, int days, struct chart_told *ret)
{
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	struct rows *rows;
	const char *from, *to;

	begin(req, ret, CHART_WEEK, first, (size_t)days);
	ERR(tx_exec(tx, STMT_CHART_TASKS, PG_ARGS(PG_TEXT(first), PG_INT(days)), &rows));
	for (int i = 0; i < rows_count(rows) && i < days; i++) {
		int64_t due = rows_int(rows, i, COL_CHART_TASKS_DUE),
			done = rows_int(rows, i, COL_CHART_TASKS_DONE);

		ret->chart.count[0][i] = (double)due;
		ret->chart.count[1][i] = (double)done;
		ret->due += due;
		ret->done += done;
	}
	from = date(req, ret, 0);
	to = date(req, ret, (size_t)days - 1);
	if (chart_empty(&ret->chart)) {
		ret->html = tr(req->pool, req->lang, "chart.week_nothing", SLOT_S("from", from),
			       SLOT_S("to", to));
		return NULL;
	}
	buf_text(&html, tr(req->pool, req->lang, "chart.week", SLOT_S("from", from), SLOT_S("to", to),
			   SLOT_I("done", ret->done), SLOT_I("due", ret->due)));
	buf_fmt(&html, "\n%s",
		tr(req->pool, req->lang, "chart.week_days", SLOT_S("days", day_counts(req, ret))));
	end(req, ret, &html);
	return buf_check(&html);
}

/* --- sleep and energy --- */

struct spread {
	int64_t n;
	double sum, low, high;
};

static struct spread spread_of(const struct chart *chart, int which)
{
	struct spread s = { .low = INFINITY, .high = -INFINITY };

	for (size_t i = 0; i < chart->days; i++) {
		double v = chart->count[which][i];

		if (isnan(v))
			continue;
		s.n++;
		s.sum += v;
		s.low = fmin(s.low, v);
		s.high = fmax(s.high, v);
	}
	return s;
}

static int64_t noted(const struct chart *chart)
{
	int64_t n = 0;

	for (size_t i = 0; i < chart->days; i++)
		n += !isnan(chart->count[0][i]) || !isnan(chart->count[1][i]);
	return n;
}

static void say_spread(struct req *req, struct buf *html, const char *key, const struct spread *s)
{
	if (s->n)
		buf_fmt(html, "%s%s", html->n ? "\n" : "",
			tr(req->pool, req->lang, key, SLOT_I("weeks", ENERGY_WEEKS), SLOT_I("n", s->n),
			   SLOT_S("mean", number(req, s->sum / (double)s->n)),
			   SLOT_S("low", number(req, s->low)), SLOT_S("high", number(req, s->high))));
}

static void energy_rows(const struct rows *rows, struct chart *chart)
{
	for (int i = 0; i < rows_count(rows); i++) {
		bool energy = strcmp(rows_text(rows, i, COL_CHART_CHECKINS_KIND), "energy") == 0;
		int64_t at = rows_int(rows, i, COL_CHART_CHECKINS_AT);

		if (at >= 0 && at < (int64_t)chart->days)
			chart->count[energy][at] = rows_double(rows, i, COL_CHART_CHECKINS_VALUE);
	}
}

static NODISCARD err_t *told_energy(struct req *req, struct tx *tx, struct chart_told *ret)
{
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	int64_t days = ENERGY_WEEKS * WEEK, have;
	const char *first = days_ago(req, days - 1);
	struct spread sleep, energy;
	struct rows *rows;

	begin(req, ret, CHART_ENERGY, first, (size_t)days);
	ERR(tx_exec(tx, STMT_CHART_CHECKINS, PG_ARGS(PG_TEXT(first), PG_INT(days)), &rows));
	energy_rows(rows, &ret->chart);
	have = noted(&ret->chart);
	if (have < LEAST_NOTED) {
		ret->html = tr(req->pool, req->lang, "chart.energy_nothing", SLOT_I("n", LEAST_NOTED - have));
		return NULL;
	}
	sleep = spread_of(&ret->chart, 0);
	energy = spread_of(&ret->chart, 1);
	say_spread(req, &html, "chart.sleep_said", &sleep);
	say_spread(req, &html, "chart.energy_said", &energy);
	if (have < days) {
		const char *gaps = tr(req->pool, req->lang, "chart.energy_gaps", SLOT_I("n", days - have));

		buf_fmt(&html, "\n%s", gaps);
		ret->chart.note = gaps;
	}
	end(req, ret, &html);
	return buf_check(&html);
}

/* --- hours --- */

struct peak {
	int64_t total, hour_n, weekday_n;
	int hour, weekday;
};

static struct peak peak_of(const struct chart *chart)
{
	int64_t hours[CHART_HOURS_DAY] = { 0 }, weekdays[CHART_WEEKDAYS] = { 0 };
	struct peak p = { 0 };

	for (int d = 0; d < CHART_WEEKDAYS; d++)
		for (int h = 0; h < CHART_HOURS_DAY; h++) {
			hours[h] += chart->hours[d][h];
			weekdays[d] += chart->hours[d][h];
			p.total += chart->hours[d][h];
		}
	for (int h = 0; h < CHART_HOURS_DAY; h++)
		if (hours[h] > p.hour_n) {
			p.hour = h;
			p.hour_n = hours[h];
		}
	for (int d = 0; d < CHART_WEEKDAYS; d++)
		if (weekdays[d] > p.weekday_n) {
			p.weekday = d;
			p.weekday_n = weekdays[d];
		}
	return p;
}

static void hours_rows(const struct rows *rows, struct chart *chart)
{
	for (int i = 0; i < rows_count(rows); i++) {
		int64_t d = rows_int(rows, i, COL_CHART_HOURS_WEEKDAY),
			h = rows_int(rows, i, COL_CHART_HOURS_HOUR);

		chart->hours[d][h] = rows_int(rows, i, COL_CHART_HOURS_N);
	}
}

static NODISCARD err_t *told_hours(struct req *req, struct tx *tx, struct chart_told *ret)
{
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	int64_t days = HOURS_WEEKS * WEEK;
	struct rows *rows;
	struct peak p;

	begin(req, ret, CHART_HOURS, NULL, 0);
	ERR(tx_exec(tx, STMT_CHART_HOURS, PG_ARGS(PG_TEXT(days_ago(req, days - 1)), PG_INT(days)), &rows));
	hours_rows(rows, &ret->chart);
	p = peak_of(&ret->chart);
	ret->done = p.total;
	if (p.total < LEAST_DONE) {
		ret->html =
			tr(req->pool, req->lang, "chart.hours_nothing", SLOT_I("n", LEAST_DONE - p.total));
		return NULL;
	}
	buf_text(&html, tr(req->pool, req->lang, "chart.hours_said", SLOT_I("weeks", HOURS_WEEKS),
			   SLOT_I("n", p.total), SLOT_I("from", p.hour), SLOT_I("to", p.hour + 1),
			   SLOT_I("top", p.hour_n), SLOT_I("best", p.weekday_n),
			   SLOT_S("weekday", tr(req->pool, req->lang,
						mem_fmt(req->pool, "chart.weekday.%d", p.weekday)))));
	end(req, ret, &html);
	return buf_check(&html);
}

/* --- habits --- */

struct tracked {
	int64_t id, target, kept, due;
	bool weekly;
	char *marks;
};

/* Of a habit of every day a day is kept or missed, and today still open; one of some times a week is due on no day of its own. */
static void mark_days(struct tracked *h, int64_t began, int64_t days)
{
	for (int64_t i = 0; i < days; i++)
		h->marks[i] = i < began ? '-' : h->weekly ? 'n' : i + 1 == days ? '-' : 'm';
	/* Who flew back over the date line began it tomorrow. */
	began = began < 0 ? 0 : began < days ? began : days - 1;
	h->due = h->weekly ? h->target * ((days - began + WEEK - 1) / WEEK) : days - 1 - began;
}

static void keep(struct tracked *h, int64_t at, int64_t days, double times)
{
	if (h->weekly)
		h->kept += (int64_t)times;
	if (times < (h->weekly ? 1 : (double)h->target))
		return;
	if (!h->weekly) {
		h->kept++;
		h->due += at + 1 == days; /* today counts once it is kept */
	}
	h->marks[at] = 'k';
}

static void say_habit(struct req *req, struct buf *html, const char *name, const struct tracked *h)
{
	buf_fmt(html, "\n%s",
		tr(req->pool, req->lang, h->weekly ? "chart.habit_weeks" : "chart.habit_days",
		   SLOT_S("name", name), SLOT_I("kept", h->kept), SLOT_I("due", h->due),
		   SLOT_I("target", h->target)));
}

static void habit_rows(struct req *req, const struct rows *rows, int64_t days, struct chart *chart,
		       struct tracked *tracked)
{
	chart->habits_n = (size_t)rows_count(rows);
	chart->habits = mem_alloc(req->pool, sizeof *chart->habits * (chart->habits_n + 1));
	for (int i = 0; i < rows_count(rows); i++) {
		struct tracked *h = &tracked[i];

		*h = (struct tracked){ .id = rows_int(rows, i, COL_CHART_HABITS_ID),
				       .target = rows_int(rows, i, COL_CHART_HABITS_TARGET),
				       .weekly = rows_bool(rows, i, COL_CHART_HABITS_WEEKLY),
				       .marks = mem_alloc(req->pool, (size_t)days + 1) };
		mark_days(h, rows_int(rows, i, COL_CHART_HABITS_BEGAN), days);
		chart->habits[i] = (struct chart_habit){
			.name = text_cut(req->pool, rows_text(rows, i, COL_CHART_HABITS_NAME), NAME_CHARS),
			.marks = h->marks
		};
	}
}

static void kept_rows(const struct rows *rows, int64_t days, size_t n, struct tracked *tracked)
{
	for (int i = 0; i < rows_count(rows); i++) {
		int64_t at = rows_int(rows, i, COL_CHART_KEPT_AT);

		for (size_t k = 0; k < n; k++)
			if (tracked[k].id == rows_int(rows, i, COL_CHART_KEPT_HABIT) && at >= 0 && at < days)
				keep(&tracked[k], at, days, rows_double(rows, i, COL_CHART_KEPT_VALUE));
	}
}

/* Twelve columns, the last of them this week as far as it has come. */
static int64_t habit_days(struct req *req)
{
	int64_t today = when_now(req) / day_s;

	return (HABIT_WEEKS - 1) * WEEK + (today + 3) % WEEK + 1; /* 1970 began on a Thursday */
}

static NODISCARD err_t *told_habits(struct req *req, struct tx *tx, struct chart_told *ret)
{
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	struct tracked tracked[CHART_HABITS_MAX];
	int64_t days = habit_days(req);
	const char *first = days_ago(req, days - 1);
	struct rows *rows;

	begin(req, ret, CHART_HABITS, first, (size_t)days);
	ERR(tx_exec(tx, STMT_CHART_HABITS, PG_ARGS(PG_TEXT(first), PG_INT(CHART_HABITS_MAX)), &rows));
	habit_rows(req, rows, days, &ret->chart, tracked);
	if (!ret->chart.habits_n) {
		ret->html = tr(req->pool, req->lang, "chart.habits_nothing");
		return NULL;
	}
	ERR(tx_exec(tx, STMT_CHART_KEPT, PG_ARGS(PG_TEXT(first), PG_INT(days)), &rows));
	kept_rows(rows, days, ret->chart.habits_n, tracked);
	buf_text(&html, tr(req->pool, req->lang, "chart.habits_said", SLOT_I("weeks", HABIT_WEEKS),
			   SLOT_S("from", date(req, ret, 0))));
	for (size_t i = 0; i < ret->chart.habits_n; i++) {
		ret->chart.habits[i].kept = tracked[i].kept;
		ret->chart.habits[i].due = tracked[i].due;
		say_habit(req, &html, ret->chart.habits[i].name, &tracked[i]);
	}
	end(req, ret, &html);
	return buf_check(&html);
}

err_t *chart_told(struct req *req, struct tx *tx, enum chart_kind kind, struct chart_told *ret)
{
	switch (kind) {
	case CHART_ENERGY: return told_energy(req, tx, ret);
	case CHART_HOURS: return told_hours(req, tx, ret);
	case CHART_HABITS: return told_habits(req, tx, ret);
	default: return chart_told_tasks(req, tx, days_ago(req, WEEK - 1), WEEK, ret);
	}
}
