/* checkin_view: the card of a day's check-in: what is filled in, and buttons for each value.
 * Needs: tool, habit_view. Used by: tool_log_checkin. */
#ifndef TOOLS_CHECKIN_CHECKIN_VIEW_H
#define TOOLS_CHECKIN_CHECKIN_VIEW_H

#include "tools/tool.h"

/* A day as data: what is 0 or NULL is not known. */
struct checkin_day {
	const char *day;
	double energy, mood, sleep, nutrition;
	const char *workout;              /* yes, no */
	struct json_list measures, notes; /* what else was measured, and words of the person */
	struct json_list habits;
};
extern const struct json_field checkin_fields[];

/* The card of that local day ("2026-11-18"), after the line lead (HTML, or NULL). Sets html, buttons and data
 * (checkin_fields) only. */
NODISCARD err_t *checkin_card(struct req *req, struct tx *tx, const char *day, const char *lead,
			      struct outcome *ret);

#endif
