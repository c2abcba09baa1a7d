/* cache_part: a connection to Redis on the loop, and values kept in this process where there is none.
 * Needs: hiredis, libuv, mem. Used by: cache, cache_kept, cache_watch. */
#ifndef CORE_CACHE_PART_H
#define CORE_CACHE_PART_H

#include "core/cache.h"

struct redisAsyncContext;
/* Lets the loop move it until it is freed; false when it cannot. */
bool cache_watch(struct redisAsyncContext *link);

/* At most LIMIT_CACHE_ENTRIES and LIMIT_CACHE_BYTES; the oldest go first. */
void kept_put(const char *key, const char *text, int64_t ttl_s);
/* NULL when there is none; valid until the next call. */
const char *kept_get(const char *key);
void kept_drop(const char *key);
void kept_drop_prefix(const char *prefix);

#endif
