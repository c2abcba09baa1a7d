/* What a chart says as JSON, read strictly, and the arithmetic of pictures. */
#include "ml/chart/chart.h"
#include "ml/chart/chart_scale.h"
#include "tests/test.h"
#include <math.h>
#include <string.h>

static NODISCARD err_t *again(struct test *t, const struct chart *chart, struct chart *ret)
{
	const char *text = chart_write(t->pool, chart);

	ERR(err_wrap(chart_read(t->pool, text, strlen(text), ret), "%s", text));
	CHECK_TEXT(chart_write(t->pool, ret), text);
	return NULL;
}

TEST(days_come_back_as_they_were_and_missing_stays_missing)
{
	struct chart chart = { .kind = CHART_ENERGY, .lang = LANG_EN, .theme = CHART_LIGHT }, got;

	chart_days(t->pool, &chart, "2026-02-27", 3);
	chart.note = "faltam 2 dias";
	CHECK(chart_empty(&chart));
	chart.count[0][1] = 7.3;
	chart.count[1][2] = 0;
	ERR(again(t, &chart, &got));
	CHECK_INT(got.days, 3);
	CHECK_INT(got.lang, LANG_EN);
	CHECK_INT(got.theme, CHART_LIGHT);
	CHECK(isnan(got.count[0][0]) && got.count[0][1] == 7.3 && isnan(got.count[0][2]));
	CHECK(isnan(got.count[1][0]) && got.count[1][2] == 0);
	CHECK_TEXT(got.note, "faltam 2 dias");
	CHECK(!chart_empty(&got));
	return NULL;
}

TEST(each_kind_is_written_and_read)
{
	struct chart_habit habits[] = { { "Ler 📚", 4, 9, "kmn-" }, { "Correr", 0, 0, "nnkk" } };
	struct chart_effect effects[] = { { "sono e energia", NULL, .4, .1, .7, 61 },
					  { "treino e humor", "pontos", -1.5, -2, -1, 30 } };
	struct chart hours = { .kind = CHART_HOURS }, got;
	struct chart calendar = {
		.kind = CHART_HABITS, .first = "2026-11-02", .habits = habits, .habits_n = 2
	};
	const char *spec;

	CHECK(chart_empty(&hours));
	hours.hours[6][23] = 5;
	ERR(again(t, &hours, &got));
	CHECK_INT(got.hours[6][23], 5);
	CHECK(!chart_empty(&got));
	ERR(again(t, &calendar, &got));
	CHECK_INT(got.days, 4);
	CHECK_TEXT(got.habits[1].marks, "nnkk");
	CHECK_INT(got.habits[0].due, 9);
	spec = chart_of_effects(t->pool, LANG_PT, effects, 2);
	ERR(chart_read(t->pool, spec, strlen(spec), &got));
	CHECK_INT(got.effects_n, 2);
	CHECK_TEXT(got.effects[1].unit, "pontos");
	CHECK(!got.effects[0].unit && got.effects[1].low == -2);
	return NULL;
}

TEST(only_so_many_findings_are_in_one_picture)
{
	struct chart_effect many[CHART_EFFECTS_MAX + 3];
	struct chart got;
	const char *spec;

	for (size_t i = 0; i < CHART_EFFECTS_MAX + 3; i++)
		many[i] = (struct chart_effect){ "a", NULL, 0, 0, 0, 1 };
	spec = chart_of_effects(t->pool, LANG_PT, many, CHART_EFFECTS_MAX + 3);
	ERR(chart_read(t->pool, spec, strlen(spec), &got));
	CHECK_INT(got.effects_n, CHART_EFFECTS_MAX);
	return NULL;
}

