#include "bot/web/web_stream.h"

#include "bot/web/web_answer.h"
#include "bot/web/web_server_part.h"
#include "core/clock.h"
#include "core/fiber.h"
#include "core/limits.h"
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <uv.h>

enum {
	BLOCK = 4096,
	QUEUE_FIRST = 1024,
	SOCKET_QUEUE = 32 * 1024, /* the kernel's own is megabytes, which would hide that nobody reads */
	BEAT_MS = 15000,          /* proxies close what is silent for a minute */
	TICK_MS = 500,
	STOP_MS = 1000, /* what has not taken its end by then is cut off */
};

/* In its request's pool. */
struct web_stream {
	struct web_stream *next, **link;
	struct web_request *r;
	struct fiber *fiber; /* of the handler; NULL once it has returned */
	uv_poll_t *hangup;
	char *queue;
	size_t at, n, cap; /* n bytes wait, from at on */
	int64_t pushed_ms;
	bool parked;  /* suspended: nothing waits */
	bool ended;   /* after what waits comes the end */
	bool dropped; /* in the middle */
	bool gone;    /* the connection is no more */
};

static struct {
	struct web_stream *all;
	size_t count;
	uv_timer_t timer;
	bool timer_made;
	int64_t beat_ms, stop_ms;
} streams = { .beat_ms = BEAT_MS };

static void advance(struct web_stream *s)
{
	if (!s->parked)
		return;
	s->parked = false;
	MHD_resume_connection(s->r->connection);
	web_server_kick();
}

/* A connection whose client takes nothing tells us nothing: its socket is shut, and libmicrohttpd sees that. */
static void drop(struct web_stream *s)
{
	if (s->gone)
		return;
	s->ended = s->dropped = true;
	s->n = 0;
	shutdown(web_server_fd(s->r), SHUT_RDWR);
	advance(s);
}

static bool reserve(struct web_stream *s, size_t n)
{
	size_t cap = s->cap ? s->cap : QUEUE_FIRST;
	char *p;

	if (s->at + s->n + n <= s->cap)
		return true;
	if (s->at)
		memmove(s->queue, s->queue + s->at, s->n);
	s->at = 0;
	while (cap < s->n + n)
		cap *= 2;
	if (cap == s->cap)
		return true;
	p = realloc(s->queue, cap);
	if (!p)
		return false;
	s->queue = p;
	s->cap = cap;
	return true;
}

static bool put(struct web_stream *s, const void *p, size_t n)
{
	if (s->n + n > LIMIT_STREAM_QUEUE || !reserve(s, n))
		return false;
	memcpy(s->queue + s->at + s->n, p, n);
	s->n += n;
	s->pushed_ms = clock_mono_ms();
	advance(s);
	return true;
}

/* libmicrohttpd asks for more. */
static ssize_t on_read(void *ctx, uint64_t position, char *to, size_t max)
{
	struct web_stream *s = ctx;
	size_t n = s->n < max ? s->n : max;

	(void)position;
	if (s->dropped)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (n) {
		memcpy(to, s->queue + s->at, n);
		s->at += n;
		s->n -= n;
		return (ssize_t)n;
	}
	if (s->ended)
		return MHD_CONTENT_READER_END_OF_STREAM;
	s->parked = true;
	MHD_suspend_connection(s->r->connection);
	return 0;
}

static void on_hangup(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	uv_poll_stop(poll);
	drop(poll->data);
}

static void on_closed(uv_handle_t *handle)
{
	free(handle);
}

/* libmicrohttpd does not watch a suspended connection. */
static void hangup_watch(struct web_stream *s)
{
	s->hangup = calloc(1, sizeof *s->hangup);
	if (!s->hangup || uv_poll_init(uv_default_loop(), s->hangup, web_server_fd(s->r))) {
		free(s->hangup);
		s->hangup = NULL; /* then a failed write tells, at the next beat */
		return;
	}
	s->hangup->data = s;
	uv_poll_start(s->hangup, UV_DISCONNECT, on_hangup);
}

static void on_tick(uv_timer_t *timer)
{
	int64_t now = clock_mono_ms();

	(void)timer;
	for (struct web_stream *s = streams.all; s; s = s->next) {
		if (streams.stop_ms && now >= streams.stop_ms)
			drop(s);
		else if (!s->ended && now - s->pushed_ms >= streams.beat_ms && !put(s, ":\n\n", 3))
			drop(s);
	}
}

