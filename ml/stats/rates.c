#include "ml/stats/rates.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* How many cases the mean of all is worth beside those of a group: between WORTH_LEAST, where groups differ as much as they may,
 * and WORTH_MOST, where they do not differ by more than chance. */
#define WORTH_LEAST 2.0
#define WORTH_MOST 100.0

/* Moments: the variance of groups' rates beyond that of the binomial. */
static double worth(const struct rate *rates, size_t n, double mean, double all)
{
	double between = 0, squares = 0, of, rho;
	size_t groups = 0;

	for (size_t i = 0; i < n; i++) {
		of = (double)rates[i].of;
		if (!rates[i].of)
			continue;
		groups++;
		between += of * pow((double)rates[i].done / of - mean, 2);
		squares += of * of;
	}
	if (groups < 2 || mean <= 0 || mean >= 1)
		return WORTH_MOST;
	/* E(between) = mean (1 - mean) (groups - 1 + rho (all - squares / all - groups + 1)) */
	rho = between / (mean * (1 - mean)) - (double)(groups - 1);
	/* A few groups may be alike by chance: they are taken for as different as they might well be
	 * (one and a half standard errors). */
	rho = (fmax(rho, 0) + 1.5 * sqrt(2 * (double)(groups - 1))) /
	      (all - squares / all - (double)(groups - 1));
	if (!(rho > 1 / (1 + WORTH_MOST)))
		return WORTH_MOST;
	return fmax(1 / rho - 1, WORTH_LEAST);
}

void rates_shrink(struct rate *rates, size_t n)
{
	double done = 0, all = 0, most;

	for (size_t i = 0; i < n; i++) {
		done += (double)rates[i].done;
		all += (double)rates[i].of;
	}
	most = all > 0 ? worth(rates, n, done / all, all) : WORTH_LEAST;
	for (size_t i = 0; i < n; i++) {
		/* What a group is shrunk to is of the other groups, and cannot be worth more cases than they have. */
		double beside = all - (double)rates[i].of + 2,
		       prior = (done - (double)rates[i].done + 1) / beside, m = fmin(most, beside),
		       a = m * prior + (double)rates[i].done,
		       b = m * (1 - prior) + (double)(rates[i].of - rates[i].done);

		rates[i].mean = a / (a + b);
		rates[i].low = gsl_cdf_beta_Pinv(0.025, a, b);
		rates[i].high = gsl_cdf_beta_Pinv(0.975, a, b);
	}
}
