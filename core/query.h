/* query: what a URL carries: percent-encoding, and names with values.
 * Needs: text. Used by: integrations/google, tools, bot. */
#ifndef CORE_QUERY_H
#define CORE_QUERY_H

#include "core/mem.h"

struct query_pair {
	const char *name, *value; /* UTF-8 without control characters but tab and the ends of lines */
};
struct query {
	size_t n;
	struct query_pair *pairs; /* in their order; a name may come more than once */
};

/* Decodes a path in place. False when a % begins no two hex digits, or when the result holds a control character
 * (NUL is one) or is not UTF-8; then s is spoilt. */
bool query_decode_path(char *s);
/* Reads "a=1&b=%C3%A3+c" (n bytes), as in a URL or a form (WHATWG URL: application/x-www-form-urlencoded). A name
 * without = has the value "". ERR_INVALID when it is malformed or is more than LIMIT_QUERY_BYTES or
 * LIMIT_QUERY_PAIRS. In pool. */
NODISCARD err_t *query_parse(apr_pool_t *pool, const char *text, size_t n, struct query *ret_query);
/* A query or a form of names and values, NULL-terminated pairs: "a=1&b=%C3%A3%20c". A NULL value leaves its pair out. In
 * pool. query_with(pool, "a", "1", "b", text, NULL) */
const char *query_with(apr_pool_t *pool, ...) __attribute__((sentinel));
/* All but the unreserved of RFC 3986 as %XX, in pool: for one segment of a path, too. */
const char *query_encode(apr_pool_t *pool, const char *text);
/* The nth value (0: the first) of a name, or NULL. */
const char *query_value(const struct query *query, const char *name, size_t nth);

#endif
