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
	double step; /* what all values are multiples of; 0: nothing */
};

/* P(sum of one value of each group, drawn alike, >= reached), by the saddlepoint (Lugannani and Rice 1980; of whole numbers
 * with Daniels' second correction, 1987): within a few hundredths of itself however small it is. */
double draw_tail(const struct draws *d, double reached);

#endif
