#include "cron/plan.h"

#include "ml/date/date_civil.h"

enum { RETRY_FIRST_S = 2, RETRY_MAX_S = 300, DAYS_AROUND = 2 };

/* What is begun later than this was not waiting for its turn: nobody was there. */
static const int64_t in_time_us = 10 * MINUTE_US;

const struct zone *plan_zone(const char *name)
{
	const struct zone *zone = NULL;
	err_t *err = zone_find(name, &zone);

	if (err) { /* one that this system no longer knows */
		err_clear(err);
		err = zone_find("America/Sao_Paulo", &zone);
	}
	err_clear(err);
	return zone;
}

static int64_t step(const struct plan *plan)
{
	return plan->when == JOB_WEEKLY ? 7 : 1;
}

/* The day in which an instant lies there. */
static int64_t day_of(const struct plan *plan, int64_t instant)
{
	return civil_floor(plan->zone ? zone_wall(plan->zone, instant) : instant / SECOND_US);
}

static struct plan_at on_day(const struct plan *plan, int64_t day)
{
	int64_t wall = day * DAY_S + plan->at_s;

	return (struct plan_at){ .day = day,
				 .due = plan->zone ? zone_instant(plan->zone, wall) : wall * SECOND_US };
}

/* The first day of the plan, on or after that one. */
static int64_t on_or_after(const struct plan *plan, int64_t day)
{
	return plan->when == JOB_WEEKLY ? civil_on_or_after(day, plan->weekday) : day;
}

struct plan_at plan_next(const struct plan *plan, int64_t after)
{
	int64_t day = on_or_after(plan, day_of(plan, after) - DAYS_AROUND);
	struct plan_at at = on_day(plan, day);

	while (at.due <= after)
		at = on_day(plan, day += step(plan));
	return at;
}

struct plan_at plan_latest(const struct plan *plan, struct plan_at first, int64_t now, int64_t *ret_passed)
{
	int64_t day = on_or_after(plan, day_of(plan, now) + DAYS_AROUND - step(plan));
	struct plan_at at = on_day(plan, day);

	while (at.due > now)
		at = on_day(plan, day -= step(plan));
	*ret_passed = at.due > first.due && at.day > first.day ? (at.day - first.day) / step(plan) : 0;
	return *ret_passed ? at : first;
}

int64_t plan_every(int64_t every_us, int64_t due, int64_t now)
{
	int64_t next = due + every_us;

	return next > now && next <= now + every_us ? next : now + every_us;
}

int64_t plan_retry(int64_t now, int64_t attempts)
{
	int64_t s = RETRY_FIRST_S;

	while (attempts-- > 1 && s < RETRY_MAX_S)
		s *= 2;
	return now + (s < RETRY_MAX_S ? s : RETRY_MAX_S) * SECOND_US;
}

int64_t plan_retry_max(int64_t now)
{
	return now + RETRY_MAX_S * SECOND_US;
}

int64_t plan_horizon(const struct job *job)
{
	int64_t us = 0;

	switch (job->when) {
	case JOB_EVERY: us = job->every_us; break;
	case JOB_DAILY: us = (1 + DAYS_AROUND) * DAY_US; break;
	case JOB_WEEKLY: us = (7 + DAYS_AROUND) * DAY_US; break;
	case JOB_AT: return 0;
	}
	return us + RETRY_MAX_S * SECOND_US; /* a next try, or another machine's clock, may be that far off */
}

enum plan_verdict plan_judge(const struct job *job, int64_t due, int64_t first, int64_t now)
{
	bool missed = first - due > in_time_us, tried = now > first, told = job->catch_up == CATCH_UP_REPORT;
	/* A report is of use from when it is first tried. */
	int64_t since = missed && told ? first : due;

	if (job->deadline_us && now - since > job->deadline_us)
		return tried ? PLAN_GIVE_UP : PLAN_SKIP;
	if (!missed || job->catch_up == CATCH_UP_LATE)
		return PLAN_RUN;
	return told ? PLAN_REPORT : PLAN_SKIP;
}
