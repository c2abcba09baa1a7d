/* Jobs that hang, fail, are taken over or struck by faults: none holds another, each ends, and its effect comes once. */
#include "core/fault.h"
#include "core/fiber.h"
#include "core/text.h"
#include "tests/integration/job_scene.h"

static NODISCARD err_t *both(struct scene *s, const char *kind)
{
	ERR(job_scene_plan(s, s->ana, kind));
	return job_scene_plan(s, s->bia, kind);
}

static NODISCARD err_t *all_in_lisbon(struct scene *s)
{
	return job_scene_sql(s, "UPDATE profiles SET zone = 'Europe/Lisbon'");
}

static err_t *play_hang(struct scene *s)
{
	s->jobs[0] = &scene_hang;
	s->jobs[1] = &scene_late;
	s->jobs[2] = &scene_often;
	s->hold = true;
	s->lease_s = 1;
	ERR(all_in_lisbon(s));
	ERR(both(s, "hang"));
	ERR(both(s, "late"));
	job_scene_up(s);
	ERR(job_scene_calm(s));
	ERR(job_scene_clock(s, "2026-11-23T07:00:00Z"));
	ERR(job_scene_ran(s, "hang", s->ana, 1));
	ERR(job_scene_ran(s, "hang", s->bia, 1));
	ERR(job_scene_ran(s, "late", s->ana, 1));
	ERR(job_scene_ran(s, "late", s->bia, 1));
	ERR(job_scene_sql(
		s, "CREATE TABLE seen AS SELECT id, lease_token, lease_until FROM jobs WHERE kind = 'hang'"));
	/* Three leases later it is still ours, by the same token, and the house goes on. */
	ERR(job_scene_await(
		s,
		"SELECT count(*) FROM jobs j JOIN seen USING (id, lease_token) WHERE j.lease_until > seen.lease_until + interval '3 s'",
		2));
	ERR(job_scene_clock(s, "2026-11-23T07:00:30Z"));
	ERR(job_scene_ran(s, "often", 0, 3));
	ERR(job_scene_await(
		s, "SELECT count(*) FROM job_runs WHERE kind = 'hang' AND state = 'running' AND attempts = 1",
		2));
	s->hold = false;
	ERR(job_scene_await(
		s, "SELECT count(*) FROM job_runs WHERE kind = 'hang' AND state = 'done' AND attempts = 1",
		2));
	return job_scene_down(s);
}

TEST(one_that_hangs_holds_no_other_and_keeps_its_lease)
{
	return job_scene_run(t, "2026-11-23T06:00:00Z", play_hang);
}

static err_t *play_places(struct scene *s)
{
	s->jobs[0] = &scene_hang;
	s->jobs[1] = &scene_late;
	s->hold = true;
	ERR(all_in_lisbon(s));
	for (int i = 0; i < 9; i++)
		ERR(job_scene_sql(
			s, mem_fmt(s->pool,
				   "SELECT job_plan_for(%lld, 'hang', '%d', NULL, NULL, '2026-11-23 06:00Z')",
				   (long long)s->bia, i)));
	ERR(job_scene_plan(s, s->ana, "late"));
	job_scene_up(s);
	ERR(job_scene_calm(s));
	ERR(job_scene_clock(s, "2026-11-23T07:00:00Z"));
	ERR(job_scene_ran(s, "hang", s->bia,
			  4)); /* as many as the kind has places; the rest is left to other schedulers */
	ERR(job_scene_ran(s, "late", s->ana, 1));
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE kind = 'hang' AND lease_until > now()", 4));
	ERR(job_scene_ran(s, "hang", s->bia, 4));
	s->hold = false;
	ERR(job_scene_ran(s, "hang", s->bia, 9));
	ERR(job_scene_calm(s));
	return job_scene_down(s);
}

TEST(a_kind_has_its_own_places)
{
	return job_scene_run(t, "2026-11-23T06:00:00Z", play_places);
}

