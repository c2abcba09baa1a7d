#include "bot/web/web.h"

#include "bot/web/ingest.h"
#include "bot/web/web_answer.h"
#include "bot/web/web_guard.h"
#include "bot/web/web_stream.h"
#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/metrics.h"
#include "core/text.h"

#include <stdio.h>
#include <string.h>

enum { CHECK_MS = 250 }; /* how often deadlines are looked at */

static const struct web_route unknown = { .label = "unknown", .level = LOG_DEBUG };
static const struct web_route unknown_admin = { .label = "admin", .guard = WEB_ADMIN, .level = LOG_INFO };

/* A route at work in a fiber, on that fiber's stack. */
struct running {
	struct running *next, **link;
	struct fiber *fiber;
	const struct web_request *r;
	int64_t until_ms;
};

static struct {
	const struct config *config;
	struct telegram *telegram;
	bool draining;
	struct running *running;
	uv_timer_t timer;
} web;

static void admit(struct web_request *r)
{
	bool admin = text_starts(r->path, "/admin/") || strcmp(r->path, "/admin") == 0;
	const struct web_route *route, *near;
	const char *allow;

	r->config = web.config;
	r->telegram = web.telegram;
	route = web_route_find(r->pool, r->method, r->path, r->params, &allow, &near);
	r->route = route ? route : near ? near : admin ? &unknown_admin : &unknown;
	r->body_max = route && route->body_max ? route->body_max : LIMIT_ADMIN_BODY;
	if (r->malformed) {
		web_answer(r, 400);
		return;
	}
	if (!web_guard_admit(r, route)) /* who may not come in does not learn what is there */
		return;
	if (!route && near) {
		err_clear(web_answer_header(r, "Allow", allow)); /* of our own words */
		web_answer_text(r, 405, "application/json", "{\"error\":\"method not allowed\"}");
	} else if (!route) {
		web_answer(r, 404);
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
	web_answer_json(r, status, body);
}

/* --- fibers --- */

static void on_check(uv_timer_t *timer)
{
	int64_t now = clock_mono_ms();

	(void)timer;
	for (struct running *x = web.running; x; x = x->next)
		if (now >= x->until_ms && !x->r->stream)
			fiber_cancel(x->fiber);
}

static void running_add(struct running *x, const struct web_request *r)
{
	*x = (struct running){ .next = web.running, .link = &web.running, .fiber = fiber_self() };
	x->r = r;
	x->until_ms = clock_mono_ms() + r->route->deadline_ms;
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
	bool in;
	err_t *err;

	fiber_set_trace(r->trace);
	running_add(&x, r);
	err = web_guard_begin(r, &in);
	if (!err && in && r->route->stream && r->head)
		web_answer_text(r, 200, "text/event-stream", "");
	else if (!err && in)
		err = r->route->run(r);
	running_remove(&x);
	if (r->stream) {
		if (err && err->code == ERR_CANCELLED)
			err_clear(err);
		else
			log_error("stream_failed", err);
		web_stream_end(r);
	} else if (err) {
		answer_error(r, err);
	}
}

static void begin(struct web_request *r)
{
	if (r->route->guard != WEB_TELEGRAM) /* there the update brings its own */
		r->trace = crypt_random_hex(r->pool, 16);
	metric_set(METRIC_HTTP_IN_PROGRESS, NULL, NULL, NULL, (double)web_server_busy());
	log_event(r->route->level, "request_start", KV_S("trace_id", r->trace),
		  KV_S("route", r->route->label), KV_S("method", r->method));
	if (r->route->deadline_ms) {
		if (!fiber_go(r->route->label, serve, r))
			web_answer(r, 503);
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
	const struct web_server_hooks hooks = {
		.admit = admit, .begin = begin, .end = end, .refuse = web_answer, .gone = web_stream_gone
	};

	web.config = config;
	web.telegram = tg;
	uv_timer_init(uv_default_loop(), &web.timer);
	ERR(web_server_open(config->listen_host, config->listen_port, &hooks));
	if (!web_answer_make())
		return err_new(ERR_INTERNAL, "out of memory");
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
	if (web.draining)
		return;
	web.draining = true;
	web_stream_stop();
	web_server_quiesce();
	web_answer_closing();
}

bool web_draining(void)
{
	return web.draining;
}

size_t web_busy(void)
{
	return web_server_busy() + ingest_parked();
}

void web_close(void)
{
	web_server_close();
	web_answer_unmake();
	uv_close((uv_handle_t *)&web.timer, NULL);
	while (!ingest_stop())
		err_clear(fiber_sleep(1));
}
