/* week_findings: what goes together in a person's days, as the weekly report tells it, with a picture of the intervals.
 * Needs: finding_view, chart. Used by: job_week_report. */
#ifndef TOOLS_INSIGHT_WEEK_FINDINGS_H
#define TOOLS_INSIGHT_WEEK_FINDINGS_H

#include "tools/insight/finding_view.h"

/* All that holds; *ret_any false: nothing does, and there is no such message. */
NODISCARD err_t *week_findings_view(struct req *req, struct tx *tx, struct outcome *ret_outcome,
				    bool *ret_any);
#endif
