/* jobs: the rows of jobs and job_runs, as the scheduler claims, renews and settles them.
 * Needs: db, job, plan. Used by: job_tidy, job_google_keep, runner, routine, job_nightly, job_recommend.
 * What decides who runs a job goes by the pool of claims: it waits behind no slow statement, and what a crash of the
 * server takes back is only done again. */
#ifndef CRON_JOBS_H
#define CRON_JOBS_H

#include "cron/plan.h"
#include "db/tx.h"

#define JOBS_LOCK_CLASS 1818586484 /* advisory locks that show which schedulers live */

/* A row that is leased to us, with whom it is for. */
struct jobs_claim {
	int64_t id, token, user_id;    /* user_id 0: of the house */
	int64_t attempts, run_at, due; /* due 0: at run_at */
	int64_t at_s, weekday;         /* at_s -1, weekday 0: the kind's own */
	bool local, known;             /* known: not of someone who is gone */
	const char *kind, *ref, *occurrence, *role, *lang, *zone;
};

/* Rows of these kinds that are due, at most room[i] of each; *ret_list in the pool. */
NODISCARD err_t *jobs_claim(apr_pool_t *pool, const char *const *kinds, const int64_t *room, size_t n,
			    int32_t owner, double lease_s, size_t *ret_n, struct jobs_claim **ret_list);
/* When the next of these kinds is due; in an hour at the latest. */
NODISCARD err_t *jobs_next(apr_pool_t *pool, const char *const *kinds, size_t n, int64_t *ret_next);
/* Renews leases; lost[i]: the i-th is another's by now. */
NODISCARD err_t *jobs_renew(apr_pool_t *pool, const int64_t *ids, const int64_t *tokens, size_t n,
			    double lease_s, bool *lost);
/* Frees what dead schedulers held. */
NODISCARD err_t *jobs_orphans(apr_pool_t *pool, const char *const *kinds, size_t n, int32_t owner,
			      double lease_s, int *ret_freed);
/* Brings back what was planned by a clock that was wrong. went_back: ours just did. */
NODISCARD err_t *jobs_recall(apr_pool_t *pool, const struct job *const *jobs, size_t n, bool went_back);
/* A row for each job of the house. */
NODISCARD err_t *jobs_seed(apr_pool_t *pool, const struct job *const *jobs, size_t n);

/* Plans a row of a wall. */
NODISCARD err_t *jobs_plan(apr_pool_t *pool, const struct jobs_claim *c, int64_t due, const char *occurrence);
/* The row of an occurrence: run->row, run->attempt; *ret_first: when it was first begun. run->row 0: it has ended before. */
NODISCARD err_t *jobs_begin(apr_pool_t *pool, const struct jobs_claim *c, int64_t now, struct job_run *run,
			    int64_t *ret_first);
/* How it went, on that row; does nothing without one. state: done, failed, reported, skipped, given_up. */
NODISCARD err_t *jobs_end(apr_pool_t *pool, const struct job_run *run, const char *state, const char *error,
			  int64_t us);
/* Gives the row back: the next run is due then; or, of a wall, is planned from then on. */
NODISCARD err_t *jobs_settle(apr_pool_t *pool, const struct jobs_claim *c, int64_t next, const char *result);
NODISCARD err_t *jobs_drop(apr_pool_t *pool, const struct jobs_claim *c);
NODISCARD err_t *jobs_retry(apr_pool_t *pool, const struct jobs_claim *c, int64_t at, const char *error);

/* For kinds: in the transaction of the effect, last. The occurrence is done when the effect is. ERR_LEASE_LOST, and so
 * neither: another scheduler has taken the job over, or it was done before. */
NODISCARD err_t *jobs_done(struct tx *tx, const struct job_run *run);

#endif
