/* llm_sse: answers that come as a stream of events, put together into the form they have without a stream.
 * Needs: json. Used by: llm_wire.
 * A stream that was cut is never taken for a whole one: each join fails unless it saw the provider's own sign of the end. */
#ifndef INTEGRATIONS_LLM_LLM_SSE_H
#define INTEGRATIONS_LLM_LLM_SSE_H

#include "core/json.h"

/* Reads events as the HTML standard says: lines end in CR, LF or both, a blank line ends an event, what follows the last
 * blank line is no event. */
struct llm_sse {
	apr_pool_t *pool;
	const char *at, *end;
	const char *stray; /* where a line began that belongs to no event, or NULL */
};
struct llm_event {
	const char *name; /* "" when none was given */
	const char *data;
};
struct llm_sse llm_sse_open(apr_pool_t *pool, const char *body, size_t n);
bool llm_sse_next(struct llm_sse *sse, struct llm_event *ret_event);

/* Whether a body is a stream of events rather than JSON. */
bool llm_sse_looks(const char *body, size_t n);

/* The whole answer, or {"error":...} when the stream ends in an error. ERR_PROVIDER_ERROR: incomplete. */
NODISCARD err_t *llm_sse_gemini(apr_pool_t *pool, const char *body, size_t n, struct json **ret_whole);
NODISCARD err_t *llm_sse_openai(apr_pool_t *pool, const char *body, size_t n, struct json **ret_whole);
NODISCARD err_t *llm_sse_anthropic(apr_pool_t *pool, const char *body, size_t n, struct json **ret_whole);
/* The same of a JSON list of Gemini's pieces. */
NODISCARD err_t *llm_sse_gemini_pieces(apr_pool_t *pool, const struct json *list, struct json **ret_whole);

#endif
