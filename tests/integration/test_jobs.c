/* Jobs of people and of the house, with the real scheduler: at their hour, once, apart from each other, kept and given up. */
#include "core/fiber.h"
#include "core/text.h"
#include "db/pg_admin.h"
#include "tests/integration/job_scene.h"

/* --- hours of the wall -------------------------------------------------------------------------- */

static err_t *play_two_zones(struct scene *s)
{
	s->jobs[0] = &scene_late;
	ERR(job_scene_plan(s, s->ana, "late"));
	ERR(job_scene_plan(s, s->bia, "late"));
	job_scene_up(s);
	ERR(job_scene_await(
		s,
		"SELECT count(*) FROM jobs WHERE due_at = '2026-11-23 07:00Z' AND occurrence = '2026-11-23'",
		1));
	ERR(job_scene_await(
		s,
		"SELECT count(*) FROM jobs WHERE due_at = '2026-11-23 10:00Z' AND occurrence = '2026-11-23'",
		1));
	ERR(job_scene_clock(s, "2026-11-23T07:00:00Z"));
	ERR(job_scene_ran(s, "late", s->bia, 1));
	ERR(job_scene_calm(s));
	ERR(job_scene_ran(s, "late", s->ana, 0));
	ERR(job_scene_clock(s, "2026-11-23T10:00:00Z"));
	ERR(job_scene_ran(s, "late", s->ana, 1));
	ERR(job_scene_calm(s));
	ERR(job_scene_await(
		s,
		"SELECT count(*) FROM job_runs WHERE occurrence = '2026-11-23' AND state = 'done' AND attempts = 1 "
		"AND duration_us > 0 AND due_at <= first_at AND ended_at >= first_at",
		2));
	ERR(job_scene_await(s, "SELECT count(*) FROM notes WHERE text = 'late 2026-11-23'", 2));
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE due_at::date = '2026-11-24'", 2));
	return job_scene_down(s);
}

TEST(each_at_their_own_hour)
{
	return job_scene_run(t, "2026-11-23T06:00:00Z", play_two_zones);
}

static err_t *play_clocks_change(struct scene *s)
{
	s->jobs[0] = &scene_late;
	ERR(job_scene_sql(s,
			  mem_fmt(s->pool,
				  "SELECT job_plan_for(%lld, 'late', '', '01:30', NULL, '2027-03-27 12:00Z')",
				  (long long)s->bia)));
	job_scene_up(s);
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE due_at = '2027-03-28 01:30Z'",
			    1)); /* half past two */
	ERR(job_scene_clock(s, "2027-03-28T01:30:00Z"));
	ERR(job_scene_ran(s, "late", s->bia, 1));
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE due_at = '2027-03-29 00:30Z'", 1));
	ERR(job_scene_clock(s, "2027-10-30T12:00:00Z"));
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE due_at = '2027-10-31 00:30Z'", 1));
	ERR(job_scene_clock(s, "2027-10-31T00:30:00Z"));
	ERR(job_scene_await(s, "SELECT count(*) FROM notes WHERE text = 'late 2027-10-31'", 1));
	ERR(job_scene_clock(s, "2027-10-31T01:30:00Z")); /* half past one again */
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE due_at = '2027-11-01 01:30Z'", 1));
	ERR(job_scene_await(s, "SELECT count(*) FROM notes WHERE text = 'late 2027-10-31'", 1));
	return job_scene_down(s);
}

TEST(an_hour_that_is_skipped_or_comes_twice)
{
	return job_scene_run(t, "2027-03-27T12:00:00Z", play_clocks_change);
}

static NODISCARD err_t *moves_to(struct scene *s, const char *zone)
{
	return job_scene_sql(s, mem_fmt(s->pool,
					"BEGIN; SELECT set_config('app.now', '%lld', true); "
					"UPDATE profiles SET zone = '%s' WHERE user_id = %lld; COMMIT",
					(long long)clock_now(), zone, (long long)s->ana));
}

