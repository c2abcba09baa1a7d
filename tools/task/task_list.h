/* task_list: open tasks as a list under heads (overdue, today ...), with a button to finish each.
 * Needs: tool, page, task_view. Used by: tool_complete_task, tool_list_tasks. */
#ifndef TOOLS_TASK_TASK_LIST_H
#define TOOLS_TASK_TASK_LIST_H

#include "tools/tool.h"

/* What is shown: the arguments of list_tasks. NULL and 0: not narrowed. */
struct task_filter {
	int64_t page;
	const char *tag, *priority, *project, *due, *until, *query;
};

/* The data of such a page: how many there are in all, the page's number, its tasks. */
extern const struct json_field task_list_fields[];

/* Fills ret_outcome with that page, and its data. lead: a line above it (HTML), or NULL. Without a task it says so. ERR_INVALID: due or until
 * are no days. */
NODISCARD err_t *task_list_show(struct req *req, struct tx *tx, const struct task_filter *filter,
				const char *lead, struct outcome *ret_outcome);

#endif
