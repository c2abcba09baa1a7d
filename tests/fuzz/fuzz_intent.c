/* Any text in both languages: a known name, a sure number, arguments that are text; the tools likely each once. */
#include "core/json.h"
#include "ml/intent/intent.h"
#include "tests/fuzz/fuzz.h"

#define MAX_LIKELY 12

static bool is_name(const char *name)
{
	for (int i = 0; intent_names[i]; i++)
		if (strcmp(intent_names[i], name) == 0)
			return true;
	return strcmp(name, "none") == 0;
}

static void find(apr_pool_t *pool, const char *text, enum lang lang)
{
	const char *names[MAX_LIKELY];
	struct intent intent;

	intent_find(pool, text, lang, INT64_C(1795255200), &intent);
	MUST(is_name(intent.name));
	MUST(intent.confidence >= 0 && intent.confidence <= 1);
	MUST(json_is_object(intent.args));
	must_be_text(json_write(pool, intent.args));
	MUST(strlen(json_write(pool, intent.args)) <= 16 * strlen(text) + 500);

	size_t n = intent_likely(pool, text, lang, MAX_LIKELY, names);
	MUST(n <= MAX_LIKELY);
	for (size_t i = 0; i < n; i++) {
		MUST(is_name(names[i]) && strcmp(names[i], "none") != 0);
		for (size_t k = 0; k < i; k++)
			MUST(strcmp(names[i], names[k]) != 0);
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
