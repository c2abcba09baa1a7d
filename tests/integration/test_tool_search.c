#include "tests/integration/sample.h"
#include "tests/integration/tool_scene.h"

#include <string.h>

SAMPLE(search_todo, "INSERT INTO search_todo (kind, ref) VALUES ('%s', 1)")
SAMPLE(search_docs,
       "INSERT INTO search_docs (kind, ref, title, body, day, words, folded) VALUES ('x', 1, '%s', '', app_now(), '', '')")

static err_t *play(struct scene *s)
{
	ERR(tool_scene_say(s, "/tarefa comprar tinta para a reforma"));
	ERR(tool_scene_say(s, "/nota orçamento da reforma da cozinha: 12 mil #casa"));
	ERR(tool_scene_say(s, "/agendar visita do pedreiro amanhã 10h"));
	ERR(tool_scene_call(s, "capture_inbox", "{\"content\":\"azulejo <português>\"}"));
	ERR(tool_scene_say(s, "/buscar REFORMA"));
	CHECK_SAID(s, "<b>2 resultados</b>");
	CHECK_SAID(s, "✅ 1 · comprar tinta para a <b>reforma</b>");
	CHECK_SAID(s, "📝 1 · ");
	CHECK_DATA_INT(s, "total", 2);
	CHECK_TEXT(
		json_write(s->pool, json_at(s->last.data, "results.0")),
		"{\"kind\":\"task\",\"id\":1,\"title\":\"comprar tinta para a reforma\",\"day\":\"2026-11-18\"}");
	CHECK_DATA(s, "results.1.text", "orçamento da reforma da cozinha: 12 mil casa");
	/* Stems and accents, and the other language's too. */
	ERR(tool_scene_say(s, "/buscar orcamentos"));
	CHECK_SAID(s, "<b>orçamento</b>");
	ERR(tool_scene_say(s, "/search pedreiros"));
	CHECK_SAID(s, "📅");
	ERR(tool_scene_say(s, "/buscar português"));
	CHECK_SAID(s, "&lt;");
	/* A slip of the finger. */
	ERR(tool_scene_say(s, "/buscar pedrero"));
	CHECK_SAID(s, "se parece");
	CHECK(json_true(s->last.data, "similar"));
	CHECK_SAID(s, "pedreiro");
	/* Filters. */
	ERR(tool_scene_call(s, "search_all", "{\"query\":\"reforma\",\"kind\":\"note\"}"));
	CHECK_SAID(s, "<b>1 resultado</b>");
	ERR(tool_scene_call(s, "search_all",
			    "{\"query\":\"reforma\",\"start\":\"2026-10-01\",\"end\":\"2026-11-01\"}"));
	CHECK_SAID(s, "Não achei nada");
	CHECK_DATA_INT(s, "total", 0);
	/* What changes or goes is found as it is now. */
	ERR(tool_scene_call(s, "update_task", "{\"id\":1,\"title\":\"comprar verniz\"}"));
	ERR(tool_scene_say(s, "/buscar tinta"));
	CHECK_SAID(s, "Não achei nada");
	ERR(tool_scene_say(s, "/buscar \" ' :* & | !"));
	CHECK_SAID(s, "Não achei nada");
	s->req->user_id = s->bia;
	ERR(tool_scene_say(s, "/buscar reforma"));
	CHECK_SAID(s, "Não achei nada");
	ERR(tool_scene_say(s, "/buscar pedrero"));
	CHECK_SAID(s, "Não achei nada");
	return NULL;
}

TEST(everything_is_found_by_words_stems_and_likeness)
{
	return tool_scene_run(t, play);
}

/* A row in every table that has the mark, and a word of it that no other row holds. */
static const char *const marked[][3] = {
	{ "task", "segredotask", "INSERT INTO tasks (title, outside) VALUES ('segredotask', true)" },
	{ "note", "segredonote", "INSERT INTO notes (text, outside) VALUES ('segredonote', true)" },
	{ "inbox", "segredoinbox",
	  "INSERT INTO inbox_items (content, outside) VALUES ('segredoinbox', true)" },
	{ "project_item", "segredoitem",
	  "INSERT INTO projects (id, name) VALUES (9, 'x'); INSERT INTO project_items (project_id, kind, title, outside) "
	  "VALUES (9, 'meeting', 'segredoitem', true)" },
	{ "idea", "segredoidea", "INSERT INTO content_ideas (title, outside) VALUES ('segredoidea', true)" },
	{ "event", "segredoevent",
	  "INSERT INTO events (title, start_wall, end_wall, zone, start_at, end_at, outside) VALUES "
	  "('segredoevent', '2026-11-21 10:00', '2026-11-21 11:00', 'UTC', now(), now(), true)" },
	{ "reminder", "segredoreminder",
	  "INSERT INTO reminders (text, wall, start_wall, zone, fire_at, bot_id, chat_id, outside) VALUES "
	  "('segredoreminder', '2026-11-21 10:00', '2026-11-21 10:00', 'UTC', now(), 9, 1, true)" },
	{ "said", "segredosaid",
	  "INSERT INTO interactions (said_by, text, outside) VALUES ('person', 'segredosaid', true)" },
};

static err_t *play_tap(struct scene *s)
{
	ERR(tool_scene_call(
		s, "create_task",
		"{\"title\":\"toque em /apagar_tudo\",\"description\":\"toque em evil.example\"}"));
	ERR(fixture_sql(&s->f, "UPDATE tasks SET outside = true"));
	ERR(tool_scene_call(s, "search_all", "{\"query\":\"toque\"}"));
	CHECK_SAID(s, "apagar_tudo");
	CHECK_UNSAID(s, " /apagar_tudo");
	CHECK_UNSAID(s, "evil.example");
	return NULL;
}

TEST(in_what_others_wrote_there_is_nothing_to_tap)
{
	return tool_scene_run(t, play_tap);
}

static err_t *play_outside(struct scene *s)
{
	for (size_t i = 0; i < sizeof marked / sizeof *marked; i++) {
		const char *word = marked[i][1];

		ERR(fixture_sql(
			&s->f,
			mem_fmt(s->pool,
				"SELECT set_config('app.user_id', '%lld', false), set_config('app.now', '%lld', false); %s",
				(long long)s->ana, (long long)s->req->now, marked[i][2])));
		ERR(tool_scene_call(s, "search_all", mem_fmt(s->pool, "{\"query\":\"%s\"}", word)));
		CHECK_SAID(s, word);
		CHECK_DATA(s, "results.0.kind", marked[i][0]);
		CHECK(s->last.outside);
		CHECK(!strstr(tool_scene_model(s, "search_all"), word));
	}
	/* The mark goes, and comes again. */
	ERR(fixture_sql(&s->f, "UPDATE tasks SET outside = false"));
	ERR(tool_scene_call(s, "search_all", "{\"query\":\"segredotask\"}"));
	CHECK(!s->last.outside && strstr(tool_scene_model(s, "search_all"), "segredotask"));
	ERR(fixture_sql(&s->f, "UPDATE tasks SET outside = true"));
	ERR(tool_scene_call(s, "search_all", "{\"query\":\"segredotask\"}"));
	CHECK(s->last.outside && !strstr(tool_scene_model(s, "search_all"), "segredotask"));
	return NULL;
}

TEST(what_was_found_says_whose_words_it_holds)
{
	return tool_scene_run(t, play_outside);
}
