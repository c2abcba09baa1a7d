#include "tests/integration/sample.h"
#include "tests/integration/tool_scene.h"

#include <string.h>

SAMPLE(tasks, "INSERT INTO tasks (title) VALUES ('%s')")

static err_t *play_create(struct scene *s)
{
	ERR(tool_scene_say(s, "/tarefa comprar leite !alta #casa"));
	CHECK_INT(s->last.kind, OUTCOME_DONE);
	CHECK_TEXT(s->last.html, "✅ Anotado: <b>comprar leite</b>\nTarefa 1 · prioridade alta · #casa");
	CHECK_INT(s->last.object_id, 1);
	CHECK(tool_scene_has(s, "t:complete_task:1") && tool_scene_has(s, "u:"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM tasks WHERE title = 'comprar leite' AND priority = 'high' AND tags = '{casa}' "
		"AND status = 'todo' AND created_at = to_timestamp(1795000001)",
		1);
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM audit_log WHERE act = 'create_task' AND object = 'task' AND object_id = 1",
		1);
	s->req->lang = LANG_EN;
	ERR(tool_scene_say(s, "/task call  mom"));
	CHECK_TEXT(s->last.html, "✅ Noted: <b>call mom</b>\nTask 2");
	ERR(tool_scene_call(
		s, "create_task",
		"{\"title\":\"plan\",\"description\":\"all of it\",\"priority\":\"urgent\",\"tags\":[\"#Big Trip\"]}"));
	CHECK_TEXT(s->last.html, "✅ Noted: <b>plan</b>\nTask 3 · urgent · #big-trip");
	return NULL;
}

TEST(a_task_is_noted)
{
	return tool_scene_run(t, play_create);
}

