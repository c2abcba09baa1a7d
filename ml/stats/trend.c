#include "ml/stats/trend.h"

#include "ml/stats/shuffle.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WEEK = 7 };
#define LEAN_LEAST 0.5 /* standard errors of a lean below which it is taken for none */
/* What finding one change takes: two levels, and the choice of its place, which drinks up as much as three more. */
#define CHANGE_TAKEN 5

/* Values and the days they are of. */
struct valued {
	double *v, *day;
	size_t n;
};

static struct valued valued_of(apr_pool_t *pool, const double *x, size_t n)
{
	struct valued d = { .v = mem_alloc(pool, sizeof *d.v * (n + 1)),
			    .day = mem_alloc(pool, sizeof *d.day * (n + 1)) };

	for (size_t i = 0; i < n; i++)
		if (!isnan(x[i])) {
			d.day[d.n] = (double)i;
			d.v[d.n++] = x[i];
		}
	return d;
}

static int by_size(const void *a, const void *b)
{
	const double *l = a, *r = b;

	return (*l > *r) - (*l < *r);
}

/* Of sorted values; q from 0 to 1. */
static double quantile(const double *v, size_t n, double q)
{
	double at = q * (double)(n - 1), low = floor(at);
	size_t i = (size_t)low;

	return i + 1 < n ? v[i] + (at - low) * (v[i + 1] - v[i]) : v[n - 1];
}

static double median_of(apr_pool_t *pool, const double *v, size_t n)
{
	double *sorted = mem_dup(pool, v, sizeof *v * n);

	qsort(sorted, n, sizeof *sorted, by_size);
	return quantile(sorted, n, 0.5);
}

/* --- trend --- */

/* All slopes, sorted, and Kendall's S. */
static double *slopes_of(apr_pool_t *pool, const struct valued *d, size_t *ret_n, double *ret_s)
{
	double *slopes = mem_alloc(pool, sizeof *slopes * (d->n * (d->n - 1) / 2 + 1));
	size_t m = 0;

	*ret_s = 0;
	for (size_t i = 0; i < d->n; i++)
		for (size_t j = i + 1; j < d->n; j++) {
			*ret_s += (d->v[j] > d->v[i]) - (d->v[j] < d->v[i]);
			slopes[m++] = (d->v[j] - d->v[i]) / (d->day[j] - d->day[i]);
		}
	qsort(slopes, m, sizeof *slopes, by_size);
	*ret_n = m;
	return slopes;
}

/* Var(S) without inertia, ties counted (Kendall 1975). */
static double kendall_variance(apr_pool_t *pool, const struct valued *d)
{
	double n = (double)d->n, sum = n * (n - 1) * (2 * n + 5),
	       *sorted = mem_dup(pool, d->v, sizeof *d->v * d->n);

	qsort(sorted, d->n, sizeof *sorted, by_size);
	for (size_t i = 0, k; i < d->n; i = k) {
		double t;

		for (k = i; k < d->n && sorted[k] <= sorted[i]; k++)
			;
		t = (double)(k - i);
		sum -= t * (t - 1) * (2 * t + 5);
	}
	return sum / 18;
}

/* How much a day leans on the day before, by ranks of what is left when trend or level are taken out; with what taking out
 * that many numbers cost put back (after Marriott and Pope 1954). */
static double lean_of(apr_pool_t *pool, const double *left, size_t n, double taken)
{
	double *ranks = mem_alloc(pool, sizeof *ranks * (n + 1)), both = 0, square = 0, mean, r;
	size_t pairs = 0, valued = series_pairs(left, left, n);

	series_ranks(pool, left, n, ranks);
	mean = ((double)valued + 1) / 2;
	for (size_t i = 0; i < n; i++) {
		if (isnan(ranks[i]))
			continue;
		square += (ranks[i] - mean) * (ranks[i] - mean);
		if (i + 1 < n && !isnan(ranks[i + 1])) {
			both += (ranks[i] - mean) * (ranks[i + 1] - mean);
			pairs++;
		}
	}
	if (pairs < WEEK || square <= 0)
		return 0;
	r = both / (double)pairs / (square / (double)valued);
	r += (taken + (taken + 2) * r) / (double)valued;
	return r > 0.95 ? 0.95 : r < LEAN_LEAST / sqrt((double)valued) ? 0 : r;
}

/* By how much AR(1) widens the variance of S: ranks' autocorrelations r^k over the days (Hamed and Rao 1998, with all of them
 * those of an AR(1)). */
static double widening(double r, double n)
{
	double sum = 0, power = r;

	for (int k = 1; k < n - 2 && power > 1e-6; k++, power *= r)
		sum += (n - k) * (n - k - 1) * (n - k - 2) * power;
	return 1 + 2 * sum / (n * (n - 1) * (n - 2));
}

