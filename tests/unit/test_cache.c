#include "core/cache.h"

#include "core/cache_part.h"
#include "core/clock.h"
#include "core/limits.h"
#include "tests/test.h"

#include <string.h>

TEST(reads_where_redis_is)
{
	static const struct {
		const char *url, *expected; /* host port path user password db; NULL: refused */
	} cases[] = {
		{ "redis://h", "h 6379 -   0" },
		{ "redis://h:1", "h 1 -   0" },
		{ "redis://10.0.0.1:6380/", "10.0.0.1 6380 -   0" },
		{ "redis://10.0.0.1:6380/15", "10.0.0.1 6380 -   15" },
		{ "redis://:pw@h", "h 6379 -  pw 0" },
		{ "redis://ana:p%40s%3As@h:1/2", "h 1 - ana p@s:s 2" },
		{ "redis://u:a@b@h", "h 6379 - u a@b 0" },
		{ "redis://[::1]", "::1 6379 -   0" },
		{ "redis://[fe80::1]:7", "fe80::1 7 -   0" },
		{ "unix:///run/redis.sock", "- 0 /run/redis.sock   0" },
		{ "unix:///run/redis.sock?db=4", "- 0 /run/redis.sock   4" },
		{ "rediss://h", NULL },
		{ "http://h", NULL },
		{ "redis://", NULL },
		{ "redis://:1", NULL },
		{ "redis://h:0", NULL },
		{ "redis://h:65536", NULL },
		{ "redis://h:x", NULL },
		{ "redis://h/x", NULL },
		{ "redis://h/-1", NULL },
		{ "redis://user@h", NULL },
		{ "redis://[::1", NULL },
		{ "unix://run", NULL },
		{ "unix:///run?x=1", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct cache_url u;
		err_t *err = cache_url_read(t->pool, cases[i].url, &u);

		if (!cases[i].expected) {
			ERR(err_wrap(test_err(__FILE__, __LINE__, "cache_url_read", err, ERR_CONFIG),
				     "\"%s\"", cases[i].url));
			continue;
		}
		ERR(err_wrap(err, "%s", cases[i].url));
		CHECK_TEXT(mem_fmt(t->pool, "%s %d %s %s %s %lld", u.host ? u.host : "-", u.port,
				   u.path ? u.path : "-", u.user, u.password, (long long)u.db),
			   cases[i].expected);
	}
	return NULL;
}

TEST(keeps_values_here_without_redis)
{
	int64_t n = 7;

	CHECK(!cache_configured() && !cache_up());
	CHECK_TEXT(cache_get(t->pool, "a"), NULL);
	cache_drop("a");
	cache_drop_prefix("");
	cache_put("a", "one", 60);
	cache_put("ab", "two", 60);
	cache_put("a", "three", 60);
	CHECK_TEXT(cache_get(t->pool, "a"), "three");
	cache_put("b", "never", 0);
	CHECK_TEXT(cache_get(t->pool, "b"), NULL);
	CHECK(!cache_count("a", 1, 60, &n));
	CHECK_INT(n, 7);
	cache_drop("a");
	CHECK_TEXT(cache_get(t->pool, "a"), NULL);
	CHECK_TEXT(cache_get(t->pool, "ab"), "two");
	cache_drop_prefix("a");
	CHECK_TEXT(cache_get(t->pool, "ab"), NULL);
	return NULL;
}

TEST(a_kept_value_ends)
{
	int64_t begin = clock_mono_ms();

	kept_put("a", "one", 1);
	CHECK_TEXT(kept_get("a"), "one");
	while (kept_get("a"))
		CHECK(clock_mono_ms() < begin + 3000);
	CHECK(clock_mono_ms() >= begin + 1000);
	return NULL;
}

TEST(the_oldest_go_first)
{
	char *large = mem_alloc(t->pool, LIMIT_CACHE_BYTES / 4 + 1);

	for (int i = 0; i < LIMIT_CACHE_ENTRIES + 10; i++)
		kept_put(mem_fmt(t->pool, "k%d", i), "x", 60);
	CHECK(!kept_get("k9") && kept_get("k10"));
	CHECK(kept_get(mem_fmt(t->pool, "k%d", LIMIT_CACHE_ENTRIES + 9)));
	memset(large, 'x', LIMIT_CACHE_BYTES / 4);
	for (int i = 0; i < 8; i++)
		kept_put(mem_fmt(t->pool, "large%d", i), large, 60);
	CHECK(!kept_get("large4") && kept_get("large7") && !kept_get("k10"));
	large = mem_fmt(t->pool, "%sx", large);
	cache_put("too large", large, 60);
	CHECK(!kept_get("too large"));
	return NULL;
}
