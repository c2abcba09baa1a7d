#include "tests/integration/job_scene.h"

#include "core/fiber.h"
#include "core/text.h"
#include "cron/scheduler.h"
#include "db/db.h"
#include "db/people.h"
#include <stdio.h>
#include <unistd.h>

enum { AWAIT_MS = 15000, TICK_MS = 5 };

static struct scene *scene;

/* --- kinds -------------------------------------------------------------------------------------- */

static void note(const struct req *req, const struct job_run *run, const char *kind)
{
	if (scene->n < 256)
		scene->runs[scene->n++] =
			(struct scene_run){ .kind = kind,
					    .occurrence = mem_text(scene->pool, run->occurrence),
					    .user_id = req->user_id,
					    .missed = run->missed,
					    .at = req->now };
}

/* The effect: a note of the person's. */
static NODISCARD err_t *effect(struct tx *tx, const struct job_run *run, const char *kind)
{
	struct req *req = tx_req(tx);
	struct rows *rows;

	ERR(tx_exec(tx, STMT_NOTE_PUT,
		    PG_ARGS(PG_TEXT(kind), PG_TEXT(mem_fmt(req->pool, "%s %s", kind, run->occurrence)),
			    PG_TEXTS(NULL, 0), PG_BOOL(false), PG_TEXT(req->zone)),
		    &rows));
	return jobs_done(tx, run);
}

static NODISCARD err_t *act(struct req *req, const struct job_run *run, const char *kind)
{
	struct tx *tx;

	note(req, run, kind);
	if (run->missed)
		return scene->fail ? err_new(ERR_UNAVAILABLE, "no way to tell") : NULL;
	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, effect(tx, run, kind));
}

static err_t *late_run(struct req *req, const struct job_run *run)
{
	return act(req, run, "late");
}

static err_t *report_run(struct req *req, const struct job_run *run)
{
	return act(req, run, "report");
}

static err_t *skip_run(struct req *req, const struct job_run *run)
{
	return act(req, run, "skip");
}

static err_t *weekly_run(struct req *req, const struct job_run *run)
{
	return act(req, run, "weekly");
}

static err_t *instant_run(struct req *req, const struct job_run *run)
{
	return act(req, run, "instant");
}

static err_t *hang_run(struct req *req, const struct job_run *run)
{
	note(req, run, "hang");
	while (scene->hold)
		ERR(fiber_sleep(TICK_MS));
	return NULL;
}

static err_t *fragile_run(struct req *req, const struct job_run *run)
{
	note(req, run, "fragile");
	return scene->fail ? err_new(ERR_UNAVAILABLE, "as the test wants it") : NULL;
}

static err_t *often_run(struct req *req, const struct job_run *run)
{
	note(req, run, "often");
	return NULL;
}

static err_t *hourly_run(struct req *req, const struct job_run *run)
{
	note(req, run, "hourly");
	return NULL;
}

#define DAILY(name, rule)                                                                        \
	{                                                                                        \
		.kind = #name, .when = JOB_DAILY, .at_s = 7 * 3600, .catch_up = CATCH_UP_##rule, \
		.deadline_us = 6 * HOUR_US, .run = name##_run                                    \
	}
const struct job scene_late = DAILY(late, LATE);
const struct job scene_report = DAILY(report, REPORT);
const struct job scene_skip = DAILY(skip, SKIP);
const struct job scene_hang = DAILY(hang, LATE);
const struct job scene_slow = { .kind = "slow",
				.when = JOB_DAILY,
				.at_s = 7 * 3600,
				.deadline_us = HOUR_US,
				.limit_us = SECOND_US / 2,
				.run = hang_run };
const struct job scene_fragile = { .kind = "fragile",
				   .when = JOB_DAILY,
				   .at_s = 7 * 3600,
				   .deadline_us = 5 * MINUTE_US,
				   .run = fragile_run };
const struct job scene_often = {
	.kind = "often", .when = JOB_EVERY, .house = true, .every_us = 10 * SECOND_US, .run = often_run
};
const struct job scene_hourly = {
	.kind = "hourly", .when = JOB_EVERY, .house = true, .every_us = HOUR_US, .run = hourly_run
};
const struct job scene_weekly = { .kind = "weekly",
				  .when = JOB_WEEKLY,
				  .at_s = 9 * 3600,
				  .weekday = 1,
				  .deadline_us = 6 * HOUR_US,
				  .run = weekly_run };
const struct job scene_instant = {
	.kind = "instant", .when = JOB_AT, .deadline_us = HOUR_US, .run = instant_run
};

/* --- the scene ---------------------------------------------------------------------------------- */

err_t *job_scene_clock(struct scene *s, const char *iso)
{
	const char *next = mem_fmt(s->pool, "%s.new", s->clock);
	FILE *f = fopen(next, "w");

	if (!f)
		return err_new(ERR_INTERNAL, "cannot write \"%s\"", next);
	fprintf(f, "%s 1\n", iso);
	fclose(f);
	return rename(next, s->clock) ? err_new(ERR_INTERNAL, "cannot move the clock") : NULL;
}

