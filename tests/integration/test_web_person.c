#include "bot/web/web_person.h"
#include "bot/work/person_web.h"
#include "core/clock.h"
#include "core/text.h"
#include "tests/integration/web_scene.h"

#include <string.h>

/* Gives back all that it got. */
static err_t *echo_run(struct tx *tx, struct person_ask *ask)
{
	struct json *body = json_object(ask->pool);

	json_set_int(body, "user", tx_req(tx)->user_id);
	json_set_text(body, "params", json_write(ask->pool, ask->params));
	json_set_text(body, "query", ask->query);
	json_set_text(body, "body", ask->body.p);
	person_web_json(ask, 201, body);
	return NULL;
}

/* Writes, and then fails: nothing of it may stay. */
static err_t *fail_run(struct tx *tx, struct person_ask *ask)
{
	ERR(tx_defer(tx, STMT_SETTING_NAME, PG_ARGS(PG_TEXT("changed"))));
	return text_same(ask->query, "mine") ? err_new(ERR_INVALID, "\"x\": missing")
					     : err_new(ERR_INTERNAL, "secret detail");
}

static const struct person_call calls[] = { { "echo", echo_run }, { "fail", fail_run }, { 0 } };
static const struct person_call_entry call_entries[] = { { calls, true }, { 0 } };

static const struct web_route routes[] = {
	{ "POST", "/t/echo/*/#", "t", WEB_PERSON, .run = web_person_run, .deadline_ms = 10000,
	  .call = "echo" },
	{ "GET", "/t/fail", "t", WEB_PERSON, .run = web_person_run, .deadline_ms = 10000, .call = "fail" },
	{ "GET", "/t/none", "t", WEB_PERSON, .run = web_person_run, .deadline_ms = 10000, .call = "none" },
	{ 0 },
};
static const struct web_route_entry route_entries[] = { { routes, true }, { 0 } };

static err_t *run(struct test *t, const char *const *pairs, err_t *(*play)(struct scene *s))
{
	web_route_extra(route_entries);
	person_web_extra(call_entries);
	return scene_run_people(t, pairs, play);
}

static const char *bearer(struct scene *s, const char *token)
{
	return mem_fmt(s->pool, "Authorization: Bearer %s\r\n", token);
}

static err_t *ask(struct scene *s, const char *method, const char *path, const char *headers, int status,
		  struct reply *ret)
{
	ERR(raw_call(s, method, path, headers, NULL, ret));
	if (ret->status != status)
		return err_new(ERR_INTERNAL, "%s %s (%s): %d, expected %d: %s", method, path, headers,
			       ret->status, status, ret->body);
	return NULL;
}

static err_t *play_me(struct scene *s)
{
	const char *ana, *bia, *old;
	struct reply reply;
	int64_t id;

	ERR(scene_person(s, 42, "user"));
	ERR(scene_person(s, 43, "owner"));
	ERR(scene_session(s, 42, "1 hour", &ana));
	ERR(scene_session(s, 43, "1 hour", &bia));
	ERR(scene_session(s, 43, "-1 ms", &old));
	ERR(fixture_int(&s->f, "SELECT user_id FROM directory WHERE login_id = 42", &id));
	ERR(ask(s, "GET", "/me", bearer(s, ana), 200, &reply));
	CHECK_TEXT(
		reply.body,
		mem_fmt(s->pool,
			"{\"user_id\":%lld,\"lang\":\"en\",\"zone\":\"America/Sao_Paulo\",\"role\":\"user\"}",
			(long long)id));
	CHECK_TEXT(raw_header(s, &reply, "Content-Type"), "application/json");
	CHECK_TEXT(raw_header(s, &reply, "Cache-Control"), "no-store");
	ERR(ask(s, "GET", "/me", bearer(s, bia), 200, &reply));
	CHECK(strstr(reply.body, "\"owner\""));
	ERR(ask(s, "GET", "/me", "", 401, &reply));
	CHECK_TEXT(raw_header(s, &reply, "WWW-Authenticate"), "Bearer");
	ERR(ask(s, "GET", "/me", bearer(s, old), 401, &reply));
	ERR(ask(s, "GET", "/me", bearer(s, mem_fmt(s->pool, "%064d", 0)), 401, &reply));
	ERR(ask(s, "GET", "/me", bearer(s, mem_fmt(s->pool, "%s0", ana)), 401, &reply));
	ERR(ask(s, "GET", "/me", bearer(s, "' OR true --"), 401, &reply));
	ERR(ask(s, "GET", "/me", mem_fmt(s->pool, "Authorization: Basic %s\r\n", ana), 401, &reply));
	ERR(ask(s, "GET", "/me", SCENE_ADMIN, 401, &reply));
	ERR(fixture_sql(&s->f, "UPDATE users SET state = 'removed' WHERE role = 'user'"));
	ERR(ask(s, "GET", "/me", bearer(s, ana), 401, &reply));
	ERR(fixture_int(&s->f, "SELECT count(*) FROM handovers", &id));
	CHECK_INT(id, 0);
	return NULL;
}