static err_t *play_slow(struct scene *s)
{
	s->jobs[0] = &scene_slow;
	s->hold = true;
	s->lease_s = 1;
	ERR(job_scene_plan(s, s->bia, "slow"));
	job_scene_up(s);
	ERR(job_scene_calm(s));
	ERR(job_scene_clock(s, "2026-11-23T07:00:00Z"));
	ERR(job_scene_await(
		s,
		"SELECT count(*) FROM job_runs WHERE state = 'failed' AND error = 'CANCELLED' AND duration_us > 400000",
		1));
	s->hold = false;
	ERR(job_scene_await(
		s, "SELECT count(*) FROM job_runs WHERE state = 'done' AND attempts > 1 AND error IS NULL",
		1));
	return job_scene_down(s);
}

TEST(one_that_takes_too_long_is_cancelled_and_tried_again)
{
	return job_scene_run(t, "2026-11-23T06:00:00Z", play_slow);
}

static err_t *play_fails(struct scene *s)
{
	s->jobs[0] = &scene_fragile;
	s->jobs[1] = &scene_late;
	s->fail = true;
	ERR(all_in_lisbon(s));
	ERR(job_scene_plan(s, s->bia, "fragile"));
	ERR(job_scene_plan(s, s->ana, "late"));
	job_scene_up(s);
	ERR(job_scene_calm(s));
	ERR(job_scene_clock(s, "2026-11-23T07:00:00Z"));
	ERR(job_scene_ran(s, "late", s->ana, 1));
	ERR(job_scene_await(
		s,
		"SELECT count(*) FROM job_runs WHERE kind = 'fragile' AND state = 'failed' AND attempts = 1 AND error = 'UNAVAILABLE'",
		1));
	ERR(job_scene_await(
		s,
		"SELECT count(*) FROM jobs WHERE kind = 'fragile' AND due_at = '2026-11-23 07:00Z' AND lease_until IS NULL "
		"AND run_at BETWEEN '2026-11-23 07:00:02Z' AND '2026-11-23 07:00:10Z'",
		1));
	ERR(job_scene_clock(s, "2026-11-23T07:01:00Z"));
	ERR(job_scene_await(
		s,
		"SELECT count(*) FROM jobs WHERE kind = 'fragile' AND last_result = 'UNAVAILABLE' "
		"AND run_at BETWEEN '2026-11-23 07:01:04Z' AND '2026-11-23 07:01:12Z'",
		1));
	ERR(job_scene_clock(s, "2026-11-23T07:04:58Z")); /* the next try would begin past the deadline */
	ERR(job_scene_await(
		s,
		"SELECT count(*) FROM job_runs WHERE kind = 'fragile' AND state = 'given_up' AND attempts = 3",
		1));
	ERR(job_scene_await(
		s, "SELECT count(*) FROM jobs WHERE kind = 'fragile' AND due_at = '2026-11-24 07:00Z'", 1));
	s->fail = false;
	ERR(job_scene_clock(s, "2026-11-24T07:00:00Z"));
	ERR(job_scene_await(
		s,
		"SELECT count(*) FROM job_runs WHERE kind = 'fragile' AND state = 'done' AND occurrence = '2026-11-24' AND attempts = 1",
		1));
	return job_scene_down(s);
}

TEST(one_that_fails_backs_off_and_is_given_up)
{
	return job_scene_run(t, "2026-11-23T06:00:00Z", play_fails);
}

static err_t *play_taken_over(struct scene *s)
{
	s->jobs[0] = &scene_hang;
	s->hold = true;
	s->lease_s = 1;
	ERR(job_scene_plan(s, s->bia, "hang"));
	job_scene_up(s);
	ERR(job_scene_calm(s));
	ERR(job_scene_clock(s, "2026-11-23T07:00:00Z"));
	ERR(job_scene_ran(s, "hang", s->bia, 1));
	/* As if we had slept through our lease, and another scheduler took it. */
	ERR(job_scene_sql(
		s,
		"UPDATE jobs SET lease_token = nextval('lease_tokens'), lease_until = now() + interval '1 hour'"));
	ERR(job_scene_down(s)); /* cancelled: it would hang for ever */
	ERR(job_scene_await(s, "SELECT count(*) FROM job_runs WHERE state = 'running'",
			    1)); /* for the other to say */
	ERR(job_scene_await(
		s,
		"SELECT count(*) FROM jobs WHERE due_at = '2026-11-23 07:00Z' AND lease_until > now() + interval '50 min'",
		1));
	/* And that one dies: when its lease has run out, we do it. */
	s->hold = false;
	ERR(job_scene_sql(s, "UPDATE jobs SET lease_until = now()"));
	job_scene_up(s);
	ERR(job_scene_await(s, "SELECT count(*) FROM job_runs WHERE state = 'done' AND attempts = 2", 1));
	return job_scene_down(s);
}

