#include "cron/routine.h"

#include "tools/routine/week_view.h"

static err_t *words(struct req *req, struct tx *tx, const char *day, const char *name,
		    struct routine_told *ret)
{
	ret->n = 1;
	return week_plan_view(req, tx, day, name, &ret->messages[0]);
}

/* Sunday evening: the week that begins tomorrow. */
static err_t *week_plan_run(struct req *req, const struct job_run *run)
{
	return routine_tell(req, run, "week_plan", words, NULL);
}

/* Late while it is still evening; on Monday the morning's own message tells the day. */
const struct job job_week_plan = {
	.kind = "week_plan",
	.when = JOB_WEEKLY,
	.at_s = 19 * 3600,
	.weekday = 7,
	.catch_up = CATCH_UP_LATE,
	.deadline_us = 3 * HOUR_US,
	.batch = ROUTINE_BATCH,
	.messages = 1,
	.run = week_plan_run,
};
