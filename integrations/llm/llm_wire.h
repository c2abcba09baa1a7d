/* llm_wire: what every provider's encoder and decoder share: an exchange, and how its errors are named.
 * Needs: llm, json. Used by: integrations/llm.
 * Encoders and decoders are pure: no clock, no network, nothing kept. */
#ifndef INTEGRATIONS_LLM_LLM_WIRE_H
#define INTEGRATIONS_LLM_LLM_WIRE_H

#include "integrations/llm/llm.h"
#include "integrations/llm/llm_models.h"

/* Where a provider stands. */
struct llm_endpoint {
	enum config_provider provider;
	const char *base; /* with its version */
	const char *key;  /* "": none */
	const char *model;
	enum llm_thinking thinking;
	bool retold; /* steps of its own are told as if another provider had made them */
};

#define LLM_HEADERS 3
struct llm_outgoing {
	const char *url;
	const char *headers[LLM_HEADERS]; /* NULL-terminated */
	const char *body;
	size_t body_n;
};

struct llm_incoming {
	long status;
	const char *body;
	size_t n;
	int64_t retry_after_s; /* -1: not told */
};

/* Of an answer, also of one that is an error: then reply holds only the model and the usage, where they were told. */
struct llm_decoded {
	struct llm_reply reply;
	bool again;         /* the same request may succeed soon */
	bool spent;         /* a day's quota is used up */
	bool unsigned_step; /* a step handed back carries a signature that it does not take */
	int64_t wait_ms;    /* how long the provider asks to wait; -1: it does not say */
};

/* Fills advice by status and returns its error; code: what the provider calls it, for the log ("" or NULL: nothing). */
NODISCARD err_t *llm_status_error(enum config_provider provider, long status, const char *code,
				  int64_t retry_after_s, struct llm_decoded *ret);
/* The provider refuses to answer this. */
NODISCARD err_t *llm_blocked(enum config_provider provider, const char *code);
/* An answer that is none. */
NODISCARD err_t *llm_bad_answer(enum config_provider provider, const char *why);

/* What a body holds, be it JSON, a stream of events or a list of pieces, as one answer of the provider's non-streaming
 * form; {"error":...} when it ends in an error. ERR_PROVIDER_ERROR for what is neither, or is cut. */
NODISCARD err_t *llm_body(apr_pool_t *pool, enum config_provider provider, const struct llm_incoming *in,
			  struct json **ret_body);

/* The result of a call, found by its id; the error output of a call without one. */
const struct llm_result *llm_result_of(const struct llm_message *results, const struct llm_call *call);
/* The steps a provider can be handed back as it gave them. */
bool llm_own(const struct llm_message *message, enum config_provider provider);
/* An id of our own for the n-th call; llm_made_up says whether an id is one. */
const char *llm_make_id(apr_pool_t *pool, size_t n);
bool llm_made_up(const char *id);

/* Most tokens of an answer: what was asked for and room to think, which counts too. */
int64_t llm_room(const struct llm_request *request);

#endif
