#include "bot/web/web_server.h"

#include "bot/web/web_linger.h"
#include "core/clock.h"
#include "core/text.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

enum {
	CONNECTIONS = 2048,
	CONNECTION_MEMORY = 8192, /* headers must fit; bodies pass through it */
	IDLE_S = 30,
	BACKLOG = 1024,
	BODY_FIRST = 4096,
	BODY_KEPT = 16384, /* a larger buffer is not kept for the next request */
	SPARE_REQUESTS = 64,
	BODY_OVER = 8,          /* a chunked body is read to its end up to so many times what is allowed */
	BODY_LATEST_MS = 60000, /* a body that takes longer is cut off */
	RUNS_IN_A_ROW = 1,      /* before the rest of the loop has its turn */
};

/* Answers without a text of their own; made once. */
static struct {
	int status;
	const char *body, *name, *value;
	struct MHD_Response *response;
} fixed[] = {
	{ 200, "{\"status\":\"ok\"}", NULL, NULL, NULL },
	{ 400, "{\"error\":\"bad request\"}", NULL, NULL, NULL },
	{ 401, "{\"error\":\"unauthorized\"}", "WWW-Authenticate", "Bearer", NULL },
	{ 404, "{\"error\":\"not found\"}", NULL, NULL, NULL },
	{ 413, "{\"error\":\"too large\"}", NULL, NULL, NULL },
	{ 503, "{\"error\":\"unavailable\"}", "Retry-After", "2", NULL },
	{ 500, "{\"error\":\"internal\"}", NULL, NULL, NULL }, /* last: stands in for every other status */
};
#define FIXED (sizeof(fixed) / sizeof(*fixed))

/* What we remember of a connection over its requests. */
struct peer {
	bool unread; /* refused before its body was read */
};

static struct {
	struct web_server_hooks hooks;
	struct MHD_Daemon *daemon;
	uv_poll_t poll;
	uv_timer_t timer;
	int listen_fd, port;
	size_t busy, spare_n;
	struct web_request *spare;
	bool closing;
} server = { .listen_fd = -1 };

/* --- requests --- */

static struct web_request *request_new(struct MHD_Connection *connection)
{
	struct web_request *r = server.spare;
	apr_pool_t *pool;
	char *body = NULL;
	size_t cap = 0;

	if (r) {
		server.spare = r->next;
		server.spare_n--;
		pool = r->pool;
		body = r->body;
		cap = r->body_cap;
	} else {
		r = calloc(1, sizeof(*r));
		if (!r)
			return NULL;
		pool = pool_root();
	}
	*r = (struct web_request){ .pool = pool, .body = body, .body_cap = cap, .connection = connection };
	r->begun_us = clock_mono_us();
	return r;
}

static void request_free(struct web_request *r)
{
	server.busy -= r->begun;
	pool_clear(r->pool);
	if (r->body_cap > BODY_KEPT) {
		free(r->body);
		r->body = NULL;
		r->body_cap = 0;
	}
	if (server.spare_n < SPARE_REQUESTS) {
		r->next = server.spare;
		server.spare = r;
		server.spare_n++;
		return;
	}
	pool_free(r->pool);
	free(r->body);
	free(r);
}

/* Room for n bytes more and the NUL. */
static bool body_reserve(struct web_request *r, size_t n)
{
	size_t cap = r->body_cap ? r->body_cap : BODY_FIRST;
	char *p;

	while (cap < r->body_n + n + 1)
		cap *= 2;
	if (cap == r->body_cap)
		return true;
	p = realloc(r->body, cap);
	if (!p)
		return false;
	r->body = p;
	r->body_cap = cap;
	return true;
}

/* What is too much is read and dropped, because libmicrohttpd takes no answer in the middle of a body; false
 * cuts the connection. */
static bool body_take(struct web_request *r, const char *data, size_t n)
{
	r->body_seen += n;
	if (r->body_seen > BODY_OVER * r->body_max ||
	    clock_mono_us() - r->begun_us > BODY_LATEST_MS * INT64_C(1000))
		return false;
	if (r->body_seen > r->body_max)
		return true;
	if (!body_reserve(r, n))
		return false;
	memcpy(r->body + r->body_n, data, n);
	r->body_n += n;
	r->body[r->body_n] = '\0';
	return true;
}

/* A recycled buffer still holds the last request's bytes. */
static void body_end(struct web_request *r)
{
	if (r->body && !r->body_n)
		r->body[0] = '\0';
}

/* --- answers --- */

static void response_dress(struct MHD_Response *response, const char *type)
{
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	if (server.closing)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
}

/* The text is not copied: it lives in the request's pool, or for ever. */
static struct MHD_Response *response_new(const char *type, const char *body)
{
	void *p = (void *)(uintptr_t)body;
	struct MHD_Response *response =
		MHD_create_response_from_buffer(strlen(body), p, MHD_RESPMEM_PERSISTENT);

	if (response)
		response_dress(response, type);
	return response;
}

