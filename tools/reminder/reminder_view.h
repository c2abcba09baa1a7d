/* reminder_view: how reminders look, and when they are due again.
 * Needs: tool, when, ical. Used by: tools/reminder, tool_get_summary, tools/task, job_reminder. */
#ifndef TOOLS_REMINDER_REMINDER_VIEW_H
#define TOOLS_REMINDER_REMINDER_VIEW_H

#include "tools/tool.h"
#include "tools/when.h"

#define REMINDER_CHARS 1000 /* of a text */

/* Where statements on reminders give these columns: id, text, wall, rule or "", nag, whether the words are somebody else's,
 * when it rang, where nobody has answered. */
struct reminder_row {
	int64_t id;
	const char *text, *rrule;
	struct when when;
	bool nag, outside;
	const char *at; /* when, as data has it */
	int64_t rang; /* the instant at which it rang, and nobody has answered since; 0: it is still to ring */
	const char *rang_at; /* the same as data has it, or "" */
};
struct reminder_row reminder_row(struct req *req, const struct rows *rows, int row, int col);
/* The data of one, over struct reminder_row. */
extern const struct json_field reminder_fields[];
/* The first rows, at most max, as that. */
struct json_list reminder_rows(struct req *req, const struct rows *rows, int col, int max);

/* There is no reminder of that number. */
void reminder_absent(struct req *req, int64_t id, struct outcome *ret_outcome);

/* "amanhã (dom, 22/11) às 09:00 · todo dia": when, and how often. HTML. */
const char *reminder_when(struct req *req, const struct reminder_row *reminder);

/* "tocou hoje (seg, 23/11) às 09:00, sem resposta": of one that rang. HTML. */
const char *reminder_rang(struct req *req, const struct reminder_row *reminder);

/* The message at its hour, with its buttons. late: it was due long ago; missed: further occurrences that went by unheard. */
void reminder_card(struct req *req, const struct reminder_row *reminder, bool late, int64_t missed,
		   struct outcome *ret);

/* The rule's next occurrence after wall, begun at start; false when there is none. */
bool reminder_next(const char *rrule, int64_t start, int64_t wall, int64_t *ret_next);

#endif
