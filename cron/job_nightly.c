#include "cron/jobs.h"

#include "core/log.h"
#include "core/text.h"
#include "ml/date/date.h"
#include "ml/features/features.h"
#include "tools/event/event_view.h"
#include "tools/insight/look.h"

enum { DAY_S = 86400, FIRST_DAYS = 400 };

static const char *day_text(struct req *req, int64_t wall)
{
	return when_date(req, &(struct when){ .wall = wall });
}

/* How many meetings a day had, and their hours within it. */
static NODISCARD err_t *meetings(struct req *req, struct tx *tx, int64_t wall, bool known)
{
	struct event_row *v;
	int64_t count = 0, seconds = 0;
	size_t n;

	ERR(event_window(req, tx, wall, wall + DAY_S, "", &n, &v));
	for (size_t i = 0; i < n; i++) {
		int64_t from = v[i].start > wall ? v[i].start : wall,
			to = v[i].end < wall + DAY_S ? v[i].end : wall + DAY_S;

		if (v[i].all_day || v[i].free)
			continue;
		count++;
		seconds += to > from ? to - from : 0;
	}
	return features_meetings(tx, day_text(req, wall), known ? count : -1, (double)seconds / 3600);
}

/* The day that is over and the one that begins; at first, all that is known. */
static NODISCARD err_t *features(struct req *req, struct tx *tx, int64_t today)
{
	const char *first, *from = day_text(req, today - DAY_S);
	struct rows *rows;

	ERR(features_first(tx, &first));
	if (!*first || strcmp(first, from) >= 0)
		from = day_text(req, today - FIRST_DAYS * (int64_t)DAY_S);
	ERR(features_refresh(tx, from, day_text(req, today)));
	ERR(tx_exec(tx, STMT_FEATURES_CALENDAR, PG_ARGS(), &rows));
	for (int64_t day = today - DAY_S; day <= today; day += DAY_S)
		ERR(meetings(req, tx, day, rows_bool(rows, 0, COL_FEATURES_CALENDAR_KNOWN)));
	return NULL;
}

static NODISCARD err_t *nightly_body(struct req *req, struct tx *tx, const struct job_run *run)
{
	int64_t today;

	if (!date_parse_iso(run->occurrence, &today))
		return err_new(ERR_INVALID, "\"%s\": not a day", run->occurrence);
	ERR(features(req, tx, today));
	ERR(look_tonight(req, tx, day_text(req, today - DAY_S)));
	return jobs_done(tx, run);
}

/* The rows of the days, and what they say: patterns are looked for when it is time to (ml/insight/schedule.h). */
static err_t *nightly_run(struct req *req, const struct job_run *run)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, nightly_body(req, tx, run));
}

const struct job job_nightly = {
	.kind = "nightly",
	.when = JOB_DAILY,
	.at_s = 4 * 3600,
	.catch_up = CATCH_UP_LATE,
	.deadline_us = 20 * HOUR_US,
	.run = nightly_run,
};
