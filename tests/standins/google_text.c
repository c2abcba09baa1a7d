#include "tests/standins/google_world.h"

#include "core/text.h"
#include <ctype.h>
#include <sodium.h>
#include <string.h>

/* --- json --- */

struct json *json_of(apr_pool_t *pool, const char *text)
{
	struct json *j = NULL;

	err_clear(json_read(pool, text, strlen(text), &j));
	return j;
}

struct json *json_copy(apr_pool_t *pool, const struct json *j)
{
	return j ? json_of(pool, json_write(pool, j)) : NULL;
}

struct search {
	const char *key;
	bool found, null;
};

static err_t *look(void *ctx, const char *key, struct json *value)
{
	struct search *s = ctx;

	if (strcmp(key, s->key) == 0) {
		s->found = true;
		s->null = !value;
	}
	return NULL;
}

static struct search search(const struct json *o, const char *key)
{
	struct search s = { .key = key };

	err_clear(json_each(o, look, &s));
	return s;
}

bool json_has(const struct json *o, const char *key)
{
	return search(o, key).found;
}

bool json_is_null(const struct json *o, const char *key)
{
	struct search s = search(o, key);

	return s.found && s.null;
}

struct filter {
	struct json *to;
	const char *words;
	bool keep;
};

static err_t *filter_member(void *ctx, const char *key, struct json *value)
{
	struct filter *f = ctx;

	if (text_has_word(f->words, key) == f->keep)
		json_set(f->to, key, value);
	return NULL;
}

static struct json *filtered(apr_pool_t *pool, const struct json *o, const char *words, bool keep)
{
	struct filter f = { json_object(pool), words, keep };

	err_clear(json_each(o, filter_member, &f));
	return f.to;
}

struct json *json_without(apr_pool_t *pool, const struct json *o, const char *words)
{
	return filtered(pool, o, words, false);
}

struct json *json_only(apr_pool_t *pool, const struct json *o, const char *words)
{
	return filtered(pool, o, words, true);
}

struct pick {
	const char *key;
	struct json *value;
};

static err_t *pick_member(void *ctx, const char *key, struct json *value)
{
	struct pick *p = ctx;

	if (strcmp(key, p->key) == 0)
		p->value = value;
	return NULL;
}

struct json *json_member(const struct json *o, const char *key)
{
	struct pick p = { .key = key };

	err_clear(json_each(o, pick_member, &p));
	return p.value;
}

struct merge {
	apr_pool_t *pool;
	const struct json *old, *patch;
	struct json *to;
};

static err_t *merge_old(void *ctx, const char *key, struct json *value)
{
	struct merge *m = ctx;

	if (!json_has(m->patch, key))
		json_set(m->to, key, value);
	return NULL;
}

static err_t *merge_new(void *ctx, const char *key, struct json *value)
{
	struct merge *m = ctx;

	if (json_is_object(value))
		json_set(m->to, key, json_merged(m->pool, json_member(m->old, key), value));
	else if (value)
		json_set(m->to, key, value);
	return NULL;
}

struct json *json_merged(apr_pool_t *pool, const struct json *o, const struct json *patch)
{
	struct merge m = { pool, o, patch, json_object(pool) };

	err_clear(json_each(o, merge_old, &m));
	err_clear(json_each(patch, merge_new, &m));
	return m.to;
}

/* --- text --- */

const char *url_encode(apr_pool_t *pool, const char *s)
{
	struct buf b = buf_new(pool, 65536);

	buf_text(&b, "");
	for (; *s; s++)
		if (isalnum((unsigned char)*s) || strchr("-._~", *s))
			buf_char(&b, *s);
		else
			buf_fmt(&b, "%%%02X", (unsigned)(unsigned char)*s);
	return b.p;
}

const char *base64_url(apr_pool_t *pool, const void *p, size_t n, bool padded)
{
	int variant = padded ? sodium_base64_VARIANT_URLSAFE : sodium_base64_VARIANT_URLSAFE_NO_PADDING;
	size_t size = sodium_base64_encoded_len(n, variant);
	char *to = mem_alloc(pool, size);

	return sodium_bin2base64(to, size, p, n, variant);
}

void *base64_url_read(apr_pool_t *pool, const char *s, size_t *ret_n)
{
	size_t size = strlen(s), n = size;
	unsigned char *to = mem_alloc(pool, size + 1);
	const char *end;

	while (n && size - n < 2 && s[n - 1] == '=')
		n--;
	if (n != size && size % 4)
		return NULL;
	if (sodium_base642bin(to, size + 1, s, n, NULL, ret_n, &end,
			      sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
	    end != s + n)
		return NULL;
	to[*ret_n] = '\0';
	return to;
}

void *base64_read(apr_pool_t *pool, const char *s, size_t n, size_t *ret_n)
{
	unsigned char *to = mem_alloc(pool, n + 1);

	while (n && strchr("= \r\n\t", s[n - 1]))
		n--;
	if (sodium_base642bin(to, n + 1, s, n, " \r\n\t", ret_n, NULL,
			      sodium_base64_VARIANT_ORIGINAL_NO_PADDING) != 0)
		return NULL;
	to[*ret_n] = '\0';
	return to;
}

const char *sha256_url(apr_pool_t *pool, const char *s)
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const unsigned char *)s, strlen(s));
	return base64_url(pool, hash, sizeof hash, false);
}

const char *sha256_hex(apr_pool_t *pool, const void *p, size_t n)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char *to = mem_alloc(pool, 2 * sizeof hash + 1);

	crypto_hash_sha256(hash, p, n);
	return sodium_bin2hex(to, 2 * sizeof hash + 1, hash, sizeof hash);
}

bool text_within(apr_pool_t *pool, const char *text, const char *needle)
{
	return text && strstr(text_fold(pool, text), text_fold(pool, needle)) != NULL;
}

const char *text_tokens(apr_pool_t *pool, const char *text)
{
	struct buf b = buf_new(pool, 64 * 1024 * 1024);
	bool gap = true;

	buf_char(&b, ' ');
	for (const char *s = text ? text_fold(pool, text) : ""; *s; s++) {
		if (isalnum((unsigned char)*s) || (unsigned char)*s > 127) {
			buf_char(&b, *s);
			gap = false;
		} else if (!gap) {
			buf_char(&b, ' ');
			gap = true;
		}
	}
	if (!gap)
		buf_char(&b, ' ');
	return b.p;
}
