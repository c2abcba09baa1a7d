#include "cron/jobs.h"

#include "core/log.h"
#include "db/db.h"

enum { YOUNG_S = 3 }; /* a lease that was just given proves nothing about its owner */

static NODISCARD err_t *claim_exec(apr_pool_t *pool, enum stmt_id id, const struct pg_val *args,
				   struct rows **ret_rows)
{
	return pg_exec(db_claim(), pool, id, args, ret_rows);
}

static struct jobs_claim claim_read(const struct rows *rows, int i)
{
	return (struct jobs_claim){
		.id = rows_int(rows, i, COL_JOB_CLAIM_ID),
		.token = rows_int(rows, i, COL_JOB_CLAIM_TOKEN),
		.kind = rows_text(rows, i, COL_JOB_CLAIM_KIND),
		.user_id = rows_int(rows, i, COL_JOB_CLAIM_USER_ID),
		.ref = rows_text(rows, i, COL_JOB_CLAIM_REF),
		.attempts = rows_int(rows, i, COL_JOB_CLAIM_ATTEMPTS),
		.run_at = rows_int(rows, i, COL_JOB_CLAIM_RUN_AT),
		.due = rows_int(rows, i, COL_JOB_CLAIM_DUE_AT),
		.local = rows_bool(rows, i, COL_JOB_CLAIM_LOCAL),
		.occurrence = rows_text(rows, i, COL_JOB_CLAIM_OCCURRENCE),
		.at_s = rows_null(rows, i, COL_JOB_CLAIM_AT_S) ? -1 : rows_int(rows, i, COL_JOB_CLAIM_AT_S),
		.weekday = rows_int(rows, i, COL_JOB_CLAIM_WEEKDAY),
		.role = rows_text(rows, i, COL_JOB_CLAIM_ROLE),
		.lang = rows_text(rows, i, COL_JOB_CLAIM_LANG),
		.zone = rows_text(rows, i, COL_JOB_CLAIM_ZONE),
		.known = rows_null(rows, i, COL_JOB_CLAIM_USER_ID) || !rows_null(rows, i, COL_JOB_CLAIM_ROLE)
	};
}

err_t *jobs_claim(apr_pool_t *pool, const char *const *kinds, const int64_t *room, size_t n, int32_t owner,
		  double lease_s, size_t *ret_n, struct jobs_claim **ret_list)
{
	struct rows *rows;

	ERR(claim_exec(pool, STMT_JOB_CLAIM,
		       PG_ARGS(PG_TIME(clock_now()), PG_TEXTS(kinds, n), PG_INTS(room, n), PG_INT(owner),
			       PG_DOUBLE(lease_s)),
		       &rows));
	*ret_n = (size_t)rows_count(rows);
	*ret_list = mem_alloc(pool, sizeof **ret_list * (*ret_n + 1));
	for (size_t i = 0; i < *ret_n; i++)
		(*ret_list)[i] = claim_read(rows, (int)i);
	return NULL;
}

err_t *jobs_next(apr_pool_t *pool, const char *const *kinds, size_t n, int64_t *ret_next)
{
	struct rows *rows;

	ERR(claim_exec(pool, STMT_JOB_NEXT, PG_ARGS(PG_TEXTS(kinds, n)), &rows));
	*ret_next = rows_null(rows, 0, COL_JOB_NEXT_RUN_AT) ? clock_now() + HOUR_US
							    : rows_int(rows, 0, COL_JOB_NEXT_RUN_AT);
	return NULL;
}

static bool holds(const struct rows *rows, int64_t id)
{
	for (int i = 0; i < rows_count(rows); i++)
		if (rows_int(rows, i, COL_JOB_RENEW_ID) == id)
			return true;
	return false;
}

err_t *jobs_renew(apr_pool_t *pool, const int64_t *ids, const int64_t *tokens, size_t n, double lease_s,
		  bool *lost)
{
	struct rows *rows;

	ERR(claim_exec(pool, STMT_JOB_RENEW, PG_ARGS(PG_INTS(ids, n), PG_INTS(tokens, n), PG_DOUBLE(lease_s)),
		       &rows));
	for (size_t i = 0; i < n; i++)
		lost[i] = !holds(rows, ids[i]);
	return NULL;
}

err_t *jobs_orphans(apr_pool_t *pool, const char *const *kinds, size_t n, int32_t owner, double lease_s,
		    int *ret_freed)
{
	struct rows *rows;

	ERR(claim_exec(pool, STMT_JOB_ORPHANS,
		       PG_ARGS(PG_TEXTS(kinds, n), PG_TIME(clock_now()), PG_INT(JOBS_LOCK_CLASS),
			       PG_INT(owner), PG_DOUBLE(lease_s - YOUNG_S)),
		       &rows));
	*ret_freed = rows_count(rows);
	return NULL;
}

