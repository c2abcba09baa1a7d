/* Each SQL step, HTTP call and wait of a conversation fails, loses its answer or is cancelled, in turn. Whatever
 * strikes: the task is made once, the person gets one answer, no connection stays in a bad state. */
#include "bot/work/channel_telegram.h"
#include "bot/web/ingest.h"
#include "bot/work/sender.h"
#include "bot/work/worker.h"
#include "core/clock.h"
#include "core/fault.h"
#include "core/fiber.h"
#include "core/http.h"
#include "core/req.h"
#include "core/text.h"
#include "db/db.h"
#include "db/pg_listen.h"
#include "tests/integration/fixture.h"
#include "tests/standins/client.h"
#include <stdio.h>
#include <string.h>

enum { CHAT = 42, SETTLE_MS = 30000, POINTS_MAX = 120 };

struct scene {
	struct test *t;
	struct fixture f;
	struct standin *s;
	struct config *config;
	struct telegram *tg;
	enum fault_kind kind;
	int64_t update_id, tasks;
	int points; /* how many faults have struck */
};

static err_t *say(struct scene *c, const char *text)
{
	apr_pool_t *pool = c->t->pool;
	long long id = ++c->update_id;
	const char *body = mem_fmt(
		pool,
		"{\"update_id\":%lld,\"message\":{\"message_id\":%lld,\"date\":1,\"chat\":{\"id\":%d,\"type\":\"private\"},"
		"\"from\":{\"id\":%d,\"is_bot\":false,\"first_name\":\"Ana\",\"language_code\":\"pt\"},\"text\":\"%s\"}}",
		id, id, CHAT, CHAT, text);
	struct update_in update;
	err_t *err = err_new(ERR_UNAVAILABLE, "first try");

	CHECK_INT(ingest_classify(pool, body, strlen(body), &update), INGEST_KEEP);
	/* Telegram repeats what was not acknowledged. */
	for (int i = 0; err && i < 20; i++) {
		err_clear(err);
		err = ingest_wait(&update);
	}
	ERR(err);
	worker_kick();
	return NULL;
}

struct count {
	struct fixture *f;
	const char *sql;
	int64_t value;
};

static err_t *count_aside(void *ctx)
{
	struct count *count = ctx;

	return fixture_int(count->f, count->sql, &count->value);
}

static err_t *number(struct scene *c, const char *sql, int64_t *ret)
{
	struct count count = { &c->f, sql, 0 };

	ERR(fixture_aside(count_aside, &count));
	*ret = count.value;
	return NULL;
}

static err_t *settle(struct scene *c)
{
	int64_t deadline = clock_mono_ms() + SETTLE_MS, pending = 1;

	while (pending || worker_busy()) {
		if (clock_mono_ms() > deadline)
			return err_new(ERR_TIMEOUT, "%lld still pending, %zu busy", (long long)pending,
				       worker_busy());
		ERR(fiber_sleep(5));
		ERR(number(
			c,
			"SELECT coalesce(sum(pending), 0) + count(*) FILTER (WHERE lease_until IS NOT NULL) FROM chats",
			&pending));
	}
	return NULL;
}

static err_t *pools_idle(void)
{
	int64_t deadline = clock_mono_ms() + 5000;

	/* The rollback of a cancelled transaction goes on without the fiber that was cancelled. */
	while (!pg_pool_idle(db_app()) && clock_mono_ms() < deadline)
		ERR(fiber_sleep(5));
	CHECK(pg_pool_idle(db_app()));
	return NULL;
}

struct replies {
	struct scene *c;
	int64_t n;
};

static err_t *replies_aside(void *ctx)
{
	struct replies *r = ctx;
	struct json *ledger;

	ERR(standin_ledger(r->c->s, 0, &ledger));
	for (size_t i = 0; i < json_len(ledger); i++) {
		const char *method = json_text(json_item(ledger, i), "method");

		r->n += text_same(method, "sendMessage");
	}
	return NULL;
}

