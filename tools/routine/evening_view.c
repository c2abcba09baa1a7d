#include "tools/routine/evening_view.h"

#include "core/text.h"
#include "tools/routine/routine_view.h"
#include "tools/when.h"
#include <string.h>

enum { LEFT_SHOWN = 5 };
static const size_t button_chars = 28;

static void greet(struct routine_view *v, const char *name)
{
	struct req *req = v->req;
	const char *first = mem_textn(req->pool, name, strcspn(name, " "));

	buf_text(&v->html,
		 *first ? tr(req->pool, req->lang, "evening.head_name", SLOT_S("name", first),
			     SLOT_S("day", routine_day(req, v->wall)))
			: tr(req->pool, req->lang, "evening.head", SLOT_S("day", routine_day(req, v->wall))));
}

static NODISCARD err_t *done(struct routine_view *v, bool *ret_any)
{
	struct req *req = v->req;
	struct rows *rows;

	ERR(tx_exec(v->tx, STMT_ROUTINE_DONE,
		    PG_ARGS(PG_TIME(when_instant(req, v->wall)),
			    PG_TIME(when_instant(req, v->wall + ROUTINE_DAY_S))),
		    &rows));
	*ret_any = rows_count(rows) > 0;
	if (!*ret_any)
		return NULL;
	buf_fmt(&v->html, "\n\n%s",
		tr(req->pool, req->lang, "evening.done",
		   SLOT_I("n", rows_int(rows, 0, COL_ROUTINE_DONE_TOTAL))));
	for (int i = 0; i < rows_count(rows); i++) {
		routine_line(v, "• ", rows_text(rows, i, COL_ROUTINE_DONE_TITLE), "");
		v->ret->outside = v->ret->outside || rows_bool(rows, i, COL_ROUTINE_DONE_OUTSIDE);
	}
	routine_more(v, rows_int(rows, 0, COL_ROUTINE_DONE_TOTAL) - rows_count(rows));
	return NULL;
}

static void move_button(struct routine_view *v, int row, const struct task_row *task)
{
	struct req *req = v->req;

	outcome_button(req, v->ret, row,
		       mem_fmt(req->pool, "➡️ %s", text_cut(req->pool, task->title, button_chars)),
		       button_act(req->pool, "postpone_task", SLOT_I("id", task->id), SLOT_S("day", v->day)));
}

static NODISCARD err_t *left(struct routine_view *v, bool *ret_any)
{
	struct req *req = v->req;
	struct rows *rows;

	ERR(tx_exec(v->tx, STMT_ROUTINE_LEFT, PG_ARGS(PG_TEXT(v->day)), &rows));
	*ret_any = rows_count(rows) > 0;
	if (!*ret_any)
		return NULL;
	routine_head(v, "evening.left");
	for (int i = 0; i < rows_count(rows) && i < LEFT_SHOWN; i++) {
		struct task_row task = task_row(req, rows, i, COL_ROUTINE_LEFT_TASK);

		routine_line(v, routine_mark(req, &task), task.title, "");
		move_button(v, i, &task);
		v->ret->outside = v->ret->outside || task.outside;
	}
	routine_more(v, rows_int(rows, 0, COL_ROUTINE_LEFT_TOTAL) - LEFT_SHOWN);
	buf_fmt(&v->html, "\n%s", tr(req->pool, req->lang, "evening.move"));
	if (rows_count(rows) > 1)
		outcome_button(req, v->ret, LEFT_SHOWN, tr(req->pool, req->lang, "button.move_all"),
			       button_act(req->pool, "postpone_task", SLOT_S("day", v->day)));
	return NULL;
}

err_t *evening_view(struct req *req, struct tx *tx, const char *day, const char *name, const char *lead,
		    struct outcome *ret)
{
	struct routine_view v;
	bool did, open;

	ERR(routine_view_begin(req, tx, day, ret, &v));
	if (lead)
		buf_fmt(&v.html, "%s\n\n", lead);
	greet(&v, name);
	ERR(done(&v, &did));
	ERR(left(&v, &open));
	if (!open)
		buf_fmt(&v.html, "\n\n%s",
			tr(req->pool, req->lang, did || lead ? "evening.all_done" : "evening.nothing"));
	return routine_view_end(&v);
}
