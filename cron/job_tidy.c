#include "cron/jobs.h"

#include "core/log.h"

static NODISCARD err_t *tidy_body(struct req *req, struct tx *tx, const struct job_run *run)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_TIDY, PG_ARGS(PG_TIME(req->now)), &rows));
	log_event(LOG_INFO, "tidied", KV_I("cards", rows_int(rows, 0, COL_TIDY_CARDS)),
		  KV_I("undos", rows_int(rows, 0, COL_TIDY_UNDOS)));
	return jobs_done(tx, run);
}

/* At night, the person's cards that are settled or too old, and what can no longer be undone. */
static err_t *tidy_run(struct req *req, const struct job_run *run)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, tidy_body(req, tx, run));
}

const struct job job_tidy = {
	.kind = "tidy",
	.when = JOB_DAILY,
	.at_s = 3 * 3600 + 30 * 60,
	.catch_up = CATCH_UP_LATE,
	.deadline_us = 12 * HOUR_US,
	.run = tidy_run,
};
