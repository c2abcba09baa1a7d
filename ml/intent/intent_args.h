/* intent_args: the arguments of what a sentence asks for: titles, times, people, mail, numbers.
 * Needs: intent_rest, json. Used by: ml/intent. */
#ifndef ML_INTENT_INTENT_ARGS_H
#define ML_INTENT_INTENT_ARGS_H

#include "core/json.h"
#include "ml/intent/intent_rest.h"

/* Whether the intent has a time among its arguments. */
bool intent_takes_time(enum intent_id intent);

/* An object in the pool, with the names that tools know. */
struct json *intent_args_read(apr_pool_t *pool, const struct intent_reading *r);

#endif
