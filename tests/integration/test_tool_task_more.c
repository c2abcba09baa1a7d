#include "tests/integration/tool_scene.h"

#include <string.h>

#define TASKS "SELECT coalesce(string_agg(to_jsonb(t)::text, ',' ORDER BY id), '') FROM tasks t"

/* It is Wednesday, 2026-11-18, 08:06. */
static err_t *play_repeats(struct scene *s)
{
	const char *before, *after;

	ERR(tool_scene_say(s, "/tarefa regar plantas toda segunda #casa"));
	CHECK_SAID(s, "<b>regar plantas</b>");
	CHECK_SAID(s, "seg, 23/11 · 🔁 toda semana (seg)");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM tasks WHERE rrule = 'FREQ=WEEKLY;BYDAY=MO' AND due_date = '2026-11-23'",
		1);
	ERR(tool_scene_say(s, "/tarefas"));
	CHECK_SAID(s, "seg, 23/11 🔁");
	ERR(fixture_text(&s->f, TASKS, &before));
	ERR(tool_scene_say(s, "/feito plantas"));
	CHECK_SAID(s, "🎉 Feito: <b>regar plantas</b>\n🔁 A próxima é seg, 30/11 (tarefa 2).");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM tasks WHERE id = 2 AND next_of = 1 AND status = 'todo' AND tags = '{casa}' "
		"AND due_date = '2026-11-30' AND due_time IS NULL AND rrule = 'FREQ=WEEKLY;BYDAY=MO'",
		1);
	ERR(tool_scene_press(s, "u:"));
	ERR(fixture_text(&s->f, TASKS, &after));
	CHECK_TEXT(after, before);
	s->req->lang = LANG_EN;
	ERR(tool_scene_say(s, "/task stretch every day at 7am"));
	ERR(tool_scene_say(s, "/done stretch"));
	CHECK_SAID(s, "🔁 The next one is");
	return NULL;
}

TEST(a_task_that_repeats_makes_the_next_one)
{
	return tool_scene_run(t, play_repeats);
}

static err_t *play_late(struct scene *s)
{
	/* Due two weeks ago: what was missed is not piled up. */
	ERR(tool_scene_call(
		s, "create_task",
		"{\"title\":\"lixo\",\"due\":\"2026-11-02T20:00:00\",\"rrule\":\"FREQ=WEEKLY;BYDAY=MO,WE\"}"));
	ERR(tool_scene_call(s, "complete_task", "{\"id\":1}"));
	CHECK_SAID(s, "seg, 23/11 às 20:00");
	ERR(tool_scene_call(
		s, "create_task",
		"{\"title\":\"remédio\",\"due\":\"2026-11-18\",\"rrule\":\"FREQ=DAILY;COUNT=2\"}"));
	ERR(tool_scene_call(s, "complete_task", "{\"id\":3}"));
	CHECK_SAID(s, "amanhã (qui, 19/11)");
	ERR(tool_scene_call(s, "complete_task", "{\"id\":4}"));
	CHECK_SAID(s, "Era a última vez que ela se repetia.");
	CHECK_COUNT(s, "SELECT count(*) FROM tasks", 4);
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"sem dia\",\"rrule\":\"FREQ=WEEKLY;BYDAY=FR\"}"));
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE title = 'sem dia' AND due_date = '2026-11-20'", 1);
	ERR(tool_scene_call(s, "update_task", "{\"id\":5,\"rrule\":\"none\"}"));
	ERR(tool_scene_call(s, "complete_task", "{\"id\":5}"));
	CHECK_UNSAID(s, "🔁");
	CHECK_ERR(tool_scene_call(s, "create_task", "{\"title\":\"x\",\"rrule\":\"FREQ=SECONDLY\"}"),
		  ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "update_task", "{\"id\":1,\"rrule\":\"toda segunda\"}"), ERR_INVALID);
	return NULL;
}

TEST(the_next_one_comes_after_today)
{
	return tool_scene_run(t, play_late);
}

