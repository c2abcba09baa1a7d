#include "cron/routine.h"

#include "tools/checkin/checkin_view.h"
#include "tools/routine/evening_view.h"

static err_t *words(struct req *req, struct tx *tx, const char *day, const char *name,
		    struct routine_told *ret)
{
	bool open;

	ret->n = 1;
	ERR(evening_view(req, tx, day, name, NULL, &ret->messages[0]));
	ERR(checkin_open(tx, day, &open));
	if (!open)
		return NULL;
	ret->n = 2;
	ret->messages[1] = (struct outcome){ .kind = OUTCOME_SAY };
	return checkin_card(req, tx, day, NULL, CHECKIN_NEXT, &ret->messages[1]);
}

/* The day looked back on, and how it was: only what was not said yet is asked. */
static err_t *evening_run(struct req *req, const struct job_run *run)
{
	return routine_tell(req, run, "evening", words, NULL);
}

/* Late until midnight (routine.h): a day is not closed on the next one. */
const struct job job_evening = {
	.kind = "evening",
	.when = JOB_DAILY,
	.at_s = 21 * 3600,
	.catch_up = CATCH_UP_LATE,
	.deadline_us = 5 * HOUR_US,
	.batch = ROUTINE_BATCH,
	.messages = ROUTINE_MESSAGES,
	.run = evening_run,
};
