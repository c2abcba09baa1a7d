/* look: the night's look at a person's days: which questions are due, and what came of it, kept in findings and insight_looks.
 * Needs: features, schedule, finding_view. Used by: job_nightly. */
#ifndef TOOLS_INSIGHT_LOOK_H
#define TOOLS_INSIGHT_LOOK_H

#include "db/tx.h"

/* After that day ("2026-11-29"), with all that is known up to it. Nothing when nothing is due; again, nothing again. */
NODISCARD err_t *look_tonight(struct req *req, struct tx *tx, const char *day);

#endif
