#include "ml/stats/association.h"
#include "ml/stats/discovery.h"
#include "ml/stats/shuffle.h"
#include "tests/test.h"
#include <math.h>

#define CHECK_NEAR(actual, expected, by) CHECK(fabs((actual) - (expected)) <= (by))

TEST(ranks_share_ties_and_leave_gaps)
{
	double x[] = { 3, NAN, 1, 3, 2 }, r[5];

	series_ranks(t->pool, x, 5, r);
	CHECK_NEAR(r[0], 3.5, 0);
	CHECK(isnan(r[1]));
	CHECK_NEAR(r[2], 1, 0);
	CHECK_NEAR(r[3], 3.5, 0);
	CHECK_NEAR(r[4], 2, 0);
	return NULL;
}

TEST(weekday_and_trend_are_taken_out_whole)
{
	double x[42], left[42];
	size_t taken;

	for (size_t i = 0; i < 42; i++)
		x[i] = i % 9 == 4 ? NAN : 3 * (double)i + ((i + 2) % 7 >= 5 ? 10 : 0);
	CHECK(series_residuals(t->pool, x, 42, 2, true, left, &taken));
	CHECK_INT(taken, 8);
	for (size_t i = 0; i < 42; i++)
		CHECK(isnan(left[i]) == (i % 9 == 4) && (isnan(left[i]) || fabs(left[i]) < 1e-9));
	CHECK(!series_residuals(t->pool, x, 9, 2, true, left, &taken));
	/* Here only the weekend is another, and that is enough. */
	CHECK(series_residuals(t->pool, x, 42, 2, false, left, &taken));
	CHECK_INT(taken, 3);
	for (size_t i = 0; i < 42; i++)
		CHECK(isnan(left[i]) || fabs(left[i]) < 1e-9);
	return NULL;
}

/* A small generator, so that the same numbers come everywhere. */
static double noise(uint32_t *state)
{
	double sum = 0;

	for (int i = 0; i < 12; i++) {
		*state = *state * 1664525 + 1013904223;
		sum += (double)(*state >> 8) / 16777216.0;
	}
	return sum - 6;
}

TEST(days_that_lean_on_one_another_are_worth_less)
{
	double x[200], y[200], u[200], v[200], ex = 0, ey = 0;
	uint32_t state = 7;

	for (int i = 0; i < 200; i++) {
		ex = 0.8 * ex + noise(&state);
		ey = 0.8 * ey + noise(&state);
		x[i] = ex;
		y[i] = ey;
		u[i] = noise(&state);
		v[i] = noise(&state);
	}
	CHECK(series_effective(x, y, 200) < 80);
	CHECK(series_effective(u, v, 200) > 180 && series_effective(u, v, 200) <= 200);
	return NULL;
}

TEST(what_goes_together_is_found_at_its_lag_and_nowhere_else)
{
	struct association a;
	double x[120], y[120];
	uint32_t state = 3;

	for (int i = 0; i < 120; i++) {
		x[i] = i % 11 == 3 ? NAN : noise(&state);
		y[i] = (i && !isnan(x[i - 1]) ? x[i - 1] : 0) + noise(&state);
	}
	CHECK(association_find(t->pool, x, y, 120, 1, 0, 21, &a));
	CHECK(a.r > 0.4 && a.p < 1e-4 && a.low > 0 && a.low < a.r && a.r < a.high);
	CHECK(association_shuffled(t->pool, x, y, 120, 1, 0, 400, 1) < 0.02);
	CHECK(association_find(t->pool, x, y, 120, 0, 0, 21, &a) && a.p > 0.05);
	CHECK(!association_find(t->pool, x, y, 120, 0, 0, 115, &a)); /* too few days */
	for (int i = 0; i < 120; i++)
		y[i] = 5;
	CHECK(!association_find(t->pool, x, y, 120, 0, 0, 21, &a));
	return NULL;
}

