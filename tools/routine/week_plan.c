#include "tools/routine/week_view.h"

#include "core/text.h"
#include "tools/event/event_view.h"
#include "tools/routine/routine_view.h"
#include "tools/when.h"

enum { DAYS = 7, A_DAY = 4 };

/* What the week holds, read once. */
struct week {
	struct event_row *events;
	size_t events_n;
	struct rows *tasks;
};

static NODISCARD err_t *week_read(struct routine_view *v, struct week *ret)
{
	struct req *req = v->req;
	int64_t from = v->wall + ROUTINE_DAY_S, until = from + (int64_t)DAYS * ROUTINE_DAY_S;

	ERR(event_window(req, v->tx, from, until, "", &ret->events_n, &ret->events));
	return tx_exec(v->tx, STMT_ROUTINE_WEEK,
		       PG_ARGS(PG_TEXT(routine_date(req, from)), PG_TEXT(routine_date(req, until)),
			       PG_INT(A_DAY)),
		       &ret->tasks);
}

static bool touches(const struct event_row *event, int64_t day)
{
	return event->start < day + ROUTINE_DAY_S && event->end > day;
}

static void put_event(struct routine_view *v, const struct event_row *event)
{
	routine_line(v, mem_fmt(v->req->pool, "%s · ", event_hours(v->req, event)), event->title, "");
	v->ret->outside = v->ret->outside || event->outside;
}

static void put_task(struct routine_view *v, const struct task_row *task)
{
	routine_line(v, routine_mark(v->req, task), task->title,
		     *task->due_time ? mem_fmt(v->req->pool, " · %s", task->due_time) : "");
	v->ret->outside = v->ret->outside || task->outside;
}

/* One day: its head, and the first of what it holds. */
static bool put_day(struct routine_view *v, const struct week *week, int64_t day)
{
	const char *date = routine_date(v->req, day);
	int64_t shown = 0, all = 0, tasks = 0;

	for (size_t i = 0; i < week->events_n; i++) {
		if (!touches(&week->events[i], day))
			continue;
		if (!all++)
			buf_fmt(&v->html, "\n\n<b>%s</b>", routine_day(v->req, day));
		if (shown++ < A_DAY)
			put_event(v, &week->events[i]);
	}
	for (int i = 0; i < rows_count(week->tasks); i++) {
		struct task_row task = task_row(v->req, week->tasks, i, COL_ROUTINE_WEEK_TASK);

		if (!text_same(task.due_date, date))
			continue;
		if (!all && !tasks)
			buf_fmt(&v->html, "\n\n<b>%s</b>", routine_day(v->req, day));
		tasks = rows_int(week->tasks, i, COL_ROUTINE_WEEK_TOTAL);
		if (shown++ < A_DAY)
			put_task(v, &task);
	}
	routine_more(v, all + tasks - A_DAY);
	return all + tasks > 0;
}

static NODISCARD err_t *stuck(struct routine_view *v)
{
	struct rows *rows;

	ERR(tx_exec(v->tx, STMT_ROUTINE_STUCK, PG_ARGS(), &rows));
	if (!rows_count(rows))
		return NULL;
	routine_head(v, "week.stuck");
	for (int i = 0; i < rows_count(rows); i++)
		routine_line(v, "• ", rows_text(rows, i, COL_ROUTINE_STUCK_NAME), "");
	routine_more(v, rows_int(rows, 0, COL_ROUTINE_STUCK_TOTAL) - rows_count(rows));
	return NULL;
}

static NODISCARD err_t *undated(struct routine_view *v)
{
	struct rows *rows;

	ERR(tx_exec(v->tx, STMT_ROUTINE_UNDATED, PG_ARGS(), &rows));
	if (!rows_count(rows))
		return NULL;
	routine_head(v, "week.undated");
	for (int i = 0; i < rows_count(rows); i++) {
		routine_line(v, "• ", rows_text(rows, i, COL_ROUTINE_UNDATED_TITLE), "");
		v->ret->outside = v->ret->outside || rows_bool(rows, i, COL_ROUTINE_UNDATED_OUTSIDE);
	}
	routine_more(v, rows_int(rows, 0, COL_ROUTINE_UNDATED_TOTAL) - rows_count(rows));
	return NULL;
}

err_t *week_plan_view(struct req *req, struct tx *tx, const char *day, const char *name, struct outcome *ret)
{
	struct routine_view v;
	struct week week;
	bool any = false;

	(void)name;
	ERR(routine_view_begin(req, tx, day, ret, &v));
	buf_text(&v.html, tr(req->pool, req->lang, "week.head"));
	ERR(week_read(&v, &week));
	for (int i = 1; i <= DAYS; i++)
		any = put_day(&v, &week, v.wall + (int64_t)i * ROUTINE_DAY_S) || any;
	if (!any)
		buf_fmt(&v.html, "\n\n%s", tr(req->pool, req->lang, "week.empty"));
	ERR(stuck(&v));
	ERR(undated(&v));
	buf_fmt(&v.html, "\n\n%s", tr(req->pool, req->lang, "week.question"));
	routine_button(&v, 0, "button.week_priority", button_act(req->pool, "ask_priority"));
	routine_button(&v, 1, "button.see_tasks", button_act(req->pool, "list_tasks", SLOT_I("page", 1)));
	return routine_view_end(&v);
}
