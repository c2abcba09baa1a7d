/* routine_view: the parts that messages at the person's own hours are made of: heads, days, lines.
 * Needs: tool, when, task_view, event_view. Used by: tools/routine. */
#ifndef TOOLS_ROUTINE_ROUTINE_VIEW_H
#define TOOLS_ROUTINE_ROUTINE_VIEW_H

#include "tools/task/task_view.h"
#include "tools/tool.h"

#define ROUTINE_DAY_S 86400

/* A message under way. */
struct routine_view {
	struct req *req;
	struct tx *tx;
	const char *day; /* the person's local date, "2026-11-30" */
	int64_t wall;    /* its midnight */
	struct buf html;
	struct outcome *ret;
};

/* Begins it; ERR_INVALID: day is none. */
NODISCARD err_t *routine_view_begin(struct req *req, struct tx *tx, const char *day,
				    struct outcome *ret_outcome, struct routine_view *ret_view);
/* What was written becomes the outcome's html. */
NODISCARD err_t *routine_view_end(struct routine_view *view);

/* "segunda-feira, 23 de novembro". */
const char *routine_day(struct req *req, int64_t wall);
/* "2026-11-30" of a wall time. */
const char *routine_date(struct req *req, int64_t wall);
/* A blank line and the bold head. */
void routine_head(struct routine_view *view, const char *key);
/* A line: text is plain; before and after are HTML. Cut where it is long. */
void routine_line(struct routine_view *view, const char *before, const char *text, const char *after);
/* "e mais 3": how many are not shown; nothing for none. */
void routine_more(struct routine_view *view, int64_t n);
/* "🔴 " of a task that is urgent; "" of a usual one. HTML. */
const char *routine_mark(struct req *req, const struct task_row *task);
/* The events that touch that day, by their hours, at most max and then how many more. *ret_n: how many. head: a text, or NULL. */
NODISCARD err_t *routine_events(struct routine_view *view, int64_t wall, const char *head, size_t max,
				size_t *ret_n);
/* A button whose answer is a message of its own. */
void routine_button(struct routine_view *view, int row, const char *key, const char *act);

#endif
