#include "core/cache_part.h"

#include "core/clock.h"
#include "core/fiber.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/text.h"
#include <apr_strings.h>
#include <hiredis/async.h>
#include <netdb.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define OURS "lembra:" /* in front of each key: others may use the same Redis */

enum {
	ASK_MS =
		95, /* what a caller waits; a loop that stood still meanwhile gets GRACE_MS to read the answer */
	GRACE_MS = 4,
	GREET_MS = 1000, /* to connect and be let in */
	BACK_OFF_MS = 100,
	BACK_OFF_MAX_MS = 5000,
	SETTLE_TICK_MS = 5,
	ADDRESSES = 4,
	ADDRESS_CHARS = 64,
	HOST_CHARS = 256,
	SCAN_KEYS = 500,
};

/* One question on its way. It outlives a caller that stops waiting: then the answer frees it. */
struct ask {
	struct fiber *fiber; /* NULL: nobody waits any more */
	bool done, ok, refused;
	int64_t number;
	char *text;  /* malloc, or NULL */
	char **keys; /* of SCAN: malloc, each too */
	size_t keys_n;
};

static struct {
	apr_pool_t *pool;
	struct cache_url url;
	redisAsyncContext *link; /* NULL: none */
	bool up;                 /* let in: it may be asked */
	enum { UNKNOWN, UP, DOWN } told;
	bool stopping;
	unsigned generation; /* counts inits and shutdowns: what began before one is of no use after it */
	struct fiber *keeper;
	char reason[128];
} redis;

/* --- one question ---------------------------------------------------------------------------------- */

static void ask_free(struct ask *ask)
{
	for (size_t i = 0; i < ask->keys_n; i++)
		free(ask->keys[i]);
	free(ask->keys);
	free(ask->text);
	free(ask);
}

static void reason_set(const char *text)
{
	apr_cpystrn(redis.reason, text, sizeof redis.reason);
}

static void take_keys(struct ask *ask, const redisReply *reply)
{
	const redisReply *keys = reply->elements == 2 ? reply->element[1] : NULL;

	if (!keys || reply->element[0]->type != REDIS_REPLY_STRING ||
	    !text_int(reply->element[0]->str, &ask->number))
		return;
	ask->keys = calloc(keys->elements + 1, sizeof *ask->keys);
	for (size_t i = 0; ask->keys && i < keys->elements; i++) {
		ask->keys[ask->keys_n] = strdup(keys->element[i]->str);
		ask->keys_n += ask->keys[ask->keys_n] != NULL;
	}
	ask->ok = ask->keys != NULL;
}

static void take_reply(struct ask *ask, const redisReply *reply)
{
	switch (reply->type) {
	case REDIS_REPLY_STRING:
	case REDIS_REPLY_STATUS:
		ask->text = strdup(reply->str);
		ask->ok = ask->text != NULL;
		break;
	case REDIS_REPLY_INTEGER:
		ask->number = reply->integer;
		ask->ok = true;
		break;
	case REDIS_REPLY_NIL: ask->ok = true; break;
	case REDIS_REPLY_ARRAY: take_keys(ask, reply); break;
	case REDIS_REPLY_ERROR:
		reason_set(reply->str);
		ask->refused = true;
		break;
	default: break;
	}
}

/* reply NULL: the connection ended. Never resumes the fiber here: hiredis is on the stack. */
static void on_reply(redisAsyncContext *link, void *reply, void *context)
{
	struct ask *ask = context;

	(void)link;
	if (!ask->fiber) {
		ask_free(ask);
		return;
	}
	if (reply)
		take_reply(ask, reply);
	ask->done = true;
	fiber_wake(ask->fiber);
}

/* NULL when nobody can be asked. */
static struct ask *ask_new(void)
{
	struct ask *ask = redis.link && fiber_self() ? calloc(1, sizeof *ask) : NULL;

	if (ask)
		ask->fiber = fiber_self();
	return ask;
}

