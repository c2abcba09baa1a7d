/* project_view: which project is meant, and how projects look.
 * Needs: tool. Used by: tools/project, tools/task. */
#ifndef TOOLS_PROJECT_PROJECT_VIEW_H
#define TOOLS_PROJECT_PROJECT_VIEW_H

#include "tools/tool.h"

#define PROJECT_STATUSES "planning active paused completed cancelled"
#define PROJECT_NAME_CHARS 200 /* of a name */

/* Where statements on projects give these columns: id, name, status, tags ("a #b"), due date or "", description. */
struct project_row {
	int64_t id;
	const char *name, *status, *tags, *due_date, *description;
};
struct project_row project_row(const struct rows *rows, int row, int col);

/* The project that text means: its number, its name, or words of one name alone. *ret_id 0: there is none or several, and
 * ret_outcome says so; where several are, with buttons that open them, by the text which ({title}). */
NODISCARD err_t *project_find(struct req *req, struct tx *tx, const char *text, const char *which,
			      int64_t *ret_id, const char **ret_name, struct outcome *ret_outcome);

/* "\n📅 ... · em planejamento · #casa": what is not as usual, as HTML; "" when all is. */
const char *project_extras(struct req *req, const struct project_row *project);
/* "3 de 8 tarefas (38%)", as HTML; "" when there are none. */
const char *project_progress(struct req *req, int64_t done, int64_t all);

/* callback_data of the button that shows it. */
const char *project_open_data(struct req *req, int64_t id);

/* Everything in it: next step, open tasks, decisions, documents, meetings, milestones, with buttons. lead: a line above it
 * (HTML), or NULL. When there is no such project, html says so. */
NODISCARD err_t *project_show(struct req *req, struct tx *tx, int64_t id, const char *lead,
			      struct outcome *ret_outcome);

#endif
