#include "tests/integration/tool_scene.h"

#include <string.h>

static err_t *play_change(struct scene *s)
{
	ERR(tool_scene_say(s, "/nota café bom na esquina #dicas"));
	ERR(tool_scene_call(s, "update_note", "{\"id\":1,\"text\":\"café <ótimo>\"}"));
	CHECK_TEXT(s->last.html, "📝 Nota 1 atualizada: <b>café &lt;ótimo&gt;</b> · #dicas");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM notes WHERE text = 'café <ótimo>' AND title = '' AND tags = '{dicas}'",
		1);
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM notes WHERE text = 'café bom na esquina'", 1);
	ERR(tool_scene_call(s, "update_note", "{\"query\":\"CAFE\",\"append\":\"abre às 7h\"}"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM notes WHERE text = E'café bom na esquina\\nabre às 7h' AND title = 'café bom na esquina'",
		1);
	ERR(tool_scene_call(s, "update_note", "{\"id\":1,\"title\":\"Café\",\"tags\":[\"Bairro\"]}"));
	ERR(tool_scene_call(s, "update_note", "{\"id\":1,\"text\":\"novo\"}"));
	CHECK_SAID(s, "<b>Café</b> · #bairro");
	s->req->lang = LANG_EN;
	ERR(tool_scene_call(s, "update_note", "{\"id\":1}"));
	CHECK_SAID(s, "What changes in note 1");
	ERR(tool_scene_press(s, "t:update_note:id=1&pinned=yes"));
	CHECK_SAID(s, "Note 1 updated 📌");
	return NULL;
}

TEST(a_note_is_changed)
{
	return tool_scene_run(t, play_change);
}

static err_t *play_pin(struct scene *s)
{
	ERR(tool_scene_say(s, "/nota um"));
	ERR(tool_scene_press(s, "t:update_note:id=1&pinned=yes"));
	ERR(tool_scene_say(s, "/nota dois #b"));
	ERR(tool_scene_say(s, "/notas"));
	CHECK_SAID(s, "<b>1</b> · 18/11 · 📌 um\n<b>2</b> · 18/11 · dois · #b");
	ERR(tool_scene_call(s, "search_notes", "{\"id\":1}"));
	CHECK_SAID(s, "<b>Nota 1</b> 📌 · 18/11");
	ERR(tool_scene_press(s, "t:update_note:id=1&pinned=no"));
	CHECK_COUNT(s, "SELECT count(*) FROM notes WHERE pinned", 0);
	ERR(tool_scene_call(s, "update_note", "{\"query\":\"dois\",\"pinned\":\"yes\"}"));
	CHECK_COUNT(s, "SELECT count(*) FROM notes WHERE pinned AND id = 2", 1);
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM notes WHERE pinned", 0);
	return NULL;
}

TEST(a_pinned_note_comes_first)
{
	return tool_scene_run(t, play_pin);
}

