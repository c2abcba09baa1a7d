/* week_findings: what goes together in a person's days, as the weekly report tells it.
 * Needs: tool. Used by: week_report. */
#ifndef TOOLS_INSIGHT_WEEK_FINDINGS_H
#define TOOLS_INSIGHT_WEEK_FINDINGS_H

#include "tools/tool.h"

/* Adds what there is to tell to ret_outcome, whose html ends without a line break; nothing where there is none.
 * day: the Monday of the report, "2026-11-30". */
NODISCARD err_t *week_findings_add(struct req *req, struct tx *tx, const char *day,
				   struct outcome *ret_outcome);

#endif
