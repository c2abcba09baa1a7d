/* question: what a person's days are asked, fixed beforehand, and what some of the days answer.
 * Needs: days, association, shuffle. Used by: insight, schedule.
 * The core of the questions has four fifths of every level, the others a fifth; within each, a question has its weight, and within
 * a question each lag. What is expected of a pair has more of the weight than its opposite. All of it is fixed before any day is
 * seen, and sums to one: that is what keeps the sum of all errors below the level. */
#ifndef ML_INSIGHT_QUESTION_H
#define ML_INSIGHT_QUESTION_H

#include "ml/insight/days.h"

struct insight {
	const char *kind;   /* "sleep_energy", "peak_hour" ... */
	const char *tier;   /* observation | likely | confirmed | withdrawn */
	const char *detail; /* the hour, the weekday, the theme; "" for none */
	size_t n, lag;
	double effect, low, high; /* low, high: NaN where there is no interval */
	const char *unit;         /* of effect: "r", "x", "sd" */
	double p, q;
};

enum question_sort {
	QUESTION_PAIR,
	QUESTION_HOUR,
	QUESTION_WEEKDAY,
	QUESTION_THEME,
	QUESTION_FORMAT,
	QUESTION_POST_HOUR
};
enum { QUESTIONS = 12, QUESTION_LAGS = 2, INSIGHT_LEAST = 21 };

struct question {
	const char *kind;
	enum question_sort sort;
	enum day_number x, y; /* of a pair */
	bool core;
	double weight; /* of its part of the level; the weights of a part sum to 1 */
	int expected;  /* of a pair: 1 together, -1 against one another, 0 neither */
	const char *note
		[2]; /* what the person notes for it: sleep energy mood workout meetings tasks posts; NULL for none */
};
extern const struct question questions[QUESTIONS];

/* One test of a question. p of `found` is two-sided and has not heard of any expectation. */
struct answer {
	struct insight found;
	double p; /* with the direction's share of the weight: of what is expected lower than two-sided, else higher */
	double weight; /* its share of its part of the level */
};
#define INSIGHT_CORE 0.8 /* of every level is the core's: the others have a quarter of that */

/* Days, or posts, that count for the question among the first n days. */
size_t question_pairs(const struct question *q, const struct days *days, size_t n);
/* What the days from `from` to below `to` answer, the lags of a pair each for itself; 0: too few, too seldom noted, or without any
 * change. Texts live as long as days->pool does. */
size_t question_answer(apr_pool_t *pool, const struct question *q, const struct days *days, size_t from,
		       size_t to, struct answer ret[QUESTION_LAGS]);
/* Whether what was found is in these days too: one-sided p of the same lag and direction, the same hour, weekday or label. NaN:
 * they cannot tell. */
double question_holds(apr_pool_t *pool, const struct question *q, const struct days *days, size_t from,
		      size_t to, const struct insight *found);
/* NULL: no question of that kind. */
const struct question *question_find(const char *kind);

#endif
