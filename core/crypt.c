#include "core/crypt.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define CODE_CHARS 20
#define CODE_GROUP 5

static const char alphabet[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
_Static_assert(sizeof(alphabet) == 32 + 1, "five bits a character");

void crypt_init(void)
{
	if (sodium_init() < 0)
		abort();
}

const char *crypt_random_hex(apr_pool_t *pool, size_t n)
{
	unsigned char *bytes = mem_alloc(pool, n);
	char *hex = mem_alloc(pool, 2 * n + 1);

	randombytes_buf(bytes, n);
	sodium_bin2hex(hex, 2 * n + 1, bytes, n);
	sodium_memzero(bytes, n);
	return hex;
}

uint32_t crypt_random_below(uint32_t limit)
{
	return randombytes_uniform(limit);
}

const char *crypt_code(apr_pool_t *pool)
{
	struct buf b = buf_new(pool, 2 * CODE_CHARS);

	for (int i = 0; i < CODE_CHARS; i++) {
		if (i && i % CODE_GROUP == 0)
			buf_char(&b, '-');
		buf_char(&b, alphabet[randombytes_uniform(32)]);
	}
	return b.p;
}

const char *crypt_code_canon(apr_pool_t *pool, const char *s)
{
	char code[CODE_CHARS + 1] = "";
	size_t n = 0;

	if (!s)
		return NULL;
	for (; *s; s++) {
		char c = *s >= 'a' && *s <= 'z' ? (char)(*s - 32) : *s;
		if (c == '-' || c == ' ')
			continue;
		if (n == CODE_CHARS || !strchr(alphabet, c))
			return NULL;
		code[n++] = c;
	}
	return n == CODE_CHARS ? mem_text(pool, code) : NULL;
}

const char *crypt_hash_hex(apr_pool_t *pool, const void *p, size_t n)
{
	unsigned char hash[crypto_generichash_BYTES];
	char *hex = mem_alloc(pool, 2 * sizeof(hash) + 1);

	crypto_generichash(hash, sizeof(hash), p, n, NULL, 0);
	return sodium_bin2hex(hex, 2 * sizeof(hash) + 1, hash, sizeof(hash));
}

/* Both sides are hashed first: the comparison is of 32 bytes, and where they differ cannot show. */
bool crypt_equal(const char *a, const char *b)
{
	unsigned char ha[crypto_generichash_BYTES], hb[crypto_generichash_BYTES];

	if (!a || !b)
		return false;
	crypto_generichash(ha, sizeof(ha), (const unsigned char *)a, strlen(a), NULL, 0);
	crypto_generichash(hb, sizeof(hb), (const unsigned char *)b, strlen(b), NULL, 0);
	return sodium_memcmp(ha, hb, sizeof(ha)) == 0;
}

void crypt_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}
