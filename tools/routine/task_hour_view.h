/* task_hour_view: a task as it is told at its hour.
 * Needs: task_view, when. Used by: job_task_hour. */
#ifndef TOOLS_ROUTINE_TASK_HOUR_VIEW_H
#define TOOLS_ROUTINE_TASK_HOUR_VIEW_H

#include "tools/task/task_view.h"
#include "tools/when.h"

/* With buttons for done, an hour later, tomorrow. late: its hour was long ago. */
void task_hour_card(struct req *req, const struct task_row *task, const struct when *due, bool late,
		    struct outcome *ret_outcome);

#endif
