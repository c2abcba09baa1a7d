/* week_findings: what goes together in a person's days, as the weekly report tells it, with a picture of the intervals.
 * Needs: finding_view, chart. Used by: job_week_report. */
#ifndef TOOLS_INSIGHT_WEEK_FINDINGS_H
#define TOOLS_INSIGHT_WEEK_FINDINGS_H

#include "tools/insight/finding_view.h"

/* All that holds; *ret_any false: nothing does, and there is no such message. */
NODISCARD err_t *week_findings_view(struct req *req, struct tx *tx, struct outcome *ret_outcome,
				    bool *ret_any);
/* JSON of the picture of those that have a correlation and its interval; NULL: none has. */
const char *week_findings_chart(struct req *req, const struct finding_row *findings, size_t n);

#endif
