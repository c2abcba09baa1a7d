/* mail_compose: a mail that a person wants to write: to whom, answering which, in which words.
 * Needs: google_mime, google_account, mail_seen. Used by: tools/mail. */
#ifndef TOOLS_MAIL_MAIL_COMPOSE_H
#define TOOLS_MAIL_MAIL_COMPOSE_H

#include "core/limits.h"
#include "integrations/google/google_account.h"
#include "tools/mail/mail_seen.h"

enum { MAIL_PEOPLE = 20, MAIL_BODY_CHARS = 3500, MAIL_SUBJECT_CHARS = 200 };

/* The arguments of create_draft and send_email; first in their structs. */
struct mail_args {
	const char *to, *cc, *subject, *body, *reply_to;
	int64_t reply_to_id, account, asked, contact;
	/* of fetch: the mail that is answered; id 0: none */
	struct mail_row row;
	struct gmail_mail answered;
};

#define MAIL_PARAMS                                                                                            \
	{ "to", JSON_TEXT,                                                                                     \
	  0,    offsetof(struct mail_args, to),                                                                \
	  0,    4000,                                                                                          \
	  NULL, "addresses, or names of contacts, by commas; left out for an answer: who wrote" },             \
		{ "cc", JSON_TEXT, 0, offsetof(struct mail_args, cc), 0, 4000, NULL, "the same, for copies" }, \
		{ "subject", JSON_TEXT, 0,    offsetof(struct mail_args, subject),                             \
		  0,         1000,      NULL, "a few words; of an answer left out" },                          \
		{ "body", JSON_TEXT,                                                                           \
		  0,      offsetof(struct mail_args, body),                                                    \
		  0,      LIMIT_TEXT_IN,                                                                       \
		  NULL,   "the whole text as it is to be sent, signed with the person's name" },               \
		{ "reply_to_id",                                                                               \
		  JSON_INT,                                                                                    \
		  0,                                                                                           \
		  offsetof(struct mail_args, reply_to_id),                                                     \
		  1,                                                                                           \
		  INT64_MAX,                                                                                   \
		  NULL,                                                                                        \
		  "number of the mail that is answered" },                                                     \
		{ "reply_to", JSON_TEXT, 0,    offsetof(struct mail_args, reply_to),                           \
		  0,          1000,      NULL, "where there is no number: which mail is answered, in words" }, \
		{ "account", JSON_INT,  0,    offsetof(struct mail_args, account),                             \
		  1,         INT64_MAX, NULL, "number of the Google account; the usual one when left out" },   \
		{ "asked", JSON_INT,  0,    offsetof(struct mail_args, asked),                                 \
		  1,       INT64_MAX, NULL, "only in buttons: a mail whose recipient was asked for" },         \
	{                                                                                                      \
		"contact", JSON_INT, 0, offsetof(struct mail_args, contact), 1, INT64_MAX, NULL,               \
			"only in buttons: the contact that it goes to"                                         \
	}

/* For fetch: reads what an answer needs of the mail that is answered. */
NODISCARD err_t *mail_compose_fetch(struct req *req, struct mail_args *args, struct outcome *ret_outcome);

/* A mail that is complete. */
struct mail_letter {
	int64_t account;
	const char *from;
	struct mime_addresses to, cc;
	const char *subject, *body;
	const char *thread, *in_reply_to, *references; /* of an answer, else "" */
};
/* Completes it in the transaction of the act of that tool, or asks: ret_outcome with html. feature: what the account must allow. */
NODISCARD err_t *mail_compose(struct req *req, struct tx *tx, const struct mail_args *args, const char *tool,
			      enum google_feature feature, struct mail_letter *ret_letter,
			      struct outcome *ret_outcome);

/* The arguments that say exactly this letter. */
struct json *mail_compose_exact(struct req *req, const struct mail_args *args,
				const struct mail_letter *letter);
/* As a plan keeps it, and back. */
struct json *mail_compose_json(apr_pool_t *pool, const struct mail_letter *letter);
NODISCARD err_t *mail_compose_read(apr_pool_t *pool, const struct json *j, struct mail_letter *ret_letter);
/* Its bytes. name: the sender's, or "". */
NODISCARD err_t *mail_compose_bytes(struct req *req, const struct mail_letter *letter, const char *message_id,
				    struct buf *ret_bytes);
/* "lembra.TOKEN@example.org": a message id of the sender's own domain. */
const char *mail_compose_id(apr_pool_t *pool, const char *token, const char *from);

/* Who it is from and to, what it is about, and all that it says. HTML. */
const char *mail_compose_html(struct req *req, const struct mail_letter *letter);
/* "Ana Souza <ana@example.org>, b@example.org". Plain text. */
const char *mail_compose_people(apr_pool_t *pool, const struct mime_addresses *list);

#endif
