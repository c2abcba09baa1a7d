#include "tests/integration/sample.h"
#include "tests/integration/tool_scene.h"

#include <string.h>

SAMPLE(habits, "INSERT INTO habits (name) VALUES ('%s')")

/* The scene's clock shows 2026-11-18 16:20 in São Paulo, a Wednesday. */

/* What is said, and the habit that it makes. */
static const struct {
	const char *said, *name, *per;
	int target;
} sayings[] = {
	{ "/habito beber água 8 vezes por dia", "beber água", "day", 8 },
	{ "/habito Correr 3x por semana", "Correr", "week", 3 },
	{ "/habito meditar todo dia", "meditar", "day", 1 },
	{ "/habito caminhar 30 min por dia", "caminhar 30 min por dia", "day", 1 },
	{ "/habito ler", "ler", "day", 1 },
	{ "/habito academia três vezes na semana", "academia", "week", 3 },
	{ "/habit call mom once a week", "call mom", "week", 1 },
	{ "/habit read 20 pages every day", "read 20 pages", "day", 1 },
	{ "/habit stretch two times a day", "stretch", "day", 2 },
	{ "/habit visitar a vó semanalmente", "visitar a vó", "week", 1 },
};

static err_t *play_words(struct scene *s)
{
	ERR(tool_scene_say(s, "/habito"));
	CHECK_SAID(s, "Você ainda não tem hábitos");
	for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++) {
		ERR(tool_scene_say(s, sayings[i].said));
		CHECK_INT(s->last.kind, OUTCOME_DONE);
		ERR(err_wrap(
			tool_scene_count(
				s,
				mem_fmt(s->pool,
					"SELECT count(*) FROM habits WHERE name = '%s' AND per = '%s' AND target = %d",
					sayings[i].name, sayings[i].per, sayings[i].target),
				1),
			"%s", sayings[i].said));
	}
	ERR(tool_scene_say(s, "/habito BEBER AGUA"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_SAID(s, "já é um dos seus hábitos");
	ERR(tool_scene_say(s, "/habito pular 51 vezes por dia"));
	CHECK_SAID(s, "até 50 vezes");
	ERR(tool_scene_say(s, mem_fmt(s->pool, "/habito %0101d", 1)));
	CHECK_SAID(s, "101 caracteres");
	ERR(tool_scene_call(s, "create_habit", "{\"name\":\" \"}"));
	CHECK_SAID(s, "Qual hábito");
	CHECK_ERR(tool_scene_call(s, "create_habit", "{\"name\":\"a\",\"per\":\"year\"}"), ERR_INVALID);
	CHECK_COUNT(s, "SELECT count(*) FROM habits", 10);
	return NULL;
}

TEST(a_habit_is_begun_in_words)
{
	return tool_scene_run(t, play_words);
}

static err_t *play_tick(struct scene *s)
{
	ERR(tool_scene_say(s, "/habito beber água 2 vezes por dia"));
	CHECK_SAID(s, "🌱 Novo hábito: <b>beber água</b>, 2 vezes por dia");
	ERR(tool_scene_press(s, "t:log_checkin:habit_id=1&count=1&show=list&day=2026-11-18"));
	CHECK_SAID(s, "<b>1</b> · beber água · 1/2");
	ERR(tool_scene_press(s, "t:log_checkin:habit_id=1&count=2&show=list&day=2026-11-18"));
	CHECK_SAID(s, "2/2 ✅ · 🔥 1 dia (recorde 1)");
	ERR(tool_scene_press(s, "t:log_checkin:habit_id=1&clear=yes&show=list&day=2026-11-18"));
	CHECK_SAID(s, "0/2");
	CHECK_COUNT(s, "SELECT count(*) FROM checkins", 0);
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT value::int FROM checkins WHERE kind = 'habit' AND habit_id = 1", 2);
	ERR(tool_scene_call(s, "log_checkin", "{\"text\":\"tomei água\"}"));
	CHECK_SAID(s, "🌱 beber água: <b>3/2 ✅</b>");
	ERR(tool_scene_call(s, "log_checkin", "{\"habit\":\"AGUA\",\"count\":1,\"day\":\"2026-11-10\"}"));
	CHECK_COUNT(s, "SELECT value::int FROM checkins WHERE day = '2026-11-10' AND habit_id = 1", 1);
	ERR(tool_scene_say(s, "/checkin"));
	ERR(tool_scene_press(s, "t:log_checkin:show=habits&day=2026-11-18"));
	ERR(tool_scene_press(s, "t:log_checkin:habit_id=1&clear=yes&show=habits&day=2026-11-18"));
	CHECK_SAID(s, "Check-in");
	s->req->user_id = s->bia;
	ERR(tool_scene_call(s, "log_checkin", "{\"habit_id\":1}"));
	CHECK_SAID(s, "Não achei o hábito 1");
	ERR(tool_scene_say(s, "/habito"));
	CHECK_SAID(s, "ainda não tem hábitos");
	return NULL;
}

TEST(a_habit_is_ticked_by_a_tap_and_by_words)
{
	return tool_scene_run(t, play_tick);
}

static err_t *did(struct scene *s, int habit, const char *days)
{
	for (const char *day = days; *day; day += strcspn(day, " "), day += strspn(day, " "))
		ERR(tool_scene_call(s, "log_checkin",
				    mem_fmt(s->pool, "{\"habit_id\":%d,\"day\":\"2026-%.5s\"}", habit, day)));
	return NULL;
}

static err_t *play_streak(struct scene *s)
{
	ERR(tool_scene_say(s, "/habito meditar todo dia"));
	ERR(tool_scene_say(s, "/habito correr 2x por semana"));
	/* Today is still open; before it two days, a gap, and four days. */
	ERR(did(s, 1, "11-17 11-16 11-14 11-13 11-12 11-11"));
	/* This week one of two so far; the two weeks before it both met; a third met long ago. */
	ERR(did(s, 2, "11-16 11-15 11-09 11-03 11-08 10-05 10-06"));
	ERR(tool_scene_say(s, "/habito"));
	CHECK_SAID(s, "meditar · 0/1 · 🔥 2 dias (recorde 4)");
	CHECK_SAID(s, "correr · 1/2 na semana · 🔥 2 semanas (recorde 2)");
	ERR(did(s, 1, "11-18"));
	ERR(did(s, 2, "11-18"));
	s->req->lang = LANG_EN;
	ERR(tool_scene_say(s, "/habit"));
	CHECK_SAID(s, "meditar · 1/1 ✅ · 🔥 3 days (best 4)");
	CHECK_SAID(s, "correr · 2/2 this week ✅ · 🔥 3 weeks (best 3)");
	/* In Auckland it is Thursday already, and nothing was done there yet today. */
	s->req->zone = "Pacific/Auckland";
	ERR(tool_scene_say(s, "/habit"));
	CHECK_SAID(s, "meditar · 0/1 · 🔥 3 days");
	/* Two days later the row of days is over. */
	ERR(tool_scene_call(s, "list_habits", "{\"day\":\"2026-11-20\"}"));
	CHECK_SAID(s, "meditar · 0/1 · 🔥 0 days (best 4)");
	return NULL;
}

TEST(streaks_are_counted_by_day_and_by_week)
{
	return tool_scene_run(t, play_streak);
}

static err_t *play_rest(struct scene *s)
{
	ERR(tool_scene_say(s, "/habito beber água 8 vezes por dia"));
	ERR(tool_scene_say(s, "/habito parar água"));
	CHECK_SAID(s, "<b>beber água</b> está em pausa");
	ERR(tool_scene_say(s, "/habito"));
	CHECK_SAID(s, "Você ainda não tem hábitos");
	ERR(tool_scene_say(s, "/habito beber água 6 vezes por dia"));
	CHECK_SAID(s, "agora 6 vezes por dia");
	CHECK_COUNT(s, "SELECT target FROM habits WHERE active", 6);
	ERR(tool_scene_call(s, "create_habit", "{\"id\":1,\"name\":\"tomar água\",\"target\":7}"));
	CHECK_COUNT(s, "SELECT target FROM habits WHERE name = 'tomar água' AND per = 'day'", 7);
	ERR(tool_scene_press(s, "u:"));
	CHECK_SAID(s, "Desfeito");
	CHECK_COUNT(s, "SELECT target FROM habits WHERE name = 'beber água'", 6);
	ERR(tool_scene_call(s, "create_habit", "{\"id\":5,\"active\":\"no\"}"));
	CHECK_SAID(s, "Não achei o hábito 5");
	ERR(tool_scene_say(s, "/habito parar de voar"));
	CHECK_SAID(s, "Não achei nenhum hábito");
	return NULL;
}

TEST(a_habit_rests_and_goes_on)
{
	return tool_scene_run(t, play_rest);
}

static err_t *play_data(struct scene *s)
{
	ERR(tool_scene_call(s, "list_habits", "{}"));
	CHECK_TEXT(json_write(s->pool, s->last.data), "{\"day\":\"2026-11-18\",\"habits\":[]}");
	ERR(tool_scene_call(s, "create_habit", "{\"name\":\"ler\",\"per\":\"week\",\"target\":3}"));
	CHECK_TEXT(json_write(s->pool, s->last.data),
		   "{\"habit\":{\"id\":1,\"name\":\"ler\",\"per\":\"week\",\"target\":3},\"active\":true}");
	ERR(tool_scene_call(s, "create_habit", "{\"name\":\"Ler\"}"));
	CHECK_TEXT(json_write(s->pool, s->last.data), "{\"refused\":\"already_there\",\"id\":1}");
	ERR(tool_scene_call(s, "log_checkin", "{\"habit_id\":1,\"show\":\"list\"}"));
	CHECK_DATA_INT(s, "habits.0.so_far", 1);
	ERR(tool_scene_call(s, "list_habits", "{}"));
	CHECK_DATA_INT(s, "habits.0.id", 1);
	CHECK_DATA_INT(s, "habits.0.today", 1);
	ERR(tool_scene_call(s, "create_habit", "{\"id\":1,\"active\":\"no\"}"));
	CHECK(json_at(s->last.data, "active") && !json_true(s->last.data, "active"));
	ERR(tool_scene_call(s, "create_habit", "{\"id\":7}"));
	CHECK_DATA(s, "refused", "not_found");
	ERR(tool_scene_call(s, "create_habit", "{\"name\":\"correr\",\"active\":\"no\"}"));
	CHECK_DATA(s, "refused", "not_found");
	ERR(tool_scene_call(s, "create_habit", mem_fmt(s->pool, "{\"name\":\"%0101d\"}", 1)));
	CHECK_DATA(s, "refused", "too_long");
	return NULL;
}

TEST(habits_are_told_as_data)
{
	return tool_scene_run(t, play_data);
}
