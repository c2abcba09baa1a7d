/* mail_labels: a mail out of the inbox, or back into it: an act and what takes it back, by one remote.
 * Needs: mail_seen, google_say, remote. Used by: tools/mail. */
#ifndef TOOLS_MAIL_MAIL_LABELS_H
#define TOOLS_MAIL_MAIL_LABELS_H

#include "tools/mail/mail_seen.h"
#include "tools/remote.h"

/* Plans it for the mail of that number. into: back into the inbox. */
NODISCARD err_t *mail_labels_plan(struct req *req, struct tx *tx, int64_t id, bool into,
				  struct json **ret_request, struct outcome *ret_outcome);
NODISCARD err_t *mail_labels_send(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
				  struct json **ret_result);
NODISCARD err_t *mail_labels_settle(struct req *req, struct tx *tx, const struct operation *op,
				    struct outcome *ret_outcome);

#endif
