#include "cron/jobs.h"

#include "core/log.h"
#include "db/outbox.h"
#include "integrations/google/google_account.h"

/* One that is used rarely stays alive: Google ends what nobody has used for half a year. */
static NODISCARD err_t *use_old(struct req *req)
{
	struct rows *rows;
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	ERR(tx_end(tx, tx_exec(tx, STMT_GOOGLE_OLD, PG_ARGS(), &rows)));
	for (int i = 0; i < rows_count(rows); i++) {
		const char *token;

		/* A dead one is told by the refresh itself; what else fails is tried again tomorrow. */
		log_error("google_keep_failed",
			  google_account_token(req, rows_int(rows, i, COL_GOOGLE_OLD_ID), NULL, &token));
	}
	return NULL;
}

static NODISCARD err_t *warn_body(struct req *req, struct tx *tx, const struct job_run *run)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_GOOGLE_ENDING, PG_ARGS(), &rows));
	for (int i = 0; i < rows_count(rows); i++) {
		int64_t id = rows_int(rows, i, COL_GOOGLE_ENDING_ID);

		req->bot_id = rows_int(rows, i, COL_GOOGLE_ENDING_BOT_ID);
		req->chat_id = rows_int(rows, i, COL_GOOGLE_ENDING_CHAT_ID);
		ERR(outbox_put(tx,
			       &(struct outgoing){
				       .dedupe = mem_fmt(req->pool, "google-ends:%lld:%s", (long long)id,
							 run->occurrence),
				       .method = "send",
				       .text = tr(req->pool, req->lang, "google.ends_soon",
						  SLOT_S("email",
							 rows_text(rows, i, COL_GOOGLE_ENDING_EMAIL)),
						  SLOT_S("day", rows_text(rows, i, COL_GOOGLE_ENDING_DAY))),
				       .markup = google_account_button(req, id),
				       .class = "unasked" }));
	}
	return jobs_done(tx, run);
}

/* Each day, before anybody is up: grants that are used rarely, and those that have an end. */
static err_t *google_keep_run(struct req *req, const struct job_run *run)
{
	struct tx *tx;

	ERR(use_old(req));
	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, warn_body(req, tx, run));
}

const struct job job_google_keep = {
	.kind = "google_keep",
	.when = JOB_DAILY,
	.at_s = 10 * 3600 + 20 * 60,
	.catch_up = CATCH_UP_LATE,
	.deadline_us = 12 * HOUR_US,
	.run = google_keep_run,
};
