/* Pictures of charts, drawn by the program: every kind, whatever is in it, within its limits; and what is no chart. */
#include "core/clock.h"
#include "core/fiber.h"
#include "ml/chart/chart.h"
#include "ml/chart/chart_png.h"
#include "tests/integration/fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDE = 800, HIGH_MAX = 2000, MS_MAX = 150, DAYS = 28, TRIES = 5 };

/* --- a believable person: always the same --- */

static uint64_t seed;

static double chance(void)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (double)(seed >> 11) / 9007199254740992.0;
}

/* About normal. */
static double noise(void)
{
	return chance() + chance() + chance() + chance() - 2;
}

static const char *in(enum lang lang, const char *pt, const char *en)
{
	return lang == LANG_PT ? pt : en;
}

static void week(apr_pool_t *pool, struct chart *chart)
{
	static const double due[] = { 4, 3, 5, 2, 6, 1, 0 }, done[] = { 3, 3, 6, 2, 4, 1, 0 };

	chart_days(pool, chart, "2026-11-16", 7);
	for (int i = 0; i < 7; i++) {
		chart->count[0][i] = due[i];
		chart->count[1][i] = done[i];
	}
}

static void energy(apr_pool_t *pool, struct chart *chart)
{
	int missing = 0;

	chart_days(pool, chart, "2026-10-26", DAYS);
	for (int i = 0; i < DAYS; i++) {
		double slept = round(10 * (7 + (i % 7 >= 5) + noise())) / 10;

		if (chance() < .18) {
			missing++;
			continue;
		}
		chart->count[0][i] = slept;
		if (chance() > .1)
			chart->count[1][i] = round(fmin(10, fmax(1, 6 + 1.3 * (slept - 7.2) + noise())));
	}
	chart->note = mem_fmt(pool, "%d %s", missing,
			      in(chart->lang, "dias sem anotação, deixados em branco.",
				 "days have no note; they stay blank."));
}

static void hours(apr_pool_t *pool, struct chart *chart)
{
	(void)pool;
	for (int i = 0; i < 150; i++) {
		int day = (int)(chance() * 8) % 7,
		    hour = (int)(chance() < .6 ? 10 + 2 * noise() : 16 + 3 * noise());

		chart->hours[day > 4 && chance() < .5 ? day - 4 : day][hour < 7    ? 7
								       : hour > 22 ? 22
										   : hour]++;
	}
}

static void habits(apr_pool_t *pool, struct chart *chart)
{
	static const char *const names[][2] = { { "Ler 20 minutos 📚", "Read 20 minutes 📚" },
						{ "Academia", "Gym" },
						{ "Meditar", "Meditate" },
						{ "Beber dois litros de água",
						  "Drink two litres of water" } };
	static const double how[] = { .8, .65, .5, .9 };
	enum { HABITS = 4, MARKED = 81 };

	chart->first = "2026-09-07";
	chart->days = MARKED;
	chart->habits_n = HABITS;
	chart->habits = mem_alloc(pool, sizeof *chart->habits * HABITS);
	for (int k = 0; k < HABITS; k++) {
		char *marks = mem_alloc(pool, MARKED + 1);

		for (int i = 0; i < MARKED; i++)
			marks[i] = k == 1 && i % 7 % 2 ? 'n' : chance() < how[k] ? 'k' : 'm';
		chart->habits[k] = (struct chart_habit){ .name = names[k][chart->lang], .marks = marks };
	}
}

static void effects(apr_pool_t *pool, struct chart *chart)
{
	const struct chart_effect found[] = {
		{ in(chart->lang, "Sono e energia no mesmo dia", "Sleep and energy on the same day"), NULL,
		  .46, .2, .66, 61 },
		{ in(chart->lang, "Energia e tarefas feitas", "Energy and tasks done"), NULL, .18, -.08, .42,
		  58 },
		{ in(chart->lang, "Treino e humor", "Workout and mood"),
		  in(chart->lang, "pontos de humor", "points of mood"), 1.1, .4, 1.8, 60 },
	};

	chart->effects = mem_dup(pool, found, sizeof found);
	chart->effects_n = 3;
}

static void nothing(apr_pool_t *pool, struct chart *chart)
{
	chart_days(pool, chart, "2026-11-16", 0);
	chart->note =
		in(chart->lang, "Faltam 9 dias de anotações para este gráfico. Um /checkin por dia basta.",
		   "9 more days of notes and this chart is here. One /checkin a day is enough.");
}

