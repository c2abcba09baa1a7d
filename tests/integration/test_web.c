#include "bot/web/web.h"
#include "core/fiber.h"
#include "core/metrics.h"
#include "core/version.h"
#include "tests/integration/web_scene.h"

#include <arpa/inet.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>

static err_t *check_status(struct scene *s, const char *method, const char *path, const char *headers,
			   int expected)
{
	struct reply reply;

	ERR(raw_call(s, method, path, headers, NULL, &reply));
	if (reply.status != expected)
		return err_new(ERR_INTERNAL, "%s %s (%s): %d, expected %d", method, path, headers,
			       reply.status, expected);
	return NULL;
}

static err_t *play_health(struct scene *s)
{
	struct json *body;
	struct reply reply;

	ERR(raw_call(s, "GET", "/healthz", "", NULL, &reply));
	CHECK_INT(reply.status, 200);
	ERR(json_read(s->pool, reply.body, strlen(reply.body), &body));
	CHECK_TEXT(json_text(body, "status"), "ok");
	CHECK_TEXT(json_text(body, "version"), LEMBRA_VERSION);
	CHECK(json_text(body, "time") && strchr(json_text(body, "time"), 'T'));
	CHECK_TEXT(raw_header(s, &reply, "Content-Type"), "application/json");
	CHECK_TEXT(raw_header(s, &reply, "X-Content-Type-Options"), "nosniff");
	CHECK_TEXT(raw_header(s, &reply, "Cache-Control"), "no-store");
	CHECK(!raw_header(s, &reply, "Server"));
	ERR(raw_call(s, "GET", "/readyz", "", NULL, &reply));
	CHECK_INT(reply.status, 200);
	CHECK_TEXT(reply.body, "{\"status\":\"ready\",\"reasons\":[]}");
	return NULL;
}

TEST(health_and_readiness_answer)
{
	return scene_run(t, NULL, NULL, play_health);
}

static err_t *play_unready(struct scene *s)
{
	struct reply reply;

	ERR(fixture_sql(&s->f, "ALTER TABLE directory RENAME TO elsewhere"));
	ERR(raw_call(s, "GET", "/readyz", "", NULL, &reply));
	CHECK_INT(reply.status, 503);
	CHECK_TEXT(reply.body, "{\"status\":\"unready\",\"reasons\":[\"database\"]}");
	ERR(fixture_sql(&s->f, "ALTER TABLE elsewhere RENAME TO directory"));
	ERR(check_status(s, "GET", "/readyz", "", 200));
	/* A database that does not answer is no better than none. */
	ERR(fixture_sql(&s->f, "BEGIN; LOCK TABLE directory IN ACCESS EXCLUSIVE MODE"));
	ERR(check_status(s, "GET", "/readyz", "", 503));
	ERR(check_status(s, "GET", "/healthz", "", 200));
	ERR(fixture_sql(&s->f, "COMMIT"));
	ERR(check_status(s, "GET", "/readyz", "", 200));
	return NULL;
}

TEST(without_its_database_it_is_not_ready)
{
	return scene_run(t, NULL, NULL, play_unready);
}

static err_t *play_metrics(struct scene *s)
{
	struct reply reply;

	ERR(scene_person(s, 42, "user"));
	for (int i = 1; i <= 3; i++) {
		int status;

		ERR(scene_deliver(s, i, 42, &status));
	}
	ERR(raw_call(s, "GET", "/metrics", "", NULL, &reply));
	CHECK_INT(reply.status, 200);
	CHECK(strstr(raw_header(s, &reply, "Content-Type"), "text/plain"));
	CHECK(strstr(reply.body, "\nqueue_depth 3\n"));
	CHECK(strstr(reply.body, "\nupdates_received_total 3\n"));
	CHECK(strstr(reply.body, "\nhttp_requests_total{route=\"webhook\",status=\"200\"} 3\n"));
	CHECK(strstr(reply.body, "\nhttp_request_duration_seconds_count{route=\"webhook\"} 3\n"));
	CHECK(strstr(reply.body, "\nhttp_requests_in_progress 1\n"));
	/* Behind a proxy of this machine everybody is local. */
	ERR(check_status(s, "GET", "/metrics", "X-Forwarded-For: 192.0.2.1\r\n", 401));
	ERR(check_status(s, "GET", "/metrics", "X-Real-IP: 192.0.2.1\r\nAuthorization: Bearer m3trics\r\n",
			 200));
	ERR(check_status(s, "GET", "/metrics", "X-Real-IP: 192.0.2.1\r\nAuthorization: Bearer m3tricS\r\n",
			 401));
	ERR(check_status(s, "GET", "/metrics", "X-Real-IP: 192.0.2.1\r\nAuthorization: Basic m3trics\r\n",
			 401));
	ERR(fixture_sql(&s->f, "ALTER TABLE chats RENAME TO elsewhere"));
	ERR(check_status(s, "GET", "/metrics", "", 200));
	return NULL;
}

