/* mail_pick: the one mail that an act is about.
 * Needs: mail_call, mail_seen, google_say. Used by: tools/mail. */
#ifndef TOOLS_MAIL_MAIL_PICK_H
#define TOOLS_MAIL_MAIL_PICK_H

#include "integrations/google/google_account.h"
#include "tools/mail/mail_seen.h"

/* Of a number, of words that point ("o segundo"; nothing: the mail shown last), or of words that are searched for. Not inside a
 * transaction. What was searched for counts as shown. ret_outcome with html: there is none, or Google cannot be asked; or there are
 * several, which are shown with buttons that run the tool. */
NODISCARD err_t *mail_pick(struct req *req, int64_t id, const char *words, const char *tool,
			   struct mail_row *ret_row, struct outcome *ret_outcome);
/* The one that is to be answered: where words say only whose it is, the last of theirs that was shown; else as above. */
NODISCARD err_t *mail_pick_answered(struct req *req, int64_t id, const char *words, struct mail_row *ret_row,
				    struct outcome *ret_outcome);

#endif
