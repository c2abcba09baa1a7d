/* Nights over a person's days: looks are taken when they are due, once; findings come, are confirmed and taken back. */
#include "core/clock.h"
#include "ml/features/features.h"
#include "tests/integration/tool_scene.h"
#include "tools/insight/look.h"
#include <math.h>

/* Days of Ana from 2026-08-01 on: energy follows sleep by the given weight, 1 fully, 0 not at all. */
static NODISCARD err_t *live(struct scene *s, int from, int days, double follows)
{
	return fixture_sql(
		&s->f,
		mem_fmt(s->pool,
			"INSERT INTO metrics (user_id, day, sleep, energy, updated_at) "
			"SELECT %lld, '2026-08-01'::date + i, 7 + x, 5 + 2 * (%g * x + (1 - %g) * y), now() "
			"FROM (SELECT i, (hashint4(i) & 65535) / 21845.0 - 1.5 AS x, (hashint4(i + 1000) & 65535) / 21845.0 - 1.5 AS y "
			"FROM generate_series(%d, %d) i) g",
			(long long)s->ana, follows, follows, from, from + days - 1));
}

static NODISCARD err_t *night(struct scene *s, int day)
{
	struct tx *tx;
	const char *iso;

	ERR(fixture_text(&s->f, mem_fmt(s->pool, "SELECT ('2026-08-01'::date + %d)::text", day), &iso));
	ERR(tx_begin_user(s->req, &tx));
	return tx_end(tx, look_tonight(s->req, tx, iso));
}

static NODISCARD err_t *nights(struct scene *s, int from, int n)
{
	for (int i = 0; i < n; i++)
		ERR(night(s, from + i));
	return NULL;
}

#define FOUND "SELECT count(*) FROM findings WHERE kind = 'sleep_energy' AND tier = "

static err_t *play(struct scene *s)
{
	ERR(live(s, 0, 120, 0.8));
	ERR(nights(s, 0, 29));
	CHECK_COUNT(s, "SELECT count(*) FROM insight_looks", 0);
	ERR(night(s, 29));
	CHECK_COUNT(s, "SELECT looks FROM insight_looks WHERE kind = 'sleep_energy'", 1);
	CHECK_COUNT(s, FOUND "'likely' AND effect > 0.4 AND n = 30 AND low > 0 AND found_on = '2026-08-30'",
		    1);
	ERR(night(s, 29)); /* again, as after a kill */
	CHECK_COUNT(s, "SELECT looks FROM insight_looks WHERE kind = 'sleep_energy'", 1);
	ERR(nights(s, 30, 30));
	CHECK_COUNT(s, FOUND "'confirmed'", 1);
	CHECK_COUNT(s, "SELECT count(*) FROM findings WHERE user_id = 2", 0);
	return NULL;
}

TEST(what_holds_is_found_and_confirmed_by_later_days)
{
	return tool_scene_run(t, play);
}

static err_t *play_ends(struct scene *s)
{
	ERR(live(s, 0, 30, 0.8));
	ERR(live(s, 30, 70, 0));
	ERR(nights(s, 0, 30));
	CHECK_COUNT(s, FOUND "'likely'", 1);
	ERR(nights(s, 30, 30));
	CHECK_COUNT(s, FOUND "'likely' AND fails = 1", 1);
	ERR(nights(s, 60, 30));
	CHECK_COUNT(s, FOUND "'withdrawn'", 1);
	return NULL;
}

TEST(what_ends_is_withdrawn_after_two_looks)
{
	return tool_scene_run(t, play_ends);
}

/* Days that are taken away bring no second look. */
static err_t *play_less(struct scene *s)
{
	ERR(live(s, 0, 30, 0));
	ERR(nights(s, 0, 30));
	CHECK_COUNT(s, "SELECT looks FROM insight_looks WHERE kind = 'sleep_energy'", 1);
	ERR(fixture_sql(&s->f, "DELETE FROM metrics WHERE day < '2026-08-10'"));
	ERR(live(s, 30, 9, 0));
	ERR(nights(s, 30, 9));
	CHECK_COUNT(s, "SELECT looks FROM insight_looks WHERE kind = 'sleep_energy'", 1);
	return NULL;
}

TEST(days_taken_away_bring_no_second_look)
{
	return tool_scene_run(t, play_less);
}

/* As the statistics take them. */
static err_t *play_rows(struct scene *s)
{
	struct days *days;
	double due[3], done[3];
	struct tx *tx;

	ERR(fixture_sql(
		&s->f,
		"INSERT INTO metrics (user_id, day, sleep, workout, tasks_due, due_done, tasks_done, hours, posts, updated_at) "
		"VALUES (1, '2026-11-10', 6.5, true, 3, 2, 2, array_fill(0, ARRAY[9]) || 2 || array_fill(0, ARRAY[14]), NULL, now()), "
		"(1, '2026-11-12', NULL, false, 0, 0, 0, NULL, 1, now()), (2, '2026-11-11', 8, NULL, 1, 1, 1, NULL, NULL, now())"));
	ERR(fixture_sql(
		&s->f,
		"INSERT INTO content_posts (user_id, id, title, theme, format, published_at, likes, created_at, updated_at) "
		"VALUES (1, 1, 'a', 'vinho', 'reels', '2026-11-12 18:30', 12, now(), now())"));
	ERR(tx_begin_user(s->req, &tx));
	ERR(tx_end(tx, features_days(tx, s->pool, "2026-11-15", &days)));
	CHECK_INT(days->n, 3);
	CHECK(days->v[DAY_SLEEP][0] == 6.5 && isnan(days->v[DAY_SLEEP][1]) && isnan(days->v[DAY_SLEEP][2]));
	CHECK(days->v[DAY_WORKOUT][0] == 1 && days->v[DAY_WORKOUT][2] == 0 && isnan(days->v[DAY_WORKOUT][1]));
	CHECK(days->v[DAY_DONE][0] == 2 && days->v[DAY_DONE][2] == 0);
	CHECK_INT(days->hours[0][9], 2);
	CHECK_INT(days->posts_n, 1);
	CHECK_TEXT(days->themes[days->posts[0].theme], "vinho");
	CHECK_INT(days->posts[0].hour, 18);
	ERR(tx_begin_user(s->req, &tx));
	ERR(tx_end(tx, features_plans(tx, "2026-11-12", 3, due, done)));
	CHECK(due[0] == 3 && done[0] == 2 && isnan(due[1]) && due[2] == 0);
	return NULL;
}

/* Years of rows in which nothing was noted yet change nothing. */
static err_t *play_late(struct scene *s)
{
	ERR(fixture_sql(&s->f, "INSERT INTO metrics (user_id, day, updated_at) SELECT 1, d, now() FROM "
			       "generate_series('2025-06-01'::date, '2026-07-31', '1 day') d"));
	ERR(live(s, 0, 30, 0.8));
	ERR(nights(s, 0, 30));
	CHECK_COUNT(s, FOUND "'likely'", 1);
	return NULL;
}

TEST(days_before_anything_was_noted_change_nothing)
{
	return tool_scene_run(t, play_late);
}

TEST(rows_are_read_as_days)
{
	return tool_scene_run(t, play_rows);
}
