/* intent_mail: what a sentence says about a mail, and whom it invites.
 * Needs: intent_rest, json. Used by: intent_args. */
#ifndef ML_INTENT_INTENT_MAIL_H
#define ML_INTENT_INTENT_MAIL_H

#include "core/json.h"
#include "ml/intent/intent_rest.h"

/* to, subject, body. */
void intent_mail_args(apr_pool_t *pool, const struct intent_reading *r, struct json *args);
/* attendees: only addresses, for a name alone invites no one. */
void intent_mail_search(apr_pool_t *pool, const struct intent_reading *r, struct json *args);
void intent_mail_which(apr_pool_t *pool, const struct intent_reading *r, struct json *args);
void intent_mail_attendees(apr_pool_t *pool, const struct intent_reading *r, struct json *args);

#endif
