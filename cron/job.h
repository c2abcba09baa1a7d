/* job: what the scheduler runs by itself; one const struct job each, in a table.
 * Needs: req. Used by: cron. */
#ifndef CRON_JOB_H
#define CRON_JOB_H

#include "core/config.h"
#include "core/mem.h"
#include <stdint.h>

/* What happens when one or more runs were missed while the service was down. */
enum catch_up {
	CATCH_UP_ONCE, /* run once, now, for all that were missed */
	CATCH_UP_SKIP, /* wait for the next one */
};

struct job_run {
	apr_pool_t *pool; /* cleared after the run */
	const struct config *config;
	int64_t now, due; /* product time: now, and when it was due */
};

struct job {
	const char *kind;
	int64_t every_us;
	enum catch_up catch_up;
	err_t *(*run)(const struct job_run *run);
};

extern const struct job jobs_house[]; /* ends with a NULL kind */

#endif
