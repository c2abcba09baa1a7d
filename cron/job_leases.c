#include "cron/job.h"

#include "core/log.h"
#include "db/queue.h"

/* Leases of workers that died, or that ran out. */
static err_t *leases_run(struct req *req, const struct job_run *run)
{
	int64_t freed, unsure;

	(void)run;
	ERR(queue_sweep(req->pool, &freed, &unsure));
	if (freed)
		log_event(LOG_WARN, "leases_freed", KV_I("n", freed), KV_I("perhaps_sent", unsure));
	return NULL;
}

const struct job job_leases = {
	.kind = "leases",
	.when = JOB_EVERY,
	.house = true,
	.every_us = 5 * SECOND_US,
	.run = leases_run,
};
