#include "cron/runner.h"

#include "core/fiber.h"
#include "core/log.h"
#include "core/metrics.h"
#include "ml/date/date.h"
#include "ml/date/date_civil.h"

enum { DATE_CHARS = 10 };

/* A request as if the person had made it; of the house, nobody's. */
static struct req *req_of(const struct runner *r)
{
	struct req *req = req_begin(NULL);

	req->config = r->config;
	req->user_id = r->claim.user_id;
	req->zone = "UTC";
	if (r->claim.user_id) {
		req->role = role_of(r->claim.role);
		req->lang = lang_of(r->claim.lang);
		req->zone = mem_text(req->pool, r->claim.zone);
	}
	return req;
}

/* At an hour of a wall; else the row says an instant, whatever the kind's own hours. */
static bool by_the_wall(const struct runner *r)
{
	return (r->job->when == JOB_DAILY || r->job->when == JOB_WEEKLY) && (r->claim.local || r->job->house);
}

static bool keeps_row(const struct job *job)
{
	return !job->follows && (job->when != JOB_EVERY || job->every_us >= HOUR_US);
}

static struct plan plan_of(const struct runner *r, const struct req *req)
{
	return (struct plan){ .when = r->job->when,
			      .every_us = r->job->every_us,
			      .at_s = r->claim.at_s >= 0 ? (int)r->claim.at_s : r->job->at_s,
			      .weekday = r->claim.weekday ? (int)r->claim.weekday : r->job->weekday,
			      .zone = plan_zone(req->zone) };
}

static const char *date_text(apr_pool_t *pool, int64_t day)
{
	return mem_textn(pool, date_iso(pool, day * DAY_S), DATE_CHARS);
}

/* What the row is due for. Of several occurrences of a wall that went by, the last. */
static int64_t find_due(const struct runner *r, struct req *req, struct job_run *run)
{
	const struct jobs_claim *c = &r->claim;
	struct plan plan = plan_of(r, req);
	int64_t wall = 0, passed = 0;
	struct plan_at at = { .due = c->due ? c->due : c->run_at };

	if (by_the_wall(r)) {
		(void)date_parse_iso(c->occurrence, &wall);
		at.day = civil_floor(wall);
		at = plan_latest(&plan, at, req->now, &passed);
	}
	run->due = at.due;
	run->occurrence = by_the_wall(r) ? date_text(req->pool, at.day) : clock_iso(req->pool, at.due);
	return passed + 1;
}

/* The row is free again, its next run planned, or left to be planned by whoever looks next, in the zone of then. */
static NODISCARD err_t *settle(const struct runner *r, struct req *req, const struct job_run *run,
			       const char *result)
{
	const struct job *job = r->job;
	int64_t now = clock_now();

	/* From when it was due, not from now: what falls due meanwhile is not passed over. */
	if (by_the_wall(r))
		return jobs_settle(req->pool, &r->claim, run->due, result);
	if (job->when == JOB_EVERY)
		return jobs_settle(req->pool, &r->claim, plan_every(job->every_us, run->due, now), result);
	return job->follows ? NULL : jobs_drop(req->pool, &r->claim);
}

/* It ends without having been run. */
static NODISCARD err_t *leave(const struct runner *r, struct req *req, const struct job_run *run,
			      const char *state)
{
	metric_add(METRIC_JOB_RUNS, r->job->kind, state, NULL, 1);
	log_event(LOG_WARN, "job_left", KV_S("job", r->job->kind), KV_S("result", state),
		  KV_I("user_id", req->user_id), KV_S("occurrence", run->occurrence));
	ERR(jobs_end(req->pool, run, state, NULL, 0));
	return settle(r, req, run, state);
}

