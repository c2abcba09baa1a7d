/* mail_call: Gmail's answers as mails, or what a person hears instead.
 * Needs: google, google_gmail, google_say. Used by: tools/mail.
 * Not inside a transaction. Where ret_outcome is given html, that is the answer. */
#ifndef TOOLS_MAIL_MAIL_CALL_H
#define TOOLS_MAIL_MAIL_CALL_H

#include "integrations/google/google_gmail.h"
#include "tools/tool.h"

/* One mail; headers_only: without its text. */
NODISCARD err_t *mail_call_get(struct req *req, int64_t account, const char *id, bool headers_only,
			       struct gmail_mail *ret_mail, struct outcome *ret_outcome);
/* The newest that are found, at most max, without their text. *ret_more: there are others. What is gone meanwhile is left out. */
NODISCARD err_t *mail_call_search(struct req *req, int64_t account, const struct gmail_query *query,
				  int64_t max, size_t *ret_n, struct gmail_mail **ret_mails, bool *ret_more,
				  struct outcome *ret_outcome);

#endif
