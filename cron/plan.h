/* plan: when a job is due next, and what becomes of one that is late. Pure.
 * Needs: job, zone. Used by: jobs.
 * An hour that a wall skips moves forward by the gap; one that comes twice is the first (core/zone.h). */
#ifndef CRON_PLAN_H
#define CRON_PLAN_H

#include "core/zone.h"
#include "cron/job.h"

/* A kind's times, with what one row says instead. */
struct plan {
	enum job_when when;
	int64_t every_us;
	int at_s, weekday;
	const struct zone *zone;
};

/* An occurrence of a wall. */
struct plan_at {
	int64_t due; /* instant */
	int64_t day; /* that it is for, as in ml/date/date_civil.h */
};

/* The zone of that name, or the service's own where this system does not know it. */
const struct zone *plan_zone(const char *name);
/* JOB_DAILY, JOB_WEEKLY: the first occurrence after that instant. */
struct plan_at plan_next(const struct plan *plan, int64_t after);
/* The last one up to now, or `first`; how many went by from `first` on, without it. */
struct plan_at plan_latest(const struct plan *plan, struct plan_at first, int64_t now, int64_t *ret_passed);
/* JOB_EVERY: after the run that was due then; never further from now than its interval. */
int64_t plan_every(int64_t every_us, int64_t due, int64_t now);
/* The next try after so many: 2, 4, 8 ... seconds, at most five minutes. */
int64_t plan_retry(int64_t now, int64_t attempts);
/* Nothing of this kind is ever planned further ahead than this; 0: there is no saying (JOB_AT). */
int64_t plan_horizon(const struct job *job);
/* The latest next try. */
int64_t plan_retry_max(int64_t now);

enum plan_verdict { PLAN_RUN, PLAN_REPORT, PLAN_SKIP, PLAN_GIVE_UP };
/* first: when this occurrence was first begun; now, at the first try. */
enum plan_verdict plan_judge(const struct job *job, int64_t due, int64_t first, int64_t now);

#endif
