/* What a browser sends as a target, a form and a language: text that can be trusted to be text, or an error. */
#include "bot/web/web_input.h"
#include "bot/web/web_route.h"
#include "core/limits.h"
#include "core/query.h"
#include "tests/fuzz/fuzz.h"

static void must_be_clean(const char *s)
{
	must_be_text(s);
	for (; *s; s++)
		MUST((unsigned char)*s >= ' ' || *s == '\t' || *s == '\r' || *s == '\n');
}

static void check_path(apr_pool_t *pool, char *path)
{
	struct web_param params[WEB_PARAMS];
	const struct web_route *route, *near;
	const char *allow;

	if (!query_decode_path(path))
		return;
	must_be_clean(path);
	route = web_route_find(pool, "GET", path, params, &allow, &near);
	MUST(!route || *path == '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	apr_pool_t *pool = pool_root();
	struct query query = { 0 };

	must_be(query_parse(pool, (const char *)data, n, &query), ERR_INVALID, ERR_INVALID);
	MUST(query.n <= LIMIT_QUERY_PAIRS);
	for (size_t i = 0; i < query.n; i++) {
		must_be_clean(query.pairs[i].name);
		must_be_clean(query.pairs[i].value);
	}
	check_path(pool, mem_textn(pool, (const char *)data, n));
	MUST(web_input_lang_of(mem_textn(pool, (const char *)data, n)) < LANG_COUNT);
	pool_free(pool);
	return 0;
}
