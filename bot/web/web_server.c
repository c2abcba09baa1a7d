#include "bot/web/web_server.h"

#include "bot/web/web_linger.h"
#include "bot/web/web_server_part.h"
#include "core/clock.h"
#include "core/query.h"
#include "core/text.h"

#include <arpa/inet.h>
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
	HEAD_LATEST_MS = 60000, /* from connecting, or the last answer, to the end of the next head */
	HEAD_CHECK_MS = 200,
	RUNS_IN_A_ROW = 1, /* before the rest of the loop has its turn */
};

/* What we remember of a connection over its requests. */
struct web_peer {
	struct web_peer *next, **link;
	int64_t since_ms; /* when it connected, or had its last answer */
	int fd;
	bool waiting; /* for the end of a head */
	bool unread;  /* refused before its body was read */
};

static struct {
	struct web_server_hooks hooks;
	struct MHD_Daemon *daemon;
	uv_poll_t poll;
	uv_timer_t timer, head_timer;
	int listen_fd, port;
	size_t busy, spare_n;
	struct web_request *spare;
	struct web_peer *peers;
	int64_t head_ms;
	bool closing;
} server = { .listen_fd = -1, .head_ms = HEAD_LATEST_MS };

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

void web_server_release(struct web_request *r)
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

static enum MHD_Result request_send(struct web_request *r)
{
	return MHD_queue_response(r->connection, (unsigned)r->status, r->response);
}

static void on_timer(uv_timer_t *timer);

void web_server_kick(void)
{
	uv_timer_start(&server.timer, on_timer, 0, 0);
}

void web_server_settle(struct web_request *r, int status, struct MHD_Response *response, bool own)
{
	if (r->response) { /* answered before */
		if (own)
			MHD_destroy_response(response);
		return;
	}
	r->status = status;
	r->response = response;
	r->own_response = own;
	if (r->suspended) {
		r->suspended = false;
		MHD_resume_connection(r->connection);
		web_server_kick();
	}
}

bool web_server_closing(void)
{
	return server.closing;
}

int web_server_fd(const struct web_request *r)
{
	return r->peer ? r->peer->fd : -1;
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
	if (r->peer && web_server_length(r) != 0)
		r->peer->unread = true;
}

/* What libmicrohttpd itself makes of the target forgets where it ended in a NUL, and which of its characters were
 * encoded: so it is taken as it came. */
static void *on_target(void *ctx, const char *target, struct MHD_Connection *connection)
{
	struct web_request *r = request_new(connection);
	const union MHD_ConnectionInfo *info;
	char *query;

	(void)ctx;
	if (!r)
		return NULL;
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	r->peer = info ? info->socket_context : NULL;
	r->path = mem_text(r->pool, target);
	/* The text is libmicrohttpd's own line. It would parse the query into the connection's memory, and fall silent
	 * for half a minute where that is full (0.9.75, at 130 names): so it gets to see an empty one. */
	query = strchr(target, '?');
	if (query)
		query[1] = '\0';
	return r;
}

static size_t keep_encoded(void *ctx, struct MHD_Connection *connection, char *text)
{
	(void)ctx;
	(void)connection;
	return strlen(text);
}

static enum MHD_Result on_headers(struct web_request *r, const char *method)
{
	char *query = strchr(r->path, '?');

	r->head = strcmp(method, "HEAD") == 0;
	r->method = r->head ? "GET" : mem_text(r->pool, method);
	if (r->peer)
		r->peer->waiting = false;
	if (query) {
		*query = '\0';
		r->query = query + 1;
	}
	r->malformed = !query_decode_path(r->path);
	if (r->malformed)
		*r->path = '\0';
	server.hooks.admit(r);
	if (!r->response && web_server_length(r) > (int64_t)r->body_max)
		server.hooks.refuse(r, 413);
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
	(void)url;
	(void)version;
	if (!r)
		return MHD_NO;
	if (!r->method)
		return on_headers(r, method);
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
			server.hooks.refuse(r, 413);
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
	if (r->peer) {
		r->peer->waiting = true;
		r->peer->since_ms = (int64_t)uv_now(uv_default_loop());
	}
	if (r->method) /* else its head never ended */
		server.hooks.end(r, code == MHD_REQUEST_TERMINATED_COMPLETED_OK ? r->status : 0);
	if (r->own_response)
		MHD_destroy_response(r->response);
	if (!r->stream || !server.hooks.gone(r))
		web_server_release(r);
}

/* Whoever dribbles a head would keep a connection for ever: libmicrohttpd's own timeout begins anew with each byte. */
static void on_head_timer(uv_timer_t *timer)
{
	int64_t latest = (int64_t)uv_now(timer->loop) - server.head_ms;

	for (struct web_peer *peer = server.peers; peer; peer = peer->next)
		if (peer->waiting && peer->since_ms < latest)
			shutdown(peer->fd, SHUT_RDWR);
}

static struct web_peer *peer_new(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct web_peer *peer = info ? calloc(1, sizeof(*peer)) : NULL;

	if (!peer)
		return NULL;
	*peer = (struct web_peer){ .next = server.peers, .link = &server.peers, .fd = info->connect_fd };
	peer->waiting = true;
	peer->since_ms = (int64_t)uv_now(uv_default_loop());
	if (peer->next)
		peer->next->link = &peer->next;
	else
		uv_timer_start(&server.head_timer, on_head_timer, HEAD_CHECK_MS, HEAD_CHECK_MS);
	server.peers = peer;
	return peer;
}

static void peer_free(struct web_peer *peer)
{
	*peer->link = peer->next;
	if (peer->next)
		peer->next->link = peer->link;
	if (!server.peers)
		uv_timer_stop(&server.head_timer);
	free(peer);
}

static void on_connection(void *ctx, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct web_peer *peer = *context;

	(void)ctx;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*context = peer_new(connection);
		return;
	}
	if (!peer)
		return;
	if (peer->unread)
		web_linger(peer->fd);
	peer_free(peer);
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

	server.daemon =
		MHD_start_daemon(flags, 0, NULL, NULL, on_request, NULL, MHD_OPTION_LISTEN_SOCKET,
				 server.listen_fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
				 MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
				 MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_URI_LOG_CALLBACK,
				 on_target, NULL, MHD_OPTION_UNESCAPE_CALLBACK, keep_encoded, NULL,
				 MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
				 MHD_OPTION_NOTIFY_CONNECTION, on_connection, NULL, MHD_OPTION_END);
	if (!server.daemon)
		return err_new(ERR_INTERNAL, "libmicrohttpd did not start");
	info = MHD_get_daemon_info(server.daemon, MHD_DAEMON_INFO_EPOLL_FD);
	uv_timer_init(uv_default_loop(), &server.timer);
	uv_timer_init(uv_default_loop(), &server.head_timer);
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
	MHD_stop_daemon(server.daemon);
	server.daemon = NULL;
	uv_close((uv_handle_t *)&server.timer, NULL);
	uv_close((uv_handle_t *)&server.head_timer, NULL);
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
	return r->connection ? MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name) : NULL;
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

void web_server_head_ms(int64_t ms)
{
	server.head_ms = ms;
}
