#include "ml/stats/association.h"

#include "ml/stats/shuffle.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

enum { WEEK = 7, LEAST_FREE = 3 };

#define PATTERN 0.5 /* p of weekdays below which they may be there: most that are, are far below */

/* Two series laid side by side: only days that have both, ranked, without weekday and trend. */
struct beside {
	size_t days, n, taken;
	double *x, *y;
};

static bool varies(const double *x, size_t n)
{
	double first = NAN;

	for (size_t i = 0; i < n; i++) {
		if (isnan(x[i]))
			continue;
		if (isnan(first))
			first = x[i];
		else if (x[i] > first || x[i] < first)
			return true;
	}
	return false;
}

static double squares(const double *x, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += isnan(x[i]) ? 0 : x[i] * x[i];
	return sum;
}

/* A series without its weekends, and without each weekday. */
struct weeks {
	double *weekend, *each;
	size_t taken_weekend, taken_each;
	double p; /* F: of each weekday beyond the weekend */
};

static bool weeks_take(apr_pool_t *pool, const double *ranks, size_t days, size_t n, int weekday,
		       struct weeks *ret)
{
	double left, more;

	ret->weekend = mem_alloc(pool, sizeof *ret->weekend * (days + 1));
	ret->each = mem_alloc(pool, sizeof *ret->each * (days + 1));
	ret->p = 1;
	if (!series_residuals(pool, ranks, days, weekday, false, ret->weekend, &ret->taken_weekend))
		return false;
	if (!series_residuals(pool, ranks, days, weekday, true, ret->each, &ret->taken_each) ||
	    ret->taken_each <= ret->taken_weekend)
		return true;
	more = (double)(ret->taken_each - ret->taken_weekend);
	left = (double)(n - ret->taken_each);
	ret->p = squares(ret->each, days);
	ret->p = gsl_cdf_fdist_Q((squares(ret->weekend, days) - ret->p) / more / fmax(ret->p / left, 1e-12),
				 more, left);
	return true;
}

/* Ranks are taken over the days that have both: a day that lacks one says nothing of the pair. Weekdays beyond the weekend
 * bring two series together only where both have them, and to take them out for nothing costs a fifth of a month. */
static bool lay(apr_pool_t *pool, const double *x, const double *y, size_t n, size_t lag, int weekday,
		struct beside *ret)
{
	size_t days = n > lag ? n - lag : 0;
	double *xs = mem_alloc(pool, sizeof *xs * (days + 1)), *ys = mem_alloc(pool, sizeof *ys * (days + 1)),
	       *ranks = mem_alloc(pool, sizeof *ranks * (days + 1));
	struct weeks xw, yw;
	bool each;

	for (size_t i = 0; i < days; i++) {
		bool both = !isnan(x[i]) && !isnan(y[i + lag]);

		xs[i] = both ? x[i] : NAN;
		ys[i] = both ? y[i + lag] : NAN;
	}
	*ret = (struct beside){ .days = days, .n = series_pairs(xs, ys, days) };
	if (!varies(xs, days) || !varies(ys, days))
		return false;
	series_ranks(pool, xs, days, ranks);
	if (!weeks_take(pool, ranks, days, ret->n, weekday, &xw))
		return false;
	series_ranks(pool, ys, days, ranks);
	if (!weeks_take(pool, ranks, days, ret->n, (int)(((size_t)weekday + lag) % WEEK), &yw))
		return false;
	each = fmax(xw.p, yw.p) < PATTERN && xw.taken_each > xw.taken_weekend;
	ret->taken = each ? xw.taken_each : xw.taken_weekend;
	ret->x = each ? xw.each : xw.weekend;
	ret->y = each ? yw.each : yw.weekend;
	return true;
}

static double correlation(const double *x, const double *y, size_t n)
{
	double xy = 0, xx = 0, yy = 0;

	for (size_t i = 0; i < n; i++) {
		if (isnan(x[i]) || isnan(y[i]))
			continue;
		xy += x[i] * y[i];
		xx += x[i] * x[i];
		yy += y[i] * y[i];
	}
	if (xx <= 0 || yy <= 0)
		return 0;
	xy /= sqrt(xx * yy);
	return xy > 1 ? 1 : xy < -1 ? -1 : xy;
}

/* Of r with that many independent pairs left: t, and Fisher's interval. */
static void judge(struct association *a, double left)
{
	double free = left - 2 < LEAST_FREE ? LEAST_FREE : left - 2, r = a->r, z, half;

	if (fabs(r) >= 1) {
		a->p = 0;
		a->low = a->high = r;
		return;
	}
	a->p = 2 * gsl_cdf_tdist_Q(fabs(r) * sqrt(free / (1 - r * r)), free);
	z = atanh(r);
	half = gsl_cdf_ugaussian_Pinv(0.975) / sqrt(left - 3 < 1 ? 1 : left - 3);
	a->low = tanh(z - half);
	a->high = tanh(z + half);
}

bool association_find(apr_pool_t *pool, const double *x, const double *y, size_t n, size_t lag, int weekday,
		      size_t least, struct association *ret)
{
	struct beside b;

	if (!lay(pool, x, y, n, lag, weekday, &b) || b.n < least)
		return false;
	ret->n = b.n;
	ret->effective = series_effective(b.x, b.y, b.days);
	ret->r = correlation(b.x, b.y, b.days);
	/* What weekday and trend took is spent; the mean is in the 2 that t takes. */
	judge(ret, ret->effective - (double)(b.taken - 1));
	return true;
}

/* --- shuffled weeks --- */

double association_shuffled(apr_pool_t *pool, const double *x, const double *y, size_t n, size_t lag,
			    int weekday, int rounds, uint64_t seed)
{
	struct chance chance = { seed };
	struct beside b;
	size_t weeks, *order, before = 0;
	double *shuffled, met;
	int as_much = 1;

	/* Days before either was noted would be shuffled in among those that were. */
	while (before < n && (isnan(x[before]) || isnan(y[before])))
		before++;
	x += before;
	y += before;
	n -= before;
	while (n && (isnan(x[n - 1]) || isnan(y[n - 1])))
		n--;
	if (!lay(pool, x, y, n, lag, (weekday + (int)(before % WEEK)) % WEEK, &b))
		return 1;
	weeks = b.days / WEEK;
	if (weeks < 3)
		return 1;
	met = fabs(correlation(b.x, b.y, b.days));
	order = mem_alloc(pool, sizeof *order * weeks);
	shuffled = mem_alloc(pool, sizeof *shuffled * (b.days + 1));
	for (int r = 0; r < rounds; r++) {
		for (size_t i = 0; i < weeks; i++) {
			size_t j = chance_below(&chance, i + 1);

			order[i] = order[j];
			order[j] = i;
		}
		memcpy(shuffled, b.x, sizeof *shuffled * b.days);
		for (size_t i = 0; i < weeks; i++)
			memcpy(&shuffled[i * WEEK], &b.x[order[i] * WEEK], sizeof *shuffled * WEEK);
		as_much += fabs(correlation(shuffled, b.y, b.days)) >= met;
	}
	return (double)as_much / (rounds + 1);
}
