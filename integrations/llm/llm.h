/* llm: one step of a conversation with a model, whichever provider answers.
 * Needs: http, json, config, usage. Used by: integrations/llm, ml/reader, bot, phrase.
 * Everything handed in is sent as it is: masking personal data is for the caller (ml/guard). Nothing of what is
 * asked or answered is logged.
 * Bytes of a picture, a sound or a document cannot be masked. So unless PRIVACY_GUARD is off each such part says by
 * media_allowed that its person agreed to its going out; one that does not is refused (ERR_DENIED) and nobody is asked.
 * Such parts are of this turn only: what is stored of a turn are replies, which hold none. */
#ifndef INTEGRATIONS_LLM_LLM_H
#define INTEGRATIONS_LLM_LLM_H

#include "core/config.h"
#include "core/json.h"
#include "core/req.h"

struct llm_call {       /* the model wants a tool run */
	const char *id; /* the provider's; made up where it gives none; never NULL */
	const char *name;
	struct json *args; /* an object; NULL: what came was no JSON object */
};

struct llm_result {            /* what a call gave, in the order of the calls */
	const char *id, *name; /* of the call */
	struct json *output;   /* an object */
	bool is_error;
};

struct llm_usage {        /* in tokens; 0 where not told */
	int64_t in;       /* whole input, cached included */
	int64_t cached;   /* of in */
	int64_t out;      /* all that is billed as output, thoughts included */
	int64_t thoughts; /* of out */
};

enum llm_finish {
	LLM_STOP,      /* said all, or wants tools run: look at calls */
	LLM_LENGTH,    /* cut at the limit; text may be empty */
	LLM_MALFORMED, /* a call that the provider could not read, twice: best asked again without tools */
};

struct llm_reply {
	enum config_provider provider;
	const char *model; /* that really answered, as it names itself */
	const char *text;  /* without thoughts; "" when none */
	struct llm_call *calls;
	size_t calls_n;
	enum llm_finish finish;
	struct llm_usage usage;
	int64_t latency_ms;
	struct json *native; /* the provider's own message, handed back to it verbatim in later steps */
};

enum llm_kind { LLM_TEXT, LLM_PICTURE, LLM_SOUND, LLM_DOCUMENT };
struct llm_part {
	enum llm_kind kind;
	const char *text; /* of TEXT, masked; of no other */
	const char *type; /* media type of what the bytes are, whatever their sender says: "image/jpeg" */
	const void *data;
	size_t n;
	int64_t seconds; /* of SOUND; 0: not known, guessed from the size for the budget */
	int64_t pages;   /* of DOCUMENT; the same */
	bool media_allowed;
};

enum llm_role { LLM_PERSON, LLM_MODEL, LLM_RESULTS };
struct llm_message {
	enum llm_role role;
	const char *text;             /* of PERSON; of MODEL when it has no reply (an earlier turn) */
	const struct llm_part *parts; /* of PERSON, before its text, which may then be NULL */
	size_t parts_n;
	const struct llm_reply *reply;    /* of MODEL: a step of this turn, with its calls */
	const struct llm_result *results; /* of RESULTS: one a call of the reply before */
	size_t results_n;
};

struct llm_tool {
	const char *name, *description;
	struct json *schema; /* JSON Schema of an object; NULL: no arguments */
};

struct llm_request {
	const char *system;
	const struct llm_message *messages;
	size_t messages_n;
	const struct llm_tool *tools;
	size_t tools_n;
	int64_t max_tokens; /* of the answer, thoughts apart; 0: 2048 */
	/* The one provider to ask, since an act of this turn was already done with it; PROVIDER_COUNT: the configured
	 * order of fallback. */
	enum config_provider only;
	int64_t deadline_ms; /* clock_mono_ms() at which the turn gives up; 0: 90 s from now */
	bool context_free; /* no person's data and no tools: an equal request may be answered from the cache */
};

/* Once per process after the fork; config outlives the process's use of models. Providers, keys and models were checked
 * when it was loaded (LLM_MODELS_ALLOWED too); ERR_CONFIG for an address that can be none. */