static err_t *play_zone_change(struct scene *s)
{
	s->jobs[0] = &scene_late;
	s->jobs[1] = &scene_instant;
	ERR(job_scene_plan(s, s->ana, "late"));
	ERR(job_scene_sql(s, mem_fmt(s->pool, "SELECT job_at_for(%lld, 'instant', 'x', '2026-11-24 12:00Z')",
				     (long long)s->ana)));
	job_scene_up(s);
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE due_at = '2026-11-23 10:00Z'", 1));
	ERR(moves_to(s, "Europe/Lisbon"));
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE due_at = '2026-11-23 07:00Z'", 1));
	ERR(job_scene_clock(s, "2026-11-23T07:00:00Z"));
	ERR(job_scene_ran(s, "late", s->ana, 1));
	ERR(job_scene_calm(s));
	/* West again, where it is not seven yet: this date is done already. */
	ERR(moves_to(s, "America/Sao_Paulo"));
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE due_at = '2026-11-23 10:00Z'", 1));
	ERR(job_scene_clock(s, "2026-11-23T10:00:00Z"));
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE due_at = '2026-11-24 10:00Z'", 1));
	ERR(job_scene_ran(s, "late", s->ana, 1));
	ERR(job_scene_await(s, "SELECT count(*) FROM notes", 1));
	/* An instant is one wherever somebody is. */
	ERR(job_scene_await(
		s, "SELECT count(*) FROM jobs WHERE kind = 'instant' AND run_at = '2026-11-24 12:00Z'", 1));
	return job_scene_down(s);
}

TEST(a_change_of_zone_moves_what_is_to_come)
{
	return job_scene_run(t, "2026-11-23T05:00:00Z", play_zone_change);
}

static err_t *play_weekly_and_instant(struct scene *s)
{
	s->jobs[0] = &scene_weekly;
	s->jobs[1] = &scene_instant;
	s->jobs[2] = &scene_late;
	ERR(job_scene_plan(s, s->bia, "weekly"));
	ERR(job_scene_sql(
		s,
		mem_fmt(s->pool,
			"SELECT job_plan_for(%1$lld, 'weekly', 'fridays', '18:30', 5::smallint, '2026-11-23 06:00Z'), "
			"job_at_for(%1$lld, 'instant', 'x', '2026-11-23 06:30Z'), "
			"job_at_for(%1$lld, 'late', 'again', '2026-11-23 06:30Z')",
			(long long)s->bia)));
	job_scene_up(s);
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE due_at = '2026-11-23 09:00Z' AND ref = ''",
			    1));
	ERR(job_scene_await(
		s, "SELECT count(*) FROM jobs WHERE due_at = '2026-11-27 18:30Z' AND ref = 'fridays'", 1));
	ERR(job_scene_clock(s, "2026-11-23T06:30:00Z"));
	ERR(job_scene_ran(s, "instant", s->bia, 1));
	ERR(job_scene_ran(s, "late", s->bia, 1)); /* a daily kind, put off to an instant */
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE kind <> 'weekly'", 0));
	ERR(job_scene_await(
		s,
		"SELECT count(*) FROM job_runs WHERE occurrence = '2026-11-23T06:30:00Z' AND state = 'done'",
		2));
	ERR(job_scene_clock(s, "2026-11-23T09:00:00Z"));
	ERR(job_scene_ran(s, "weekly", s->bia, 1));
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE due_at = '2026-11-30 09:00Z'", 1));
	return job_scene_down(s);
}

TEST(by_the_week_and_at_an_instant)
{
	return job_scene_run(t, "2026-11-23T06:00:00Z", play_weekly_and_instant);
}

/* --- after a time when nothing ran -------------------------------------------------------------- */

static const struct scene_run *run_of(const struct scene *s, const char *kind)
{
	for (int i = 0; i < s->n; i++)
		if (text_same(s->runs[i].kind, kind))
			return &s->runs[i];
	return NULL;
}

static NODISCARD err_t *three_rules(struct scene *s, const char *later)
{
	s->jobs[0] = &scene_late;
	s->jobs[1] = &scene_report;
	s->jobs[2] = &scene_skip;
	ERR(job_scene_plan(s, s->bia, "late"));
	ERR(job_scene_plan(s, s->bia, "report"));
	ERR(job_scene_plan(s, s->bia, "skip"));
	job_scene_up(s);
	ERR(job_scene_calm(s));
	ERR(job_scene_down(s));
	ERR(job_scene_clock(s, later));
	job_scene_up(s);
	return NULL;
}