static NODISCARD err_t *failed(const struct runner *r, struct req *req, const struct job_run *run,
			       int64_t first, err_t *failure, int64_t us)
{
	const char *code = err_name(failure->code);
	int64_t next = plan_retry(clock_now(), run->attempt);
	bool last = plan_judge(r->job, run->due, first, next) == PLAN_GIVE_UP;

	log_error("job_failed", failure);
	ERR(jobs_end(req->pool, run, last ? "given_up" : "failed", code, us));
	if (!last)
		return jobs_retry(req->pool, &r->claim, next, code);
	log_event(LOG_ERROR, "job_given_up", KV_S("job", r->job->kind), KV_I("user_id", req->user_id),
		  KV_S("occurrence", run->occurrence), KV_I("attempts", run->attempt));
	return settle(r, req, run, code);
}

static void note(const struct runner *r, const struct req *req, const struct job_run *run, const err_t *err,
		 int64_t us)
{
	const struct job *job = r->job;
	/* What runs every few seconds would drown the log of what people do. */
	bool quiet = job->follows || (job->when == JOB_EVERY && job->every_us < MINUTE_US);

	metric_add(METRIC_JOB_RUNS, job->kind, err ? err_name(err->code) : "ok", NULL, 1);
	metric_observe(METRIC_JOB_DURATION, job->kind, NULL, NULL, (double)us / 1e6);
	log_event(quiet ? LOG_DEBUG : LOG_INFO, "job_run", KV_S("job", job->kind),
		  KV_S("result", err ? "failed" : "ok"), KV_I("us", us), KV_I("user_id", req->user_id),
		  KV_S("occurrence", run->occurrence), KV_I("attempt", run->attempt));
}

static NODISCARD err_t *try(const struct runner *r, struct req *req, const struct job_run *run, int64_t first)
{
	int64_t start = clock_mono_us(), us;
	err_t *err = r->job->run(req, run);

	us = clock_mono_us() - start;
	note(r, req, run, err, us);
	if (r->lost) {
		err_clear(err);
		return err_new(ERR_LEASE_LOST, "\"%s\" was taken over", r->job->kind);
	}
	fiber_shield(+1); /* what a cancelled run leaves is settled all the same */
	if (err)
		err = failed(r, req, run, first, err, us);
	else if (!(err = jobs_end(req->pool, run, run->missed ? "reported" : "done", NULL, us)))
		err = settle(r, req, run, "ok");
	fiber_shield(-1);
	return err;
}

static NODISCARD err_t *occur(const struct runner *r, struct req *req)
{
	struct job_run run = {
		.job = r->claim.id, .token = r->claim.token, .ref = r->claim.ref, .attempt = r->claim.attempts
	};
	int64_t first = req->now, gone_by = find_due(r, req, &run);

	if (keeps_row(r->job)) {
		ERR(jobs_begin(req->pool, &r->claim, req->now, &run, &first));
		if (!run.row) /* it was done, and only its row not settled */
			return settle(r, req, &run, "ok");
	}
	switch (plan_judge(r->job, run.due, first, req->now)) {
	case PLAN_SKIP: return leave(r, req, &run, "skipped");
	case PLAN_GIVE_UP: return leave(r, req, &run, "given_up");
	case PLAN_REPORT: run.missed = gone_by; break;
	case PLAN_RUN: break;
	}
	return try(r, req, &run, first);
}

static NODISCARD err_t *dispatch(const struct runner *r, struct req *req)
{
	const struct jobs_claim *c = &r->claim;
	struct plan plan;
	struct plan_at at;

	if (!c->known || r->job->house != !c->user_id)
		return jobs_drop(req->pool, c); /* of someone who is gone, or of nobody */
	if (!by_the_wall(r) || c->due)
		return occur(r, req);
	plan = plan_of(r, req);
	at = plan_next(&plan, c->run_at);
	return jobs_plan(req->pool, c, at.due, date_text(req->pool, at.day));
}

void runner_run(struct runner *runner)
{
	struct req *req = req_of(runner);

	fiber_set_trace(req->trace);
	log_error("job_unsettled", dispatch(runner, req)); /* then its lease runs out */
	fiber_set_trace(NULL);
	req_end(req);
}
