/* What a handler reads of a request and writes into its answer, by routes that only this test has. */
#include "bot/web/web_answer.h"
#include "bot/web/web_input.h"
#include "bot/web/web_server.h"
#include "tests/integration/web_scene.h"

#include <string.h>
#include <time.h>

static err_t *query_run(struct web_request *r)
{
	struct json *body = json_object(r->pool);
	struct query q;

	ERR(web_input_query(r, &q));
	json_set_int(body, "n", (int64_t)q.n);
	json_set_text(body, "a", query_value(&q, "a", 0));
	json_set_text(body, "again", query_value(&q, "a", 1));
	web_answer_json(r, 200, body);
	return NULL;
}

static err_t *form_run(struct web_request *r)
{
	struct query q;

	ERR(web_input_form(r, &q));
	web_answer_text(r, 200, "text/plain", query_value(&q, "a", 0));
	return NULL;
}

static err_t *bytes_run(struct web_request *r)
{
	web_answer_bytes(r, 200, "application/octet-stream", r->body, r->body_n);
	return NULL;
}

static err_t *redirect_run(struct web_request *r)
{
	struct query q;

	ERR(web_input_query(r, &q));
	return web_answer_redirect(r, 303, query_value(&q, "to", 0));
}

static err_t *header_run(struct web_request *r)
{
	struct query q;

	ERR(web_input_query(r, &q));
	ERR(web_answer_header(r, query_value(&q, "name", 0), query_value(&q, "value", 0)));
	ERR(web_answer_header(r, "X-More", "1"));
	ERR(web_answer_header(r, "X-More", "2"));
	web_answer(r, 200);
	return NULL;
}

static err_t *cookie_run(struct web_request *r)
{
	const char *value = web_input_cookie(r, "c");

	web_answer_text(r, 200, "text/plain", value ? value : "(none)");
	return NULL;
}

static err_t *params_run(struct web_request *r)
{
	web_answer_text(r, 200, "text/plain",
			mem_fmt(r->pool, "%s|%lld", r->params[0].text, (long long)r->params[1].number));
	return NULL;
}

static const struct web_route routes[] = {
	{ "GET", "/t/query", "t", .run = query_run },
	{ "POST", "/t/form", "t", .run = form_run },
	{ "POST", "/t/bytes", "t", .run = bytes_run, .body_max = 300 },
	{ "GET", "/t/redirect", "t", .run = redirect_run },
	{ "GET", "/t/header", "t", .run = header_run },
	{ "GET", "/t/cookie", "t", .run = cookie_run },
	{ "GET", "/t/params/*/x/#", "t", .run = params_run },
	{ 0 },
};
static const struct web_route_entry entries[] = { { routes, true }, { 0 } };

static err_t *get(struct scene *s, const char *path, const char *headers, int status, struct reply *ret)
{
	ERR(raw_call(s, "GET", path, headers, NULL, ret));
	if (ret->status != status)
		return err_new(ERR_INTERNAL, "%.80s: %d, expected %d", path, ret->status, status);
	return NULL;
}

static err_t *run(struct test *t, err_t *(*play)(struct scene *s))
{
	web_route_extra(entries);
	return scene_run(t, NULL, NULL, play);
}

