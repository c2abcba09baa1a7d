#include "cron/routine.h"

#include "tools/routine/morning_view.h"

static err_t *words(struct req *req, struct tx *tx, const char *day, const char *name,
		    struct routine_told *ret)
{
	ret->n = 1;
	return morning_view(req, tx, day, name, &ret->messages[0]);
}

/* The day ahead, at the hour that /config says. */
static err_t *morning_run(struct req *req, const struct job_run *run)
{
	return routine_tell(req, run, "morning", words, NULL);
}

/* Late it still helps, until noon for who gets up at seven; then the morning is over, and the next one tells its own day. */
const struct job job_morning = {
	.kind = "morning",
	.when = JOB_DAILY,
	.at_s = 7 * 3600,
	.catch_up = CATCH_UP_LATE,
	.deadline_us = 5 * HOUR_US,
	.batch = ROUTINE_BATCH,
	.messages = 1,
	.run = morning_run,
};
