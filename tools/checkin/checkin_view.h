/* checkin_view: the card of a day's check-in: what is filled in, and buttons for each value.
 * Needs: tool, habit_view. Used by: tool_log_checkin. */
#ifndef TOOLS_CHECKIN_CHECKIN_VIEW_H
#define TOOLS_CHECKIN_CHECKIN_VIEW_H

#include "tools/tool.h"

/* The card of that local day ("2026-11-18"), after the line lead (HTML, or NULL). Sets html, buttons and data only. */
NODISCARD err_t *checkin_card(struct req *req, struct tx *tx, const char *day, const char *lead,
			      struct outcome *ret);

#endif
