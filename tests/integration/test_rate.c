#include "core/cache.h"
#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "db/db.h"
#include "db/people.h"
#include "db/people_admin.h"
#include "db/rate.h"
#include "tests/integration/fixture.h"
#include "tests/integration/own_redis.h"

#include <signal.h>
#include <string.h>

#define NOW (INT64_C(1795000000) * SECOND_US)

enum { HOUR_S = 3600, SETTLE_MS = 10000, LIMIT = 100 };

struct scene {
	struct test *t;
	apr_pool_t *pool;
	struct fixture f;
	struct own_redis *redis;
};

static err_t *run(struct test *t, err_t *(*play)(void *))
{
	struct scene s = { .t = t, .pool = t->pool };
	struct config *config;

	ERR(own_redis_new(t, "", &s.redis));
	ERR(fixture_db(t, &s.f));
	ERR(fixture_config(&s.f, NULL, &config));
	db_open(t->pool, config, DB_QUEUE);
	ERR(fixture_loop(play, &s));
	cache_shutdown();
	db_close();
	return NULL;
}

static NODISCARD err_t *count(struct scene *s, const char *key, int64_t now, int64_t expected)
{
	int64_t n = 0;

	ERR(rate_count(s->pool, key, HOUR_S, now, &n));
	CHECK_INT(n, expected);
	return NULL;
}

static NODISCARD err_t *rows(struct scene *s, int64_t expected)
{
	int64_t n;

	ERR(fixture_int(&s->f, "SELECT count(*) FROM rate_limits", &n));
	CHECK_INT(n, expected);
	return NULL;
}

static NODISCARD err_t *windows(struct scene *s)
{
	for (int i = 1; i <= 3; i++)
		ERR(count(s, "msg:1", NOW, i));
	ERR(count(s, "msg:2", NOW, 1));
	ERR(count(s, "other:1", NOW, 1));
	ERR(count(s, "msg:1", NOW + HOUR_S * SECOND_US, 1)); /* the next window */
	ERR(count(s, "msg:1", NOW, 4));
	return NULL;
}

static err_t *play_postgres(void *ctx)
{
	struct scene *s = ctx;

	ERR(windows(s));
	return rows(s, 4);
}

TEST(counts_in_postgres_without_redis)
{
	return run(t, play_postgres);
}

static err_t *play_redis(void *ctx)
{
	struct scene *s = ctx;

	ERR(cache_init(s->redis->url));
	CHECK(cache_settle(SETTLE_MS));
	ERR(windows(s));
	return rows(s, 0);
}

TEST(counts_in_redis)
{
	return run(t, play_redis);
}

/* Killed in the middle and revived: no call fails, and at most twice the limit passes. */
static err_t *play_kill(void *ctx)
{
	struct scene *s = ctx;
	int64_t n, passed = 0;

	ERR(cache_init(s->redis->url));
	CHECK(cache_settle(SETTLE_MS));
	for (int i = 0; i < 5 * LIMIT; i++) {
		if (i == LIMIT - 10)
			ERR(own_redis_signal(s->redis, SIGKILL));
		if (i == 3 * LIMIT) {
			ERR(own_redis_start(s->redis));
			CHECK(cache_settle(SETTLE_MS));
		}
		if (i == 4 * LIMIT)
			ERR(own_redis_signal(s->redis, SIGSTOP));
		ERR(rate_count(s->pool, "msg:1", HOUR_S, NOW, &n));
		/* Revived, it counts from nothing again: what one that keeps its data would not. */
		passed += n <= LIMIT && i < 3 * LIMIT;
	}
	CHECK(passed >= LIMIT && passed <= 2 * LIMIT);
	return own_redis_signal(s->redis, SIGCONT);
}

TEST(a_dying_redis_fails_nobody_and_lets_at_most_twice_the_limit_pass)
{
	return run(t, play_kill);
}

static err_t *play_erase(void *ctx)
{
	struct scene *s = ctx;
	struct person_seen seen = { .login_id = 77, .bot_id = 7, .name = "Ana", .lang = "en" };
	const char *code, *receipt, *keys;
	int64_t user, other, gone;

	ERR(cache_init(s->redis->url));
	CHECK(cache_settle(SETTLE_MS));
	ERR(people_invite(s->pool, ROLE_USER, NOW, INVITE_LIFE_US, &code));
	ERR(people_pair(s->pool, crypt_code_canon(s->pool, code), &seen, NOW + 1, &user));
	seen.login_id = 777;
	ERR(people_invite(s->pool, ROLE_USER, NOW, INVITE_LIFE_US, &code));
	ERR(people_pair(s->pool, crypt_code_canon(s->pool, code), &seen, NOW + 1, &other));
	ERR(count(s, mem_fmt(s->pool, "msg:%lld", (long long)user), NOW, 1));
	ERR(count(s, mem_fmt(s->pool, "msg:%lld", (long long)user), NOW + HOUR_S * SECOND_US, 1));
	ERR(count(s, "pair:77", NOW, 1));
	ERR(count(s, mem_fmt(s->pool, "msg:%lld", (long long)other), NOW, 1));
	ERR(count(s, "pair:777", NOW, 1));
	cache_put(mem_fmt(s->pool, "user:%lld:profile", (long long)user), "x", 100);
	cache_put(mem_fmt(s->pool, "user:%lld:profile", (long long)other), "x", 100);
	ERR(people_remove(s->pool, user, NOW, &receipt, &gone));
	ERR(own_redis_ask(s->t, s->redis, "--raw KEYS 'lembra:*'", &keys));
	CHECK(!strstr(keys, mem_fmt(s->pool, "rate:%lld:", (long long)user)) && !strstr(keys, "rate:77:"));
	CHECK(!strstr(keys, mem_fmt(s->pool, "user:%lld:", (long long)user)));
	CHECK(strstr(keys, mem_fmt(s->pool, "rate:%lld:msg:", (long long)other)) &&
	      strstr(keys, "rate:777:pair:"));
	CHECK(strstr(keys, mem_fmt(s->pool, "user:%lld:", (long long)other)));
	return NULL;
}

TEST(an_erased_person_is_not_counted_any_more)
{
	return run(t, play_erase);
}
