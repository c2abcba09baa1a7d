/* llm_endpoint: where each provider of the configuration stands.
 * Needs: config, models. Used by: llm, llm_embed. */
#ifndef INTEGRATIONS_LLM_LLM_ENDPOINT_H
#define INTEGRATIONS_LLM_LLM_ENDPOINT_H

#include "integrations/llm/llm_wire.h"

/* Once per process. ERR_CONFIG for an address that can be none. */
NODISCARD err_t *llm_endpoint_init(const struct config *config);

/* As configured; NULL when the provider is none of the order. */
const struct llm_endpoint *llm_endpoint_at(enum config_provider provider);

/* As requests go there: with the version in its base, and what is known of the model today. */
struct llm_endpoint llm_endpoint_now(apr_pool_t *pool, const struct llm_endpoint *at);

/* The base without any version: for what a server has beside the format it imitates. In the pool. */
const char *llm_endpoint_bare(apr_pool_t *pool, const struct llm_endpoint *at);

#endif
