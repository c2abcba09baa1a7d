#include "bot/talk/gate.h"

#include "core/limits.h"
#include "core/log.h"
#include "core/metrics.h"
#include "core/text.h"
#include "db/rate.h"
#include <string.h>

enum { HOUR_S = 3600, SAY_AGAIN = 10 /* over the limit, every so many messages are told so */ };

static bool decide(const char *gate, bool allow, const char *reason)
{
	const char *decision = allow ? "ALLOW" : "DENY";

	metric_add(METRIC_GATE_DECISIONS, gate, decision, NULL, 1);
	log_event(LOG_INFO, "gate_decision", KV_S("gate", gate), KV_S("decision", decision),
		  KV_S("reason", reason));
	return allow;
}

static void deny(struct gate_verdict *verdict, const char *reason, const char *text_key)
{
	*verdict = (struct gate_verdict){ .reason = reason, .text_key = text_key };
}

static NODISCARD err_t *check_rate(struct turn *turn, struct gate_verdict *verdict)
{
	struct req *req = turn->req;
	int64_t limit = turn->req->config->rate_limit_per_hour, n;
	const char *key = mem_fmt(req->pool, "msg:%lld", (long long)req->user_id);

	/* A replay was counted the first time; what must always work is not counted. */
	if (!limit || turn->claim->attempts || turn->claim->lane == LANE_CONTROL)
		return NULL;
	ERR(rate_count(req->pool, key, HOUR_S, req->now, &n));
	if (decide("rate", n <= limit, n <= limit ? "ok" : "over"))
		return NULL;
	deny(verdict, "rate", (n - limit) % SAY_AGAIN == 1 ? "gate.rate" : NULL);
	verdict->limit = limit;
	return NULL;
}

err_t *gate_check(struct turn *turn, struct gate_verdict *ret_verdict)
{
	struct req *req = turn->req;

	*ret_verdict = (struct gate_verdict){ .allow = true, .reason = "ok" };
	if (!decide("identity", req->user_id > 0 && req->role >= ROLE_GUEST,
		    req->user_id > 0 ? "known" : "unknown")) {
		deny(ret_verdict, "identity", "gate.stranger");
		return NULL;
	}
	ret_verdict->allow = true;
	ERR(check_rate(turn, ret_verdict));
	if (ret_verdict->allow && !decide("size", strlen(turn->text) <= LIMIT_TEXT_IN, "length"))
		deny(ret_verdict, "size", "gate.size");
	return NULL;
}