TEST(a_session_tells_its_own_person_who_they_are)
{
	return run(t, NULL, play_me);
}

static err_t *play_cookies(struct scene *s)
{
	const char *token, *cookie;
	struct reply reply;

	ERR(scene_person(s, 42, "user"));
	ERR(scene_session(s, 42, "1 hour", &token));
	cookie = mem_fmt(s->pool, "Cookie: a=1; lembra_session=%s\r\n", token);
	ERR(ask(s, "GET", "/me", cookie, 200, &reply));
	ERR(ask(s, "GET", "/me", mem_fmt(s->pool, "%sAuthorization: Bearer x\r\n", cookie), 401, &reply));
	ERR(ask(s, "GET", "/me", mem_fmt(s->pool, "Cookie: __Host-lembra_session=%s\r\n", token), 401,
		&reply));
	/* What changes something must come from a page of ours. */
	ERR(ask(s, "DELETE", "/session", cookie, 403, &reply));
	ERR(ask(s, "DELETE", "/session", mem_fmt(s->pool, "%sOrigin: https://evil.example\r\n", cookie), 403,
		&reply));
	ERR(ask(s, "DELETE", "/session", mem_fmt(s->pool, "%sOrigin: null\r\n", cookie), 403, &reply));
	ERR(ask(s, "DELETE", "/session", mem_fmt(s->pool, "%sSec-Fetch-Site: cross-site\r\n", cookie), 403,
		&reply));
	ERR(ask(s, "DELETE", "/session", mem_fmt(s->pool, "%sSec-Fetch-Site: same-site\r\n", cookie), 403,
		&reply));
	ERR(ask(s, "DELETE", "/session",
		mem_fmt(s->pool, "%sSec-Fetch-Site: cross-site\r\nOrigin: http://test\r\n", cookie), 403,
		&reply));
	ERR(ask(s, "GET", "/me", cookie, 200, &reply)); /* still there */
	ERR(ask(s, "DELETE", "/session", mem_fmt(s->pool, "%sSec-Fetch-Site: same-origin\r\n", cookie), 200,
		&reply));
	CHECK_TEXT(raw_header(s, &reply, "Set-Cookie"),
		   "lembra_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
	ERR(ask(s, "GET", "/me", cookie, 401, &reply));
	ERR(scene_session(s, 42, "1 hour", &token));
	ERR(ask(s, "DELETE", "/session",
		mem_fmt(s->pool, "Cookie: lembra_session=%s\r\nOrigin: http://test\r\n", token), 200,
		&reply));
	ERR(scene_session(s, 42, "1 hour", &token));
	ERR(ask(s, "DELETE", "/session", bearer(s, token), 200,
		&reply)); /* no browser sends that by itself */
	ERR(ask(s, "DELETE", "/session", bearer(s, token), 401, &reply));
	return NULL;
}

TEST(a_cookie_is_not_enough_to_change_something)
{
	return run(t, NULL, play_cookies);
}

static err_t *play_https(struct scene *s)
{
	const char *token, *cookie;
	struct reply reply;

	ERR(scene_person(s, 42, "user"));
	ERR(scene_session(s, 42, "1 hour", &token));
	ERR(ask(s, "GET", "/me", mem_fmt(s->pool, "Cookie: lembra_session=%s\r\n", token), 401, &reply));
	cookie = mem_fmt(s->pool, "Cookie: __Host-lembra_session=%s\r\n", token);
	ERR(ask(s, "GET", "/me", cookie, 200, &reply));
	ERR(ask(s, "DELETE", "/session", mem_fmt(s->pool, "%sOrigin: http://test\r\n", cookie), 403, &reply));
	ERR(ask(s, "DELETE", "/session", mem_fmt(s->pool, "%sOrigin: https://lembra.example\r\n", cookie),
		200, &reply));
	CHECK_TEXT(raw_header(s, &reply, "Set-Cookie"),
		   "__Host-lembra_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
	return NULL;
}

TEST(behind_https_the_cookie_is_bound_to_its_host)
{
	static const char *const pairs[] = { "PUBLIC_URL=https://lembra.example/base", NULL };

	return run(t, pairs, play_https);
}

static err_t *play_whole(struct scene *s)
{
	const char *token;
	struct reply reply;
	struct json *body;
	int64_t n;

	ERR(scene_person(s, 42, "user"));
	ERR(scene_session(s, 42, "1 hour", &token));
	ERR(raw_call(s, "POST", "/t/echo/a%22%20%C3%A3/7?x=1&y=%26", bearer(s, token), "the body", &reply));
	CHECK_INT(reply.status, 201);
	ERR(json_read(s->pool, reply.body, strlen(reply.body), &body));
	CHECK_TEXT(json_text(body, "params"), "[\"a\\\" ã\",\"7\"]");
	CHECK_TEXT(json_text(body, "query"), "x=1&y=%26");
	CHECK_TEXT(json_text(body, "body"), "the body");
	ERR(ask(s, "GET", "/t/fail?mine", bearer(s, token), 400, &reply));
	CHECK_TEXT(reply.body, "{\"error\":\"\\\"x\\\": missing\"}");
	ERR(ask(s, "GET", "/t/fail", bearer(s, token), 500, &reply));
	CHECK(!strstr(reply.body, "secret") && strstr(reply.body, "\"trace\""));
	ERR(fixture_int(&s->f, "SELECT count(*) FROM profiles WHERE name = 'changed'", &n));
	CHECK_INT(n, 0);
	ERR(ask(s, "GET", "/t/none", bearer(s, token), 404, &reply));
	return NULL;
}

TEST(a_request_reaches_the_worker_whole_and_an_error_changes_nothing)
{
	return run(t, NULL, play_whole);
}

enum { MANY = 12, ROUNDS = 20 };

static err_t *play_many(struct scene *s)
{
	const char *request, *token;
	struct reply reply;
	int fds[MANY];

	ERR(scene_person(s, 42, "user"));
	ERR(scene_session(s, 42, "1 hour", &token));
	request = mem_fmt(s->pool, "GET /me HTTP/1.1\r\nHost: test\r\n%s\r\n", bearer(s, token));
	for (int i = 0; i < MANY; i++)
		ERR(raw_open(s, &fds[i]));
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < MANY; i++)
			ERR(raw_text(fds[i], request));
		for (int i = 0; i < MANY; i++) {
			ERR(raw_read(s, fds[i], &reply));
			CHECK_INT(reply.status, 200);
		}
	}
	return NULL;
}

