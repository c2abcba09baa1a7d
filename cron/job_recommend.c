#include "cron/jobs.h"

#include "tools/insight/recommendation.h"

static NODISCARD err_t *recommend_body(struct req *req, struct tx *tx, const struct job_run *run)
{
	ERR(recommendation_make(req, tx, run->occurrence));
	return jobs_done(tx, run);
}

/* The day's recommendation, before the morning message tells it. Late it is made by then, at the latest (recommendation_add). */
static err_t *recommend_run(struct req *req, const struct job_run *run)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, recommend_body(req, tx, run));
}

const struct job job_recommend = {
	.kind = "recommend",
	.when = JOB_DAILY,
	.at_s = 6 * 3600,
	.catch_up = CATCH_UP_LATE,
	.deadline_us = 15 * HOUR_US,
	.run = recommend_run,
};
