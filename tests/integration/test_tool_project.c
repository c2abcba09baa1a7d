#include "tests/integration/sample.h"
#include "tests/integration/tool_scene.h"

#include <string.h>

SAMPLE(projects, "INSERT INTO projects (name) VALUES ('%s')")
SAMPLE(project_items, "INSERT INTO projects (id, name) VALUES (90, '%1$s'); "
		      "INSERT INTO project_items (project_id, kind, title) VALUES (90, 'decision', '%1$s')")

static err_t *play_create(struct scene *s)
{
	ERR(tool_scene_say(s, "/projeto"));
	CHECK_SAID(s, "<code>/projeto Reforma da casa</code>");
	ERR(tool_scene_say(s, "/projeto Reforma da casa até 20/12 #casa"));
	CHECK_INT(s->last.kind, OUTCOME_DONE);
	CHECK_SAID(s, "📁 Projeto criado: <b>Reforma da casa</b>\nProjeto 1 · 📅 dom, 20/12 · #casa");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM projects WHERE name = 'Reforma da casa' AND due_date = '2026-12-20' "
		"AND tags = '{casa}' AND status = 'active'",
		1);
	ERR(tool_scene_say(s, "/projeto reforma da CASA"));
	CHECK_SAID(s, "Você já tem um projeto chamado <b>Reforma da casa</b> (projeto 1)");
	CHECK(tool_scene_has(s, "t:list_projects:1"));
	ERR(tool_scene_call(s, "create_project", mem_fmt(s->pool, "{\"title\":\"%0201d\"}", 1)));
	CHECK_SAID(s, "201 caracteres");
	ERR(tool_scene_call(s, "create_project", "{\"title\":\"  \"}"));
	CHECK_SAID(s, "Como se chama o projeto?");
	CHECK_ERR(tool_scene_call(s, "create_project", "{}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "create_project", "{\"title\":\"a\",\"due\":\"logo\"}"), ERR_INVALID);
	CHECK_COUNT(s, "SELECT count(*) FROM projects", 1);
	s->req->lang = LANG_EN;
	ERR(tool_scene_call(s, "create_project",
			    "{\"title\":\"<Trip>\",\"status\":\"planning\",\"description\":\"sea\"}"));
	CHECK_SAID(s, "📁 Project created: <b>&lt;Trip&gt;</b>\nProject 2 · in planning");
	ERR(tool_scene_press(s, "u:"));
	CHECK_TEXT(s->last.html, "Undone: the project is off the list.");
	CHECK_COUNT(s, "SELECT count(*) FROM projects", 1);
	s->req->role = ROLE_GUEST;
	CHECK_ERR(tool_scene_call(s, "create_project", "{\"title\":\"a\"}"), ERR_DENIED);
	ERR(tool_scene_say(s, "/project"));
	CHECK_SAID(s, "<b>1 project</b>");
	return NULL;
}

TEST(a_project_is_begun)
{
	return tool_scene_run(t, play_create);
}