static void stream_link(struct web_stream *s)
{
	s->next = streams.all;
	s->link = &streams.all;
	if (s->next)
		s->next->link = &s->next;
	streams.all = s;
	streams.count++;
	if (!streams.timer_made)
		uv_timer_init(uv_default_loop(), &streams.timer);
	streams.timer_made = true;
	if (!s->next)
		uv_timer_start(&streams.timer, on_tick, TICK_MS, TICK_MS);
}

static void stream_unlink(struct web_stream *s)
{
	*s->link = s->next;
	if (s->next)
		s->next->link = s->link;
	streams.count--;
	if (!streams.all)
		uv_timer_stop(&streams.timer);
}

bool web_stream_gone(struct web_request *r)
{
	struct web_stream *s = r->stream;

	s->gone = s->ended = true;
	stream_unlink(s);
	if (s->hangup) {
		uv_poll_stop(s->hangup);
		uv_close((uv_handle_t *)s->hangup, on_closed);
	}
	free(s->queue);
	s->queue = NULL;
	s->n = s->at = s->cap = 0;
	r->connection = NULL;
	r->peer = NULL;
	fiber_cancel(s->fiber);
	return s->fiber;
}

err_t *web_stream_open(struct web_request *r)
{
	struct web_stream *s = MEM_NEW(r->pool, struct web_stream);
	struct MHD_Response *response;
	int bytes = SOCKET_QUEUE;

	if (streams.count >= LIMIT_STREAMS)
		return err_new(ERR_UNAVAILABLE, "too many streams");
	if (web_server_closing() || r->response)
		return err_new(ERR_UNAVAILABLE, "no stream can begin");
	ERR(web_answer_header(r, "X-Accel-Buffering",
			      "no")); /* nginx would gather what is to go out at once */
	response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, on_read, s, NULL);
	if (!response)
		return err_new(ERR_INTERNAL, "no response");
	*s = (struct web_stream){ .r = r, .fiber = fiber_self(), .pushed_ms = clock_mono_ms() };
	setsockopt(web_server_fd(r), SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
	r->stream = s;
	stream_link(s);
	hangup_watch(s);
	web_server_settle(r, 200, web_answer_dress(r, response, "text/event-stream"), true);
	return NULL;
}

static NODISCARD err_t *push(struct web_request *r, const void *p, size_t n)
{
	struct web_stream *s = r->stream;

	if (s->ended)
		return err_new(ERR_CANCELLED, "the stream has ended");
	if (!put(s, p, n)) {
		drop(s);
		return err_new(ERR_TOO_LARGE, "the client does not read");
	}
	return NULL;
}

static NODISCARD err_t *event_push(struct web_request *r, struct buf *text, const char *name,
				   const char *data)
{
	if (name)
		buf_fmt(text, "event: %s\n", name);
	for (;;) {
		size_t n = strcspn(data, "\r\n");

		buf_text(text, "data: ");
		buf_put(text, data, n);
		buf_char(text, '\n');
		if (!data[n])
			break;
		data += n + (data[n] == '\r' && data[n + 1] == '\n') + 1;
	}
	buf_char(text, '\n');
	ERR(buf_check(text));
	return push(r, text->p, text->n);
}

err_t *web_stream_event(struct web_request *r, const char *name, const char *data)
{
	apr_pool_t *each = pool_child(r->pool); /* a stream may live for days */
	struct buf text = buf_new(each, LIMIT_STREAM_QUEUE);
	err_t *err = event_push(r, &text, name, data);

	pool_free(each);
	return err;
}

void web_stream_end(struct web_request *r)
{
	struct web_stream *s = r->stream;

	s->fiber = NULL;
	s->ended = true;
	if (s->gone)
		web_server_release(r);
	else
		advance(s);
}

void web_stream_stop(void)
{
	streams.stop_ms = clock_mono_ms() + STOP_MS;
	for (struct web_stream *s = streams.all; s; s = s->next) {
		s->ended = true;
		fiber_cancel(s->fiber);
		advance(s);
	}
}

size_t web_stream_count(void)
{
	return streams.count;
}

void web_stream_beat_ms(int64_t ms)
{
	streams.beat_ms = ms;
}
