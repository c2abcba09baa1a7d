#include "cron/job.h"

#include "db/db.h"

/* Quiet hours that are over. */
static err_t *quiet_over_run(struct req *req, const struct job_run *run)
{
	(void)run;
	return db_exec(req->pool, STMT_OUTBOX_RELEASE, PG_ARGS(PG_TIME(req->now)), NULL);
}

const struct job job_quiet_over = {
	.kind = "quiet_over",
	.when = JOB_EVERY,
	.house = true,
	.every_us = 15 * SECOND_US,
	.run = quiet_over_run,
};