static bool fixed_make(void)
{
	for (size_t i = 0; i < FIXED; i++) {
		fixed[i].response = response_new("application/json", fixed[i].body);
		if (!fixed[i].response)
			return false;
		if (fixed[i].name)
			MHD_add_response_header(fixed[i].response, fixed[i].name, fixed[i].value);
	}
	return true;
}

static enum MHD_Result request_send(struct web_request *r)
{
	return MHD_queue_response(r->connection, (unsigned)r->status, r->response);
}

static void on_timer(uv_timer_t *timer);

static void request_settle(struct web_request *r, int status, struct MHD_Response *response, bool own)
{
	if (r->response) /* answered before */
		return;
	r->status = response ? status : 500;
	r->response = response ? response : fixed[FIXED - 1].response;
	r->own_response = response && own;
	if (r->suspended) {
		r->suspended = false;
		MHD_resume_connection(r->connection);
		/* It only marks the connection: the epoll descriptor does not show it. */
		uv_timer_start(&server.timer, on_timer, 0, 0);
	}
}

/* --- libmicrohttpd in the loop --- */

static void run(void)
{
	MHD_UNSIGNED_LONG_LONG ms = 0;
	int runs = 0;
	bool more;

	do {
		MHD_run(server.daemon);
		more = MHD_get_timeout(server.daemon, &ms) == MHD_YES;
	} while (more && ms == 0 && ++runs < RUNS_IN_A_ROW);
	if (more)
		uv_timer_start(&server.timer, on_timer, ms, 0);
	else
		uv_timer_stop(&server.timer);
}

static void on_timer(uv_timer_t *timer)
{
	(void)timer;
	run();
}

static void on_io(uv_poll_t *poll, int status, int events)
{
	(void)poll;
	(void)status;
	(void)events;
	run();
}

/* A connection that is closed on an unread body would be reset, and the answer lost: see web_linger. */
static void refuse_body(struct web_request *r)
{
	const union MHD_ConnectionInfo *info;

	if (web_server_length(r) == 0)
		return;
	info = MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	if (info && info->socket_context)
		((struct peer *)info->socket_context)->unread = true;
}

static enum MHD_Result on_headers(struct MHD_Connection *connection, const char *url, const char *method,
				  void **context)
{
	struct web_request *r = request_new(connection);

	*context = r;
	if (!r)
		return MHD_NO;
	r->method = strcmp(method, "HEAD") == 0 ? "GET" : mem_text(r->pool, method);
	r->path = mem_text(r->pool, url);
	server.hooks.admit(r);
	if (!r->response && web_server_length(r) > (int64_t)r->body_max)
		web_server_answer(r, 413);
	if (!r->response)
		return MHD_YES;
	refuse_body(r);
	return request_send(r);
}

/* Called with the headers, then with each piece of the body, at its end, and when resumed. */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data, size_t *n,
				  void **context)
{
	struct web_request *r = *context;

	(void)ctx;
	(void)version;
	if (!r)
		return on_headers(connection, url, method, context);
	if (*n) {
		bool ok = body_take(r, data, *n);

		*n = 0;
		return ok ? MHD_YES : MHD_NO;
	}
	if (!r->begun) {
		r->begun = true;
		server.busy++;
		body_end(r);
		if (r->body_seen > r->body_max)
			web_server_answer(r, 413);
		else
			server.hooks.begin(r);
	}
	if (r->response)
		return request_send(r);
	r->suspended = true;
	MHD_suspend_connection(connection);
	return MHD_YES;
}

static void on_completed(void *ctx, struct MHD_Connection *connection, void **context,
			 enum MHD_RequestTerminationCode code)
{
	struct web_request *r = *context;

	(void)ctx;
	(void)connection;
	if (!r)
		return;
	*context = NULL;
	server.hooks.end(r, code == MHD_REQUEST_TERMINATED_COMPLETED_OK ? r->status : 0);
	if (r->own_response)
		MHD_destroy_response(r->response);
	request_free(r);
}

static void on_connection(void *ctx, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct peer *peer = *context;
	const union MHD_ConnectionInfo *info;

	(void)ctx;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*context = calloc(1, sizeof(*peer));
		return;
	}
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	if (peer && peer->unread && info)
		web_linger(info->connect_fd);
	free(peer);
}

/* --- sockets --- */

static int listen_on(const struct addrinfo *a)
{
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;

	int error = errno;
	close(fd);
	errno = error;
	return -1;
}

static NODISCARD err_t *socket_open(const char *host, int port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV },
			*list = NULL;
	struct sockaddr_in6 address = { 0 }; /* room for both families; the port is at the same place */
	socklen_t n = sizeof(address);
	char service[8];
	int error;

	snprintf(service, sizeof(service), "%d", port);
	error = getaddrinfo(host, service, &hints, &list);
	if (error)
		return err_new(ERR_CONFIG, "cannot listen on \"%s\": %s (HTTP_LISTEN)", host,
			       gai_strerror(error));
	for (struct addrinfo *a = list; a && server.listen_fd < 0; a = a->ai_next)
		server.listen_fd = listen_on(a);
	error = errno;
	freeaddrinfo(list);
	if (server.listen_fd < 0)
		return err_new(ERR_CONFIG, "cannot listen on %s port %d: %s (HTTP_LISTEN)", host, port,
			       strerror(error));
	if (getsockname(server.listen_fd, (struct sockaddr *)&address, &n) == 0)
		server.port = ntohs(address.sin6_port);
	return NULL;
}

