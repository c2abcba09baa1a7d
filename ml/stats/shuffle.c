#include "ml/stats/shuffle.h"

#include "ml/stats/draw.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

enum { ROUNDS = 999, ENOUGH = 20 };
#define WEEKEND_SHARE 0.1 /* of the chances of a weekday to be the best: Saturday or Sunday */

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

/* P of the best of that many, each of which alone would have p. */
static double of_many(double p, double many)
{
	return p >= 1 ? 1 : -expm1(many * log1p(-p));
}

static size_t days_with(const int (*counts)[SHUFFLE_HOURS], size_t days, double ret_total[SHUFFLE_HOURS])
{
	size_t with = 0;

	memset(ret_total, 0, sizeof *ret_total * SHUFFLE_HOURS);
	for (size_t d = 0; d < days; d++) {
		int any = 0;

		for (int h = 0; h < SHUFFLE_HOURS; h++) {
			ret_total[h] += counts[d][h];
			any |= counts[d][h];
		}
		with += any != 0;
	}
	return with;
}

bool shuffle_hour(apr_pool_t *pool, const int (*counts)[SHUFFLE_HOURS], size_t days, size_t least, int at,
		  struct peak *ret)
{
	double total[SHUFFLE_HOURS], *v = mem_alloc(pool, sizeof *v * (days * SHUFFLE_HOURS + 1));
	size_t with = days_with(counts, days, total), width,
	       *size = mem_alloc(pool, sizeof *size * (days + 1));
	struct draws draws = { v, size, 0 };
	int from, to;

	awake(total, &from, &to);
	if (with < least || to - from < 3)
		return false;
	width = (size_t)(to - from + 1);
	for (size_t d = 0; d < days; d++) {
		bool any = false;

		for (size_t h = 0; h < width; h++) {
			v[draws.groups * width + h] = counts[d][from + (int)h];
			any |= counts[d][from + (int)h] > 0;
		}
		size[draws.groups] = width;
		draws.groups += any;
	}
	*ret = (struct peak){ .at = at < 0 ? highest(total, from, to) : at, .n = with, .p = 1 };
	ret->effect = total[ret->at] / fmax(mean_beside(total, from, to, ret->at), 0.5 / (double)width);
	if (ret->at >= from && ret->at <= to)
		ret->p = of_many(draw_tail(&draws, total[ret->at]), at < 0 ? (double)width : 1);
	return true;
}

/* --- weekdays --- */

/* A weekend is another week: days are held against their own kind. */
static bool is_weekend(int day)
{
	return day >= 5;
}

struct week_room {
	double *v;
	size_t *size;
	struct draws draws;
};

/* A weekday beside the others of its kind: days change places within a week, and only weeks that have it and another say
 * something. False: fewer than `least` such weeks. */
static bool weekday_judge(struct week_room *room, const double *x, size_t n, int weekday, int day,
			  size_t least, struct peak *ret)
{
	double sum = 0, others = 0;
	size_t used = 0, beside = 0;

	room->draws.groups = 0;
	for (size_t begin = 0; begin < n; begin += SHUFFLE_WEEK) {
		double *group = &room->v[used], own = NAN, all = 0;
		size_t m = 0;

		for (size_t i = begin; i < begin + SHUFFLE_WEEK && i < n; i++) {
			int of = (int)(((size_t)weekday + i) % SHUFFLE_WEEK);

			if (isnan(x[i]) || is_weekend(of) != is_weekend(day))
				continue;
			group[m++] = x[i];
			all += x[i];
			own = of == day ? x[i] : own;
		}
		if (m < 2 || isnan(own))
			continue;
		sum += own;
		others += all - own;
		beside += m - 1;
		used += m;
		room->size[room->draws.groups++] = m;
	}
	if (room->draws.groups < least)
		return false;
	*ret = (struct peak){ .at = day, .p = draw_tail(&room->draws, sum) };
	ret->effect = sum / (double)room->draws.groups / fmax(others / (double)beside, 1e-9);
	return true;
}

bool shuffle_weekday(apr_pool_t *pool, const double *x, size_t n, int weekday, size_t least, size_t weeks,
		     int at, struct peak *ret)
{
	struct week_room room = { .v = mem_alloc(pool, sizeof(double) * (n + 1)),
				  .size = mem_alloc(pool, sizeof(size_t) * (n + 1)) };
	size_t days = series_pairs(x, x, n);
	struct peak p;
	bool found = false;

	room.draws = (struct draws){ room.v, room.size, 0 };
	*ret = (struct peak){ .p = 2 };
	if (days < least)
		return false;
	for (int d = 0; d < SHUFFLE_WEEK; d++) {
		if ((at >= 0 && d != at) || !weekday_judge(&room, x, n, weekday, d, weeks, &p))
			continue;
		if (at < 0)
			p.p = of_many(p.p, is_weekend(d) ? 2 / WEEKEND_SHARE : 5 / (1 - WEEKEND_SHARE));
		if (p.p < ret->p)
			*ret = p;
		found = true;
	}
	ret->n = days;
	return found;
}

/* --- labels --- */

struct labelled {
	const double *v;
	size_t n, least;
	int labels, only; /* only: the one that is asked for, -1 for all */
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

		if (l->count[k] < l->least || l->n - l->count[k] < l->least || deviation <= 0 ||
		    (l->only >= 0 && k != l->only))
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

/* Beyond what the rounds can tell: Student's t of ranks, which goes with their shuffling (Pitman 1937), of the best of them. */
static double label_tail(const struct labelled *l, double z)
{
	double n = (double)l->n, r2 = z * z / n; /* z of one deviation over all, so that r is z / sqrt(n) */
	double many = 0;

	for (int k = 0; k < l->labels; k++)
		many += l->count[k] >= l->least && l->n - l->count[k] >= l->least;
	if (r2 >= 1 || z <= 0)
		return z <= 0 ? 1 : 0;
	return of_many(gsl_cdf_tdist_Q(sqrt(r2 * (n - 2) / (1 - r2)), n - 2), many);
}

static void labels_shuffle(int *label, size_t n, struct chance *chance)
{
	for (size_t k = n; k > 1; k--) {
		size_t j = chance_below(chance, k);
		int swap = label[k - 1];

		label[k - 1] = label[j];
		label[j] = swap;
	}
}

bool shuffle_label(apr_pool_t *pool, const double *value, const int *label, size_t n, int labels,
		   size_t least, int at, uint64_t seed, struct peak *ret)
{
	double *v = mem_alloc(pool, sizeof *v * (n + 1)), met;
	int *shuffled = mem_alloc(pool, sizeof *shuffled * (n + 1)), as_much = 0, best, rounds = 0;
	struct labelled l = { v, n, least, labels, at, NULL, NULL };
	struct chance chance = { seed };

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
	while (rounds < ROUNDS && as_much < ENOUGH) {
		labels_shuffle(shuffled, n, &chance);
		rounds++;
		as_much += best_label(&l, shuffled, &best) >= met - 1e-12;
	}
	/* As many rounds as it takes (Besag and Clifford 1991). */
	ret->p = as_much < ENOUGH ? label_tail(&l, met) : (double)as_much / rounds;
	return true;
}
