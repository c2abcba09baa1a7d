#include "tests/integration/sample.h"
#include "tests/integration/tool_scene.h"

#include <string.h>

SAMPLE(inbox_items, "INSERT INTO inbox_items (content) VALUES ('%s')")

static err_t *play_command(struct scene *s)
{
	ERR(tool_scene_say(s, "/inbox"));
	CHECK_SAID(s, "Sua inbox está vazia");
	CHECK_SAID(s, "<code>/inbox ideia para o aniversário da Ana</code>");
	ERR(tool_scene_say(s, "/inbox ideia <genial>"));
	CHECK_INT(s->last.kind, OUTCOME_DONE);
	CHECK_TEXT(s->last.html, "📥 Guardei na sua /inbox. Número 1.");
	CHECK(tool_scene_has(s, "u:"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM inbox_items WHERE content = 'ideia <genial>' AND kind = 'text' AND source = 'command' AND file IS NULL",
		1);
	ERR(tool_scene_say(s, "/inbox HTTPS://exemplo.com/a?b=c"));
	CHECK_SAID(s, "Guardei o link");
	ERR(tool_scene_say(s, "/inbox veja https://exemplo.com"));
	ERR(tool_scene_say(s, "/inbox https://"));
	CHECK_COUNT(s, "SELECT count(*) FROM inbox_items WHERE kind = 'link'", 1);
	ERR(tool_scene_say(s, "/inbox"));
	CHECK_SAID(s, "<b>Na sua inbox: 4 itens</b>");
	CHECK_SAID(
		s,
		"<b>2</b> · 18/11 · 🔗 HTTPS://exemplo.com/a?b=c\n<b>1</b> · 18/11 · 💬 ideia &lt;genial&gt;");
	s->req->lang = LANG_EN;
	ERR(tool_scene_say(s, "/inbox"));
	CHECK_SAID(s, "<b>In your inbox: 4 items</b>");
	return NULL;
}

TEST(one_command_keeps_and_lists)
{
	return tool_scene_run(t, play_command);
}

/* What came, as the bot passes it on, and a part of what is said of it. */
static const struct {
	const char *args, *pt, *en;
} comings[] = {
	{ "{\"content\":\"uga buga\",\"kind\":\"text\",\"source\":\"message\"}", "Essa eu não entendi",
	  "I didn't understand" },
	{ "{\"content\":\"https://a.b/c\",\"kind\":\"text\",\"source\":\"message\"}", "Guardei o link",
	  "kept the link" },
	{ "{\"content\":\"olha isso\",\"kind\":\"text\",\"source\":\"forward\"}", "o que você encaminhou",
	  "what you forwarded" },
	{ "{\"content\":\"\",\"kind\":\"voice\",\"source\":\"message\",\"file_id\":\"F1\",\"file_type\":\"audio/ogg\",\"file_size\":9}",
	  "Ainda não consigo ouvir áudios", "can't listen to audio yet" },
	{ "{\"content\":\"\",\"kind\":\"photo\",\"source\":\"forward\",\"file_id\":\"F2\"}",
	  "Ainda não consigo ver fotos", "can't look at photos yet" },
	{ "{\"content\":\"\",\"kind\":\"file\",\"source\":\"message\",\"file_id\":\"F3\",\"file_name\":\"<conta>.pdf\"}",
	  "Ainda não consigo abrir arquivos", "can't open files yet" },
	{ "{\"content\":\"\",\"kind\":\"place\",\"source\":\"message\",\"place\":\"-23.500000,-46.600000\"}",
	  "Ainda não sei usar localizações", "can't use locations yet" },
	{ "{\"content\":\"\",\"kind\":\"other\",\"source\":\"message\"}", "Ainda não sei usar esse tipo",
	  "can't use that kind of message" },
	{ "{\"content\":\"ver depois\",\"source\":\"model\"}", "📥 Guardei na sua /inbox.",
	  "📥 Kept in your /inbox." },
};

static err_t *play_comings(struct scene *s)
{
	for (size_t i = 0; i < sizeof comings / sizeof *comings; i++) {
		s->req->lang = LANG_PT;
		ERR(tool_scene_call(s, "capture_inbox", comings[i].args));
		CHECK_INT(s->last.kind, OUTCOME_DONE);
		CHECK_SAID(s, comings[i].pt);
		CHECK_SAID(s, mem_fmt(s->pool, "úmero %d", (int)(2 * i + 1)));
		s->req->lang = LANG_EN;
		ERR(tool_scene_call(s, "capture_inbox", comings[i].args));
		CHECK_SAID(s, comings[i].en);
		CHECK_SAID(s, mem_fmt(s->pool, "umber %d", (int)(2 * i + 2)));
	}
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM inbox_items WHERE file = '{\"id\":\"F1\",\"type\":\"audio/ogg\",\"size\":9}'",
		2);
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM inbox_items WHERE kind = 'place' AND content = '-23.500000,-46.600000'",
		2);
	ERR(tool_scene_say(s, "/inbox"));
	CHECK_SAID(s, "📎 &lt;conta&gt;.pdf");
	CHECK_SAID(s, "page 1 of 2");
	CHECK_SAID(s, "🖼 <i>photo</i>");
	ERR(tool_scene_press(s, "t:list_inbox:page=2"));
	CHECK_SAID(s, "🎤 <i>audio</i>");
	CHECK_SAID(s, "page 2 of 2");
	ERR(tool_scene_call(s, "list_inbox", "{\"page\":99}"));
	CHECK_SAID(s, "page 2 of 2");
	ERR(fixture_sql(&s->f, "UPDATE inbox_items SET status = 'archived' WHERE id > 1"));
	ERR(tool_scene_say(s, "/inbox"));
	CHECK_SAID(s, "<b>In your inbox: 1 item</b>");
	return NULL;
}

