/* POST /webhook/telegram: an update is durable before it is acknowledged. */
#include "bot/web/ingest.h"
#include "bot/web/web_answer.h"
#include "core/limits.h"
#include "core/metrics.h"

static void refuse(struct web_request *r, int status, const char *reason)
{
	metric_add(METRIC_WEBHOOK_REJECTED, reason, NULL, NULL, 1);
	web_answer(r, status);
}

static void on_committed(void *ctx, bool ok)
{
	if (ok)
		web_answer(ctx, 200);
	else
		refuse(ctx, 503, "not_committed");
}

/* Parks the update; its commit answers. Runs on the loop: no fiber a request. */
static NODISCARD err_t *webhook_run(struct web_request *r)
{
	struct update_in *update = MEM_NEW(r->pool, struct update_in);

	switch (ingest_classify(r->pool, r->body ? r->body : "", r->body_n, update)) {
	case INGEST_BAD: refuse(r, 400, "malformed"); break;
	case INGEST_IGNORE: web_answer(r, 200); break;
	case INGEST_KEEP:
		r->trace = update->trace;
		if (!ingest_park(update, on_committed, r))
			refuse(r, 503, "busy");
		break;
	}
	return NULL;
}

const struct web_route route_webhook = {
	.method = "POST",
	.path = "/webhook/telegram",
	.label = "webhook",
	.guard = WEB_TELEGRAM,
	.level = LOG_DEBUG,
	.run = webhook_run,
	.body_max = LIMIT_WEBHOOK_BODY,
};
