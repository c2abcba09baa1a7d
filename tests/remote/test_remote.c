/* Acts that reach outside, killed at every step and answered in every bad way: where the far side knows them by an id the
 * effect happens exactly once, where it does not at most once, and the person hears how it ended, once. */
#include "core/clock.h"
#include "core/fiber.h"
#include "core/http.h"
#include "core/text.h"
#include "cron/scheduler.h"
#include "db/db.h"
#include "tests/remote/apart.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS = 40, SEEDS = 60 };

struct verdict {
	const char *state;
	int64_t effects, kept, ends;
};

static NODISCARD err_t *judge(struct scene *s, const struct run *run, struct verdict *ret)
{
	apr_pool_t *pool = s->t->pool;

	ret->effects = far_effects(s->far, run->words);
	ERR(fixture_text(&s->f,
			 mem_fmt(pool, "SELECT min(state) FROM operations WHERE update_id = %lld",
				 (long long)run->update),
			 &ret->state));
	ERR(fixture_int(&s->f, mem_fmt(pool, "SELECT count(*) FROM memories WHERE fact = '%s'", run->words),
			&ret->kept));
	/* How it ended, told by the turn or by the sweep; "I'll check" and "that goes on" are no ends. */
	return fixture_int(
		&s->f,
		mem_fmt(pool,
			"SELECT count(*) FROM outbox o WHERE text NOT LIKE '%%te aviso%%' AND (dedupe LIKE 'u%lld:%%' OR "
			"dedupe IN (SELECT 'op:' || id FROM operations WHERE update_id = %lld))",
			(long long)run->update, (long long)run->update),
		&ret->ends);
}

static NODISCARD err_t *check(const struct run *run, const struct verdict *v)
{
	bool ids = text_same(run->tool, "far_put"), done = text_same(v->state, "done");

	if (v->ends != 1)
		return err_new(ERR_INTERNAL, "told %lld times how it ended (%s)", (long long)v->ends,
			       v->state);
	if (v->effects > 1)
		return err_new(ERR_INTERNAL, "%lld effects", (long long)v->effects);
	if (done != (v->kept == 1))
		return err_new(ERR_INTERNAL, "%s, and %lld rows", v->state, (long long)v->kept);
	if (done && v->effects != 1)
		return err_new(ERR_INTERNAL, "\"done\" without an effect");
	if (text_same(v->state, "refused") && v->effects)
		return err_new(ERR_INTERNAL, "\"refused\" with an effect");
	if (ids && !text_same(v->state, "refused") && v->effects != 1)
		return err_new(ERR_INTERNAL, "%s, with an id, and %lld effects", v->state,
			       (long long)v->effects);
	return NULL;
}

/* Killed at one point, again at another, then left to run, then swept. */
static NODISCARD err_t *one(struct scene *s, struct run *run, unsigned first, unsigned second, bool replay,
			    struct verdict *ret, int *ret_kills)
{
	unsigned kills[] = { first, second, 0 };
	bool killed = true;

	*ret_kills = 0;
	for (int i = 0; i < 3 && killed; i++) {
		if (i && !replay)
			break; /* its update is never claimed again: the sweep alone is left */
		run->kill_at = kills[i];
		ERR(apart(s, apart_run, run, &killed));
		*ret_kills += killed;
	}
	ERR(apart_sweep(s, run));
	/* The turn that was never replayed is, once all is over: nothing happens twice, and it has nothing to say. */
	run->kill_at = 0;
	ERR(apart(s, apart_run, run, &killed));
	ERR(apart_sweep(s, run));
	return judge(s, run, ret);
}

