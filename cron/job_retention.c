#include "cron/job.h"

#include "core/log.h"
#include "db/db.h"

enum { LOG_DAYS = 180 };

/* What time takes away from everybody. */
static err_t *retention_run(struct req *req, const struct job_run *run)
{
	struct rows *rows;

	(void)run;
	ERR(db_exec(req->pool, STMT_RETAIN,
		    PG_ARGS(PG_TIME(req->now), PG_INT(LOG_DAYS), PG_INT(req->config->retention_days)),
		    &rows));
	log_event(LOG_INFO, "retention", KV_I("rows", rows_int(rows, 0, COL_RETAIN_N)));
	return NULL;
}

const struct job job_retention = {
	.kind = "retention",
	.when = JOB_EVERY,
	.house = true,
	.every_us = HOUR_US,
	.run = retention_run,
};
