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
