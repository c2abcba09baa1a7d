#include "core/text.h"
#include "ml/chart/chart.h"
#include "tests/integration/tool_scene.h"
#include "tools/chart/chart_told.h"

#include <math.h>
#include <string.h>

/* The scene's clock shows 2026-11-18 16:20 in São Paulo, a Wednesday. */

static NODISCARD err_t *drawn(struct scene *s, struct chart *ret)
{
	CHECK(s->last.chart);
	return chart_read(s->pool, s->last.chart, strlen(s->last.chart), ret);
}

static err_t *play_week(struct scene *s)
{
	struct chart chart;

	ERR(tool_scene_say(s, "/grafico"));
	CHECK_SAID(s, "De qui, 12/11 a qua, 18/11 não há tarefas");
	CHECK(!s->last.chart);
	CHECK(!json_true(s->last.data, "drawn"));
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"a\",\"due\":\"2026-11-17\"}"));
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"b\",\"due\":\"2026-11-17\"}"));
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"amanhã\",\"due\":\"2026-11-19\"}"));
	ERR(tool_scene_call(s, "complete_task", "{\"id\":1}"));
	/* At 22:30 of the 16th in São Paulo it is the 17th in Greenwich. */
	ERR(fixture_sql(&s->f,
			"UPDATE tasks SET status = 'done', completed_at = '2026-11-17T01:30Z' WHERE id = 2"));
	ERR(tool_scene_say(s, "/grafico"));
	ERR(drawn(s, &chart));
	CHECK_INT(chart.kind, CHART_WEEK);
	CHECK_TEXT(chart.first, "2026-11-12");
	CHECK_INT(chart.days, 7);
	CHECK(chart.count[0][5] == 2 && chart.count[0][6] == 0);
	CHECK(chart.count[1][4] == 1 && chart.count[1][5] == 0 && chart.count[1][6] == 1);
	CHECK_SAID(s, "concluiu <b>2</b> tarefas; <b>2</b> eram para esses dias");
	CHECK_SAID(s, "seg 1/0 · ter 0/2 · qua 1/0");
	CHECK_DATA_INT(s, "done", 2);
	CHECK(tool_scene_has(s, "t:get_chart:kind=energy") && tool_scene_has(s, "t:get_chart:kind=habits"));
	CHECK(!tool_scene_has(s, "t:get_chart:kind=week"));
	s->req->lang = LANG_EN;
	ERR(tool_scene_say(s, "/chart"));
	ERR(drawn(s, &chart));
	CHECK_INT(chart.lang, LANG_EN);
	CHECK_SAID(s, "From Thu, Nov 12 to Wed, Nov 18 you finished <b>2</b> tasks; <b>2</b> were due");
	s->req->user_id = s->bia; /* nothing of Ana's is hers */
	ERR(tool_scene_say(s, "/chart"));
	CHECK(!s->last.chart);
	return NULL;
}

TEST(the_week_counts_what_was_due_and_what_was_done)
{
	return tool_scene_run(t, play_week);
}

static err_t *play_energy(struct scene *s)
{
	struct chart chart;

	ERR(tool_scene_say(s, "/grafico meu sono"));
	CHECK_SAID(s, "Faltam 3 dias de anotações");
	ERR(tool_scene_call(s, "log_checkin", "{\"sleep\":7.5,\"energy\":8,\"day\":\"2026-11-18\"}"));
	ERR(tool_scene_call(s, "log_checkin", "{\"sleep\":5,\"day\":\"2026-11-16\"}"));
	ERR(tool_scene_press(s, "u:"));
	ERR(tool_scene_call(s, "get_chart", "{\"kind\":\"energy\"}"));
	CHECK_SAID(s, "Faltam 2 dias");
	ERR(tool_scene_call(s, "log_checkin", "{\"sleep\":6,\"day\":\"2026-11-16\"}"));
	ERR(tool_scene_call(s, "log_checkin", "{\"energy\":4,\"day\":\"2026-10-22\"}"));
	ERR(tool_scene_call(s, "log_checkin", "{\"energy\":1,\"day\":\"2026-10-21\"}")); /* too long ago */
	ERR(tool_scene_call(s, "get_chart", "{\"text\":\"me mostra o gráfico do sono\"}"));
	ERR(drawn(s, &chart));
	CHECK_INT(chart.kind, CHART_ENERGY);
	CHECK_TEXT(chart.first, "2026-10-22");
	CHECK(chart.count[0][27] == 7.5 && chart.count[1][27] == 8 && chart.count[0][25] == 6);
	CHECK(isnan(chart.count[1][25]) && isnan(chart.count[0][26]) && chart.count[1][0] == 4);
	CHECK_SAID(s, "sono em <b>2</b> dias: média de <b>6,8 h</b>, de 6 a 7,5 h");
	CHECK_SAID(s, "Energia em <b>2</b> dias: média de <b>6</b>, de 4 a 8");
	CHECK_SAID(s, "25 dias sem anotação");
	CHECK(chart.note && strstr(chart.note, "25 dias sem anotação"));
	return NULL;
}

TEST(a_day_without_a_note_stays_empty)
{
	return tool_scene_run(t, play_energy);
}

