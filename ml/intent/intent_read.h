/* intent_read: what is said in a sentence, for the readers of arguments: words, numbers, days.
 * Needs: intent_rest, json. Used by: ml/intent. */
#ifndef ML_INTENT_INTENT_READ_H
#define ML_INTENT_INTENT_READ_H

#include "core/json.h"
#include "ml/intent/intent_rest.h"

/* The first token of that class; NULL: there is none. */
const struct intent_token *intent_token_of(const struct intent_reading *r, enum intent_class c);
/* Whether one of these folded words is said; the list ends with NULL. */
bool intent_words_said(const struct intent_reading *r, const char *const *words);
/* The number a thing was called by: "tarefa 12", "feito 3", "nota #4". */
bool intent_number_said(const struct intent_reading *r, int64_t *ret_id);
/* The sentence as it was said from that token on, days and all: for tools that find them. */
const char *intent_sentence_from(apr_pool_t *pool, const struct intent_reading *r, int from);

/* The day of a wall time: "2026-11-22". */
const char *intent_day_of(apr_pool_t *pool, int64_t wall);
/* As a task's day: a date alone unless a time was said; of a part of a day the day, of several days the last. */
const char *intent_due_of(apr_pool_t *pool, const struct date_found *found);

/* Nothing when key is NULL, or text NULL or empty. */
void intent_set_some(struct json *args, const char *key, const char *text);

#endif
