/* runner: one claimed job to its end: planned, run, reported, skipped or given up; and its row settled.
 * Needs: jobs, plan. Used by: scheduler. */
#ifndef CRON_RUNNER_H
#define CRON_RUNNER_H

#include "cron/jobs.h"

struct runner {
	const struct config *config;
	const struct job *job;
	struct jobs_claim claim;
	bool lost; /* set meanwhile, from outside, with a cancel: the lease is another's, and nothing is settled any more */
};

/* In a fiber, which may be cancelled: the run then fails with ERR_CANCELLED and is tried again like any other. */
void runner_run(struct runner *runner);

#endif
