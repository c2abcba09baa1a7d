#include "core/http.h"

#include "core/clock.h"
#include "core/fault.h"
#include "core/fiber.h"
#include "core/limits.h"
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum {
	SPARE_HANDLES = 16, /* easy handles kept between calls */
	CONNECTIONS_KEPT =
		1100, /* as many calls may be in flight: closing and opening one for each would cost more than it holds */
	CONNECTION_AGE_S = 30, /* an older idle connection is not reused: its peer may have closed it */
	DEFAULT_TIMEOUT_MS = 30000,
	CONNECT_TIMEOUT_MS = 10000,
	CURL_BUFFER = 4096,         /* a call in flight holds one; answers are small */
	CURL_UPLOAD_BUFFER = 16384, /* the least that curl takes */
};

struct call {
	CURL *easy;
	struct fiber *fiber;
	struct curl_slist *headers;
	curl_mime *mime;
	const struct http_request *request;
	size_t body_at; /* bytes of the body handed to curl */
	struct buf out;
	int64_t retry_after_s;
	CURLcode code;
	bool done;
};

/* One per socket that curl watches. */
struct watch {
	uv_poll_t poll;
	curl_socket_t fd;
};

static CURLM *multi;
static uv_timer_t timer;
static CURL *spare[SPARE_HANDLES];
static int spare_n;

static void calls_finish(void)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(multi, &left))) {
		char *private = NULL;
		struct call *call;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
		call = (struct call *)(void *)private;
		call->code = message->data.result;
		call->done = true;
		fiber_wake(call->fiber); /* never resumed inside a curl callback */
	}
}

static void on_io(uv_poll_t *poll, int status, int events)
{
	struct watch *watch = poll->data;
	int running, what = 0;

	if (status < 0)
		what = CURL_CSELECT_ERR;
	if (events & UV_READABLE)
		what |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		what |= CURL_CSELECT_OUT;
	curl_multi_socket_action(multi, watch->fd, what, &running);
	calls_finish();
}

static void on_timer(uv_timer_t *t)
{
	int running;

	(void)t;
	curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
	calls_finish();
}

static int want_timer(CURLM *m, long ms, void *ctx)
{
	(void)m;
	(void)ctx;
	if (ms < 0)
		return uv_timer_stop(&timer);
	uv_update_time(timer.loop);
	return uv_timer_start(&timer, on_timer, (uint64_t)ms, 0);
}

static void watch_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static int want_io(CURL *easy, curl_socket_t fd, int what, void *ctx, void *per_socket)
{
	struct watch *watch = per_socket;
	int events = 0;

	(void)easy;
	(void)ctx;
	if (what == CURL_POLL_REMOVE) {
		if (watch) {
			uv_poll_stop(&watch->poll);
			uv_close((uv_handle_t *)&watch->poll, watch_closed);
			curl_multi_assign(multi, fd, NULL);
		}
		return 0;
	}
	if (!watch) {
		watch = calloc(1, sizeof *watch);
		if (!watch)
			return -1;
		watch->fd = fd;
		watch->poll.data = watch;
		if (uv_poll_init_socket(timer.loop, &watch->poll, fd)) {
			free(watch);
			return -1;
		}
		curl_multi_assign(multi, fd, watch);
	}
	if (what & CURL_POLL_IN)
		events |= UV_READABLE;
	if (what & CURL_POLL_OUT)
		events |= UV_WRITABLE;
	return uv_poll_start(&watch->poll, events, on_io);
}

static size_t on_data(char *p, size_t size, size_t n, void *ctx)
{
	struct call *call = ctx;

	buf_put(&call->out, p, size * n);
	return call->out.over ? 0 : size * n;
}

static size_t on_header(char *p, size_t size, size_t n, void *ctx)
{
	static const char name[] = "retry-after:";
	struct call *call = ctx;
	size_t len = size * n, at = sizeof name - 1;
	int64_t seconds = 0;

	if (len <= at || strncasecmp(p, name, at) != 0)
		return len;
	while (at < len && p[at] == ' ')
		at++;
	for (; at < len && p[at] >= '0' && p[at] <= '9' && seconds < 1000000; at++) {
		seconds = seconds * 10 + (p[at] - '0');
		call->retry_after_s = seconds;
	}
	return len;
}

/* The body is handed over by callback and cannot be rewound: when a reused connection dies without an
 * answer, curl would send a POST again by itself, and a message would arrive twice behind our back. */
static size_t on_read(char *p, size_t size, size_t n, void *ctx)
{
	struct call *call = ctx;
	size_t room = size * n, left = call->request->body_n - call->body_at;

	if (room > left)
		room = left;
	if (room)
		memcpy(p, (const char *)call->request->body + call->body_at, room);
	call->body_at += room;
	return room;
}

static NODISCARD err_t *multi_open(void)
{
	if (multi)
		return NULL;
	if (curl_global_init(CURL_GLOBAL_ALL))
		return err_new(ERR_INTERNAL, "curl did not initialise");
	multi = curl_multi_init();
	if (!multi)
		return err_new(ERR_INTERNAL, "curl gave no multi handle");
	uv_timer_init(uv_default_loop(), &timer);
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, want_io);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT);
	curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
	return NULL;
}

