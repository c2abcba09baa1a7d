/* job: what the scheduler runs by itself. A kind is one const struct in one file, cron/job_NAME.c; the build collects them.
 * Needs: req. Used by: cron. */
#ifndef CRON_JOB_H
#define CRON_JOB_H

#include "core/clock.h"
#include "core/config.h"
#include "core/req.h"

enum job_when {
	JOB_EVERY,  /* every_us */
	JOB_DAILY,  /* at an hour of the person's wall; of the house, in UTC */
	JOB_WEEKLY, /* and on a weekday */
	JOB_AT,     /* at the instant that its row in jobs says, once */
};

/* What becomes of an occurrence that nothing began in its time: the service was down. Of several only the last counts. */
enum job_catch_up {
	CATCH_UP_LATE,   /* it runs now, once, if its deadline allows */
	CATCH_UP_REPORT, /* it is not done any more, but told: run is called with `missed` set */
	CATCH_UP_SKIP,   /* nothing, until the next */
};

/* One try of one occurrence. */
struct job_run {
	int64_t job, token, row; /* in jobs, its fence, in job_runs; row 0: it leaves none */
	const char *ref;         /* what the row in jobs is about, "" when nothing in particular */
	const char *
		occurrence; /* "2026-11-24", the person's date, or an instant: names it for ever, in dedupe keys too */
	int64_t due;     /* product time */
	int64_t attempt; /* from 1 */
	int64_t missed;  /* with CATCH_UP_REPORT: 0, or how many went by, and then only to be told */
};

struct job {
	const char *kind;
	enum job_when when;
	bool house;       /* nobody's: one row, there from the start; req is nobody's */
	int64_t every_us; /* JOB_EVERY */
	int at_s; /* JOB_DAILY, JOB_WEEKLY: seconds from midnight, unless the row in jobs says another hour */
	int weekday; /* JOB_WEEKLY: 1 Monday .. 7 Sunday, unless the row says another */
	enum job_catch_up catch_up;
	int64_t deadline_us; /* from when it was due: after that no try begins, and it is given up. 0: never */
	int64_t limit_us;    /* the longest one try may take, then it is cancelled. 0: ten minutes */
	/* How many run at a time in one process. 0: four. Kinds share DB_POOL connections, held only in transactions: keep those short. */
	int at_once;
	int batch; /* how many one claim takes ahead of their turn, for many and quick ones. 0: none */
	/* How many messages a run puts, of a kind that has thousands at one minute: then their runs begin as fast as these can be
	 * sent and no faster, all such kinds together, so that what is urgent waits behind none of them. 0: at once. */
	int messages;
	/* Its row in jobs follows a row of its own, by a trigger, which also makes sure that it is done once: it leaves no
	 * row in job_runs, and its effect settles it. */
	bool follows;
	/* In a fiber of its own, with its own req: the person's, as if they had asked. Whoever changes rows of a person calls
	 * jobs_done (cron/jobs.h) in that transaction, else a kill in between repeats the effect. An error is tried again. */
	err_t *(*run)(struct req *req, const struct job_run *run);
};

extern const struct job *const jobs_all[]; /* ends with NULL */

#endif
