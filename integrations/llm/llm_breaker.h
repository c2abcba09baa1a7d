/* llm_breaker: which providers this process asks now: their circuit breakers, and the times they want to be left alone.
 * Needs: clock, metrics. Used by: llm, llm_ask.
 * Three failures in a row open a circuit for a minute; then one call probes, and while it does no other is let through. */
#ifndef INTEGRATIONS_LLM_LLM_BREAKER_H
#define INTEGRATIONS_LLM_LLM_BREAKER_H

#include "core/config.h"

enum llm_verdict {
	LLM_WORKED, /* it answered, if only to refuse this request */
	LLM_FAILED,
	LLM_UNTOLD, /* the call was given up before it told */
};

/* Whether a call may go out now; each true is followed by one llm_breaker_leave with the same probe. */
bool llm_breaker_enter(enum config_provider provider, bool *ret_probe);
void llm_breaker_leave(enum config_provider provider, bool probe, enum llm_verdict verdict);

/* No call before this clock_mono_ms(): the provider said so. */
void llm_breaker_hold(enum config_provider provider, int64_t until_ms);
bool llm_breaker_held(enum config_provider provider);

/* All closed again; how long an open one stays so (0: a minute). */
void llm_breaker_reset(int64_t open_ms);

#endif
