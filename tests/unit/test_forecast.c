#include "ml/insight/forecast.h"
#include "ml/stats/shuffle.h"
#include "tests/test.h"
#include <math.h>

enum { DAYS = 120 };

static double uniform(struct chance *c)
{
	return (double)(chance_next(c) >> 11) / 9007199254740992.0;
}

/* Who gets four things done a day, however many are planned; or each with the same chance. */
static void live(struct chance *c, bool by_load, double *due, double *done)
{
	for (int i = 0; i < DAYS; i++) {
		due[i] = 1 + (double)chance_below(c, 9);
		done[i] = 0;
		for (int k = 0; k < (int)due[i]; k++)
			done[i] += uniform(c) < (by_load ? fmin(1, 3 / due[i]) : 0.6);
	}
}

TEST(a_load_that_matters_is_foreseen)
{
	struct chance c = { 7 };
	double due[DAYS], done[DAYS];
	struct forecast light, heavy;
	int told = 0;

	for (int person = 0; person < 50; person++) {
		live(&c, true, due, done);
		if (!forecast_day(t->pool, due, done, DAYS, 0, 2, &light) ||
		    !forecast_day(t->pool, due, done, DAYS, 0, 9, &heavy))
			continue;
		told++;
		CHECK(light.share > heavy.share + 0.2);
		CHECK(light.error < light.baseline && light.low <= light.share && light.share <= light.high);
		CHECK(light.low >= 0 && light.high <= 1);
		CHECK_INT(light.n, DAYS);
	}
	CHECK(told >= 40);
	return NULL;
}

TEST(what_chance_alone_decides_is_seldom_foreseen)
{
	struct chance c = { 11 };
	double due[DAYS], done[DAYS];
	struct forecast f;
	int told = 0;

	for (int person = 0; person < 100; person++) {
		live(&c, false, due, done);
		told += forecast_day(t->pool, due, done, DAYS, 0, 5, &f);
	}
	if (told > 18)
		return err_new(ERR_INTERNAL, "%d of 100", told);
	return NULL;
}

/* Four days of five lie inside, of days that were never seen. */
TEST(the_interval_holds_what_it_says)
{
	struct chance c = { 13 };
	double due[DAYS], done[DAYS];
	struct forecast f;
	int told = 0, held = 0;

	for (int person = 0; person < 300; person++) {
		live(&c, true, due, done);
		if (!forecast_day(t->pool, due, done, DAYS - 1, 0, due[DAYS - 1], &f))
			continue;
		told++;
		held += done[DAYS - 1] / due[DAYS - 1] >= f.low - 1e-9 &&
			done[DAYS - 1] / due[DAYS - 1] <= f.high + 1e-9;
	}
	CHECK(told > 200);
	CHECK(held * 100 >= told * 72 && held * 100 <= told * 92);
	return NULL;
}

TEST(few_days_foresee_nothing)
{
	double due[DAYS], done[DAYS];
	struct chance c = { 17 };
	struct forecast f;

	live(&c, true, due, done);
	CHECK(!forecast_day(t->pool, due, done, FORECAST_LEAST - 1, 0, 3, &f));
	CHECK(!forecast_day(t->pool, due, done, DAYS, 0, 0, &f));
	for (int i = 0; i < DAYS; i++)
		if (i % 3)
			due[i] = NAN;
	CHECK(!forecast_day(t->pool, due, done, DAYS, 0, 3, &f));
	return NULL;
}
