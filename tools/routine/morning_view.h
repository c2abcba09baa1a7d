/* morning_view: the day ahead, as it is told in the morning.
 * Needs: routine_view, recommendation. Used by: job_morning. */
#ifndef TOOLS_ROUTINE_MORNING_VIEW_H
#define TOOLS_ROUTINE_MORNING_VIEW_H

#include "tools/tool.h"

/* Agenda, priorities, what is overdue, reminders and the day's recommendation, from rows. name: the person's, or "". */
NODISCARD err_t *morning_view(struct req *req, struct tx *tx, const char *day, const char *name,
			      struct outcome *ret_outcome);

#endif
