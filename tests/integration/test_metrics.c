/* The row of each day follows what is noted, done and posted. */
#include "core/clock.h"
#include "tests/integration/sample.h"
#include "tests/integration/tool_scene.h"

SAMPLE(metrics, "INSERT INTO metrics (day, energy) VALUES ('2026-11-21', 7)")

/* The scene's clock shows 2026-11-18, 8 in the morning, in São Paulo, a Wednesday. */

#define DAY(what, expected) \
	CHECK_COUNT(s, "SELECT " what " FROM metrics WHERE user_id = 1 AND day = '2026-11-18'", expected)

static err_t *play_checkins(struct scene *s)
{
	ERR(tool_scene_call(s, "log_checkin", "{\"energy\":7,\"sleep\":6.5}"));
	DAY("energy::int", 7);
	DAY("(sleep * 10)::int", 65);
	DAY("count(*) FILTER (WHERE mood IS NULL AND workout IS NULL AND tasks_done IS NULL)", 1);
	ERR(tool_scene_press(s, "u:"));
	DAY("count(*) FILTER (WHERE energy IS NULL AND sleep IS NULL)", 1);
	ERR(tool_scene_call(s, "log_checkin", "{\"mood\":4,\"day\":\"2026-11-17\"}"));
	CHECK_COUNT(s, "SELECT mood::int FROM metrics WHERE day = '2026-11-17'", 4);
	ERR(tool_scene_call(s, "create_habit", "{\"name\":\"ler\"}"));
	ERR(tool_scene_call(s, "log_checkin", "{\"habit\":\"ler\"}"));
	DAY("habits_done * 10 + habits_due", 11);
	return NULL;
}

TEST(a_check_in_is_in_its_day_at_once)
{
	return tool_scene_run(t, play_checkins);
}

static err_t *play_tasks(struct scene *s)
{
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"a\",\"due\":\"2026-11-18\"}"));
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"b\",\"due\":\"2026-11-18\"}"));
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"c\",\"due\":\"2026-11-30\"}"));
	DAY("tasks_due * 100 + tasks_done * 10 + tasks_created", 203);
	CHECK_COUNT(s, "SELECT count(*) FROM metrics", 1); /* a day to come has no row */
	ERR(tool_scene_call(s, "complete_task", "{\"id\":1}"));
	DAY("tasks_due * 100 + tasks_done * 10 + due_done", 211);
	DAY("array_position(hours, 1)", 9); /* from one: eight o'clock */
	/* What is moved away stays counted, and not as done; moved back, it is counted once. */
	ERR(tool_scene_call(s, "update_task", "{\"id\":2,\"due\":\"2026-11-19\"}"));
	DAY("tasks_due * 10 + due_done", 21);
	ERR(tool_scene_press(s, "u:"));
	DAY("tasks_due * 10 + due_done", 21);
	ERR(tool_scene_call(s, "update_task", "{\"id\":2,\"due\":\"2026-11-19\"}"));
	ERR(tool_scene_call(s, "update_task", "{\"id\":2,\"due\":\"2026-11-25\"}"));
	DAY("tasks_due * 10 + due_done", 21);
	ERR(tool_scene_call(s, "update_task", "{\"id\":2,\"due\":\"2026-11-18\"}"));
	DAY("tasks_due * 10 + due_done", 21);
	ERR(tool_scene_call(s, "complete_task", "{\"id\":2}"));
	DAY("tasks_due * 100 + tasks_done * 10 + due_done", 222);
	ERR(tool_scene_press(s, "u:"));
	DAY("tasks_due * 100 + tasks_done * 10 + due_done", 211);
	return NULL;
}

TEST(a_completed_task_is_in_its_day_at_once)
{
	return tool_scene_run(t, play_tasks);
}

