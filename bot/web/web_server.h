/* web_server: libmicrohttpd inside the loop: requests in, answers out, nothing parked in between.
 * Needs: libmicrohttpd (this is its only door), fiber. Used by: web, web_webhook, admin.
 * A request is first shown to hooks.admit with its headers, then to hooks.begin with its body. begin answers at
 * once, or later from a fiber: until then the connection is suspended, so that the request cannot go away, even
 * when its client has hung up. */
#ifndef BOT_WEB_WEB_SERVER_H
#define BOT_WEB_WEB_SERVER_H

#include "core/json.h"

struct MHD_Connection;
struct MHD_Response;
struct web_route; /* web.c's own */

/* One request, from its headers until its answer is sent. Recycled then: its pool is cleared. */
struct web_request {
	apr_pool_t *pool;
	const char *method; /* HEAD reads as GET */
	const char *path;
	const struct web_route *route; /* for web.c; NULL at first */
	int64_t id;                    /* the number at the end of the path, where the route has one */
	const char *trace;             /* 32 hex digits; NULL until web.c needs one */
	char *body;                    /* NUL-terminated; NULL when empty */
	size_t body_n, body_max;       /* admit sets body_max; a larger one is answered 413 */
	const char *name, *value;      /* a header more for an answer of this request, or NULL */

	/* web_server.c's own. */
	struct MHD_Connection *connection;
	struct MHD_Response *response;
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

/* Answers, once each request. Without text: {"status":"ok"} or {"error":"..."}, as the status says. */
void web_server_answer(struct web_request *r, int status);
/* body lives in r->pool. */
void web_server_answer_text(struct web_request *r, int status, const char *type, const char *body);
void web_server_answer_json(struct web_request *r, int status, const struct json *body);

#endif