TEST(metrics_are_for_this_machine_or_a_token)
{
	static const char *const pairs[] = { "METRICS_TOKEN=m3trics", NULL };

	return scene_run(t, pairs, NULL, play_metrics);
}

static err_t *play_tokenless(struct scene *s)
{
	ERR(check_status(s, "GET", "/metrics", "X-Forwarded-For: 192.0.2.1\r\nAuthorization: Bearer \r\n",
			 401));
	ERR(check_status(s, "GET", "/admin/users", "Authorization: Bearer \r\n", 404));
	ERR(check_status(s, "GET", "/admin/users", SCENE_ADMIN, 404));
	ERR(check_status(s, "GET", "/admin/", "", 404));
	return NULL;
}

TEST(a_token_that_is_not_set_opens_nothing)
{
	static const char *const pairs[] = { "ADMIN_TOKEN=", "METRICS_TOKEN=", NULL };

	return scene_run(t, pairs, NULL, play_tokenless);
}

static err_t *play_routes(struct scene *s)
{
	struct reply reply;

	ERR(check_status(s, "GET", "/none", "", 404));
	ERR(check_status(s, "GET", "/healthz/", "", 404));
	ERR(check_status(s, "GET", "/healthzz", "", 404));
	ERR(check_status(s, "GET", "//healthz", "", 404));
	ERR(check_status(s, "GET", "/healthz?x=1", "", 200));
	ERR(raw_call(s, "DELETE", "/healthz", "", NULL, &reply));
	CHECK_INT(reply.status, 405);
	CHECK_TEXT(raw_header(s, &reply, "Allow"), "GET, HEAD");
	ERR(raw_call(s, "GET", "/webhook/telegram", "", NULL, &reply));
	CHECK_INT(reply.status, 405);
	CHECK_TEXT(raw_header(s, &reply, "Allow"), "POST");
	ERR(raw_call(s, "PUT", "/admin/webhook", SCENE_ADMIN, NULL, &reply));
	CHECK_INT(reply.status, 405);
	CHECK_TEXT(raw_header(s, &reply, "Allow"), "GET, HEAD, POST, DELETE");
	/* Nobody learns what is under /admin without its token. */
	ERR(check_status(s, "PUT", "/admin/webhook", "", 401));
	ERR(check_status(s, "GET", "/admin/none", "", 401));
	ERR(check_status(s, "GET", "/admin", "Authorization: Bearer adm1N\r\n", 401));
	ERR(check_status(s, "GET", "/admin/none", SCENE_ADMIN, 404));
	ERR(check_status(s, "DELETE", "/admin/users/x", SCENE_ADMIN, 404));
	ERR(check_status(s, "DELETE", "/admin/users/", SCENE_ADMIN, 404));
	ERR(check_status(s, "DELETE", "/admin/users/99999999999999999999", SCENE_ADMIN, 404));
	ERR(check_status(s, "POST", "/admin/users", SCENE_ADMIN "Content-Length: 65537\r\n", 413));
	CHECK(metric_get(METRIC_HTTP_REQUESTS, "unknown", "404", NULL) >= 3);
	return NULL;
}

TEST(unknown_paths_and_wrong_methods_are_told_apart)
{
	return scene_run(t, NULL, NULL, play_routes);
}

