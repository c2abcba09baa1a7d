/* rates: how often something comes out well in this hour or on that weekday, told by few cases and the person's own mean.
 * Needs: GSL. Used by: portrait. */
#ifndef ML_STATS_RATES_H
#define ML_STATS_RATES_H

#include "core/mem.h"

struct rate {
	size_t done, of;
	double mean;      /* shrunk: what few cases say counts little */
	double low, high; /* 95 % */
};

/* Rates of n groups that are alike as far as they are (beta-binomial): each is shrunk to the mean of the others, by as many cases as
 * the groups' likeness is worth (moments; Kleinman 1973), 100 at most and never more than the others have. Sets mean, low and high
 * of each from done and of. */
void rates_shrink(struct rate *rates, size_t n);

#endif
