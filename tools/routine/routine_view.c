#include "tools/routine/routine_view.h"

#include "core/limits.h"
#include "core/text.h"
#include "ml/date/date_civil.h"
#include "tools/event/event_view.h"
#include "tools/when.h"

static const size_t line_chars = 80;

err_t *routine_view_begin(struct req *req, struct tx *tx, const char *day, struct outcome *ret,
			  struct routine_view *view)
{
	struct when when;

	if (!when_read(req, day, &when))
		return err_new(ERR_INVALID, "\"%s\": not a day like 2026-11-30", day);
	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	*view = (struct routine_view){ .req = req,
				       .tx = tx,
				       .day = day,
				       .wall = when.wall,
				       .html = buf_new(req->pool, LIMIT_MESSAGE_BYTES),
				       .ret = ret };
	return NULL;
}

err_t *routine_view_end(struct routine_view *view)
{
	view->ret->html = view->html.p ? view->html.p : "";
	return buf_check(&view->html);
}

const char *routine_day(struct req *req, int64_t wall)
{
	int64_t day = civil_floor(wall);
	apr_pool_t *pool = req->pool;
	int y, m, d;

	civil_of(day, &y, &m, &d);
	return tr(pool, req->lang, "routine.day",
		  SLOT_S("weekday",
			 tr(pool, req->lang, mem_fmt(pool, "routine.weekday.%d", civil_weekday(day)))),
		  SLOT_I("day", d),
		  SLOT_S("month", tr(pool, req->lang, mem_fmt(pool, "routine.month.%d", m))));
}

const char *routine_date(struct req *req, int64_t wall)
{
	return when_date(req, &(struct when){ .wall = wall });
}

void routine_head(struct routine_view *view, const char *key)
{
	buf_fmt(&view->html, "\n\n<b>%s</b>", tr(view->req->pool, view->req->lang, key));
}

void routine_line(struct routine_view *view, const char *before, const char *text, const char *after)
{
	apr_pool_t *pool = view->req->pool;

	buf_fmt(&view->html, "\n%s%s%s", before, text_html(pool, text_cut(pool, text, line_chars)), after);
}

void routine_more(struct routine_view *view, int64_t n)
{
	if (n > 0)
		buf_fmt(&view->html, "\n%s",
			tr(view->req->pool, view->req->lang, "routine.more", SLOT_I("n", n)));
}

const char *routine_mark(struct req *req, const struct task_row *task)
{
	if (text_same(task->priority, "medium"))
		return "• ";
	return mem_fmt(req->pool, "%s ",
		       tr(req->pool, req->lang, mem_fmt(req->pool, "task.mark.%s", task->priority)));
}

err_t *routine_events(struct routine_view *view, int64_t wall, const char *head, size_t max, size_t *ret_n)
{
	struct event_row *v;
	size_t n;

	ERR(event_window(view->req, view->tx, wall, wall + ROUTINE_DAY_S, "", &n, &v));
	if (n && head)
		routine_head(view, head);
	for (size_t i = 0; i < n && i < max; i++) {
		routine_line(view, mem_fmt(view->req->pool, "%s · ", event_hours(view->req, &v[i])),
			     v[i].title, "");
		view->ret->outside = view->ret->outside || v[i].outside;
	}
	routine_more(view, (int64_t)n - (int64_t)max);
	*ret_n = n;
	return NULL;
}

void routine_button(struct routine_view *view, int row, const char *key, const char *act)
{
	struct req *req = view->req;

	outcome_button(req, view->ret, row, tr(req->pool, req->lang, key), button_beside(req->pool, act));
}
