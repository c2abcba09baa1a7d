/* intent_note: what a sentence tells of inbox items, notes and content; and what the rules share that read arguments.
 * Needs: intent_rest, json. Used by: ml/intent_args. */
#ifndef ML_INTENT_INTENT_NOTE_H
#define ML_INTENT_INTENT_NOTE_H

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
/* Nothing when text is NULL or empty. */
void intent_set_some(struct json *args, const char *key, const char *text);

void intent_note_inbox(const struct intent_reading *r, struct json *args);
void intent_note_note(apr_pool_t *pool, const struct intent_reading *r, struct json *args);
void intent_note_content(apr_pool_t *pool, const struct intent_reading *r, struct json *args);

#endif
