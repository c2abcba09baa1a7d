/* checkin_view: the card of a day's check-in: what is filled in, and buttons for each value.
 * Needs: tool, habit_view. Used by: tool_log_checkin, job_evening. */
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

/* What the card asks: nothing, with a button for each kind; the first kind that is not known; or that kind ("energy", "mood",
 * "sleep"), or the habits ("habits"). */
#define CHECKIN_NOTHING ""
#define CHECKIN_NEXT "next"

/* The card of that local day ("2026-11-18"), after the line lead (HTML, or NULL). Sets html, buttons and data
 * (checkin_fields) only. */
NODISCARD err_t *checkin_card(struct req *req, struct tx *tx, const char *day, const char *lead,
			      const char *ask, struct outcome *ret);

/* Whether energy, mood, sleep or workout of that day is not known yet. */
NODISCARD err_t *checkin_open(struct tx *tx, const char *day, bool *ret_open);

#endif
