/* http: HTTP requests out of fibers, on one curl_multi.
 * Needs: libcurl, fiber. Used by: google, google_oauth, llm_ask, telegram, cli_run, role. */
#ifndef CORE_HTTP_H
#define CORE_HTTP_H

#include "core/mem.h"
#include <stdint.h>

struct http_part { /* one part of multipart/form-data */
	const char *name;
	const char *filename, *type; /* of a file part, else NULL */
	const void *data;
	size_t n;
};

struct http_request {
	const char *method; /* "GET", "POST" ... */
	const char *url;
	const char *const *headers; /* "Name: value", NULL-terminated; NULL = none */
	const char *content_type;   /* of body; NULL = application/json */
	const void *body;
	size_t body_n;
	const struct http_part *parts; /* multipart instead of body; ends with a NULL name */
	int64_t timeout_ms;            /* whole exchange; 0 = 30 s */
	size_t reply_max;              /* 0 = LIMIT_HTTP_REPLY */
};

struct http_reply {
	long status;
	const char *body; /* NUL-terminated, in the pool; never NULL */
	size_t n;
	int64_t retry_after_s; /* Retry-After in seconds, or -1 */
	/* Whether the request can have reached the peer: false only when connecting failed. */
	bool maybe_sent;
};

/* Sends and waits. Any status is success; ERR_HTTP when there was no whole answer, ERR_TIMEOUT,
 * ERR_CANCELLED, ERR_TOO_LARGE. On error ret_reply->maybe_sent is set, the rest untouched.
 * Refuses (ERR_INTERNAL) inside an open transaction. The connection of a cancelled call is closed. */
NODISCARD err_t *http_send(apr_pool_t *pool, const struct http_request *request,
			   struct http_reply *ret_reply);

/* Closes everything; before exit. */
void http_shutdown(void);

#endif
