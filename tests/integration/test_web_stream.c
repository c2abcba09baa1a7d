#include "bot/web/web.h"
#include "bot/web/web_server.h"
#include "bot/web/web_stream.h"
#include "core/clock.h"
#include "core/fiber.h"
#include "core/limits.h"
#include "core/metrics.h"
#include "tests/integration/web_scene.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static atomic_int begun, ended;
static atomic_int outcome; /* how the last one ended, an err_code */

static err_t *ended_by(err_t *err)
{
	outcome = err ? (int)err->code : -1;
	ended++;
	return err;
}

/* Says three things and is done. */
static err_t *few_run(struct web_request *r)
{
	ERR(web_stream_open(r));
	ERR(web_stream_event(r, "one", "1"));
	ERR(web_stream_event(r, NULL, "two\r\nlines\n"));
	ERR(fiber_sleep(20));
	return web_stream_event(r, "three", "");
}

static err_t *silent(struct web_request *r)
{
	ERR(web_stream_open(r));
	begun++;
	for (;;)
		ERR(fiber_sleep(60000));
}

static err_t *silent_run(struct web_request *r)
{
	return ended_by(silent(r));
}

static err_t *flood(struct web_request *r)
{
	static char piece[4000];

	memset(piece, 'x', sizeof piece - 1);
	ERR(web_stream_open(r));
	begun++;
	for (;;) {
		ERR(web_stream_event(r, "flood", piece));
		ERR(fiber_sleep(1));
	}
}

static err_t *flood_run(struct web_request *r)
{
	return ended_by(flood(r));
}

static const struct web_route routes[] = {
	{ "GET", "/t/few", "t", .run = few_run, .deadline_ms = 5000, .stream = true },
	{ "GET", "/t/silent", "t", .run = silent_run, .deadline_ms = 300, .stream = true },
	{ "GET", "/t/flood", "t", .run = flood_run, .deadline_ms = 5000, .stream = true },
	{ 0 },
};
static const struct web_route_entry entries[] = { { routes, true }, { 0 } };

static err_t *run(struct test *t, err_t *(*play)(struct scene *s))
{
	web_route_extra(entries);
	return scene_run(t, NULL, NULL, play);
}

static err_t *stream_open(struct scene *s, const char *path, int *ret_fd, struct reply *ret)
{
	ERR(raw_open(s, ret_fd));
	ERR(raw_text(*ret_fd,
		     mem_fmt(s->pool, "GET %s HTTP/1.1\r\nHost: test\r\n" SCENE_ADMIN "\r\n", path)));
	return raw_read_head(s, *ret_fd, ret);
}

/* Until *value is at least n. */
static err_t *await(atomic_int *value, int n)
{
	int64_t end = clock_mono_ms() + 20000;
	struct timespec pause = { .tv_nsec = 5000000 };

	while (*value < n && clock_mono_ms() < end)
		nanosleep(&pause, NULL);
	CHECK(*value >= n);
	return NULL;
}

static err_t *play_few(struct scene *s)
{
	struct reply reply;
	const char *seen;
	int fd;

	ERR(stream_open(s, "/t/few", &fd, &reply));
	CHECK_INT(reply.status, 200);
	CHECK_TEXT(raw_header(s, &reply, "Content-Type"), "text/event-stream");
	CHECK_TEXT(raw_header(s, &reply, "Cache-Control"), "no-store");
	CHECK_TEXT(raw_header(s, &reply, "Transfer-Encoding"), "chunked");
	ERR(raw_await(s, fd, "\r\n0\r\n\r\n", &seen));
	CHECK(strstr(seen, "event: one\ndata: 1\n\n"));
	CHECK(strstr(seen, "data: two\ndata: lines\ndata: \n\n"));
	CHECK(strstr(seen, "event: three\ndata: \n\n"));
	/* The connection goes on. */
	ERR(raw_text(fd, "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n"));
	ERR(raw_read(s, fd, &reply));
	CHECK_INT(reply.status, 200);
	ERR(raw_text(
		fd,
		"HEAD /t/silent HTTP/1.1\r\nHost: test\r\n\r\nGET /healthz HTTP/1.1\r\nHost: test\r\n\r\n"));
	ERR(raw_read_head(s, fd, &reply));
	CHECK_INT(reply.status, 200);
	CHECK_TEXT(raw_header(s, &reply, "Content-Type"), "text/event-stream");
	ERR(raw_read(s, fd, &reply));
	CHECK_INT(reply.status, 200);
	CHECK_INT(begun, 0);
	return NULL;
}

TEST(a_stream_says_what_it_has_to_and_ends)
{
	return run(t, play_few);
}