TEST(many_requests_at_once_each_get_their_answer)
{
	return run(t, NULL, play_many);
}

static err_t *play_workerless(struct scene *s)
{
	int64_t n, began = clock_mono_ms();
	const char *token, *request;
	struct reply reply;
	int fd;

	ERR(scene_person(s, 42, "user"));
	ERR(scene_session(s, 42, "1 hour", &token));
	web_person_wait_ms(300);
	ERR(ask(s, "GET", "/me", bearer(s, token), 503, &reply));
	CHECK(strstr(reply.body, "\"unavailable\""));
	CHECK(clock_mono_ms() - began < 5000);
	ERR(fixture_int(&s->f, "SELECT count(*) FROM handovers", &n));
	CHECK_INT(n, 0); /* a worker that comes back has nothing left to do */
	/* One person's waiting requests have a ceiling; nobody else hears of it. */
	web_person_wait_ms(4000);
	request = mem_fmt(s->pool, "GET /me HTTP/1.1\r\nHost: test\r\n%s\r\n", bearer(s, token));
	for (int i = 0; i < 16; i++) {
		ERR(raw_open(s, &fd));
		ERR(raw_text(fd, request));
	}
	ERR(scene_await(s, "SELECT count(*) FROM handovers", 16));
	ERR(ask(s, "GET", "/me", bearer(s, token), 429, &reply));
	ERR(raw_read(s, fd, &reply));
	CHECK_INT(reply.status, 503);
	return NULL;
}

TEST(without_a_worker_people_hear_so_soon)
{
	return scene_run(t, NULL, NULL, play_workerless);
}