TEST(one_that_is_taken_over_is_let_go)
{
	return job_scene_run(t, "2026-11-23T06:00:00Z", play_taken_over);
}

static err_t *play_gone(struct scene *s)
{
	s->jobs[0] = &scene_late;
	s->jobs[1] = &scene_often;
	ERR(both(s, "late"));
	job_scene_up(s);
	ERR(job_scene_calm(s));
	/* Nobody of the house's kinds, and nobody at all. */
	ERR(job_scene_sql(
		s,
		mem_fmt(s->pool,
			"INSERT INTO jobs (kind, user_id, run_at) VALUES ('often', %lld, '2026-11-23 06:00Z'), "
			"('late', NULL, '2026-11-23 06:00Z')",
			(long long)s->ana)));
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs", 3));
	ERR(job_scene_sql(s, mem_fmt(s->pool, "SELECT person_erase(%lld, 'abcdef0123456789', now())",
				     (long long)s->ana)));
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs", 2));
	ERR(job_scene_clock(s, "2026-11-23T12:00:00Z"));
	ERR(job_scene_ran(s, "late", s->bia, 1));
	ERR(job_scene_calm(s));
	ERR(job_scene_ran(s, "late", s->ana, 0));
	ERR(job_scene_await(s, "SELECT count(*) FROM job_runs", 1));
	ERR(job_scene_sql(s, mem_fmt(s->pool, "SELECT person_erase(%lld, 'bbcdef0123456789', now())",
				     (long long)s->bia)));
	ERR(job_scene_await(s, "SELECT count(*) FROM job_runs", 0));
	return job_scene_down(s);
}

TEST(nothing_is_run_for_those_who_left)
{
	return job_scene_run(t, "2026-11-23T06:00:00Z", play_gone);
}

/* --- faults ------------------------------------------------------------------------------------- */

/* Each step of a day fails, or loses its answer, in turn. The lease that a lost claim leaves behind runs out. */
static NODISCARD err_t *struck(struct scene *s, enum fault_kind kind, int day, unsigned nth, int *hits)
{
	const char *date = mem_fmt(s->pool, "2026-%02d-%02d", 1 + day / 28, 1 + day % 28);

	ERR(job_scene_clock(s, mem_fmt(s->pool, "%sT07:00:00Z", date)));
	fault_arm(kind, nth);
	ERR(job_scene_await(
		s,
		mem_fmt(s->pool, "SELECT count(*) FROM job_runs WHERE occurrence = '%s' AND state = 'done'",
			date),
		1));
	*hits += fault_struck();
	fault_arm(FAULT_NONE, 0);
	ERR(job_scene_calm(s));
	return job_scene_await(s, "SELECT (count(*) = count(DISTINCT text))::int FROM notes", 1);
}

static NODISCARD err_t *faults(struct scene *s, enum fault_kind kind)
{
	enum { POINTS = 12 };
	int hits = 0;

	s->jobs[0] = &scene_late;
	s->lease_s = 1;
	ERR(job_scene_plan(s, s->bia, "late"));
	job_scene_up(s);
	ERR(job_scene_calm(s));
	for (unsigned nth = 1; nth <= POINTS; nth++)
		ERR(err_wrap(struck(s, kind, (int)nth, nth, &hits), "point %u", nth));
	CHECK(hits >= 6); /* the claim, the row, and the effect's own statements */
	ERR(job_scene_await(s, "SELECT count(*) FROM notes", POINTS));
	return job_scene_down(s);
}

static err_t *play_sql_fails(struct scene *s)
{
	return faults(s, FAULT_SQL);
}

static err_t *play_sql_lost(struct scene *s)
{
	return faults(s, FAULT_SQL_LOST);
}

TEST(each_statement_may_fail)
{
	return job_scene_run(t, "2026-01-01T12:00:00Z", play_sql_fails);
}

TEST(each_answer_may_be_lost)
{
	return job_scene_run(t, "2026-01-01T12:00:00Z", play_sql_lost);
}
