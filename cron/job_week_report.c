#include "cron/routine.h"

#include "tools/routine/week_view.h"

static err_t *words(struct req *req, struct tx *tx, const char *day, const char *name,
		    struct routine_told *ret)
{
	ERR(week_report_view(req, tx, day, name, &ret->messages[0]));
	ret->n = *ret->messages[0].html ? 1 : 0;
	return NULL;
}

/* Monday morning: the week that was. */
static err_t *week_report_run(struct req *req, const struct job_run *run)
{
	return routine_tell(req, run, "week_report", words);
}

/* Late until Monday evening: the numbers are as true then. */
const struct job job_week_report = {
	.kind = "week_report",
	.when = JOB_WEEKLY,
	.at_s = 9 * 3600,
	.weekday = 1,
	.catch_up = CATCH_UP_LATE,
	.deadline_us = 12 * HOUR_US,
	.batch = ROUTINE_BATCH,
	.messages = 1,
	.run = week_report_run,
};
