#include "core/crypt.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define CODE_CHARS 20
#define CODE_GROUP 5

static const char alphabet[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
_Static_assert(sizeof(alphabet) == 32 + 1, "five bits a character");

/* The kernel's bytes, drawn many at a time: an id for each update would otherwise be a system call each. */
static struct {
	unsigned char bytes[2048];
	size_t left;
} drawn;

/* A child must not give out the ids of its parent. */
static void forget_drawn(void)
{
	sodium_memzero(&drawn, sizeof(drawn));
}

static void random_take(unsigned char *out, size_t n)
{
	if (n > sizeof(drawn.bytes)) {
		randombytes_buf(out, n);
		return;
	}
	if (n > drawn.left) {
		randombytes_buf(drawn.bytes, sizeof(drawn.bytes));
		drawn.left = sizeof(drawn.bytes);
	}
	drawn.left -= n;
	memcpy(out, drawn.bytes + drawn.left, n);
	sodium_memzero(drawn.bytes + drawn.left, n);
}

void crypt_init(void)
{
	static bool done;

	if (done)
		return;
	if (sodium_init() < 0 || pthread_atfork(NULL, NULL, forget_drawn))
		abort();
	done = true;
}

const char *crypt_random_hex(apr_pool_t *pool, size_t n)
{
	unsigned char *bytes = mem_alloc(pool, n);
	char *hex = mem_alloc(pool, 2 * n + 1);

	random_take(bytes, n);
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

const char *crypt_base64url(apr_pool_t *pool, const void *p, size_t n)
{
	size_t room = sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);

	return sodium_bin2base64(mem_alloc(pool, room), room, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

const void *crypt_base64url_read(apr_pool_t *pool, const char *s, size_t n, size_t *ret_n)
{
	unsigned char *bytes = mem_alloc(pool, n / 4 * 3 + 4);

	while (n && s[n - 1] == '=')
		n--;
	if (sodium_base642bin(bytes, n / 4 * 3 + 3, s, n, NULL, ret_n, NULL,
			      sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return NULL;
	bytes[*ret_n] = 0;
	return bytes;
}

const char *crypt_sha256_base64url(apr_pool_t *pool, const char *s)
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const unsigned char *)s, strlen(s));
	return crypt_base64url(pool, hash, sizeof hash);
}

/* b is walked whole whatever a is: neither where they differ nor how long b is can show. */
bool crypt_equal(const char *a, const char *b)
{
	size_t n = b ? strlen(b) : 0;
	bool same_length;

	if (!a || !b)
		return false;
	same_length = strlen(a) == n;
	return (sodium_memcmp(same_length ? a : b, b, n) == 0) & same_length;
}

void crypt_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}