TEST(whatever_comes_is_kept_and_said)
{
	return tool_scene_run(t, play_comings);
}

static err_t *play_bad(struct scene *s)
{
	ERR(tool_scene_call(s, "capture_inbox", "{}"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_SAID(s, "O que você quer deixar na inbox?");
	ERR(tool_scene_call(s, "capture_inbox", "{\"content\":\" \",\"kind\":\"link\"}"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_ERR(tool_scene_call(s, "capture_inbox", "{\"content\":\"a\",\"kind\":\"video\"}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "capture_inbox", "{\"content\":\"a\",\"source\":\"web\"}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "capture_inbox", "{\"content\":\"a\",\"user_id\":2}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "list_inbox", "{\"user_id\":2}"), ERR_INVALID);
	s->req->role = ROLE_GUEST;
	CHECK_ERR(tool_scene_say(s, "/inbox guarda"), ERR_DENIED);
	ERR(tool_scene_say(s, "/inbox"));
	CHECK_SAID(s, "vazia");
	CHECK_COUNT(s, "SELECT count(*) FROM inbox_items", 0);
	return NULL;
}

TEST(bad_items_are_explained_or_refused)
{
	return tool_scene_run(t, play_bad);
}

static err_t *play_undo(struct scene *s)
{
	ERR(tool_scene_call(s, "capture_inbox", "{\"content\":\"a\"}"));
	ERR(tool_scene_again(s, "capture_inbox", "{\"content\":\"a\"}"));
	CHECK_INT(s->finished, 1);
	CHECK_COUNT(s, "SELECT count(*) FROM inbox_items", 1);
	ERR(tool_scene_press(s, "u:"));
	CHECK_TEXT(s->last.html, "Desfeito: tirei isso da inbox.");
	CHECK_COUNT(s, "SELECT count(*) FROM inbox_items", 0);
	ERR(tool_scene_say(s, "/inbox segredo"));
	s->req->user_id = s->bia;
	ERR(tool_scene_say(s, "/inbox"));
	CHECK_UNSAID(s, "segredo");
	return NULL;
}

TEST(an_item_is_undone_and_nobody_elses)
{
	return tool_scene_run(t, play_undo);
}
