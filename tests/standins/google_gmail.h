/* google_gmail: mailboxes, their messages as trees of parts, drafts and labels.
 * Needs: google_world. Used by: the files of Gmail v1 in standin-google. */
#ifndef TESTS_STANDINS_GOOGLE_GMAIL_H
#define TESTS_STANDINS_GOOGLE_GMAIL_H

#include "tests/standins/google_world.h"

struct header {
	const char *name, *value; /* unfolded; as it came, made UTF-8 */
};

/* One part of a message; its bytes are free of their transfer encoding. */
struct part {
	const char *id, *type, *filename, *charset; /* type: "text/plain" */
	struct list headers;                        /* struct header */
	const char *bytes;
	size_t n;
	bool attached;     /* its bytes are asked for apart */
	struct list parts; /* struct part */
	const char *flaw;  /* what is wrong with it, or NULL */
};

struct mail {
	apr_pool_t *pool;
	const char *id, *thread;
	char *labels; /* "INBOX UNREAD" */
	int64_t internal_ms, history, place;
	const char *raw;
	size_t raw_n;
	struct part *root;
	const char *message_id; /* with its brackets; "" when it has none */
	bool decoded;           /* header values are shown without RFC 2047 */
	bool deleted;
	int64_t hidden; /* searches that do not find it yet */
};

struct draft {
	const char *id;
	struct mail *mail;
	bool gone;
};

/* A mail that went out. */
struct sent {
	struct mail *mail;
	const char *to, *cc, *bcc, *draft; /* draft: its id, or NULL */
};

struct label {
	const char *id, *name;
};

/* What happened to a message. */
struct event_of_mail {
	int64_t id;
	const char *kind; /* "messagesAdded", "messagesDeleted", "labelsAdded", "labelsRemoved" */
	const struct mail *mail;
	const char *labels; /* that came or went */
};

struct mailbox {
	struct account *account;
	struct list mails, drafts, sent, labels, history;
	int64_t history_id, history_floor;
};

/* --- mailboxes (google_gmail) --- */

struct mailbox *mailbox_of(struct account *a);
/* The mailbox of the path's user; NULL: denied. */
struct mailbox *mailbox_asked(struct ask *ask);
struct mail *mail_find(const struct mailbox *box, const char *id);
/* Takes a whole message in RFC 5322. thread NULL: a new one. */
struct mail *mail_new(struct mailbox *box, const char *raw, size_t n, const char *labels, const char *thread,
		      int64_t internal_ms);
/* The same of a tree that is there already. */
struct mail *mail_new_of(struct mailbox *box, struct part *root, const char *labels, const char *thread,
			 int64_t internal_ms);
void mail_delete(struct mailbox *box, struct mail *m);
bool mail_has(const struct mail *m, const char *label);
void mail_label(struct mailbox *box, struct mail *m, const char *label, bool on);
struct label *label_find(const struct mailbox *box, const char *id_or_name);
/* Of the mails of that id in a header, one's thread; NULL: none. */
const char *thread_of_reference(const struct mailbox *box, const char *references);
/* A header of the message; NULL: absent. */
const char *mail_header(const struct mail *m, const char *name);
extern struct gmail_setting {
	bool rewrite;       /* what is sent gets another Message-ID */
	int64_t search_lag; /* searches that do not find what was just sent */
} gmail_setting;

/* --- mime (google_mime) --- */

/* Never NULL; flaw says what a strict reader would not take. */
struct part *mime_read(apr_pool_t *pool, const char *raw, size_t n);
const char *part_header(const struct part *p, const char *name);
/* RFC 2047 decoded to UTF-8; *ret_flaw, where not NULL, says what is wrong with an encoded word. */
const char *mime_words(apr_pool_t *pool, const char *value, const char **ret_flaw);
/* The first part of that type that is no attachment, as UTF-8; NULL: none. */
const char *mime_text(apr_pool_t *pool, const struct part *p, const char *type);
struct part *mime_part(struct part *p, const char *id);
bool mime_has_file(const struct part *p);
/* Addresses of a header, in lower case, separated by spaces; NULL: malformed. */
const char *mime_addresses(apr_pool_t *pool, const char *value);

/* --- the rest --- */

/* What Gmail would refuse; false: denied. */
bool mail_check(struct ask *ask, const struct account *a, const char *raw, size_t n, bool to_send);
/* Whether a message is what q looks for. */
bool query_matches(apr_pool_t *pool, const struct mailbox *box, const struct mail *m, const char *q);
/* Whether q asks for spam and trash too. */
bool query_everywhere(const char *q);
/* format: full, metadata, minimal, raw; false: denied. */
bool mail_format(struct ask *ask, const char **ret_format);
struct json *mail_show(struct ask *ask, const struct mail *m, const char *format);
struct json *mail_ref(struct ask *ask, const struct mail *m, bool labels);
/* Newest first; what q and labelIds of the request ask for. */
void mails_wanted(struct ask *ask, struct mailbox *box, struct list *to);

void serve_mail_list(struct ask *ask);
void serve_mail_get(struct ask *ask);
void serve_attachment(struct ask *ask);
void serve_thread_list(struct ask *ask);
void serve_thread_get(struct ask *ask);
void serve_label_list(struct ask *ask);
void serve_label_get(struct ask *ask);
void serve_label_new(struct ask *ask);
void serve_profile(struct ask *ask);
void serve_history(struct ask *ask);
void serve_modify(struct ask *ask);
void serve_batch_modify(struct ask *ask);
void serve_thread_modify(struct ask *ask);
void serve_trash(struct ask *ask);
void serve_untrash(struct ask *ask);
void serve_send(struct ask *ask);
void serve_upload_send(struct ask *ask);
void serve_draft_new(struct ask *ask);
void serve_draft_get(struct ask *ask);
void serve_draft_list(struct ask *ask);
void serve_draft_put(struct ask *ask);
void serve_draft_send(struct ask *ask);
void serve_draft_delete(struct ask *ask);
bool mail_control(struct ask *ask, const char *name);

#endif
