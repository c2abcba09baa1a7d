/* mail_seen: mails that a person was shown: their numbers, and which one words mean.
 * Needs: tx, google_gmail. Used by: tools/mail. */
#ifndef TOOLS_MAIL_MAIL_SEEN_H
#define TOOLS_MAIL_MAIL_SEEN_H

#include "integrations/google/google_gmail.h"
#include "tools/tool.h"

/* One, and the data of one (mail_fields). All its words are somebody else's. */
struct mail_row {
	int64_t id, account;
	const char *gmail_id, *thread_id;
	const char *sender, *address, *subject; /* "" where there is none */
	int64_t at;                             /* instant */
	const char *when;                       /* the same as data has it */
	bool unread, outside;
};
extern const struct json_field mail_fields[];

/* Remembers that it was shown, under its own number; place: in a list, from 1, or 0. */
NODISCARD err_t *mail_seen_put(struct req *req, struct tx *tx, int64_t account, const struct gmail_mail *mail,
			       int64_t place, struct mail_row *ret_row);
/* A new list is shown: the places of the last one are none any more. */
NODISCARD err_t *mail_seen_clear(struct tx *tx);

/* By its number, or its place in the last list (-1: its last; 0: the mail shown last). *ret_found false: there is none. */
NODISCARD err_t *mail_seen_get(struct req *req, struct tx *tx, int64_t id, struct mail_row *ret_row,
			       bool *ret_found);
NODISCARD err_t *mail_seen_place(struct req *req, struct tx *tx, int64_t place, struct mail_row *ret_row,
				 bool *ret_found);

/* By words of its sender's name or address: the last that was shown. */
NODISCARD err_t *mail_seen_from(struct req *req, struct tx *tx, const char *sender, struct mail_row *ret_row,
				bool *ret_found);

/* "o segundo", "#12", "this one": a place, or a number. */
enum mail_pointer { MAIL_WORDS, MAIL_PLACE, MAIL_NUMBER };
enum mail_pointer mail_seen_words(apr_pool_t *pool, const char *words, int64_t *ret_n);

/* The mail of a number that is given, or that words point at, in a transaction of its own. *ret_found false and ret_outcome without html:
 * words that are to be searched for. */
NODISCARD err_t *mail_seen_which(struct req *req, int64_t id, const char *words, struct mail_row *ret_row,
				 bool *ret_found, struct outcome *ret_outcome);

#endif
