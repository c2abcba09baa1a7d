/* google_say: what a person hears when Google cannot be used, and what leads on.
 * Needs: google_account, google, outcome, remote. Used by: tools. */
#ifndef TOOLS_GOOGLE_GOOGLE_SAY_H
#define TOOLS_GOOGLE_GOOGLE_SAY_H

#include "integrations/google/google.h"
#include "integrations/google/google_account.h"
#include "tools/outcome.h"
#include "tools/remote.h"

/* The account for a feature (id 0: whichever is ready, the usual one first). *ret_ready false: ret_outcome refuses
 * ("no_google", "not_connected", "not_allowed", "reconnect") in plain words, with a button that leads on. */
NODISCARD err_t *google_ready(struct req *req, struct tx *tx, enum google_feature feature, int64_t id,
			      struct google_account *ret_account, bool *ret_ready,
			      struct outcome *ret_outcome);
/* The same in a transaction of its own. */
NODISCARD err_t *google_ready_alone(struct req *req, enum google_feature feature, int64_t id,
				    struct google_account *ret_account, bool *ret_ready,
				    struct outcome *ret_outcome);
/* An error of google_call becomes an answer in plain words ("reconnect", "not_allowed", "too_fast", "google_down",
 * "google_refused"); any other stays an error. */
NODISCARD err_t *google_trouble(struct req *req, err_t *err, const struct google_reply *reply,
				struct outcome *ret_outcome);
/* For send and look of a remote act: what an answer says about it: done (2xx); refused, where it did not happen and will
 * not; unsure otherwise, where it is worth a look and another try. The error is logged and cleared. Other statuses that google_call
 * gives (404, 409, 410, 412) are for the caller to read before: here they are refusals. */
enum remote_sent google_sent(err_t *err, const struct google_reply *reply);
/* A button that leads to the page of consent for a feature. */
void google_button(struct req *req, struct outcome *outcome, enum google_feature feature, int64_t account_id);
/* The same, for an account that is to be connected anew. */
void google_button_again(struct req *req, struct outcome *outcome, enum google_feature feature,
			 int64_t account_id);

#endif