void job_scene_up(struct scene *s)
{
	scheduler_start(
		&(struct scheduler_opts){ .config = s->config, .jobs = s->jobs, .lease_s = s->lease_s });
}

err_t *job_scene_down(struct scene *s)
{
	int64_t deadline = clock_mono_ms() + AWAIT_MS;

	(void)s;
	scheduler_stop();
	while (!scheduler_idle()) {
		if (clock_mono_ms() > deadline)
			return err_new(ERR_TIMEOUT, "the scheduler does not end");
		ERR(fiber_sleep(TICK_MS));
	}
	return NULL;
}

struct query {
	struct scene *s;
	const char *sql;
	int64_t value;
};

static err_t *sql_aside(void *ctx)
{
	struct query *q = ctx;

	return fixture_sql(&q->s->f, q->sql);
}

err_t *job_scene_sql(struct scene *s, const char *sql)
{
	return fixture_aside(sql_aside, &(struct query){ s, sql, 0 });
}

static err_t *int_aside(void *ctx)
{
	struct query *q = ctx;

	return fixture_int(&q->s->f, q->sql, &q->value);
}

err_t *job_scene_int(struct scene *s, const char *sql, int64_t *ret)
{
	struct query q = { s, sql, 0 };

	ERR(fixture_aside(int_aside, &q));
	*ret = q.value;
	return NULL;
}

err_t *job_scene_await(struct scene *s, const char *sql, int64_t n)
{
	int64_t deadline = clock_mono_ms() + AWAIT_MS, found;

	for (;;) {
		ERR(job_scene_int(s, sql, &found));
		if (found == n)
			return NULL;
		if (clock_mono_ms() > deadline)
			return err_new(ERR_TIMEOUT, "%lld, not %lld: %s", (long long)found, (long long)n,
				       sql);
		ERR(fiber_sleep(TICK_MS));
	}
}

err_t *job_scene_plan(struct scene *s, int64_t user_id, const char *kind)
{
	return job_scene_sql(s, mem_fmt(s->pool, "SELECT job_plan_for(%lld, '%s', '', NULL, NULL, '%s')",
					(long long)user_id, kind, clock_iso(s->pool, clock_now())));
}

static int times(const struct scene *s, const char *kind, int64_t user_id)
{
	int n = 0;

	for (int i = 0; i < s->n; i++)
		n += text_same(s->runs[i].kind, kind) && s->runs[i].user_id == user_id;
	return n;
}

err_t *job_scene_ran(struct scene *s, const char *kind, int64_t user_id, int n)
{
	int64_t deadline = clock_mono_ms() + AWAIT_MS;

	while (times(s, kind, user_id) < n && clock_mono_ms() < deadline)
		ERR(fiber_sleep(TICK_MS));
	return err_wrap(test_int(__FILE__, __LINE__, kind, times(s, kind, user_id), n), "%s ran", kind);
}

err_t *job_scene_calm(struct scene *s)
{
	int64_t deadline = clock_mono_ms() + AWAIT_MS, n = 1;

	while (n && clock_mono_ms() < deadline) {
		ERR(fiber_sleep(TICK_MS));
		ERR(job_scene_int(
			s,
			mem_fmt(s->pool,
				"SELECT count(*) FROM jobs WHERE run_at <= '%s' OR lease_until IS NOT NULL OR (local AND due_at IS NULL)",
				clock_iso(s->pool, clock_now())),
			&n));
	}
	CHECK_INT(n, 0);
	return NULL;
}

static NODISCARD err_t *person(struct scene *s, int64_t login, const char *name, const char *zone,
			       int64_t *ret_user)
{
	struct person_seen seen = { .login_id = login, .bot_id = 7, .name = name, .lang = "pt-BR" };

	ERR(people_open(s->pool, &seen, clock_now(), ret_user));
	return job_scene_sql(s, mem_fmt(s->pool, "UPDATE profiles SET zone = '%s' WHERE user_id = %lld", zone,
					(long long)*ret_user));
}

struct stage {
	struct scene *s;
	err_t *(*play)(struct scene *s);
};

static err_t *begin(void *ctx)
{
	struct stage *stage = ctx;
	struct scene *s = stage->s;

	ERR(person(s, 41, "Ana", "America/Sao_Paulo", &s->ana));
	ERR(person(s, 42, "Bia", "Europe/Lisbon", &s->bia));
	ERR(job_scene_sql(s, "DELETE FROM jobs"));
	return stage->play(s);
}

err_t *job_scene_run(struct test *t, const char *clock, err_t *(*play)(struct scene *s))
{
	struct scene *s = MEM_NEW(t->pool, struct scene);
	struct stage stage = { s, play };
	err_t *err;

	scene = s;
	s->pool = t->pool;
	s->lease_s = 60;
	ERR(fixture_db(t, &s->f));
	ERR(fixture_config(&s->f, NULL, &s->config));
	s->clock = mem_fmt(t->pool, "/tmp/lembra-clock-%d", (int)getpid());
	ERR(job_scene_clock(s, clock));
	ERR(clock_init(s->clock));
	db_open(t->pool, s->config, DB_APP | DB_QUEUE);
	err = fixture_loop(begin, &stage);
	unlink(s->clock);
	db_close();
	return err;
}