err_t *jobs_recall(apr_pool_t *pool, const struct job *const *jobs, size_t n, bool went_back)
{
	const char **kinds = mem_alloc(pool, sizeof *kinds * (n + 1));
	int64_t *horizons = mem_alloc(pool, sizeof *horizons * (n + 1)), now = clock_now();
	struct rows *rows, *tries = NULL;
	size_t planned = 0;

	for (size_t i = 0; i < n; i++) {
		if (!plan_horizon(jobs[i]))
			continue;
		kinds[planned] = jobs[i]->kind;
		horizons[planned++] = plan_horizon(jobs[i]);
	}
	ERR(claim_exec(pool, STMT_JOB_RECALL,
		       PG_ARGS(PG_TIME(now), PG_TEXTS(kinds, planned), PG_INTS(horizons, planned)), &rows));
	if (went_back)
		ERR(claim_exec(pool, STMT_JOB_RECALL_TRIES,
			       PG_ARGS(PG_TIME(now), PG_TIME(plan_retry_max(now))), &tries));
	if (rows_count(rows) || (tries && rows_count(tries)))
		log_event(LOG_WARN, "jobs_recalled", KV_I("planned", rows_count(rows)),
			  KV_I("tries", tries ? rows_count(tries) : 0));
	return NULL;
}

err_t *jobs_seed(apr_pool_t *pool, const struct job *const *jobs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (jobs[i]->house)
			ERR(db_exec(pool, STMT_JOB_SEED,
				    PG_ARGS(PG_TEXT(jobs[i]->kind), PG_TIME(clock_now())), NULL));
	return NULL;
}

err_t *jobs_plan(apr_pool_t *pool, const struct jobs_claim *c, int64_t due, const char *occurrence)
{
	return claim_exec(pool, STMT_JOB_PLAN,
			  PG_ARGS(PG_INT(c->id), PG_INT(c->token), PG_TIME(due), PG_TEXT(occurrence),
				  PG_TEXT(c->zone)),
			  NULL);
}

err_t *jobs_begin(apr_pool_t *pool, const struct jobs_claim *c, int64_t now, struct job_run *run,
		  int64_t *ret_first)
{
	struct rows *rows;

	ERR(claim_exec(pool, STMT_JOB_BEGIN,
		       PG_ARGS(PG_TEXT(c->kind), c->user_id ? PG_INT(c->user_id) : PG_INT_NULL,
			       PG_TEXT(c->ref), PG_TEXT(run->occurrence), PG_TIME(run->due), PG_TIME(now)),
		       &rows));
	if (!rows_count(rows))
		return NULL;
	run->row = rows_int(rows, 0, COL_JOB_BEGIN_ID);
	run->attempt = rows_int(rows, 0, COL_JOB_BEGIN_ATTEMPTS);
	*ret_first = rows_int(rows, 0, COL_JOB_BEGIN_FIRST_AT);
	return NULL;
}

err_t *jobs_end(apr_pool_t *pool, const struct job_run *run, const char *state, const char *error, int64_t us)
{
	if (!run->row)
		return NULL;
	return db_exec(pool, STMT_JOB_RUN_END,
		       PG_ARGS(PG_INT(run->job), PG_INT(run->token), PG_INT(run->row), PG_TEXT(state),
			       PG_TEXT(error), PG_TIME(clock_now()), PG_INT(us)),
		       NULL);
}

err_t *jobs_settle(apr_pool_t *pool, const struct jobs_claim *c, int64_t next, const char *result)
{
	return claim_exec(pool, STMT_JOB_SETTLE,
			  PG_ARGS(PG_INT(c->id), PG_INT(c->token), PG_TIME(next), PG_TEXT(result),
				  PG_TIME(clock_now())),
			  NULL);
}

err_t *jobs_drop(apr_pool_t *pool, const struct jobs_claim *c)
{
	return claim_exec(pool, STMT_JOB_DROP, PG_ARGS(PG_INT(c->id), PG_INT(c->token)), NULL);
}

err_t *jobs_retry(apr_pool_t *pool, const struct jobs_claim *c, int64_t at, const char *error)
{
	return claim_exec(pool, STMT_JOB_RETRY,
			  PG_ARGS(PG_INT(c->id), PG_INT(c->token), PG_TIME(at), PG_TEXT(error)), NULL);
}

err_t *jobs_done(struct tx *tx, const struct job_run *run)
{
	struct rows *rows;

	return tx_exec(tx, STMT_JOB_DONE, PG_ARGS(PG_INT(run->job), PG_INT(run->token), PG_INT(run->row)),
		       &rows);
}
