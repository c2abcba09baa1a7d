/* scheduler: claims what is due under leases that it renews, and runs it, a fiber each, several at once.
 * Needs: runner, jobs, pg_listen. Used by: bot, tests.
 * Several on several machines are harmless: leases and their tokens fence, and each occurrence has one row. */
#ifndef CRON_SCHEDULER_H
#define CRON_SCHEDULER_H

#include "cron/job.h"

struct scheduler_opts {
	const struct config *config;
	const char *queue_url; /* to listen on; NULL: it looks every second */
	bool people_only;      /* no jobs of the house */
	/* For tests. */
	const struct job *const *jobs; /* NULL: jobs_all */
	double lease_s;                /* 0: 60 */
};

/* The options are copied; what they point to must live on. */
void scheduler_start(const struct scheduler_opts *opts);
/* Takes nothing new; jobs under way end by themselves. */
void scheduler_stop(void);
bool scheduler_idle(void);

#endif
