#include "bot/web/web_route.h"
#include "bot/web/web_static.h"
#include "tests/integration/web_scene.h"

#include <string.h>

static err_t *get(struct scene *s, const char *path, const char *headers, int status, struct reply *ret)
{
	ERR(raw_call(s, "GET", path, headers, NULL, ret));
	if (ret->status != status)
		return err_new(ERR_INTERNAL, "%s: %d, expected %d", path, ret->status, status);
	return NULL;
}

static err_t *play_home(struct scene *s)
{
	struct reply reply;

	ERR(get(s, "/", "", 200, &reply));
	CHECK(strstr(reply.body, "<html lang=\"pt-BR\">") && strstr(reply.body, "Eu moro no Telegram"));
	CHECK_TEXT(raw_header(s, &reply, "Content-Type"), "text/html; charset=utf-8");
	CHECK_TEXT(raw_header(s, &reply, "Content-Language"), "pt-BR");
	CHECK_TEXT(raw_header(s, &reply, "Vary"), "Accept-Language");
	CHECK_TEXT(raw_header(s, &reply, "X-Content-Type-Options"), "nosniff");
	CHECK(strstr(raw_header(s, &reply, "Content-Security-Policy"), "default-src 'none'"));
	CHECK(!strstr(reply.body, "<script") && strstr(reply.body, web_static_path("page.css")));
	ERR(get(s, "/", "Accept-Language: en-GB,en;q=0.8\r\n", 200, &reply));
	CHECK(strstr(reply.body, "<html lang=\"en\">") && strstr(reply.body, "I live in Telegram"));
	ERR(get(s, "/?x=<script>", "", 200, &reply));
	CHECK(!strstr(reply.body, "<script"));
	return NULL;
}

TEST(a_browser_learns_where_lembra_lives)
{
	return scene_run(t, NULL, NULL, play_home);
}

static err_t *play_static(struct scene *s)
{
	static const char *const bad[] = {
		"/static/",
		"/static",
		"/static/page.css",
		"/static/page.0000000000000000.css",
		"/static/../healthz",
		"/static/..%2f..%2fetc%2fpasswd",
		"/static/%2e%2e/web.c",
		"/static//etc/passwd",
	};
	const char *path = web_static_path("page.css");
	struct reply reply;
	int fd;

	ERR(get(s, path, "", 200, &reply));
	CHECK_TEXT(raw_header(s, &reply, "Content-Type"), "text/css; charset=utf-8");
	CHECK_TEXT(raw_header(s, &reply, "Cache-Control"), "public, max-age=31536000, immutable");
	CHECK_TEXT(raw_header(s, &reply, "X-Content-Type-Options"), "nosniff");
	CHECK_INT(strlen(reply.body), web_statics[0].n);
	CHECK(memcmp(reply.body, web_statics[0].data, web_statics[0].n) == 0);
	ERR(get(s, path, mem_fmt(s->pool, "If-None-Match: %s\r\n", raw_header(s, &reply, "ETag")), 304,
		&reply));
	CHECK_TEXT(reply.body, "");
	ERR(get(s, path, "If-None-Match: \"other\"\r\n", 200, &reply));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ERR(get(s, bad[i], "", 404, &reply));
	ERR(get(s, "/static/%00", "", 400, &reply));
	ERR(raw_open(s, &fd));
	ERR(raw_text(fd, mem_fmt(s->pool, "HEAD %s HTTP/1.1\r\nHost: test\r\n\r\n", path)));
	ERR(raw_read_head(s, fd, &reply));
	CHECK_INT(reply.status, 200);
	CHECK_TEXT(raw_header(s, &reply, "Content-Length"), mem_fmt(s->pool, "%zu", web_statics[0].n));
	return NULL;
}

TEST(files_are_served_under_their_hash_alone)
{
	return scene_run(t, NULL, NULL, play_static);
}

struct tour {
	struct scene *s;
	err_t *err;
	int n;
};

/* A path that the route's pattern takes. */
static const char *path_of(apr_pool_t *pool, const char *pattern)
{
	char *path = mem_text(pool, pattern);

	for (char *p = path; *p; p++)
		if (*p == '#' || *p == '*')
			*p = '1';
	return path;
}

static err_t *visit(struct scene *s, const struct web_route *route)
{
	const char *path = path_of(s->pool, route->path);
	struct reply odd, whole;
	int fd;

	ERR(raw_call(s, "BREW", path, SCENE_ADMIN, NULL, &odd));
	if (odd.status != 405 || !strstr(raw_header(s, &odd, "Allow"), route->method))
		return err_new(ERR_INTERNAL, "BREW %s: %d", path, odd.status);
	if (strcmp(route->method, "GET") != 0)
		return NULL;
	ERR(raw_open(s, &fd));
	ERR(raw_text(fd, mem_fmt(s->pool,
				 "HEAD %1$s HTTP/1.1\r\nHost: test\r\n" SCENE_ADMIN
				 "\r\nGET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n",
				 path)));
	ERR(raw_read_head(s, fd, &odd));
	if (raw_header(s, &odd, "Connection")) /* refused by its head alone: then it ends there */
		return err_wrap(raw_await_end(fd), "%s", path);
	ERR(err_wrap(raw_read(s, fd, &whole), "after HEAD %s", path)); /* at once: there was no body */
	CHECK_INT(whole.status, 200);
	if (odd.status == 405 || (odd.status >= 500 && odd.status != 503) ||
	    (!route->stream && !raw_header(s, &odd, "Content-Length")))
		return err_new(ERR_INTERNAL, "HEAD %s: %s", path, odd.head);
	return NULL;
}

static bool tour_one(void *ctx, const struct web_route *route)
{
	struct tour *tour = ctx;

	tour->n++;
	tour->err = visit(tour->s, route);
	return !tour->err;
}

static err_t *play_tour(struct scene *s)
{
	struct tour tour = { .s = s };

	web_route_each(tour_one, &tour);
	ERR(tour.err);
	CHECK(tour.n >= 15);
	return NULL;
}

TEST(every_route_knows_head_and_refuses_other_methods)
{
	return scene_run(t, NULL, NULL, play_tour);
}
