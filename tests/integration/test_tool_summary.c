#include "tests/integration/tool_scene.h"

#include <string.h>

static err_t *play(struct scene *s)
{
	ERR(tool_scene_say(s, "/resumo"));
	CHECK_SAID(s, "Um dia livre!");
	CHECK_SAID(s, "hoje (qua, 18/11)");
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"pagar a luz\",\"due\":\"2026-11-16\"}"));
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"comprar pão\",\"due\":\"2026-11-18\"}"));
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"outro dia\",\"due\":\"2026-11-25\"}"));
	ERR(tool_scene_call(s, "create_event", "{\"title\":\"dentista\",\"start\":\"2026-11-18T18:00:00\"}"));
	ERR(tool_scene_call(s, "create_reminder",
			    "{\"text\":\"tirar o lixo\",\"at\":\"2026-11-18T21:00:00\"}"));
	ERR(tool_scene_say(s, "/resumo"));
	CHECK_SAID(s, "<b>Agenda</b>\n18:00–19:00 · dentista");
	CHECK_SAID(s, "<b>Atrasadas</b>\n<b>1</b> · pagar a luz");
	CHECK_SAID(s, "<b>Para hoje</b>\n<b>2</b> · comprar pão");
	CHECK_SAID(s, "<b>Lembretes</b>\n21:00 · tirar o lixo");
	CHECK_SAID(s, "3 tarefas abertas");
	CHECK_UNSAID(s, "outro dia");
	CHECK(tool_scene_has(s, "t:complete_task:1"));
	CHECK_DATA(s, "day", "2026-11-18");
	CHECK_DATA(s, "events.0.start", "2026-11-18T18:00:00");
	CHECK_DATA_INT(s, "tasks.1.id", 2);
	CHECK_DATA(s, "reminders.0.text", "tirar o lixo");
	CHECK_DATA_INT(s, "open_tasks", 3);
	s->req->lang = LANG_EN;
	ERR(tool_scene_call(s, "get_summary", "{\"start\":\"2026-11-25\"}"));
	CHECK_SAID(s, "outro dia");
	CHECK_UNSAID(s, "dentista");
	s->req->user_id = s->bia;
	ERR(tool_scene_say(s, "/summary"));
	CHECK_SAID(s, "A free day!");
	return NULL;
}

TEST(the_day_at_a_glance)
{
	return tool_scene_run(t, play);
}

static err_t *play_outside(struct scene *s)
{
	static const char *const marks[] = { "tasks", "events", "reminders" };

	ERR(tool_scene_call(s, "create_task", "{\"title\":\"SEGREDO um\",\"due\":\"2026-11-18\"}"));
	ERR(tool_scene_call(s, "create_event",
			    "{\"title\":\"SEGREDO dois\",\"start\":\"2026-11-18T18:00:00\"}"));
	ERR(tool_scene_call(s, "create_reminder",
			    "{\"text\":\"SEGREDO três\",\"at\":\"2026-11-18T21:00:00\"}"));
	ERR(tool_scene_call(s, "get_summary", "{}"));
	CHECK(!s->last.outside);
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		ERR(fixture_sql(&s->f, mem_fmt(s->pool, "UPDATE %s SET outside = true", marks[i])));
		ERR(tool_scene_call(s, "get_summary", "{}"));
		CHECK(s->last.outside);
	}
	CHECK_SAID(s, "SEGREDO um");
	CHECK(!strstr(tool_scene_model(s, "get_summary"), "SEGREDO"));
	CHECK(strstr(tool_scene_model(s, "get_summary"), "\"tasks\":[{\"id\":1,"));
	return NULL;
}

TEST(words_of_somebody_else_are_not_in_the_day_that_a_model_reads)
{
	return tool_scene_run(t, play_outside);
}
