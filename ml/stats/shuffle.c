#include "ml/stats/shuffle.h"

#include <math.h>
#include <string.h>

uint64_t chance_next(struct chance *c)
{
	uint64_t z = c->state += 0x9E3779B97F4A7C15U; /* splitmix64 */

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
	z = (z ^ z >> 27) * 0x94D049BB133111EBU;
	return z ^ z >> 31;
}

size_t chance_below(struct chance *c, size_t n)
{
	return (size_t)(chance_next(c) % n);
}

/* --- hours --- */

/* The hours between which nineteen of twenty things are done. */
static void awake(const double total[SHUFFLE_HOURS], int *ret_from, int *ret_to)
{
	double all = 0, sum = 0;

	*ret_from = 0;
	*ret_to = SHUFFLE_HOURS - 1;
	for (int h = 0; h < SHUFFLE_HOURS; h++)
		all += total[h];
	for (int h = 0; h < SHUFFLE_HOURS && sum + total[h] <= all / 40; h++) {
		sum += total[h];
		*ret_from = h + 1;
	}
	sum = 0;
	for (int h = SHUFFLE_HOURS - 1; h > *ret_from && sum + total[h] <= all / 40; h--) {
		sum += total[h];
		*ret_to = h - 1;
	}
}

static int highest(const double *v, int from, int to)
{
	int best = from;

	for (int i = from; i <= to; i++)
		if (v[i] > v[best])
			best = i;
	return best;
}

static double mean_beside(const double *v, int from, int to, int but)
{
	double sum = 0;

	for (int i = from; i <= to; i++)
		sum += i == but ? 0 : v[i];
	return to > from ? sum / (to - from) : 0;
}

bool shuffle_hour(apr_pool_t *pool, const int (*counts)[SHUFFLE_HOURS], size_t days, size_t least, int rounds,
		  struct chance *chance, struct peak *ret)
{
	double total[SHUFFLE_HOURS] = { 0 }, turned[SHUFFLE_HOURS];
	int from, to, as_much = 1;
	size_t with = 0, width;

	(void)pool;
	for (size_t d = 0; d < days; d++) {
		int any = 0;

		for (int h = 0; h < SHUFFLE_HOURS; h++) {
			total[h] += counts[d][h];
			any |= counts[d][h];
		}
		with += any != 0;
	}
	awake(total, &from, &to);
	if (with < least || to - from < 3)
		return false;
	width = (size_t)(to - from + 1);
	*ret = (struct peak){ .at = highest(total, from, to), .n = with };
	ret->effect = total[ret->at] / fmax(mean_beside(total, from, to, ret->at), 0.5 / (double)width);
	for (int r = 0; r < rounds; r++) {
		memset(turned, 0, sizeof turned);
		for (size_t d = 0; d < days; d++) {
			size_t by = chance_below(chance, width);

			for (size_t h = 0; h < width; h++)
				turned[from + (int)((h + by) % width)] += counts[d][from + (int)h];
		}
		as_much += turned[highest(turned, from, to)] >= total[ret->at];
	}
	ret->p = (double)as_much / (rounds + 1);
	return true;
}

/* --- weekdays --- */

struct by_weekday {
	double sum[SHUFFLE_WEEK];
	int n[SHUFFLE_WEEK];
};

/* A weekend is another week: days are held against their own kind. */
static int kind_from(int day)
{
	return day >= 5 ? 5 : 0;
}

static int kind_to(int day)
{
	return day >= 5 ? 6 : 4;
}

/* How far the best weekday stands above the others of its kind, and which. */
static double ahead(const struct by_weekday *w, int *ret_at, double *ret_times)
{
	double mean[SHUFFLE_WEEK], best = -INFINITY;

	for (int d = 0; d < SHUFFLE_WEEK; d++)
		mean[d] = w->n[d] ? w->sum[d] / w->n[d] : 0;
	for (int d = 0; d < SHUFFLE_WEEK; d++) {
		double others = mean_beside(mean, kind_from(d), kind_to(d), d);

		if (!w->n[d] || mean[d] - others <= best)
			continue;
		best = mean[d] - others;
		*ret_at = d;
		*ret_times = mean[d] / fmax(others, 1e-9);
	}
	return best;
}

/* Days of one kind change places within a week. */
static void week_shuffle(double *v, size_t begin, size_t end, int weekday, int kind, struct chance *chance)
{
	size_t place[SHUFFLE_WEEK], m = 0;

	for (size_t i = begin; i < end; i++)
		if (!isnan(v[i]) && kind_from((int)(((size_t)weekday + i) % SHUFFLE_WEEK)) == kind)
			place[m++] = i;
	for (size_t k = m; k > 1; k--) {
		size_t j = chance_below(chance, k);
		double swap = v[place[k - 1]];

		v[place[k - 1]] = v[place[j]];
		v[place[j]] = swap;
	}
}

