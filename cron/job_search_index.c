#include "cron/job.h"

#include "db/db.h"

enum { INDEX_MAX = 200 };

/* What has changed becomes searchable, a little at a time. */
static err_t *search_index_run(struct req *req, const struct job_run *run)
{
	(void)run;
	return db_exec(req->pool, STMT_SEARCH_INDEX, PG_ARGS(PG_INT(INDEX_MAX)), NULL);
}

const struct job job_search_index = {
	.kind = "search_index",
	.when = JOB_EVERY,
	.house = true,
	.every_us = 5 * SECOND_US,
	.run = search_index_run,
};
