#include "bot/web/web_webhook.h"

#include "bot/web/ingest.h"
#include "core/crypt.h"
#include "core/limits.h"
#include "core/metrics.h"

static const struct config *config;

static void refuse(struct web_request *r, int status, const char *reason)
{
	metric_add(METRIC_WEBHOOK_REJECTED, reason, NULL, NULL, 1);
	web_server_answer(r, status);
}

static void on_committed(void *ctx, bool ok)
{
	if (ok)
		web_server_answer(ctx, 200);
	else
		refuse(ctx, 503, "not_committed");
}

void web_webhook_init(const struct config *settings)
{
	config = settings;
}

void web_webhook_admit(struct web_request *r)
{
	const char *secret = web_server_header(r, "X-Telegram-Bot-Api-Secret-Token");

	/* Without a secret of our own anybody could know it. */
	if (!*config->telegram_bot_token || !*config->telegram_webhook_secret)
		web_server_answer(r, 404);
	else if (!secret)
		refuse(r, 401, "secret_missing");
	else if (!crypt_equal(secret, config->telegram_webhook_secret))
		refuse(r, 401, "secret_wrong");
	else if (web_server_length(r) > LIMIT_WEBHOOK_BODY)
		refuse(r, 413, "too_large");
	r->body_max = LIMIT_WEBHOOK_BODY;
}

void web_webhook_begin(struct web_request *r)
{
	struct update_in *update = MEM_NEW(r->pool, struct update_in);

	switch (ingest_classify(r->pool, r->body ? r->body : "", r->body_n, update)) {
	case INGEST_BAD: refuse(r, 400, "malformed"); break;
	case INGEST_IGNORE: web_server_answer(r, 200); break;
	case INGEST_KEEP:
		r->trace = update->trace;
		if (!ingest_park(update, on_committed, r))
			refuse(r, 503, "busy");
		break;
	}
}
