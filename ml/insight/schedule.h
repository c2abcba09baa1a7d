/* schedule: when a person's days are asked what, so that all looks of a life together spend one level.
 * Needs: question. Used by: cli_insights, look, advice_missing.
 *
 * A question is looked at when 30, 60 and 90 days (posts, of those about posts) count for it, and at each 30 more. Each question
 * has its own looks, since each is noted at its own pace. What it may spend at its k-th look is fixed: schedule_level(k) times its
 * part of the level (core or not) times its weight. Over all looks of all questions that sums to SCHEDULE_LEVEL at most, so that by Bonferroni
 * no more than that of the people in whom there is nothing are ever told something, however the questions lean on one another and
 * on whatever night they come due. Looks that were passed over (days came all at once, or could not be asked for their gaps)
 * leave their share to the next one.
 *
 * likely:    told at a look.
 * confirmed: held at a later look of its question, by days that had no part in telling it: those after the night on which it was
 *            told, alone, show the same lag and direction (the same hour, weekday, label) with a one-sided p of SCHEDULE_HOLDS.
 *            When those days cannot tell yet, nothing happens.
 * withdrawn: did not hold at two looks in a row, and is not told any more. It may be found anew at a later look, at that look's
 *            level.
 * A question has one finding at a time that is likely or confirmed; the looks go on beside it and are spent, so that nothing is
 * asked twice at one level. The state is counted up and never down: taking days away brings no second look. */
#ifndef ML_INSIGHT_SCHEDULE_H
#define ML_INSIGHT_SCHEDULE_H

#include "ml/insight/question.h"

#define SCHEDULE_HOLDS 0.05
#define SCHEDULE_LEVEL 0.04 /* of .05, so that what the tests only approximate has room */
enum { SCHEDULE_STEP = 30, FINDINGS_MAX = 64 };

/* What a night brought to a finding. */
enum finding_news { NEWS_NONE, NEWS_LIKELY, NEWS_CONFIRMED, NEWS_HELD, NEWS_FAILED, NEWS_WITHDRAWN };

struct finding {
	struct insight is; /* as it was last told, or held: n, effect, interval and p of all days */
	int64_t told;      /* the last day (number, date_civil) that had a part in telling it */
	int failed;        /* looks in a row at which it did not hold: 0 or 1, 2 when withdrawn */
	enum finding_news news;
};

/* All that is kept of a person from night to night. Zeroed for a new one. */
struct schedule {
	int looks[QUESTIONS]; /* spent by questions[i] */
	struct finding findings[FINDINGS_MAX];
	size_t findings_n;
};

/* What the k-th look (from 0) of a question may spend; all that come after the third share a quarter. */
double schedule_level(int k);

/* Whether a look is due when n days have passed: cheap, for every night. */
bool schedule_is_due(const struct schedule *s, const struct days *days, size_t n);
/* The night after the n-th day: takes the looks that are due and no others, and says by `news` what came of it, how many in
 * all. The same state and days give the same answer; a second call finds nothing due. Texts live as long as days->pool does. When
 * there is no room for a finding, the oldest that is withdrawn makes it. */
size_t schedule_night(struct schedule *s, const struct days *days, size_t n);
/* The same with the k-th look (from 1) of all questions taken after the n-th day, whatever counts for them. */
size_t schedule_look(struct schedule *s, const struct days *days, size_t n, int k);

/* What is still missing until the first look of a question. */
struct missing {
	const struct question *question; /* its note[]: what is to be noted */
	size_t has, lacks;               /* days, or posts */
};
/* All questions, in the order of what they lack; among them those that lack nothing. */
void schedule_missing(const struct days *days, size_t n, struct missing ret[QUESTIONS]);

#endif