static unsigned next(unsigned *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static const char *faults_of(apr_pool_t *pool, unsigned *seed)
{
	static const char *const faults[] = { "none", "busy", "drop", "during", "after", "late", "refuse" };
	const char *list = "";
	int n = (int)(next(seed) % 4);

	for (int i = 0; i < n; i++)
		list = mem_fmt(pool, "%s%s%s", list, i ? "," : "",
			       faults[next(seed) % (sizeof faults / sizeof *faults)]);
	return list;
}

struct tally {
	int done, refused, lost, kills;
};

static NODISCARD err_t *seeded(struct scene *s, unsigned n, struct tally *tally)
{
	unsigned seed = n * 7919 + 17;
	struct run run = { .s = s, .tool = next(&seed) % 2 ? "far_put" : "far_plain", .update = 1000 + n };
	unsigned first = next(&seed) % POINTS, second = next(&seed) % POINTS;
	struct verdict v;
	err_t *err;
	int kills;

	run.words = mem_fmt(s->t->pool, "seed%u", n);
	run.faults = faults_of(s->t->pool, &seed);
	err = one(s, &run, first, second, next(&seed) % 3 != 0, &v, &kills);
	if (!err)
		err = check(&run, &v);
	if (err)
		return err_wrap(err, "seed %u, %s, faults \"%s\", killed at %u and %u", n, run.tool,
				run.faults, first, second);
	tally->kills += kills;
	tally->done += text_same(v.state, "done");
	tally->refused += text_same(v.state, "refused");
	tally->lost += text_same(v.state, "lost");
	return NULL;
}

TEST(killed_at_every_step_it_happens_once)
{
	const char *wanted = getenv("REMOTE_SEEDS"), *from = getenv("REMOTE_FIRST");
	unsigned seeds = wanted ? (unsigned)strtoul(wanted, NULL, 10) : SEEDS;
	struct tally tally = { 0 };
	struct scene s;

	ERR(apart_open(t, &s));
	for (unsigned n = from ? (unsigned)strtoul(from, NULL, 10) : 0; n < seeds; n++)
		ERR(seeded(&s, n, &tally));
	if (wanted)
		printf("%u seeds: %d kills; %d done, %d refused, %d not known\n", seeds, tally.kills,
		       tally.done, tally.refused, tally.lost);
	/* A torture without pain would prove nothing. */
	CHECK(tally.kills > (int)seeds / 4 && tally.done && tally.refused && tally.lost);
	return NULL;
}

/* Without any kill, each fault alone: what it comes to. */
TEST(each_fault_has_its_end)
{
	static const struct {
		const char *tool, *faults, *state;
		int64_t effects;
	} cases[] = {
		{ "far_put", "", "done", 1 },
		{ "far_put", "busy", "done", 1 },
		{ "far_put", "drop,drop", "done", 1 },
		{ "far_put", "during", "done", 1 },
		{ "far_put", "after", "done", 1 },
		{ "far_put", "late", "done", 1 },
		{ "far_put", "later,refuse", "done", 1 }, /* the repeat was refused, the first was not */
		{ "far_put", "refuse", "refused", 0 },
		{ "far_put", "busy,busy,busy,busy,busy", "done", 1 }, /* by the sweep */
		{ "far_plain", "", "done", 1 },
		{ "far_plain", "during", "done", 1 }, /* seen by looking */
		{ "far_plain", "after", "done", 1 },
		{ "far_plain", "busy", "lost", 0 }, /* not there, but it might come late */
		{ "far_plain", "late", "done", 1 },
		{ "far_plain", "refuse", "refused", 0 },
	};
	struct scene s;

	ERR(apart_open(t, &s));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct run run = { .s = &s,
				   .tool = cases[i].tool,
				   .words = mem_fmt(t->pool, "case%zu", i),
				   .faults = cases[i].faults,
				   .update = (int64_t)i + 1 };
		struct verdict v;
		int kills;

		ERR(one(&s, &run, 0, 0, true, &v, &kills));
		ERR(err_wrap(check(&run, &v), "%s \"%s\"", run.tool, run.faults));
		ERR(err_wrap(test_text(__FILE__, __LINE__, "state", v.state, cases[i].state), "%s \"%s\"",
			     run.tool, run.faults));
		CHECK_INT(v.effects, cases[i].effects);
	}
	return NULL;
}

static err_t *open_operations(void *ctx)
{
	struct run *run = ctx;

	return fixture_int(&run->s->f, "SELECT count(*) FROM operations WHERE settled_at IS NULL",
			   &run->update);
}

static err_t *scheduler_fiber(void *ctx)
{
	struct run *run = ctx;
	int64_t until = clock_mono_ms() + 20000;

	scheduler_start(
		&(struct scheduler_opts){ .config = run->s->config, .queue_url = run->s->f.queue_url });
	do {
		ERR(fiber_sleep(20));
		ERR(fixture_aside(open_operations, run));
	} while (run->update && clock_mono_ms() < until);
	scheduler_stop();
	while (!scheduler_idle())
		ERR(fiber_sleep(5));
	return run->update ? err_new(ERR_INTERNAL, "not swept") : NULL;
}

