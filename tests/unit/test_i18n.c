#include "core/i18n.h"
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs the generator over one file of this content; its output and messages land in *ret_out. */
static err_t *generate(struct test *t, const char *content, const char **ret_out, int *ret_status)
{
	char path[] = "/tmp/lembra-texts-XXXXXX";
	int fd = mkstemp(path);

	CHECK(fd >= 0 && write(fd, content, strlen(content)) == (ssize_t)strlen(content));
	close(fd);

	struct buf b = buf_new(t->pool, 1 << 20);
	FILE *f = popen(mem_fmt(t->pool, "awk -f core/gen/texts.awk %s 2>&1", path), "re");
	CHECK(f != NULL);
	for (int c; (c = getc(f)) != EOF;)
		buf_char(&b, (char)c);
	*ret_status = WEXITSTATUS(pclose(f));
	*ret_out = b.p ? b.p : "";
	unlink(path);
	return NULL;
}

TEST(every_error_has_its_sentence)
{
	for (enum err_code c = 0; c < ERR_CODE_COUNT; c++) {
		err_t err = { .code = c };
		for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
			const char *s = tr(t->pool, lang, err_text(&err), SLOT_S("trace", "a1b2<3d4"));
			CHECK(strstr(s, "<code>a1b2&lt;3d4</code>"));
			CHECK(!strpbrk(s, "{}"));
		}
	}
	return NULL;
}

TEST(the_table_is_sorted_and_whole)
{
	CHECK(i18n_count() > 0);
	for (size_t i = 0; i < i18n_count(); i++) {
		if (i)
			CHECK(strcmp(i18n_key(i - 1), i18n_key(i)) < 0);
		CHECK(*i18n_find(LANG_PT, i18n_key(i)) && *i18n_find(LANG_EN, i18n_key(i)));
	}
	CHECK(i18n_key(i18n_count()) == NULL);
	CHECK(i18n_find(LANG_PT, "no.such.key") == NULL);
	CHECK_TEXT(tr(t->pool, LANG_EN, "no.such.<key>"), "no.such.&lt;key&gt;");
	return NULL;
}

TEST(languages_by_tag)
{
	CHECK_INT(lang_of("pt-BR"), LANG_PT);
	CHECK_INT(lang_of("PT"), LANG_PT);
	CHECK_INT(lang_of(NULL), LANG_PT);
	CHECK_INT(lang_of(""), LANG_PT);
	CHECK_INT(lang_of("en"), LANG_EN);
	CHECK_INT(lang_of("de"), LANG_EN);
	CHECK_TEXT(lang_tag(LANG_PT), "pt-BR");
	CHECK_TEXT(lang_tag(LANG_EN), "en");
	return NULL;
}

TEST(slots_escape_count_and_pass_html)
{
	const char *pt = "{who} tem {n} {n|tarefa|tarefas}: {!html}{n||s}";
	const struct slot one[] = {
		SLOT_S("who", "A<b>"), SLOT_I("n", 1), SLOT_S("html", "<b>x</b>"), { NULL, NULL, 0 }
	};
	const struct slot none[] = {
		SLOT_S("who", NULL), SLOT_I("n", 0), SLOT_S("html", ""), { NULL, NULL, 0 }
	};

	CHECK_TEXT(i18n_fill(t->pool, pt, one), "A&lt;b&gt; tem 1 tarefa: <b>x</b>");
	CHECK_TEXT(i18n_fill(t->pool, pt, none), " tem 0 tarefas: s");
	CHECK_TEXT(i18n_fill(t->pool, "a{missing}b", none), "ab");
	CHECK_TEXT(i18n_fill(t->pool, "", none), "");
	return NULL;
}

TEST(the_generator_joins_lines_and_quotes)
{
	const char *out;
	int status;

	ERR(generate(
		t,
		"# a comment\n[b.two]\npt: Olá \"{x}\"\\n\n\tsegunda\n  terceira\nen: Hi {x} \\ ?\n\n[a.one]\nen: e\npt: p\n",
		&out, &status));
	CHECK_INT(status, 0);
	CHECK(strstr(out, "{ \"b.two\", { \"Olá \\\"{x}\\\"\\nsegunda terceira\", \"Hi {x} \\\\ \\?\" } }"));
	CHECK(strstr(out, "a.one") < strstr(out, "b.two"));
	CHECK(strstr(out, "i18n_table_count = 2;"));
	return NULL;
}

TEST(the_generator_refuses_with_file_and_line)
{
	static const struct {
		const char *content, *message;
	} cases[] = {
		{ "\n[a]\npt: x\n", ":2: 'a' has no en" },
		{ "[a]\nen: x\n", ":1: 'a' has no pt" },
		{ "[a]\npt: x\nen: y\n[a]\npt: x\nen: y\n", ":4: 'a' is already at" },
		{ "[a]\npt: {x}\nen: y\n", ":1: 'a' has other slots" },
		{ "[a]\npt: {x}\nen: {!x}\n", ":1: 'a' has other slots" },
		{ "[a]\npt: {x\nen: {x}\n", ":2: malformed slot" },
		{ "[a]\npt: {x|y}\nen: {x}\n", ":2: malformed slot" },
		{ "[a]\npt: x}\nen: x\n", ":2: '}' without '{'" },
		{ "[a]\npt: x\npt: y\nen: z\n", ":3: 'pt:' twice" },
		{ "[A b]\npt: x\nen: y\n", ":1: malformed key" },
		{ "pt: x\n", ":1: 'pt:' outside of an entry" },
		{ "[a]\npt: x\nde: y\nen: z\n", ":3: neither" },
		{ "  x\n", ":1: continues nothing" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *out;
		int status;
		ERR(generate(t, cases[i].content, &out, &status));
		CHECK(status == 1);
		if (!strstr(out, cases[i].message))
			return err_new(ERR_INTERNAL, "case %zu says: %s", i, out);
	}
	return NULL;
}