static err_t *play_items(struct scene *s)
{
	ERR(tool_scene_say(s, "/projeto Reforma"));
	ERR(tool_scene_press(s, "t:list_projects:page=1"));
	CHECK_SAID(s, "sem próximo passo");
	ERR(tool_scene_press(s, "t:list_projects:1"));
	CHECK_SAID(s, "Falta um próximo passo");
	ERR(tool_scene_call(s, "add_project_item",
			    "{\"title\":\"comprar tinta\",\"project\":\"reforma\",\"due\":\"2026-11-19\"}"));
	CHECK_SAID(s, "✅ Tarefa 1 em <b>Reforma</b>: <b>comprar tinta</b>\n📅 amanhã (qui, 19/11)");
	ERR(tool_scene_call(
		s, "add_project_item",
		"{\"title\":\"piso frio\",\"kind\":\"decision\",\"project\":\"1\",\"text\":\"mais <barato>\"}"));
	CHECK_SAID(s, "📌 Decisão em <b>Reforma</b>: <b>piso frio</b>");
	ERR(tool_scene_call(
		s, "add_project_item",
		"{\"title\":\"arquiteta\",\"kind\":\"meeting\",\"project\":\"Reforma\",\"due\":\"2026-11-20T10:00:00\"}"));
	CHECK_SAID(s, "🤝 Reunião em <b>Reforma</b>: <b>arquiteta</b>\n📅 sex, 20/11");
	ERR(tool_scene_call(s, "add_project_item",
			    "{\"title\":\"contrato\",\"kind\":\"document\",\"project\":\"Reforma\"}"));
	ERR(tool_scene_call(s, "add_project_item",
			    "{\"title\":\"planta pronta\",\"kind\":\"milestone\",\"project\":\"Reforma\"}"));
	ERR(tool_scene_say(s, "/tarefa medir a sala"));
	ERR(tool_scene_call(s, "add_project_item", "{\"id\":2,\"project\":\"Reforma\"}"));
	CHECK_SAID(s, "📁 A tarefa <b>medir a sala</b> agora faz parte do projeto <b>Reforma</b>.");
	ERR(tool_scene_press(s, "t:list_projects:1"));
	CHECK_SAID(s, "0 de 2 tarefas feitas (0%)");
	CHECK_SAID(s, "👉 Próximo passo: <b>comprar tinta</b>");
	CHECK_SAID(s, "<b>📌 Decisões</b>\n• piso frio\n  <i>mais &lt;barato&gt;</i>");
	CHECK_SAID(s, "<b>🤝 Reuniões</b>\n• arquiteta · 📅 sex, 20/11");
	CHECK_SAID(s, "<b>📄 Documentos</b>\n• contrato");
	CHECK_SAID(s, "<b>🏁 Marcos</b>\n• planta pronta");
	CHECK(tool_scene_has(s, "t:update_project:id=1&status=paused") &&
	      tool_scene_has(s, "t:update_project:id=1&status=completed"));
	ERR(tool_scene_press(s, "t:complete_task:id=1&list=open=1"));
	CHECK_SAID(s, "🎉 Feito: <b>comprar tinta</b>\n\n📁 <b>Reforma</b>");
	CHECK_SAID(s, "1 de 2 tarefas feitas (50%)");
	CHECK_SAID(s, "👉 Próximo passo: <b>medir a sala</b>");
	CHECK(tool_scene_has(s, "u:"));
	ERR(tool_scene_press(s, "t:update_project:reached=4"));
	CHECK_SAID(s, "🏁 Marco alcançado: <b>planta pronta</b>");
	CHECK_SAID(s, "✅ planta pronta");
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM project_items WHERE done", 0);
	return NULL;
}

TEST(a_project_shows_what_is_in_it)
{
	return tool_scene_run(t, play_items);
}

static err_t *play_items_bad(struct scene *s)
{
	ERR(tool_scene_call(s, "add_project_item", "{\"title\":\"x\"}"));
	CHECK_SAID(s, "a qual projeto?");
	ERR(tool_scene_call(s, "add_project_item", "{\"project\":\"Reforma\"}"));
	CHECK_SAID(s, "a qual projeto?");
	ERR(tool_scene_call(s, "add_project_item", "{\"title\":\"comprar tinta\",\"project\":\"Reforma\"}"));
	CHECK_SAID(s, "Não achei nenhum projeto com “Reforma”.");
	ERR(tool_scene_press(s, "t:create_project:title=Reforma"));
	CHECK_SAID(s, "Projeto criado: <b>Reforma</b>");
	ERR(tool_scene_call(s, "create_project", "{\"title\":\"Reforma do sítio\"}"));
	ERR(tool_scene_call(s, "create_project", "{\"title\":\"Sítio da avó\"}"));
	ERR(tool_scene_call(s, "list_projects", "{\"title\":\"REFORMA\"}")); /* its very name */
	CHECK_SAID(s, "📁 <b>Reforma</b>\nProjeto 1");
	ERR(tool_scene_call(s, "list_projects", "{\"title\":\"sitio\"}"));
	CHECK_SAID(s, "Mais de um projeto combina com “sitio”");
	ERR(tool_scene_press(s, "t:list_projects:2"));
	CHECK_SAID(s, "<b>Reforma do sítio</b>");
	ERR(tool_scene_call(s, "add_project_item", "{\"id\":7,\"project\":\"1\"}"));
	CHECK_SAID(s, "Não achei a tarefa 7");
	CHECK_ERR(tool_scene_call(s, "add_project_item",
				  "{\"title\":\"x\",\"project\":\"1\",\"kind\":\"risk\"}"),
		  ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "add_project_item",
				  "{\"title\":\"x\",\"project\":\"1\",\"due\":\"logo\"}"),
		  ERR_INVALID);
	CHECK_COUNT(s, "SELECT count(*) FROM tasks", 0);
	return NULL;
}

