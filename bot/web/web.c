#include "bot/web/web.h"

#include "bot/web/admin.h"
#include "bot/web/ingest.h"
#include "bot/web/web_server.h"
#include "bot/web/web_webhook.h"
#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/metrics.h"
#include "core/text.h"
#include "core/version.h"
#include "db/people_admin.h"
#include "db/queue.h"

#include <stdio.h>
#include <string.h>

enum {
	HEALTH_MS = 2000, /* a database that does not answer by then is not ready */
	ADMIN_MS = 20000,
	CHECK_MS = 250, /* how often deadlines are looked at */
};

enum guard { GUARD_NONE, GUARD_METRICS, GUARD_ADMIN, GUARD_WEBHOOK };

/* '#' at the end of a path stands for a number. run in a fiber when deadline_ms is set, else on the loop. */
struct web_route {
	const char *method, *path, *label;
	enum guard guard;
	enum log_level level;
	err_t *(*run)(struct web_request *r);
	int64_t deadline_ms;
};

static NODISCARD err_t *run_health(struct web_request *r);
static NODISCARD err_t *run_ready(struct web_request *r);
static NODISCARD err_t *run_metrics(struct web_request *r);
static NODISCARD err_t *run_webhook(struct web_request *r);

static const struct web_route routes[] = {
	{ "POST", "/webhook/telegram", "webhook", GUARD_WEBHOOK, LOG_DEBUG, run_webhook, 0 },
	{ "GET", "/healthz", "healthz", GUARD_NONE, LOG_DEBUG, run_health, 0 },
	{ "GET", "/readyz", "readyz", GUARD_NONE, LOG_DEBUG, run_ready, HEALTH_MS },
	{ "GET", "/metrics", "metrics", GUARD_METRICS, LOG_DEBUG, run_metrics, HEALTH_MS },
	{ "GET", "/admin/webhook", "admin_webhook", GUARD_ADMIN, LOG_INFO, admin_webhook_info, ADMIN_MS },
	{ "POST", "/admin/webhook", "admin_webhook", GUARD_ADMIN, LOG_INFO, admin_webhook_set, ADMIN_MS },
	{ "DELETE", "/admin/webhook", "admin_webhook", GUARD_ADMIN, LOG_INFO, admin_webhook_delete,
	  ADMIN_MS },
	{ "GET", "/admin/users", "admin_users", GUARD_ADMIN, LOG_INFO, admin_users_list, ADMIN_MS },
	{ "POST", "/admin/users", "admin_users", GUARD_ADMIN, LOG_INFO, admin_users_invite, ADMIN_MS },
	{ "DELETE", "/admin/users/#", "admin_user", GUARD_ADMIN, LOG_INFO, admin_users_remove, ADMIN_MS },
	{ "GET", "/admin/queue", "admin_queue", GUARD_ADMIN, LOG_INFO, admin_queue_show, ADMIN_MS },
	{ "POST", "/admin/queue/replay", "admin_replay", GUARD_ADMIN, LOG_INFO, admin_queue_replay,
	  ADMIN_MS },
};
#define ROUTES (sizeof(routes) / sizeof(*routes))

static const struct web_route unknown = { "", "", "unknown", GUARD_NONE, LOG_DEBUG, NULL, 0 };
static const struct web_route unknown_admin = { "", "", "admin", GUARD_ADMIN, LOG_INFO, NULL, 0 };

/* A route at work in a fiber, on that fiber's stack. */
struct running {
	struct running *next, **link;
	struct fiber *fiber;
	int64_t until_ms;
};

static struct {
	const struct config *config;
	bool draining;
	struct running *running;
	uv_timer_t timer;
} web;

/* --- routes --- */

static bool path_matches(const char *pattern, const char *path, int64_t *ret_id)
{
	size_t n = strlen(pattern) - 1;

	if (pattern[n] != '#')
		return strcmp(pattern, path) == 0;
	return strncmp(pattern, path, n) == 0 && path[n] >= '0' && path[n] <= '9' &&
	       text_int(path + n, ret_id);
}

/* The route, or NULL; then *ret_allow lists the methods that the path knows, "" when there is no such path. */
static const struct web_route *find(struct web_request *r, const char **ret_allow)
{
	struct buf allow = buf_new(r->pool, 256);

	for (const struct web_route *route = routes; route < routes + ROUTES; route++) {
		if (!path_matches(route->path, r->path, &r->id))
			continue;
		if (strcmp(route->method, r->method) == 0)
			return route;
		buf_fmt(&allow, "%s%s%s", allow.n ? ", " : "", route->method,
			strcmp(route->method, "GET") ? "" : ", HEAD");
		r->route = route; /* for the label */
	}
	*ret_allow = allow.p ? allow.p : "";
	return NULL;
}

