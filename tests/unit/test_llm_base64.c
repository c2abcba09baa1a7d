#include "integrations/llm/llm_base64.h"

#include "tests/test.h"

#include <string.h>

TEST(base64_of_the_rfc)
{
	static const struct {
		const char *bytes, *text;
	} cases[] = {
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
		{ "\xFB\xEF\xFF", "++//" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t n = strlen(cases[i].bytes), size = llm_base64_size(n), back_n = 99;
		char *text = mem_alloc(t->pool, size + 1), *back = mem_alloc(t->pool, size + 1);

		llm_base64_write(text, cases[i].bytes, n);
		CHECK_TEXT(text, cases[i].text);
		CHECK(llm_base64_read(text, size, back, &back_n));
		CHECK_INT(back_n, n);
		CHECK(memcmp(back, cases[i].bytes, n) == 0);
	}
	return NULL;
}

TEST(what_is_no_base64)
{
	static const char *const cases[] = { "A",    "AA",   "AAA",   "A===", "AA=A",
					     "====", "AA A", "AA\n=", "AA-_", "é==" };
	char back[8];
	size_t n = 99;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (llm_base64_read(cases[i], strlen(cases[i]), back, &n))
			return err_new(ERR_INTERNAL, "\"%s\" was read", cases[i]);
	CHECK(!llm_base64_read("AA\0A", 4, back, &n));
	CHECK_INT(n, 99);
	return NULL;
}
