/* job_scene: the scheduler in this process, with kinds that a test holds in its hand.
 * Needs: fixture, scheduler. Used by: tests/integration/test_jobs*.c. */
#ifndef TESTS_INTEGRATION_JOB_SCENE_H
#define TESTS_INTEGRATION_JOB_SCENE_H

#include "cron/jobs.h"
#include "tests/integration/fixture.h"

/* One call of a kind's run. */
struct scene_run {
	const char *kind, *occurrence;
	int64_t user_id, missed, at; /* product time */
};

struct scene {
	apr_pool_t *pool;
	struct fixture f;
	struct config *config;
	const char *clock;
	int64_t ana, bia;           /* in São Paulo and in Lisbon */
	const struct job *jobs[16]; /* the kinds that run; a test sets them before scene_up */
	double lease_s;
	bool hold; /* "hang" runs until this is false */
	bool fail; /* "fragile" and "report" fail */
	struct scene_run runs[256];
	int n;
};

/* Runs play in a fiber, with a fresh database, its jobs emptied, and nothing running. */
NODISCARD err_t *job_scene_run(struct test *t, const char *clock, err_t *(*play)(struct scene *s));
NODISCARD err_t *job_scene_clock(struct scene *s, const char *iso);
/* The scheduler starts; stops, with all that it runs ended. */
void job_scene_up(struct scene *s);
NODISCARD err_t *job_scene_down(struct scene *s);

NODISCARD err_t *job_scene_sql(struct scene *s, const char *sql);
/* Plans a recurring job at its kind's own hour, from the present product time on. */
NODISCARD err_t *job_scene_plan(struct scene *s, int64_t user_id, const char *kind);
NODISCARD err_t *job_scene_int(struct scene *s, const char *sql, int64_t *ret);
/* Waits until the query gives n. */
NODISCARD err_t *job_scene_await(struct scene *s, const char *sql, int64_t n);
/* Waits until that kind has run n times for the person (0: of the house), and fails when it did more often. */
NODISCARD err_t *job_scene_ran(struct scene *s, const char *kind, int64_t user_id, int n);
/* Waits until every row is planned and none is due. */
NODISCARD err_t *job_scene_calm(struct scene *s);

/* Kinds. At 07:00, with a deadline of six hours, by their rule of catching up; with jobs_done. */
extern const struct job scene_late, scene_report, scene_skip;
/* At 07:00: runs while s->hold; fails while s->fail, with a deadline of five minutes. */
extern const struct job scene_hang, scene_fragile;
/* As hang, but cancelled after half a second. */
extern const struct job scene_slow;
/* Of the house, each ten seconds and each hour. */
extern const struct job scene_often, scene_hourly;
/* Mondays at 09:00; at an instant. */
extern const struct job scene_weekly, scene_instant;

#endif