/* Its worker is gone for good: the scheduler finds it, once its time has come, and tells how it ended. */
TEST(the_scheduler_sweeps_what_nobody_holds)
{
	struct scene s;
	struct run run = { .s = &s, .tool = "far_put", .words = "varrido", .faults = "during", .update = 5 };
	struct run sweeping = { .s = &s };
	struct verdict v;
	bool killed = false;

	ERR(apart_open(t, &s));
	for (run.kill_at = POINTS; !killed && run.kill_at; run.kill_at--)
		ERR(apart(&s, apart_run, &run, &killed));
	CHECK(killed);
	ERR(fixture_sql(&s.f, "UPDATE jobs SET run_at = now() WHERE kind = 'operation'"));
	ERR(fixture_sql(&s.f, "UPDATE operations SET lease_until = NULL"));
	ERR(apart(&s, scheduler_fiber, &sweeping, &killed));
	CHECK(!killed);
	ERR(judge(&s, &run, &v));
	ERR(check(&run, &v));
	CHECK_TEXT(v.state, "done");
	return NULL;
}

/* Nobody answers over there: it is not tried for ever, and the person hears that it is not known. */
TEST(a_look_that_never_answers_ends)
{
	struct scene s;
	struct run run = { .s = &s, .tool = "far_put", .words = "surdo", .faults = "", .update = 77 };
	const char *state;
	bool killed;

	ERR(apart_open(t, &s));
	CHECK(setenv("FAR_BASE", "http://127.0.0.1:9", 1) == 0);
	ERR(apart(&s, apart_run, &run, &killed));
	ERR(fixture_sql(&s.f, "UPDATE operations SET attempts = 44"));
	ERR(apart_sweep(&s, &run));
	ERR(fixture_text(&s.f, "SELECT state FROM operations", &state));
	CHECK_TEXT(state, "lost");
	return NULL;
}

/* What has no id and never left does not leave hours later. */
TEST(what_is_stale_is_not_sent)
{
	struct scene s;
	struct run run = { .s = &s, .tool = "far_plain", .words = "velho", .faults = "", .update = 6 };
	const char *state = NULL;
	bool killed;

	ERR(apart_open(t, &s));
	for (run.kill_at = 1; run.kill_at < POINTS && !text_same(state, "planned"); run.kill_at++) {
		ERR(apart(&s, apart_run, &run, &killed));
		ERR(fixture_text(&s.f, "SELECT max(state) FROM operations", &state));
	}
	CHECK_TEXT(state, "planned");
	ERR(fixture_sql(&s.f, "UPDATE operations SET created_at = created_at - interval '5 hours'"));
	ERR(apart_sweep(&s, &run));
	ERR(fixture_text(&s.f, "SELECT state FROM operations", &state));
	CHECK_TEXT(state, "refused");
	CHECK_INT(far_effects(s.far, "velho"), 0);
	ERR(fixture_text(&s.f, "SELECT text FROM outbox WHERE dedupe LIKE 'op:%'", &state));
	CHECK(state && strstr(state, "Não cheguei a"));
	return NULL;
}

/* A turn that looked for its step just before the other run's COMMIT finds neither it nor an open operation: the act is not
 * planned again. */
TEST(a_settled_operation_is_still_that_act)
{
	struct scene s;
	struct run run = { .s = &s, .tool = "far_put", .words = "depois", .faults = "", .update = 8 };
	bool killed;
	int64_t n;

	ERR(apart_open(t, &s));
	ERR(apart(&s, apart_run, &run, &killed));
	CHECK_INT(far_effects(s.far, "depois"), 1);
	ERR(fixture_sql(&s.f, "DELETE FROM turn_steps"));
	ERR(apart(&s, apart_run, &run, &killed));
	CHECK(!killed);
	CHECK_INT(far_effects(s.far, "depois"), 1);
	ERR(fixture_int(&s.f, "SELECT count(*) FROM operations", &n));
	CHECK_INT(n, 1);
	return NULL;
}
