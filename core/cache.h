/* cache: short-lived values and counters, shared by all instances through Redis where there is one.
 * Needs: hiredis, fiber. Used by: core, db, llm, bot.
 * Redis is optional and may come and go: without it values live in this process, and counting says that it cannot.
 * No call here fails a request: what goes wrong is logged once a change of state, and degrades. */
#ifndef CORE_CACHE_H
#define CORE_CACHE_H

#include "core/mem.h"
#include <stdint.h>

/* Where a Redis is. */
struct cache_url {
	const char *host; /* name or address; NULL with a path */
	int port;
	const char *path;            /* of a socket, or NULL */
	const char *user, *password; /* "" for none */
	int64_t db;
};
NODISCARD err_t *cache_url_read(apr_pool_t *pool, const char *url, struct cache_url *ret);

/* Once per process after the fork; url is redis://[user:password@]host[:port][/db] or unix:///path[?db=N], "" for none.
 * ERR_CONFIG for another form (rediss:// among them). Connects in the background. */
NODISCARD err_t *cache_init(const char *url);
/* Closes; before exit. */
void cache_shutdown(void);

/* NULL when there is none, it is too old, or Redis cannot be asked within 100 ms. In the pool. */
const char *cache_get(apr_pool_t *pool, const char *key);
/* Keeps text for ttl_s seconds of real time. */
void cache_put(const char *key, const char *text, int64_t ttl_s);
void cache_drop(const char *key);
/* Drops every key that begins with prefix: what is cached of a person who is erased. Keys of one person begin with
 * "user:ID:" (rates see to their own). */
void cache_drop_prefix(const char *prefix);

/* Counts one more under key in its present window (window_id: whoever counts names it); *ret_n: how many that makes.
 * False when there is no Redis to ask: the caller counts elsewhere. */
bool cache_count(const char *key, int64_t window_id, int64_t ttl_s, int64_t *ret_n);

/* Whether Redis is configured, and whether it answered last. */
bool cache_configured(void);
bool cache_up(void);
/* Waits until it answers, at most ms; whether it does. For commands, which end soon after they began. */
bool cache_settle(int64_t ms);

#endif