static err_t *strike(struct scene *c, unsigned nth, bool *ret_struck)
{
	struct replies before = { c, 0 }, after = { c, 0 };
	bool lost = c->kind == FAULT_HTTP_LOST;
	int64_t tasks, answered, dead;

	ERR(fixture_aside(replies_aside, &before));
	fault_arm(c->kind, nth);
	ERR(say(c, mem_fmt(c->t->pool, "/tarefa item %u", nth)));
	ERR(settle(c));
	*ret_struck = fault_struck();
	fault_arm(FAULT_NONE, 0);
	ERR(number(c, "SELECT count(*) FROM tasks", &tasks));
	if (tasks != ++c->tasks)
		return err_new(ERR_INTERNAL, "point %u: %lld tasks, not %lld", nth, (long long)tasks,
			       (long long)c->tasks);
	ERR(number(c,
		   mem_fmt(c->t->pool,
			   "SELECT count(*) FROM outbox WHERE state = 'sent' AND dedupe LIKE 'u%lld:%%'",
			   (long long)c->update_id),
		   &answered));
	if (answered != 1)
		return err_new(ERR_INTERNAL, "point %u: %lld answers recorded", nth, (long long)answered);
	ERR(number(c, "SELECT count(*) FROM updates WHERE state <> 'done'", &dead));
	CHECK_INT(dead, 0);
	ERR(fixture_aside(replies_aside, &after));
	/* A lost answer may repeat the one message that was in flight; nothing else repeats any. */
	if (after.n - before.n < 1 || after.n - before.n > (lost || c->kind == FAULT_CANCEL ? 2 : 1))
		return err_new(ERR_INTERNAL, "point %u: %lld messages", nth, (long long)(after.n - before.n));
	return pools_idle();
}

static err_t *scene_play(void *ctx)
{
	struct scene *c = ctx;
	bool struck = true;
	unsigned nth;

	db_open_urls(c->f.app_url, c->f.queue_url, 4);
	req_serve(c->config);
	ingest_start(c->config, c->tg->bot_id, false);
	worker_start(c->f.queue_url, channel_telegram(c->t->pool, c->config, c->tg), 8);
	ERR(say(c, "/start"));
	ERR(settle(c));
	for (nth = 1; struck && nth <= POINTS_MAX; nth++)
		ERR(strike(c, nth, &struck));
	c->points = (int)nth - 2;
	worker_stop();
	while (!worker_drained())
		ERR(fiber_sleep(5));
	worker_close();
	while (!ingest_stop())
		ERR(fiber_sleep(5));
	return NULL;
}

static err_t *each_point(struct test *t, enum fault_kind kind, int at_least)
{
	struct scene c = { .t = t, .kind = kind, .update_id = 1000 };
	const char *pairs[] = { "ACCESS=open", "RATE_LIMIT_PER_HOUR=0", "TELEGRAM_RATE_PER_S=0", NULL };

	ERR(fixture_db(t, &c.f));
	ERR(fixture_config(&c.f, pairs, &c.config));
	ERR(standin_start(t, &c.s));
	ERR(standin_say(c.s, CHAT, "known to the stand-in", NULL));
	ERR(telegram_new(t->pool, c.s->base, c.s->token, &c.tg));
	ERR(fixture_loop(scene_play, &c));
	pg_listen_stop();
	http_shutdown();
	/* A path without points would prove nothing. */
	if (c.points < at_least)
		return err_new(ERR_INTERNAL, "only %d points struck", c.points);
	return NULL;
}

TEST(each_sql_step_is_refused_in_turn)
{
	return each_point(t, FAULT_SQL, 8);
}

TEST(each_sql_step_loses_its_connection_in_turn)
{
	return each_point(t, FAULT_SQL_LOST, 8);
}

TEST(each_http_call_fails_in_turn)
{
	return each_point(t, FAULT_HTTP, 1);
}

TEST(each_http_answer_is_lost_in_turn)
{
	return each_point(t, FAULT_HTTP_LOST, 1);
}

TEST(each_wait_is_cancelled_in_turn)
{
	return each_point(t, FAULT_CANCEL, 4);
}