static err_t *play_bad(struct scene *s)
{
	const char *long_title = mem_fmt(s->pool, "%0500d", 7);

	ERR(tool_scene_say(s, "/tarefa"));
	CHECK_SAID(s, "<code>/tarefa comprar leite amanhã !alta #casa</code>");
	ERR(tool_scene_say(s, "/tarefa !alta #casa"));
	CHECK_SAID(s, "O que você precisa fazer?");
	ERR(tool_scene_call(s, "create_task", "{\"title\":\" \\n \"}"));
	CHECK_SAID(s, "O que você precisa fazer?");
	CHECK_ERR(tool_scene_call(s, "create_task", "{}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "create_task", "{\"title\":5}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "create_task", "{\"title\":\"a\",\"priority\":\"alta\"}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "create_task", "{\"title\":\"a\",\"user_id\":2}"), ERR_INVALID);
	CHECK_ERR(
		tool_scene_call(
			s, "create_task",
			"{\"title\":\"a\",\"tags\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]}"),
		ERR_INVALID);
	ERR(tool_scene_say(s, mem_fmt(s->pool, "/tarefa %s8", long_title)));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_SAID(s, "501 caracteres");
	CHECK_SAID(s, "até 500");
	CHECK_COUNT(s, "SELECT count(*) FROM tasks", 0);
	CHECK_COUNT(s, "SELECT count(*) FROM audit_log", 0);
	ERR(tool_scene_say(s, mem_fmt(s->pool, "/tarefa %s", long_title)));
	CHECK_SAID(s, long_title);
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE length(title) = 500", 1);
	return NULL;
}

TEST(bad_tasks_are_explained_or_refused)
{
	return tool_scene_run(t, play_bad);
}

static err_t *play_guest(struct scene *s)
{
	s->req->role = ROLE_GUEST;
	CHECK_ERR(tool_scene_call(s, "create_task", "{\"title\":\"a\"}"), ERR_DENIED);
	CHECK_ERR(tool_scene_call(s, "complete_task", "{\"id\":1}"), ERR_DENIED);
	ERR(tool_scene_say(s, "/tarefas"));
	CHECK_SAID(s, "Nenhuma tarefa aberta");
	s->req->role = ROLE_NONE;
	CHECK_ERR(tool_scene_call(s, "list_tasks", "{}"), ERR_DENIED);
	CHECK_COUNT(s, "SELECT count(*) FROM tasks", 0);
	return NULL;
}

TEST(guests_only_look)
{
	return tool_scene_run(t, play_guest);
}

static err_t *play_text(struct scene *s)
{
	const char *wide = "çãé😀ß家";
	struct buf title = buf_new(s->pool, 500 * 4);

	ERR(tool_scene_say(s, "/tarefa <b>oi</b> & \"tchau\" %s ' ; DROP TABLE tasks; --"));
	CHECK_SAID(s, "&lt;b&gt;oi&lt;/b&gt; &amp; &quot;tchau&quot; %s ' ; DROP TABLE tasks; --");
	ERR(tool_scene_say(s, "/tarefas"));
	CHECK_SAID(s, "&lt;b&gt;oi&lt;/b&gt; &amp;");
	for (int i = 0; i < 500; i++)
		buf_text(&title, "😀");
	ERR(tool_scene_call(s, "create_task", mem_fmt(s->pool, "{\"title\":\"%s\"}", title.p)));
	CHECK_SAID(s, title.p);
	ERR(tool_scene_say(s, "/tarefas"));
	CHECK_UNSAID(s, title.p);
	CHECK_SAID(s, "😀…");
	ERR(tool_scene_say(s, mem_fmt(s->pool, "/tarefa %s #%s", wide, "Água")));
	CHECK_SAID(s, mem_fmt(s->pool, "<b>%s</b>\nTarefa 3 · #água", wide));
	ERR(tool_scene_say(s, "/feito <b>"));
	CHECK_SAID(s, "Feito: <b>&lt;b&gt;oi&lt;/b&gt;");
	return NULL;
}

TEST(titles_of_any_characters)
{
	return tool_scene_run(t, play_text);
}

static err_t *play_replay(struct scene *s)
{
	const char *first;

	ERR(tool_scene_call(s, "create_task", "{\"title\":\"uma vez\"}"));
	first = s->last.html;
	CHECK_INT(s->finished, 1);
	ERR(tool_scene_again(s, "create_task", "{\"title\":\"uma vez\"}"));
	CHECK_INT(s->finished, 1);
	CHECK_TEXT(s->last.html, first);
	CHECK_COUNT(s, "SELECT count(*) FROM tasks", 1);
	s->at.call = 1; /* another call of the same step is another act */
	ERR(tool_scene_again(s, "create_task", "{\"title\":\"uma vez\"}"));
	s->at.call = 0;
	CHECK_COUNT(s, "SELECT count(*) FROM tasks", 2);
	ERR(tool_scene_call(s, "complete_task", "{\"id\":1}"));
	ERR(tool_scene_again(s, "complete_task", "{\"id\":1}"));
	CHECK_INT(s->finished, 3);
	CHECK_SAID(s, "Feito: <b>uma vez</b>");
	CHECK_COUNT(s, "SELECT count(*) FROM audit_log WHERE act = 'complete_task'", 1);
	return NULL;
}

TEST(a_replay_does_nothing_twice)
{
	return tool_scene_run(t, play_replay);
}

static err_t *play_list(struct scene *s)
{
	static const char *const order[] = { "<b>7</b>", "<b>3</b>", "<b>9</b>",
					     "<b>1</b>", "<b>2</b>", "<b>4</b>" };

	ERR(tool_scene_say(s, "/tarefas"));
	CHECK_SAID(s, "<code>/tarefa comprar leite amanhã !alta #casa</code>");
	for (int i = 1; i <= 23; i++)
		ERR(tool_scene_say(s, mem_fmt(s->pool, "/tarefa coisa %d %s %s", i,
					      i == 7             ? "!urgente"
					      : i == 3 || i == 9 ? "!alta"
					      : i == 5           ? "!baixa"
								 : "",
					      i % 2 ? "#casa" : "")));
	ERR(tool_scene_say(s, "/tarefas"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_SAID(s, "<b>23 tarefas abertas</b>");
	CHECK_SAID(s, "<b>7</b> · 🔴 coisa 7 · #casa");
	CHECK_SAID(s, "<b>3</b> · 🟠 coisa 3 · #casa");
	CHECK_SAID(s, "página 1 de 3");
	for (size_t i = 1; i < sizeof order / sizeof *order; i++)
		CHECK(strstr(s->last.html, order[i - 1]) < strstr(s->last.html, order[i]));
	CHECK_INT(s->last.buttons_n, 11);
	CHECK(tool_scene_has(s, "t:complete_task:id=3&list=page=1") && !tool_scene_has(s, "u:"));
	CHECK_TEXT(s->last.buttons[0].label, "✅ 7");
	ERR(tool_scene_press(s, "t:list_tasks:page=2"));
	CHECK_SAID(s, "página 2 de 3");
	CHECK(tool_scene_has(s, "t:list_tasks:page=1") && tool_scene_has(s, "t:list_tasks:page=3"));
	ERR(tool_scene_press(s, "t:list_tasks:page=3"));
	CHECK_SAID(s, "<b>23</b> · coisa 23");
	CHECK_INT(s->last.buttons_n, 4);
	ERR(tool_scene_say(s, "/tarefas 99"));
	CHECK_SAID(s, "página 3 de 3");
	ERR(tool_scene_call(s, "list_tasks", "{\"page\":2}"));
	CHECK_SAID(s, "página 2 de 3");
	return NULL;
}

TEST(open_tasks_come_in_pages)
{
	return tool_scene_run(t, play_list);
}

static err_t *play_filter(struct scene *s)
{
	const char *tag = "áááááááááááááááááááááááááááááááááááááááá";

	for (int i = 1; i <= 12; i++)
		ERR(tool_scene_say(s, mem_fmt(s->pool, "/tarefa coisa %d #2026 #%s %s", i, tag,
					      i == 5 ? "!alta" : "")));
	ERR(tool_scene_say(s, "/tarefas #2026"));
	CHECK_SAID(s, "<b>12 tarefas abertas</b> (#2026)");
	ERR(tool_scene_press(s, "t:list_tasks:page=2&tag=2026"));
	CHECK_SAID(s, "página 2 de 2");
	CHECK_SAID(s, "(#2026)");
	ERR(tool_scene_say(s, "/tarefas !alta #2026"));
	CHECK_SAID(s, "<b>1 tarefa aberta</b> (#2026, prioridade alta)");
	ERR(tool_scene_say(s, mem_fmt(s->pool, "/tarefas #%s", tag)));
	CHECK_SAID(s, "São 12 ao todo");
	CHECK_INT(s->last.buttons_n, 10);
	ERR(tool_scene_say(s, "/tarefas #nada"));
	CHECK_SAID(s, "Nenhuma tarefa aberta por aqui: #nada.");
	ERR(tool_scene_press(s, "t:list_tasks:page=1"));
	CHECK_SAID(s, "<b>12 tarefas abertas</b>");
	s->req->lang = LANG_EN;
	ERR(tool_scene_say(s, "/tasks !HIGH"));
	CHECK_SAID(s, "<b>1 open task</b> (high priority)");
	ERR(tool_scene_say(s, "/tasks what is this"));
	CHECK_SAID(s, "No open tasks here: “what is this”.");
	ERR(tool_scene_call(s, "list_tasks", "{\"tag\":\"<i>\"}"));
	CHECK_UNSAID(s, "<i>,");
	CHECK_ERR(tool_scene_call(s, "list_tasks", "{\"page\":0}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "list_tasks", "{\"user_id\":1}"), ERR_INVALID);
	return NULL;
}

TEST(tasks_are_filtered_by_tag_and_priority)
{
	return tool_scene_run(t, play_filter);
}

static err_t *play_complete(struct scene *s)
{
	ERR(tool_scene_say(s, "/tarefa comprar pão de açúcar"));
	ERR(tool_scene_say(s, "/tarefa comprar leite"));
	ERR(tool_scene_say(s, "/feito"));
	CHECK_SAID(s, "<code>/feito 3</code>");
	ERR(tool_scene_say(s, "/feito comprar"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_SAID(s, "Mais de uma tarefa combina com “comprar”");
	CHECK_TEXT(s->last.buttons[0].label, "1 · comprar pão de açúcar");
	ERR(tool_scene_press(s, "t:complete_task:2"));
	CHECK_TEXT(s->last.html, "🎉 Feito: <b>comprar leite</b>");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM tasks WHERE id = 2 AND status = 'done' AND completed_at IS NOT NULL AND completed_at = updated_at",
		1);
	ERR(tool_scene_say(s, "/feito ACUCAR"));
	CHECK_TEXT(s->last.html, "🎉 Feito: <b>comprar pão de açúcar</b>");
	ERR(tool_scene_say(s, "/feito #1"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_SAID(s, "Essa já estava feita: <b>comprar pão de açúcar</b>");
	CHECK(!tool_scene_has(s, "u:"));
	ERR(tool_scene_say(s, "/feito leite"));
	CHECK_SAID(s, "Não achei nenhuma tarefa aberta com “leite”");
	ERR(tool_scene_say(s, "/feito 99"));
	CHECK_SAID(s, "Não achei a tarefa 99");
	ERR(tool_scene_call(s, "complete_task", "{}"));
	CHECK_SAID(s, "Qual delas ficou pronta?");
	CHECK_ERR(tool_scene_call(s, "complete_task", "{\"id\":0}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "complete_task", "{\"id\":1,\"user_id\":1}"), ERR_INVALID);
	s->req->lang = LANG_EN;
	ERR(tool_scene_say(s, "/done 1"));
	CHECK_SAID(s, "That one was done already");
	return NULL;
}

TEST(tasks_are_completed_by_number_or_words)
{
	return tool_scene_run(t, play_complete);
}

static err_t *play_many(struct scene *s)
{
	for (int i = 1; i <= 9; i++)
		ERR(tool_scene_say(s, mem_fmt(s->pool, "/tarefa <%d> & leite", i)));
	ERR(tool_scene_say(s, "/feito leite"));
	CHECK_SAID(s, "Muitas tarefas combinam");
	CHECK_INT(s->last.buttons_n, 8);
	CHECK_TEXT(s->last.buttons[7].label, "8 · <8> & leite"); /* labels are no HTML */
	ERR(tool_scene_say(s, "/feito 9"));
	ERR(tool_scene_say(s, "/feito leite"));
	CHECK_SAID(s, "Mais de uma tarefa");
	CHECK_INT(s->last.buttons_n, 8);
	return NULL;
}

TEST(eight_choices_at_most)
{
	return tool_scene_run(t, play_many);
}

static err_t *play_others(struct scene *s)
{
	ERR(tool_scene_say(s, "/tarefa segredo da Ana"));
	ERR(tool_scene_say(s, "/tarefa outro segredo"));
	s->req->user_id = s->bia;
	ERR(tool_scene_say(s, "/feito 1"));
	CHECK_SAID(s, "Não achei a tarefa 1");
	ERR(tool_scene_say(s, "/feito segredo"));
	CHECK_SAID(s, "Não achei nenhuma tarefa aberta");
	ERR(tool_scene_say(s, "/tarefas"));
	CHECK_UNSAID(s, "segredo");
	ERR(tool_scene_say(s, "/tarefa da Bia"));
	CHECK_SAID(s, "Tarefa 1"); /* numbers are each person's own */
	ERR(tool_scene_say(s, "/feito 1"));
	CHECK_SAID(s, "da Bia");
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE status = 'done'", 1);
	s->req->user_id = 0;
	CHECK_ERR(tool_scene_call(s, "list_tasks", "{}"), ERR_DENIED);
	return NULL;
}

TEST(another_persons_tasks_are_not_there)
{
	return tool_scene_run(t, play_others);
}

#define TASKS "SELECT coalesce(string_agg(to_jsonb(t)::text, ',' ORDER BY id), '') FROM tasks t"

static err_t *play_undo(struct scene *s)
{
	const char *before, *after;
	struct outcome created;

	ERR(tool_scene_say(s, "/tarefa fica !urgente #a #b"));
	ERR(fixture_text(&s->f, TASKS, &before));
	ERR(tool_scene_say(s, "/feito 1"));
	CHECK(tool_scene_has(s, "t:list_tasks:page=1"));
	ERR(tool_scene_press(s, "u:"));
	CHECK_TEXT(s->last.html, "Desfeito: a tarefa está aberta de novo.");
	ERR(fixture_text(&s->f, TASKS, &after));
	CHECK_TEXT(after, before);
	ERR(tool_scene_say(s, "/tarefa vai embora"));
	created = s->last;
	ERR(tool_scene_press(s, "u:"));
	CHECK_TEXT(s->last.html, "Desfeito: a tarefa saiu da lista.");
	ERR(fixture_text(&s->f, TASKS, &after));
	CHECK_TEXT(after, before);
	s->last = created;
	CHECK_ERR(tool_scene_press(s, "u:"), ERR_NOT_FOUND);
	ERR(tool_scene_say(s, "/tarefa muda depois"));
	created = s->last;
	ERR(tool_scene_say(s, "/feito muda"));
	s->last = created;
	CHECK_ERR(tool_scene_press(s, "u:"), ERR_CONFLICT);
	s->last = created;
	s->req->user_id = s->bia;
	CHECK_ERR(tool_scene_press(s, "u:"), ERR_NOT_FOUND);
	return NULL;
}

TEST(undo_restores_exactly)
{
	return tool_scene_run(t, play_undo);
}

static err_t *play_due(struct scene *s)
{
	ERR(tool_scene_say(s, "/tarefa comprar leite amanhã !alta #casa"));
	CHECK_SAID(s, "<b>comprar leite</b>");
	CHECK_SAID(s, "📅 amanhã (qui, 19/11)");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM tasks WHERE due_date = '2026-11-19' AND due_time IS NULL AND title = 'comprar leite'",
		1);
	ERR(tool_scene_say(s, "/tarefa ligar pra Ana amanhã às 5"));
	CHECK_SAID(s, "amanhã (qui, 19/11) às 17:00");
	CHECK(tool_scene_has(s, "t:update_task:id=2&due=2026-11-19T05:00:00"));
	ERR(tool_scene_press(s, "t:update_task:id=2&due=2026-11-19T05:00:00"));
	CHECK_SAID(s, "às 05:00");
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE due_time = '05:00'", 1);
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE due_time = '17:00'", 1);
	ERR(tool_scene_say(s, "/tarefas"));
	CHECK_SAID(s, "📅 amanhã (qui, 19/11) às 17:00");
	CHECK_ERR(tool_scene_call(s, "create_task", "{\"title\":\"a\",\"due\":\"amanhã\"}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "update_task", "{\"id\":1,\"due\":\"2026-02-30\"}"), ERR_INVALID);
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"a\",\"due\":\"2026-11-20T12:00:00Z\"}"));
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE due_date = '2026-11-20' AND due_time = '09:00'", 1);
	ERR(tool_scene_call(
		s, "update_task",
		"{\"id\":3,\"due\":\"none\",\"title\":\"b\",\"priority\":\"urgent\",\"tags\":[\"x\"]}"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM tasks WHERE due_date IS NULL AND title = 'b' AND priority = 'urgent' AND tags = '{x}'",
		1);
	s->req->user_id = s->bia;
	ERR(tool_scene_call(s, "update_task", "{\"id\":3,\"title\":\"mine\"}"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE title = 'mine'", 0);
	return NULL;
}

TEST(a_task_has_a_day_and_one_tap_corrects_it)
{
	return tool_scene_run(t, play_due);
}
