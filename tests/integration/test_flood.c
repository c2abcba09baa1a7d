/* Many of everything: twenty years of days, a thousand tasks, and still an answer. */
#include "core/clock.h"
#include "core/limits.h"
#include "integrations/telegram/telegram_html.h"
#include "tests/integration/tool_scene.h"
#include "tools/insight/look.h"
#include "tools/routine/evening_view.h"
#include "tools/routine/morning_view.h"
#include <string.h>

#define TODAY "2026-11-18"
static const int64_t patience_us =
	12 * SECOND_US; /* an index is forty times faster, whatever else the machine does */

/* As the owner, in one transaction, at the scene's time. */
static NODISCARD err_t *sql(struct scene *s, const char *text)
{
	return fixture_sql(&s->f,
			   mem_fmt(s->pool, "BEGIN; SELECT set_config('app.now', '%lld', true); %s; COMMIT",
				   (long long)s->req->now, text));
}

static NODISCARD err_t *years(struct scene *s)
{
	ERR(sql(s, "INSERT INTO habits (user_id, id, name, created_at, updated_at) "
		   "SELECT 1, i, 'h' || i, '2006-01-01', '2006-01-01' FROM generate_series(1, 30) i"));
	ERR(sql(s, "INSERT INTO checkins (user_id, id, day, kind, habit_id, value) "
		   "SELECT 1, 100000 + d * 30 + h, '" TODAY "'::date - d, 'habit', h, 1 "
		   "FROM generate_series(1, 30) h, generate_series(1, 90) d"));
	ERR(sql(s, "INSERT INTO checkins (user_id, id, day, kind, value) "
		   "SELECT 1, 900000 + d * 3 + k, '" TODAY
		   "'::date - d, ('{sleep,energy,mood}'::text[])[k + 1], "
		   "5 + (hashint4(d) & 3) FROM generate_series(0, 2) k, generate_series(1, 7299) d"));
	return sql(
		s,
		"INSERT INTO content_posts (user_id, id, title, theme, published_at, likes) "
		"SELECT 1, i, 'p' || i, 'tema ' || i % 50, '2026-11-17 10:00'::timestamp - i * interval '17 hours', "
		"i % 100 FROM generate_series(1, 10000) i");
}

static NODISCARD err_t *tasks(struct scene *s)
{
	ERR(sql(s, "INSERT INTO tasks (user_id, id, title, due_date, created_at, updated_at) "
		   "SELECT 1, 100000 + i, repeat('😀', 400) || i, '" TODAY "', app_now(), app_now() "
		   "FROM generate_series(1, 1000) i"));
	return sql(s,
		   "INSERT INTO tasks (user_id, id, title, due_date, created_at, updated_at) "
		   "SELECT 1, 200000 + i, '</b>{title}[done]' || chr(8238) || repeat('\"<&', 100), "
		   "'" TODAY "'::date - 1 - i / 10, '2026-01-01', app_now() FROM generate_series(1, 400) i");
}

/* Parts that a message can hold, each as well formed as before it was cut. */
static NODISCARD err_t *fits(struct scene *s, const char *html)
{
	const char **parts;
	size_t n;

	ERR(tg_html_split(s->pool, html, LIMIT_TG_TEXT, &n, &parts));
	CHECK(n >= 1 && n <= 3);
	for (size_t i = 0; i < n; i++) {
		CHECK(tg_html_units(parts[i]) <= LIMIT_TG_TEXT);
		CHECK(!strstr(parts[i], "</b>{"));
	}
	return NULL;
}

static err_t *play_years(struct scene *s)
{
	int64_t from;
	struct tx *tx;

	ERR(years(s));
	from = clock_mono_us();
	ERR(tx_begin_user(s->req, &tx));
	ERR(tx_end(tx, look_tonight(s->req, tx, "2026-11-17")));
	CHECK_COUNT(s, "SELECT count(*) FROM insight_looks WHERE kind = 'content_theme'", 1);
	ERR(tool_scene_call(s, "get_insights", "{}"));
	ERR(fits(s, s->last.html));
	ERR(tool_scene_call(s, "get_chart", "{\"kind\":\"energy\"}"));
	ERR(fits(s, s->last.html));
	ERR(tool_scene_call(s, "log_checkin", "{\"energy\":7}"));
	ERR(sql(s, "SELECT person_erase(1, repeat('ab', 16), app_now())"));
	CHECK_COUNT(s, "SELECT count(*) FROM metrics WHERE user_id = 1", 0);
	CHECK(clock_mono_us() - from < patience_us);
	return NULL;
}

TEST(twenty_years_are_read_and_erased)
{
	return tool_scene_run(t, play_years);
}

static err_t *play_tasks(struct scene *s)
{
	struct tx *tx;

	ERR(tasks(s));
	ERR(tx_begin_user(s->req, &tx));
	ERR(tx_end(tx, morning_view(s->req, tx, TODAY, "Ana", &s->last)));
	CHECK_SAID(s, "<b>400 tarefas atrasadas</b>");
	CHECK_SAID(s, "<i>e mais 993</i>");
	ERR(fits(s, s->last.html));
	ERR(tx_begin_user(s->req, &tx));
	ERR(tx_end(tx, evening_view(s->req, tx, TODAY, "Ana", NULL, &s->last)));
	ERR(fits(s, s->last.html));
	ERR(tool_scene_press(s, "t:postpone_task:day=" TODAY));
	CHECK_SAID(s, "1000 tarefas ficam para amanhã");
	CHECK_COUNT(s, "SELECT tasks_moved FROM metrics WHERE user_id = 1 AND day = '" TODAY "'", 1000);
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT tasks_due + tasks_moved FROM metrics WHERE user_id = 1 AND day = '" TODAY "'",
		    1000);
	ERR(sql(s, "SELECT person_erase(1, repeat('ab', 16), app_now())"));
	CHECK_COUNT(s, "SELECT count(*) FROM metrics WHERE user_id = 1", 0);
	return NULL;
}

TEST(a_thousand_tasks_are_told_and_moved)
{
	return tool_scene_run(t, play_tasks);
}
