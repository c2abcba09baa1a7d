/* routine: a message at the person's own hour: once a day, where they may hear it, in the transaction that says it was told.
 * Needs: jobs, outbox, outcome. Used by: job_morning, job_evening, job_week_plan, job_week_report.
 * Paused, all told for the day, blocked, or quiet until another day: nothing is said, and nothing later either. */
#ifndef CRON_ROUTINE_H
#define CRON_ROUTINE_H

#include "cron/jobs.h"
#include "tools/outcome.h"

#define ROUTINE_MESSAGES 2
#define ROUTINE_BATCH 32 /* of everybody who is due, how many one claim takes */

/* What is told: one message, or two in this order. */
struct routine_told {
	struct outcome messages[ROUTINE_MESSAGES];
	size_t n;         /* 0: nothing is to be told */
	const char *lead; /* what routine_tell was given for it */
};

/* Words for that local date, from rows. name: the person's, or "". */
typedef err_t *routine_words(struct req *req, struct tx *tx, const char *day, const char *name,
			     struct routine_told *ret);

/* One occurrence of the kind. Once its date is over on the person's wall it is told no more. lead: for words, what took longer
 * than a transaction may, or NULL. */
NODISCARD err_t *routine_tell(struct req *req, const struct job_run *run, const char *kind,
			      routine_words *words, const char *lead);

#endif
