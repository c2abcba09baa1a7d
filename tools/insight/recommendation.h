/* recommendation: the one recommendation of a day: chosen among what is true, kept, told, answered.
 * Needs: advice, choice. Used by: job_recommend, tools/insight, recommended, morning_view.
 * A confirmed or likely pattern with an act to take, a forecast, a plain fact, or what is missing: none is invented. Which
 * one learns from what the person taps; a thing they said never to does not come again, and three nevers silence its kind. */
#ifndef TOOLS_INSIGHT_RECOMMENDATION_H
#define TOOLS_INSIGHT_RECOMMENDATION_H

#include "tools/tool.h"

struct recommendation {
	int64_t id, finding_id, object_id;
	const char *type, *source, *title, *reasoning; /* title, reasoning: HTML */
	const char *object, *tool, *args, *label, *status, *feedback;
	bool outside;
};

/* Makes the recommendation of that day ("2026-11-30", today), in the person's language. One that was not told yet gives way, so that
 * what is told is true when it is told; the same rows give the same one. */
NODISCARD err_t *recommendation_make(struct req *req, struct tx *tx, const char *day);
/* The day's; *ret_found false: none was made. */
NODISCARD err_t *recommendation_of(struct tx *tx, const char *day, struct recommendation *ret,
				   bool *ret_found);
/* By its number. */
NODISCARD err_t *recommendation_get(struct tx *tx, int64_t id, struct recommendation *ret, bool *ret_found);

/* Tells the day's, as it is true now: a paragraph and buttons at the end of the outcome; *ret_type: its kind. For a message that
 * goes out unless the transaction fails. */
NODISCARD err_t *recommendation_tell(struct req *req, struct tx *tx, const char *day, struct outcome *ret,
				     const char **ret_type);
/* What was told of the days and does not hold any more, taken back once, at the end of html. */
NODISCARD err_t *recommendation_take_back(struct req *req, struct tx *tx, struct outcome *ret);
/* Tells the day's, before it what has to be taken back. */
NODISCARD err_t *recommendation_add(struct req *req, struct tx *tx, const char *day, struct outcome *ret);

/* Whether the time that its act is for has passed on the person's wall; false: it is for none. */
bool recommendation_is_over(struct req *req, const struct json *args);

#endif
