#include "tools/routine/week_view.h"

#include "core/text.h"
#include "tools/chart/chart_told.h"
#include "tools/habit/habit_view.h"
#include "tools/routine/routine_view.h"
#include "tools/when.h"

enum { DAYS = 7, DAYS_MIN = 3, HABITS_SHOWN = 5 };

static void line(struct routine_view *v, const char *html)
{
	buf_fmt(&v->html, "\n%s", html);
}

static void put_tasks(struct routine_view *v, const struct rows *rows)
{
	struct req *req = v->req;
	int64_t done = rows_int(rows, 0, COL_ROUTINE_NUMBERS_DONE),
		before = rows_int(rows, 0, COL_ROUTINE_NUMBERS_DONE_BEFORE),
		due = rows_int(rows, 0, COL_ROUTINE_NUMBERS_DUE);
	struct when best;

	if (done || before)
		line(v, tr(req->pool, req->lang, "report.done", SLOT_I("n", done), SLOT_I("before", before)));
	if (due)
		line(v, tr(req->pool, req->lang, "report.due", SLOT_I("n", due),
			   SLOT_I("done", rows_int(rows, 0, COL_ROUTINE_NUMBERS_DUE_DONE))));
	if (when_read(req, rows_text(rows, 0, COL_ROUTINE_NUMBERS_BEST_DAY), &best))
		line(v, tr(req->pool, req->lang, "report.best", SLOT_S("day", routine_day(req, best.wall)),
			   SLOT_I("n", rows_int(rows, 0, COL_ROUTINE_NUMBERS_BEST))));
}

/* "7h10" of 7.17. */
static const char *hours(apr_pool_t *pool, double value)
{
	long minutes = (long)(value * 60 + 0.5);

	return mem_fmt(pool, "%ldh%02ld", minutes / 60, minutes % 60);
}

/* "6.4", in Portuguese "6,4". */
static const char *mean(struct req *req, double value)
{
	long tenths = (long)(value * 10 + 0.5);

	return mem_fmt(req->pool, "%ld%s%ld", tenths / 10, req->lang == LANG_PT ? "," : ".", tenths % 10);
}

/* Averages of what was said on some days at least; of fewer days there is none to tell. */
static void put_health(struct routine_view *v, const struct rows *rows)
{
	struct req *req = v->req;
	int64_t sleep = rows_int(rows, 0, COL_ROUTINE_NUMBERS_SLEEP_N),
		energy = rows_int(rows, 0, COL_ROUTINE_NUMBERS_ENERGY_N),
		mood = rows_int(rows, 0, COL_ROUTINE_NUMBERS_MOOD_N),
		workouts = rows_int(rows, 0, COL_ROUTINE_NUMBERS_WORKOUTS);

	if (sleep >= DAYS_MIN)
		line(v,
		     tr(req->pool, req->lang, "report.sleep", SLOT_I("n", sleep),
			SLOT_S("mean", hours(req->pool, rows_double(rows, 0, COL_ROUTINE_NUMBERS_SLEEP)))));
	if (energy >= DAYS_MIN)
		line(v, tr(req->pool, req->lang, "report.energy", SLOT_I("n", energy),
			   SLOT_S("mean", mean(req, rows_double(rows, 0, COL_ROUTINE_NUMBERS_ENERGY)))));
	if (mood >= DAYS_MIN)
		line(v, tr(req->pool, req->lang, "report.mood", SLOT_I("n", mood),
			   SLOT_S("mean", mean(req, rows_double(rows, 0, COL_ROUTINE_NUMBERS_MOOD)))));
	if (workouts)
		line(v, tr(req->pool, req->lang, "report.workouts", SLOT_I("n", workouts)));
}

static NODISCARD err_t *put_habits(struct routine_view *v)
{
	struct req *req = v->req;
	struct habits habits;

	ERR(habits_of(req, v->tx, routine_date(req, v->wall - ROUTINE_DAY_S), &habits));
	for (int i = 0, shown = 0; i < habits.n && shown < HABITS_SHOWN; i++) {
		const struct habit_row *h = &habits.v[i];

		if (!h->streak)
			continue;
		shown++;
		line(v, tr(req->pool, req->lang, h->weekly ? "report.habit_week" : "report.habit",
			   SLOT_S("name", h->name), SLOT_I("n", h->streak)));
	}
	return NULL;
}

static void put_posts(struct routine_view *v, const struct rows *rows)
{
	struct req *req = v->req;
	int64_t posts = rows_int(rows, 0, COL_ROUTINE_NUMBERS_POSTS),
		views = rows_int(rows, 0, COL_ROUTINE_NUMBERS_VIEWS);

	if (posts)
		line(v, views ? tr(req->pool, req->lang, "report.posts_views", SLOT_I("n", posts),
				   SLOT_I("views", views))
			      : tr(req->pool, req->lang, "report.posts", SLOT_I("n", posts)));
}

