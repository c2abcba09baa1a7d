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
	err_t *(*ask)(struct llm_scene *s, void **ret_answer);
	void *answer;
	err_t *err;
	bool done;
};

static err_t *ask_text(struct llm_scene *s, void **ret_answer)
{
	return llm_scene_ask(s, "oi", (struct llm_reply **)(void *)ret_answer);
}

static err_t *ask_picture(struct llm_scene *s, void **ret_answer)
{
	static const struct llm_part part = {
		.kind = LLM_PICTURE, .type = "image/png", .data = "\x89PNG....", .n = 8, .media_allowed = true
	};
	static const struct llm_message message = { .role = LLM_PERSON, .parts = &part, .parts_n = 1 };
	const struct llm_request request = llm_scene_request(s, &message, 1);

	return llm_chat(s->req, &request, (struct llm_reply **)(void *)ret_answer);
}

static err_t *ask_vectors(struct llm_scene *s, void **ret_answer)
{
	static const char *const texts[] = { "um", "dois" };
	static const struct llm_embed_request request = { .texts = texts,
							  .texts_n = 2,
							  .only = PROVIDER_COUNT };

	return llm_embed(s->req, &request, (struct llm_vectors **)(void *)ret_answer);
}

static void ask(void *arg)
{
	struct asker *a = arg;

	fiber_set_trace("torture"); /* waits without a trace are left alone */
	a->err = a->ask(a->s, &a->answer);
	fiber_set_trace(NULL);
	a->done = true;
	fiber_wake(a->waiter);
}

/* Whatever strikes: an error that is known, a row where there is an answer, and no connection in a bad state. */
static NODISCARD err_t *strike(struct llm_scene *s, err_t *(*ask_one)(struct llm_scene *s, void **ret_answer),
			       enum fault_kind kind, unsigned nth, bool *ret_struck)
{
	struct asker a = { .s = s, .waiter = fiber_self(), .ask = ask_one };
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
	CHECK(err || (a.answer && after > before));
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

static NODISCARD err_t *torture(struct llm_scene *s,
				err_t *(*ask_one)(struct llm_scene *s, void **ret_answer))
{
	int64_t stored, asked;
	int struck = 0;

	for (enum fault_kind kind = FAULT_SQL; kind < FAULT_KILL; kind++) {
		bool again = true;
		unsigned nth = 1;

		for (; again && nth < POINTS_MAX; nth++) {
			ERR(err_wrap(strike(s, ask_one, kind, nth, &again), "kind %d, point %u", (int)kind,
				     nth));
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

static const char *const pairs[] = { "LLM_PROVIDER=gemini", "LLM_RATE_PER_MIN=100000",
				     "LLM_DAILY_BUDGET_USD=1000", NULL };

static err_t *torture_text(struct llm_scene *s)
{
	return torture(s, ask_text);
}

TEST(any_step_may_fail)
{
	return llm_scene_run(t, pairs, torture_text);
}

static err_t *torture_picture(struct llm_scene *s)
{
	return torture(s, ask_picture);
}

TEST(any_step_of_a_picture_may_fail)
{
	return llm_scene_run(t, pairs, torture_picture);
}

static err_t *torture_vectors(struct llm_scene *s)
{
	return torture(s, ask_vectors);
}

TEST(any_step_of_vectors_may_fail)
{
	return llm_scene_run(t, pairs, torture_vectors);
}
