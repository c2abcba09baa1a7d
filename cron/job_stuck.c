#include "cron/job.h"

#include "core/log.h"
#include "core/metrics.h"
#include "db/db.h"
#include "db/queue.h"

enum { STUCK_S = 60, ALARMS_MAX = 20 };

/* Updates that have waited longer than anyone should. */
static err_t *stuck_run(struct req *req, const struct job_run *run)
{
	struct queue_depths depths;
	struct rows *rows;

	(void)run;
	ERR(db_exec(req->pool, STMT_QUEUE_STUCK, PG_ARGS(PG_TIME(req->now), PG_DOUBLE(STUCK_S)), &rows));
	for (int i = 0; i < rows_count(rows) && i < ALARMS_MAX; i++)
		log_event(LOG_ERROR, "update_stuck",
			  KV_I("update_id", rows_int(rows, i, COL_QUEUE_STUCK_UPDATE_ID)),
			  KV_I("attempts", rows_int(rows, i, COL_QUEUE_STUCK_ATTEMPTS)),
			  KV_I("seconds", rows_int(rows, i, COL_QUEUE_STUCK_SECONDS)),
			  KV_S("trace", rows_text(rows, i, COL_QUEUE_STUCK_TRACE)));
	ERR(queue_depths(req->pool, &depths));
	metric_set(METRIC_QUEUE_DEPTH, NULL, NULL, NULL, (double)depths.updates);
	metric_set(METRIC_QUEUE_OLDEST, NULL, NULL, NULL, depths.oldest_s);
	metric_set(METRIC_OUTBOX_DEPTH, NULL, NULL, NULL, (double)depths.outbox);
	return NULL;
}

const struct job job_stuck = {
	.kind = "stuck",
	.when = JOB_EVERY,
	.house = true,
	.every_us = 30 * SECOND_US,
	.run = stuck_run,
};
