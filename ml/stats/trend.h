/* trend: whether a daily series goes up or down, by how much, and whether it changed its level once.
 * Needs: series, GSL. Used by: portrait.
 * Days without a value are NaN. Days lean on one another: a test that does not know it finds a trend in every fourth person
 * whose days only drift about. */
#ifndef ML_STATS_TREND_H
#define ML_STATS_TREND_H

#include "ml/stats/series.h"

struct trend {
	size_t n;
	double slope;     /* a day (Theil 1950, Sen 1968): the median of the slopes between any two days */
	double low, high; /* its 95 % interval, by the corrected variance of S (Sen) */
	double lean; /* how much a day leans on the one before, trend taken out: 0 where chance does as much */
	double p;    /* two-sided: Mann-Kendall, its variance corrected for AR(1) */
};

/* False: fewer than `least` values, or all alike. For more than TREND_MAX days: the last ones. */
enum { TREND_MAX = 400 };
bool trend_find(apr_pool_t *pool, const double *x, size_t n, size_t least, struct trend *ret);

struct change {
	size_t n;
	size_t at;            /* the first day of the new level */
	double before, after; /* medians */
	double p; /* among all days on which it might have been, of days that lean on one another as much */
};

/* The one day at which the level most likely changed (Pettitt 1979), with at least `group` values on either side. Its p is by
 * `rounds` rows of days without a change that lean on one another as these do (AR(1)). False: fewer than `least` values, or all alike. */
bool trend_change(apr_pool_t *pool, const double *x, size_t n, size_t least, size_t group, int rounds,
		  uint64_t seed, struct change *ret);

#endif
