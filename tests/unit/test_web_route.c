#include "bot/web/web_input.h"
#include "bot/web/web_route.h"
#include "bot/web/web_static.h"
#include "bot/work/person_web.h"
#include "core/text.h"
#include "tests/test.h"
#include <string.h>

static err_t *nothing(struct web_request *r)
{
	(void)r;
	return NULL;
}

static const struct web_route several[] = {
	{ "GET", "/t/#", "number", .run = nothing },
	{ "POST", "/t/#", "number", .run = nothing },
	{ "GET", "/t/*/x/#", "both", .run = nothing },
	{ "GET", "/t/fixed", "fixed", .run = nothing },
	{ 0 },
};
static const struct web_route_entry entries[] = { { several, true }, { 0 } };

struct found {
	const struct web_route *route, *near;
	const char *allow;
	struct web_param params[WEB_PARAMS];
};

static struct found find(struct test *t, const char *method, const char *path)
{
	struct found f = { 0 };

	web_route_extra(entries);
	f.route = web_route_find(t->pool, method, path, f.params, &f.allow, &f.near);
	web_route_extra(NULL);
	return f;
}

TEST(paths_match_segment_by_segment)
{
	static const char *const none[] = { "/t",
					    "/t/",
					    "/t/1/",
					    "/t/x",
					    "/t/1x",
					    "/t/-1",
					    "/t/99999999999999999999",
					    "/t//x/1",
					    "/t/a/x/",
					    "/t/a/x/b",
					    "/t/a/b/x/1",
					    "/t/fixed/",
					    "t/1",
					    "" };
	struct found f = find(t, "GET", "/t/17");

	CHECK(f.route == &several[0]);
	CHECK_INT(f.params[0].number, 17);
	CHECK_TEXT(f.params[0].text, "17");
	f = find(t, "GET", "/t/a b/x/5");
	CHECK(f.route == &several[2]);
	CHECK_TEXT(f.params[0].text, "a b");
	CHECK_INT(f.params[1].number, 5);
	CHECK(find(t, "GET", "/t/fixed").route == &several[3]);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		f = find(t, "GET", none[i]);
		if (f.route || f.near || *f.allow)
			return err_new(ERR_INTERNAL, "matched: %s", none[i]);
	}
	f = find(t, "PUT", "/t/1");
	CHECK(!f.route && f.near == &several[1]);
	CHECK_TEXT(f.allow, "GET, HEAD, POST");
	return NULL;
}

struct census {
	const char *seen;
	apr_pool_t *pool;
	const char *bad;
	int n;
};

/* A wildcard stands for a whole segment. */
static bool wildcards_fit(const char *path)
{
	int n = 0;

	for (const char *p = path; *p; p++)
		if (*p == '#' || *p == '*') {
			n++;
			if (p[-1] != '/' || (p[1] && p[1] != '/'))
				return false;
		}
	return n <= WEB_PARAMS;
}

/* What web hands over, a worker knows. */
static bool call_known(const char *name)
{
	for (const struct person_call_entry *e = person_calls; e->first; e++)
		for (const struct person_call *call = e->first; call->name; call++) {
			if (text_same(call->name, name))
				return true;
			if (!e->many)
				break;
		}
	return !name;
}

static bool count(void *ctx, const struct web_route *route)
{
	struct census *c = ctx;
	const char *key = mem_fmt(c->pool, "|%s %s|", route->method, route->path);
	bool admin = text_starts(route->path, "/admin"), waits = route->guard == WEB_PERSON || route->stream;

	c->n++;
	if (strstr(c->seen, key) || *route->path != '/' || !*route->label || !route->run ||
	    strcmp(route->method, "HEAD") == 0 || !wildcards_fit(route->path) ||
	    (waits && !route->deadline_ms) || admin != (route->guard == WEB_ADMIN) ||
	    (route->call && route->guard != WEB_PERSON && !text_starts(route->call, "consent_")) ||
	    !call_known(route->call))
		c->bad = key;
	c->seen = mem_fmt(c->pool, "%s%s", c->seen, key);
	return true;
}

TEST(the_routes_are_sound)
{
	struct census c = { .seen = "", .pool = t->pool };

	web_route_each(count, &c);
	CHECK(c.n >= 15);
	CHECK_TEXT(c.bad, NULL);
	return NULL;
}

TEST(files_are_named_after_what_they_hold)
{
	const char *path = web_static_path("page.css");

	CHECK(path && text_starts(path, "/static/page."));
	CHECK_INT(strlen(path), strlen("/static/page.0123456789abcdef.css"));
	CHECK(!web_static_path("none.css"));
	for (const struct web_static *file = web_statics; file->name; file++) {
		CHECK(file->n > 0 && text_starts(file->path, "/static/"));
		CHECK(strstr(file->path, mem_textn(t->pool, file->etag + 1, 16)));
	}
	return NULL;
}

TEST(a_browser_hears_its_language)
{
	static const struct {
		const char *header;
		enum lang lang;
	} cases[] = {
		{ NULL, LANG_PT },
		{ "", LANG_PT },
		{ "pt", LANG_PT },
		{ "PT-br,en;q=0.9", LANG_PT },
		{ "en-US,en;q=0.9,pt;q=0.8", LANG_EN },
		{ "en;q=0.3, pt;q=0.7", LANG_PT },
		{ "en;q=0.25,pt;q=0.249", LANG_EN },
		{ "de, pt;q=0.1", LANG_PT },
		{ "de,fr", LANG_EN },
		{ "pt;q=0, en;q=0.1", LANG_EN },
		{ "pty, ens", LANG_EN },
		{ "pt;q=x", LANG_EN },
		{ ",,;;q=,", LANG_EN },
		{ "pt;q=1.000000000000000000000000", LANG_PT },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (web_input_lang_of(cases[i].header) != cases[i].lang)
			return err_new(ERR_INTERNAL, "\"%s\"", cases[i].header);
	return NULL;
}