static NODISCARD err_t *numbers(struct req *req, struct tx *tx, int64_t wall, struct rows **ret_rows)
{
	return tx_exec(tx, STMT_ROUTINE_NUMBERS,
		       PG_ARGS(PG_TEXT(routine_date(req, wall - 2 * (int64_t)DAYS * ROUTINE_DAY_S)),
			       PG_TEXT(routine_date(req, wall - (int64_t)DAYS * ROUTINE_DAY_S)),
			       PG_TEXT(routine_date(req, wall - ROUTINE_DAY_S)), PG_TIME(req->now),
			       PG_TEXT(req->zone)),
		       ret_rows);
}

/* The week's tasks, or where there are none sleep and energy. */
static NODISCARD err_t *picture(struct routine_view *v)
{
	struct chart_told chart;

	ERR(chart_told_tasks(v->req, v->tx, routine_date(v->req, v->wall - (int64_t)DAYS * ROUTINE_DAY_S),
			     DAYS, &chart));
	if (!chart.spec)
		ERR(chart_told(v->req, v->tx, CHART_ENERGY, &chart));
	if (!chart.spec)
		return NULL;
	v->ret->chart = chart.spec;
	v->ret->caption = chart.html;
	return NULL;
}

err_t *week_report_view(struct req *req, struct tx *tx, const char *day, const char *name,
			struct outcome *ret)
{
	struct routine_view v;
	struct rows *rows;
	size_t begun;

	(void)name;
	ERR(routine_view_begin(req, tx, day, ret, &v));
	ERR(numbers(req, tx, v.wall, &rows));
	buf_text(&v.html, tr(req->pool, req->lang, "report.head",
			     SLOT_S("from", routine_day(req, v.wall - (int64_t)DAYS * ROUTINE_DAY_S)),
			     SLOT_S("until", routine_day(req, v.wall - ROUTINE_DAY_S))));
	buf_text(&v.html, "\n");
	begun = v.html.n;
	put_tasks(&v, rows);
	put_health(&v, rows);
	ERR(put_habits(&v));
	put_posts(&v, rows);
	if (v.html.n == begun && rows_bool(rows, 0, COL_ROUTINE_NUMBERS_NEWCOMER)) {
		ret->html = ""; /* that week they were not here yet */
		return NULL;
	}
	if (v.html.n == begun)
		line(&v, tr(req->pool, req->lang, "report.nothing"));
	ERR(picture(&v));
	return routine_view_end(&v);
}

/* What the week's facts are called, are, and are spoken of with. */
static const struct phrase_fact week_named[] = {
	{ "done", NULL, "tasks finished last week",
	  "conclu feit fez finaliz termin realiz complet finish done did accomplish" },
	{ "due", NULL, "tasks that were due last week", "venc prazo previst planej deadline plan schedul" },
	{ "sleep", NULL, "sleep a night, on average", "sono dorm descans sleep slept rest" },
	{ "energy", NULL, "energy on a scale to ten, on average", "energ dispo" },
	{ "workouts", NULL, "workouts last week", "trein exerc academia workout train gym" },
	{ "posts", NULL, "posts published last week", "post public publish" },
};

static void fact(struct week_facts *ret, const char *name, const char *value)
{
	for (size_t i = 0; i < ret->n; i++)
		if (text_same(ret->v[i].name, name))
			ret->v[i].value = value;
}

static const char *count(struct req *req, const struct rows *rows, int col)
{
	return mem_fmt(req->pool, "%lld", (long long)rows_int(rows, 0, col));
}

err_t *week_report_facts(struct req *req, struct tx *tx, const char *day, struct week_facts *ret)
{
	struct rows *rows;
	struct when monday;

	for (ret->n = 0; ret->n < sizeof week_named / sizeof *week_named; ret->n++)
		ret->v[ret->n] = week_named[ret->n];
	if (!when_read(req, day, &monday))
		return err_new(ERR_INVALID, "\"%s\": not a day", day);
	ERR(numbers(req, tx, monday.wall, &rows));
	if (rows_int(rows, 0, COL_ROUTINE_NUMBERS_DONE))
		fact(ret, "done", count(req, rows, COL_ROUTINE_NUMBERS_DONE));
	if (rows_int(rows, 0, COL_ROUTINE_NUMBERS_DUE))
		fact(ret, "due", count(req, rows, COL_ROUTINE_NUMBERS_DUE));
	if (rows_int(rows, 0, COL_ROUTINE_NUMBERS_SLEEP_N) >= DAYS_MIN)
		fact(ret, "sleep", hours(req->pool, rows_double(rows, 0, COL_ROUTINE_NUMBERS_SLEEP)));
	if (rows_int(rows, 0, COL_ROUTINE_NUMBERS_ENERGY_N) >= DAYS_MIN)
		fact(ret, "energy", mean(req, rows_double(rows, 0, COL_ROUTINE_NUMBERS_ENERGY)));
	if (rows_int(rows, 0, COL_ROUTINE_NUMBERS_WORKOUTS))
		fact(ret, "workouts", count(req, rows, COL_ROUTINE_NUMBERS_WORKOUTS));
	if (rows_int(rows, 0, COL_ROUTINE_NUMBERS_POSTS))
		fact(ret, "posts", count(req, rows, COL_ROUTINE_NUMBERS_POSTS));
	return NULL;
}
