#include "tools/routine/morning_view.h"

#include "tools/insight/recommendation.h"
#include "tools/routine/routine_view.h"
#include "tools/when.h"
#include <string.h>

enum { EVENTS_SHOWN = 10, AHEAD_SHOWN = 7, RINGS_SHOWN = 7 };

static void greet(struct routine_view *v, const char *name)
{
	struct req *req = v->req;
	const char *first = mem_textn(req->pool, name, strcspn(name, " "));

	buf_text(&v->html, *first ? tr(req->pool, req->lang, "morning.hello_name", SLOT_S("name", first),
				       SLOT_S("day", routine_day(req, v->wall)))
				  : tr(req->pool, req->lang, "morning.hello",
				       SLOT_S("day", routine_day(req, v->wall))));
}

static NODISCARD err_t *today(struct routine_view *v, bool *ret_any)
{
	struct req *req = v->req;
	struct rows *rows;

	ERR(tx_exec(v->tx, STMT_ROUTINE_TODAY, PG_ARGS(PG_TEXT(v->day)), &rows));
	*ret_any = rows_count(rows) > 0;
	if (!*ret_any)
		return NULL;
	routine_head(v, "morning.priorities");
	for (int i = 0; i < rows_count(rows) && i < AHEAD_SHOWN; i++) {
		struct task_row task = task_row(req, rows, i, COL_ROUTINE_TODAY_TASK);

		routine_line(v, routine_mark(req, &task), task.title,
			     *task.due_time ? mem_fmt(req->pool, " · %s", task.due_time) : "");
		v->ret->outside = v->ret->outside || task.outside;
	}
	routine_more(v, rows_int(rows, 0, COL_ROUTINE_TODAY_TOTAL) - AHEAD_SHOWN);
	return NULL;
}

static NODISCARD err_t *late(struct routine_view *v, bool *ret_any)
{
	struct req *req = v->req;
	struct rows *rows;

	ERR(tx_exec(v->tx, STMT_ROUTINE_LATE, PG_ARGS(PG_TEXT(v->day)), &rows));
	*ret_any = rows_count(rows) > 0;
	if (!*ret_any)
		return NULL;
	buf_fmt(&v->html, "\n\n%s",
		tr(req->pool, req->lang, "morning.late",
		   SLOT_I("n", rows_int(rows, 0, COL_ROUTINE_LATE_TOTAL))));
	for (int i = 0; i < rows_count(rows); i++) {
		struct task_row task = task_row(req, rows, i, COL_ROUTINE_LATE_TASK);
		struct when due;

		routine_line(v, routine_mark(req, &task), task.title,
			     when_read(req, task.due_date, &due)
				     ? mem_fmt(req->pool, " · %s", when_text(req, &due))
				     : "");
		v->ret->outside = v->ret->outside || task.outside;
	}
	routine_more(v, rows_int(rows, 0, COL_ROUTINE_LATE_TOTAL) - rows_count(rows));
	return NULL;
}

static NODISCARD err_t *rings(struct routine_view *v, bool *ret_any)
{
	struct req *req = v->req;
	struct rows *rows;

	ERR(tx_exec(v->tx, STMT_ROUTINE_RINGS,
		    PG_ARGS(PG_TIME(req->now), PG_TIME(when_instant(req, v->wall + ROUTINE_DAY_S))), &rows));
	*ret_any = rows_count(rows) > 0;
	if (!*ret_any)
		return NULL;
	routine_head(v, "morning.reminders");
	for (int i = 0; i < rows_count(rows) && i < RINGS_SHOWN; i++) {
		struct when at = { .wall = when_wall(req, rows_int(rows, i, COL_ROUTINE_RINGS_AT)),
				   .has_time = true };

		routine_line(v, mem_fmt(req->pool, "%s · ", when_time(req, &at)),
			     rows_text(rows, i, COL_ROUTINE_RINGS_TEXT), "");
		v->ret->outside = v->ret->outside || rows_bool(rows, i, COL_ROUTINE_RINGS_OUTSIDE);
	}
	routine_more(v, rows_int(rows, 0, COL_ROUTINE_RINGS_TOTAL) - RINGS_SHOWN);
	return NULL;
}

err_t *morning_view(struct req *req, struct tx *tx, const char *day, const char *name, struct outcome *ret)
{
	bool ahead, overdue, ring;
	struct routine_view v;
	size_t events;

	ERR(routine_view_begin(req, tx, day, ret, &v));
	greet(&v, name);
	ERR(routine_events(&v, v.wall, "morning.agenda", EVENTS_SHOWN, &events));
	ERR(today(&v, &ahead));
	ERR(late(&v, &overdue));
	ERR(rings(&v, &ring));
	if (!events && !ahead && !overdue && !ring)
		buf_fmt(&v.html, "\n\n%s", tr(req->pool, req->lang, "morning.nothing"));
	if (ahead || overdue)
		routine_button(&v, 0, "button.see_tasks",
			       button_act(req->pool, "list_tasks", SLOT_I("page", 1)));
	if (events)
		routine_button(&v, 0, "button.see_agenda",
			       button_act(req->pool, "list_events", SLOT_S("start", day),
					  SLOT_S("end", routine_date(req, v.wall + ROUTINE_DAY_S))));
	ERR(routine_view_end(&v));
	return recommendation_add(req, tx, day, ret);
}
