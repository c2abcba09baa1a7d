/* draw: how likely a sum of draws by chance is, without drawing.
 * Needs: GSL. Used by: shuffle.
 * Of a day whose hours are turned, one hour gets one of the day's counts; of a week whose days change places, a weekday gets one
 * of the week's values. What such an hour or weekday has in all is a sum of draws, one of each group. */
#ifndef ML_STATS_DRAW_H
#define ML_STATS_DRAW_H

#include "core/mem.h"

/* Groups of values, one behind the other: group g has size[g] of them, at least one. */
struct draws {
	const double *v;
	const size_t *size;
	size_t groups;
};

/* How often one value of each group, drawn alike, sums to more than `reached`, and half of how often to just that: the mid-p, which
 * of few and whole numbers is neither too bold nor too shy (Lancaster 1961). By the saddlepoint (Lugannani and Rice 1980), whose
 * relative error is some hundredths however small it is. */
double draw_tail(const struct draws *d, double reached);

#endif
