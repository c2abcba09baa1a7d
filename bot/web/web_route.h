/* web_route: what a method and a path lead to; declared beside its handler, and collected by the build.
 * Needs: log; the table is generated from the files of bot/web. Used by: bot/web.
 * At the start of a line:   const struct web_route route_x = {      one
 *                           const struct web_route routes_x[] = {   several, the last without a path
 * A file route_x.c that declares none fails the build. */
#ifndef BOT_WEB_WEB_ROUTE_H
#define BOT_WEB_WEB_ROUTE_H

#include "core/log.h"
#include "core/mem.h"

struct web_request;

/* Who may come in. */
enum web_guard {
	WEB_OPEN,
	WEB_TELEGRAM, /* the webhook's secret */
	WEB_METRICS,  /* this machine, or METRICS_TOKEN */
	WEB_ADMIN,    /* ADMIN_TOKEN; without one there is nothing */
	WEB_PERSON,   /* a session; r->person says whose. Needs a deadline */
};

enum { WEB_PARAMS = 3 };

struct web_route {
	const char *method;
	const char *path;  /* a whole segment # stands for a number, * for any text: r->params, in order */
	const char *label; /* in metrics and logs */
	enum web_guard guard;
	enum log_level level;
	err_t *(*run)(struct web_request *r); /* answers, or gives an error that becomes a status */
	int64_t deadline_ms; /* 0: run does not wait, and is called on the loop; else in a fiber */
	size_t body_max;     /* bytes; 0: LIMIT_ADMIN_BODY */
	bool stream;         /* run opens a stream, which no deadline ends; HEAD is answered without it */
	const char *call;    /* of web_person_run: the call that a worker answers */
	int64_t wait_ms;     /* for that; 0: five seconds */
};

struct web_param {
	const char *text;
	int64_t number; /* of # */
};

/* Generated. Ends with a NULL first; many: an array that ends with a NULL path. */
struct web_route_entry {
	const struct web_route *first;
	bool many;
};
extern const struct web_route_entry web_routes[];

/* A further table, for tests; NULL: none. */
void web_route_extra(const struct web_route_entry *entries);

/* Calls fn for each route until it gives false. */
void web_route_each(bool (*fn)(void *ctx, const struct web_route *route), void *ctx);
/* What method and path lead to, with the path's parameters in pool. NULL: nothing; then *ret_allow lists the methods
 * that the path knows ("GET, HEAD"; "" when there is no such path), and *ret_near is the last route with that path. */
const struct web_route *web_route_find(apr_pool_t *pool, const char *method, const char *path,
				       struct web_param params[WEB_PARAMS], const char **ret_allow,
				       const struct web_route **ret_near);

#endif
