#include "ml/insight/forecast.h"

#include <gsl/gsl_linalg.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TERMS = 5, RECENT = 7, WEEK = 7 };
#define RIDGE 2.0      /* days' worth of belief that nothing matters but the mean */
#define PRIOR_DAYS 3.0 /* that a weekday's mean leans on the mean of all */
#define INTERVAL 0.8
#define STANDARD_ERRORS \
	1.28 /* by which it must be better: one person of ten in whom nothing can be foreseen */

/* A day with something due. */
struct planned {
	double x[TERMS], share, usual; /* usual: what its weekday's mean foresaw */
};

/* What was known before a day. */
struct past {
	double sum, n, week_sum[WEEK], week_n[WEEK], recent[RECENT];
	size_t seen;
};

static double mean_of(const struct past *p)
{
	return p->n > 0 ? p->sum / p->n : 0.5;
}

static double weekday_mean(const struct past *p, int weekday)
{
	return (p->week_sum[weekday] + PRIOR_DAYS * mean_of(p)) / (p->week_n[weekday] + PRIOR_DAYS);
}

static double recent_mean(const struct past *p)
{
	size_t n = p->seen < RECENT ? p->seen : RECENT;
	double sum = PRIOR_DAYS * mean_of(p);

	for (size_t i = 0; i < n; i++)
		sum += p->recent[i];
	return sum / ((double)n + PRIOR_DAYS);
}

static struct planned plan(const struct past *p, int weekday, double due)
{
	struct planned day = { .usual = weekday_mean(p, weekday) };

	day.x[0] = 1;
	day.x[1] = log(due);
	day.x[2] = weekday >= 5;
	day.x[3] = recent_mean(p);
	day.x[4] = day.usual;
	return day;
}

static void learn(struct past *p, int weekday, double share)
{
	p->sum += share;
	p->n += 1;
	p->week_sum[weekday] += share;
	p->week_n[weekday] += 1;
	p->recent[p->seen++ % RECENT] = share;
}

/* Least squares with a little ridge on all but the mean. */
static bool fit(const struct planned *days, size_t n, double beta[TERMS])
{
	double a[TERMS * TERMS] = { 0 }, b[TERMS] = { 0 };
	gsl_matrix_view m = gsl_matrix_view_array(a, TERMS, TERMS);
	gsl_vector_view right = gsl_vector_view_array(b, TERMS), left = gsl_vector_view_array(beta, TERMS);

	for (size_t i = 0; i < n; i++)
		for (size_t r = 0; r < TERMS; r++) {
			b[r] += days[i].x[r] * days[i].share;
			for (size_t c = 0; c < TERMS; c++)
				a[r * TERMS + c] += days[i].x[r] * days[i].x[c];
		}
	for (size_t r = 0; r < TERMS; r++)
		a[r * TERMS + r] += r ? RIDGE : 1e-9;
	return gsl_linalg_cholesky_decomp1(&m.matrix) == 0 &&
	       gsl_linalg_cholesky_solve(&m.matrix, &right.vector, &left.vector) == 0;
}

static double foresee(const double beta[TERMS], const struct planned *day)
{
	double share = 0;

	for (size_t i = 0; i < TERMS; i++)
		share += beta[i] * day->x[i];
	return fmin(fmax(share, 0), 1);
}

static int by_size(const void *a, const void *b)
{
	double l = *(const double *)a, r = *(const double *)b;

	return (l > r) - (l < r);
}

/* How far off it was on the last days, each foreseen from those before it alone; whether it did better than the weekday. */
static bool try(const struct planned *days, size_t n, struct forecast *ret, double *ret_off)
{
	double off[FORECAST_TRIED], better[FORECAST_TRIED], beta[TERMS];

	ret->error = 0;
	for (size_t k = 0; k < FORECAST_TRIED; k++) {
		const struct planned *day = &days[n - FORECAST_TRIED + k];

		if (!fit(days, (size_t)(day - days), beta))
			return false;
		off[k] = fabs(day->share - foresee(beta, day));
		better[k] = (day->share - day->usual) * (day->share - day->usual) - off[k] * off[k];
		ret->error += off[k] * off[k] / FORECAST_TRIED;
	}
	ret->baseline = ret->error + gsl_stats_mean(better, 1, FORECAST_TRIED);
	qsort(off, FORECAST_TRIED, sizeof *off, by_size);
	*ret_off = off[(int)ceil(INTERVAL * FORECAST_TRIED) - 1];
	return ret->baseline - ret->error >
	       STANDARD_ERRORS * gsl_stats_sd(better, 1, FORECAST_TRIED) / sqrt(FORECAST_TRIED);
}

bool forecast_day(apr_pool_t *pool, const double *due, const double *done, size_t n, int weekday,
		  double due_next, struct forecast *ret)
{
	struct planned *days = mem_alloc(pool, sizeof *days * (n + 1)), next;
	struct past past = { 0 };
	double beta[TERMS], off;
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		int on = (int)((size_t)weekday + i) % WEEK;

		if (!(due[i] > 0) || isnan(done[i]))
			continue;
		days[k] = plan(&past, on, due[i]);
		days[k].share = fmin(done[i] / due[i], 1);
		learn(&past, on, days[k++].share);
	}
	if (k < FORECAST_LEAST || !(due_next > 0) || !try(days, k, ret, &off) || !fit(days, k, beta))
		return false;
	next = plan(&past, (int)((size_t)weekday + n) % WEEK, due_next);
	ret->n = k;
	ret->share = foresee(beta, &next);
	ret->low = fmax(ret->share - off, 0);
	ret->high = fmin(ret->share + off, 1);
	return true;
}