static NODISCARD err_t *daemon_start(void)
{
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
	const union MHD_DaemonInfo *info;

	server.daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, NULL, MHD_OPTION_LISTEN_SOCKET,
					 server.listen_fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
					 MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
					 MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
					 MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
					 MHD_OPTION_NOTIFY_CONNECTION, on_connection, NULL, MHD_OPTION_END);
	if (!server.daemon || !fixed_make())
		return err_new(ERR_INTERNAL, "libmicrohttpd did not start");
	info = MHD_get_daemon_info(server.daemon, MHD_DAEMON_INFO_EPOLL_FD);
	uv_timer_init(uv_default_loop(), &server.timer);
	if (!info || uv_poll_init(uv_default_loop(), &server.poll, info->epoll_fd))
		return err_new(ERR_INTERNAL, "libmicrohttpd cannot be watched");
	uv_poll_start(&server.poll, UV_READABLE, on_io);
	return NULL;
}

/* --- public --- */

err_t *web_server_open(const char *host, int port, const struct web_server_hooks *hooks)
{
	server.hooks = *hooks;
	ERR(socket_open(host, port));
	return daemon_start();
}

int web_server_port(void)
{
	return server.port;
}

void web_server_quiesce(void)
{
	MHD_socket fd;

	if (!server.daemon || server.closing)
		return;
	server.closing = true;
	for (size_t i = 0; i < FIXED; i++)
		MHD_add_response_header(fixed[i].response, MHD_HTTP_HEADER_CONNECTION, "close");
	fd = MHD_quiesce_daemon(server.daemon);
	if (fd >= 0)
		close(fd);
}

size_t web_server_busy(void)
{
	return server.busy;
}

void web_server_close(void)
{
	if (!server.daemon)
		return;
	uv_poll_stop(&server.poll);
	uv_close((uv_handle_t *)&server.poll, NULL);
	uv_close((uv_handle_t *)&server.timer, NULL);
	MHD_stop_daemon(server.daemon);
	server.daemon = NULL;
	for (size_t i = 0; i < FIXED; i++)
		MHD_destroy_response(fixed[i].response);
	for (struct web_request *r = server.spare, *next; r; r = next) {
		next = r->next;
		pool_free(r->pool);
		free(r->body);
		free(r);
	}
	server.spare = NULL;
	server.spare_n = 0;
}

const char *web_server_header(const struct web_request *r, const char *name)
{
	return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

int64_t web_server_length(const struct web_request *r)
{
	const char *length = web_server_header(r, MHD_HTTP_HEADER_CONTENT_LENGTH);
	int64_t n;

	if (web_server_header(r, MHD_HTTP_HEADER_TRANSFER_ENCODING))
		return -1;
	if (!length)
		return 0;
	return text_int(length, &n) && n >= 0 ? n : INT64_MAX;
}

bool web_server_local(const struct web_request *r)
{
	static const char *const proxied[] = { "X-Forwarded-For", "Forwarded", "X-Real-IP" };
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *peer = info ? info->client_addr : NULL;

	for (size_t i = 0; i < sizeof(proxied) / sizeof(*proxied); i++)
		if (web_server_header(r, proxied[i]))
			return false;
	if (!peer)
		return false;
	if (peer->sa_family == AF_INET)
		return ntohl(((const struct sockaddr_in *)(const void *)peer)->sin_addr.s_addr) >> 24 == 127;
	if (peer->sa_family != AF_INET6)
		return false;

	const struct in6_addr *a = &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr;
	return IN6_IS_ADDR_LOOPBACK(a) || (IN6_IS_ADDR_V4MAPPED(a) && a->s6_addr[12] == 127);
}

void web_server_answer(struct web_request *r, int status)
{
	size_t i = 0;

	while (i < FIXED && fixed[i].status != status)
		i++;
	if (i < FIXED && !r->name)
		request_settle(r, status, fixed[i].response, false);
	else
		web_server_answer_text(r, status, "application/json",
				       i < FIXED ? fixed[i].body : "{\"error\":\"refused\"}");
}

void web_server_answer_text(struct web_request *r, int status, const char *type, const char *body)
{
	struct MHD_Response *response = response_new(type, body);

	if (response && r->name)
		MHD_add_response_header(response, r->name, r->value);
	request_settle(r, status, response, true);
}

void web_server_answer_json(struct web_request *r, int status, const struct json *body)
{
	web_server_answer_text(r, status, "application/json", json_write(r->pool, body));
}
