#include "bot/talk/command_cost.h"

#include "bot/turn/replies.h"
#include "db/usage.h"
#include "integrations/llm/llm.h"
#include <math.h>

#define DOLLAR 1e6
#define REPLY_MAX 8192
#define MODELS_SHOWN 8

static const char *dollars(const struct req *req, int64_t amount)
{
	return usage_dollars(req->pool, req->lang, amount);
}

/* "Hoje: US$ 0,12 de US$ 0,50 (24%) · 3 perguntas · 8123 tokens" */
static void put_span(const struct req *req, struct buf *out, const char *when, const struct usage_span *span,
		     double limit_usd)
{
	int64_t limit = (int64_t)llround(limit_usd * DOLLAR);
	const char *of = "";

	if (limit > 0)
		of = mem_fmt(req->pool, " %s",
			     tr(req->pool, req->lang, "cost.of", SLOT_S("limit", dollars(req, limit)),
				SLOT_I("percent", span->counted * 100 / limit)));
	buf_text(out, tr(req->pool, req->lang, when, SLOT_S("spent", dollars(req, span->counted)),
			 SLOT_S("of", of), SLOT_I("n", span->calls), SLOT_I("tokens", span->in + span->out)));
}

static void put_models(const struct req *req, struct buf *out, const struct usage_summary *s)
{
	if (s->models_n)
		buf_text(out, tr(req->pool, req->lang, "cost.models"));
	for (size_t i = 0; i < s->models_n && i < MODELS_SHOWN; i++)
		buf_text(out, tr(req->pool, req->lang, "cost.model", SLOT_S("model", s->models[i].model),
				 SLOT_S("spent", dollars(req, s->models[i].month.counted)),
				 SLOT_I("n", s->models[i].month.calls)));
}

err_t *command_cost(struct turn *turn, const char *rest)
{
	struct req *req = turn->req;
	struct buf out = buf_new(req->pool, REPLY_MAX);
	struct usage_summary s;

	(void)rest;
	ERR(usage_summary(req, &s));
	buf_text(&out, tr(req->pool, req->lang, "cost.head"));
	if (!llm_configured(turn->req->config))
		buf_text(&out, tr(req->pool, req->lang, "cost.rules"));
	put_span(req, &out, "cost.day", &s.day, turn->req->config->llm_daily_budget_usd);
	put_span(req, &out, "cost.month", &s.month, turn->req->config->llm_monthly_budget_usd);
	put_models(req, &out, &s);
	if (s.month.unpriced)
		buf_text(&out, tr(req->pool, req->lang, "cost.unpriced", SLOT_I("n", s.month.unpriced)));
	ERR(buf_check(&out));
	return reply_html(turn, out.p);
}
