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
