/* llm_models: what is known of each model: how it thinks, what it costs, and whether it is the one that was asked.
 * Needs: models.def. Used by: llm_wire. */
#ifndef INTEGRATIONS_LLM_LLM_MODELS_H
#define INTEGRATIONS_LLM_LLM_MODELS_H

#include "integrations/llm/llm.h"

enum llm_thinking { LLM_THINK_NOTHING, LLM_THINK_LEVEL, LLM_THINK_BUDGET };

/* The kinds a model takes beside text: 1 << LLM_PICTURE ... */
unsigned llm_model_takes(enum config_provider provider, const char *model, int64_t now);

/* What media count as at a provider, in tokens, and its ceilings (0: none). Never NULL; of one that takes none all 0. */
struct llm_media_facts {
	int64_t picture, second, page;
	int64_t picture_max; /* bytes of base64 */
	int64_t pages_max;
};
const struct llm_media_facts *llm_model_media(enum config_provider provider);

/* How a model that makes vectors is told what a text is for. */
enum llm_telling { LLM_TELL_NOT, LLM_TELL_IN_TEXT, LLM_TELL_TYPE };
struct llm_embedder {
	const char *model;
	int64_t dimensions; /* that we ask for when nobody says */
	enum llm_telling telling;
};
/* What makes vectors at a provider: the model of this name, or the first listed (model NULL). NULL: none is listed. */
const struct llm_embedder *llm_model_embedder(enum config_provider provider, const char *model);

/* now: product time. */
enum llm_thinking llm_model_thinking(enum config_provider provider, const char *model, int64_t now);

/* What this use costs, in millionths of a US dollar, rounded up. *ret_known false: no price is known, and the dearest of
 * the table is assumed, so that budgets hold. */
int64_t llm_model_cost(enum config_provider provider, const char *model, const struct llm_usage *usage,
		       int64_t now, bool *ret_known);

/* Whether `answered` is the model that was asked for: the same name, or its alias or dated form. */
bool llm_model_same(const char *asked, const char *answered);

#endif