static err_t *play_head(struct scene *s)
{
	struct reply reply;
	int fd;

	ERR(raw_open(s, &fd));
	ERR(raw_text(
		fd,
		"HEAD /healthz HTTP/1.1\r\nHost: test\r\n\r\nGET /healthz HTTP/1.1\r\nHost: test\r\n\r\n"));
	ERR(raw_read_head(s, fd, &reply));
	CHECK_INT(reply.status, 200);
	ERR(raw_read(s, fd, &reply)); /* follows at once: there was no body */
	CHECK_INT(reply.status, 200);
	CHECK(strstr(reply.body, "\"ok\""));
	return NULL;
}

TEST(head_answers_without_a_body)
{
	return scene_run(t, NULL, NULL, play_head);
}

static atomic_bool stop_now, stopped;

static void stopper(void *arg)
{
	(void)arg;
	while (!stop_now)
		err_clear(fiber_sleep(1));
	web_stop();
	stopped = true;
}

static err_t *start_stopper(struct scene *s)
{
	(void)s;
	CHECK(fiber_go("stopper", stopper, NULL));
	return NULL;
}

static err_t *play_drain(struct scene *s)
{
	struct reply reply;
	int open, late, waiting, none;

	ERR(scene_person(s, 42, "user"));
	ERR(raw_open(s, &open));
	ERR(raw_text(open, "GET /readyz HTTP/1.1\r\nHost: test\r\n\r\n"));
	ERR(raw_read(s, open, &reply));
	CHECK_INT(reply.status, 200);
	ERR(fixture_sql(&s->f, "BEGIN; LOCK TABLE updates IN ACCESS EXCLUSIVE MODE"));
	ERR(raw_open(s, &late));
	ERR(raw_open(s, &waiting));
	ERR(raw_text(waiting, scene_post(s, scene_message(s, 1, 42, "hi"))));
	ERR(scene_await(s, "SELECT count(*) FROM pg_locks WHERE NOT granted", 1));
	stop_now = true;
	while (!stopped)
		CHECK(!raw_ready(waiting));
	CHECK_ERR(raw_open(s, &none), ERR_HTTP); /* nobody new */
	ERR(raw_text(open, "GET /readyz HTTP/1.1\r\nHost: test\r\n\r\n"));
	ERR(raw_read(s, open, &reply));
	CHECK_INT(reply.status, 503);
	CHECK(strstr(reply.body, "\"draining\""));
	CHECK_TEXT(raw_header(s, &reply, "Connection"), "close");
	CHECK_ERR(raw_read(s, open, &reply), ERR_HTTP);
	ERR(fixture_sql(&s->f, "COMMIT"));
	ERR(raw_read(s, waiting, &reply)); /* what had begun is ended */
	CHECK_INT(reply.status, 200);
	return NULL;
}

TEST(stopping_ends_what_has_begun_and_takes_nothing_new)
{
	return scene_run_after(t, start_stopper, play_drain);
}

/* *ret_port: one that is taken as long as the test runs. */
static err_t *take_port(int *ret_port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(bind(fd, (struct sockaddr *)&a, n) == 0 && listen(fd, 1) == 0);
	CHECK(getsockname(fd, (struct sockaddr *)&a, &n) == 0);
	*ret_port = ntohs(a.sin_port);
	return NULL;
}

TEST(an_address_that_cannot_be_had_is_named)
{
	struct config config = { .listen_host = "127.0.0.1" };
	err_t *err;

	ERR(take_port(&config.listen_port));
	err = web_start(&config, SCENE_BOT, NULL);
	CHECK(err && err->code == ERR_CONFIG);
	CHECK_TEXT(err_message(err),
		   mem_fmt(t->pool,
			   "cannot listen on 127.0.0.1 port %d: Address already in use (HTTP_LISTEN)",
			   config.listen_port));
	err_clear(err);
	config.listen_host = "192.0.2.1"; /* of documentation: not ours */
	CHECK_ERR(web_start(&config, SCENE_BOT, NULL), ERR_CONFIG);
	return NULL;
}
