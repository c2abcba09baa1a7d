#include "ml/stats/rates.h"
#include "ml/stats/shuffle.h"
#include "tests/test.h"
#include <math.h>

#define CHECK_NEAR(actual, expected, by) CHECK(fabs((actual) - (expected)) <= (by))

TEST(groups_that_differ_keep_what_they_are)
{
	struct rate r[] = { { 9, 10 }, { 1, 10 } };

	rates_shrink(r, 2);
	/* They differ as much as they may: two cases of the other, with 2 of 12, beside 9 of 10. */
	CHECK_NEAR(r[0].mean, (2.0 / 6 + 9) / 12, 1e-9);
	CHECK_NEAR(r[1].mean, (10.0 / 6 + 1) / 12, 1e-9);
	CHECK(r[0].low < r[0].mean && r[0].mean < r[0].high && r[0].low > 0.45 && r[0].high < 0.97);
	return NULL;
}

TEST(groups_that_do_not_differ_are_one)
{
	struct rate r[] = { { 50, 100 }, { 50, 100 }, { 1, 1 }, { 0, 0 } };
	double likeness = (1.5 * sqrt(2 * 2)) / (201 - 20001 / 201.0 - 2), worth = 1 / likeness - 1;

	rates_shrink(r, 4);
	/* Three groups that differ by less than chance: by what they might differ, 32 cases are the others'. */
	CHECK_NEAR(worth, 32.2, 0.1);
	CHECK_NEAR(r[0].mean, (worth * 52 / 103 + 50) / (worth + 100), 1e-9);
	CHECK(r[2].mean < 0.53); /* one of one is not all */
	CHECK_NEAR(r[3].mean, 102.0 / 203, 1e-9);
	CHECK(r[3].low > 0.3 && r[3].high < 0.7);
	return NULL;
}

TEST(who_has_done_nothing_may_be_anybody)
{
	struct rate r[] = { { 0, 0 }, { 0, 0 } }, one[] = { { 3, 10 } };

	rates_shrink(r, 2);
	CHECK_NEAR(r[0].mean, 0.5, 1e-9);
	CHECK_NEAR(r[0].low, 0.025, 1e-6); /* uniform */
	rates_shrink(one, 1);
	CHECK_NEAR(one[0].mean, 4.0 / 12, 1e-9); /* a group alone: beta(4, 8) */
	return NULL;
}

TEST(nineteen_of_twenty_intervals_hold_what_is_true)
{
	struct chance c = { 3 };
	int in = 0, all = 0;

	for (int person = 0; person < 2000; person++) {
		struct rate r[7];
		double truth[7];

		for (int g = 0; g < 7; g++) {
			truth[g] = 0.4 + (double)chance_below(&c, 400) / 1000;
			r[g] = (struct rate){ 0, 3 + chance_below(&c, 40) };
			for (size_t k = 0; k < r[g].of; k++)
				r[g].done += (double)chance_below(&c, 1000000) < truth[g] * 1e6;
		}
		rates_shrink(r, 7);
		for (int g = 0; g < 7; g++) {
			in += r[g].low <= truth[g] && truth[g] <= r[g].high;
			all++;
		}
	}
	CHECK((double)in / all > 0.92 && (double)in / all < 0.98);
	return NULL;
}