static err_t *play_hours(struct scene *s)
{
	struct chart chart;

	ERR(tool_scene_say(s, "/grafico horários"));
	CHECK_SAID(s, "Faltam 10 tarefas concluídas");
	ERR(fixture_sql(
		&s->f,
		mem_fmt(s->pool,
			"INSERT INTO tasks (user_id, id, title, status, completed_at, created_at, updated_at) "
			"SELECT %lld, g, 't', 'done', '2026-11-16T12:10Z'::timestamptz - g %% 2 * interval '1 day', now(), now() "
			"FROM generate_series(1, 11) g",
			(long long)s->ana)));
	ERR(tool_scene_say(s, "/grafico horas"));
	ERR(drawn(s, &chart));
	CHECK_INT(chart.hours[0][9], 5);
	CHECK_INT(chart.hours[6][9], 6);
	CHECK_SAID(s, "concluiu <b>11</b> tarefas");
	CHECK_SAID(s, "<b>9h às 10h</b> (11)");
	CHECK_SAID(s, "<b>dom</b> (6)");
	return NULL;
}

TEST(hours_are_those_of_the_persons_wall)
{
	return tool_scene_run(t, play_hours);
}

static err_t *play_habits(struct scene *s)
{
	struct chart chart;

	ERR(tool_scene_say(s, "/grafico habitos"));
	CHECK_SAID(s, "ainda não tem hábitos");
	ERR(tool_scene_say(s, "/habito beber <água> 2 vezes por dia"));
	ERR(tool_scene_say(s, "/habito Correr 3x por semana"));
	ERR(tool_scene_call(s, "log_checkin", "{\"habit\":\"beber\",\"count\":2,\"day\":\"2026-11-15\"}"));
	ERR(tool_scene_call(s, "log_checkin", "{\"habit\":\"beber\",\"count\":1,\"day\":\"2026-11-16\"}"));
	ERR(tool_scene_call(s, "log_checkin", "{\"habit\":\"correr\",\"count\":1,\"day\":\"2026-11-10\"}"));
	ERR(tool_scene_call(s, "get_chart", "{\"kind\":\"habits\"}"));
	ERR(drawn(s, &chart));
	CHECK_TEXT(chart.first, "2026-08-31");
	CHECK_INT(chart.days, 80);
	CHECK_TEXT(chart.habits[0].name, "beber <água>");
	/* kept on the 15th, half done on the 16th, not on the 17th, and today may still come */
	CHECK_TEXT(chart.habits[0].marks + 75, "-kmm-");
	CHECK_TEXT(chart.habits[1].marks + 69, "--knnnnnnnn");
	CHECK_SAID(s, "beber &lt;água&gt;: <b>1</b> de 3 dias");
	CHECK_SAID(s, "Correr: <b>1</b> de 6 vezes (por semana: 3)");
	ERR(tool_scene_call(s, "log_checkin", "{\"habit\":\"beber\",\"count\":2}"));
	ERR(tool_scene_call(s, "get_chart", "{\"kind\":\"habits\"}"));
	ERR(drawn(s, &chart));
	CHECK_TEXT(chart.habits[0].marks + 75, "-kmmk");
	CHECK_SAID(s, "<b>2</b> de 4 dias");
	return NULL;
}

/* Begun in Auckland on the 19th, seen in Honolulu on the 18th. */
static err_t *play_date_line(struct scene *s)
{
	struct chart chart;

	ERR(tool_scene_say(s, "/habito ler todo dia"));
	ERR(tool_scene_say(s, "/habito correr 3x por semana"));
	ERR(fixture_sql(&s->f, "UPDATE habits SET created_at = created_at + interval '1 day'"));
	ERR(tool_scene_call(s, "get_chart", "{\"kind\":\"habits\"}"));
	CHECK_SAID(s, "ler: <b>0</b> de 0 dias");
	CHECK_SAID(s, "correr: <b>0</b> de 3");
	ERR(chart_read(s->pool, s->last.chart, strlen(s->last.chart), &chart));
	CHECK_INT(chart.habits[0].due, 0);
	return NULL;
}

TEST(a_habit_that_begins_tomorrow_is_drawn)
{
	return tool_scene_run(t, play_date_line);
}

TEST(a_habit_is_kept_missed_or_not_due)
{
	return tool_scene_run(t, play_habits);
}

static err_t *play_again(struct scene *s)
{
	const char *first;

	ERR(tool_scene_call(s, "create_task", "{\"title\":\"a\",\"due\":\"2026-11-17\"}"));
	ERR(tool_scene_call(s, "get_chart", "{}"));
	first = mem_text(s->pool, s->last.chart);
	ERR(fixture_sql(&s->f, "UPDATE tasks SET due_date = '2026-11-16'"));
	ERR(tool_scene_again(s, "get_chart", "{}"));
	CHECK_TEXT(s->last.chart, first);
	CHECK_ERR(tool_scene_call(s, "get_chart", "{\"kind\":\"pie\"}"), ERR_INVALID);
	return NULL;
}

TEST(a_replay_shows_the_same_picture)
{
	return tool_scene_run(t, play_again);
}

/* As the report of a Monday wants it: the week before, whatever day it is. */
static err_t *play_past(struct scene *s)
{
	struct chart_told told;
	struct tx *tx;

	ERR(tool_scene_call(s, "create_task", "{\"title\":\"a\",\"due\":\"2026-11-09\"}"));
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"b\",\"due\":\"2026-11-16\"}"));
	ERR(tx_begin_user(s->req, &tx));
	ERR(tx_end(tx, chart_told_tasks(s->req, tx, "2026-11-09", 7, &told)));
	CHECK(told.spec && told.due == 1 && told.done == 0);
	CHECK(strstr(told.html, "De seg, 09/11 a dom, 15/11"));
	ERR(tx_begin_user(s->req, &tx));
	ERR(tx_end(tx, chart_told_tasks(s->req, tx, "2026-11-02", 7, &told)));
	CHECK(!told.spec && strstr(told.html, "não há tarefas"));
	return NULL;
}

TEST(any_week_can_be_told)
{
	return tool_scene_run(t, play_past);
}
