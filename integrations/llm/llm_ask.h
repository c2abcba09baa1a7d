/* llm_ask: one question at one provider, asked as often as it takes: attempts, their waits, the circuit breaker, rate
 * limits, and the record of each call.
 * Needs: http, llm_account, llm_breaker. Used by: llm, llm_embed. */
#ifndef INTEGRATIONS_LLM_LLM_ASK_H
#define INTEGRATIONS_LLM_LLM_ASK_H

#include "integrations/llm/llm_wire.h"

/* What is asked, and how its answers are read: both formats are the caller's. */
struct llm_ask {
	struct req *req;
	const struct llm_endpoint *at;
	apr_pool_t *pool;    /* of what is decoded */
	apr_pool_t *scratch; /* dies with the provider's turn */
	int64_t deadline;    /* clock_mono_ms() */
	bool more;           /* another provider would be asked after this one */
	void *what;
	/* retold: see llm_endpoint. */
	void (*encode)(apr_pool_t *pool, const struct llm_endpoint *at, void *what, bool retold,
		       struct llm_outgoing *ret);
	err_t *(*decode)(apr_pool_t *pool, const struct llm_endpoint *at, void *what,
			 const struct llm_incoming *in, struct llm_decoded *ret);
	struct llm_outgoing out; /* of encode */
	int attempts;            /* so far */
};

void llm_ask_init(const struct config *config);
/* That of llm_ask_init. */
const struct config *llm_ask_config(void);
/* How long the first retry waits; 0: half a second. */
void llm_ask_tune(int64_t backoff_ms);

/* Attempts until one answers or no other makes sense. Errors as of llm_chat. */
NODISCARD err_t *llm_ask_until(struct llm_ask *ask, struct llm_decoded *ret);
/* A single exchange, which is neither counted nor stored. ret_status 0: no answer. */
NODISCARD err_t *llm_ask_once(struct llm_ask *ask, int64_t timeout_ms, struct llm_decoded *ret,
			      long *ret_status);

/* Whether another provider may do better after this error. A refusal to answer is not carried from house to house. */
bool llm_ask_elsewhere(const err_t *err);

#endif