static err_t *play_belongs(struct scene *s)
{
	ERR(tool_scene_say(s, "/projeto Reforma"));
	ERR(tool_scene_call(
		s, "create_task",
		"{\"title\":\"pintar\",\"project\":\"reforma\",\"estimate\":90,\"description\":\"a sala\"}"));
	CHECK_SAID(s, "⏱ 90 min · 📁 Reforma");
	ERR(tool_scene_call(s, "create_task",
			    "{\"title\":\"comprar tinta\",\"project\":\"1\",\"parent\":1}"));
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE project_id = 1 AND parent_id = 1 AND id = 2", 1);
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"x\",\"project\":\"Praia\"}"));
	CHECK_SAID(s, "Não achei nenhum projeto com “Praia”.");
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"x\",\"parent\":9}"));
	CHECK_SAID(s, "Não achei a tarefa 9");
	CHECK_COUNT(s, "SELECT count(*) FROM tasks", 2);
	ERR(tool_scene_call(s, "update_task", "{\"id\":1,\"parent\":2}"));
	CHECK_SAID(s, "não pode ser parte dela mesma");
	ERR(tool_scene_call(s, "update_task",
			    "{\"id\":2,\"parent\":-1,\"project\":\"none\",\"estimate\":15}"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM tasks WHERE project_id IS NULL AND parent_id IS NULL AND estimate_min = 15",
		1);
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM tasks WHERE project_id = 1 AND parent_id = 1 AND estimate_min IS NULL",
		1);
	ERR(tool_scene_call(s, "list_tasks", "{\"project\":\"Reforma\"}"));
	CHECK_SAID(s, "<b>2 tarefas abertas</b> (📁 Reforma)");
	CHECK(tool_scene_has(s, "t:complete_task:id=1&list=page=1&project=1"));
	s->req->user_id = s->bia;
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"x\",\"project\":\"1\"}"));
	CHECK_SAID(s, "Não achei o projeto 1");
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"x\",\"parent\":1}"));
	CHECK_SAID(s, "Não achei a tarefa 1");
	ERR(tool_scene_call(s, "list_tasks", "{\"project\":\"Reforma\"}"));
	CHECK_SAID(s, "Não achei nenhum projeto");
	return NULL;
}

TEST(tasks_belong_to_projects_and_to_tasks)
{
	return tool_scene_run(t, play_belongs);
}

static err_t *play_update(struct scene *s)
{
	ERR(tool_scene_say(s, "/tarefa ligar pro banco"));
	ERR(tool_scene_call(s, "update_task", "{\"title\":\"banco\",\"due\":\"2026-11-19\"}"));
	CHECK_SAID(s, "✏️ Mudei: <b>ligar pro banco</b>");
	CHECK_COUNT(s,
		    "SELECT count(*) FROM tasks WHERE title = 'ligar pro banco' AND due_date = '2026-11-19'",
		    1);
	ERR(tool_scene_call(s, "update_task", "{\"title\":\"banco\",\"new_title\":\"ir ao banco\"}"));
	CHECK_SAID(s, "<b>ir ao banco</b>");
	ERR(tool_scene_say(s, "/tarefa banco de trás"));
	ERR(tool_scene_call(s, "update_task",
			    "{\"title\":\"banco\",\"priority\":\"urgent\",\"due\":\"2026-11-20\"}"));
	CHECK_SAID(s, "Mais de uma tarefa combina com “banco”. Qual delas devo mudar?");
	ERR(tool_scene_press(s, "t:update_task:id=2&priority=urgent&due=2026-11-20"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM tasks WHERE id = 2 AND priority = 'urgent' AND due_date = '2026-11-20'",
		1);
	ERR(tool_scene_call(s, "update_task", "{\"title\":\"banco\",\"description\":\"com calma\"}"));
	CHECK_SAID(s, "<b>2</b> · banco de trás");
	CHECK_INT(s->last.buttons_n, 0);
	ERR(tool_scene_call(s, "update_task", "{\"id\":1}"));
	CHECK_SAID(s, "O que muda na tarefa <b>ir ao banco</b>?");
	ERR(tool_scene_call(s, "update_task", "{}"));
	CHECK_SAID(s, "Qual tarefa devo mudar");
	ERR(tool_scene_call(s, "update_task", "{\"id\":1,\"description\":\"levar o cartão\"}"));
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE description = 'levar o cartão'", 1);
	s->req->lang = LANG_EN;
	ERR(tool_scene_call(s, "update_task", "{\"title\":\"nothing\",\"due\":\"2026-11-20\"}"));
	CHECK_SAID(s, "I couldn't find an open task with “nothing”");
	return NULL;
}

TEST(tasks_are_changed_by_number_or_words)
{
	return tool_scene_run(t, play_update);
}

static err_t *play_delete(struct scene *s)
{
	const char *before, *after;

	ERR(tool_scene_say(s, "/tarefa festa"));
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"bolo da festa\",\"parent\":1}"));
	ERR(fixture_text(&s->f, TASKS, &before));
	ERR(tool_scene_call(s, "delete_task", "{\"title\":\"festa\"}"));
	CHECK_SAID(s, "Qual delas devo apagar?");
	ERR(tool_scene_press(s, "t:delete_task:1"));
	CHECK_SAID(s, "🗑 Apaguei a tarefa: <b>festa</b>");
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE parent_id IS NULL", 1);
	CHECK_COUNT(s, "SELECT count(*) FROM audit_log WHERE act = 'delete_task' AND object_id = 1", 1);
	ERR(tool_scene_press(s, "u:"));
	CHECK_TEXT(s->last.html, "Desfeito: a tarefa está de volta.");
	ERR(fixture_text(&s->f, TASKS, &after));
	CHECK_TEXT(after, before);
	ERR(tool_scene_call(s, "delete_task", "{}"));
	CHECK_SAID(s, "Qual delas devo apagar?");
	s->req->user_id = s->bia;
	s->req->lang = LANG_EN;
	ERR(tool_scene_call(s, "delete_task", "{\"id\":1}"));
	CHECK_SAID(s, "I couldn't find task 1");
	ERR(tool_scene_call(s, "delete_task", "{\"title\":\"bolo\"}"));
	CHECK_SAID(s, "I couldn't find an open task");
	CHECK_COUNT(s, "SELECT count(*) FROM tasks", 2);
	s->req->role = ROLE_GUEST;
	CHECK_ERR(tool_scene_call(s, "delete_task", "{\"id\":1}"), ERR_DENIED);
	return NULL;
}