static void set_body(struct call *call)
{
	const struct http_request *request = call->request;
	CURL *easy = call->easy;

	if (request->parts) {
		call->mime = curl_mime_init(easy);
		for (const struct http_part *part = request->parts; part->name; part++) {
			curl_mimepart *p = curl_mime_addpart(call->mime);

			curl_mime_name(p, part->name);
			curl_mime_data(p, part->data, part->n);
			if (part->filename)
				curl_mime_filename(p, part->filename);
			if (part->type)
				curl_mime_type(p, part->type);
		}
		curl_easy_setopt(easy, CURLOPT_MIMEPOST, call->mime);
		/* A mime body can be rewound, so it goes out on a connection that cannot be stale. */
		curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	} else if (request->body) {
		curl_easy_setopt(easy, CURLOPT_POST, 1L);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_n);
		curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
		curl_easy_setopt(easy, CURLOPT_READDATA, call);
	}
	if (strcmp(request->method, request->body || request->parts ? "POST" : "GET") != 0)
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
}

static void set_headers(apr_pool_t *pool, struct call *call)
{
	const struct http_request *request = call->request;
	const char *type = request->content_type ? request->content_type : "application/json";

	call->headers = curl_slist_append(NULL, "Expect:");
	if (request->body)
		call->headers = curl_slist_append(call->headers, mem_fmt(pool, "Content-Type: %s", type));
	for (const char *const *h = request->headers; h && *h; h++)
		call->headers = curl_slist_append(call->headers, *h);
	curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->headers);
}

static NODISCARD err_t *call_open(apr_pool_t *pool, struct call *call)
{
	CURL *easy = spare_n ? spare[--spare_n] : curl_easy_init();
	int64_t timeout = call->request->timeout_ms ? call->request->timeout_ms : DEFAULT_TIMEOUT_MS;

	if (!easy)
		return err_new(ERR_INTERNAL, "curl gave no easy handle");
	call->easy = easy;
	curl_easy_setopt(easy, CURLOPT_URL, call->request->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_data);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)CURL_BUFFER);
	curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, (long)CURL_UPLOAD_BUFFER);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
	curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)CONNECTION_AGE_S);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* a timeout does not join the resolver's thread */
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);   /* keeps curl's cache of the parsed CA bundle */
	curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	set_body(call);
	set_headers(pool, call);
	return NULL;
}

/* curl_multi_remove_handle closes the connection of a call that was cut in the middle. */
static void call_close(struct call *call)
{
	curl_multi_remove_handle(multi, call->easy);
	curl_easy_reset(call->easy);
	if (spare_n < SPARE_HANDLES)
		spare[spare_n++] = call->easy;
	else
		curl_easy_cleanup(call->easy);
	curl_slist_free_all(call->headers);
	curl_mime_free(call->mime);
}

static NODISCARD err_t *call_result(struct call *call, struct http_reply *ret_reply)
{
	long sent = 0, status = 0;

	curl_easy_getinfo(call->easy, CURLINFO_REQUEST_SIZE, &sent);
	if (call->code == CURLE_OK) {
		curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
		ret_reply->status = status;
		ret_reply->body = call->out.p ? call->out.p : "";
		ret_reply->n = call->out.n;
		ret_reply->retry_after_s = call->retry_after_s;
		ret_reply->maybe_sent = true;
		return NULL;
	}
	ret_reply->maybe_sent = sent > 0;
	if (call->out.over)
		return err_new(ERR_TOO_LARGE, "answer over %zu bytes", call->out.max);
	if (call->code == CURLE_OPERATION_TIMEDOUT)
		return err_new(ERR_TIMEOUT, "no answer in time");
	return err_new(ERR_HTTP, "%s", curl_easy_strerror(call->code));
}

err_t *http_send(apr_pool_t *pool, const struct http_request *request, struct http_reply *ret_reply)
{
	size_t max = request->reply_max ? request->reply_max : LIMIT_HTTP_REPLY;
	struct call call = { .request = request, .fiber = fiber_self(), .retry_after_s = -1 };
	err_t *err = NULL;

	ret_reply->maybe_sent = false;
	if (*fiber_open_tx())
		return err_new(ERR_INTERNAL, "http call inside an open transaction");
	if (fault_hit(FAULT_HTTP))
		return err_new(ERR_HTTP, "injected: not sent");
	ERR(multi_open());
	call.out = buf_new(pool, max);
	ERR(call_open(pool, &call));
	curl_multi_add_handle(multi, call.easy);
	while (!call.done && !err)
		err = fiber_wait(0);
	if (err && !call.done) {
		long sent = 0;

		curl_easy_getinfo(call.easy, CURLINFO_REQUEST_SIZE, &sent);
		ret_reply->maybe_sent = sent > 0;
	} else {
		err_clear(err);
		err = call_result(&call, ret_reply);
		if (!err && fault_hit(FAULT_HTTP_LOST))
			err = err_new(ERR_HTTP, "injected: answer lost");
	}
	call_close(&call);
	return err;
}

void http_shutdown(void)
{
	if (!multi)
		return;
	while (spare_n)
		curl_easy_cleanup(spare[--spare_n]);
	curl_multi_cleanup(multi);
	multi = NULL;
	curl_global_cleanup();
}
