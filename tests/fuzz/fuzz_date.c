/* Any text in both languages: none or a reading whose bytes lie in the text and whose rest is text. */
#include "ml/date/date.h"
#include "tests/fuzz/fuzz.h"

static void find(apr_pool_t *pool, const char *text, enum lang lang)
{
	struct date_found f;
	int64_t back;

	if (!date_find(pool, text, lang, INT64_C(1795255200), &f))
		return;
	must_be_text(f.rest);
	must_be_text(f.rrule);
	MUST(f.n_spans > 0 && f.n_spans <= DATE_MAX_SPANS);
	for (int i = 0; i < f.n_spans; i++) {
		MUST(f.spans[i].begin >= (i ? f.spans[i - 1].finish : 0));
		MUST(f.spans[i].finish >= f.spans[i].begin && (size_t)f.spans[i].finish <= strlen(text));
	}
	MUST(strlen(f.rest) <= strlen(text));
	if (f.start > 0 && f.start < INT64_C(4000000000)) {
		MUST(date_parse_iso(date_iso(pool, f.start), &back));
		MUST(back == f.start);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	apr_pool_t *pool = pool_root();
	const char *text = text_utf8_clean(pool, (const char *)data, n);

	find(pool, text, LANG_PT);
	find(pool, text, LANG_EN);
	pool_free(pool);
	return 0;
}
