/* llm_media: pictures, sounds and documents of a request: whether they may go out, who takes them, and how they get into
 * a body.
 * Needs: llm_models, llm_base64. Used by: llm, llm_gemini, llm_openai, llm_anthropic. */
#ifndef INTEGRATIONS_LLM_LLM_MEDIA_H
#define INTEGRATIONS_LLM_LLM_MEDIA_H

#include "integrations/llm/llm_wire.h"

/* Stands in a body where the bytes will. No UTF-8, so that nothing anybody wrote can be one. */
#define LLM_MEDIA_MARK "\xff"

bool llm_media_in(const struct llm_request *request);

/* Before anybody is asked. ERR_DENIED: nobody allowed a part to go out (llm.h); ERR_TOO_LARGE: over our ceilings;
 * ERR_INVALID: a type we do not know, or bytes of another. */
NODISCARD err_t *llm_media_check(const struct config *config, const struct llm_request *request);

/* Whether this model takes all of it: ERR_INVALID, or ERR_TOO_LARGE for what is more than it takes. */
NODISCARD err_t *llm_media_fits(const struct llm_endpoint *at, const struct llm_request *request,
				int64_t now);

/* What it will count as, about and rather too much, in tokens. */
int64_t llm_media_tokens(enum config_provider provider, const struct llm_request *request);

/* The part's type as the provider names it. */
const char *llm_media_type(enum config_provider provider, const struct llm_part *part);

/* The body as it goes out: each mark replaced by the base64 of a part, in the order of the request. The whole is written
 * once and nothing is copied. */
void llm_media_body(apr_pool_t *pool, const struct llm_request *request, const struct json *body,
		    struct llm_outgoing *ret);

#endif