TEST(a_deleted_task_can_come_back)
{
	return tool_scene_run(t, play_delete);
}

static err_t *play_data(struct scene *s)
{
	ERR(tool_scene_say(s, "/projeto Reforma"));
	ERR(tool_scene_call(
		s, "create_task",
		"{\"title\":\"pintar\",\"due\":\"2026-11-20T14:00:00\",\"tags\":[\"casa\",\"sala\"],\"project\":\"reforma\","
		"\"estimate\":90,\"rrule\":\"FREQ=DAILY\"}"));
	CHECK_TEXT(json_write(s->pool, s->last.data),
		   "{\"task\":{\"id\":1,\"title\":\"pintar\",\"status\":\"todo\",\"priority\":\"medium\","
		   "\"due\":\"2026-11-20T14:00:00\",\"rrule\":\"FREQ=DAILY\",\"tags\":[\"casa\",\"sala\"],"
		   "\"project\":\"Reforma\",\"project_id\":1,\"estimate\":90}}");
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"pintar a porta\",\"due\":\"2026-11-19\"}"));
	CHECK_DATA(s, "task.due", "2026-11-19");
	ERR(tool_scene_call(s, "list_tasks", "{}"));
	CHECK_DATA_INT(s, "total", 2);
	CHECK_DATA_INT(s, "tasks.0.id", 2);
	CHECK_DATA(s, "tasks.1.title", "pintar");
	ERR(tool_scene_call(s, "complete_task", "{\"title\":\"pintar\"}"));
	CHECK_DATA(s, "refused", "ambiguous");
	CHECK_DATA_INT(s, "candidates.1.id", 2);
	CHECK_DATA(s, "candidates.1.due", "2026-11-19");
	ERR(tool_scene_call(s, "complete_task", "{\"id\":1,\"list\":\"page=1\"}"));
	CHECK_DATA(s, "task.status", "done");
	CHECK_DATA_INT(s, "next_id", 3);
	CHECK_DATA(s, "next_due", "2026-11-21T14:00:00");
	ERR(tool_scene_call(s, "complete_task", "{\"id\":1}"));
	CHECK_DATA(s, "refused", "already_done");
	ERR(tool_scene_call(s, "complete_task", "{\"id\":1,\"list\":\"open=9\"}"));
	CHECK_DATA(s, "refused", "already_done");
	ERR(tool_scene_call(s, "update_task", "{\"id\":2,\"priority\":\"high\"}"));
	CHECK_DATA(s, "task.priority", "high");
	ERR(tool_scene_call(s, "update_task", "{\"id\":2}"));
	CHECK_DATA(s, "refused", "nothing_to_change");
	ERR(tool_scene_call(s, "update_task", "{\"id\":2,\"parent\":2}"));
	CHECK_DATA(s, "refused", "parent_loop");
	ERR(tool_scene_call(s, "delete_task", "{\"id\":2}"));
	CHECK_TEXT(json_write(s->pool, s->last.data), "{\"id\":2,\"title\":\"pintar a porta\"}");
	ERR(tool_scene_call(s, "delete_task", "{\"id\":2}"));
	CHECK_DATA(s, "refused", "not_found");
	return NULL;
}