NODISCARD err_t *llm_init(const struct config *config);
/* Whether some model is configured at all (LLM_PROVIDER is not rules alone). */
bool llm_configured(const struct config *config);

/* Asks. The budget of req's person is checked first; attempts, their waits, the circuit breaker, rate limits and the
 * fallback are in here; each call's usage and cost are stored. The reply lives in req->pool. Errors, none of which says
 * that the same request would fail for ever:
 *   ERR_BUDGET          the person's budget is spent
 *   ERR_BLOCKED         the provider refuses to answer this
 *   ERR_AUTH_ERROR      key or account refused
 *   ERR_RATE_LIMIT      the provider's limit or ours
 *   ERR_TIMEOUT         no answer in time
 *   ERR_PROVIDER_ERROR  anything else, the circuit being open included
 *   ERR_CANCELLED       the fiber was cancelled
 * and, before anybody is asked, of a request that holds media (a provider whose model does not take them is passed over,
 * and never sees the rest without them):
 *   ERR_DENIED          nobody allowed a part to go out
 *   ERR_TOO_LARGE       over LIMIT_MEDIA_*, or more than any provider of the order takes
 *   ERR_INVALID         no provider of the order takes such a part, or its bytes are not of its type */
NODISCARD err_t *llm_chat(struct req *req, const struct llm_request *request, struct llm_reply **ret_reply);

enum llm_purpose {
	LLM_TO_KEEP, /* a text that will be looked for */
	LLM_TO_FIND, /* words that look for one */
};

struct llm_embed_request {
	const char *const
		*texts; /* masked; none empty; at most LIMIT_EMBED_TEXTS of LIMIT_EMBED_TEXT bytes */
	size_t texts_n;
	enum llm_purpose purpose;
	int64_t dimensions; /* 0: the model's usual */
	/* Vectors compare only with those of the same model: who looks among stored ones names theirs. PROVIDER_COUNT: the
	 * first of the order that can; model NULL: its first in models.def. */
	enum config_provider only;
	const char *model;
	int64_t deadline_ms; /* clock_mono_ms() at which to give up; 0: 90 s from now */
};

struct llm_vectors {
	enum config_provider provider;
	const char *model; /* as it names itself, else as it was asked for: to be kept beside each vector */
	size_t n, dimensions;
	const float *v;         /* n times dimensions, in the order of the texts, each vector of length 1 */
	struct llm_usage usage; /* input; counted from the texts where the provider does not tell */
};

/* Makes vectors of texts, in req->pool, all by one model or none at all. What is said of llm_chat holds here: budget (the
 * texts count before they are sent), attempts, breaker, rate, fallback, usage. Errors as there, and
 *   ERR_INVALID    no texts, an empty one, or dimensions that can be none
 *   ERR_TOO_LARGE  too many, or too long a text
 *   ERR_NOT_FOUND  no provider of the order makes vectors (anthropic, xai and deepseek do not, nor does a model that
 *                  LLM_MODELS_ALLOWED leaves out) */
NODISCARD err_t *llm_embed(struct req *req, const struct llm_embed_request *request,
			   struct llm_vectors **ret_vectors);

/* One tiny question to one provider, for doctor: no budget, no rate, no fallback, no retry, nothing stored. ERR_NOT_FOUND:
 * there is no such model; the others as of llm_chat. ret_model: that answered. */
NODISCARD err_t *llm_probe(apr_pool_t *pool, enum config_provider provider, const char **ret_model,
			   int64_t *ret_ms);

/* For tests: how long the first retry waits (0: half a second), and how long an open circuit stays so (0: a minute). */
struct llm_tuning {
	int64_t backoff_ms, open_ms;
};
void llm_tune(const struct llm_tuning *tuning);

/* A reply as JSON and back, for the store of steps. ERR_INVALID when it is none. */
struct json *llm_reply_json(apr_pool_t *pool, const struct llm_reply *reply);
NODISCARD err_t *llm_reply_read(apr_pool_t *pool, struct json *stored, struct llm_reply **ret_reply);

#endif
