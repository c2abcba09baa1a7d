#include "core/cache_part.h"

#include "core/clock.h"
#include "core/limits.h"
#include "core/text.h"
#include <stdlib.h>
#include <string.h>

struct kept {
	struct kept *older, *newer, *chain;
	char *key, *text;
	int64_t until_ms;
};

enum { BUCKETS = 1024 };

static struct {
	struct kept *bucket[BUCKETS];
	struct kept *oldest, *newest;
	size_t n, bytes;
} kept;

static size_t bytes_of(const struct kept *k)
{
	return sizeof *k + strlen(k->key) + strlen(k->text);
}

/* Where the entry of this key hangs, or would: at the end of its chain. */
static struct kept **slot_of(const char *key)
{
	uint32_t hash = 2166136261; /* FNV-1a */
	struct kept **slot;

	for (const char *c = key; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619;
	for (slot = &kept.bucket[hash % BUCKETS]; *slot && strcmp((*slot)->key, key) != 0;
	     slot = &(*slot)->chain)
		;
	return slot;
}

static void remove_one(struct kept *k)
{
	*(k->older ? &k->older->newer : &kept.oldest) = k->newer;
	*(k->newer ? &k->newer->older : &kept.newest) = k->older;
	*slot_of(k->key) = k->chain;
	kept.n--;
	kept.bytes -= bytes_of(k);
	free(k->key);
	free(k->text);
	free(k);
}

static struct kept *find(const char *key)
{
	struct kept *k = *slot_of(key);

	if (k && k->until_ms <= clock_mono_ms()) {
		remove_one(k);
		return NULL;
	}
	return k;
}

void kept_put(const char *key, const char *text, int64_t ttl_s)
{
	struct kept *k = find(key);

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
	k->chain = NULL;
	*slot_of(key) = k;
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