static err_t *play_delete(struct scene *s)
{
	ERR(tool_scene_say(s, "/nota café da esquina"));
	ERR(tool_scene_say(s, "/nota café da praça"));
	ERR(tool_scene_call(s, "delete_note", "{\"title\":\"cafe\"}"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_SAID(s, "Mais de uma nota combina com “cafe”");
	ERR(tool_scene_press(s, "t:delete_note:id=2"));
	CHECK_TEXT(s->last.html, "🗑 Apaguei a nota 2: <b>café da praça</b>");
	CHECK_COUNT(s, "SELECT count(*) FROM notes", 1);
	ERR(tool_scene_press(s, "u:"));
	CHECK_TEXT(s->last.html, "Desfeito: a nota está de volta.");
	CHECK_COUNT(s, "SELECT count(*) FROM notes", 2);
	ERR(tool_scene_call(s, "search_notes", "{\"id\":1}"));
	ERR(tool_scene_press(s, "t:delete_note:1"));
	ERR(tool_scene_call(s, "delete_note", "{\"title\":\"esquina\"}"));
	CHECK_SAID(s, "Não achei nenhuma nota com “esquina”");
	ERR(tool_scene_call(s, "delete_note", "{}"));
	CHECK_SAID(s, "Qual nota eu apago?");
	s->req->user_id = s->bia;
	ERR(tool_scene_call(s, "delete_note", "{\"id\":2}"));
	CHECK_SAID(s, "Não achei a nota 2");
	ERR(tool_scene_call(s, "update_note", "{\"id\":2,\"text\":\"x\"}"));
	CHECK_SAID(s, "Não achei a nota 2");
	CHECK_COUNT(s, "SELECT count(*) FROM notes WHERE text = 'café da praça'", 1);
	return NULL;
}

TEST(a_note_is_deleted_and_comes_back)
{
	return tool_scene_run(t, play_delete);
}

static err_t *play_bad(struct scene *s)
{
	ERR(tool_scene_call(s, "save_note", mem_fmt(s->pool, "{\"text\":\"%019990d\"}", 1)));
	ERR(tool_scene_call(s, "update_note", "{\"id\":1,\"append\":\"mais dez letras\"}"));
	CHECK_SAID(s, "cabem 20000");
	ERR(tool_scene_call(s, "update_note", "{\"text\":\"x\"}"));
	CHECK_SAID(s, "Qual nota?");
	CHECK_ERR(tool_scene_call(s, "update_note", "{\"id\":1,\"pinned\":\"talvez\"}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "update_note", "{\"id\":1,\"user_id\":2}"), ERR_INVALID);
	s->req->role = ROLE_GUEST;
	CHECK_ERR(tool_scene_call(s, "delete_note", "{\"id\":1}"), ERR_DENIED);
	return NULL;
}

TEST(bad_changes_of_notes_are_explained_or_refused)
{
	return tool_scene_run(t, play_bad);
}

static err_t *play_data(struct scene *s)
{
	ERR(tool_scene_call(s, "save_note",
			    "{\"text\":\"café da esquina\\nabre às 7h\",\"tags\":[\"b\",\"c\"]}"));
	CHECK_TEXT(
		json_write(s->pool, s->last.data),
		"{\"note\":{\"id\":1,\"title\":\"café da esquina\",\"text\":\"café da esquina\\nabre às 7h\",\"day\":\"2026-11-18\","
		"\"tags\":[\"b\",\"c\"]}}");
	ERR(tool_scene_call(s, "save_note", mem_fmt(s->pool, "{\"text\":\"café %0400d\"}", 1)));
	ERR(tool_scene_call(s, "search_notes", "{}"));
	CHECK_DATA_INT(s, "total", 2);
	CHECK_DATA_INT(s, "notes.0.id", 2);
	CHECK(strlen(json_text(s->last.data, "notes.0.text")) < 400);
	ERR(tool_scene_call(s, "search_notes", "{\"id\":2}"));
	CHECK_DATA_INT(s, "total", 1);
	CHECK(strlen(json_text(s->last.data, "notes.0.text")) > 400);
	ERR(tool_scene_call(s, "search_notes", "{\"query\":\"chá\"}"));
	CHECK_TEXT(json_write(s->pool, s->last.data), "{\"total\":0,\"page\":1,\"notes\":[]}");
	ERR(tool_scene_call(s, "search_notes", "{\"id\":9}"));
	CHECK_DATA(s, "refused", "not_found");
	ERR(tool_scene_call(s, "update_note", "{\"query\":\"café\",\"pinned\":\"yes\"}"));
	CHECK_DATA(s, "refused", "ambiguous");
	CHECK_DATA_INT(s, "candidates.1.id", 1);
	ERR(tool_scene_press(s, "t:update_note:id=1&pinned=yes"));
	CHECK(json_true(s->last.data, "note.pinned"));
	ERR(tool_scene_call(s, "update_note", "{\"id\":1}"));
	CHECK_DATA(s, "refused", "nothing_to_change");
	ERR(tool_scene_call(s, "delete_note", "{\"title\":\"esquina\"}"));
	CHECK_TEXT(json_write(s->pool, s->last.data), "{\"id\":1,\"title\":\"café da esquina\"}");
	ERR(tool_scene_call(s, "delete_note", "{}"));
	CHECK_DATA(s, "refused", "empty");
	return NULL;
}

TEST(notes_are_told_as_data)
{
	return tool_scene_run(t, play_data);
}

#define MARKED "SELECT count(*) FROM notes WHERE outside"

static err_t *hidden(struct scene *s, const char *tool, const char *args)
{
	ERR(tool_scene_call(s, tool, args));
	CHECK_SAID(s, "SEGREDO");
	CHECK(s->last.outside);
	CHECK(!strstr(tool_scene_model(s, tool), "SEGREDO"));
	return NULL;
}

/* Somebody else's words stay theirs until the person writes others. */
static err_t *play_outside(struct scene *s)
{
	ERR(tool_scene_call(s, "save_note", "{\"text\":\"SEGREDO um\\nmais\"}"));
	ERR(tool_scene_call(s, "save_note", "{\"text\":\"SEGREDO dois\",\"title\":\"SEGREDO\"}"));
	CHECK(!s->last.outside && strstr(tool_scene_model(s, "save_note"), "SEGREDO"));
	ERR(fixture_sql(&s->f, "UPDATE notes SET outside = true"));
	ERR(hidden(s, "search_notes", "{}"));
	CHECK(strstr(tool_scene_model(s, "search_notes"), "\"id\":2"));
	ERR(hidden(s, "search_notes", "{\"id\":1}"));
	ERR(hidden(s, "update_note", "{\"id\":1,\"pinned\":\"yes\"}"));
	ERR(hidden(s, "update_note", "{\"id\":1,\"append\":\"meu\"}"));
	ERR(hidden(s, "update_note", "{\"id\":1}"));
	ERR(tool_scene_call(s, "delete_note", "{\"title\":\"segredo\"}"));
	CHECK(s->last.outside && strstr(tool_scene_model(s, "delete_note"), "\"id\":1"));
	CHECK(!strstr(tool_scene_model(s, "delete_note"), "SEGREDO"));
	ERR(hidden(s, "update_note", "{\"id\":2,\"text\":\"meu\"}")); /* its title is still theirs */
	CHECK_COUNT(s, MARKED, 2);
	ERR(hidden(s, "delete_note", "{\"id\":2}"));
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, MARKED " AND id = 2", 1);
	ERR(tool_scene_call(s, "update_note", "{\"id\":2,\"text\":\"meu\",\"title\":\"Meu\"}"));
	ERR(tool_scene_call(s, "update_note", "{\"id\":1,\"text\":\"meu também\"}"));
	CHECK(strstr(tool_scene_model(s, "update_note"), "meu também"));
	CHECK_COUNT(s, MARKED, 0);
	return NULL;
}

TEST(words_of_somebody_else_stay_so_in_every_note)
{
	return tool_scene_run(t, play_outside);
}
