#include "ml/stats/draw.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

enum { STEPS = 80 };

/* The cumulant generating function of the sum at s, and its first two derivatives. */
struct cumulant {
	double k, k1, k2;
};

static struct cumulant cumulant_at(const struct draws *d, double s)
{
	struct cumulant c = { 0, 0, 0 };
	const double *v = d->v;

	for (size_t g = 0; g < d->groups; v += d->size[g++]) {
		double high = v[0], sum = 0, first = 0, second = 0;

		for (size_t i = 1; i < d->size[g]; i++)
			high = s * v[i] > s * high ? v[i] : high;
		for (size_t i = 0; i < d->size[g]; i++) {
			double w = exp(s * (v[i] - high));

			sum += w;
			first += w * v[i];
			second += w * v[i] * v[i];
		}
		first /= sum;
		c.k += s * high + log(sum / (double)d->size[g]);
		c.k1 += first;
		c.k2 += fmax(second / sum - first * first, 0);
	}
	return c;
}

/* The highest sum there is, and how likely it is. */
static double highest(const struct draws *d, double *ret_p)
{
	const double *v = d->v;
	double sum = 0;

	*ret_p = 1;
	for (size_t g = 0; g < d->groups; v += d->size[g++]) {
		double high = v[0];
		size_t as_high = 0;

		for (size_t i = 1; i < d->size[g]; i++)
			high = fmax(high, v[i]);
		for (size_t i = 0; i < d->size[g]; i++)
			as_high += v[i] >= high;
		sum += high;
		*ret_p *= (double)as_high / (double)d->size[g];
	}
	return sum;
}

/* s > 0 at which the sum is expected at `at`, above its mean and below its highest: by Newton, and by halves where he leaps. */
static double tilt(const struct draws *d, double at, struct cumulant c)
{
	double low = 0, high = INFINITY, s = (at - c.k1) / c.k2;

	for (int i = 0; i < STEPS; i++) {
		double next;

		c = cumulant_at(d, s);
		if (fabs(c.k1 - at) <= 1e-9 * (1 + fabs(at)))
			break;
		if (c.k1 < at)
			low = s;
		else
			high = s;
		next = c.k2 > 0 ? s + (at - c.k1) / c.k2 : INFINITY;
		if (!(next > low && next < high))
			next = isinf(high) ? 2 * s : (low + high) / 2;
		s = next;
	}
	return s;
}

double draw_tail(const struct draws *d, double reached)
{
	double all, most = highest(d, &all), s, w, u;
	struct cumulant c = cumulant_at(d, 0);

	if (reached > most + 1e-9)
		return 0;
	if (reached > most - 1e-9)
		return all / 2;
	if (c.k2 <= 0)
		return 0.5;
	if (reached - c.k1 < 0.05 * sqrt(c.k2)) /* below it there is nothing to find */
		return gsl_cdf_ugaussian_Q((reached - c.k1) / sqrt(c.k2));
	s = tilt(d, reached, c);
	c = cumulant_at(d, s);
	w = sqrt(2 * fmax(s * reached - c.k, 1e-12));
	u = s * sqrt(c.k2);
	return fmin(fmax(gsl_cdf_ugaussian_Q(w) + gsl_ran_ugaussian_pdf(w) * (1 / u - 1 / w), 0), 1);
}
