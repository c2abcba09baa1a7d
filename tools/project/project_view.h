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
	struct json_texts tag_list;
	/* What else its data may say: set by whoever knows. */
	int64_t tasks, done;   /* in all, and how many of them are done */
	const char *step;      /* the next of its tasks */
	bool outside;          /* the words of that are somebody else's */
	struct json_list open; /* tasks */
	struct json_list items;
};
struct project_row project_row(struct req *req, const struct rows *rows, int row, int col);
/* The data of one, over struct project_row. */
extern const struct json_field project_fields[];

/* Anything else that a project holds. */
struct project_item {
	int64_t id;
	const char *kind, *title, *day, *text;
	bool done, outside;
};
struct project_item project_item(const struct rows *rows, int row, int col);
/* The data of one, over struct project_item. */
extern const struct json_field project_item_fields[];

/* The data of list_projects: several with their next steps, or one with all that is in it. */
struct project_list {
	int64_t total, page;
	struct json_list projects, candidates;
};
extern const struct json_field project_list_fields[];

/* Refuses: there is no project of that number. */
void project_absent(struct req *req, int64_t id, struct outcome *ret_outcome);

/* The project that text means: its number, its name, or words of one name alone. *ret_id 0: there is none or several, and
 * ret_outcome refuses as "not_found" or "ambiguous"; where several are, with buttons that open them, by the text which ({title}). */
NODISCARD err_t *project_find(struct req *req, struct tx *tx, const char *text, const char *which,
			      int64_t *ret_id, const char **ret_name, struct outcome *ret_outcome);

/* "\n📅 ... · em planejamento · #casa": what is not as usual, as HTML; "" when all is. */
const char *project_extras(struct req *req, const struct project_row *project);
/* "3 de 8 tarefas (38%)", as HTML; "" when there are none. */
const char *project_progress(struct req *req, int64_t done, int64_t all);

/* Adds the button that shows it, by its mark and number. */
void project_open_button(struct req *req, int64_t id, struct outcome *ret_outcome);
/* callback_data of the button that shows it. */
const char *project_open_data(struct req *req, int64_t id);
/* Adds the button to all of them, in that row. */
void project_list_button(struct req *req, int row, struct outcome *ret_outcome);

/* Everything in it: next step, open tasks, decisions, documents, meetings, milestones, with buttons. lead: a line above it
 * (HTML), or NULL. Its data is that of list_projects. Refuses when there is no such project. */
NODISCARD err_t *project_show(struct req *req, struct tx *tx, int64_t id, const char *lead,
			      struct outcome *ret_outcome);

#endif
