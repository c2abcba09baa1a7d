/* GET /healthz, /readyz and /metrics: for whoever watches over the service. */
#include "bot/web/ingest.h"
#include "bot/web/web.h"
#include "bot/web/web_answer.h"
#include "core/clock.h"
#include "core/limits.h"
#include "core/metrics.h"
#include "core/version.h"
#include "db/people_admin.h"
#include "db/queue.h"

enum { HEALTH_MS = 2000 }; /* a database that does not answer by then is not ready */

static NODISCARD err_t *health_run(struct web_request *r)
{
	struct json *body = json_object(r->pool);

	json_set_text(body, "status", "ok");
	json_set_text(body, "version", LEMBRA_VERSION);
	json_set_text(body, "time", clock_iso(r->pool, clock_now()));
	web_answer_json(r, 200, body);
	return NULL;
}

static NODISCARD err_t *ready_run(struct web_request *r)
{
	struct json *body = json_object(r->pool), *reasons = json_array(r->pool);
	err_t *err = people_ready(r->pool);

	if (err)
		json_push_text(reasons, "database");
	if (ingest_parked() >= LIMIT_PARKED)
		json_push_text(reasons, "ingest");
	if (web_draining())
		json_push_text(reasons, "draining");
	if (err)
		log_error("not_ready", err);

	bool ready = json_len(reasons) == 0;
	json_set_text(body, "status", ready ? "ready" : "unready");
	json_set(body, "reasons", reasons);
	web_answer_json(r, ready ? 200 : 503, body);
	return NULL;
}

/* Without the database the metrics of the processes are still worth having. */
static NODISCARD err_t *metrics_run(struct web_request *r)
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
	web_answer_text(r, 200, "text/plain; version=0.0.4; charset=utf-8", metrics_render(r->pool));
	return NULL;
}

const struct web_route routes_health[] = {
	{ "GET", "/healthz", "healthz", WEB_OPEN, LOG_DEBUG, health_run },
	{ "GET", "/readyz", "readyz", WEB_OPEN, LOG_DEBUG, ready_run, HEALTH_MS },
	{ "GET", "/metrics", "metrics", WEB_METRICS, LOG_DEBUG, metrics_run, HEALTH_MS },
	{ 0 },
};
