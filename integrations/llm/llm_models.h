/* llm_models: what is known of each model: how it thinks, what it costs, and whether it is the one that was asked.
 * Needs: models.def. Used by: llm_wire. */
#ifndef INTEGRATIONS_LLM_LLM_MODELS_H
#define INTEGRATIONS_LLM_LLM_MODELS_H

#include "integrations/llm/llm.h"

enum llm_thinking { LLM_THINK_NOTHING, LLM_THINK_LEVEL, LLM_THINK_BUDGET };

/* now: product time. */
enum llm_thinking llm_model_thinking(enum config_provider provider, const char *model, int64_t now);

/* What this use costs, in millionths of a US dollar, rounded up. *ret_known false: no price is known, and the dearest of
 * the table is assumed, so that budgets hold. */
int64_t llm_model_cost(enum config_provider provider, const char *model, const struct llm_usage *usage,
		       int64_t now, bool *ret_known);

/* Whether `answered` is the model that was asked for: the same name, or its alias or dated form. */
bool llm_model_same(const char *asked, const char *answered);

#endif
