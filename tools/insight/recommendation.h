/* recommendation: the day's one recommendation, as the morning message tells it.
 * Needs: tool. Used by: morning_view. */
#ifndef TOOLS_INSIGHT_RECOMMENDATION_H
#define TOOLS_INSIGHT_RECOMMENDATION_H

#include "tools/tool.h"

/* Adds its paragraph and its buttons to ret_outcome, whose html ends without a line break; nothing where there is none.
 * day: the person's local date, "2026-11-30". */
NODISCARD err_t *recommendation_add(struct req *req, struct tx *tx, const char *day,
				    struct outcome *ret_outcome);

#endif