static err_t *play_catch_up(struct scene *s)
{
	ERR(three_rules(s, "2026-11-25T12:00:00Z")); /* the third missed seven o'clock, five hours ago */
	ERR(job_scene_ran(s, "late", s->bia, 1));
	ERR(job_scene_ran(s, "report", s->bia, 1));
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE due_at = '2026-11-26 07:00Z'", 3));
	ERR(job_scene_ran(s, "skip", s->bia, 0));
	CHECK_TEXT(run_of(s, "late")->occurrence, "2026-11-25");
	CHECK_INT(run_of(s, "late")->missed, 0);
	CHECK_INT(run_of(s, "report")->missed, 3);
	ERR(job_scene_await(s, "SELECT count(*) FROM notes", 1)); /* the report did nothing but tell */
	ERR(job_scene_await(
		s,
		"SELECT count(*) FROM job_runs WHERE occurrence = '2026-11-25' AND "
		"(kind, state) IN (('late', 'done'), ('report', 'reported'), ('skip', 'skipped'))",
		3));
	ERR(job_scene_await(s, "SELECT count(*) FROM job_runs", 3));
	ERR(job_scene_clock(s, "2026-11-26T07:00:01Z"));
	ERR(job_scene_ran(s, "skip", s->bia, 1));
	ERR(job_scene_ran(s, "report", s->bia, 2));
	ERR(job_scene_ran(s, "late", s->bia, 2));
	ERR(job_scene_await(s, "SELECT count(*) FROM notes", 4));
	return job_scene_down(s);
}

TEST(what_was_missed_is_caught_up_by_its_rule)
{
	return job_scene_run(t, "2026-11-23T06:00:00Z", play_catch_up);
}

static err_t *play_too_late(struct scene *s)
{
	ERR(three_rules(s, "2026-11-24T14:00:00Z")); /* past every deadline */
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE due_at = '2026-11-25 07:00Z'", 3));
	ERR(job_scene_ran(s, "late", s->bia, 0));
	ERR(job_scene_ran(s, "skip", s->bia, 0));
	ERR(job_scene_ran(s, "report", s->bia, 1));
	CHECK_INT(run_of(s, "report")->missed, 2);
	ERR(job_scene_await(s, "SELECT count(*) FROM job_runs WHERE kind = 'late' AND state = 'skipped'", 1));
	return job_scene_down(s);
}

TEST(what_is_past_its_deadline_is_not_done_any_more)
{
	return job_scene_run(t, "2026-11-23T06:00:00Z", play_too_late);
}

static err_t *play_report_fails(struct scene *s)
{
	s->fail = true;
	ERR(three_rules(s, "2026-11-25T12:00:00Z"));
	ERR(job_scene_await(s, "SELECT count(*) FROM job_runs WHERE kind = 'report' AND state = 'failed'",
			    1));
	s->fail = false;
	ERR(job_scene_await(s, "SELECT count(*) FROM job_runs WHERE kind = 'report' AND state = 'reported'",
			    1));
	for (int i = 0; i < s->n; i++)
		CHECK(!text_same(s->runs[i].kind, "report") || s->runs[i].missed == 3);
	return job_scene_down(s);
}

TEST(a_report_that_fails_is_still_a_report)
{
	return job_scene_run(t, "2026-11-23T06:00:00Z", play_report_fails);
}

/* --- clocks that are wrong ---------------------------------------------------------------------- */