TEST(what_is_missing_is_asked_for)
{
	return tool_scene_run(t, play_items_bad);
}

static err_t *play_update(struct scene *s)
{
	ERR(tool_scene_say(s, "/projeto Reforma"));
	ERR(tool_scene_call(s, "add_project_item", "{\"title\":\"comprar tinta\",\"project\":\"1\"}"));
	ERR(tool_scene_call(s, "update_project", "{\"title\":\"reforma\",\"status\":\"paused\"}"));
	CHECK_SAID(s, "⏸ Pausado: <b>Reforma</b>");
	ERR(tool_scene_press(s, "t:list_projects:1"));
	CHECK_SAID(s, "Projeto 1 · pausado");
	ERR(tool_scene_press(s, "t:update_project:id=1&status=active"));
	CHECK_SAID(s, "▶️ Em andamento de novo: <b>Reforma</b>");
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM projects WHERE status = 'paused'", 1);
	ERR(tool_scene_call(s, "update_project", "{\"id\":1,\"status\":\"completed\"}"));
	CHECK_SAID(s, "🏁 Concluído: <b>Reforma</b> 🎉\nAinda resta 1 tarefa aberta nele.");
	ERR(tool_scene_say(s, "/projeto"));
	CHECK_SAID(s, "Nenhum projeto por enquanto.");
	ERR(tool_scene_call(s, "list_projects", "{\"status\":\"completed\"}"));
	CHECK_SAID(s, "<b>1 projeto</b> (concluído)");
	ERR(tool_scene_call(s, "list_projects", "{\"status\":\"paused\"}"));
	CHECK_SAID(s, "Nenhum projeto pausado.");
	ERR(tool_scene_call(
		s, "update_project",
		"{\"title\":\"Reforma\",\"new_title\":\"Obra\",\"due\":\"2026-12-20\",\"tags\":[\"casa\"]}"));
	CHECK_SAID(s, "✏️ Mudei: <b>Obra</b>\nProjeto 1 · 📅 dom, 20/12 · concluído · #casa");
	ERR(tool_scene_call(s, "update_project", "{\"id\":1,\"due\":\"none\"}"));
	CHECK_COUNT(s, "SELECT count(*) FROM projects WHERE due_date IS NULL AND name = 'Obra'", 1);
	ERR(tool_scene_call(s, "update_project", "{\"id\":1}"));
	CHECK_SAID(s, "O que muda no projeto <b>Obra</b>?");
	ERR(tool_scene_call(s, "update_project", "{}"));
	CHECK_SAID(s, "Qual projeto devo mudar");
	CHECK_ERR(tool_scene_call(s, "update_project", "{\"id\":1,\"due\":\"x\"}"), ERR_INVALID);
	s->req->lang = LANG_EN;
	ERR(tool_scene_call(s, "update_project", "{\"id\":9,\"status\":\"paused\"}"));
	CHECK_SAID(s, "I couldn't find project 9");
	ERR(tool_scene_call(s, "update_project", "{\"id\":1,\"status\":\"completed\"}"));
	CHECK_SAID(s, "1 task is still open in it.");
	return NULL;
}

TEST(a_project_is_paused_and_completed)
{
	return tool_scene_run(t, play_update);
}

