#include "integrations/llm/llm_account.h"

#include "core/clock.h"
#include "core/fiber.h"
#include "core/log.h"
#include "core/metrics.h"
#include "core/text.h"
#include "db/outbox.h"
#include "db/rate.h"
#include "db/usage.h"
#include <math.h>

#define DOLLAR 1e6
#define MINUTE_S 60

static struct usage_limits limits_of(const struct config *config)
{
	return (struct usage_limits){ (int64_t)llround(config->llm_daily_budget_usd * DOLLAR),
				      (int64_t)llround(config->llm_monthly_budget_usd * DOLLAR) };
}

/* What is left of a limit beside `ahead`; false: nothing. A limit of 0 is none. */
static bool lessen(int64_t *limit, int64_t ahead)
{
	if (*limit <= 0)
		return true;
	*limit -= ahead;
	return *limit > 0;
}

err_t *llm_account_check(struct req *req, const struct config *config, int64_t ahead)
{
	struct usage_limits limits = limits_of(config);
	bool left = !req->user_id || (lessen(&limits.day, ahead) && lessen(&limits.month, ahead));

	if (req->user_id && left)
		ERR(usage_left(req, &limits, &left));
	if (left)
		return NULL;
	metric_add(METRIC_LLM_ERRORS, "none", err_name(ERR_BUDGET), NULL, 1);
	return err_new(ERR_BUDGET, "budget spent");
}

err_t *llm_account_rate(apr_pool_t *pool, const struct config *config, enum config_provider provider)
{
	const char *name = config_provider_name(provider);
	int64_t n;

	if (config->llm_rate_per_min <= 0)
		return NULL;
	ERR(rate_count(pool, mem_fmt(pool, "llm:%s", name), MINUTE_S, clock_now(), &n));
	if (n <= config->llm_rate_per_min)
		return NULL;
	return err_new(ERR_RATE_LIMIT, "%s: over LLM_RATE_PER_MIN", name);
}

static void count(const struct llm_attempt *a, const char *provider)
{
	const struct llm_usage *usage = &a->decoded->reply.usage;
	const char *model = a->at->model; /* as configured: names from outside are no label values */

	metric_add(METRIC_LLM_REQUESTS, provider, model, NULL, 1);
	metric_observe(METRIC_LLM_LATENCY, provider, NULL, NULL, (double)a->ms / 1000);
	if (usage->in > usage->cached)
		metric_add(METRIC_LLM_TOKENS, provider, model, "in", (double)(usage->in - usage->cached));
	if (usage->cached)
		metric_add(METRIC_LLM_TOKENS, provider, model, "cached", (double)usage->cached);
	if (usage->out)
		metric_add(METRIC_LLM_TOKENS, provider, model, "out", (double)usage->out);
	if (a->err)
		metric_add(METRIC_LLM_ERRORS, provider, err_name(a->err->code), NULL, 1);
	else if (a->decoded->reply.finish == LLM_MALFORMED)
		metric_add(METRIC_LLM_ERRORS, provider, "MALFORMED", NULL, 1);
}

void llm_account_note(const struct llm_attempt *a)
{
	const struct llm_reply *reply = &a->decoded->reply;
	const char *provider = config_provider_name(a->at->provider);

	count(a, provider);
	log_event(a->err ? LOG_WARN : LOG_INFO, "llm_call", KV_S("provider", provider),
		  KV_S("model", a->at->model), KV_I("status", a->status),
		  KV_S("error", a->err                           ? err_name(a->err->code)
				: reply->finish == LLM_MALFORMED ? "MALFORMED"
								 : ""),
		  KV_S("reason", a->err ? a->err->detail : ""), KV_I("tokens_in", reply->usage.in),
		  KV_I("tokens_out", reply->usage.out), KV_I("ms", a->ms), KV_I("attempt", a->number));
	if (!reply->model || llm_model_same(a->at->model, reply->model))
		return;
	metric_add(METRIC_LLM_ERRORS, provider, "REROUTED", NULL, 1);
	log_event(LOG_WARN, "llm_rerouted", KV_S("provider", provider), KV_S("asked", a->at->model),
		  KV_S("answered", reply->model));
}

/* As part of the turn's answer when there is a turn; else it is something said unasked. */
static err_t *tell(struct tx *tx, const struct usage_notice *n)
{
	struct req *req = tx_req(tx);
	const char *key = mem_fmt(req->pool, "llm.budget.%s.%s", n->month ? "month" : "day",
				  n->percent >= 100 ? "spent" : "near");
	const struct outgoing message = {
		.dedupe = mem_fmt(req->pool, "budget:%s:%lld", n->period, (long long)n->percent),
		.method = "send",
		.class = req->update_id ? "reply" : "unasked",
		.text = tr(req->pool, req->lang, key, SLOT_I("percent", n->percent),
			   SLOT_S("spent", usage_dollars(req->pool, req->lang, n->spent)),
			   SLOT_S("limit", usage_dollars(req->pool, req->lang, n->limit))),
	};

	ERR(usage_told(tx, n));
	return outbox_put(tx, &message);
}

static err_t *put(struct tx *tx, const struct usage_call *call, const struct usage_limits *limits)
{
	struct usage_notice notices[2];
	size_t n;

	ERR(usage_put(tx, call, limits, notices, &n));
	for (size_t i = 0; i < n && tx_req(tx)->chat_id; i++)
		ERR(tell(tx, &notices[i]));
	return NULL;
}

err_t *llm_account_store(struct req *req, const struct config *config, const struct llm_attempt *a)
{
	const struct llm_reply *reply = &a->decoded->reply;
	const char *model = reply->model ? reply->model : a->at->model;
	struct usage_limits limits = limits_of(config);
	struct tx *tx;
	bool known;
	int64_t cost;
	err_t *err;

	if (!req->user_id || (a->err && !reply->usage.in && !reply->usage.out))
		return NULL;
	cost = llm_model_cost(a->at->provider, model, &reply->usage, clock_now(), &known);
	const struct usage_call call = { .provider = config_provider_name(a->at->provider),
					 .model = model,
					 .in = reply->usage.in,
					 .cached = reply->usage.cached,
					 .out = reply->usage.out,
					 .cost = known ? cost : -1,
					 .counted = cost,
					 .latency_ms = a->ms,
					 .success = !a->err && reply->finish != LLM_MALFORMED,
					 .error = a->err                           ? err_name(a->err->code)
						  : reply->finish == LLM_MALFORMED ? "MALFORMED"
										   : NULL };

	fiber_shield(+1); /* it has been spent, whoever stops the turn */
	err = tx_begin_user(req, &tx);
	if (!err)
		err = tx_end(tx, put(tx, &call, &limits));
	fiber_shield(-1);
	return err;
}
