/* google_charset: text in the character sets of mail, as UTF-8.
 * Needs: text, iconv. Used by: integrations/google. */
#ifndef INTEGRATIONS_GOOGLE_GOOGLE_CHARSET_H
#define INTEGRATIONS_GOOGLE_GOOGLE_CHARSET_H

#include "core/mem.h"

/* The n bytes, in the character set of that name (any case; NULL or "": not told), as valid UTF-8 without NUL, in the pool.
 * What can be none becomes U+FFFD. Latin 1 is read as windows-1252, as everybody does (WHATWG Encoding). A name that is not
 * known, or not told: UTF-8 where it is that, else windows-1252. */
const char *google_charset_utf8(apr_pool_t *pool, const char *charset, const void *bytes, size_t n);

#endif
