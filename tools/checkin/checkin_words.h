/* checkin_words: what a sentence says of a day: energy, mood, sleep, workout.
 * Needs: date, text. Used by: tool_log_checkin. */
#ifndef TOOLS_CHECKIN_CHECKIN_WORDS_H
#define TOOLS_CHECKIN_CHECKIN_WORDS_H

#include "core/req.h"

struct checkin_words {
	double energy, mood, sleep; /* as said, in range or not; below 0: not said. sleep in hours */
	int workout;                /* 1 done, 0 not done, -1 not said */
};

/* "energia 7 humor 8", "dormi 6h30", "treinei", "não treinei", "mood 😊". */
struct checkin_words checkin_words_read(apr_pool_t *pool, const char *text);

/* The day that text speaks of, today when of none, as wall time of its midnight; false when it is still to come. Of a bare weekday
 * the last one. */
bool checkin_day(struct req *req, const char *text, int64_t *ret_day);

#endif
