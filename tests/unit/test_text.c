#include "core/text.h"
#include "tests/test.h"

#include <string.h>

#define CLEAN(s) text_utf8_clean(t->pool, (s), sizeof(s) - 1)
#define VALID(s) text_utf8_valid((s), sizeof(s) - 1)

TEST(utf8_is_judged_by_the_standard)
{
	CHECK(VALID("Amanhã às 9 🕘"));
	CHECK(VALID(""));
	CHECK(VALID("\xF4\x8F\xBF\xBF"));  /* U+10FFFF */
	CHECK(!VALID("\xF4\x90\x80\x80")); /* U+110000 */
	CHECK(!VALID("\xC0\x80"));         /* overlong NUL */
	CHECK(!VALID("\xE0\x80\xAF"));     /* overlong slash */
	CHECK(!VALID("\xED\xA0\x80"));     /* a surrogate */
	CHECK(!VALID("\xF0\x9F\x95"));     /* cut short */
	CHECK(!VALID("a\x80"));
	return NULL;
}

TEST(cleaning_replaces_each_bad_byte)
{
	CHECK_TEXT(CLEAN("a\xFF"
			 "b"),
		   "a\uFFFDb");
	CHECK_TEXT(CLEAN("a\0b"), "a\uFFFDb");
	CHECK_TEXT(CLEAN("ok é"), "ok é");
	CHECK_TEXT(CLEAN("\xF0\x9F"), "\uFFFD\uFFFD");
	CHECK_TEXT(CLEAN(""), "");
	return NULL;
}

TEST(utf16_counts_as_telegram_does)
{
	CHECK_INT(text_utf16_len("abc"), 3);
	CHECK_INT(text_utf16_len("é€"), 2);
	CHECK_INT(text_utf16_len("🕘"), 2);
	CHECK_INT(text_utf16_len(""), 0);
	return NULL;
}

TEST(html_escapes_what_telegram_reads)
{
	CHECK_TEXT(text_html(t->pool, "<b>\"a\" & 'b'</b>"), "&lt;b&gt;&quot;a&quot; &amp; 'b'&lt;/b&gt;");
	CHECK_TEXT(text_html(t->pool, ""), "");
	return NULL;
}

TEST(trim_takes_unicode_space_too)
{
	CHECK_TEXT(text_trim(t->pool, " \t\u00A0 olá mundo \u3000\n"), "olá mundo");
	CHECK_TEXT(text_trim(t->pool, " \n "), "");
	CHECK_TEXT(text_trim(t->pool, ""), "");
	return NULL;
}

TEST(cut_counts_characters_with_the_ellipsis)
{
	CHECK_TEXT(text_cut(t->pool, "ação", 4), "ação");
	CHECK_TEXT(text_cut(t->pool, "ações", 4), "açõ…");
	CHECK_TEXT(text_cut(t->pool, "abc", 1), "…");
	CHECK_TEXT(text_cut(t->pool, "abc", 0), "");
	CHECK_TEXT(text_cut(t->pool, "", 0), "");
	return NULL;
}

TEST(fold_lowers_and_drops_accents)
{
	CHECK_TEXT(text_fold(t->pool, "AMANHÃ Às 9"), "amanha as 9");
	CHECK_TEXT(text_fold(t->pool, "ÁÉÍÓÚÂÊÔÃÕÇÜÑ"), "aeiouaeoaocun");
	CHECK_TEXT(text_fold(t->pool, "áéíóúâêôãõçüñ"), "aeiouaeoaocun");
	CHECK_TEXT(text_fold(t->pool, "Straße Œuvre Łódź Žižek"), "strasse oeuvre lodz zizek");
	CHECK_TEXT(text_fold(t->pool, "a\u0301"), "a"); /* decomposed */
	CHECK_TEXT(text_fold(t->pool, "× ÷ Þ 🕘 日本"), "× ÷ Þ 🕘 日本");
	return NULL;
}

TEST(whole_decimal_integers_only)
{
	int64_t n = 5;

	CHECK(text_int("-9223372036854775808", &n));
	CHECK_INT(n, INT64_MIN);
	CHECK(text_int("9223372036854775807", &n));
	CHECK_INT(n, INT64_MAX);
	CHECK(!text_int("9223372036854775808", &n));
	CHECK(!text_int("", &n));
	CHECK(!text_int("-", &n));
	CHECK(!text_int("12x", &n));
	CHECK(!text_int(" 12", &n));
	CHECK(!text_int("+12", &n));
	CHECK(!text_int("0x10", &n));
	CHECK_INT(n, INT64_MAX);
	return NULL;
}

TEST(small_comparisons)
{
	CHECK(text_starts("webhook", "web"));
	CHECK(!text_starts("web", "webhook"));
	CHECK(text_same(NULL, NULL));
	CHECK(!text_same(NULL, ""));
	CHECK(!text_same("a", NULL));
	CHECK(text_same("a", "a"));
	return NULL;
}