static err_t *play_query(struct scene *s)
{
	struct buf many = buf_new(s->pool, 65536);
	struct reply reply;

	ERR(get(s, "/t/query", "", 200, &reply));
	CHECK_TEXT(reply.body, "{\"n\":0,\"a\":null,\"again\":null}");
	ERR(get(s, "/t/query?", "", 200, &reply));
	ERR(get(s, "/t/query?a=1+%C3%A3&b&a=%2B", "", 200, &reply));
	CHECK_TEXT(reply.body, "{\"n\":3,\"a\":\"1 ã\",\"again\":\"+\"}");
	ERR(get(s, "/t/query?a=1?b=2", "", 200, &reply));
	CHECK_TEXT(reply.body, "{\"n\":1,\"a\":\"1?b=2\",\"again\":null}");
	ERR(get(s, "/t/query?a=%00", "", 400, &reply));
	ERR(get(s, "/t/query?a=%zz", "", 400, &reply));
	ERR(get(s, "/t/query?a=%", "", 400, &reply));
	ERR(get(s, "/t/query?a=%ff", "", 400, &reply));
	buf_text(&many, "/t/query?");
	for (int i = 0; i < 150; i++)
		buf_text(&many, "a&");
	ERR(get(s, many.p, "", 400, &reply));
	for (int i = 0; i < 10000; i++)
		buf_text(&many, "a=1&");
	ERR(raw_call(s, "GET", many.p, "", NULL, &reply));
	CHECK(reply.status >= 400 && reply.status < 500);
	/* What nobody reads does no harm, as before. */
	ERR(get(s, "/healthz?a=%zz&b=%00", "", 200, &reply));
	return NULL;
}

TEST(queries_are_read_strictly)
{
	return run(t, play_query);
}

static err_t *play_paths(struct scene *s)
{
	struct reply reply;

	ERR(get(s, "/t/params/a%20b%C3%A3/x/7", "", 200, &reply));
	CHECK_TEXT(reply.body, "a bã|7");
	ERR(get(s, "/t/params/a/x/7x", "", 404, &reply));
	ERR(get(s, "/t/params//x/7", "", 404, &reply));
	ERR(get(s, "/t/params/a%2Fb/x/7", "", 404, &reply)); /* a slash parts, encoded or not */
	ERR(get(s, "/t/params/a%00/x/7", "", 400, &reply));
	ERR(get(s, "/healthz%00", "", 400, &reply));
	ERR(get(s, "/healthz%00/../admin", "", 400, &reply));
	ERR(get(s, "/admin/%00", "", 400, &reply));
	ERR(get(s, "/health%7A", "", 200, &reply));
	ERR(get(s, "/%61dmin/users", "", 401, &reply));
	ERR(get(s, "/healthz%0d%0aX:%201", "", 400, &reply));
	CHECK(!raw_header(s, &reply, "X"));
	return NULL;
}

TEST(paths_are_decoded_once_and_nothing_hides_in_them)
{
	return run(t, play_paths);
}

static err_t *play_headers(struct scene *s)
{
	static const char *const bad[] = {
		"/t/header?name=X-A&value=a%0D%0AX-Evil:1",
		"/t/header?name=X-A&value=a%0AX-Evil:1",
		"/t/header?name=X-A%0D%0AX-Evil&value=1",
		"/t/header?name=X-A:&value=1",
		"/t/header?name=&value=1",
		"/t/header?name=X%20A&value=1",
		"/t/header?name=X-A&value=a%09b",
	};
	struct reply reply;

	ERR(get(s, "/t/header?name=X-A&value=a%20b;c=%22d%22", "", 200, &reply));
	CHECK_TEXT(raw_header(s, &reply, "X-A"), "a b;c=\"d\"");
	CHECK(strstr(reply.head, "\nX-More: 1\r") && strstr(reply.head, "\nX-More: 2\r"));
	CHECK_TEXT(raw_header(s, &reply, "Cache-Control"), "no-store");
	CHECK_TEXT(reply.body, "{\"status\":\"ok\"}");
	ERR(get(s, "/t/header?name=cache-control&value=private", "", 200, &reply));
	CHECK(!strstr(reply.head, "no-store"));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ERR(get(s, bad[i], "", 400, &reply));
		CHECK(!strstr(reply.head, "Evil"));
	}
	return NULL;
}

TEST(no_line_gets_into_a_header)
{
	return run(t, play_headers);
}

