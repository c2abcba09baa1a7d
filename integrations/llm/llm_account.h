/* llm_account: who may still ask, and the record of what was asked.
 * Needs: usage, outbox, metrics, log. Used by: llm, llm_ask, llm_embed. */
#ifndef INTEGRATIONS_LLM_LLM_ACCOUNT_H
#define INTEGRATIONS_LLM_LLM_ACCOUNT_H

#include "core/req.h"
#include "integrations/llm/llm_wire.h"

/* ERR_BUDGET when the person has spent their day's or month's budget, or would with `ahead` more (millionths of a
 * dollar). */
NODISCARD err_t *llm_account_check(struct req *req, const struct config *config, int64_t ahead);
/* ERR_RATE_LIMIT above LLM_RATE_PER_MIN calls to this provider, over all instances. */
NODISCARD err_t *llm_account_rate(apr_pool_t *pool, const struct config *config,
				  enum config_provider provider);

/* One attempt that is over: err is its error or NULL. Counts and logs it; an answer that used tokens is stored, with a
 * word to the person when a budget's threshold is crossed. Called with a clean fiber: not inside a transaction. */
struct llm_attempt {
	const struct llm_endpoint *at;
	const struct llm_decoded *decoded;
	const err_t *err;
	int number;  /* 1: the first */
	long status; /* 0: no answer */
	int64_t ms;
};
void llm_account_note(const struct llm_attempt *attempt);
NODISCARD err_t *llm_account_store(struct req *req, const struct config *config,
				   const struct llm_attempt *attempt);

#endif