static const struct {
	const char *name;
	enum chart_kind kind;
	void (*fill)(apr_pool_t *pool, struct chart *chart);
} pictures[] = {
	{ "week", CHART_WEEK, week },          { "energy", CHART_ENERGY, energy },
	{ "hours", CHART_HOURS, hours },       { "habits", CHART_HABITS, habits },
	{ "effects", CHART_EFFECTS, effects }, { "nothing", CHART_ENERGY, nothing },
};
enum { PICTURES = sizeof pictures / sizeof *pictures };

static const char *picture(apr_pool_t *pool, int which, enum lang lang, enum chart_theme theme)
{
	struct chart chart = { .kind = pictures[which].kind, .lang = lang, .theme = theme };

	seed = 11;
	pictures[which].fill(pool, &chart);
	return chart_write(pool, &chart);
}

/* --- what is looked at --- */

static int big_endian(const char *at)
{
	const unsigned char *p = (const unsigned char *)at;

	return p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static NODISCARD err_t *check_png(const char *png, size_t n)
{
	CHECK(n > 45 && n <= CHART_PNG_MAX);
	CHECK(memcmp(png, "\x89PNG\r\n\x1a\n", 8) == 0 && memcmp(png + 12, "IHDR", 4) == 0);
	CHECK(memcmp(png + n - 8, "IEND", 4) == 0);
	CHECK_INT(big_endian(png + 16), WIDE);
	CHECK(big_endian(png + 20) > 100 && big_endian(png + 20) <= HIGH_MAX);
	return NULL;
}

/* SCREENSHOTS=docs/img keeps them there. */
static NODISCARD err_t *show(apr_pool_t *pool, const char *name, const char *png, size_t n)
{
	const char *dir = getenv("SCREENSHOTS");
	FILE *f;

	if (!dir)
		return NULL;
	f = fopen(mem_fmt(pool, "%s/chart-%s.png", dir, name), "w");
	CHECK(f && fwrite(png, 1, n, f) == n && fclose(f) == 0);
	return NULL;
}

static err_t *play_all(void *ctx)
{
	static const char *const langs[] = { "pt", "en" }, *const themes[] = { "dark", "light" };
	struct test *t = ctx;

	for (int i = 0; i < PICTURES * 4; i++) {
		enum lang lang = (enum lang)(i / 2 % 2);
		enum chart_theme theme = (enum chart_theme)(i % 2);
		const char *png;
		size_t n;

		ERR(chart_png(t->pool, picture(t->pool, i / 4, lang, theme), &png, &n));
		ERR(err_wrap(check_png(png, n), "%s", pictures[i / 4].name));
		ERR(show(t->pool,
			 mem_fmt(t->pool, "%s-%s-%s", pictures[i / 4].name, langs[lang], themes[theme]), png,
			 n));
	}
	return NULL;
}

TEST(every_kind_is_drawn_in_both_languages_and_themes)
{
	return fixture_loop(play_all, t);
}

/* The quickest of a few: how fast it is, not how busy the machine. */
static err_t *play_time(void *ctx)
{
	struct test *t = ctx;

	for (int i = 0; i < PICTURES; i++) {
		const char *spec = picture(t->pool, i, LANG_PT, CHART_DARK), *png;
		int64_t best = INT64_MAX;
		size_t n;

		for (int k = 0; k < TRIES; k++) {
			int64_t begun = clock_mono_ms(), ms;

			ERR(chart_png(t->pool, spec, &png, &n));
			ms = clock_mono_ms() - begun;
			best = ms < best ? ms : best;
		}
		if (best > MS_MAX)
			return err_new(ERR_INTERNAL, "%s: %d ms", pictures[i].name, (int)best);
	}
	return NULL;
}

TEST(a_picture_is_there_in_150_ms)
{
#ifdef __SANITIZE_ADDRESS__
	(void)play_time;
	return test_skip("times of a sanitized program say nothing");
#else
	return fixture_loop(play_time, t);
#endif
}

/* --- the ends of what a chart may be --- */

static const char *repeated(apr_pool_t *pool, const char *part, int times)
{
	struct buf b = buf_new(pool, 64 * 1024);

	buf_text(&b, "");
	for (int i = 0; i < times; i++)
		buf_text(&b, part);
	return b.p;
}

static err_t *play_extremes(void *ctx)
{
	struct test *t = ctx;
	apr_pool_t *pool = t->pool;
	const char *big = repeated(pool, "1000000,", CHART_DAYS - 1),
		   *none = repeated(pool, "null,", CHART_DAYS - 1);
	const char *words = repeated(pool, "W", 110), *emoji = repeated(pool, "🌱", 25);
	const char *specs[] = {
		mem_fmt(pool, "{\"kind\":\"week\",\"first\":\"2026-01-01\",\"due\":[%s0],\"done\":[%s7]}",
			big, none),
		mem_fmt(pool,
			"{\"kind\":\"energy\",\"first\":\"9999-12-31\",\"sleep\":[%s24],\"energy\":[%s1]}",
			none, big),
		"{\"kind\":\"week\",\"first\":\"2026-11-23\",\"due\":[1],\"done\":[null]}",
		"{\"kind\":\"energy\",\"first\":\"2026-11-23\",\"sleep\":[0],\"energy\":[0]}",
		mem_fmt(pool,
			"{\"kind\":\"energy\",\"sleep\":[],\"energy\":[],\"title\":\"%s\",\"note\":\"%s\"}",
			words, words),
		mem_fmt(pool,
			"{\"kind\":\"habits\",\"first\":\"2026-11-23\",\"habits\":[{\"name\":\"%s\",\"marks\":\"%s\"}]}",
			emoji, repeated(pool, "kmn-", CHART_DAYS / 4)),
		"{\"kind\":\"habits\",\"first\":\"2026-11-23\",\"habits\":[{\"name\":\"\\u0001\\u202e\",\"marks\":\"k\"}]}",
		"{\"kind\":\"effects\",\"effects\":[{\"label\":\"a\",\"unit\":\"b\",\"effect\":0,\"low\":0,\"high\":0,\"n\":0}]}",
		mem_fmt(pool,
			"{\"kind\":\"effects\",\"effects\":[{\"label\":\"%s\",\"unit\":\"%s\",\"effect\":1e6,\"low\":-1e6,\"high\":1e6,\"n\":99999}]}",
			words, "b"),
	};
	const char *png;
	size_t n;

	for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
		ERR(err_wrap(chart_png(pool, specs[i], &png, &n), "%s", specs[i]));
		ERR(err_wrap(check_png(png, n), "%s", specs[i]));
	}
	return NULL;
}

