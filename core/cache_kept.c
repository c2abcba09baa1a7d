#include "core/cache_part.h"

#include "core/clock.h"
#include "core/limits.h"
#include "core/text.h"
#include <apr_hash.h>
#include <stdlib.h>
#include <string.h>

struct kept {
	struct kept *older, *newer;
	char *key, *text;
	int64_t until_ms;
};

static struct {
	apr_pool_t *pool;
	apr_hash_t *by_key;
	struct kept *oldest, *newest;
	size_t n, bytes;
} kept;

static size_t bytes_of(const struct kept *k)
{
	return sizeof *k + strlen(k->key) + strlen(k->text);
}

static void remove_one(struct kept *k)
{
	*(k->older ? &k->older->newer : &kept.oldest) = k->newer;
	*(k->newer ? &k->newer->older : &kept.newest) = k->older;
	apr_hash_set(kept.by_key, k->key, APR_HASH_KEY_STRING, NULL);
	kept.n--;
	kept.bytes -= bytes_of(k);
	free(k->key);
	free(k->text);
	free(k);
}

static struct kept *find(const char *key)
{
	struct kept *k = kept.pool ? apr_hash_get(kept.by_key, key, APR_HASH_KEY_STRING) : NULL;

	if (k && k->until_ms <= clock_mono_ms()) {
		remove_one(k);
		return NULL;
	}
	return k;
}

void kept_put(const char *key, const char *text, int64_t ttl_s)
{
	struct kept *k = find(key);

	if (!kept.pool) {
		kept.pool = pool_root();
		kept.by_key = apr_hash_make(kept.pool);
	}
	if (k)
		remove_one(k);
	k = calloc(1, sizeof *k);
	if (!k)
		return;
	k->key = strdup(key);
	k->text = strdup(text);
	if (!k->key || !k->text) {
		free(k->key);
		free(k->text);
		free(k);
		return;
	}
	k->until_ms = clock_mono_ms() + ttl_s * 1000;
	k->older = kept.newest;
	*(k->older ? &k->older->newer : &kept.oldest) = k;
	kept.newest = k;
	apr_hash_set(kept.by_key, k->key, APR_HASH_KEY_STRING, k);
	kept.n++;
	kept.bytes += bytes_of(k);
	while (kept.n > LIMIT_CACHE_ENTRIES || kept.bytes > LIMIT_CACHE_BYTES)
		remove_one(kept.oldest);
}

const char *kept_get(const char *key)
{
	struct kept *k = find(key);

	return k ? k->text : NULL;
}

void kept_drop(const char *key)
{
	struct kept *k = find(key);

	if (k)
		remove_one(k);
}

void kept_drop_prefix(const char *prefix)
{
	struct kept *newer;

	for (struct kept *k = kept.oldest; k; k = newer) {
		newer = k->newer;
		if (text_starts(k->key, prefix))
			remove_one(k);
	}
}
