/* task_find: which task is meant, by its number or by part of its title.
 * Needs: tool, task_view, project_view. Used by: tools/task, tool_add_project_item. */
#ifndef TOOLS_TASK_TASK_FIND_H
#define TOOLS_TASK_TASK_FIND_H

#include "tools/task/task_view.h"
#include "tools/tool.h"

/* What a tool asks and offers where several titles fit. */
struct task_which {
	const char *text; /* of the question, with the slot {title} */
	const char *many; /* the same when there are more than are shown; NULL: text */
	const char *tool; /* a button runs it with the task's number */
	const struct slot
		*more; /* what its data says besides; ends with a NULL name; NULL: numbers, no buttons */
};
#define TASK_NOTHING_MORE ((const struct slot[]){ { NULL, NULL, 0 } })

/* "3" and "#3" are numbers, everything else part of a title: {"id"} or {"title"}. NULL when it is empty. */
struct json *task_find_args(struct req *req, const char *text);

/* *ret_id: the one open task whose title holds these words; 0 when there is none or several, and ret_outcome refuses. */
NODISCARD err_t *task_find(struct req *req, struct tx *tx, const char *title, const struct task_which *which,
			   int64_t *ret_id, struct outcome *ret_outcome);

/* There is no task of that number. */
void task_absent(struct req *req, int64_t id, struct outcome *ret_outcome);
/* The project that text means, as project_find; *ret_id 0: ret_outcome refuses. */
NODISCARD err_t *task_project(struct req *req, struct tx *tx, const char *text, int64_t *ret_id,
			      const char **ret_name, struct outcome *ret_outcome);

#endif
