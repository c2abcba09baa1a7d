/* What an act did outside, taken back by another act: once, killed at every step and pressed twice, and undone only when it
 * is. */
#include "core/text.h"
#include "tests/remote/apart.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS = 50, SEEDS = 40 };

static unsigned next(unsigned *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* The act, without any kill; then its undo, killed at two points, replayed or not, swept, and pressed again. */
static NODISCARD err_t *undone(struct scene *s, struct run *run, unsigned first, unsigned second, bool replay,
			       int *ret_kills)
{
	unsigned kills[] = { first, second, 0 };
	bool killed = true;

	*ret_kills = 0;
	run->undo = true;
	for (int i = 0; i < 3 && killed && (i == 0 || replay); i++) {
		run->kill_at = kills[i];
		ERR(apart(s, apart_run, run, &killed));
		*ret_kills += killed;
	}
	ERR(apart_sweep(s, run));
	run->kill_at = 0;
	ERR(apart(s, apart_run, run, &killed));
	ERR(apart_sweep(s, run));
	/* A second tap, in an update of its own. */
	run->update += 500000;
	ERR(apart(s, apart_run, run, &killed));
	return apart_sweep(s, run);
}

static NODISCARD err_t *told(struct scene *s, const char *like, int64_t *ret)
{
	return fixture_int(
		&s->f,
		mem_fmt(s->t->pool,
			"SELECT count(*) FROM outbox WHERE text LIKE '%s' AND text NOT LIKE '%%te aviso%%'",
			like),
		ret);
}

static NODISCARD err_t *seeded(struct scene *s, unsigned n, int *kills)
{
	static const char *const faults[] = { "none", "busy", "drop", "during", "after", "late" };
	unsigned seed = n * 6007 + 5, first = next(&seed) % POINTS, second = next(&seed) % POINTS;
	const char *words = mem_fmt(s->t->pool, "troca%u", n), *back = mem_fmt(s->t->pool, "back-%s", words);
	struct run run = { .s = s, .tool = "far_swap", .words = words, .update = 1000 + n };
	bool killed;
	int own = 0;
	int64_t open;

	run.faults = mem_fmt(s->t->pool, "/%s,%s", faults[next(&seed) % 6], faults[next(&seed) % 6]);
	ERR(apart(s, apart_run, &run, &killed));
	CHECK_INT(far_effects(s->far, words), 1);
	run.update += 100000;
	ERR(err_wrap(undone(s, &run, first, second, next(&seed) % 3 != 0, &own), "seed %u", n));
	*kills += own;
	ERR(fixture_int(
		&s->f,
		"SELECT count(*) FROM undo_acts WHERE done_at IS NULL OR EXISTS (SELECT FROM undo_log l WHERE "
		"l.ref = undo_acts.ref AND undone_at IS NULL)",
		&open));
	if (far_effects(s->far, back) != 1 || open)
		return err_new(ERR_INTERNAL, "seed %u, \"%s\", killed at %u and %u: %d effects, %lld open", n,
			       run.faults, first, second, far_effects(s->far, back), (long long)open);
	ERR(told(s, mem_fmt(s->t->pool, "Feito: %s", back), &open));
	return open == 1 ? NULL : err_new(ERR_INTERNAL, "seed %u: told %lld times", n, (long long)open);
}

TEST(an_undo_killed_at_every_step_happens_once)
{
	const char *wanted = getenv("REMOTE_SEEDS"), *from = getenv("REMOTE_FIRST");
	unsigned seeds = wanted ? (unsigned)strtoul(wanted, NULL, 10) : SEEDS;
	struct scene s;
	int kills = 0;

	ERR(apart_open(t, &s));
	for (unsigned n = from ? (unsigned)strtoul(from, NULL, 10) : 0; n < seeds; n++)
		ERR(seeded(&s, n, &kills));
	CHECK(from || kills > (int)seeds / 3);
	return NULL;
}

static NODISCARD err_t *act(struct scene *s, const char *words, const char *faults, bool undo)
{
	static int64_t update = 100;
	struct run run = {
		.s = s, .tool = "far_swap", .words = words, .faults = faults, .update = ++update, .undo = undo
	};
	bool killed;

	return apart(s, apart_run, &run, &killed);
}

/* Refused over there: it says so, nothing is marked, and it may be tried again. */
TEST(a_refused_undo_is_not_undone)
{
	struct scene s;
	int64_t n;

	ERR(apart_open(t, &s));
	ERR(act(&s, "mexido", "", false));
	ERR(act(&s, "", "", true));
	ERR(told(&s, "Mudou por lá.", &n));
	CHECK_INT(n, 1);
	ERR(act(&s, "outro", "/refuse", false));
	ERR(act(&s, "", "", true));
	CHECK_INT(far_effects(s.far, "back-outro"), 0);
	ERR(fixture_int(&s.f, "SELECT count(*) FROM undo_log WHERE undone_at IS NOT NULL", &n));
	CHECK_INT(n, 0);
	ERR(act(&s, "", "", true));
	CHECK_INT(far_effects(s.far, "back-outro"), 1);
	ERR(fixture_int(&s.f, "SELECT count(*) FROM undo_log WHERE undone_at IS NOT NULL", &n));
	CHECK_INT(n, 1);
	return NULL;
}

/* A plan that did it all here is undone by its rows; what it left beside something outside is not. */
TEST(a_plan_may_do_it_here)
{
	struct scene s;
	int64_t n;

	ERR(apart_open(t, &s));
	ERR(act(&s, "longe", "", false));
	ERR(fixture_int(&s.f, "SELECT count(*) FROM undo_rows", &n));
	CHECK_INT(n, 0);
	ERR(act(&s, "aqui", "", false));
	CHECK_INT(far_effects(s.far, "aqui"), 0);
	ERR(fixture_int(&s.f, "SELECT count(*) FROM memories WHERE fact = 'aqui'", &n));
	CHECK_INT(n, 1);
	ERR(act(&s, "", "", true));
	ERR(fixture_int(&s.f, "SELECT count(*) FROM memories WHERE fact = 'aqui'", &n));
	CHECK_INT(n, 0);
	CHECK_INT(far_effects(s.far, "back-longe"), 0);
	ERR(act(&s, "", "", true));
	CHECK_INT(far_effects(s.far, "back-longe"), 1);
	ERR(fixture_int(&s.f, "SELECT count(*) FROM notes WHERE title = 'longe'", &n));
	CHECK_INT(n, 1);
	return NULL;
}

/* Several acts of one sentence, here and outside: all are taken back, or nothing is touched while a row has changed. */
TEST(several_acts_are_undone_together)
{
	static const char *const words[] = { "aqui-um", "longe-dois", "aqui-tres", "longe-quatro" };
	struct scene s;
	int64_t n;
	bool killed;

	ERR(apart_open(t, &s));
	for (int i = 0; i < 4; i++) {
		struct run run = { .s = &s,
				   .tool = "far_swap",
				   .words = words[i],
				   .faults = "",
				   .update = 20 + i,
				   .ref = "0123456789abcdef0123456789abcdef" };

		ERR(apart(&s, apart_run, &run, &killed));
	}
	ERR(fixture_sql(&s.f, "UPDATE memories SET fact = 'outra coisa' WHERE fact = 'aqui-tres'"));
	ERR(act(&s, "", "", true));
	CHECK_INT(far_effects(s.far, "back-longe-dois") + far_effects(s.far, "back-longe-quatro"), 0);
	ERR(fixture_sql(&s.f, "UPDATE memories SET fact = 'aqui-tres' WHERE fact = 'outra coisa'"));
	ERR(act(&s, "", "", true));
	CHECK_INT(far_effects(s.far, "back-longe-dois"), 1);
	CHECK_INT(far_effects(s.far, "back-longe-quatro"), 1);
	ERR(fixture_int(&s.f, "SELECT count(*) FROM memories WHERE fact LIKE 'aqui%'", &n));
	CHECK_INT(n, 0);
	ERR(told(&s, "%Desfeito%", &n));
	CHECK_INT(n, 1);
	return NULL;
}

/* As many as one sentence can do: none is left out and called undone. */
TEST(all_that_one_sentence_did_is_undone)
{
	enum { ACTS = 34 };
	struct scene s;
	int64_t n;
	bool killed;

	ERR(apart_open(t, &s));
	for (int i = 0; i < ACTS; i++) {
		struct run run = { .s = &s,
				   .tool = "far_swap",
				   .words = mem_fmt(t->pool, "longe-%d", i),
				   .faults = "",
				   .update = 20 + i,
				   .ref = "0123456789abcdef0123456789abcdef" };

		ERR(apart(&s, apart_run, &run, &killed));
	}
	ERR(act(&s, "", "", true));
	for (int i = 0; i < ACTS; i++)
		CHECK_INT(far_effects(s.far, mem_fmt(t->pool, "back-longe-%d", i)), 1);
	ERR(fixture_int(&s.f, "SELECT count(*) FROM undo_log WHERE undone_at IS NULL", &n));
	CHECK_INT(n, 0);
	return NULL;
}

/* What a fetch answers is the answer, once. */
TEST(a_fetch_may_answer_instead)
{
	struct scene s;
	struct run run = { .s = &s, .tool = "far_swap", .words = "fora", .faults = "", .update = 9 };
	bool killed;
	int64_t n;

	ERR(apart_open(t, &s));
	ERR(apart(&s, apart_run, &run, &killed));
	ERR(apart(&s, apart_run, &run, &killed));
	CHECK_INT(far_effects(s.far, "fora"), 0);
	ERR(told(&s, "Agora não dá.", &n));
	CHECK_INT(n, 1);
	run.words = "cartao";
	run.update = 10;
	ERR(apart(&s, apart_run, &run, &killed));
	ERR(fixture_int(&s.f, "SELECT count(*) FROM pending_actions WHERE state = 'open'", &n));
	CHECK_INT(n, 1);
	CHECK_INT(far_effects(s.far, "cartao"), 0);
	run.tool = "far_back";
	run.update = 11;
	ERR(apart(&s, apart_run, &run, &killed)); /* there is no such tool for whoever asks in words */
	CHECK_INT(far_effects(s.far, "cartao"), 0);
	return NULL;
}