TEST(tasks_are_told_as_data)
{
	return tool_scene_run(t, play_data);
}

/* A project that is gone does not make a task undone. */
static err_t *play_list_gone(struct scene *s)
{
	ERR(tool_scene_say(s, "/tarefa pintar"));
	ERR(tool_scene_call(s, "complete_task", "{\"id\":1,\"list\":\"open=9\"}"));
	CHECK_INT(s->last.kind, OUTCOME_DONE);
	CHECK_DATA(s, "task.status", "done");
	CHECK(tool_scene_has(s, "u:"));
	return NULL;
}

TEST(done_is_done_although_its_list_is_gone)
{
	return tool_scene_run(t, play_list_gone);
}

#define MARK_ALL "UPDATE tasks SET outside = true"
#define MARKED "SELECT count(*) FROM tasks WHERE outside"

static err_t *hidden(struct scene *s, const char *tool, const char *args)
{
	ERR(tool_scene_call(s, tool, args));
	CHECK_SAID(s, "SEGREDO");
	CHECK(s->last.outside);
	CHECK(!strstr(tool_scene_model(s, tool), "SEGREDO"));
	CHECK(strstr(tool_scene_model(s, tool), "\"id\":"));
	return NULL;
}

/* Somebody else's words stay theirs in every copy and every answer, until the person writes others. */
static err_t *play_outside(struct scene *s)
{
	ERR(tool_scene_call(
		s, "create_task",
		"{\"title\":\"SEGREDO um\",\"due\":\"2026-11-20\",\"rrule\":\"FREQ=DAILY\",\"description\":\"mais\"}"));
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"SEGREDO dois\"}"));
	CHECK(!s->last.outside);
	ERR(fixture_sql(&s->f, MARK_ALL));
	ERR(hidden(s, "list_tasks", "{}"));
	ERR(tool_scene_call(s, "complete_task", "{\"title\":\"segredo\"}"));
	CHECK(s->last.outside);
	CHECK(!strstr(tool_scene_model(s, "complete_task"), "SEGREDO"));
	ERR(hidden(s, "update_task", "{\"id\":1,\"priority\":\"high\"}"));
	ERR(hidden(s, "complete_task", "{\"id\":1}"));
	CHECK_COUNT(s, MARKED " AND next_of = 1", 1);
	ERR(hidden(s, "update_task", "{\"id\":3,\"description\":\"outra\"}"));
	ERR(hidden(s, "delete_task", "{\"id\":2}"));
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, MARKED " AND id = 2", 1);
	ERR(tool_scene_call(s, "update_task", "{\"id\":2,\"title\":\"minhas palavras\"}"));
	CHECK_COUNT(s, MARKED " AND id = 2", 0);
	CHECK(!s->last.outside && strstr(tool_scene_model(s, "update_task"), "minhas palavras"));
	ERR(tool_scene_call(s, "update_task", "{\"id\":3,\"title\":\"minhas palavras\"}"));
	CHECK_COUNT(s, MARKED " AND id = 3", 1); /* its details are still theirs */
	ERR(tool_scene_call(s, "update_task", "{\"id\":3,\"title\":\"minhas\",\"description\":\"minhas\"}"));
	CHECK_COUNT(s, MARKED " AND id = 3", 0);
	return NULL;
}

TEST(words_of_somebody_else_stay_so_in_every_task)
{
	return tool_scene_run(t, play_outside);
}