static err_t *play_others(struct scene *s)
{
	ERR(tool_scene_say(s, "/projeto Segredo da Ana"));
	ERR(tool_scene_call(s, "add_project_item",
			    "{\"title\":\"m\",\"kind\":\"milestone\",\"project\":\"1\"}"));
	s->req->user_id = s->bia;
	ERR(tool_scene_say(s, "/projeto"));
	CHECK_UNSAID(s, "Segredo");
	ERR(tool_scene_call(s, "list_projects", "{\"id\":1}"));
	CHECK_SAID(s, "Não achei o projeto 1");
	ERR(tool_scene_call(s, "list_projects", "{\"title\":\"Segredo\"}"));
	CHECK_SAID(s, "Não achei nenhum projeto");
	ERR(tool_scene_call(s, "update_project", "{\"id\":1,\"status\":\"cancelled\"}"));
	CHECK_SAID(s, "Não achei o projeto 1");
	ERR(tool_scene_call(s, "update_project", "{\"reached\":1}"));
	CHECK_SAID(s, "Não achei esse marco");
	ERR(tool_scene_call(s, "add_project_item", "{\"title\":\"x\",\"project\":\"1\"}"));
	CHECK_SAID(s, "Não achei o projeto 1");
	CHECK_COUNT(s, "SELECT count(*) FROM projects WHERE status = 'active'", 1);
	CHECK_COUNT(s, "SELECT count(*) FROM project_items WHERE done", 0);
	CHECK_COUNT(s, "SELECT count(*) FROM tasks", 0);
	return NULL;
}

TEST(another_persons_projects_are_not_there)
{
	return tool_scene_run(t, play_others);
}

static err_t *play_pages(struct scene *s)
{
	for (int i = 1; i <= 12; i++)
		ERR(tool_scene_say(s, mem_fmt(s->pool, "/projeto obra %c", 'a' + i)));
	ERR(tool_scene_say(s, "/projeto"));
	CHECK_SAID(s, "<b>12 projetos</b>");
	ERR(tool_scene_press(s, "t:list_projects:page=2"));
	CHECK_SAID(s, "página 2 de 2");
	CHECK_SAID(s, "obra m");
	return NULL;
}

TEST(projects_come_in_pages)
{
	return tool_scene_run(t, play_pages);
}

static err_t *play_data(struct scene *s)
{
	ERR(tool_scene_call(
		s, "create_project",
		"{\"title\":\"Reforma\",\"due\":\"2026-12-20\",\"tags\":[\"casa\",\"obra\"],\"description\":\"d\"}"));
	CHECK_TEXT(
		json_write(s->pool, s->last.data),
		"{\"project\":{\"id\":1,\"name\":\"Reforma\",\"status\":\"active\",\"due\":\"2026-12-20\",\"description\":\"d\","
		"\"tags\":[\"casa\",\"obra\"]}}");
	ERR(tool_scene_call(s, "create_project", "{\"title\":\"reforma\"}"));
	CHECK_TEXT(json_write(s->pool, s->last.data), "{\"refused\":\"already_there\",\"id\":1}");
	ERR(tool_scene_call(s, "create_project", mem_fmt(s->pool, "{\"title\":\"%0201d\"}", 1)));
	CHECK_DATA(s, "refused", "too_long");
	ERR(tool_scene_call(s, "create_project", "{\"title\":\"Reforma 2\"}"));
	ERR(tool_scene_call(s, "add_project_item",
			    "{\"title\":\"tinta\",\"project\":\"1\",\"due\":\"2026-11-19T10:00:00\"}"));
	CHECK_DATA_INT(s, "project_id", 1);
	CHECK_DATA(s, "task.due", "2026-11-19T10:00:00");
	CHECK_DATA(s, "task.project", "Reforma");
	ERR(tool_scene_call(
		s, "add_project_item",
		"{\"title\":\"planta\",\"kind\":\"milestone\",\"project\":\"1\",\"due\":\"2026-11-30\"}"));
	CHECK_TEXT(
		json_write(s->pool, s->last.data),
		"{\"project_id\":1,\"item\":{\"id\":1,\"kind\":\"milestone\",\"title\":\"planta\",\"day\":\"2026-11-30\"}}");
	ERR(tool_scene_call(s, "add_project_item", "{\"title\":\"x\",\"project\":\"refor\"}"));
	CHECK_DATA(s, "refused", "ambiguous");
	CHECK_DATA(s, "candidates.1.name", "Reforma");
	ERR(tool_scene_call(s, "add_project_item", "{\"title\":\"x\",\"project\":\"9\"}"));
	CHECK_DATA(s, "refused", "no_such_project");
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"x\",\"project\":\"nenhum\"}"));
	CHECK_DATA(s, "refused", "no_such_project");
	ERR(tool_scene_call(s, "add_project_item", "{\"id\":9,\"project\":\"1\"}"));
	CHECK_DATA(s, "refused", "not_found");
	return NULL;
}

