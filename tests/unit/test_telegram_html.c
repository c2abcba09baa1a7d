#include "core/text.h"
#include "integrations/telegram/telegram_html.h"
#include "tests/test.h"

#include <string.h>

/* A generator of our own, so that a failure can be repeated. */
static uint32_t dice(uint64_t *state, uint32_t n)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33) % n;
}

static const char *without_white(struct test *t, const char *s)
{
	struct buf b = buf_new(t->pool, 1 << 20);
	buf_text(&b, "");
	for (; *s; s++)
		if (!strchr(" \t\r\n", *s))
			buf_char(&b, *s);
	return b.p;
}

/* An independent look: every tag closes in order, nothing is open at the end, no bare < or &. */
static bool balanced(const char *s)
{
	const char *stack[64];
	size_t depth = 0;
	for (; *s; s++) {
		if (*s == '&' && strncmp(s, "&lt;", 4) && strncmp(s, "&gt;", 4) && strncmp(s, "&amp;", 5) &&
		    strncmp(s, "&quot;", 6))
			return false;
		if (*s != '<')
			continue;
		const char *end = strchr(s, '>');
		if (!end)
			return false;
		if (s[1] == '/') {
			size_t n = strcspn(s + 2, ">");
			if (depth == 0 || strncmp(stack[--depth], s + 2, n) != 0 ||
			    !strchr(" >", stack[depth][n]))
				return false;
		} else if (depth < 64) {
			stack[depth++] = s + 1;
		}
		s = end;
	}
	return depth == 0;
}

static const char *random_html(struct test *t, uint64_t *state)
{
	static const char *const pieces[] = { "palavra",
					      "a",
					      " ",
					      " ",
					      " ",
					      "\n",
					      "\n\n",
					      "&lt;",
					      "&amp;",
					      "&quot;x&gt;",
					      "ção",
					      "\xF0\x9F\x98\x80",
					      "\xF0\x9F\x98\x80\xF0\x9F\x98\x81",
					      "12:30",
					      "  ",
					      "umapalavramuitolonga" };
	static const char *const opens[] = { "<b>", "<i>", "<code>",
					     "<a href=\"https://x.example/?a=1&amp;b=2\">",
					     "<blockquote expandable>" };
	static const char *const closes[] = { "</b>", "</i>", "</code>", "</a>", "</blockquote>" };
	uint32_t stack[8], depth = 0, length = dice(state, 120);
	struct buf b = buf_new(t->pool, 1 << 20);
	buf_text(&b, "");
	for (uint32_t i = 0; i < length; i++) {
		uint32_t what = dice(state, 10);
		if (what == 0 && depth < 8) {
			stack[depth] = dice(state, 5);
			buf_text(&b, opens[stack[depth++]]);
		} else if (what == 1 && depth > 0) {
			buf_text(&b, closes[stack[--depth]]);
		} else {
			buf_text(&b, pieces[dice(state, 16)]);
		}
	}
	while (depth > 0)
		buf_text(&b, closes[stack[--depth]]);
	return b.p;
}

static err_t *check_parts(struct test *t, const char *html, size_t max)
{
	size_t n;
	const char **parts;
	struct buf all = buf_new(t->pool, 1 << 20);
	buf_text(&all, "");
	ERR(tg_html_split(t->pool, html, max, &n, &parts));
	for (size_t i = 0; i < n; i++) {
		const char *plain = tg_html_plain(t->pool, parts[i]);
		CHECK(balanced(parts[i]));
		CHECK(tg_html_units(parts[i]) <= max);
		CHECK(text_utf16_len(plain) == tg_html_units(parts[i]));
		CHECK(*without_white(t, plain));
		CHECK(!strchr(" \n", plain[0]) && !strchr(" \n", plain[strlen(plain) - 1]));
		CHECK(text_utf8_valid(parts[i], strlen(parts[i])));
		buf_text(&all, plain);
	}
	CHECK_TEXT(without_white(t, all.p), without_white(t, tg_html_plain(t->pool, html)));
	return NULL;
}

static err_t *check_split(struct test *t, const char *html, size_t max, const char *expected)
{
	size_t n;
	const char **parts;
	struct buf all = buf_new(t->pool, 1 << 20);
	buf_text(&all, "");
	ERR(tg_html_split(t->pool, html, max, &n, &parts));
	for (size_t i = 0; i < n; i++)
		buf_fmt(&all, "%s[%s]", i ? " " : "", parts[i]);
	CHECK_TEXT(all.p, expected);
	return NULL;
}

