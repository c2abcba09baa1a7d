/* intent_project: what a sentence says about projects: which one, its state, what goes into it.
 * Needs: intent_rest, json. Used by: intent_args. */
#ifndef ML_INTENT_INTENT_PROJECT_H
#define ML_INTENT_INTENT_PROJECT_H

#include "core/json.h"
#include "ml/intent/intent_rest.h"

/* The arguments of the four tools on projects. */
void intent_project_args(apr_pool_t *pool, const struct intent_reading *r, struct json *args);

/* The name after "do projeto", before "project"; "" when none is said. */
const char *intent_project_name(apr_pool_t *pool, const struct intent_reading *r);

/* What stands after "para" of "renomeia X para Y"; "" when nothing is renamed. *ret_to: the token of "para". */
const char *intent_new_name(apr_pool_t *pool, const struct intent_reading *r, int *ret_to);

#endif