static err_t *play_clock_jumps(struct scene *s)
{
	int64_t n;

	s->jobs[0] = &scene_often;
	s->jobs[1] = &scene_hourly;
	s->jobs[2] = &scene_late;
	s->jobs[3] = &scene_fragile;
	s->fail = true;
	ERR(job_scene_plan(s, s->bia, "late"));
	ERR(job_scene_plan(s, s->bia, "fragile"));
	ERR(job_scene_sql(s, "UPDATE jobs SET at_time = '06:00' WHERE kind = 'fragile'"));
	job_scene_up(s);
	ERR(job_scene_ran(s, "often", 0, 1));
	ERR(job_scene_ran(s, "hourly", 0, 1));
	ERR(job_scene_clock(s, "2031-05-01T05:00:00Z"));
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE run_at > '2031-01-01'", 4));
	ERR(job_scene_clock(s, "2026-11-23T06:30:00Z"));
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE run_at > '2026-11-30'", 0));
	ERR(job_scene_calm(s));
	ERR(job_scene_int(s, "SELECT count(*) FROM jobs WHERE kind = 'late' AND due_at = '2026-11-23 07:00Z'",
			  &n));
	CHECK_INT(n, 1);
	ERR(job_scene_clock(s, "2026-11-23T07:00:00Z"));
	ERR(job_scene_await(s, "SELECT count(*) FROM notes WHERE text = 'late 2026-11-23'", 1));
	return job_scene_down(s);
}

TEST(a_clock_that_jumps_forward_and_back_parks_nothing)
{
	return job_scene_run(t, "2026-11-23T05:30:00Z", play_clock_jumps);
}

static err_t *play_clock_jumped_while_away(struct scene *s)
{
	s->jobs[0] = &scene_often;
	s->jobs[1] = &scene_instant;
	ERR(job_scene_sql(s, "INSERT INTO jobs (kind, run_at) VALUES ('often', '2031-01-01')"));
	/* Tried, and to be tried again, by a clock that was ahead; another one is far away by right. */
	ERR(job_scene_sql(s, mem_fmt(s->pool,
				     "INSERT INTO jobs (kind, user_id, ref, due_at, run_at, attempts) VALUES "
				     "('instant', %1$lld, 'x', '2026-11-23 05:10Z', '2031-01-01', 1), "
				     "('instant', %1$lld, 'y', NULL, '2031-01-01', 0)",
				     (long long)s->ana)));
	job_scene_up(s);
	ERR(job_scene_ran(s, "often", 0, 1));
	ERR(job_scene_ran(s, "instant", s->ana, 1));
	ERR(job_scene_await(s, "SELECT count(*) FROM jobs WHERE ref = 'y' AND run_at = '2031-01-01'", 1));
	return job_scene_down(s);
}

TEST(nor_does_one_that_jumped_while_nothing_ran)
{
	return job_scene_run(t, "2026-11-23T05:30:00Z", play_clock_jumped_while_away);
}

/* --- who may plan ------------------------------------------------------------------------------- */

static NODISCARD err_t *as_app(struct fixture *f, apr_pool_t *pool, int64_t user, const char *sql)
{
	struct pg_admin *app;

	ERR(pg_admin_open(pool, f->app_url, &app));
	ERR(pg_admin_run(
		app,
		mem_fmt(pool,
			"SELECT set_config('app.user_id', '%.*s', false), set_config('app.now', '1795000000000000', false)",
			user ? 20 : 0, mem_fmt(pool, "%lld", (long long)user))));
	return pg_admin_run(app, sql);
}

