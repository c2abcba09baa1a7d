/* insight: what a person's days say, at the looks that are allowed.
 * Needs: days, association, shuffle, discovery. Used by: cli_insights.
 * A family of questions is fixed beforehand; whatever else is asked has a quarter of its level. Nobody looks every night: who
 * does finds something in half of the people in whom there is nothing. */
#ifndef ML_INSIGHT_INSIGHT_H
#define ML_INSIGHT_INSIGHT_H

#include "ml/insight/days.h"

struct insight {
	const char *kind;   /* "sleep_energy", "peak_hour" ... */
	const char *tier;   /* observation | likely | confirmed */
	const char *detail; /* the hour, the weekday, the theme; "" for none */
	size_t n, lag;
	double effect, low, high; /* low, high: NaN where there is no interval */
	const char *unit;         /* of effect: "r", "x", "sd" */
	double p, q;
};

enum { INSIGHT_MAX = 32, INSIGHT_LEAST = 21 };

/* One look at the first `n` days, at this level for all of it; those that are told are likely. In the order of their p. */
size_t insight_look(const struct days *days, size_t n, double level, struct insight ret[INSIGHT_MAX]);

/* What a look at the k-th of the schedule (30, 60 and 90 days, then each 30 more) may spend of .05. */
double insight_level(size_t k);

#endif