TEST(units)
{
	CHECK_INT(tg_html_units(""), 0);
	CHECK_INT(tg_html_units("<b>a&lt;b</b>"), 3);
	CHECK_INT(tg_html_units("\xF0\x9F\x98\x80"), 2);
	CHECK_INT(tg_html_units("ção"), 3);
	CHECK_INT(tg_html_units("&nbsp;"), 6);
	CHECK_INT(tg_html_units("&#128512;&#x41;"), 3);
	return NULL;
}

TEST(plain)
{
	CHECK_TEXT(tg_html_plain(t->pool, ""), "");
	CHECK_TEXT(tg_html_plain(t->pool, "<b>a &lt; b</b> &amp;amp; <a href=\"http://x/?a>b\">c</a>"),
		   "a < b &amp; c");
	CHECK_TEXT(tg_html_plain(t->pool, "1 < 2 & 3 <br> <bold>"), "1 < 2 & 3 <br> <bold>");
	CHECK_TEXT(tg_html_plain(t->pool, "&#233;&#x1f600;&#0;"), "é\xF0\x9F\x98\x80&#0;");
	return NULL;
}

TEST(short_text_stays_whole)
{
	ERR(check_split(t, "<b>Feito</b>: a &lt; b", 4096, "[<b>Feito</b>: a &lt; b]"));
	ERR(check_split(t, "abcd", 4, "[abcd]"));
	ERR(check_split(t, "", 4, ""));
	ERR(check_split(t, " \n <b> </b>", 4, ""));
	return NULL;
}

TEST(breaks_in_order_of_preference)
{
	ERR(check_split(t, "aa bb\ncc\n\ndd ee", 13, "[aa bb\ncc] [dd ee]"));
	ERR(check_split(t, "aa bb\ncc dd ee", 12, "[aa bb] [cc dd ee]"));
	ERR(check_split(t, "aa bb cc", 7, "[aa bb] [cc]"));
	ERR(check_split(t, "aaaaaaaa", 3, "[aaa] [aaa] [aa]"));
	/* A paragraph that ends at once is no reason to waste the part. */
	ERR(check_split(t, "a\n\nbbb bbb bbb bbb bbb", 16, "[a\n\nbbb bbb bbb] [bbb bbb]"));
	return NULL;
}

TEST(tags_are_closed_and_opened_again)
{
	ERR(check_split(t, "<b>aaa bbb</b>", 4, "[<b>aaa</b>] [<b>bbb</b>]"));
	ERR(check_split(t, "<b>aaa <i>bbb</i></b>", 4, "[<b>aaa</b>] [<b><i>bbb</i></b>]"));
	ERR(check_split(t, "<b>aaa</b> bbb", 4, "[<b>aaa</b>] [bbb]"));
	ERR(check_split(t, "aaa <a href=\"http://x\">bbb ccc</a>", 4,
			"[aaa] [<a href=\"http://x\">bbb</a>] [<a href=\"http://x\">ccc</a>]"));
	return NULL;
}

TEST(nothing_is_cut_in_two)
{
	ERR(check_split(t,
			"a\xF0\x9F\x98\x80"
			"b",
			2, "[a] [\xF0\x9F\x98\x80] [b]"));
	ERR(check_split(t, "&amp;&amp;&amp;", 2, "[&amp;&amp;] [&amp;]"));
	return NULL;
}

TEST(broken_html_comes_out_whole)
{
	ERR(check_split(t, "a < b & c <br>", 50, "[a &lt; b &amp; c &lt;br&gt;]"));
	ERR(check_split(t, "<b>a", 50, "[<b>a</b>]"));
	ERR(check_split(t, "a</b>", 50, "[a]"));
	ERR(check_split(t, "<b><i>a</b>c</i>", 50, "[<b><i>a</i></b>c]"));
	ERR(check_split(t, "<b", 50, "[&lt;b]"));
	return NULL;
}

TEST(limits_too_small_are_refused)
{
	size_t n;
	const char **parts;
	CHECK_ERR(tg_html_split(t->pool, "a", 1, &n, &parts), ERR_INTERNAL);
	return NULL;
}

TEST(properties_hold_for_random_text)
{
	uint64_t state = 20261121;
	for (int i = 0; i < 2000; i++) {
		const char *html = random_html(t, &state);
		err_t *err = check_parts(t, html, 2 + dice(&state, 60));
		if (err)
			return err_wrap(err, "round %d of \"%s\"", i, html);
	}
	return NULL;
}

TEST(long_message_in_few_parts)
{
	struct buf b = buf_new(t->pool, 1 << 20);
	size_t n;
	const char **parts;
	for (int i = 0; i < 1000; i++)
		buf_text(&b, "<b>tarefa</b> &amp; lembrete\n");
	ERR(check_parts(t, b.p, 4096));
	ERR(tg_html_split(t->pool, b.p, 4096, &n, &parts));
	CHECK_INT(n, 5); /* 18 units a line, 18,000 in all */
	return NULL;
}
