/* llm_openai: requests and answers of chat completions, as OpenAI, xAI, DeepSeek, Ollama and llama.cpp speak it.
 * Needs: llm_wire. Used by: llm, llm_vector. */
#ifndef INTEGRATIONS_LLM_LLM_OPENAI_H
#define INTEGRATIONS_LLM_LLM_OPENAI_H

#include "integrations/llm/llm_wire.h"

void llm_openai_encode(apr_pool_t *pool, const struct llm_endpoint *at, const struct llm_request *request,
		       struct llm_outgoing *ret);
/* ret is filled on errors too (llm_wire.h). The reply lives in pool. */
NODISCARD err_t *llm_openai_decode(apr_pool_t *pool, enum config_provider provider,
				   const struct llm_incoming *in, struct llm_decoded *ret);

#endif
