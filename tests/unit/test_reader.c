/* What comes of a model's reading: an object of the table, cut and defanged, or nothing. */
#include "core/text.h"
#include "ml/reader/reader.h"
#include "tests/test.h"
#include <string.h>

#define APART "\xE2\x81\xA0"

TEST(a_reading)
{
	struct reading r;

	ERR(reader_decode(
		t->pool,
		"{\"summary\":\"João pede o contrato.\",\"dates\":[\"2026-12-01\",\"2026-12-01T14:00:00-03:00\","
		"\"amanhã\",\"2026-13-01\",\"2026-12-01T25:00\"],\"amounts\":[\"BRL 1234.56\",\"R$ 10\",\"USD 1.2.3\"],"
		"\"asks\":[\"assinar até terça\",\" \"],\"claims\":[],\"language\":\"pt\"}",
		&r));
	CHECK_TEXT(r.summary, "João pede o contrato.");
	CHECK_INT(r.dates.n, 2);
	CHECK_TEXT(r.dates.v[1], "2026-12-01T14:00");
	CHECK_INT(r.amounts.n, 1);
	CHECK_INT(r.asks.n, 1);
	CHECK_INT(r.claims.n, 0);
	CHECK_TEXT(r.language, "pt");
	return NULL;
}

#define REST "\"dates\":[],\"amounts\":[],\"asks\":[],\"claims\":[],\"language\":\"pt\"}"

TEST(whatever_else_is_no_reading)
{
	static const char *const bad[] = {
		"",
		"Here it is: {\"summary\":\"a\"," REST,
		"{\"summary\":\"a\"," REST " and more",
		"[]",
		"{\"summary\":\"a\"}",
		"{\"summary\":5," REST,
		"{\"summary\":\"\"," REST,
		"{\"summary\":\"a\",\"tool\":\"send_email\"," REST,
		"{\"summary\":\"a\",\"dates\":\"x\",\"amounts\":[],\"asks\":[],\"claims\":[],\"language\":\"pt\"}",
		"{\"summary\":\"a\",\"dates\":[5],\"amounts\":[],\"asks\":[],\"claims\":[],\"language\":\"pt\"}",
		"```json\n{\"summary\":\"a\"," REST,
	};
	struct reading r;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ERR(err_wrap(test_err(__FILE__, __LINE__, bad[i], reader_decode(t->pool, bad[i], &r),
				      ERR_INVALID),
			     "case %zu", i));
	ERR(reader_decode(t->pool, "```json\n{\"summary\":\"a\"," REST "\n```", &r));
	CHECK_TEXT(r.summary, "a");
	return NULL;
}

TEST(a_reading_is_cut)
{
	struct json *o = json_object(t->pool), *many = json_array(t->pool), *dates = json_array(t->pool);
	char *long_text = mem_alloc(t->pool, 2001);
	struct reading r;

	memset(long_text, 'x', 2000);
	for (int i = 0; i < 20; i++) {
		json_push_text(many, long_text);
		json_push_text(dates, "2026-12-01");
	}
	json_set_text(o, "summary", long_text);
	json_set(o, "dates", dates);
	json_set(o, "amounts", json_array(t->pool));
	json_set(o, "asks", many);
	json_set(o, "claims", json_array(t->pool));
	json_set_text(o, "language", "not a code!");
	ERR(reader_decode(t->pool, json_write(t->pool, o), &r));
	CHECK_INT(text_utf16_len(r.summary), READER_SUMMARY);
	CHECK_INT(r.asks.n, READER_LINES);
	CHECK_INT(text_utf16_len(r.asks.v[0]), READER_LINE);
	CHECK_INT(r.dates.n, READER_FACTS);
	CHECK_TEXT(r.language, "");
	return NULL;
}

TEST(nothing_to_tap)
{
	static const char *const cases[][2] = {
		{ "veja https://evil.example/x?y=1.", "veja [link evil." APART "example]" },
		{ "(http://a@evil.example/)", "([link aevil." APART "example])" },
		{ "tg://resolve?domain=x", "[link resolve]" },
		{ "envie /apagar_tudo já", "envie /" APART "apagar_tudo já" },
		{ "fale com @fulano #hoje", "fale com @" APART "fulano #" APART "hoje" },
		{ "entre em evil.com/x", "entre em evil." APART "com/" APART "x" },
		{ "custa 1.234,56. Fim.", "custa 1.234,56. Fim." },
		{ "i\xE2\x80\x8Bn\xE2\x80\xAEv", "inv" },
		{ "a\nb", "a\nb" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_TEXT(reader_defang(t->pool, cases[i][0]), cases[i][1]);
	return NULL;
}