/* The ask, when the command was taken; else it is freed, for nobody will answer. */
static struct ask *ask_sent(struct ask *ask, int status)
{
	if (status == REDIS_OK)
		return ask;
	ask_free(ask);
	return NULL;
}

/* Whoever waits learns at once that there is no answer. Not from within hiredis. */
static void link_close(void)
{
	redisAsyncContext *link = redis.link;

	redis.link = NULL;
	redis.up = false;
	if (link)
		redisAsyncFree(link);
	fiber_wake(redis.keeper);
}

/* The answer, the caller's to free; NULL when there was none, or a refusal. A Redis that is silent or refuses is let go of, so
 * that only the first call pays for it. */
static struct ask *ask_wait(struct ask *ask, int64_t ms)
{
	redisAsyncContext *link = redis.link;
	int64_t deadline = clock_mono_ms() + ms;
	err_t *err = NULL;
	bool late, close;

	if (!ask)
		return NULL;
	while (!ask->done && !err)
		err = fiber_wait(deadline);
	late = err && err->code == ERR_TIMEOUT;
	err_clear(err);
	if (late && !ask->done)
		err_clear(fiber_sleep(GRACE_MS));
	if (ask->done && ask->ok)
		return ask;
	close = link && redis.link == link && (ask->done ? ask->refused : late);
	if (late && !ask->done)
		reason_set("no answer in time");
	if (ask->done)
		ask_free(ask);
	else
		ask->fiber = NULL;
	if (close)
		link_close();
	return NULL;
}

/* --- the connection -------------------------------------------------------------------------------- */

/* Each change of state is logged once. */
static void tell(void)
{
	if (redis.told == (redis.up ? UP : DOWN))
		return;
	redis.told = redis.up ? UP : DOWN;
	if (redis.up)
		log_event(LOG_INFO, "cache_up");
	else
		log_event(LOG_WARN, "cache_down", KV_S("reason", redis.reason));
}

/* hiredis frees the link after either. */
static void on_end(redisAsyncContext *link)
{
	if (redis.link != link)
		return;
	reason_set(link->errstr && *link->errstr ? link->errstr : "connection closed");
	redis.link = NULL;
	redis.up = false;
	fiber_wake(redis.keeper);
}

static void on_connect(const redisAsyncContext *link, int status)
{
	if (status != REDIS_OK)
		on_end((redisAsyncContext *)(uintptr_t)link);
}

static void on_disconnect(const redisAsyncContext *link, int status)
{
	(void)status;
	on_end((redisAsyncContext *)(uintptr_t)link);
}

/* A name is looked up on a thread. */
struct lookup {
	char host[HOST_CHARS];
	char found[ADDRESSES][ADDRESS_CHARS];
	int n;
};

static void look_up(void *arg)
{
	struct lookup *lookup = arg;
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL;

	if (getaddrinfo(lookup->host, NULL, &hints, &list))
		return;
	for (const struct addrinfo *a = list; a && lookup->n < ADDRESSES; a = a->ai_next)
		if (!getnameinfo(a->ai_addr, a->ai_addrlen, lookup->found[lookup->n], ADDRESS_CHARS, NULL, 0,
				 NI_NUMERICHOST))
			lookup->n++;
	freeaddrinfo(list);
}

static bool answered(struct ask *ask, int64_t deadline)
{
	int64_t left = deadline - clock_mono_ms();

	ask = ask_wait(ask, left > 0 ? left : 0);
	if (ask)
		ask_free(ask);
	return ask != NULL;
}

/* AUTH, SELECT, and a write: one that is loading, read-only or full is of no use. */
static bool greet(int64_t deadline)
{
	const struct cache_url *url = &redis.url;
	struct ask *ask;

	if (*url->password && (ask = ask_new())) {
		ask = ask_sent(ask, *url->user ? redisAsyncCommand(redis.link, on_reply, ask, "AUTH %s %s",
								   url->user, url->password)
					       : redisAsyncCommand(redis.link, on_reply, ask, "AUTH %s",
								   url->password));
		if (!answered(ask, deadline))
			return false;
	}
	if (url->db && (ask = ask_new())) {
		ask = ask_sent(ask, redisAsyncCommand(redis.link, on_reply, ask, "SELECT %lld",
						      (long long)url->db));
		if (!answered(ask, deadline))
			return false;
	}
	ask = ask_new();
	if (!ask)
		return false;
	ask = ask_sent(ask, redisAsyncCommand(redis.link, on_reply, ask, "SET " OURS "greeting 1 EX 1"));
	return answered(ask, deadline);
}

