#include "core/text.h"
#include "tests/integration/sample.h"
#include "tests/integration/tool_scene.h"

#include <string.h>

SAMPLE(notes, "INSERT INTO notes (text) VALUES ('%s')")

static err_t *play_save(struct scene *s)
{
	ERR(tool_scene_say(s, "/nota senha do wi-fi: <casa> & quintal #Casa"));
	CHECK_INT(s->last.kind, OUTCOME_DONE);
	CHECK_TEXT(s->last.html,
		   "📝 Guardei: <b>senha do wi-fi: &lt;casa&gt; &amp; quintal</b>\nNota 1 · #casa");
	CHECK(tool_scene_has(s, "u:"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM notes WHERE title = '' AND text = 'senha do wi-fi: <casa> & quintal' AND tags = '{casa}'",
		1);
	s->req->lang = LANG_EN;
	ERR(tool_scene_say(s, "/note Shopping list\n- milk\n- bread #home"));
	CHECK_TEXT(s->last.html, "📝 Saved: <b>Shopping list</b>\nNote 2 · #home");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM notes WHERE title = 'Shopping list' AND text = E'Shopping list\\n- milk\\n- bread'",
		1);
	ERR(tool_scene_call(s, "save_note", "{\"text\":\"a\",\"title\":\"Named\",\"tags\":[\"X Y\"]}"));
	CHECK_TEXT(s->last.html, "📝 Saved: <b>Named</b>\nNote 3 · #x-y");
	ERR(tool_scene_call(s, "save_note", mem_fmt(s->pool, "{\"text\":\"%0100d\\nb\"}", 1)));
	CHECK_COUNT(s, "SELECT length(title) FROM notes WHERE id = 4", 80);
	return NULL;
}

TEST(a_note_is_kept)
{
	return tool_scene_run(t, play_save);
}

static err_t *play_bad(struct scene *s)
{
	ERR(tool_scene_say(s, "/nota"));
	CHECK_SAID(s, "O que você quer guardar?");
	ERR(tool_scene_say(s, "/nota #casa"));
	CHECK_SAID(s, "O que você quer guardar?");
	ERR(tool_scene_call(s, "save_note", "{\"text\":\" \"}"));
	CHECK_SAID(s, "O que você quer guardar?");
	CHECK_ERR(tool_scene_call(s, "save_note", "{}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "save_note", "{\"text\":\"a\",\"user_id\":2}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "save_note", mem_fmt(s->pool, "{\"text\":\"%020001d\"}", 1)),
		  ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "search_notes", "{\"user_id\":2}"), ERR_INVALID);
	s->req->role = ROLE_GUEST;
	CHECK_ERR(tool_scene_call(s, "save_note", "{\"text\":\"a\"}"), ERR_DENIED);
	ERR(tool_scene_say(s, "/notas"));
	CHECK_SAID(s, "Você ainda não tem notas");
	CHECK_COUNT(s, "SELECT count(*) FROM notes", 0);
	return NULL;
}

TEST(bad_notes_are_explained_or_refused)
{
	return tool_scene_run(t, play_bad);
}

