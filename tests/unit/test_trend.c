#include "ml/stats/shuffle.h"
#include "ml/stats/trend.h"
#include "tests/test.h"
#include <math.h>

#define CHECK_NEAR(actual, expected, by) CHECK(fabs((actual) - (expected)) <= (by))

/* Twelve uniform numbers less six: near enough to a normal one. */
static double noise(struct chance *c)
{
	double sum = 0;

	for (int i = 0; i < 12; i++)
		sum += (double)chance_below(c, 1000000) / 1e6;
	return sum - 6;
}

TEST(a_slope_is_the_median_of_all_slopes)
{
	const double x[] = { 1, 2, NAN, 4, 7 };
	struct trend trend;

	/* Slopes over the days that they are apart: 1, 1, 1.5, 1, 5/3, 3. */
	CHECK(trend_find(t->pool, x, 5, 4, &trend));
	CHECK_INT(trend.n, 4);
	CHECK_NEAR(trend.slope, 1.25, 1e-12);
	/* S = 6 of variance 4 x 3 x 13 / 18: 5 / 2.944 = 1.698, of Student's t with 2 degrees. */
	CHECK_NEAR(trend.p, 0.2316, 0.0002);
	CHECK_NEAR(trend.lean, 0, 0);
	CHECK(!trend_find(t->pool, x, 5, 5, &trend));
	return NULL;
}

TEST(ties_are_counted_in_what_chance_does)
{
	const double x[] = { 1, 1, 2, 2, 3, 3 }, same[] = { 4, 4, 4, 4, 4, 4 };
	struct trend trend;

	/* S = 12; variance (6 x 5 x 17 - 3 x 2 x 1 x 9) / 18 = 25.33: 11 / 5.033 = 2.186, of t with 4 degrees. */
	CHECK(trend_find(t->pool, x, 6, 4, &trend));
	CHECK_NEAR(trend.p, 0.0942, 0.0003);
	CHECK(!trend_find(t->pool, same, 6, 4, &trend));
	return NULL;
}

/* How often p is below .05 among people of that inertia, whose days rise by that much. */
static double told(struct test *t, size_t n, double inertia, double slope, double jump, bool change)
{
	enum { PEOPLE = 400 };
	struct chance c = { 11 };
	int small = 0;

	for (int person = 0; person < PEOPLE; person++) {
		apr_pool_t *pool = pool_child(t->pool);
		double x[120], state = noise(&c);
		struct trend trend = { .p = 1 };
		struct change found = { .p = 1 };

		for (size_t i = 0; i < n; i++) {
			state = inertia * state + sqrt(1 - inertia * inertia) * noise(&c);
			x[i] = chance_below(&c, 10) == 0
				       ? NAN
				       : round(2 * (state + slope * (double)i + (i >= n / 2 ? jump : 0)));
		}
		if (change)
			(void)trend_change(pool, x, n, 21, 8, 199, 3, &found);
		else
			(void)trend_find(pool, x, n, 21, &trend);
		small += change ? found.p < 0.05 : trend.p < 0.05;
		pool_free(pool);
	}
	return (double)small / PEOPLE;
}

TEST(people_who_only_drift_about_have_no_trend)
{
	static const double inertia[] = { 0, 0.3, 0.5 };

	for (size_t n = 30; n <= 90; n += 30)
		for (int k = 0; k < 3; k++) {
			double trend = told(t, n, inertia[k], 0, 0, false),
			       change = told(t, n, inertia[k], 0, 0, true);

			/* As if days were alone: .15 to .25 of those with an inertia of .5. */
			CHECK(trend > 0.01 && trend < 0.075);
			CHECK(change > 0 && change < 0.09);
		}
	return NULL;
}

TEST(a_trend_and_a_change_are_found)
{
	double x[80];
	struct chance c = { 4 };
	struct trend trend;
	struct change change;

	CHECK(told(t, 60, 0.3, 0.03, 0, false) > 0.6);
	CHECK(told(t, 60, 0.3, 0, 1.2, true) > 0.55);
	for (int i = 0; i < 80; i++)
		x[i] = i % 9 == 2 ? NAN : noise(&c) / 2 + (i >= 50 ? 3 : 1);
	CHECK(trend_change(t->pool, x, 80, 21, 8, 199, 1, &change));
	CHECK_INT(change.at, 50);
	CHECK(change.p < 0.02 && change.before < 1.5 && change.after > 2.5);
	for (int i = 0; i < 80; i++)
		x[i] = noise(&c) + 0.1 * i;
	CHECK(trend_find(t->pool, x, 80, 21, &trend));
	CHECK(trend.low < 0.1 && 0.1 < trend.high && trend.low > 0.07 && trend.high < 0.13 && trend.p < 1e-6);
	return NULL;
}
