/* crypt: random ids, hashes, constant-time comparison.
 * Needs: libsodium. Used by: everything. */
#ifndef CORE_CRYPT_H
#define CORE_CRYPT_H

#include "core/mem.h"
#include <stdint.h>

void crypt_init(void);
/* n random bytes as lower-case hex (2n characters) in the pool. */
const char *crypt_random_hex(apr_pool_t *pool, size_t n);
/* A random number below limit. */
uint32_t crypt_random_below(uint32_t limit);
/* A code to read aloud and type: 20 base32 characters (100 bits) without 0 1 I O, "XXXXX-XXXXX-XXXXX-XXXXX". */
const char *crypt_code(apr_pool_t *pool);
/* The code's canonical form (upper case, no dashes or spaces) when s, all of it, looks like one; else NULL. */
const char *crypt_code_canon(apr_pool_t *pool, const char *s);
/* BLAKE2b-256 as hex, in the pool. */
const char *crypt_hash_hex(apr_pool_t *pool, const void *p, size_t n);
/* Base64url without padding (RFC 4648), in the pool. */
const char *crypt_base64url(apr_pool_t *pool, const void *p, size_t n);
/* The bytes of base64url, padded or not, in the pool and NUL-terminated past *ret_n; NULL when it is none. */
const void *crypt_base64url_read(apr_pool_t *pool, const char *s, size_t n, size_t *ret_n);
/* Base64url of the SHA-256 of s: a PKCE challenge (RFC 7636, S256). */
const char *crypt_sha256_base64url(apr_pool_t *pool, const char *s);
/* Equal, in a time that depends on b's length only. NULL a is never equal. */
bool crypt_equal(const char *a, const char *b);
void crypt_wipe(void *p, size_t n);

#endif
