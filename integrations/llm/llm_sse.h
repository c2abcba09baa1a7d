/* llm_sse: answers that come as a stream of events, put together into the form they have without a stream.
 * Needs: json. Used by: llm_wire.
 * A stream that was cut is never taken for a whole one: each join fails unless it saw the provider's own sign of the end. */
#ifndef INTEGRATIONS_LLM_LLM_SSE_H
#define INTEGRATIONS_LLM_LLM_SSE_H

#include "core/json.h"

/* Whether a body is a stream of events rather than JSON. */
bool llm_sse_looks(const char *body, size_t n);

/* The whole answer, or {"error":...} when the stream ends in an error. ERR_PROVIDER_ERROR: incomplete. */
NODISCARD err_t *llm_sse_gemini(apr_pool_t *pool, const char *body, size_t n, struct json **ret_whole);
NODISCARD err_t *llm_sse_openai(apr_pool_t *pool, const char *body, size_t n, struct json **ret_whole);
NODISCARD err_t *llm_sse_anthropic(apr_pool_t *pool, const char *body, size_t n, struct json **ret_whole);
/* The same of a JSON list of Gemini's pieces. */
NODISCARD err_t *llm_sse_gemini_pieces(apr_pool_t *pool, const struct json *list, struct json **ret_whole);

#endif
