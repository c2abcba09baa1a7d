#include "core/text.h"
#include "ml/insight/insight.h"
#include "tests/test.h"
#include <math.h>
#include <string.h>

static err_t *add(struct days *days, const char *text)
{
	struct json *j;

	ERR(json_read(days->pool, text, strlen(text), &j));
	return days_add(days, j);
}

TEST(days_come_in_any_order_and_leave_gaps)
{
	struct days *d = days_new(t->pool);

	ERR(add(d, "{\"date\":\"2026-03-10\",\"sleep\":7.5,\"workout\":true,\"hours\":{\"9\":2}}"));
	ERR(add(d, "{\"date\":\"2026-03-13\",\"energy\":6}"));
	ERR(add(d, "{\"date\":\"2026-03-08\",\"posts\":[{\"theme\":\"a\",\"engagement\":3}]}"));
	CHECK_INT(d->n, 6);
	CHECK(d->v[DAY_SLEEP][2] > 7.4 && d->v[DAY_WORKOUT][2] > 0.9 && d->hours[2][9] == 2);
	CHECK(isnan(d->v[DAY_SLEEP][3]) && d->v[DAY_ENERGY][5] > 5);
	CHECK_INT(d->posts_n, 1);
	CHECK_INT(d->posts[0].day, 0);
	/* The same day again takes its place. */
	ERR(add(d, "{\"date\":\"2026-03-08\",\"posts\":[]}"));
	CHECK_INT(d->posts_n, 0);
	return NULL;
}

TEST(a_bad_day_is_named_and_not_kept)
{
	struct days *d = days_new(t->pool);

	CHECK_ERR(add(d, "{\"date\":\"2026-02-30\"}"), ERR_INVALID);
	CHECK_ERR(add(d, "{\"sleep\":7}"), ERR_INVALID);
	CHECK_ERR(add(d, "{\"date\":\"2026-03-10\",\"sleep\":\"much\"}"), ERR_INVALID);
	CHECK_ERR(add(d, "{\"date\":\"2026-03-10\",\"sleep\":25}"), ERR_INVALID);
	CHECK_ERR(add(d, "{\"date\":\"2026-03-10\",\"hours\":{\"25\":1}}"), ERR_INVALID);
	CHECK_ERR(add(d, "[]"), ERR_INVALID);
	CHECK_INT(d->n, 0);
	ERR(add(d, "{\"date\":\"2026-03-10\"}"));
	CHECK_ERR(add(d, "{\"date\":\"1926-03-10\"}"), ERR_INVALID);
	CHECK_INT(d->n, 1);
	return NULL;
}

/* Energy that follows sleep, or does not. */
static struct days *person(struct test *t, double follows, int n)
{
	struct days *d = days_new(t->pool);
	struct chance chance = { 77 };

	for (int i = 0; i < n; i++) {
		double sleep = 6 + (double)chance_below(&chance, 9) / 4,
		       noise = (double)chance_below(&chance, 9) / 4;
		const char *line =
			mem_fmt(t->pool, "{\"date\":\"2026-%02d-%02d\",\"sleep\":%.2f,\"energy\":%.2f}",
				1 + i / 28, 1 + i % 28, sleep, 1 + follows * sleep + noise);

		err_clear(add(d, line));
	}
	return d;
}

TEST(a_look_tells_what_is_there_and_keeps_quiet_about_what_is_not)
{
	struct insight found[INSIGHT_MAX];
	size_t n = insight_look(person(t, 0.8, 60), 60, 0.05, found);

	CHECK(n >= 2);
	CHECK_TEXT(found[0].kind, "sleep_energy");
	CHECK_TEXT(found[0].tier, "likely");
	CHECK(found[0].lag == 0 && found[0].effect > 0.3 && found[0].low > 0);
	n = insight_look(person(t, 0, 60), 60, 0.05, found);
	for (size_t i = 0; i < n; i++)
		CHECK_TEXT(found[i].tier, "observation");
	CHECK_INT(insight_look(person(t, 0.8, 18), 18, 0.05, found), 0); /* too few days */
	return NULL;
}