static bool bearer_is(const struct web_request *r, const char *token)
{
	const char *given = web_server_header(r, "Authorization");

	if (!*token || !given || strncasecmp(given, "Bearer ", 7) != 0)
		return false;
	return crypt_equal(given + 7 + strspn(given + 7, " "), token);
}

/* False when the answer is given. */
static bool guard(struct web_request *r)
{
	int status = 0;

	switch (r->route->guard) {
	case GUARD_METRICS:
		if (!web_server_local(r) && !bearer_is(r, web.config->metrics_token))
			status = 401;
		break;
	case GUARD_ADMIN:
		if (!*web.config->admin_token)
			status = 404;
		else if (!bearer_is(r, web.config->admin_token))
			status = 401;
		break;
	case GUARD_WEBHOOK:
	case GUARD_NONE: break;
	}
	if (status)
		web_server_answer(r, status);
	return !status;
}

static void admit(struct web_request *r)
{
	bool admin = text_starts(r->path, "/admin/") || strcmp(r->path, "/admin") == 0;
	const struct web_route *route;
	const char *allow = "";

	r->body_max = LIMIT_ADMIN_BODY;
	r->route = admin ? &unknown_admin : &unknown;
	route = find(r, &allow);
	if (route)
		r->route = route;
	if (!guard(r)) /* who may not come in does not learn what is there */
		return;
	if (!route && *allow) {
		r->name = "Allow";
		r->value = allow;
		web_server_answer_text(r, 405, "application/json", "{\"error\":\"method not allowed\"}");
	} else if (!route) {
		web_server_answer(r, 404);
	} else if (route->guard == GUARD_WEBHOOK) {
		web_webhook_admit(r);
	}
}

/* --- answers --- */

static int status_of(enum err_code code)
{
	switch (code) {
	case ERR_INVALID: return 400;
	case ERR_NOT_FOUND: return 404;
	case ERR_CONFLICT: return 409;
	case ERR_TOO_LARGE: return 413;
	case ERR_RATE_LIMIT: return 429;
	case ERR_TIMEOUT:
	case ERR_CANCELLED:
	case ERR_UNAVAILABLE:
	case ERR_DB_RETRY:
	case ERR_HTTP: return 503;
	default: return 500;
	}
}

/* What the asker did wrong is told; what went wrong here is logged, and the trace told. */
static void answer_error(struct web_request *r, err_t *err)
{
	struct json *body = json_object(r->pool);
	int status = status_of(err->code);

	if (status < 500) {
		json_set_text(body, "error", err_message(err));
		err_clear(err);
	} else {
		json_set_text(body, "error", status == 503 ? "unavailable" : "internal");
		json_set_text(body, "trace", mem_fmt(r->pool, "%.8s", r->trace));
		log_error("request_failed", err);
	}
	web_server_answer_json(r, status, body);
}

static NODISCARD err_t *run_webhook(struct web_request *r)
{
	web_webhook_begin(r);
	return NULL;
}

static NODISCARD err_t *run_health(struct web_request *r)
{
	struct json *body = json_object(r->pool);

	json_set_text(body, "status", "ok");
	json_set_text(body, "version", LEMBRA_VERSION);
	json_set_text(body, "time", clock_iso(r->pool, clock_now()));
	web_server_answer_json(r, 200, body);
	return NULL;
}

static NODISCARD err_t *run_ready(struct web_request *r)
{
	struct json *body = json_object(r->pool), *reasons = json_array(r->pool);
	err_t *err = people_ready(r->pool);

	if (err)
		json_push_text(reasons, "database");
	if (ingest_parked() >= LIMIT_PARKED)
		json_push_text(reasons, "ingest");
	if (web.draining)
		json_push_text(reasons, "draining");
	if (err)
		log_error("not_ready", err);

	bool ready = json_len(reasons) == 0;
	json_set_text(body, "status", ready ? "ready" : "unready");
	json_set(body, "reasons", reasons);
	web_server_answer_json(r, ready ? 200 : 503, body);
	return NULL;
}

