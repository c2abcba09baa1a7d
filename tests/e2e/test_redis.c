#include "core/text.h"
#include "tests/e2e/talk.h"
#include "tests/integration/own_redis.h"

#include <signal.h>
#include <string.h>

enum { CHAT = 501, LIMIT = 20 };

/* Two workers, messages one upon another; how many became tasks, and how many are counted in Postgres. */
static NODISCARD err_t *flood(struct product *p, int n)
{
	for (int i = 0; i < n; i++)
		ERR(talk_say(p, CHAT, NULL, mem_fmt(p->t->pool, "/tarefa dentro %d", i)));
	return NULL;
}

static NODISCARD err_t *start(struct test *t, const char *url, struct product **ret)
{
	const char **pairs = mem_alloc(t->pool, 4 * sizeof *pairs);

	pairs[0] = mem_fmt(t->pool, "RATE_LIMIT_PER_HOUR=%d", LIMIT);
	pairs[1] = "WORKERS=2";
	pairs[2] = url ? mem_fmt(t->pool, "REDIS_URL=%s", url) : NULL;
	ERR(product_new(t, true, pairs, ret));
	ERR(talk_clock(*ret, "2026-03-02T10:00:00Z"));
	ERR(product_start(*ret));
	if (url)
		ERR(product_await(*ret, "cache_up", 4, TALK_MS)); /* web, two workers, scheduler */
	return NULL;
}

/* How many of the messages passed, once each has had its turn: none failed, none waits. */
static NODISCARD err_t *passed(struct product *p, int messages, int64_t *ret_n)
{
	ERR(talk_await_int(p, "SELECT count(*) FROM updates WHERE done_at IS NOT NULL", messages));
	ERR(talk_settle(p));
	ERR(fixture_int(&p->db, "SELECT count(*) FROM tasks", ret_n));
	return talk_calm(p);
}

TEST(exactly_the_limit_passes_without_redis)
{
	struct product *p;
	int64_t n;

	ERR(start(t, NULL, &p));
	ERR(flood(p, 3 * LIMIT));
	ERR(passed(p, 3 * LIMIT, &n));
	CHECK_INT(n, LIMIT);
	ERR(fixture_int(&p->db, "SELECT sum(n) FROM rate_limits WHERE key LIKE 'msg:%'", &n));
	CHECK_INT(n, 3 * LIMIT);
	return NULL;
}

TEST(exactly_the_limit_passes_with_redis)
{
	struct own_redis *redis;
	struct product *p;
	int64_t n;

	ERR(own_redis_new(t, "s3cr3t", &redis));
	ERR(start(t, redis->tcp_url, &p));
	ERR(flood(p, 3 * LIMIT));
	ERR(passed(p, 3 * LIMIT, &n));
	CHECK_INT(n, LIMIT);
	ERR(fixture_int(&p->db, "SELECT count(*) FROM rate_limits WHERE key LIKE 'msg:%'", &n));
	CHECK_INT(n, 0);
	return NULL;
}

TEST(no_message_is_lost_when_redis_dies)
{
	struct own_redis *redis;
	struct product *p;
	int64_t n;
	const char *log;

	ERR(own_redis_new(t, "", &redis));
	ERR(start(t, redis->url, &p));
	ERR(flood(p, LIMIT / 2));
	ERR(talk_await_int(p, "SELECT least(count(*), 5) FROM tasks", 5));
	ERR(flood(p, LIMIT));
	ERR(own_redis_signal(redis, SIGKILL));
	ERR(flood(p, 3 * LIMIT));
	ERR(passed(p, 4 * LIMIT + LIMIT / 2, &n));
	CHECK(n >= LIMIT && n <= 2 * LIMIT);
	ERR(own_redis_start(redis));
	ERR(product_await(p, "cache_up", 8, TALK_MS));
	ERR(product_log(p, &log));
	CHECK_INT(product_count(log, "\"cache_down\""), 4); /* each process said so once */
	return talk_calm(p);
}

TEST(removing_a_person_empties_the_cache_of_them)
{
	struct own_redis *redis;
	struct product *p;
	const char *id, *keys, *output;
	int code;

	ERR(own_redis_new(t, "", &redis));
	ERR(start(t, redis->url, &p));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa leite", "leite"));
	ERR(fixture_text(&p->db, "SELECT user_id::text FROM directory WHERE login_id = 501", &id));
	ERR(own_redis_ask(t, redis, "--raw KEYS 'lembra:rate:*'", &keys));
	CHECK(strstr(keys, mem_fmt(t->pool, "lembra:rate:%s:msg:", id)));
	ERR(product_command(p, NULL, (const char *[]){ "user", "remove", id, "--yes", NULL }, &output,
			    &code));
	CHECK_INT(code, 0);
	CHECK(strstr(output, "receipt") && !strstr(output, "Redis does not answer"));
	ERR(own_redis_ask(t, redis, "--raw KEYS 'lembra:rate:*'", &keys));
	CHECK_TEXT(keys, "");
	/* Without it the removal goes on all the same, and says what stays. */
	ERR(own_redis_signal(redis, SIGKILL));
	ERR(talk_expect(p, CHAT + 1, NULL, "/tarefa mel", "mel"));
	ERR(fixture_text(&p->db, "SELECT user_id::text FROM directory WHERE login_id = 502", &id));
	ERR(product_command(p, NULL, (const char *[]){ "user", "remove", id, "--yes", NULL }, &output,
			    &code));
	CHECK_INT(code, 0);
	CHECK(strstr(output, "receipt") && strstr(output, "Redis does not answer"));
	return talk_calm(p);
}
