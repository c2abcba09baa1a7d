#include "cron/scheduler.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/log.h"
#include "core/metrics.h"
#include "core/text.h"
#include "cron/job.h"
#include "cron/reminders.h"
#include "db/db.h"
#include "db/pg_listen.h"

enum {
	BATCH = 16,
	LEASE_S = 120,
	POLL_MS = 5000, /* a look without a wake-up */
	RETRY_FIRST_S = 2,
	RETRY_MAX_S = 300,
};

static const struct config *config;
static struct fiber *self;
static bool due, stopping, idle;

static const struct job *find(const char *kind)
{
	for (const struct job *job = jobs_house; job->kind; job++)
		if (text_same(job->kind, kind))
			return job;
	return NULL;
}

/* The next run after `was`, by the job's rule for those that were missed. */
static int64_t next_run(const struct job *job, int64_t was, int64_t now)
{
	int64_t next = was + job->every_us;

	if (next > now)
		return next;
	if (job->catch_up == CATCH_UP_SKIP)
		return was + ((now - was) / job->every_us + 1) * job->every_us;
	return now + job->every_us;
}

static int64_t retry_at(int64_t now, int64_t attempts)
{
	int64_t s = RETRY_FIRST_S;

	while (attempts-- > 1 && s < RETRY_MAX_S)
		s *= 2;
	return now + (s < RETRY_MAX_S ? s : RETRY_MAX_S) * SECOND_US;
}

static NODISCARD err_t *job_settle(apr_pool_t *pool, const struct rows *rows, int i, const struct job *job,
				   err_t *failed)
{
	int64_t id = rows_int(rows, i, COL_JOB_CLAIM_ID), token = rows_int(rows, i, COL_JOB_CLAIM_TOKEN),
		now = clock_now();
	const char *code = failed ? err_name(failed->code) : "ok";

	log_error("job_failed", failed);
	if (failed)
		return db_exec(pool, STMT_JOB_RETRY,
			       PG_ARGS(PG_INT(id), PG_INT(token),
				       PG_TIME(retry_at(now, rows_int(rows, i, COL_JOB_CLAIM_ATTEMPTS))),
				       PG_TEXT(code)),
			       NULL);
	return db_exec(pool, STMT_JOB_DONE,
		       PG_ARGS(PG_INT(id), PG_INT(token),
			       PG_TIME(next_run(job, rows_int(rows, i, COL_JOB_CLAIM_RUN_AT), now)),
			       PG_TEXT(code), PG_TIME(now)),
		       NULL);
}

static NODISCARD err_t *job_start(apr_pool_t *pool, const struct rows *rows, int i)
{
	const char *kind = rows_text(rows, i, COL_JOB_CLAIM_KIND);
	const struct job *job = find(kind);
	struct job_run run = { .pool = pool,
			       .config = config,
			       .now = clock_now(),
			       .due = rows_int(rows, i, COL_JOB_CLAIM_RUN_AT) };
	int64_t start = clock_mono_us();
	err_t *err;

	/* A newer program's job: left to it, under our lease until then. */
	if (!job)
		return NULL;
	fiber_set_trace(crypt_random_hex(pool, 16));
	err = job->run(&run);
	metric_add(METRIC_JOB_RUNS, job->kind, err ? err_name(err->code) : "ok", NULL, 1);
	metric_observe(METRIC_JOB_DURATION, job->kind, NULL, NULL, (double)(clock_mono_us() - start) / 1e6);
	/* What runs every few seconds would drown the log of what people do. */
	log_event(job->every_us < MINUTE_US ? LOG_DEBUG : LOG_INFO, "job_run", KV_S("job", job->kind),
		  KV_S("result", err ? "failed" : "ok"), KV_I("us", clock_mono_us() - start));
	err = job_settle(pool, rows, i, job, err);
	fiber_set_trace(NULL);
	return err;
}

static NODISCARD err_t *jobs_run(apr_pool_t *pool, int64_t *ret_next)
{
	apr_pool_t *each = pool_child(pool);
	struct rows *rows, *next;

	ERR(db_exec(pool, STMT_JOB_CLAIM, PG_ARGS(PG_TIME(clock_now()), PG_INT(BATCH), PG_DOUBLE(LEASE_S)),
		    &rows));
	for (int i = 0; i < rows_count(rows); i++) {
		log_error("job_unsettled", job_start(each, rows, i)); /* then its lease runs out */
		pool_clear(each);
	}
	ERR(db_exec(pool, STMT_JOB_NEXT, PG_ARGS(), &next));
	*ret_next = rows_null(next, 0, COL_JOB_NEXT_RUN_AT) ? clock_now() + HOUR_US
							    : rows_int(next, 0, COL_JOB_NEXT_RUN_AT);
	return NULL;
}

static NODISCARD err_t *seed(apr_pool_t *pool)
{
	for (const struct job *job = jobs_house; job->kind; job++)
		ERR(db_exec(pool, STMT_JOB_SEED, PG_ARGS(PG_TEXT(job->kind), PG_TIME(clock_now())), NULL));
	return NULL;
}

static void sleep_until(int64_t next)
{
	int64_t ms = clock_wait_ms(next), until = clock_mono_ms() + (ms < POLL_MS ? ms : POLL_MS);
	err_t *err = NULL;

	idle = true;
	while (!due && !stopping && !err)
		err = ms ? fiber_wait(until) : err_new(ERR_TIMEOUT, "due");
	err_clear(err);
	due = idle = false;
}

static void scheduler_main(void *arg)
{
	apr_pool_t *pool = pool_root();
	bool seeded = false;

	(void)arg;
	self = fiber_self();
	while (!stopping) {
		int64_t next = clock_now() + SECOND_US;
		err_t *err = seeded ? NULL : seed(pool);

		seeded = seeded || !err;
		if (!err)
			err = jobs_run(pool, &next);
		log_error("scheduler_failed", err);
		pool_clear(pool);
		sleep_until(next);
	}
	idle = true;
	self = NULL;
	pool_free(pool);
}

static void on_notify(void *ctx, const char *channel, const char *payload)
{
	(void)ctx;
	(void)channel;
	(void)payload;
	due = true;
	fiber_wake(self);
	reminders_kick();
}

void scheduler_start(const struct config *cfg, const char *queue_url)
{
	static const char *const channels[] = { "lembra_jobs", NULL };

	config = cfg;
	stopping = false;
	fiber_go("scheduler", scheduler_main, NULL);
	reminders_start(cfg);
	pg_listen(&(struct pg_listen_opts){ .url = queue_url, .channels = channels, .on_notify = on_notify });
}

void scheduler_stop(void)
{
	stopping = true;
	fiber_wake(self);
	reminders_stop();
}

bool scheduler_idle(void)
{
	return idle && reminders_idle();
}
