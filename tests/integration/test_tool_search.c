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
	CHECK_SAID(s, "pedreiro");
	/* Filters. */
	ERR(tool_scene_call(s, "search_all", "{\"query\":\"reforma\",\"kind\":\"note\"}"));
	CHECK_SAID(s, "<b>1 resultado</b>");
	ERR(tool_scene_call(s, "search_all",
			    "{\"query\":\"reforma\",\"start\":\"2026-10-01\",\"end\":\"2026-11-01\"}"));
	CHECK_SAID(s, "Não achei nada");
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