static bool link_open(const char *address)
{
	const struct cache_url *url = &redis.url;
	redisAsyncContext *link =
		url->path ? redisAsyncConnectUnix(url->path) : redisAsyncConnect(address, url->port);

	if (!link)
		return false;
	if (link->err || !cache_watch(link)) {
		reason_set(link->errstr ? link->errstr : "no connection");
		redisAsyncFree(link);
		return false;
	}
	redis.link = link;
	redisAsyncSetConnectCallback(link, on_connect);
	redisAsyncSetDisconnectCallback(link, on_disconnect);
	if (greet(clock_mono_ms() + GREET_MS))
		return true;
	link_close();
	return false;
}

static bool link_any(struct lookup *lookup)
{
	unsigned generation = redis.generation;

	if (redis.url.path)
		return link_open(NULL);
	*lookup = (struct lookup){ .n = 0 };
	apr_cpystrn(lookup->host, redis.url.host, sizeof lookup->host);
	fiber_work(look_up, lookup);
	if (!lookup->n)
		reason_set("no such host");
	for (int i = 0; i < lookup->n && redis.generation == generation; i++)
		if (link_open(lookup->found[i]))
			return true;
	return false;
}

/* Connects, waits until that ends, and again. */
static void keep(void *arg)
{
	static struct lookup lookup;
	int64_t back_off = BACK_OFF_MS;

	(void)arg;
	while (!redis.stopping) {
		if (link_any(&lookup)) {
			back_off = BACK_OFF_MS;
			redis.up = true;
			tell();
			while (redis.link && !redis.stopping)
				err_clear(fiber_wait(0));
		}
		if (redis.stopping)
			break;
		tell();
		err_clear(fiber_sleep(back_off));
		back_off = back_off * 2 < BACK_OFF_MAX_MS ? back_off * 2 : BACK_OFF_MAX_MS;
	}
	redis.keeper = NULL;
}

/* --- what others call ------------------------------------------------------------------------------ */

err_t *cache_init(const char *url)
{
	apr_pool_t *pool;
	err_t *err;

	if (!*url || redis.pool)
		return NULL;
	pool = pool_root();
	err = cache_url_read(pool, url, &redis.url);
	if (err) {
		pool_free(pool);
		return err;
	}
	signal(SIGPIPE, SIG_IGN); /* hiredis writes without MSG_NOSIGNAL */
	redis.pool = pool;
	redis.told = UNKNOWN;
	redis.stopping = false;
	redis.generation++;
	if (!redis.keeper)
		redis.keeper = fiber_go("cache", keep, NULL);
	return redis.keeper ? NULL : err_new(ERR_INTERNAL, "no memory for a fiber");
}

void cache_shutdown(void)
{
	redis.stopping = true;
	redis.generation++;
	link_close();
	redis.url = (struct cache_url){ 0 };
	if (redis.pool)
		pool_free(redis.pool);
	redis.pool = NULL;
}

bool cache_configured(void)
{
	return redis.pool;
}

bool cache_up(void)
{
	return redis.up;
}

bool cache_settle(int64_t ms)
{
	int64_t deadline = clock_mono_ms() + ms;
	bool stop = !redis.pool;

	while (!redis.up && !stop && clock_mono_ms() < deadline) {
		err_t *err = fiber_sleep(SETTLE_TICK_MS);

		stop = err;
		err_clear(err);
	}
	return redis.up;
}