bool trend_find(apr_pool_t *pool, const double *x, size_t n, size_t least, struct trend *ret)
{
	struct valued d;
	double *slopes, *left, s, variance, wide, z, half;
	size_t m;

	if (n > TREND_MAX) {
		x += n - TREND_MAX;
		n = TREND_MAX;
	}
	d = valued_of(pool, x, n);
	if (d.n < least || d.n < 4)
		return false;
	variance = kendall_variance(pool, &d);
	if (variance <= 0)
		return false;
	slopes = slopes_of(pool, &d, &m, &s);
	*ret = (struct trend){ .n = d.n, .slope = quantile(slopes, m, 0.5) };
	left = mem_alloc(pool, sizeof *left * n);
	for (size_t i = 0; i < n; i++)
		left[i] = x[i] - ret->slope * (double)i;
	ret->lean = lean_of(pool, left, n, 2);
	wide = widening(ret->lean, (double)d.n);
	variance *= wide;
	z = fabs(s) > 1 ? (fabs(s) - 1) / sqrt(variance) : 0;
	/* Student's, since the lean is of few days too. */
	ret->p = 2 * gsl_cdf_tdist_Q(z, fmax((double)d.n / wide - 2, 2));
	half = gsl_cdf_ugaussian_Pinv(0.975) * sqrt(variance) / (double)m /
	       2; /* Sen's interval, as parts of all slopes */
	ret->low = quantile(slopes, m, fmax(0.5 - half, 0));
	ret->high = quantile(slopes, m, fmin(0.5 + half, 1));
	return true;
}

/* --- one change --- */

/* Pettitt's U, by how far it goes by chance at each place, between `group` values from either end. mean: of v. */
static double change_most(const double *v, size_t n, size_t group, double mean, double deviation,
			  size_t *ret_at)
{
	double sum = 0, most = -1, all = (double)n;

	for (size_t i = 0; i + group < n; i++) {
		double before = (double)(i + 1), u;

		sum += v[i] - mean;
		if (i + 1 < group)
			continue;
		u = fabs(sum) / sqrt(before * (all - before));
		if (u > most) {
			most = u;
			*ret_at = i + 1;
		}
	}
	return most / deviation;
}

static double normal(struct chance *c)
{
	double u = ((double)(chance_next(c) >> 11) + 0.5) / 9007199254740992.0;

	return gsl_cdf_ugaussian_Pinv(u);
}

/* The same of days that only lean on one another. */
static double change_by_chance(struct chance *chance, double *v, size_t n, size_t group, double lean)
{
	double state = normal(chance), sum = 0, square = 0, mean;
	size_t at;

	for (size_t i = 0; i < n; i++) {
		state = lean * state + sqrt(1 - lean * lean) * normal(chance);
		v[i] = state;
		sum += state;
		square += state * state;
	}
	mean = sum / (double)n;
	return change_most(v, n, group, mean, sqrt(square / (double)n - mean * mean), &at);
}

/* How much days lean when both levels are taken out. */
static double lean_beside(apr_pool_t *pool, const double *x, size_t n, const struct change *change)
{
	double *left = mem_alloc(pool, sizeof *left * (n + 1));

	for (size_t i = 0; i < n; i++)
		left[i] = x[i] - (i < change->at ? change->before : change->after);
	return lean_of(pool, left, n, CHANGE_TAKEN);
}

bool trend_change(apr_pool_t *pool, const double *x, size_t n, size_t least, size_t group, int rounds,
		  uint64_t seed, struct change *ret)
{
	struct valued d = valued_of(pool, x, n);
	struct chance chance = { seed };
	double *v = mem_alloc(pool, sizeof *v * (d.n + 1)), met, deviation = 0, mean = ((double)d.n + 1) / 2,
	       lean;
	size_t at = 0;
	int as_much = 1;

	if (d.n < least || d.n < 2 * group || kendall_variance(pool, &d) <= 0)
		return false;
	series_ranks(pool, d.v, d.n, v);
	for (size_t i = 0; i < d.n; i++)
		deviation += (v[i] - mean) * (v[i] - mean) / (double)d.n;
	met = change_most(v, d.n, group, mean, sqrt(deviation), &at);
	*ret = (struct change){ .n = d.n, .at = (size_t)d.day[at] };
	ret->before = median_of(pool, d.v, at);
	ret->after = median_of(pool, d.v + at, d.n - at);
	lean = lean_beside(pool, x, n, ret);
	for (int r = 0; r < rounds; r++)
		as_much += change_by_chance(&chance, v, d.n, group, lean) >= met;
	ret->p = (double)as_much / (rounds + 1);
	return true;
}
