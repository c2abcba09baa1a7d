#include "integrations/llm/llm_breaker.h"

#include "core/clock.h"
#include "core/log.h"
#include "core/metrics.h"

#define FAILURES 3
#define OPEN_MS 60000

/* As llm_circuit_breaker_state shows them. */
enum { CLOSED, HALF_OPEN, OPEN };

static struct circuit {
	int failures;       /* in a row */
	int64_t open_until; /* clock_mono_ms(); 0: closed */
	int64_t hold_until;
	bool probing;
} circuits[PROVIDER_COUNT];

static int64_t open_for = OPEN_MS;

static void show(enum config_provider p, int state)
{
	metric_set(METRIC_LLM_BREAKER, config_provider_name(p), NULL, NULL, state);
}

static void open_circuit(enum config_provider p)
{
	circuits[p].open_until = clock_mono_ms() + open_for;
	log_event(LOG_WARN, "llm_circuit_open", KV_S("provider", config_provider_name(p)));
	show(p, OPEN);
}

static void close_circuit(enum config_provider p)
{
	circuits[p].failures = 0;
	if (!circuits[p].open_until)
		return;
	circuits[p].open_until = 0;
	log_event(LOG_INFO, "llm_circuit_closed", KV_S("provider", config_provider_name(p)));
	show(p, CLOSED);
}

bool llm_breaker_enter(enum config_provider p, bool *ret_probe)
{
	struct circuit *c = &circuits[p];

	*ret_probe = false;
	if (!c->open_until)
		return true;
	if (c->probing || clock_mono_ms() < c->open_until)
		return false;
	c->probing = *ret_probe = true;
	show(p, HALF_OPEN);
	return true;
}

void llm_breaker_leave(enum config_provider p, bool probe, enum llm_verdict verdict)
{
	struct circuit *c = &circuits[p];

	if (probe) {
		c->probing = false;
		if (verdict == LLM_WORKED)
			close_circuit(p);
		else if (verdict == LLM_FAILED)
			open_circuit(p);
		else
			show(p, OPEN);
	} else if (c->open_until) {
		return; /* it went out before the circuit opened, and tells nothing new */
	} else if (verdict == LLM_WORKED) {
		c->failures = 0;
	} else if (verdict == LLM_FAILED && ++c->failures >= FAILURES) {
		open_circuit(p);
	}
}

void llm_breaker_hold(enum config_provider p, int64_t until_ms)
{
	if (until_ms > circuits[p].hold_until)
		circuits[p].hold_until = until_ms;
}

bool llm_breaker_held(enum config_provider p)
{
	return clock_mono_ms() < circuits[p].hold_until;
}

void llm_breaker_reset(int64_t open_ms)
{
	open_for = open_ms ? open_ms : OPEN_MS;
	for (enum config_provider p = 0; p < PROVIDER_COUNT; p++) {
		circuits[p] = (struct circuit){ 0 };
		show(p, CLOSED);
	}
}