const char *cache_get(apr_pool_t *pool, const char *key)
{
	struct ask *ask;
	const char *text;

	if (!redis.up)
		return mem_text(pool, kept_get(key));
	ask = ask_new();
	if (ask)
		ask = ask_sent(ask, redisAsyncCommand(redis.link, on_reply, ask, "GET " OURS "%s", key));
	ask = ask_wait(ask, ASK_MS);
	if (!ask)
		return NULL;
	text = mem_text(pool, ask->text);
	ask_free(ask);
	return text;
}

/* Waits for the answer, so that a silent Redis does not let what it is told pile up here. */
static void finish(struct ask *ask)
{
	ask = ask_wait(ask, ASK_MS);
	if (ask)
		ask_free(ask);
}

void cache_put(const char *key, const char *text, int64_t ttl_s)
{
	struct ask *ask;

	if (ttl_s <= 0 || strlen(text) > LIMIT_CACHE_BYTES / 4)
		return;
	if (!redis.up) {
		kept_put(key, text, ttl_s);
		return;
	}
	ask = ask_new();
	if (ask)
		finish(ask_sent(ask, redisAsyncCommand(redis.link, on_reply, ask, "SET " OURS "%s %s EX %lld",
						       key, text, (long long)ttl_s)));
}

void cache_drop(const char *key)
{
	struct ask *ask = redis.up ? ask_new() : NULL;

	kept_drop(key);
	if (ask)
		finish(ask_sent(ask, redisAsyncCommand(redis.link, on_reply, ask, "DEL " OURS "%s", key)));
}

/* Redis reads * ? [ and \ as signs of its own. */
static const char *literal_pattern(apr_pool_t *pool, const char *prefix)
{
	struct buf b = buf_new(pool, 2 * strlen(prefix) + sizeof OURS + 2);

	buf_text(&b, OURS);
	for (; *prefix; prefix++) {
		if (strchr("*?[]\\", *prefix))
			buf_char(&b, '\\');
		buf_char(&b, *prefix);
	}
	buf_char(&b, '*');
	return b.p;
}

/* One step of SCAN, and what it found dropped; false when there are no more, or no answer. */
static bool drop_some(const char *pattern, int64_t *cursor)
{
	struct ask *ask = redis.up ? ask_new() : NULL, *drop;

	if (ask)
		ask = ask_sent(ask,
			       redisAsyncCommand(redis.link, on_reply, ask, "SCAN %lld MATCH %s COUNT %d",
						 (long long)*cursor, pattern, SCAN_KEYS));
	ask = ask_wait(ask, ASK_MS);
	if (!ask)
		return false;
	*cursor = ask->number;
	for (size_t i = 0; i < ask->keys_n && redis.up; i++) {
		drop = ask_new();
		if (drop)
			finish(ask_sent(drop, redisAsyncCommand(redis.link, on_reply, drop, "DEL %s",
								ask->keys[i])));
	}
	ask_free(ask);
	return *cursor != 0;
}

void cache_drop_prefix(const char *prefix)
{
	apr_pool_t *pool = pool_root();
	const char *pattern = literal_pattern(pool, prefix);
	int64_t cursor = 0;

	kept_drop_prefix(prefix);
	while (drop_some(pattern, &cursor))
		;
	pool_free(pool);
}

bool cache_count(const char *key, int64_t window_id, int64_t ttl_s, int64_t *ret_n)
{
	struct ask *ask = redis.up ? ask_new() : NULL;

	if (!ask)
		return false;
	/* First a counter that ends by itself: a kill in between leaves none that stays for ever. */
	redisAsyncCommand(redis.link, NULL, NULL, "SET " OURS "%s:%lld 0 EX %lld NX", key,
			  (long long)window_id, (long long)ttl_s);
	ask = ask_sent(ask, redisAsyncCommand(redis.link, on_reply, ask, "INCR " OURS "%s:%lld", key,
					      (long long)window_id));
	ask = ask_wait(ask, ASK_MS);
	if (!ask)
		return false;
	*ret_n = ask->number;
	ask_free(ask);
	return true;
}
