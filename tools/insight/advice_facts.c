#include "tools/insight/advice.h"

#include "core/text.h"
#include "ml/features/features.h"
#include "ml/insight/forecast.h"
#include "tools/habit/habit_view.h"
#include <math.h>
#include <string.h>

enum {
	TITLE_CHARS = 60,
	LOAD_DAYS = 10,   /* with something done, before a usual day is spoken of */
	LOAD_LEAST = 4,   /* tasks, before a plan is called long */
	STREAK_LEAST = 3, /* days */
	INBOX_LEAST = 5,  /* items */
	PLAN_DAYS = 180,
	EVENING = 20,
	MANY_LATE = 3,
};

static const char *cut(struct advices *l, const char *text)
{
	return text_cut(l->req->pool, text, TITLE_CHARS);
}

static NODISCARD err_t *overdue(struct advices *l)
{
	struct advice *a;
	struct json *args;
	struct rows *rows;
	int64_t n;

	ERR(tx_exec(l->tx, STMT_ADVICE_OVERDUE, PG_ARGS(PG_TEXT(l->day)), &rows));
	if (!rows_count(rows))
		return NULL;
	n = rows_int(rows, 0, COL_ADVICE_OVERDUE_N);
	a = advice_add(l, "overdue", "fact", n >= MANY_LATE ? 0.85 : 0.7);
	a->object = "task";
	a->object_id = rows_int(rows, 0, COL_ADVICE_OVERDUE_ID);
	a->n = n;
	a->outside = rows_bool(rows, 0, COL_ADVICE_OVERDUE_OUTSIDE);
	a->title = advice_say(l, "recommendation.overdue", SLOT_I("n", n),
			      SLOT_S("task", cut(l, rows_text(rows, 0, COL_ADVICE_OVERDUE_TITLE))));
	a->reasoning = advice_say(l, "recommendation.overdue.why",
				  SLOT_I("days", rows_int(rows, 0, COL_ADVICE_OVERDUE_DAYS)));
	args = advice_act(l, a, "update_task", advice_say(l, "recommendation.act.today"));
	json_set_int(args, "id", a->object_id);
	json_set_text(args, "due", l->day);
	return NULL;
}

static NODISCARD err_t *follow_up(struct advices *l)
{
	struct advice *a;
	struct json *args;
	struct rows *rows;
	const char *name;
	int64_t days;

	ERR(tx_exec(l->tx, STMT_ADVICE_FOLLOW_UP, PG_ARGS(PG_TEXT(l->day)), &rows));
	if (!rows_count(rows))
		return NULL;
	name = cut(l, rows_text(rows, 0, COL_ADVICE_FOLLOW_UP_NAME));
	days = rows_int(rows, 0, COL_ADVICE_FOLLOW_UP_DAYS);
	a = advice_add(l, "follow_up", "fact", 0.75);
	a->object = "contact";
	a->object_id = rows_int(rows, 0, COL_ADVICE_FOLLOW_UP_ID);
	a->title = advice_say(l, "recommendation.follow_up", SLOT_S("name", name));
	a->reasoning = days ? advice_say(l, "recommendation.follow_up.why", SLOT_I("days", days))
			    : advice_say(l, "recommendation.follow_up.today");
	args = advice_act(l, a, "create_task", advice_say(l, "recommendation.act.task"));
	json_set_text(args, "title", advice_say(l, "recommendation.follow_up.task", SLOT_S("name", name)));
	json_set_text(args, "due", l->day);
	return NULL;
}

static NODISCARD err_t *project(struct advices *l)
{
	struct advice *a;
	struct json *args;
	struct rows *rows;
	const char *name;

	ERR(tx_exec(l->tx, STMT_ADVICE_PROJECT, PG_ARGS(), &rows));
	if (!rows_count(rows))
		return NULL;
	name = rows_text(rows, 0, COL_ADVICE_PROJECT_NAME);
	a = advice_add(l, "project", "fact", 0.65);
	a->object = "project";
	a->object_id = rows_int(rows, 0, COL_ADVICE_PROJECT_ID);
	a->title = advice_say(l, "recommendation.project", SLOT_S("name", cut(l, name)));
	a->reasoning = advice_say(l, "recommendation.project.why");
	args = advice_act(l, a, "create_task", advice_say(l, "recommendation.act.task"));
	json_set_text(args, "title",
		      advice_say(l, "recommendation.project.task", SLOT_S("name", cut(l, name))));
	json_set_text(args, "project", mem_fmt(l->req->pool, "%lld", (long long)a->object_id));
	json_set_text(args, "due", l->day);
	return NULL;
}

