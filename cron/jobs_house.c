#include "cron/job.h"

#include "core/clock.h"
#include "core/log.h"
#include "core/metrics.h"
#include "db/db.h"
#include "db/queue.h"

enum { STUCK_S = 60, STRAY_S = 30, ALARMS_MAX = 20, INDEX_MAX = 200, LOG_DAYS = 180 };

/* Leases of workers that died, or that ran out. */
static err_t *leases(const struct job_run *run)
{
	int64_t freed, unsure;

	ERR(queue_sweep(run->pool, &freed, &unsure));
	if (freed)
		log_event(LOG_WARN, "leases_freed", KV_I("n", freed), KV_I("perhaps_sent", unsure));
	return NULL;
}

/* Messages that nobody is about to send. */
static err_t *outbox_retry(const struct job_run *run)
{
	struct rows *rows;

	ERR(db_exec(run->pool, STMT_OUTBOX_REPAIR, PG_ARGS(PG_TIME(run->now - STRAY_S * SECOND_US)), &rows));
	if (rows_count(rows))
		log_event(LOG_WARN, "outbox_repaired", KV_I("chats", rows_count(rows)));
	return NULL;
}

/* Quiet hours that are over. */
static err_t *quiet_over(const struct job_run *run)
{
	struct rows *rows;

	return db_exec(run->pool, STMT_OUTBOX_RELEASE, PG_ARGS(PG_TIME(run->now)), &rows);
}

/* What has changed becomes searchable, a little at a time. */
static err_t *search_index(const struct job_run *run)
{
	struct rows *rows;

	return db_exec(run->pool, STMT_SEARCH_INDEX, PG_ARGS(PG_INT(INDEX_MAX)), &rows);
}

/* Updates that have waited longer than anyone should. */
static err_t *stuck(const struct job_run *run)
{
	struct queue_depths depths;
	struct rows *rows;

	ERR(db_exec(run->pool, STMT_QUEUE_STUCK, PG_ARGS(PG_TIME(run->now), PG_DOUBLE(STUCK_S)), &rows));
	for (int i = 0; i < rows_count(rows) && i < ALARMS_MAX; i++)
		log_event(LOG_ERROR, "update_stuck",
			  KV_I("update_id", rows_int(rows, i, COL_QUEUE_STUCK_UPDATE_ID)),
			  KV_I("attempts", rows_int(rows, i, COL_QUEUE_STUCK_ATTEMPTS)),
			  KV_I("seconds", rows_int(rows, i, COL_QUEUE_STUCK_SECONDS)),
			  KV_S("trace", rows_text(rows, i, COL_QUEUE_STUCK_TRACE)));
	ERR(queue_depths(run->pool, &depths));
	metric_set(METRIC_QUEUE_DEPTH, NULL, NULL, NULL, (double)depths.updates);
	metric_set(METRIC_QUEUE_OLDEST, NULL, NULL, NULL, depths.oldest_s);
	metric_set(METRIC_OUTBOX_DEPTH, NULL, NULL, NULL, (double)depths.outbox);
	return NULL;
}

static err_t *retention(const struct job_run *run)
{
	struct rows *rows;

	ERR(db_exec(run->pool, STMT_RETAIN,
		    PG_ARGS(PG_TIME(run->now), PG_INT(LOG_DAYS), PG_INT(run->config->retention_days)),
		    &rows));
	log_event(LOG_INFO, "retention", KV_I("rows", rows_int(rows, 0, COL_RETAIN_N)));
	return NULL;
}

const struct job jobs_house[] = {
	{ "leases", 5 * SECOND_US, CATCH_UP_ONCE, leases },
	{ "outbox_retry", 15 * SECOND_US, CATCH_UP_ONCE, outbox_retry },
	{ "search_index", 5 * SECOND_US, CATCH_UP_ONCE, search_index },
	{ "quiet_over", 15 * SECOND_US, CATCH_UP_ONCE, quiet_over },
	{ "stuck", 30 * SECOND_US, CATCH_UP_ONCE, stuck },
	{ "retention", HOUR_US, CATCH_UP_ONCE, retention },
	{ NULL, 0, CATCH_UP_SKIP, NULL },
};
