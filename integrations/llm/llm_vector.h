/* llm_vector: requests and answers of what makes vectors of texts: Gemini's batchEmbedContents, OpenAI's embeddings (and
 * its imitators'), Ollama's embed.
 * Needs: llm_wire, llm_base64. Used by: llm_embed. */
#ifndef INTEGRATIONS_LLM_LLM_VECTOR_H
#define INTEGRATIONS_LLM_LLM_VECTOR_H

#include "integrations/llm/llm_wire.h"

/* One batch. */
struct llm_batch {
	const char *const *texts;
	size_t n;
	enum llm_purpose purpose;
	enum llm_telling telling;
	int64_t dimensions; /* 0: as many as the model gives; set by the first answer */
	float *v;           /* where they go: n times dimensions; NULL: made by the decoder */
};

/* Whether a provider makes vectors at all. */
bool llm_vector_made_by(enum config_provider provider);
/* What the texts count as, about and rather too much. */
int64_t llm_vector_tokens(const struct llm_batch *batch);
/* Most texts of one request. */
size_t llm_vector_most(enum config_provider provider);

/* at: its base as the request's address goes on from it (Ollama: without a version). */
void llm_vector_encode(apr_pool_t *pool, const struct llm_endpoint *at, const struct llm_batch *batch,
		       struct llm_outgoing *ret);

/* Fills batch->v with vectors of length 1. ret as of the decoders of llm_wire.h: its reply holds model and usage alone.
 * ERR_PROVIDER_ERROR for what is not exactly n vectors of the dimensions asked for, of finite numbers not all 0. */
NODISCARD err_t *llm_vector_decode(apr_pool_t *pool, enum config_provider provider,
				   const struct llm_incoming *in, struct llm_batch *batch,
				   struct llm_decoded *ret);

#endif
