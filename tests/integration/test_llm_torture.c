/* Each SQL step, HTTP call and wait of a question fails, loses its answer or is cancelled, in turn. */
#include "core/fault.h"
#include "core/fiber.h"
#include "db/db.h"
#include "tests/integration/llm_scene.h"

enum { POINTS_MAX = 100 };

static NODISCARD err_t *rows(struct llm_scene *s, int64_t *ret_n)
{
	return fixture_int(&s->f, "SELECT count(*) FROM llm_usage", ret_n);
}

/* A fiber that is cancelled stays so: each question has one of its own. */
struct asker {
	struct llm_scene *s;
	struct fiber *waiter;
	struct llm_reply *reply;
	err_t *err;
	bool done;
};

static void ask(void *arg)
{
	struct asker *a = arg;

	fiber_set_trace("torture"); /* waits without a trace are left alone */
	a->err = llm_scene_ask(a->s, "oi", &a->reply);
	fiber_set_trace(NULL);
	a->done = true;
	fiber_wake(a->waiter);
}

/* Whatever strikes: an error that is known, a row where there is an answer, and no connection in a bad state. */
static NODISCARD err_t *strike(struct llm_scene *s, enum fault_kind kind, unsigned nth, bool *ret_struck)
{
	struct asker a = { .s = s, .waiter = fiber_self() };
	int64_t before, after;
	err_t *err;

	ERR(rows(s, &before));
	fault_arm(kind, nth);
	CHECK(fiber_go("asker", ask, &a));
	while (!a.done)
		ERR(fiber_wait(0));
	err = a.err;
	*ret_struck = fault_struck();
	fault_arm(FAULT_NONE, 0);
	ERR(rows(s, &after));
	CHECK(err || (a.reply && after > before));
	CHECK(!err || err->code == ERR_CANCELLED || err->code == ERR_DB || err->code == ERR_DB_RETRY ||
	      err->code == ERR_UNAVAILABLE);
	CHECK(!err || (err->code == ERR_CANCELLED) == (kind == FAULT_CANCEL));
	CHECK(!err || *ret_struck);
	CHECK(!err || (kind != FAULT_HTTP && kind != FAULT_HTTP_LOST)); /* got over by asking again */
	err_clear(err);
	while (!pg_pool_idle(db_app()))
		ERR(fiber_sleep(1));
	CHECK_INT(*fiber_open_tx(), 0);
	return NULL;
}

static err_t *torture(struct llm_scene *s)
{
	int64_t stored, asked;
	int struck = 0;

	for (enum fault_kind kind = FAULT_SQL; kind < FAULT_KILL; kind++) { /* a kill leaves nobody to look */
		bool again = true;
		unsigned nth = 1;

		for (; again && nth < POINTS_MAX; nth++) {
			ERR(err_wrap(strike(s, kind, nth, &again), "kind %d, point %u", (int)kind, nth));
			struck += again;
		}
		CHECK(nth > 2 && nth < POINTS_MAX);
	}
	CHECK(struck >= 12);
	ERR(rows(s, &stored));
	ERR(llm_scene_count(s, "/", &asked));
	CHECK(stored <= asked); /* nothing is stored twice */
	return NULL;
}

TEST(any_step_may_fail)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", "LLM_RATE_PER_MIN=100000",
					     "LLM_DAILY_BUDGET_USD=1000", NULL };

	return llm_scene_run(t, pairs, torture);
}
