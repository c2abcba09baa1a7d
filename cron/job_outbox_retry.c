#include "cron/job.h"

#include "core/log.h"
#include "db/db.h"

enum { STRAY_S = 30 };

/* Messages that nobody is about to send. */
static err_t *outbox_retry_run(struct req *req, const struct job_run *run)
{
	struct rows *rows;

	(void)run;
	ERR(db_exec(req->pool, STMT_OUTBOX_REPAIR, PG_ARGS(PG_TIME(req->now - STRAY_S * SECOND_US)), &rows));
	if (rows_count(rows))
		log_event(LOG_WARN, "outbox_repaired", KV_I("chats", rows_count(rows)));
	return NULL;
}

const struct job job_outbox_retry = {
	.kind = "outbox_retry",
	.when = JOB_EVERY,
	.house = true,
	.every_us = 15 * SECOND_US,
	.run = outbox_retry_run,
};
