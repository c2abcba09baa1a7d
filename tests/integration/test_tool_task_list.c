#include "tests/integration/tool_scene.h"

#include <string.h>

/* It is Wednesday, 2026-11-18, 08:06. */
static err_t *put_days(struct scene *s)
{
	static const char *const tasks[] = {
		"{\"title\":\"sem data\"}",
		"{\"title\":\"semana que vem\",\"due\":\"2026-11-24\"}",
		"{\"title\":\"sexta\",\"due\":\"2026-11-20\"}",
		"{\"title\":\"amanhã\",\"due\":\"2026-11-19\"}",
		"{\"title\":\"hoje à noite\",\"due\":\"2026-11-18T20:00:00\"}",
		"{\"title\":\"hoje cedo\",\"due\":\"2026-11-18T07:00:00\"}",
		"{\"title\":\"ontem\",\"due\":\"2026-11-17\"}",
		"{\"title\":\"hoje\",\"due\":\"2026-11-18\",\"priority\":\"urgent\"}",
	};

	for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++)
		ERR(tool_scene_call(s, "create_task", tasks[i]));
	return NULL;
}

static err_t *in_order(const char *html, const char *const *parts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *at = strstr(html, parts[i]);

		if (!at)
			return err_new(ERR_INTERNAL, "\"%s\" is not next in: %s", parts[i], html);
		html = at + strlen(parts[i]);
	}
	return NULL;
}

static err_t *play_heads(struct scene *s)
{
	static const char *const pt[] = { "<b>8 tarefas abertas</b>",
					  "⏰ Atrasadas",
					  "ontem",
					  "hoje cedo",
					  "📌 Hoje",
					  "hoje",
					  "hoje à noite",
					  "🌅 Amanhã",
					  "amanhã",
					  "🗓 Esta semana",
					  "sexta",
					  "⏳ Depois",
					  "semana que vem",
					  "🗂 Sem data",
					  "sem data" };
	static const char *const en[] = { "Overdue", "Today", "Tomorrow", "This week", "Later", "No date" };

	ERR(put_days(s));
	ERR(tool_scene_say(s, "/tarefas"));
	ERR(in_order(s->last.html, pt, sizeof pt / sizeof *pt));
	s->req->lang = LANG_EN;
	ERR(tool_scene_say(s, "/tasks"));
	ERR(in_order(s->last.html, en, sizeof en / sizeof *en));
	s->req->user_id = s->bia;
	ERR(tool_scene_say(s, "/tasks"));
	CHECK_SAID(s, "<code>/task buy milk tomorrow !high #home</code>");
	return NULL;
}

TEST(tasks_stand_under_the_day_they_are_due)
{
	return tool_scene_run(t, play_heads);
}

static err_t *play_days(struct scene *s)
{
	ERR(put_days(s));
	ERR(tool_scene_call(s, "list_tasks", "{\"due\":\"2026-11-18\"}"));
	CHECK_SAID(s, "<b>4 tarefas abertas</b> (hoje (qua, 18/11))");
	CHECK_SAID(s, "ontem");
	ERR(tool_scene_say(s, "/tarefas amanhã"));
	CHECK_SAID(s, "<b>1 tarefa aberta</b> (amanhã (qui, 19/11))");
	ERR(tool_scene_call(s, "list_tasks", "{\"due\":\"overdue\"}"));
	CHECK_SAID(s, "<b>2 tarefas abertas</b> (atrasadas)");
	CHECK_UNSAID(s, "hoje à noite");
	ERR(tool_scene_call(s, "list_tasks", "{\"until\":\"2026-11-22\"}"));
	CHECK_SAID(s, "<b>6 tarefas abertas</b> (até dom, 22/11)");
	CHECK_UNSAID(s, "semana que vem");
	ERR(tool_scene_say(s, "/tarefa entregar até sexta"));
	CHECK_SAID(s, "<b>entregar</b>\nTarefa 9\n📅 sex, 20/11");
	CHECK_UNSAID(s, "00:00");
	ERR(tool_scene_press(s, "u:"));
	ERR(tool_scene_say(s, "/tarefas SEXTÁ"));
	CHECK_SAID(s, "sexta");
	ERR(tool_scene_call(s, "list_tasks", "{\"query\":\"Cedo\"}"));
	CHECK_SAID(s, "<b>1 tarefa aberta</b> (“Cedo”)");
	ERR(tool_scene_call(s, "list_tasks", "{\"due\":\"2026-12-24\"}"));
	CHECK_SAID(s, "Nenhuma tarefa aberta por aqui: qui, 24/12.");
	CHECK_ERR(tool_scene_call(s, "list_tasks", "{\"due\":\"amanhã\"}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "list_tasks", "{\"until\":\"x\"}"), ERR_INVALID);
	return NULL;
}

TEST(tasks_are_filtered_by_day_and_words)
{
	return tool_scene_run(t, play_days);
}

static err_t *play_ticks(struct scene *s)
{
	for (int i = 1; i <= 12; i++)
		ERR(tool_scene_say(s, mem_fmt(s->pool, "/tarefa coisa %d #casa", i)));
	ERR(tool_scene_say(s, "/tarefas #casa"));
	ERR(tool_scene_press(s, "t:list_tasks:page=2&tag=casa"));
	ERR(tool_scene_press(s, "t:complete_task:id=12&list=page=2&tag=casa"));
	CHECK_INT(s->last.kind, OUTCOME_DONE);
	CHECK_INT(s->last.object_id, 12);
	CHECK_SAID(s, "🎉 Feito: <b>coisa 12</b>\n\n<b>11 tarefas abertas</b> (#casa)");
	CHECK_SAID(s, "<b>11</b> · coisa 11");
	CHECK_SAID(s, "página 2 de 2");
	CHECK(tool_scene_has(s, "u:") && tool_scene_has(s, "t:list_tasks:page=1&tag=casa"));
	ERR(tool_scene_press(s, "t:complete_task:id=11&list=page=2&tag=casa"));
	CHECK_SAID(s, "<b>10</b> · coisa 10"); /* the page is gone: the one before it */
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE status = 'done'", 1);
	ERR(tool_scene_say(s, "/feito 1"));
	ERR(tool_scene_call(s, "complete_task", "{\"id\":1,\"list\":\"page=1\"}"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_SAID(s, "Essa já estava feita: <b>coisa 1</b> 👍\n\n<b>10 tarefas abertas</b>");
	s->req->lang = LANG_EN;
	ERR(tool_scene_say(s, "/tasks #casa"));
	ERR(tool_scene_press(s, "t:complete_task:id=2&list=page=1&tag=casa"));
	CHECK_SAID(s, "🎉 Done: <b>coisa 2</b>\n\n<b>9 open tasks</b> (#casa)");
	CHECK_ERR(tool_scene_call(s, "complete_task", "{\"id\":3,\"list\":\"user_id=2\"}"), ERR_INVALID);
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE status = 'done'", 3);
	return NULL;
}

TEST(a_tick_shows_the_list_again)
{
	return tool_scene_run(t, play_ticks);
}

static err_t *play_last(struct scene *s)
{
	ERR(tool_scene_say(s, "/tarefa única #casa"));
	ERR(tool_scene_say(s, "/tarefas"));
	ERR(tool_scene_press(s, "t:complete_task:id=1&list=page=1"));
	CHECK_SAID(s, "🎉 Feito: <b>única</b>\n\nNenhuma tarefa aberta. 🎉");
	CHECK(tool_scene_has(s, "u:"));
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE status = 'todo'", 1);
	return NULL;
}

TEST(the_last_tick_empties_the_list)
{
	return tool_scene_run(t, play_last);
}