/* Without the database the metrics of the processes are still worth having. */
static NODISCARD err_t *run_metrics(struct web_request *r)
{
	struct queue_depths depths;
	err_t *err = queue_depths(r->pool, &depths);

	if (err) {
		log_error("metrics_without_queue", err);
	} else {
		metric_set(METRIC_QUEUE_DEPTH, NULL, NULL, NULL, (double)depths.updates);
		metric_set(METRIC_QUEUE_OLDEST, NULL, NULL, NULL, depths.oldest_s);
		metric_set(METRIC_OUTBOX_DEPTH, NULL, NULL, NULL, (double)depths.outbox);
	}
	web_server_answer_text(r, 200, "text/plain; version=0.0.4; charset=utf-8", metrics_render(r->pool));
	return NULL;
}

/* --- fibers --- */

static void on_check(uv_timer_t *timer)
{
	int64_t now = clock_mono_ms();

	(void)timer;
	for (struct running *x = web.running; x; x = x->next)
		if (now >= x->until_ms)
			fiber_cancel(x->fiber);
}

static void running_add(struct running *x, int64_t deadline_ms)
{
	*x = (struct running){ .next = web.running, .link = &web.running, .fiber = fiber_self() };
	x->until_ms = clock_mono_ms() + deadline_ms;
	if (x->next)
		x->next->link = &x->next;
	else
		uv_timer_start(&web.timer, on_check, CHECK_MS, CHECK_MS);
	web.running = x;
}

static void running_remove(struct running *x)
{
	*x->link = x->next;
	if (x->next)
		x->next->link = x->link;
	if (!web.running)
		uv_timer_stop(&web.timer);
}

static void serve(void *arg)
{
	struct web_request *r = arg;
	struct running x;
	err_t *err;

	fiber_set_trace(r->trace);
	running_add(&x, r->route->deadline_ms);
	err = r->route->run(r);
	running_remove(&x);
	if (err)
		answer_error(r, err);
}

static void begin(struct web_request *r)
{
	if (r->route->guard != GUARD_WEBHOOK) /* there the update brings its own */
		r->trace = crypt_random_hex(r->pool, 16);
	metric_set(METRIC_HTTP_IN_PROGRESS, NULL, NULL, NULL, (double)web_server_busy());
	log_event(r->route->level, "request_start", KV_S("trace_id", r->trace),
		  KV_S("route", r->route->label), KV_S("method", r->method));
	if (r->route->deadline_ms) {
		if (!fiber_go(r->route->label, serve, r))
			web_server_answer(r, 503);
		return;
	}
	err_t *err = r->route->run(r);
	if (err)
		answer_error(r, err);
}

static void end(struct web_request *r, int status)
{
	int64_t us = clock_mono_us() - r->begun_us;
	char text[16] = "aborted";

	if (status)
		snprintf(text, sizeof(text), "%d", status);
	metric_set(METRIC_HTTP_IN_PROGRESS, NULL, NULL, NULL, (double)(web_server_busy() - r->begun));
	metric_add(METRIC_HTTP_REQUESTS, r->route->label, text, NULL, 1);
	metric_observe(METRIC_HTTP_DURATION, r->route->label, NULL, NULL, (double)us / 1e6);
	log_event(r->route->level, "request_end", KV_S("trace_id", r->trace), KV_S("route", r->route->label),
		  KV_S("method", r->method), KV_I("status", status), KV_I("ms", us / 1000));
}

/* --- public --- */

err_t *web_start(const struct config *config, int64_t bot_id, struct telegram *tg)
{
	const struct web_server_hooks hooks = { .admit = admit, .begin = begin, .end = end };

	web.config = config;
	uv_timer_init(uv_default_loop(), &web.timer);
	admin_init(config, tg);
	web_webhook_init(config);
	ERR(web_server_open(config->listen_host, config->listen_port, &hooks));
	ingest_start(config, bot_id, true);
	log_event(LOG_INFO, "listening", KV_S("host", config->listen_host), KV_I("port", web_server_port()));
	return NULL;
}

int web_port(void)
{
	return web_server_port();
}

void web_stop(void)
{
	web.draining = true;
	web_server_quiesce();
}

size_t web_busy(void)
{
	return web_server_busy() + ingest_parked();
}

void web_close(void)
{
	web_server_close();
	uv_close((uv_handle_t *)&web.timer, NULL);
	while (!ingest_stop())
		err_clear(fiber_sleep(1));
}
