/* HTML of any bytes: clean text under its ceiling, in lines without what cannot be seen. */
#include "integrations/google/google_html.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	apr_pool_t *pool = pool_root();
	bool cut;
	const char *text = google_html_text(pool, (const char *)data, n, &cut);

	must_be_text(text);
	MUST(strlen(text) <= HTML_TEXT);
	MUST(!strpbrk(text, "\r\x01\x1B"));
	MUST(text_same(text, text_visible(pool, text)));
	pool_free(pool);
	return 0;
}
