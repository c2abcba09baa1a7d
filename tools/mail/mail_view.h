/* mail_view: mails as they are shown.
 * Needs: mail_seen, when. Used by: tools/mail. */
#ifndef TOOLS_MAIL_MAIL_VIEW_H
#define TOOLS_MAIL_MAIL_VIEW_H

#include "tools/mail/mail_seen.h"

/* "agora", "há 20 min", "há 3 h", "ontem às 14:02", "24/11". Plain text. */
const char *mail_view_age(struct req *req, int64_t at);
/* Who it is from, without anything to tap; HTML. */
const char *mail_view_sender(struct req *req, const struct mail_row *row);
/* What it is about, the same. "(sem assunto)" where it does not say. */
const char *mail_view_subject(struct req *req, const struct mail_row *row);
/* "● <b>1</b> · Ana Souza · Contrato · há 2 h": one line of a list, HTML. number: what it is called in words. */
const char *mail_view_line(struct req *req, const struct mail_row *row, int64_t number);
/* The buttons of one line: read, archive, answer, task, reminder. */
void mail_view_row_buttons(struct req *req, const struct mail_row *row, int64_t number,
			   struct outcome *outcome);
/* The buttons of a mail that was read. */
void mail_view_buttons(struct req *req, const struct mail_row *row, struct outcome *outcome);

/* The data of an act on one mail. */
struct mail_result {
	const struct mail_row *mail;
	struct json_list candidates;
};
extern const struct json_field mail_result[];

/* Several may be meant: asks which, with a button each that runs this tool. */
void mail_view_which(struct req *req, size_t n, const struct mail_row *rows, const char *tool,
		     struct outcome *outcome);

#endif
