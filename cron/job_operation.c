#include "cron/job.h"

#include "tools/remote.h"

/* An act outside whose turn never came back for it: looked for, sent again where that is right, settled and told. */
static err_t *operation_run(struct req *req, const struct job_run *run)
{
	bool settled = false;

	ERR(remote_resume(req, run->ref, &settled));
	return settled ? NULL : err_new(ERR_UNAVAILABLE, "not known yet");
}

const struct job job_operation = {
	.kind = "operation",
	.when = JOB_AT,
	.catch_up = CATCH_UP_LATE,
	.limit_us = 3 * MINUTE_US,
	.follows = true,
	.run = operation_run,
};
