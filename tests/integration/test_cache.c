#include "core/cache.h"

#include "core/clock.h"
#include "core/fiber.h"
#include "tests/integration/fixture.h"
#include "tests/integration/own_redis.h"

#include <signal.h>
#include <string.h>

enum {
	SETTLE_MS = 10000,
	SLOW_MS = 160, /* 100, and what a busy machine adds */
	AT_ONCE_MS = 40,
	WAITERS = 50,
};

struct scene {
	struct test *t;
	struct own_redis *redis;
	const char *url;
	int done, answered;
};

static err_t *run(struct test *t, const char *password, bool tcp, err_t *(*play)(void *))
{
	struct scene s = { .t = t };

	ERR(own_redis_new(t, password, &s.redis));
	s.url = tcp ? s.redis->tcp_url : s.redis->url;
	ERR(fixture_loop(play, &s));
	cache_shutdown();
	return NULL;
}

static NODISCARD err_t *up(struct scene *s)
{
	ERR(cache_init(s->url));
	CHECK(cache_configured());
	CHECK(cache_settle(SETTLE_MS));
	return NULL;
}

static NODISCARD err_t *down(void)
{
	int64_t deadline = clock_mono_ms() + SETTLE_MS;

	while (cache_up()) {
		CHECK(clock_mono_ms() < deadline);
		ERR(fiber_sleep(1));
	}
	return NULL;
}

static err_t *play_values(void *ctx)
{
	struct scene *s = ctx;
	apr_pool_t *pool = s->t->pool;
	const char *answer;
	int64_t n = 0;

	ERR(up(s));
	CHECK_TEXT(cache_get(pool, "a"), NULL);
	cache_put("a", "one two é %s", 50);
	CHECK_TEXT(cache_get(pool, "a"), "one two é %s");
	ERR(own_redis_ask(s->t, s->redis, strstr(s->url, "/3") ? "-n 3 TTL lembra:a" : "TTL lembra:a",
			  &answer));
	CHECK(strcmp(answer, "50") == 0 || strcmp(answer, "49") == 0);
	cache_put("a", "", 50);
	CHECK_TEXT(cache_get(pool, "a"), "");
	cache_drop("a");
	CHECK_TEXT(cache_get(pool, "a"), NULL);
	for (int i = 0; i < 1200; i++) /* more than one step of a scan */
		cache_put(mem_fmt(pool, "user:1*:%d", i), "x", 50);
	cache_put("user:12:a", "stays", 50);
	cache_drop_prefix("user:1*:");
	CHECK_TEXT(cache_get(pool, "user:1*:0"), NULL);
	CHECK_TEXT(cache_get(pool, "user:1*:1199"), NULL);
	CHECK_TEXT(cache_get(pool, "user:12:a"), "stays");
	for (int i = 1; i <= 3; i++) {
		CHECK(cache_count("hits", 7, 60, &n));
		CHECK_INT(n, i);
	}
	CHECK(cache_count("hits", 8, 60, &n));
	CHECK_INT(n, 1);
	ERR(own_redis_ask(s->t, s->redis,
			  strstr(s->url, "/3") ? "-n 3 TTL lembra:hits:7" : "TTL lembra:hits:7", &answer));
	CHECK(strcmp(answer, "60") == 0 || strcmp(answer, "59") == 0);
	return NULL;
}

TEST(keeps_values_in_redis_by_socket)
{
	return run(t, "", false, play_values);
}

TEST(keeps_values_in_redis_by_name_with_a_password_and_a_database)
{
	return run(t, "s3cr3t", true, play_values);
}

static err_t *play_kill(void *ctx)
{
	struct scene *s = ctx;
	int64_t n = 0, counted = 0, at;

	ERR(up(s));
	for (int i = 0; i < 2000; i++) {
		at = clock_mono_ms();
		if (i == 700)
			ERR(own_redis_signal(s->redis, SIGKILL));
		counted += cache_count("hits", 1, 60, &n);
		if (i != 700)
			CHECK(clock_mono_ms() - at < SLOW_MS);
		if (i == 701)
			CHECK(!cache_up() && !cache_count("hits", 1, 60, &n));
	}
	CHECK(counted >= 700 && counted <= 702);
	/* Without it values live here. */
	cache_put("a", "here", 50);
	CHECK_TEXT(cache_get(s->t->pool, "a"), "here");
	ERR(own_redis_start(s->redis));
	CHECK(cache_settle(SETTLE_MS));
	CHECK(cache_count("hits", 1, 60, &n));
	CHECK_INT(n, 1); /* it began empty */
	return NULL;
}

TEST(goes_on_without_redis_and_with_it_again)
{
	return run(t, "", false, play_kill);
}

