/* google_gmail: Gmail v1 as structs: what is asked, as paths and bodies, and what is answered; pure.
 * Needs: google_mime, google_html, google_charset, json. Used by: tools/mail.
 * All that came from a mail is somebody else's words: decoded, on one line where it is a header, without what cannot be
 * seen. Where Gmail sends no such thing it is "". */
#ifndef INTEGRATIONS_GOOGLE_GOOGLE_GMAIL_H
#define INTEGRATIONS_GOOGLE_GOOGLE_GMAIL_H

#include "core/json.h"
#include "integrations/google/google_mime.h"

/* Units of the person's quota a minute (Gmail, since May 2026). */
enum {
	GMAIL_LIST_UNITS = 5,
	GMAIL_GET_UNITS = 20,
	GMAIL_MODIFY_UNITS = 5,
	GMAIL_SEND_UNITS = 100,
	GMAIL_DRAFT_UNITS = 10,
};

enum {
	GMAIL_TEXT = 64 * 1024, /* bytes of a mail's text */
	GMAIL_FILES = 20,       /* that are named */
	GMAIL_ROWS = 50,        /* taken of a list */
};

/* --- search --- */

struct gmail_query {
	const char *from, *to, *subject, *words, *label; /* NULL or "": any */
	const char *message_id;                          /* without brackets */
	bool unread, attachment;
	int64_t since,
		until; /* seconds since 1970, since dates in a search are read in Pacific time; 0: any */
};
/* The search as Gmail takes it: each word between quotes, so that none is an operator. */
const char *google_gmail_q(apr_pool_t *pool, const struct gmail_query *query);

struct gmail_row {
	const char *id, *thread_id;
};
struct gmail_list {
	size_t n;
	const struct gmail_row *v;
	const char *next; /* token of the next page; NULL: there is none */
};
const char *google_gmail_list_path(apr_pool_t *pool, const char *q, int64_t max, const char *page);
NODISCARD err_t *google_gmail_list(apr_pool_t *pool, const struct json *body, struct gmail_list *ret_list);

/* --- a mail --- */

struct gmail_file {
	const char *name, *type;
	int64_t size;
};
struct gmail_mail {
	const char *id, *thread_id;
	const char *message_id, *references; /* the id without brackets; the references as they came */
	struct mime_address from, reply_to;  /* reply_to.address "": answers go to from */
	struct mime_addresses to, cc;
	const char *subject, *snippet;
	int64_t at; /* instant at which Gmail had it */
	bool unread, inbox, sent, draft;
	const char *text; /* lines ended by LF; only of google_gmail_get_path with headers_only false */
	bool cut;         /* there is more of it */
	size_t files_n;
	const struct gmail_file *files;
	/* A long text may sit behind this; google_gmail_late reads it. NULL: no. */
	const char *late_path, *late_type, *late_charset;
};
/* headers_only: what a list shows, no text. NULL: no id. */
const char *google_gmail_get_path(apr_pool_t *pool, const char *id, bool headers_only);
/* ERR_INVALID: no message of Gmail's. */
NODISCARD err_t *google_gmail_mail(apr_pool_t *pool, const struct json *body, struct gmail_mail *ret_mail);
NODISCARD err_t *google_gmail_late(apr_pool_t *pool, const struct json *body, struct gmail_mail *mail);

/* --- acts --- */

/* Whether it is an id of a message, a thread or a draft, fit for a path. */
bool google_gmail_is_id(const char *id);
const char *google_gmail_modify_path(apr_pool_t *pool, const char *id);
/* Into or out of one label ("INBOX"); NULL: none. */
struct json *google_gmail_labels(apr_pool_t *pool, const char *add, const char *remove);
/* {"raw", "threadId"?} for send, and the same as a draft. thread NULL or "": a thread of its own. */
struct json *google_gmail_raw(apr_pool_t *pool, const struct buf *bytes, const char *thread);
struct json *google_gmail_draft(apr_pool_t *pool, const struct buf *bytes, const char *thread);
/* The ids in an answer of drafts.create (draft and message) and of send (message); ERR_INVALID: none. */
NODISCARD err_t *google_gmail_draft_id(apr_pool_t *pool, const struct json *body, const char **ret_draft,
				       struct gmail_row *ret_message);
NODISCARD err_t *google_gmail_sent_id(apr_pool_t *pool, const struct json *body,
				      struct gmail_row *ret_message);
/* Drafts with that Message-ID, and the first of the answer (NULL: there is none). */
const char *google_gmail_drafts_path(apr_pool_t *pool, const char *message_id);
NODISCARD err_t *google_gmail_drafts(apr_pool_t *pool, const struct json *body, const char **ret_draft,
				     struct gmail_row *ret_message);

#endif