static err_t *play_redirects(struct scene *s)
{
	static const char *const bad[] = { "//evil.example",  "/%5Cevil.example", "evil", "javascript:x", "",
					   "/a%0D%0AX-Evil:1" };
	struct reply reply;

	ERR(get(s, "/t/redirect?to=/static/x", "", 303, &reply));
	CHECK_TEXT(raw_header(s, &reply, "Location"), "/static/x");
	CHECK_TEXT(reply.body, "");
	ERR(get(s, "/t/redirect?to=https://accounts.example/o?a=1%26b=2", "", 303, &reply));
	CHECK_TEXT(raw_header(s, &reply, "Location"), "https://accounts.example/o?a=1&b=2");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ERR(get(s, mem_fmt(s->pool, "/t/redirect?to=%s", bad[i]), "", 400, &reply));
		CHECK(!raw_header(s, &reply, "Location"));
	}
	return NULL;
}

TEST(redirects_lead_where_they_say)
{
	return run(t, play_redirects);
}

static err_t *play_bytes(struct scene *s)
{
	unsigned char all[256];
	struct reply reply;
	int fd;

	for (int i = 0; i < 256; i++)
		all[i] = (unsigned char)(255 - i);
	ERR(raw_open(s, &fd));
	ERR(raw_text(fd, "POST /t/bytes HTTP/1.1\r\nHost: test\r\nContent-Length: 256\r\n\r\n"));
	ERR(raw_send(fd, all, sizeof all));
	ERR(raw_read(s, fd, &reply));
	CHECK_INT(reply.status, 200);
	CHECK_TEXT(raw_header(s, &reply, "Content-Length"), "256");
	CHECK(memcmp(reply.body, all, sizeof all) == 0);
	ERR(raw_call(s, "POST", "/t/bytes", "Content-Length: 301\r\n", NULL, &reply));
	CHECK_INT(reply.status, 413);
	ERR(raw_call(s, "POST", "/t/form",
		     "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n", "a=x%0D%0Ay",
		     &reply));
	CHECK_TEXT(reply.body, "x\r\ny");
	ERR(raw_call(s, "POST", "/t/form", "Content-Type: text/plain\r\n", "a=x", &reply));
	CHECK_INT(reply.status, 400);
	ERR(raw_call(s, "POST", "/t/form", "", "a=x", &reply));
	CHECK_INT(reply.status, 400);
	return NULL;
}

TEST(bodies_are_bytes)
{
	return run(t, play_bytes);
}

static err_t *play_cookies(struct scene *s)
{
	static const char *const cases[][2] = {
		{ "", "(none)" },
		{ "Cookie: c=1\r\n", "1" },
		{ "Cookie: a=2; c=1\r\n", "1" },
		{ "Cookie: a=2;c=\r\n", "" },
		{ "Cookie: cc=2; C=3; xc=4\r\n", "(none)" },
		{ "Cookie: a=c=1; c=x=y; c=2\r\n", "x=y" },
		{ "Cookie: c; ;;=; c\r\n", "(none)" },
	};
	struct reply reply;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ERR(get(s, "/t/cookie", cases[i][0], 200, &reply));
		CHECK_TEXT(reply.body, cases[i][1]);
	}
	return NULL;
}

TEST(a_cookie_is_found_by_its_whole_name)
{
	return run(t, play_cookies);
}

static err_t *play_slow(struct scene *s)
{
	struct reply reply;
	int fd, kept;

	web_server_head_ms(600);
	ERR(raw_open(s, &kept));
	ERR(raw_text(kept, "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n"));
	ERR(raw_read(s, kept, &reply));
	ERR(raw_open(s, &fd));
	ERR(raw_text(fd, "GET /healthz HTTP/1.1\r\n"));
	/* A byte now and then keeps libmicrohttpd's own timeout away, and ours not. */
	while (!raw_ready(fd)) {
		struct timespec pause = { .tv_nsec = 20000000 };

		if (raw_send(fd, "X", 1))
			break;
		nanosleep(&pause, NULL);
	}
	ERR(raw_await_end(fd));
	ERR(raw_await_end(kept));
	ERR(get(s, "/healthz", "", 200, &reply));
	return NULL;
}

TEST(a_head_that_dribbles_in_is_cut_off)
{
	return run(t, play_slow);
}