TEST(what_is_no_chart_is_refused_by_name)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "", "json" },
		{ "{}", "\"kind\"" },
		{ "[]", "" },
		{ "{\"kind\":\"pie\"}", "\"kind\"" },
		{ "{\"kind\":\"week\"}", "\"due\"" },
		{ "{\"kind\":\"week\",\"due\":[1],\"done\":[1,2],\"first\":\"2026-11-23\"}", "\"done\"" },
		{ "{\"kind\":\"week\",\"due\":[],\"done\":[1,2,3,4],\"first\":\"2026-11-23\"}", "\"done\"" },
		{ "{\"kind\":\"energy\",\"sleep\":[7],\"energy\":[],\"first\":\"2026-11-23\"}",
		  "\"energy\"" },
		{ "{\"kind\":\"week\",\"due\":[1],\"done\":[-1],\"first\":\"2026-11-23\"}", "\"done\"" },
		{ "{\"kind\":\"week\",\"due\":[1e300],\"done\":[1],\"first\":\"2026-11-23\"}", "\"due\"" },
		{ "{\"kind\":\"week\",\"due\":[\"1\"],\"done\":[1],\"first\":\"2026-11-23\"}", "\"due\"" },
		{ "{\"kind\":\"week\",\"due\":[1],\"done\":[1]}", "\"first\"" },
		{ "{\"kind\":\"week\",\"due\":[1],\"done\":[1],\"first\":\"2026-02-30\"}", "\"first\"" },
		{ "{\"kind\":\"week\",\"due\":[1],\"done\":[1],\"first\":\"2026-11-2x\"}", "\"first\"" },
		{ "{\"kind\":\"week\",\"due\":[],\"done\":[],\"path\":\"/etc/passwd\"}", "\"path\"" },
		{ "{\"kind\":\"hours\",\"hours\":[[1]]}", "\"hours\"" },
		{ "{\"kind\":\"habits\",\"habits\":[{\"name\":\"a\",\"marks\":\"kx\"}]}", "\"marks\"" },
		{ "{\"kind\":\"habits\",\"habits\":[{\"name\":\"a\",\"marks\":\"k\"},{\"name\":\"b\",\"marks\":\"kk\"}]}",
		  "\"marks\"" },
		{ "{\"kind\":\"effects\",\"effects\":[{\"label\":\"a\",\"effect\":1,\"low\":2,\"high\":3,\"n\":9}]}",
		  "\"low\"" },
		{ "{\"kind\":\"effects\",\"effects\":[1,2,3,4,5,6,7]}", "\"effects\"" },
		{ "{\"kind\":\"effects\",\"effects\":[{\"label\":\"a\",\"effect\":1,\"low\":0,\"high\":3,\"n\":-1}]}",
		  "\"n\"" },
	};
	struct chart got;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		err_t *err = chart_read(t->pool, bad[i].text, strlen(bad[i].text), &got);

		if (!err || err->code != ERR_INVALID || !strstr(err_message(err), bad[i].why))
			return err_new(ERR_INTERNAL, "%s: %s", bad[i].text, err ? err_message(err) : "taken");
		err_clear(err);
	}
	CHECK_ERR(chart_read(t->pool, mem_alloc(t->pool, CHART_BYTES + 1), CHART_BYTES + 1, &got),
		  ERR_TOO_LARGE);
	return NULL;
}

TEST(numbers_and_days_read_as_their_language_writes_them)
{
	struct tm day;

	CHECK_TEXT(chart_scale_number(t->pool, LANG_PT, 7.25, 1), "7,3");
	CHECK_TEXT(chart_scale_number(t->pool, LANG_EN, 7.04, 1), "7");
	CHECK_TEXT(chart_scale_number(t->pool, LANG_EN, 100, 0), "100");
	CHECK_TEXT(chart_scale_number(t->pool, LANG_PT, 20, 2), "20");
	CHECK_TEXT(chart_scale_fixed(t->pool, LANG_PT, -0.5, 2), "\u22120,50");
	CHECK_TEXT(chart_scale_fixed(t->pool, LANG_PT, -0.001, 2), "0,00");
	CHECK(chart_scale_day("2026-12-31", 1, &day));
	CHECK_TEXT(chart_scale_date(t->pool, LANG_PT, &day), "01/01");
	CHECK_TEXT(chart_scale_date(t->pool, LANG_EN, &day), "Jan 1");
	CHECK_INT(chart_scale_weekday(&day), 4);
	CHECK(chart_scale_day("2024-02-29", 0, &day));
	CHECK(!chart_scale_day("2025-02-29", 0, &day));
	return NULL;
}

TEST(steps_are_round_and_few)
{
	for (double max = 1; max < 1e6; max *= 1.7) {
		double step = chart_scale_step(max, 4, 1), power = pow(10, floor(log10(step) + 1e-9));
		int digit = (int)round(step / power);

		CHECK(max / step <= 4 && step >= 1);
		CHECK(digit == 1 || digit == 2 || digit == 5);
		CHECK(step == 1 || max / step > 1);
	}
	return NULL;
}
