/* What models cost: the record, the budgets, and who is told. */
#include "core/clock.h"
#include "core/fiber.h"
#include "core/metrics.h"
#include "core/text.h"
#include "db/usage.h"
#include "tests/integration/sample.h"
#include "tests/integration/llm_scene.h"

#include <string.h>

SAMPLE(llm_spend, "INSERT INTO llm_spend (period, spent) VALUES ('%s', 1)")
SAMPLE(llm_usage,
       "INSERT INTO llm_usage (provider, model, tokens_in, tokens_cached, tokens_out, counted, latency_ms, "
       "success) VALUES ('x', '%s', 1, 0, 1, 1, 1, true)")

/* At gemini-3.8-flash: 0.75 and 3.75 dollars a million. */
#define LATE (INT64_C(1795057140) * SECOND_US)          /* 2026-11-18 23:59 in São Paulo */
#define ONE_CENT "\"usage\":{\"in\":3333,\"out\":2000}" /* 2499.75 + 7500 = 10,000 millionths */

static NODISCARD err_t *check_row(struct llm_scene *s, const char *expected)
{
	const char *row;

	ERR(fixture_text(
		&s->f,
		"SELECT concat_ws(' ', provider, model, tokens_in, tokens_cached, tokens_out, coalesce(cost::text, '-'), "
		"counted, success, error) FROM llm_usage ORDER BY id DESC LIMIT 1",
		&row));
	CHECK_TEXT(row, expected);
	return NULL;
}

static err_t *record(struct llm_scene *s)
{
	struct llm_reply *reply;
	int64_t n;

	ERR(llm_scene_script(
		s, "{\"steps\":[{\"text\":\"a\"," ONE_CENT "},"
		   "{\"text\":\"b\",\"usage\":{\"in\":1000,\"cached\":400,\"out\":10,\"thoughts\":90}},"
		   "{\"fault\":\"reroute\",\"text\":\"c\",\"usage\":{\"in\":1000,\"out\":100}},"
		   "{\"text\":\"d\",\"model\":\"gemini-9-new\",\"usage\":{\"in\":1000,\"out\":100}},"
		   "{\"fault\":\"blocked\",\"usage\":{\"in\":100,\"out\":0}},"
		   "{\"fault\":\"403\"}]}"));
	ERR(llm_scene_ask(s, "oi", &reply));
	ERR(check_row(s, "gemini gemini-3.8-flash 3333 0 2000 10000 10000 t"));
	ERR(llm_scene_ask(s, "oi", &reply));
	ERR(check_row(s, "gemini gemini-3.8-flash 1000 400 100 1125 1125 t"));
	/* Another model answered: its price, and a word in the counters. */
	ERR(llm_scene_ask(s, "oi", &reply));
	CHECK_TEXT(reply->model, "gemini-4-argon");
	ERR(check_row(s, "gemini gemini-4-argon 1000 0 100 3000 3000 t"));
	CHECK_INT(metric_get(METRIC_LLM_ERRORS, "gemini", "REROUTED", NULL), 1);
	/* No price is known: the dearest counts. */
	ERR(llm_scene_ask(s, "oi", &reply));
	ERR(check_row(s, "gemini gemini-9-new 1000 0 100 - 6000 t"));
	CHECK_ERR(llm_scene_ask(s, "oi", &reply), ERR_BLOCKED);
	ERR(check_row(s, "gemini gemini-3.8-flash 100 0 0 75 75 f BLOCKED"));
	/* An answer that used nothing leaves no row. */
	CHECK_ERR(llm_scene_ask(s, "oi", &reply), ERR_AUTH_ERROR);
	ERR(fixture_int(&s->f, "SELECT count(*) FROM llm_usage", &n));
	CHECK_INT(n, 5);
	ERR(fixture_int(&s->f, "SELECT sum(spent) FROM llm_spend", &n));
	CHECK_INT(n, 2 * (10000 + 1125 + 3000 + 6000 + 75));
	CHECK_INT(metric_get(METRIC_LLM_TOKENS, "gemini", "gemini-3.8-flash", "cached"), 400);
	return NULL;
}

TEST(each_answer_is_recorded)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, record);
}

/* What was put on its way to Ana about budgets, oldest first, by key. */
static NODISCARD err_t *check_notices(struct llm_scene *s, const char *expected)
{
	const char *keys;

	ERR(fixture_text(
		&s->f,
		"SELECT coalesce(string_agg(dedupe || ' ' || class, ', ' ORDER BY id), '') FROM outbox",
		&keys));
	CHECK_TEXT(keys, expected);
	return NULL;
}

