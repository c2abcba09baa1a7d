#include "ml/stats/series.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WEEK = 7, COLUMNS = WEEK + 1, LEAST_PAIRS = 8 };

size_t series_pairs(const double *x, const double *y, size_t n)
{
	size_t pairs = 0;

	for (size_t i = 0; i < n; i++)
		pairs += !isnan(x[i]) && !isnan(y[i]);
	return pairs;
}

/* --- ranks --- */

struct ranked {
	double value;
	size_t at;
};

static int by_value(const void *a, const void *b)
{
	const struct ranked *l = a, *r = b;

	return (l->value > r->value) - (l->value < r->value);
}

void series_ranks(apr_pool_t *pool, const double *x, size_t n, double *ret)
{
	struct ranked *v = mem_alloc(pool, sizeof *v * (n + 1));
	size_t m = 0;

	for (size_t i = 0; i < n; i++) {
		ret[i] = NAN;
		if (!isnan(x[i]))
			v[m++] = (struct ranked){ x[i], i };
	}
	qsort(v, m, sizeof *v, by_value);
	for (size_t i = 0, k; i < m; i = k) {
		for (k = i; k < m && v[k].value <= v[i].value; k++)
			;
		for (size_t j = i; j < k; j++)
			ret[v[j].at] = ((double)i + 1 + (double)k) / 2;
	}
}

/* --- weekday and trend --- */

/* The weekday, or only whether it is a working day. */
static size_t kind_of(size_t day, bool each)
{
	return each ? day % WEEK : day % WEEK >= 5;
}

/* A column for the mean, the trend, and each weekday that occurs but one; or, for all of them, one for the weekend. */
static size_t design(const double *x, size_t n, int weekday, bool each, double *a, size_t *ret_columns)
{
	bool seen[WEEK] = { false };
	int column[WEEK] = { 0 }, first = -1;
	size_t columns = 2, m = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(x[i]))
			seen[kind_of((size_t)weekday + i, each)] = true;
	for (int d = 0; d < WEEK; d++) {
		if (seen[d] && first < 0)
			first = d;
		else if (seen[d])
			column[d] = (int)columns++;
	}
	for (size_t i = 0; i < n; i++) {
		size_t d = kind_of((size_t)weekday + i, each);

		if (isnan(x[i]))
			continue;
		memset(&a[m * COLUMNS], 0, sizeof *a * COLUMNS);
		a[m * COLUMNS] = 1;
		a[m * COLUMNS + 1] = ((double)i - (double)n / 2) / (double)n;
		if ((int)d != first)
			a[m * COLUMNS + (size_t)column[d]] = 1;
		m++;
	}
	*ret_columns = columns;
	return m;
}

bool series_residuals(apr_pool_t *pool, const double *x, size_t n, int weekday, bool each, double *ret,
		      size_t *ret_taken)
{
	double *a = mem_alloc(pool, sizeof *a * COLUMNS * (n + 1)), *b = mem_alloc(pool, sizeof *b * (n + 1)),
	       *left = mem_alloc(pool, sizeof *left * (n + 1)), tau[COLUMNS], solved[COLUMNS];
	size_t columns, m = design(x, n, weekday, each, a, &columns), k = 0;
	gsl_matrix_view av;
	gsl_vector_view bv, lv, tv, sv;

	if (m < columns + 2)
		return false;
	gsl_set_error_handler_off(); /* its own ends the process */
	for (size_t i = 0; i < n; i++)
		if (!isnan(x[i]))
			b[k++] = x[i];
	av = gsl_matrix_view_array_with_tda(a, m, columns, COLUMNS);
	bv = gsl_vector_view_array(b, m);
	lv = gsl_vector_view_array(left, m);
	tv = gsl_vector_view_array(tau, columns);
	sv = gsl_vector_view_array(solved, columns);
	if (gsl_linalg_QR_decomp(&av.matrix, &tv.vector) ||
	    gsl_linalg_QR_lssolve(&av.matrix, &tv.vector, &bv.vector, &sv.vector, &lv.vector))
		return false;
	k = 0;
	for (size_t i = 0; i < n; i++)
		ret[i] = isnan(x[i]) ? NAN : left[k++];
	*ret_taken = columns;
	return true;
}

/* --- how much days lean on one another --- */

/* With itself `lag` days later, over the days that have both; 0 where few do. x has mean 0. */
static double autocorrelation(const double *x, size_t n, size_t lag)
{
	double both = 0, square = 0;
	size_t pairs = 0, days = 0;

	for (size_t i = 0; i < n; i++) {
		if (isnan(x[i]))
			continue;
		square += x[i] * x[i];
		days++;
		if (i + lag < n && !isnan(x[i + lag])) {
			both += x[i] * x[i + lag];
			pairs++;
		}
	}
	if (pairs < LEAST_PAIRS || square <= 0)
		return 0;
	return both / (double)pairs / (square / (double)days);
}

double series_effective(const double *x, const double *y, size_t n)
{
	double pairs = (double)series_pairs(x, y, n), sum = 0, effective, noise = 1 / sqrt(pairs);

	for (size_t lag = 1; lag <= SERIES_LAGS && lag < n; lag++) {
		double a = autocorrelation(x, n, lag), b = autocorrelation(y, n, lag);

		/* What chance alone brings says nothing, and neither does what comes behind it. */
		if (fabs(a) < noise || fabs(b) < noise)
			break;
		sum += (1 - (double)lag / pairs) * a * b;
	}
	effective = pairs / (1 + 2 * sum);
	if (!(effective < pairs)) /* a sum below -1/2 among them */
		return pairs;
	return effective < 3 ? 3 : effective;
}