static err_t *play_hang(void *ctx)
{
	struct scene *s = ctx;
	int64_t n = 0, at, most = 0;

	ERR(up(s));
	ERR(own_redis_signal(s->redis, SIGSTOP));
	at = clock_mono_ms();
	CHECK(!cache_count("hits", 1, 60, &n));
	CHECK(clock_mono_ms() - at >= 90 && clock_mono_ms() - at < SLOW_MS);
	for (at = clock_mono_ms(); clock_mono_ms() < at + 1500;) {
		int64_t begin = clock_mono_ms();

		CHECK(!cache_count("hits", 1, 60, &n));
		if (clock_mono_ms() - begin > most)
			most = clock_mono_ms() - begin;
		ERR(fiber_sleep(1));
	}
	CHECK(most < AT_ONCE_MS);
	ERR(own_redis_signal(s->redis, SIGCONT));
	CHECK(cache_settle(SETTLE_MS));
	CHECK(cache_count("hits", 2, 60, &n));
	CHECK_INT(n, 1);
	return NULL;
}

TEST(a_hanging_redis_costs_one_wait)
{
	return run(t, "", false, play_hang);
}

static void waiter(void *ctx)
{
	struct scene *s = ctx;
	int64_t n;

	s->answered += cache_count("hits", 1, 60, &n);
	s->done++;
}

static err_t *play_waiters(void *ctx)
{
	struct scene *s = ctx;
	int64_t at;

	ERR(up(s));
	ERR(own_redis_signal(s->redis, SIGSTOP));
	for (int i = 0; i < WAITERS; i++)
		CHECK(fiber_go("waiter", waiter, s));
	ERR(fiber_sleep(10));
	CHECK_INT(s->done, 0);
	ERR(own_redis_signal(s->redis, SIGKILL));
	at = clock_mono_ms();
	while (s->done < WAITERS)
		ERR(fiber_sleep(1));
	CHECK(clock_mono_ms() - at < AT_ONCE_MS);
	CHECK_INT(s->answered, 0);
	return NULL;
}

TEST(who_waits_for_a_dying_redis_learns_at_once)
{
	return run(t, "", false, play_waiters);
}

/* A caller who is cancelled in the middle: its answer comes to nobody. */
static err_t *play_cancel(void *ctx)
{
	struct scene *s = ctx;
	int64_t n = 0;

	ERR(up(s));
	for (int i = 0; i < WAITERS; i++) {
		struct fiber *f = fiber_go("waiter", waiter, s);

		if (i % 2)
			ERR(fiber_sleep(0));
		fiber_cancel(f);
	}
	while (s->done < WAITERS)
		ERR(fiber_sleep(1));
	CHECK(cache_up());
	CHECK(cache_count("other", 1, 60, &n));
	CHECK_INT(n, 1);
	return NULL;
}

TEST(a_cancelled_caller_leaves_the_connection_whole)
{
	return run(t, "", false, play_cancel);
}

static err_t *play_unreachable(void *ctx)
{
	struct scene *s = ctx;
	const char *urls[] = { "redis://:wrong@localhost:%d", "redis://localhost:%d",
			       "redis://127.0.0.1:1",         "redis://no.such.host.invalid",
			       "unix:///nowhere/at/all",      "redis://user:s3cr3t@localhost:%d/2" };
	int64_t n, at;

	for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
		const char *mark = strstr(urls[i], "%d"), *url = urls[i];

		if (mark)
			url = mem_fmt(s->t->pool, "%.*s%d%s", (int)(mark - url), url, s->redis->port,
				      mark + 2);
		at = clock_mono_ms();
		ERR(cache_init(url));
		CHECK(!cache_count("hits", 1, 60, &n));
		cache_put("a", url, 50);
		CHECK_TEXT(cache_get(s->t->pool, "a"), url);
		CHECK(clock_mono_ms() - at < AT_ONCE_MS);
		if (cache_settle(300))
			return err_new(ERR_INTERNAL, "%s answers", url);
		cache_drop_prefix("a");
		CHECK_TEXT(cache_get(s->t->pool, "a"), NULL);
		cache_shutdown();
		CHECK(!cache_configured());
	}
	return NULL;
}

TEST(a_wrong_password_or_address_degrades)
{
	return run(t, "s3cr3t", false, play_unreachable);
}

/* One that is full is of no use, and asked again later. */
static err_t *play_refusal(void *ctx)
{
	struct scene *s = ctx;
	const char *answer;
	int64_t n;

	ERR(up(s));
	CHECK(cache_count("hits", 1, 60, &n));
	ERR(own_redis_ask(s->t, s->redis, "CONFIG SET maxmemory 1", &answer));
	CHECK_TEXT(answer, "OK");
	CHECK(!cache_count("hits", 1, 60, &n));
	ERR(down());
	CHECK(!cache_settle(300));
	ERR(own_redis_ask(s->t, s->redis, "CONFIG SET maxmemory 0", &answer));
	CHECK(cache_settle(SETTLE_MS));
	CHECK(cache_count("hits", 1, 60, &n));
	CHECK_INT(n, 2);
	return NULL;
}

TEST(a_refusing_redis_is_let_go_of)
{
	return run(t, "", false, play_refusal);
}
