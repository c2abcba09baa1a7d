/* evening_view: the day looked back on: what got done, and what is open with a tap to move it to tomorrow.
 * Needs: routine_view. Used by: tool_postpone_task, job_evening. */
#ifndef TOOLS_ROUTINE_EVENING_VIEW_H
#define TOOLS_ROUTINE_EVENING_VIEW_H

#include "tools/tool.h"

/* The review of that local day, after the line lead (HTML, or NULL). name: the person's, or "". */
NODISCARD err_t *evening_view(struct req *req, struct tx *tx, const char *day, const char *name,
			      const char *lead, struct outcome *ret_outcome);

#endif
