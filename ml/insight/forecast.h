/* forecast: how much of a day's plan will be done, from the person's own days.
 * Needs: GSL. Used by: tools/insight. */
#ifndef ML_INSIGHT_FORECAST_H
#define ML_INSIGHT_FORECAST_H

#include "core/mem.h"
#include <stdint.h>

enum {
	FORECAST_LEAST = 42, /* days with something due, before anything is foreseen */
	FORECAST_TRIED = 28, /* the last of them, on which it was tried */
};

struct forecast {
	double share;     /* of the tasks due that will be done by the day's end, 0..1 */
	double low, high; /* four days of five lay as near to what was foreseen */
	size_t n;         /* days it stands on */
	double error,
		baseline; /* mean squared, of it and of the same weekday's mean, on days foreseen from those before */
};

/* Days 0..n-1, NaN or 0 due: none; done: of the due ones, by that day's end. weekday: of day 0, 0 Monday. Foresees day n, on which
 * due_next (> 0) are due. False: too few days, or the mean of the same weekday foresaw the last ones as well. */
bool forecast_day(apr_pool_t *pool, const double *due, const double *done, size_t n, int weekday,
		  double due_next, struct forecast *ret);

#endif