TEST(tools_plan_for_the_present_person_alone)
{
	struct fixture f;
	int64_t ana, bia, n;

	ERR(fixture_db(t, &f));
	ERR(fixture_int(&f, "SELECT person_add('user', 41, 7, 'Ana', NULL, 'en', now())", &ana));
	ERR(fixture_int(&f, "SELECT person_add('user', 42, 7, 'Bia', NULL, 'en', now())", &bia));
	ERR(fixture_int(&f, "SELECT count(*) FROM jobs WHERE kind = 'tidy' AND local AND due_at IS NULL",
			&n));
	CHECK_INT(n, 2);
	ERR(as_app(&f, t->pool, ana,
		   "SELECT job_plan('stretch', '', '07:00', NULL), job_at('nap', 'x', '2026-11-23 10:00Z')"));
	ERR(fixture_int(
		&f,
		mem_fmt(t->pool,
			"SELECT count(*) FROM jobs WHERE user_id = %lld AND (kind, local) IN (('stretch', true), ('nap', false))",
			(long long)ana),
		&n));
	CHECK_INT(n, 2);
	/* Planned already: what the scheduler has made of it stays, until the hour changes. */
	ERR(fixture_sql(
		&f,
		"UPDATE jobs SET due_at = '2026-11-23 10:00Z', run_at = '2026-11-23 10:00Z' WHERE kind = 'stretch'"));
	ERR(as_app(&f, t->pool, ana, "SELECT job_plan('stretch', '', '07:00', NULL)"));
	ERR(fixture_int(&f, "SELECT count(*) FROM jobs WHERE kind = 'stretch' AND due_at IS NOT NULL", &n));
	CHECK_INT(n, 1);
	ERR(as_app(&f, t->pool, ana, "SELECT job_plan('stretch', '', '08:00', NULL)"));
	ERR(fixture_int(&f, "SELECT count(*) FROM jobs WHERE kind = 'stretch' AND due_at IS NULL", &n));
	CHECK_INT(n, 1);
	ERR(as_app(&f, t->pool, bia, "SELECT job_drop('stretch', '')"));
	ERR(fixture_int(&f, "SELECT count(*) FROM jobs WHERE kind = 'stretch'", &n));
	CHECK_INT(n, 1);
	ERR(as_app(&f, t->pool, ana, "SELECT job_drop('stretch', '')"));
	ERR(fixture_int(&f, "SELECT count(*) FROM jobs WHERE kind = 'stretch'", &n));
	CHECK_INT(n, 0);
	CHECK_ERR(as_app(&f, t->pool, 0, "SELECT job_plan('stretch', '', '07:00', NULL)"), ERR_DENIED);
	CHECK_ERR(as_app(&f, t->pool, ana, "SELECT job_plan_for(1, 'stretch', '', '07:00', NULL, now())"),
		  ERR_DENIED);
	CHECK_ERR(as_app(&f, t->pool, ana, "INSERT INTO jobs (kind, run_at) VALUES ('x', now())"),
		  ERR_DENIED);
	CHECK_ERR(as_app(&f, t->pool, ana, "SELECT * FROM job_runs"), ERR_DENIED);
	return NULL;
}

TEST(how_runs_went_is_kept_for_a_while)
{
	struct fixture f;
	int64_t n;

	ERR(fixture_db(t, &f));
	ERR(fixture_sql(
		&f,
		"INSERT INTO job_runs (kind, occurrence, due_at, first_at, last_at) SELECT 'x', d::text, d, d, d FROM "
		"unnest('{2026-05-01,2026-05-31,2026-11-22}'::timestamptz[]) d"));
	ERR(fixture_sql(&f, "SELECT retain('2026-11-23', 180, 90)"));
	ERR(fixture_int(&f, "SELECT count(*) FROM job_runs", &n));
	CHECK_INT(n, 2);
	return NULL;
}

/* Claimed while the person's flight lands: what was planned by the zone of before is planned again. */
static err_t *play_landing(struct scene *s)
{
	static const char *const kinds[] = { "late" };
	static const int64_t room[] = { 4 };
	struct jobs_claim *claims;
	size_t n;

	s->jobs[0] = &scene_late;
	ERR(job_scene_plan(s, s->ana, "late"));
	ERR(jobs_claim(s->pool, kinds, room, 1, 0, 60, &n, &claims));
	CHECK_INT(n, 1);
	claims[0].zone = "Europe/Lisbon"; /* as it was a moment ago */
	ERR(jobs_plan(s->pool, &claims[0], clock_now() + DAY_US, "2026-11-25"));
	ERR(job_scene_await(
		s,
		"SELECT count(*) FROM jobs WHERE due_at IS NULL AND lease_until IS NULL AND occurrence = ''",
		1));
	job_scene_up(s);
	ERR(job_scene_await(
		s,
		"SELECT count(*) FROM jobs WHERE extract(hour FROM due_at AT TIME ZONE 'America/Sao_Paulo') = 7",
		1));
	return job_scene_down(s);
}

TEST(what_is_planned_by_a_zone_that_was_left_is_planned_again)
{
	return job_scene_run(t, "2026-11-24T12:00:00Z", play_landing);
}
