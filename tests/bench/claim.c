/* claim OWNER_URL QUEUE_URL: the time of one claim with 1 thousand and with 1 million updates waiting, and behind a
 * chat that floods; the same claims, in turns, so that the machine's mood falls on all alike. Prints one JSON object. */
#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/metrics.h"
#include "db/db.h"
#include "db/pg_admin.h"
#include "db/queue.h"
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 1, SMALL = 1000, LARGE = 1000000, FLOOD = 5000, ROUNDS = 300, MIDDLE = ROUNDS / 2, WARM = 30 };

/* Each scenario is a bot of its own, in the same tables. */
static const struct scenario {
	int64_t bot;
	const char *name;
	int chats, flood;
} scenarios[] = { { 1, "small", SMALL, 0 }, { 2, "large", LARGE, 0 }, { 3, "flood", SMALL, FLOOD } };

static const char *owner_url, *queue_url;

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static NODISCARD err_t *fill(struct pg_admin *admin, apr_pool_t *pool, const struct scenario *s)
{
	long long bot = s->bot;
	int n = s->chats, f = s->flood;

	/* The flooding chat (number 0) is the one that has waited longest, so every claim meets it first. */
	ERR(pg_admin_run(
		admin,
		mem_fmt(pool,
			"INSERT INTO updates (bot_id, update_id, chat_id, kind, payload, trace, received_at) SELECT %lld, i, CASE WHEN i <= %d THEN 0 ELSE i END, 'message', "
			"'\\x7b7d', 'x', now() FROM generate_series(1, %d) i",
			bot, f, n + f)));
	ERR(pg_admin_run(
		admin,
		mem_fmt(pool,
			"INSERT INTO queue (bot_id, chat_id, lane, update_id, kind) SELECT %lld, CASE WHEN i <= %d THEN 0 ELSE i END, 0, i, 'message' "
			"FROM generate_series(1, %d) i",
			bot, f, n + f)));
	ERR(pg_admin_run(
		admin,
		mem_fmt(pool,
			"INSERT INTO chats (bot_id, chat_id, lane, pending, ready_at) SELECT %lld, i, 0, 1, now() - interval '1 hour' + i * interval '1 ms' "
			"FROM generate_series(%d, %d) i",
			bot, f + 1, n + f)));
	if (f)
		ERR(pg_admin_run(
			admin,
			mem_fmt(pool,
				"INSERT INTO chats (bot_id, chat_id, lane, pending, ready_at) VALUES (%lld, 0, 0, %d, now() - interval '2 hours')",
				bot, f)));
	return NULL;
}

static NODISCARD err_t *claim_once(apr_pool_t *pool, const struct scenario *s, int64_t *ret_us)
{
	const struct claim *one[BATCH];
	struct claim *claims;
	int64_t start = clock_mono_us();
	bool more;
	size_t n;

	ERR(queue_claim(pool, s->bot, LANE_TALK, BATCH, 1, 0, &n, &claims));
	*ret_us = clock_mono_us() - start;
	if (n != BATCH)
		return err_new(ERR_INTERNAL, "nothing to claim");
	for (size_t i = 0; i < n; i++)
		one[i] = &claims[i];
	return queue_complete(pool, s->bot, one, n, clock_now(), &more);
}

static NODISCARD err_t *measure(apr_pool_t *pool)
{
	static int64_t us[3][ROUNDS];
	apr_pool_t *each = pool_child(pool);
	double median[3];

	db_open_urls(NULL, queue_url, 1);
	for (int round = -WARM; round < ROUNDS; round++)
		for (int s = 0; s < 3; s++) {
			int64_t took;

			ERR(claim_once(each, &scenarios[s], &took));
			if (round >= 0)
				us[s][round] = took;
			pool_clear(each);
		}
	for (int s = 0; s < 3; s++) {
		qsort(us[s], ROUNDS, sizeof us[s][0], by_value);
		median[s] = (double)us[s][MIDDLE];
	}
	printf("{\"claim_1k_us\":%.0f,\"claim_1m_us\":%.0f,\"claim_flood_us\":%.0f,\"ratio_1m\":%.3f,\"ratio_flood\":%.3f}\n",
	       median[0], median[1], median[2], median[1] / median[0], median[2] / median[0]);
	return NULL;
}

static void measure_main(void *arg)
{
	err_t *err = measure(arg);

	if (err)
		fprintf(stderr, "claim: %s\n", err_message(err));
	fflush(stdout);
	exit(err ? 1 : 0);
}

static NODISCARD err_t *prepare(apr_pool_t *pool)
{
	struct pg_admin *admin;

	ERR(pg_admin_open(pool, owner_url, &admin));
	for (int s = 0; s < 3; s++)
		ERR(fill(admin, pool, &scenarios[s]));
	return pg_admin_run(admin, "VACUUM ANALYZE");
}

int main(int argc, char **argv)
{
	apr_pool_t *pool;
	err_t *err;

	if (argc != 3)
		return 2;
	mem_init();
	crypt_init();
	metrics_init();
	pool = pool_root();
	owner_url = argv[1];
	queue_url = argv[2];
	err = prepare(pool);
	if (err) {
		fprintf(stderr, "claim: %s\n", err_message(err));
		return 1;
	}
	fiber_init();
	fiber_go("measure", measure_main, pool);
	fiber_run();
	return 0;
}
