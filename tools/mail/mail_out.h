/* mail_out: a mail on its way: waiting, leaving, settled.
 * Needs: mail_compose, google, outcome. Used by: tools/mail, job_mail_out.
 * What makes it one mail: a draft whose id is stored before it is sent. While the draft is there, nothing was sent; sent twice, it
 * is one mail. Where drafts are not allowed, it is sent at most once, and the person is told when it is not known whether it was. */
#ifndef TOOLS_MAIL_MAIL_OUT_H
#define TOOLS_MAIL_MAIL_OUT_H

#include "tools/mail/mail_compose.h"
#include "tools/remote.h"

enum {
	MAIL_OUT_WAIT_S = 30,
	MAIL_OUT_STALE_S = 30 * 60 /* later it does not leave any more: nobody expects it */
};

/* Under which its message goes out: "leaves in 30 s", in whose place comes what became of it. */
const char *mail_out_key(struct req *req, int64_t id);

/* How it ended, as the result of its operation says. */
enum mail_end { MAIL_SENT, MAIL_NOT_SENT, MAIL_UNKNOWN };
const char *mail_end_name(enum mail_end end);
enum mail_end mail_end_of(const struct json *result);

/* The plan's request: {id, message_id, send_at, drafts, reads, mail}. */
NODISCARD err_t *mail_out_send(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
			       struct json **ret_result);
NODISCARD err_t *mail_out_look(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
			       struct json **ret_result);

#endif