static err_t *spend(struct llm_scene *s)
{
	struct llm_reply *reply;
	const char *text;
	int64_t n;

	/* Four cents a day: 25, 50, 75, 100 %. */
	ERR(llm_scene_script(s, "{\"steps\":[{\"text\":\"x\",\"times\":0," ONE_CENT "}]}"));
	ERR(llm_scene_ask(s, "oi", &reply));
	ERR(check_notices(s, ""));
	ERR(llm_scene_ask(s, "oi", &reply));
	ERR(check_notices(s, "budget:2026-11-18:50 reply"));
	ERR(llm_scene_ask(s, "oi", &reply));
	ERR(check_notices(s, "budget:2026-11-18:50 reply"));
	s->req->now = LATE - MINUTE_US; /* the day is São Paulo's: in Greenwich it is the 19th */
	ERR(llm_scene_ask(s, "oi", &reply));
	ERR(check_notices(s, "budget:2026-11-18:50 reply, budget:2026-11-18:100 reply"));
	ERR(fixture_int(&s->f, "SELECT told FROM llm_spend WHERE period = '2026-11-18'", &n));
	CHECK_INT(n, 100);
	ERR(fixture_text(&s->f, "SELECT text FROM outbox ORDER BY id LIMIT 1", &text));
	CHECK(strstr(text, "50%") && strstr(text, "US$ 0,0200 de US$ 0,0400"));
	CHECK_ERR(llm_scene_ask(s, "oi", &reply), ERR_BUDGET);
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 4); /* nothing was sent */
	/* Tomorrow is another day, in São Paulo: 23:59 is not yet, 00:01 is. The month goes on: 4 + 4 of 10 cents. */
	s->req->now = LATE;
	s->req->update_id = 0;
	CHECK_ERR(llm_scene_ask(s, "oi", &reply), ERR_BUDGET);
	s->req->now += 2 * MINUTE_US;
	for (int i = 0; i < 4; i++)
		ERR(llm_scene_ask(s, "oi", &reply));
	ERR(check_notices(
		s, "budget:2026-11-18:50 reply, budget:2026-11-18:100 reply, budget:2026-11:50 unasked, "
		   "budget:2026-11-19:50 unasked, budget:2026-11-19:100 unasked, budget:2026-11:80 unasked"));
	s->req->now += DAY_US;
	ERR(llm_scene_ask(s, "oi", &reply));
	ERR(llm_scene_ask(s, "oi", &reply));
	CHECK_ERR(llm_scene_ask(s, "oi", &reply), ERR_BUDGET);
	s->req->now += INT64_C(15) * DAY_US; /* December */
	ERR(llm_scene_ask(s, "oi", &reply));
	return NULL;
}

TEST(budgets_hold_and_are_told_once)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", "LLM_DAILY_BUDGET_USD=0.04",
					     "LLM_MONTHLY_BUDGET_USD=0.10", NULL };

	return llm_scene_run(t, pairs, spend);
}

struct crowd {
	struct llm_scene *s;
	struct fiber *waiter;
	int left, failed;
};

static void ask_once(void *arg)
{
	struct crowd *c = arg;
	struct req req = *c->s->req;
	const struct llm_message message = { .role = LLM_PERSON, .text = "oi" };
	const struct llm_request request = llm_scene_request(c->s, &message, 1);
	struct llm_reply *reply;
	err_t *err = llm_chat(&req, &request, &reply);

	c->failed += err != NULL;
	c->left--;
	err_clear(err);
	fiber_wake(c->waiter);
}

/* Twenty calls at a time, all let through before any has ended: each threshold is told once all the same. */
static err_t *spend_together(struct llm_scene *s)
{
	struct crowd c = { .s = s, .waiter = fiber_self(), .left = 20 };
	int64_t n;

	ERR(llm_scene_script(s, "{\"steps\":[{\"text\":\"x\",\"times\":0,\"delay_ms\":300," ONE_CENT "}]}"));
	for (int i = 0; i < 20; i++)
		CHECK(fiber_go("asker", ask_once, &c));
	while (c.left)
		ERR(fiber_wait(0));
	CHECK_INT(c.failed, 0);
	ERR(fixture_int(&s->f, "SELECT spent FROM llm_spend WHERE length(period) = 10", &n));
	CHECK_INT(n, 200000);
	ERR(check_notices(
		s, "budget:2026-11-18:50 reply, budget:2026-11-18:80 reply, budget:2026-11-18:100 reply"));
	return NULL;
}

TEST(calls_at_once_tell_each_threshold_once)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", "LLM_DAILY_BUDGET_USD=0.20", NULL };

	return llm_scene_run(t, pairs, spend_together);
}

static err_t *summarise(struct llm_scene *s)
{
	struct usage_summary sum;
	struct llm_reply *reply;

	ERR(usage_summary(s->req, &sum));
	CHECK_INT(sum.models_n, 0);
	ERR(llm_scene_script(s,
			     "{\"steps\":[{\"text\":\"x\"," ONE_CENT "},{\"text\":\"x\"," ONE_CENT "},"
			     "{\"text\":\"x\",\"model\":\"gemini-9\",\"usage\":{\"in\":10,\"out\":10}}]}"));
	ERR(llm_scene_ask(s, "oi", &reply));
	s->req->now += DAY_US;
	ERR(llm_scene_ask(s, "oi", &reply));
	ERR(llm_scene_ask(s, "oi", &reply));
	ERR(usage_summary(s->req, &sum));
	CHECK_INT(sum.models_n, 2);
	CHECK_TEXT(sum.models[0].model, "gemini-3.8-flash");
	CHECK_INT(sum.models[0].month.calls, 2);
	CHECK_INT(sum.day.calls, 2);
	CHECK_INT(sum.day.cost, 10000);
	CHECK_INT(sum.day.unpriced, 1);
	CHECK_INT(sum.day.counted, 10000 + 240);
	CHECK_INT(sum.month.calls, 3);
	CHECK_INT(sum.month.cost, 20000);
	CHECK_INT(sum.month.in, 2 * 3333 + 10);
	s->req->now += INT64_C(15) * DAY_US;
	ERR(usage_summary(s->req, &sum));
	CHECK_INT(sum.month.calls, 0);
	CHECK_TEXT(usage_dollars(s->pool, LANG_PT, 1234567), "1,23");
	CHECK_TEXT(usage_dollars(s->pool, LANG_EN, 12345), "0.0123");
	CHECK_TEXT(usage_dollars(s->pool, LANG_EN, 0), "0.00");
	return NULL;
}

TEST(the_summary_adds_up)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, summarise);
}