TEST(whatever_a_chart_holds_it_is_drawn)
{
	return fixture_loop(play_extremes, t);
}

static err_t *play_hostile(void *ctx)
{
	static const char *const specs[] = {
		"",
		"{",
		"null",
		"{\"kind\":\"pie\"}",
		"{\"kind\":\"week\"}",
		"{\"kind\":\"week\",\"due\":[[[[[[[[[[1]]]]]]]]]],\"done\":[]}"
	};
	struct test *t = ctx;
	const char *png;
	size_t n;

	for (size_t i = 0; i < sizeof specs / sizeof *specs; i++)
		CHECK_ERR(chart_png(t->pool, specs[i], &png, &n), ERR_INVALID);
	CHECK_ERR(chart_png(t->pool, repeated(t->pool, "[[[[[[[[[[", 3000), &png, &n), ERR_INVALID);
	return NULL;
}

TEST(what_is_no_chart_gives_no_picture)
{
	return fixture_loop(play_hostile, t);
}

/* --- many at once --- */

struct crowd {
	struct test *t;
	struct fiber *waiting;
	int ended, failed;
};

enum { CROWD = 24 };

static void one_of_crowd(void *arg)
{
	struct crowd *c = arg;
	apr_pool_t *pool = pool_root();
	const char *png;
	size_t n;
	err_t *err = chart_png(pool, picture(pool, 0, LANG_PT, CHART_DARK), &png, &n);

	c->failed += err != NULL;
	err_clear(err);
	c->ended++;
	pool_free(pool);
	fiber_wake(c->waiting);
}

static err_t *play_crowd(void *ctx)
{
	struct crowd c = { .t = ctx, .waiting = fiber_self() };
	struct fiber *fibers[CROWD];

	for (int i = 0; i < CROWD; i++)
		CHECK((fibers[i] = fiber_go("chart", one_of_crowd, &c)) != NULL);
	ERR(fiber_sleep(1)); /* they are in the line, or drawing */
	fiber_cancel(fibers[1]);
	fiber_cancel(fibers[CROWD - 1]);
	while (c.ended < CROWD)
		ERR(fiber_wait(0));
	CHECK_INT(c.failed, 2);
	one_of_crowd(&c); /* nobody holds a place any more */
	CHECK_INT(c.failed, 2);
	return NULL;
}

TEST(many_wait_their_turn_and_may_give_up)
{
	return fixture_loop(play_crowd, t);
}