TEST(what_a_project_gets_is_told_as_data)
{
	return tool_scene_run(t, play_data);
}

static err_t *play_data_shown(struct scene *s)
{
	ERR(tool_scene_say(s, "/projeto Reforma"));
	ERR(tool_scene_say(s, "/projeto Viagem"));
	ERR(tool_scene_call(s, "add_project_item", "{\"title\":\"tinta\",\"project\":\"1\"}"));
	ERR(tool_scene_call(s, "add_project_item",
			    "{\"title\":\"planta\",\"kind\":\"milestone\",\"project\":\"1\"}"));
	ERR(tool_scene_call(s, "list_projects", "{}"));
	CHECK_DATA_INT(s, "total", 2);
	CHECK_DATA_INT(s, "projects.0.tasks", 1);
	CHECK_DATA(s, "projects.0.next_step", "tinta");
	ERR(tool_scene_call(s, "list_projects", "{\"status\":\"paused\"}"));
	CHECK_DATA_INT(s, "total", 0);
	ERR(tool_scene_call(s, "list_projects", "{\"id\":1}"));
	CHECK_DATA_INT(s, "projects.0.open_tasks.0.id", 1);
	CHECK_DATA_INT(s, "projects.0.items.0.id", 1);
	CHECK_DATA(s, "projects.0.items.0.kind", "milestone");
	ERR(tool_scene_call(s, "list_projects", "{\"id\":9}"));
	CHECK_DATA(s, "refused", "not_found");
	ERR(tool_scene_call(s, "update_project", "{\"id\":1,\"status\":\"completed\"}"));
	CHECK_DATA(s, "project.status", "completed");
	CHECK_DATA_INT(s, "project.tasks", 1);
	ERR(tool_scene_call(s, "update_project", "{\"reached\":1}"));
	CHECK(json_true(s->last.data, "item.done"));
	CHECK_DATA_INT(s, "project.id", 1);
	ERR(tool_scene_call(s, "update_project", "{\"reached\":5}"));
	CHECK_DATA(s, "refused", "not_found");
	ERR(tool_scene_call(s, "update_project", "{\"id\":1}"));
	CHECK_DATA(s, "refused", "nothing_to_change");
	return NULL;
}

TEST(projects_are_told_as_data)
{
	return tool_scene_run(t, play_data_shown);
}

/* What a project shows of somebody else's words is for the person only. */
static err_t *play_outside(struct scene *s)
{
	ERR(tool_scene_say(s, "/projeto Reforma"));
	ERR(tool_scene_say(s, "/tarefa SEGREDO um"));
	ERR(fixture_sql(&s->f, "UPDATE tasks SET outside = true"));
	ERR(tool_scene_call(s, "add_project_item", "{\"id\":1,\"project\":\"1\"}"));
	CHECK(s->last.outside && !strstr(tool_scene_model(s, "add_project_item"), "SEGREDO"));
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE outside AND project_id = 1", 1);
	ERR(tool_scene_call(
		s, "add_project_item",
		"{\"title\":\"SEGREDO dois\",\"kind\":\"milestone\",\"text\":\"SEGREDO\",\"project\":\"1\"}"));
	CHECK(!s->last.outside);
	ERR(tool_scene_call(s, "list_projects", "{}"));
	CHECK(s->last.outside && !strstr(tool_scene_model(s, "list_projects"), "SEGREDO"));
	CHECK_SAID(s, "SEGREDO um");
	ERR(fixture_sql(&s->f, "UPDATE project_items SET outside = true"));
	ERR(tool_scene_call(s, "list_projects", "{\"id\":1}"));
	CHECK_SAID(s, "SEGREDO dois");
	CHECK(s->last.outside && !strstr(tool_scene_model(s, "list_projects"), "SEGREDO"));
	CHECK(strstr(tool_scene_model(s, "list_projects"), "Reforma"));
	ERR(tool_scene_call(s, "update_project", "{\"reached\":1}"));
	CHECK(s->last.outside && !strstr(tool_scene_model(s, "update_project"), "SEGREDO"));
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM project_items WHERE outside AND NOT done", 1);
	return NULL;
}

TEST(words_of_somebody_else_stay_so_in_a_project)
{
	return tool_scene_run(t, play_outside);
}