static err_t *play_over(struct scene *s)
{
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"a\",\"due\":\"2026-11-18\"}"));
	s->req->now += DAY_US;
	ERR(tool_scene_call(s, "update_task", "{\"id\":1,\"due\":\"2026-11-19\"}"));
	DAY("tasks_due * 10 + due_done", 10);
	ERR(tool_scene_call(s, "complete_task", "{\"id\":1}"));
	DAY("tasks_due * 10 + due_done", 10);
	CHECK_COUNT(s, "SELECT tasks_due * 10 + due_done FROM metrics WHERE day = '2026-11-19'", 11);
	return NULL;
}

TEST(a_day_that_is_over_keeps_what_was_due)
{
	return tool_scene_run(t, play_over);
}

/* How often rows of days were written by one statement. */
static NODISCARD err_t *written(struct scene *s, const char *sql, int64_t expected)
{
	static const char count[] =
		"SELECT n_tup_ins + n_tup_upd FROM pg_stat_xact_user_tables WHERE relname = 'metrics'";
	int64_t before, after;

	ERR(fixture_sql(&s->f, mem_fmt(s->pool, "BEGIN; SELECT set_config('app.now', '%lld', true)",
				       (long long)s->req->now)));
	ERR(fixture_int(&s->f, count, &before));
	ERR(fixture_sql(&s->f, sql));
	ERR(fixture_int(&s->f, count, &after));
	if (after - before != expected)
		return err_new(ERR_INTERNAL, "%lld rows of days written: %s", (long long)(after - before),
			       sql);
	return fixture_sql(&s->f, "COMMIT");
}

/* What comes, moves or goes by hundreds has its days worked out once. */
static err_t *play_many(struct scene *s)
{
	ERR(tool_scene_call(s, "create_habit", "{\"name\":\"ler\"}"));
	ERR(written(
		s,
		"INSERT INTO tasks (user_id, id, title, due_date, created_at) "
		"SELECT u, 1000 + i, 'x', '2026-11-18', app_now() FROM generate_series(1, 300) i, unnest('{1,2}'::int[]) u",
		2));
	DAY("tasks_due", 300);
	ERR(written(s, "UPDATE tasks SET due_date = '2026-11-19' WHERE user_id = 1", 1));
	DAY("tasks_due * 1000 + tasks_moved", 300300);
	ERR(written(s, "UPDATE tasks SET due_date = '2026-11-18' WHERE user_id = 1 AND id <= 1100", 1));
	DAY("tasks_due * 1000 + tasks_moved", 300200);
	ERR(written(s, "UPDATE tasks SET title = 'y'", 0));
	ERR(written(s, "DELETE FROM tasks WHERE user_id = 2", 1));
	CHECK_COUNT(s, "SELECT tasks_due + tasks_created FROM metrics WHERE user_id = 2", 0);
	ERR(written(s,
		    "INSERT INTO checkins (user_id, id, day, kind, label, value) "
		    "SELECT 1, i, '2026-11-18', 'custom', 'x' || i, 1 FROM generate_series(1, 300) i",
		    1));
	ERR(written(s, "UPDATE checkins SET value = 2", 1));
	ERR(written(s, "DELETE FROM checkins", 1));
	ERR(written(s,
		    "INSERT INTO content_posts (user_id, id, title, published_at, likes) "
		    "SELECT 1, i, 'x', '2026-11-18 09:00', 3 FROM generate_series(1, 300) i",
		    1));
	ERR(written(s, "UPDATE content_posts SET likes = 4, title = 'z'", 1));
	DAY("posts * 10 + engagement::int", 3004);
	return NULL;
}

TEST(a_statement_works_a_day_out_once)
{
	return tool_scene_run(t, play_many);
}

static err_t *play_posts(struct scene *s)
{
	ERR(tool_scene_call(s, "record_post", "{\"title\":\"a\",\"likes\":30,\"comments\":10}"));
	DAY("posts * 100 + engagement::int", 140);
	ERR(tool_scene_call(s, "record_post", "{\"title\":\"b\",\"likes\":20}"));
	DAY("posts * 100 + engagement::int", 230);
	return NULL;
}

TEST(a_post_is_in_its_day_at_once)
{
	return tool_scene_run(t, play_posts);
}