static err_t *play_gone(struct scene *s)
{
	struct reply reply;
	const char *seen;
	int fd;

	web_stream_beat_ms(50);
	ERR(stream_open(s, "/t/silent", &fd, &reply));
	ERR(raw_await(s, fd, ":\n\n", &seen)); /* it lives */
	ERR(raw_await(s, fd, ":\n\n", &seen)); /* its deadline has passed, and ends no stream */
	CHECK_INT(ended, 0);
	web_stream_beat_ms(1000000);
	raw_close(fd);
	ERR(await(&ended, 1));
	CHECK_INT(outcome, ERR_CANCELLED);
	ERR(raw_call(s, "GET", "/healthz", "", NULL, &reply));
	CHECK_INT(reply.status, 200);
	CHECK(metric_get(METRIC_HTTP_REQUESTS, "t", "aborted", NULL) == 1);
	return NULL;
}

TEST(a_client_that_goes_away_ends_its_stream)
{
	return run(t, play_gone);
}

static err_t *play_slow(struct scene *s)
{
	struct reply reply;
	int fd, bytes = 4096;

	ERR(raw_open(s, &fd));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
	ERR(raw_text(fd, "GET /t/flood HTTP/1.1\r\nHost: test\r\n\r\n"));
	ERR(await(&ended, 1)); /* nothing was read */
	CHECK_INT(outcome, ERR_TOO_LARGE);
	ERR(raw_await_end(fd));
	ERR(raw_call(s, "GET", "/healthz", "", NULL, &reply));
	CHECK_INT(reply.status, 200);
	CHECK_INT(web_stream_count(), 0);
	return NULL;
}

TEST(a_client_that_never_reads_is_dropped)
{
	return run(t, play_slow);
}

enum { ASKED = 5000 };

static err_t *play_many(struct scene *s)
{
	int open = 0, refused = 0, fds[LIMIT_STREAMS + 1];
	struct reply reply;
	int status;

	for (int i = 0; i < ASKED; i++) {
		int fd;

		ERR(stream_open(s, "/t/silent", &fd, &reply));
		if (reply.status == 200 && open <= LIMIT_STREAMS)
			fds[open++] = fd;
		refused += reply.status == 503;
		if (reply.status == 503)
			raw_close(fd);
	}
	CHECK_INT(open, LIMIT_STREAMS);
	CHECK_INT(refused, ASKED - LIMIT_STREAMS);
	ERR(scene_person(s, 42, "user"));
	ERR(scene_deliver(s, 1, 42, &status)); /* Telegram is served all the same */
	CHECK_INT(status, 200);
	for (int i = 0; i < open; i++)
		raw_close(fds[i]);
	ERR(await(&ended, LIMIT_STREAMS));
	ERR(stream_open(s, "/t/silent", &fds[0], &reply));
	CHECK_INT(reply.status, 200);
	return NULL;
}

TEST(there_is_a_ceiling_on_streams)
{
	return run(t, play_many);
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

/* One listens, one does not read. After play the scene waits until both have ended. */
static err_t *play_stop(struct scene *s)
{
	struct reply reply;
	const char *seen;
	int quiet, stuck, bytes = 4096;

	ERR(stream_open(s, "/t/silent", &quiet, &reply));
	ERR(raw_open(s, &stuck));
	setsockopt(stuck, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
	ERR(raw_text(stuck, "GET /t/flood HTTP/1.1\r\nHost: test\r\n\r\n"));
	ERR(await(&begun, 2));
	stop_now = true;
	while (!stopped)
		CHECK(clock_mono_ms() > 0);
	ERR(raw_await(s, quiet, "0\r\n\r\n", &seen)); /* a proper end */
	ERR(await(&ended, 2));
	CHECK_INT(outcome == ERR_CANCELLED || outcome == ERR_TOO_LARGE, 1);
	return NULL;
}

TEST(stopping_waits_for_no_stream)
{
	int64_t began = clock_mono_ms();

	web_route_extra(entries);
	ERR(scene_run_after(t, start_stopper, play_stop));
	CHECK(clock_mono_ms() - began < 15000);
	return NULL;
}

static err_t *play_queue(struct scene *s)
{
	struct reply reply;
	const char *seen;
	int status, fd;

	ERR(raw_call(s, "GET", "/admin/queue/stream", "", NULL, &reply));
	CHECK_INT(reply.status, 401);
	ERR(stream_open(s, "/admin/queue/stream", &fd, &reply));
	CHECK_INT(reply.status, 200);
	ERR(raw_await(s, fd, "\n\n", &seen));
	CHECK(strstr(seen, "event: depths\ndata: {\"updates\":0,"));
	ERR(scene_person(s, 42, "user"));
	ERR(scene_deliver(s, 7, 42, &status));
	ERR(raw_await(s, fd, "{\"updates\":1,\"outbox\":0,\"leased\":0,\"dead\":0,", &seen));
	return NULL;
}

TEST(the_queue_can_be_watched)
{
	return scene_run(t, NULL, NULL, play_queue);
}
