#include "cron/routine.h"

#include "ml/phrase/phrase.h"
#include "tools/insight/week_findings.h"
#include "tools/routine/week_view.h"

static err_t *words(struct req *req, struct tx *tx, const char *day, const char *name,
		    struct routine_told *ret)
{
	bool any;

	ERR(week_report_view(req, tx, day, name, &ret->messages[0]));
	if (!*ret->messages[0].html)
		return NULL;
	ret->n = 1;
	if (ret->lead)
		ret->messages[0].html = mem_fmt(req->pool, "%s\n\n%s", ret->messages[0].html, ret->lead);
	ERR(week_findings_view(req, tx, &ret->messages[1], &any));
	ret->n += any;
	return NULL;
}

/* The same numbers in a sentence or two, where a model is there to write them; it must not hold a transaction open. */
static NODISCARD err_t *lead_of(struct req *req, const struct job_run *run, const char **ret_html)
{
	struct week_facts facts = { .n = 0 };
	const char *text;
	struct tx *tx;

	*ret_html = NULL;
	ERR(tx_begin_user(req, &tx));
	ERR(tx_end(tx, week_report_facts(req, tx, run->occurrence, &facts)));
	ERR(phrase_facts(req, facts.v, facts.n, &text));
	if (text)
		*ret_html = tr(req->pool, req->lang, "report.phrased", SLOT_S("text", text));
	return NULL;
}

/* Monday morning: the week that was. */
static err_t *week_report_run(struct req *req, const struct job_run *run)
{
	const char *lead;

	ERR(lead_of(req, run, &lead));
	return routine_tell(req, run, "week_report", words, lead);
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