static void weekdays_sum(const double *v, size_t n, int weekday, struct by_weekday *ret)
{
	*ret = (struct by_weekday){ .n = { 0 } };
	for (size_t i = 0; i < n; i++)
		if (!isnan(v[i])) {
			ret->sum[((size_t)weekday + i) % SHUFFLE_WEEK] += v[i];
			ret->n[((size_t)weekday + i) % SHUFFLE_WEEK]++;
		}
}

bool shuffle_weekday(apr_pool_t *pool, const double *x, size_t n, int weekday, size_t least, int rounds,
		     struct chance *chance, struct peak *ret)
{
	double *v = mem_alloc(pool, sizeof *v * (n + 1)), met, times;
	struct by_weekday w;
	int as_much = 1, at;

	memcpy(v, x, sizeof *v * n);
	*ret = (struct peak){ .n = series_pairs(x, x, n) };
	if (ret->n < least)
		return false;
	weekdays_sum(v, n, weekday, &w);
	met = ahead(&w, &ret->at, &ret->effect);
	for (int r = 0; r < rounds; r++) {
		for (size_t begin = 0; begin < n; begin += SHUFFLE_WEEK) {
			size_t end = begin + SHUFFLE_WEEK < n ? begin + SHUFFLE_WEEK : n;

			week_shuffle(v, begin, end, weekday, 0, chance);
			week_shuffle(v, begin, end, weekday, 5, chance);
		}
		weekdays_sum(v, n, weekday, &w);
		as_much += ahead(&w, &at, &times) >= met - 1e-12;
	}
	ret->p = (double)as_much / (rounds + 1);
	return true;
}

/* --- labels --- */

struct labelled {
	const double *v;
	size_t n, least;
	int labels;
	double *sum;
	size_t *count;
};

/* The best label by how many standard errors its mean stands above the rest. */
static double best_label(const struct labelled *l, const int *label, int *ret_at)
{
	double best = -INFINITY, all = 0, square = 0, deviation;

	memset(l->sum, 0, sizeof *l->sum * (size_t)l->labels);
	memset(l->count, 0, sizeof *l->count * (size_t)l->labels);
	*ret_at = -1;
	for (size_t i = 0; i < l->n; i++) {
		all += l->v[i];
		square += l->v[i] * l->v[i];
		if (label[i] >= 0) {
			l->sum[label[i]] += l->v[i];
			l->count[label[i]]++;
		}
	}
	deviation = sqrt(square / (double)l->n - all * all / ((double)l->n * (double)l->n));
	for (int k = 0; k < l->labels; k++) {
		double in = (double)l->count[k], out = (double)l->n - in, z;

		if (l->count[k] < l->least || l->n - l->count[k] < l->least || deviation <= 0)
			continue;
		z = (l->sum[k] / in - (all - l->sum[k]) / out) / (deviation * sqrt(1 / in + 1 / out));
		if (z > best) {
			best = z;
			*ret_at = k;
		}
	}
	return best;
}

/* Ranks, without the straight line through their order. */
static void detrended(apr_pool_t *pool, const double *value, size_t n, double *ret)
{
	double sx = 0, sy = 0, sxx = 0, sxy = 0, slope;

	series_ranks(pool, value, n, ret);
	for (size_t i = 0; i < n; i++) {
		sx += (double)i;
		sy += ret[i];
		sxx += (double)i * (double)i;
		sxy += (double)i * ret[i];
	}
	slope = (sxy - sx * sy / (double)n) / fmax(sxx - sx * sx / (double)n, 1e-9);
	for (size_t i = 0; i < n; i++)
		ret[i] -= slope * ((double)i - sx / (double)n);
}

bool shuffle_label(apr_pool_t *pool, const double *value, const int *label, size_t n, int labels,
		   size_t least, int rounds, struct chance *chance, struct peak *ret)
{
	double *v = mem_alloc(pool, sizeof *v * (n + 1)), met;
	int *shuffled = mem_alloc(pool, sizeof *shuffled * (n + 1)), at, as_much = 1;
	struct labelled l = { v, n, least, labels, NULL, NULL };

	if (labels <= 0 || n < 2 * least)
		return false;
	l.sum = mem_alloc(pool, sizeof *l.sum * (size_t)labels);
	l.count = mem_alloc(pool, sizeof *l.count * (size_t)labels);
	detrended(pool, value, n, v);
	*ret = (struct peak){ .n = n };
	met = best_label(&l, label, &ret->at);
	if (ret->at < 0)
		return false;
	ret->effect = met * sqrt(1 / (double)l.count[ret->at] + 1 / (double)(n - l.count[ret->at]));
	memcpy(shuffled, label, sizeof *shuffled * n);
	for (int r = 0; r < rounds; r++) {
		for (size_t k = n; k > 1; k--) {
			size_t j = chance_below(chance, k);
			int swap = shuffled[k - 1];

			shuffled[k - 1] = shuffled[j];
			shuffled[j] = swap;
		}
		as_much += best_label(&l, shuffled, &at) >= met - 1e-12;
	}
	ret->p = (double)as_much / (rounds + 1);
	return true;
}