/* Two series that have nothing but their weekdays in common. */
TEST(weekdays_that_both_have_bring_nobody_together)
{
	const double week[] = { 2, -1, 0, 1.5, -2, 0.5, -1 };
	uint32_t state = 5;
	int small = 0;

	for (int person = 0; person < 200; person++) {
		struct association a;
		double x[60], y[60];

		for (int i = 0; i < 60; i++) {
			x[i] = week[i % 7] + noise(&state);
			y[i] = week[i % 7] + noise(&state);
		}
		CHECK(association_find(t->pool, x, y, 60, 0, 0, 21, &a));
		small += a.p < 0.05;
	}
	CHECK(small <= 20); /* without it: nearly all */
	return NULL;
}

TEST(many_looks_cost_what_they_are)
{
	const double p[] = { 0.01, 0.04, NAN, 0.03, 0.005 };
	double q[5];

	discovery_q(t->pool, p, NULL, 5, q);
	CHECK_NEAR(q[4], 0.02, 1e-12);
	CHECK_NEAR(q[0], 0.02, 1e-12);
	CHECK_NEAR(q[3], 0.04, 1e-12);
	CHECK_NEAR(q[1], 0.04, 1e-12);
	CHECK(isnan(q[2]));
	/* By Holm: .005 x 4, then .01 x 3, .03 x 2, and never less than the one before. */
	discovery_holm(t->pool, p, NULL, 5, q);
	CHECK_NEAR(q[4], 0.02, 1e-12);
	CHECK_NEAR(q[0], 0.03, 1e-12);
	CHECK_NEAR(q[3], 0.06, 1e-12);
	CHECK_NEAR(q[1], 0.06, 1e-12);
	CHECK(isnan(q[2]));
	return NULL;
}

TEST(what_matters_more_weighs_more_and_the_others_less)
{
	const double p[] = { 0.01, 0.01 }, weight[] = { 0.8, 0.2 };
	double q[2];

	discovery_holm(t->pool, p, weight, 2, q);
	CHECK_NEAR(q[0], 0.0125, 1e-12);
	CHECK_NEAR(q[1], 0.0125, 1e-12); /* alone then: .01, but never before the first */
	discovery_q(t->pool, p, weight, 2, q);
	CHECK_NEAR(q[0], 0.0125, 1e-12);
	CHECK_NEAR(q[1], 0.025, 1e-12);
	return NULL;
}

TEST(a_peak_is_found_where_there_is_one)
{
	int counts[60][SHUFFLE_HOURS] = { 0 };
	struct chance chance = { 5 };
	struct peak peak;
	double x[70];
	uint32_t state = 11;

	for (int d = 0; d < 60; d++)
		for (int k = 0; k < 6; k++)
			counts[d][8 + (int)chance_below(&chance, 12)]++;
	CHECK(shuffle_hour(t->pool, counts, 60, 21, -1, &peak));
	CHECK(peak.p > 0.05);
	for (int d = 0; d < 60; d++)
		counts[d][10] += d % 2;
	CHECK(shuffle_hour(t->pool, counts, 60, 21, -1, &peak));
	CHECK(peak.at == 10 && peak.p < 0.02 && peak.effect > 1.5);
	for (int i = 0; i < 70; i++)
		x[i] = i % 13 == 5 ? NAN : noise(&state) + 5;
	CHECK(shuffle_weekday(t->pool, x, 70, 0, 21, 5, -1, &peak) && peak.p > 0.05);
	for (int i = 2; i < 70; i += 7)
		x[i] += 3;
	CHECK(shuffle_weekday(t->pool, x, 70, 0, 21, 5, -1, &peak));
	CHECK(peak.at == 2 && peak.p < 0.02);
	return NULL;
}

TEST(a_label_does_better_or_none_does)
{
	double v[40];
	int label[40];
	struct peak peak;
	uint32_t state = 21;

	for (int i = 0; i < 40; i++) {
		v[i] = noise(&state) + i * 0.1;
		label[i] = i % 3;
	}
	CHECK(shuffle_label(t->pool, v, label, 40, 3, 8, -1, 5, &peak) && peak.p > 0.05);
	for (int i = 0; i < 40; i++)
		v[i] += label[i] == 1 ? 2 : 0;
	CHECK(shuffle_label(t->pool, v, label, 40, 3, 8, -1, 5, &peak));
	CHECK(peak.at == 1 && peak.p < 0.02);
	CHECK(!shuffle_label(t->pool, v, label, 12, 3, 8, -1, 5, &peak));
	return NULL;
}
