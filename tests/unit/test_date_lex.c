#include "ml/date/date_lex.h"
#include "tests/test.h"

#include "core/text.h"
#include <string.h>

TEST(words_are_sorted_and_folded)
{
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		int n;
		const struct word *v = word_table((enum lang)lang, &n);

		CHECK(n > 100);
		for (int i = 0; i < n; i++) {
			CHECK_TEXT(text_fold(t->pool, v[i].text), v[i].text);
			CHECK(i == 0 || strcmp(v[i - 1].text, v[i].text) <= 0);
		}
	}
	return NULL;
}

TEST(letters_and_digits_part)
{
	struct tokens tokens = tokens_read(t->pool, "Às 14h30 AMANHÃ", LANG_PT);

	CHECK_INT(tokens.n, 5);
	CHECK_TEXT(tokens.v[0].text, "as");
	CHECK_INT(tokens.v[0].end, 3); /* bytes of the original */
	CHECK_INT(tokens.v[1].value, 14);
	CHECK(!tokens.v[1].glued);
	CHECK(tokens.v[2].glued && tokens.v[3].glued);
	CHECK_TEXT(tokens.v[4].text, "amanha");
	CHECK_INT(tokens.v[5].kind, TOKEN_END);
	return NULL;
}

TEST(money_and_codes_are_no_numbers)
{
	struct tokens tokens = tokens_read(t->pool, "R$ 12 e 13% em 1.2.3.4, 28/2-1/3", LANG_PT);
	int blocked = 0, free_numbers = 0;

	for (int i = 0; i < tokens.n; i++) {
		blocked += tokens.v[i].blocked;
		free_numbers += tokens.v[i].kind == TOKEN_NUMBER && !tokens.v[i].blocked;
	}
	CHECK(blocked >= 6);
	CHECK_INT(free_numbers, 4);
	return NULL;
}