static err_t *play_search(struct scene *s)
{
	for (int i = 1; i <= 12; i++)
		ERR(tool_scene_say(s, mem_fmt(s->pool, "/nota café número %d %s", i,
					      i == 4 ? "com açúcar #2026" : "")));
	ERR(tool_scene_say(s, "/notas"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_SAID(s, "<b>12 notas</b>");
	CHECK_SAID(s, "<b>12</b> · 18/11 · café número 12\n<b>11</b>");
	CHECK_UNSAID(s, "<b>2</b>");
	ERR(tool_scene_press(s, "t:search_notes:page=2"));
	CHECK_SAID(s, "<b>2</b> · 18/11 · café número 2\n<b>1</b>");
	ERR(tool_scene_call(s, "search_notes", "{\"page\":99}"));
	CHECK_SAID(s, "café número 1\n\n<i>página 2 de 2</i>");
	ERR(tool_scene_say(s, "/notas CAFE  num"));
	CHECK_SAID(s, "<b>12 notas</b> com “CAFE num”");
	ERR(tool_scene_press(s, "t:search_notes:page=2&query=CAFE num"));
	CHECK_SAID(s, "página 2 de 2");
	ERR(tool_scene_say(s, "/notas #2026"));
	CHECK_SAID(s, "📝 <b>Nota 4</b> · 18/11 · #2026\n\ncafé número 4 com açúcar");
	ERR(tool_scene_say(s, "/notas acucar chá"));
	CHECK_SAID(s, "Não achei nenhuma nota com “acucar chá”");
	ERR(tool_scene_say(s, "/notas %"));
	CHECK_SAID(s, "Não achei");
	ERR(tool_scene_say(s,
			   mem_fmt(s->pool, "/notas %s", "caf caf caf caf caf caf caf caf caf caf caf caf")));
	CHECK_SAID(s, "São 12 ao todo");
	s->req->user_id = s->bia;
	ERR(tool_scene_say(s, "/notas café"));
	CHECK_SAID(s, "Não achei");
	ERR(tool_scene_call(s, "search_notes", "{\"id\":4}"));
	CHECK_TEXT(s->last.html, "Não achei a nota 4. Veja as últimas em /notas.");
	return NULL;
}

TEST(notes_are_found_by_words)
{
	return tool_scene_run(t, play_search);
}

static err_t *play_read(struct scene *s)
{
	const char *body = mem_fmt(s->pool, "%0190d", 5);

	ERR(tool_scene_say(s, "/nota curta"));
	ERR(tool_scene_say(s, mem_fmt(s->pool, "/nota %s<fim>", body)));
	ERR(tool_scene_say(s, "/nota Lista\n- leite"));
	s->req->lang = LANG_EN;
	ERR(tool_scene_say(s, "/notes"));
	CHECK_UNSAID(s, body);
	CHECK_SAID(s, "<b>3</b> · 18/11 · <b>Lista</b>\n");
	CHECK_INT(s->last.buttons_n, 2); /* nothing more to read of the short one */
	ERR(tool_scene_press(s, "t:search_notes:2"));
	CHECK_TEXT(s->last.html, mem_fmt(s->pool, "📝 <b>Note 2</b> · 18/11\n\n%s&lt;fim&gt;", body));
	ERR(tool_scene_press(s, "t:search_notes:page=1"));
	ERR(tool_scene_press(s, "t:search_notes:3"));
	CHECK_TEXT(s->last.html, "📝 <b>Note 3</b> · 18/11\n\nLista\n- leite");
	ERR(tool_scene_call(s, "save_note", "{\"text\":\"b\",\"title\":\"A\"}"));
	ERR(tool_scene_call(s, "search_notes", "{\"id\":4}"));
	CHECK_TEXT(s->last.html, "📝 <b>Note 4</b> · 18/11\n<b>A</b>\n\nb");
	return NULL;
}

TEST(a_note_is_read_whole)
{
	return tool_scene_run(t, play_read);
}

/* Nothing grows more by escaping than quotes. */
static err_t *play_longest(struct scene *s)
{
	struct buf quotes = buf_new(s->pool, 20000);
	struct json *args = json_object(s->pool);

	for (int i = 0; i < 20000; i++)
		buf_char(&quotes, '"');
	json_set_text(args, "text", quotes.p);
	ERR(tool_scene_call(s, "save_note", json_write(s->pool, args)));
	ERR(tool_scene_call(s, "search_notes", "{\"id\":1}"));
	CHECK(strlen(s->last.html) > 20000 * strlen("&quot;"));
	return NULL;
}

TEST(the_longest_note_comes_back)
{
	return tool_scene_run(t, play_longest);
}

static err_t *play_undo(struct scene *s)
{
	ERR(tool_scene_call(s, "save_note", "{\"text\":\"a\"}"));
	ERR(tool_scene_again(s, "save_note", "{\"text\":\"a\"}"));
	CHECK_INT(s->finished, 1);
	CHECK_COUNT(s, "SELECT count(*) FROM notes", 1);
	ERR(tool_scene_press(s, "u:"));
	CHECK_TEXT(s->last.html, "Desfeito: a nota não está mais guardada.");
	CHECK_COUNT(s, "SELECT count(*) FROM notes", 0);
	return NULL;
}

TEST(a_note_is_undone)
{
	return tool_scene_run(t, play_undo);
}

/* The database folds as the program does. */
static err_t *play_fold(struct scene *s)
{
	struct buf all = buf_new(s->pool, 65536);
	const char *folded;

	for (uint32_t c = 0x20; c < 0x370; c++) {
		if (c == '\'' || (c >= 0x7F && c < 0xA0))
			continue;
		if (c < 0x80)
			buf_char(&all, (char)c);
		else
			buf_fmt(&all, "%c%c", (int)(0xC0 | c >> 6), (int)(0x80 | (c & 0x3F)));
	}
	buf_text(&all, "Ação ДОМ 家 😀");
	ERR(fixture_text(&s->f, mem_fmt(s->pool, "SELECT fold('%s')", all.p), &folded));
	CHECK_TEXT(folded, text_fold(s->pool, all.p));
	return NULL;
}

TEST(words_fold_alike_in_both_places)
{
	return tool_scene_run(t, play_fold);
}
