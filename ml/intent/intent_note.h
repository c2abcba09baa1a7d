/* intent_note: what a sentence tells of inbox items, notes and content.
 * Needs: intent_rest, json. Used by: intent_args. */
#ifndef ML_INTENT_INTENT_NOTE_H
#define ML_INTENT_INTENT_NOTE_H

#include "core/json.h"
#include "ml/intent/intent_rest.h"

void intent_note_inbox(const struct intent_reading *r, struct json *args);
void intent_note_note(apr_pool_t *pool, const struct intent_reading *r, struct json *args);
void intent_note_content(apr_pool_t *pool, const struct intent_reading *r, struct json *args);

#endif
