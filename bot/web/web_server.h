/* web_server: libmicrohttpd inside the loop: requests in, answers out, nothing parked in between.
 * Needs: libmicrohttpd (its only door, with web_answer and web_stream), fiber. Used by: bot/web.
 * A request is first shown to hooks.admit with its headers, then to hooks.begin with its body. begin answers at
 * once, or later from a fiber: until then the connection is suspended, so that the request cannot go away, even
 * when its client has hung up. */
#ifndef BOT_WEB_WEB_SERVER_H
#define BOT_WEB_WEB_SERVER_H

#include "bot/web/web_route.h"
#include "core/config.h"
#include "core/req.h"

struct MHD_Connection;
struct MHD_Response;
struct telegram;
struct web_peer;
struct web_stream;

/* Whose session it is. */
struct web_person {
	int64_t user_id;
	enum role role;
	enum lang lang;
	const char *zone;
};

struct web_header {
	struct web_header *next;
	const char *name, *value;
};

/* One request, from its headers until its answer is sent. Recycled then: its pool is cleared. */
struct web_request {
	apr_pool_t *pool;
	const char *method;                  /* HEAD reads as GET */
	bool head;                           /* it is HEAD */
	char *path;                          /* decoded */
	const char *query;                   /* as it came, without its ?; NULL: none. See web_input_query */
	bool malformed;                      /* the path could not be decoded, and is "" */
	const struct web_route *route;       /* NULL at first */
	struct web_param params[WEB_PARAMS]; /* of the route's path */
	const char *trace;                   /* 32 hex digits; NULL until web.c needs one */
	char *body;                          /* NUL-terminated, but may hold more of them; NULL when empty */
	size_t body_n, body_max;             /* admit sets body_max; a larger one is answered 413 */
	const struct config *config;
	struct telegram *telegram; /* NULL: no bot token */
	const char *token;         /* of a session, where the guard asks for one */
	struct web_person person;

	/* Of web_server, web_answer and web_stream. */
	struct MHD_Connection *connection; /* NULL: gone, while a stream's handler still runs */
	struct web_peer *peer;
	struct MHD_Response *response;
	struct web_header *headers;
	struct web_stream *stream;
	struct web_request *next;
	int64_t begun_us;
	size_t body_cap, body_seen;
	int status;
	bool begun, suspended, own_response;
};

struct web_server_hooks {
	void (*admit)(struct web_request *r);           /* may answer: then no byte of the body is read */
	void (*begin)(struct web_request *r);           /* answers now or later */
	void (*end)(struct web_request *r, int status); /* 0: the client went away first */
	void (*refuse)(struct web_request *r, int status);
	bool (*gone)(struct web_request
			     *r); /* r->stream's connection has ended; true: r is not to be released yet */
};

/* Listens on host and port (0: any). ERR_CONFIG with the address when that is not possible. */
NODISCARD err_t *web_server_open(const char *host, int port, const struct web_server_hooks *hooks);
int web_server_port(void);
/* Takes no more connections; those that are open end with their next answer. */
void web_server_quiesce(void);
/* Requests that are here with their whole body and not yet answered. */
size_t web_server_busy(void);
/* Closes everything. Only when nothing is busy. */
void web_server_close(void);

/* A header's value, or NULL. */
const char *web_server_header(const struct web_request *r, const char *name);
/* Content-Length; 0 when there is none; -1 when the length is not known beforehand. */
int64_t web_server_length(const struct web_request *r);
/* Whether the peer is this machine itself, and not a proxy that speaks for someone else. */
bool web_server_local(const struct web_request *r);

/* How long a connection may take to bring the head of a request, for tests. */
void web_server_head_ms(int64_t ms);

#endif
