/* google_mime: mail on the wire (RFC 5322, 2045, 2047): its headers read, a whole one written; pure.
 * Needs: google_charset, text, crypt. Used by: integrations/google, tools/mail, tool_create_event. */
#ifndef INTEGRATIONS_GOOGLE_GOOGLE_MIME_H
#define INTEGRATIONS_GOOGLE_GOOGLE_MIME_H

#include "core/mem.h"
#include <stdint.h>

struct mime_address {
	const char *name;    /* decoded, as people read it; "" when there is none */
	const char *address; /* "ana@example.org"; "" when there is none */
};
struct mime_addresses {
	size_t n;
	const struct mime_address *v;
};

enum {
	MIME_ADDRESSES = 100,    /* taken of one header */
	MIME_HEADER_CHARS = 500, /* of one decoded value */
	MIME_REFERENCES = 20,    /* message ids in a References that is written */
};

/* --- reading --- */

/* A header's value as people read it: unfolded, encoded words (RFC 2047, Q and B, adjacent ones joined) decoded, on one line,
 * without control characters and what cannot be seen; cut at MIME_HEADER_CHARS. Any bytes do. */
const char *google_mime_decode(apr_pool_t *pool, const char *value);
/* The addresses of a From, To or Cc, those of groups too; what is none is left out. */
struct mime_addresses google_mime_addresses(apr_pool_t *pool, const char *value);
/* A parameter of a Content-Type, as "charset"; NULL: none. */
const char *google_mime_param(apr_pool_t *pool, const char *value, const char *name);
/* The message ids in a header ("<a@b> <c@d>"), without the brackets, at most max of them, the last ones. */
size_t google_mime_ids(apr_pool_t *pool, const char *value, size_t max, const char ***ret_ids);

/* --- writing --- */

struct mime_mail {
	struct mime_address from; /* address "": no From, the far side knows it */
	struct mime_addresses to, cc;
	const char *subject, *body; /* UTF-8; the body with any ends of lines */
	int64_t date;               /* instant */
	int64_t offset_s;           /* of the sender's clocks, seconds east of UTC */
	const char *message_id;     /* without brackets */
	const char *in_reply_to;    /* the same of the mail that is answered, or NULL */
	const char *references;     /* its References as they came, or NULL */
};

/* The whole mail, CRLF at its lines' ends, no line over 998 bytes, nothing that is not ASCII, and no word of it becomes a header
 * of its own. ERR_INVALID names what is no address or no message id; ERR_TOO_LARGE over 1 MB. In pool. */
NODISCARD err_t *google_mime_write(apr_pool_t *pool, const struct mime_mail *mail, struct buf *ret_bytes);

/* Whether mail can be sent to it: one "local@domain.tld" of ASCII (RFC 5321 without quotes and literals). */
bool google_mime_is_address(const char *address);
/* Whether it is a message id, without brackets. */
bool google_mime_is_id(const char *id);
/* "Re: subject", not doubled. */
const char *google_mime_reply_subject(apr_pool_t *pool, const char *subject);

/* The bytes of base64url or base64, padded or not, white space allowed; false: it is neither. */
bool google_mime_unbase64(apr_pool_t *pool, const char *text, size_t n, struct buf *ret_bytes);

#endif
