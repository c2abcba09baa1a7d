/* task_view: how tasks look, wherever they are shown.
 * Needs: tool. Used by: tool_process_inbox, tool_email_task, tools/project, tool_get_summary, tools/task, tools/routine. */
#ifndef TOOLS_TASK_TASK_VIEW_H
#define TOOLS_TASK_TASK_VIEW_H

#include "tools/tool.h"

#define TASK_PRIORITIES "low medium high urgent"
#define TASK_STATUSES "todo in_progress done cancelled"
#define TASK_TITLE_CHARS 500     /* of a title */
#define TASK_ESTIMATE_MAX 100000 /* minutes */
#define TASK_DAY_S 86400

/* Where statements on tasks give these columns: id, title, priority, tags ("a #b"), due date ("2026-11-30" or ""), due time
 * ("14:00" or ""), rule or "", its project's name or "", estimate in minutes or 0, status, the numbers of its project and of the
 * task it is a part of or 0, whether the words are somebody else's. All from the database. */
struct task_row {
	int64_t id;
	const char *title, *priority, *tags, *due_date, *due_time, *rrule, *project, *status;
	int64_t estimate, project_id, parent;
	bool outside;
	/* The same as data has it. */
	const char *due; /* "2026-11-30T14:00:00", "2026-11-30" or "" */
	struct json_texts tag_list;
};
/* Reads the columns from col on; valid as long as rows. */
struct task_row task_row(struct req *req, const struct rows *rows, int row, int col);
/* The data of one, over struct task_row. */
extern const struct json_field task_fields[];
/* The first rows, at most max, as that. */
struct json_list task_rows(struct req *req, const struct rows *rows, int col, int max);

/* " · prioridade alta · #casa": what is not as usual, as HTML; "" when all is. */
const char *task_extras(struct req *req, const struct task_row *task);
/* "<b>3</b> · 🔴 comprar leite · #casa": one line of a list, as HTML. */
const char *task_line(struct req *req, const struct task_row *task);

/* callback_data of the button that completes it. */
const char *task_done_data(struct req *req, int64_t id);
/* Adds the button to all that is open. */
void task_list_button(struct req *req, struct outcome *outcome);

#endif
