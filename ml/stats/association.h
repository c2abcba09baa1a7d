/* association: whether two daily series go together, beside weekday, trend and their own inertia.
 * Needs: series, GSL. Used by: question.
 * "Goes together with", never more: nothing here knows what causes what. */
#ifndef ML_STATS_ASSOCIATION_H
#define ML_STATS_ASSOCIATION_H

#include "ml/stats/series.h"

struct association {
	size_t n;         /* days that have both */
	double effective; /* how many independent ones they are worth */
	double r;         /* partial Spearman: of ranks, weekday and trend taken out */
	double low, high; /* its 95 % interval (Fisher) */
	double p;         /* two-sided: how often chance alone goes together as much */
};

/* y of each day with x of `lag` days before. weekday: of day 0, 0..6. False: fewer than `least` days have both, or one of them
 * never changes. */
bool association_find(apr_pool_t *pool, const double *x, const double *y, size_t n, size_t lag, int weekday,
		      size_t least, struct association *ret);
/* The same by shuffling: how often whole weeks of x, put in another order, go together with y as much. As a cross-check; the same
 * seed gives the same answer. */
double association_shuffled(apr_pool_t *pool, const double *x, const double *y, size_t n, size_t lag,
			    int weekday, int rounds, uint64_t seed);

#endif
