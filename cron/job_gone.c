#include "cron/job.h"

#include "core/log.h"
#include "db/db.h"

/* At night, what is left of people who are gone. There should be nothing: whatever there is, is told. */
static err_t *gone_run(struct req *req, const struct job_run *run)
{
	struct rows *rows;
	int64_t n;

	(void)run;
	ERR(db_exec(req->pool, STMT_SWEEP_GONE, PG_ARGS(), &rows));
	n = rows_int(rows, 0, COL_SWEEP_GONE_N);
	log_event(n ? LOG_WARN : LOG_INFO, "gone_swept", KV_I("rows", n));
	return NULL;
}

const struct job job_gone = {
	.kind = "gone",
	.when = JOB_DAILY,
	.house = true,
	.at_s = 5 * 3600 + 1800,
	.catch_up = CATCH_UP_LATE,
	.run = gone_run,
};