/* The longest row of days that today could end. */
static NODISCARD err_t *streak(struct advices *l)
{
	const struct habit_row *best = NULL;
	struct when at = advice_at(l, EVENING, 0);
	struct habits habits;
	struct advice *a;
	struct json *args;

	ERR(habits_of(l->req, l->tx, l->day, &habits));
	for (int i = 0; i < habits.n; i++) {
		const struct habit_row *h = &habits.v[i];

		if (!h->weekly && h->streak >= STREAK_LEAST && h->today < h->target &&
		    (!best || h->streak > best->streak))
			best = h;
	}
	if (!best)
		return NULL;
	a = advice_add(l, "streak", "fact", 0.6);
	a->object = "habit";
	a->object_id = best->id;
	a->n = best->streak;
	a->title = advice_say(l, "recommendation.streak", SLOT_S("habit", best->name),
			      SLOT_I("n", best->streak));
	a->reasoning = advice_say(l, "recommendation.streak.why", SLOT_I("best", best->best));
	args = advice_act(l, a, "create_reminder",
			  advice_say(l, "recommendation.act.remind", SLOT_S("time", when_time(l->req, &at))));
	json_set_text(args, "text", best->name);
	json_set_text(args, "at", when_iso(l->req, &at));
	return NULL;
}

static NODISCARD err_t *inbox(struct advices *l)
{
	struct advice *a;
	struct rows *rows;
	int64_t n;

	ERR(tx_exec(l->tx, STMT_ADVICE_INBOX, PG_ARGS(), &rows));
	n = rows_int(rows, 0, COL_ADVICE_INBOX_N);
	if (n < INBOX_LEAST)
		return NULL;
	a = advice_add(l, "inbox", "fact", 0.55);
	a->n = n;
	a->title = advice_say(l, "recommendation.inbox", SLOT_I("n", n));
	a->reasoning = advice_say(l, "recommendation.inbox.why",
				  SLOT_I("days", rows_int(rows, 0, COL_ADVICE_INBOX_DAYS)));
	advice_act(l, a, "list_inbox", advice_say(l, "recommendation.act.inbox"));
	return NULL;
}

static void let_wait(struct advices *l, struct advice *a, const struct rows *rows)
{
	struct when tomorrow = { .wall = l->wall + 86400 };
	struct json *args;

	a->object = "task";
	a->object_id = rows_int(rows, 0, COL_ADVICE_LOAD_ID);
	a->outside = rows_bool(rows, 0, COL_ADVICE_LOAD_OUTSIDE);
	args = advice_act(l, a, "update_task", advice_say(l, "recommendation.act.tomorrow"));
	json_set_int(args, "id", a->object_id);
	json_set_text(args, "due", when_date(l->req, &tomorrow));
}

/* Told only of somebody whose days can be foreseen, and of a day whose plan is likely too long. */
static NODISCARD err_t *foreseen(struct advices *l, int64_t due, struct forecast *ret, bool *ret_told)
{
	double *was_due = mem_alloc(l->req->pool, sizeof *was_due * PLAN_DAYS),
	       *was_done = mem_alloc(l->req->pool, sizeof *was_done * PLAN_DAYS);
	struct when yesterday = { .wall = l->wall - 86400 };
	int64_t first = l->wall / 86400 - PLAN_DAYS;

	ERR(features_plans(l->tx, when_date(l->req, &yesterday), PLAN_DAYS, was_due, was_done));
	*ret_told = forecast_day(l->req->pool, was_due, was_done, PLAN_DAYS, (int)(((first + 3) % 7 + 7) % 7),
				 (double)due, ret) &&
		    ret->high < 1;
	return NULL;
}

/* More than is done on a usual day. */
static NODISCARD err_t *load(struct advices *l)
{
	struct forecast f;
	struct advice *a;
	struct rows *rows;
	const char *task;
	int64_t due, usual, days;
	bool told;

	ERR(tx_exec(l->tx, STMT_ADVICE_LOAD, PG_ARGS(PG_TEXT(l->day)), &rows));
	due = rows_int(rows, 0, COL_ADVICE_LOAD_DUE);
	usual = rows_int(rows, 0, COL_ADVICE_LOAD_USUAL);
	days = rows_int(rows, 0, COL_ADVICE_LOAD_DAYS);
	if (due < LOAD_LEAST || rows_null(rows, 0, COL_ADVICE_LOAD_ID))
		return NULL;
	task = cut(l, rows_text(rows, 0, COL_ADVICE_LOAD_TITLE));
	ERR(foreseen(l, due, &f, &told));
	if (told) {
		a = advice_add(l, "forecast", "forecast", 0.75);
		a->n = (int64_t)f.n;
		a->effect = f.share;
		a->low = f.low;
		a->high = f.high;
		a->title = advice_say(l, "recommendation.forecast", SLOT_I("n", due),
				      SLOT_I("share", lround(f.share * 100)), SLOT_S("task", task));
		a->reasoning =
			advice_say(l, "recommendation.forecast.why", SLOT_I("low", lround(f.low * 100)),
				   SLOT_I("high", lround(f.high * 100)), SLOT_I("days", (int64_t)f.n));
		let_wait(l, a, rows);
	} else if (days >= LOAD_DAYS && due > usual + usual / 2) {
		a = advice_add(l, "load", "fact", 0.7);
		a->n = days;
		a->title = advice_say(l, "recommendation.load", SLOT_I("n", due), SLOT_I("usual", usual),
				      SLOT_S("task", task));
		a->reasoning = advice_say(l, "recommendation.load.why", SLOT_I("days", days));
		let_wait(l, a, rows);
	}
	return NULL;
}

err_t *advice_facts(struct advices *list)
{
	ERR(overdue(list));
	ERR(follow_up(list));
	ERR(load(list));
	ERR(project(list));
	ERR(streak(list));
	return inbox(list);
}
