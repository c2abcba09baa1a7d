#include "core/text.h"
#include "tests/test.h"
#include "tools/page.h"
#include "tools/registry.h"
#include "tools/words.h"

#include <string.h>

/* "text | tag tag | priority" */
static const char *taken(apr_pool_t *pool, const char *text)
{
	struct words words = words_take(pool, text, true);
	const char *out = mem_fmt(pool, "%s |", words.text);

	for (size_t i = 0; i < words.tags.n; i++)
		out = mem_fmt(pool, "%s %s", out, words.tags.v[i]);
	return mem_fmt(pool, "%s | %s", out, words.priority ? words.priority : "");
}

TEST(tags_and_priority_are_taken_out)
{
	CHECK_TEXT(taken(t->pool, "comprar leite !alta #casa"), "comprar leite | casa | high");
	CHECK_TEXT(taken(t->pool, "#casa comprar !low leite"), "comprar leite | casa | low");
	CHECK_TEXT(taken(t->pool, "a !BAIXA"), "a | | low");
	CHECK_TEXT(taken(t->pool, "a !média"), "a | | medium");
	CHECK_TEXT(taken(t->pool, "a !Me\xCC\x81"
				  "dia"),
		   "a | | medium");
	CHECK_TEXT(taken(t->pool, "a !media !Medium !high !URGENTE"), "a | | urgent");
	CHECK_TEXT(taken(t->pool, "a !urgent !baixa"), "a | | low");
	CHECK_TEXT(taken(t->pool, "!alta #casa"), " | casa | high");
	CHECK_TEXT(taken(t->pool, ""), " | | ");
	CHECK_TEXT(taken(t->pool, " \n\t "), " | | ");
	return NULL;
}

TEST(priorities_only_where_asked_for)
{
	struct words words = words_take(t->pool, "ouvir !alta #casa", false);

	CHECK_TEXT(words.text, "ouvir !alta");
	CHECK(words.priority == NULL);
	CHECK_INT(words.tags.n, 1);
	return NULL;
}

TEST(tags_of_any_language)
{
	CHECK_TEXT(taken(t->pool, "x #Reunião #ÁGUA #Straße #дом #ΣΠΙΤΙ #家 #2026 #a_b-c"),
		   "x | reunião água straße дом σπιτι 家 2026 a_b-c | ");
	CHECK_TEXT(taken(t->pool, "x #Cafe\xCC\x81"), "x | cafe\xCC\x81 | ");
	CHECK_TEXT(taken(t->pool, "x #casa, #CASA! #casa?"), "x | casa | ");
	return NULL;
}

TEST(what_only_looks_like_one_stays_text)
{
	CHECK_TEXT(taken(t->pool, "oi! C# a#b !talvez !alta, # #- #a/b #\xF0\x9F\x8F\xA0 !"),
		   "oi! C# a#b !talvez !alta, # #- #a/b #\xF0\x9F\x8F\xA0 ! | | ");
	return NULL;
}

TEST(ten_tags_of_forty_characters)
{
	const char *forty = "áááááááááááááááááááááááááááááááááááááááá";

	CHECK_INT(words_chars(forty), 40);
	CHECK_TEXT(taken(t->pool, mem_fmt(t->pool, "x #%s", forty)), mem_fmt(t->pool, "x | %s | ", forty));
	CHECK_TEXT(taken(t->pool, mem_fmt(t->pool, "x #%sa", forty)), mem_fmt(t->pool, "x #%sa | | ", forty));
	CHECK_TEXT(taken(t->pool, "#1 #2 #3 #4 #5 #6 #7 #8 #9 #10 #11 #3 x"),
		   "#11 x | 1 2 3 4 5 6 7 8 9 10 | ");
	return NULL;
}

TEST(lines_stay_lines)
{
	CHECK_TEXT(taken(t->pool, "lista\n#casa\n- leite  e pão\n\n- café #mercado\nfim"),
		   "lista\n- leite  e pão\n\n- café\nfim | casa mercado | ");
	CHECK_TEXT(taken(t->pool, "a\n#casa b"), "a\nb | casa | ");
	CHECK_TEXT(words_line(t->pool, " a\n\n b\t\tc\xC2\xA0 d "), "a b c d");
	CHECK_TEXT(words_line(t->pool, "\n"), "");
	return NULL;
}

TEST(tags_of_models_get_the_same_form)
{
	const char *given[] = { "#Casa",
				"Mercado  Livre",
				"casa",
				"",
				"#",
				"a/b!",
				"áááááááááááááááááááááááááááááááááááááááááá" };
	struct json_texts in = { .n = sizeof given / sizeof *given, .v = given };
	struct json_texts tags = words_tags(t->pool, &in);

	CHECK_TEXT(json_write(t->pool, words_json(t->pool, &tags)),
		   "[\"casa\",\"mercado-livre\",\"ab\",\"áááááááááááááááááááááááááááááááááááááááá\"]");
	return NULL;
}

TEST(pages_stay_within_what_there_is)
{
	struct page page = page_of(0, 25);

	CHECK_INT(page.number, 1);
	CHECK_INT(page.count, 3);
	CHECK_INT(page_of(3, 25).number, 3);
	CHECK_INT(page_of(99, 25).number, 3);
	CHECK_INT(page_of(2, 10).number, 1);
	CHECK_INT(page_of(7, 0).number, 1);
	return NULL;
}

static const char *args_of(apr_pool_t *pool, const char *tool, const char *data)
{
	return json_write(pool, button_args(pool, tool_find(tool)->params, data));
}

TEST(buttons_carry_typed_arguments)
{
	CHECK_TEXT(args_of(t->pool, "complete_task", "3"), "{\"id\":3}");
	CHECK_TEXT(args_of(t->pool, "list_tasks", "page=2&priority=high&tag=a&page=9"),
		   "{\"page\":2,\"priority\":\"high\",\"tag\":\"a&page=9\"}");
	CHECK_TEXT(args_of(t->pool, "search_notes", "page=2&query=2026"), "{\"page\":2,\"query\":\"2026\"}");
	CHECK_TEXT(args_of(t->pool, "list_tasks", "user_id=1"), "{\"user_id\":1}");
	CHECK_TEXT(args_of(t->pool, "list_tasks", "page=x"), "{\"page\":\"x\"}");
	CHECK_TEXT(args_of(t->pool, "list_tasks", ""), "{}");
	CHECK_TEXT(args_of(t->pool, "list_tasks", "&="), "{\"&\":\"\"}");
	return NULL;
}

TEST(every_tool_has_its_texts)
{
	for (const struct tool *const *tool = tools_all; *tool; tool++) {
		const char *name = (*tool)->name;

		if ((*tool)->commands)
			CHECK(i18n_find(LANG_PT, mem_fmt(t->pool, "menu.%s", name)));
		if ((*tool)->from_text)
			CHECK(i18n_find(LANG_PT, mem_fmt(t->pool, "usage.%s", name)));
		if ((*tool)->effect == TOOL_REVERSIBLE && (!(*tool)->internal || (*tool)->pressable))
			CHECK(i18n_find(LANG_PT, mem_fmt(t->pool, "undone.%s", name)));
		CHECK(i18n_find(LANG_PT, mem_fmt(t->pool, "ask.%s", name)));
		if ((*tool)->effect != TOOL_READ)
			CHECK((*tool)->min_role >= ROLE_USER);
		if ((*tool)->with_text)
			CHECK(tool_find((*tool)->with_text) && tool_find((*tool)->with_text)->from_text);
	}
	return NULL;
}
