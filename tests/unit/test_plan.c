#include "cron/plan.h"

#include "ml/date/date_civil.h"
#include "tests/test.h"

#define AT(iso) at_of(iso)

static int64_t at_of(const char *iso)
{
	int64_t instant = -1;

	err_clear(clock_parse(iso, &instant));
	return instant;
}

static struct plan daily(const char *zone, int at_s)
{
	return (struct plan){ .when = JOB_DAILY, .at_s = at_s, .zone = plan_zone(zone) };
}

static struct plan weekly(const char *zone, int weekday, int at_s)
{
	return (struct plan){ .when = JOB_WEEKLY, .weekday = weekday, .at_s = at_s, .zone = plan_zone(zone) };
}

enum { HALF_PAST_ONE = 5400, HALF_PAST_THREE = 12600, SEVEN = 25200 };

static const struct {
	const char *zone;
	int at_s, weekday; /* weekday 0: each day */
	const char *after, *due;
	int y, m, d;
} nexts[] = {
	{ "America/Sao_Paulo", SEVEN, 0, "2026-11-23T09:59:59Z", "2026-11-23T10:00:00Z", 2026, 11, 23 },
	/* Strictly after: what was just done is not done again. */
	{ "America/Sao_Paulo", SEVEN, 0, "2026-11-23T10:00:00Z", "2026-11-24T10:00:00Z", 2026, 11, 24 },
	/* Far east and far west the local date is not that of UTC. */
	{ "Pacific/Kiritimati", SEVEN, 0, "2026-11-23T16:59:59Z", "2026-11-23T17:00:00Z", 2026, 11, 24 },
	{ "Pacific/Pago_Pago", SEVEN, 0, "2026-11-24T17:59:59Z", "2026-11-24T18:00:00Z", 2026, 11, 24 },
	{ "Asia/Kathmandu", SEVEN, 0, "2026-11-23T00:00:00Z", "2026-11-23T01:15:00Z", 2026, 11, 23 },
	/* Lisbon goes forward at 01:00: half past one is half past two. */
	{ "Europe/Lisbon", HALF_PAST_ONE, 0, "2027-03-27T12:00:00Z", "2027-03-28T01:30:00Z", 2027, 3, 28 },
	{ "Europe/Lisbon", HALF_PAST_ONE, 0, "2027-03-28T01:30:00Z", "2027-03-29T00:30:00Z", 2027, 3, 29 },
	/* And back at 02:00: half past one comes twice, and the first counts. */
	{ "Europe/Lisbon", HALF_PAST_ONE, 0, "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z", 2026, 10, 25 },
	{ "Europe/Lisbon", HALF_PAST_ONE, 0, "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z", 2026, 10, 26 },
	/* A midnight that does not exist, and the short and long days around half past three. */
	{ "America/Asuncion", 0, 0, "2023-09-30T12:00:00Z", "2023-10-01T04:00:00Z", 2023, 10, 1 },
	{ "Europe/Lisbon", HALF_PAST_THREE, 0, "2027-03-27T12:00:00Z", "2027-03-28T02:30:00Z", 2027, 3, 28 },
	{ "Australia/Lord_Howe", HALF_PAST_ONE, 0, "2026-04-04T12:00:00Z", "2026-04-04T14:30:00Z", 2026, 4,
	  5 },
	/* A day that Samoa left out: its hour is the next day's, once. */
	{ "Pacific/Apia", SEVEN, 0, "2011-12-29T17:00:00Z", "2011-12-30T17:00:00Z", 2011, 12, 30 },
	{ "Pacific/Apia", SEVEN, 0, "2011-12-30T17:00:00Z", "2011-12-31T17:00:00Z", 2012, 1, 1 },
	{ "America/Sao_Paulo", SEVEN, 1, "2026-11-23T10:00:00Z", "2026-11-30T10:00:00Z", 2026, 11, 30 },
	{ "America/Sao_Paulo", SEVEN, 1, "2026-11-22T23:00:00Z", "2026-11-23T10:00:00Z", 2026, 11, 23 },
	{ "America/Sao_Paulo", SEVEN, 7, "2026-11-23T10:00:00Z", "2026-11-29T10:00:00Z", 2026, 11, 29 },
	{ "Europe/Lisbon", HALF_PAST_ONE, 7, "2027-03-22T12:00:00Z", "2027-03-28T01:30:00Z", 2027, 3, 28 },
	{ "Mars/Olympus", SEVEN, 0, "2026-11-23T09:59:59Z", "2026-11-23T10:00:00Z", 2026, 11, 23 },
};

TEST(the_next_occurrence_is_at_its_hour_on_the_wall)
{
	for (size_t i = 0; i < sizeof nexts / sizeof *nexts; i++) {
		struct plan plan = nexts[i].weekday ? weekly(nexts[i].zone, nexts[i].weekday, nexts[i].at_s)
						    : daily(nexts[i].zone, nexts[i].at_s);
		struct plan_at at = plan_next(&plan, AT(nexts[i].after));

		CHECK_TEXT(mem_fmt(t->pool, "%zu: %s", i, clock_iso(t->pool, at.due)),
			   mem_fmt(t->pool, "%zu: %s", i, nexts[i].due));
		CHECK_INT(at.day, civil_days(nexts[i].y, nexts[i].m, nexts[i].d));
	}
	return NULL;
}

/* A year of every hour in zones that change: each date once, in order, and never further than plan_horizon. */
TEST(a_year_has_each_date_once)
{
	static const char *const zones[] = { "Europe/Lisbon", "America/New_York",  "Australia/Lord_Howe",
					     "America/Nuuk",  "Africa/Casablanca", "Antarctica/Troll" };
	static const struct job job = { .when = JOB_DAILY };

	for (size_t z = 0; z < sizeof zones / sizeof *zones; z++)
		for (int at_s = 0; at_s < 86400; at_s += 1800) {
			struct plan plan = daily(zones[z], at_s);
			struct plan_at at = plan_next(&plan, AT("2026-01-01T00:00:00Z"));

			for (int i = 0; i < 366; i++) {
				struct plan_at next = plan_next(&plan, at.due);

				CHECK_INT(next.day, at.day + 1);
				CHECK(next.due > at.due && next.due - at.due <= 27 * HOUR_US);
				CHECK(next.due <= at.due + plan_horizon(&job));
				at = next;
			}
		}
	return NULL;
}

TEST(of_those_that_went_by_the_last_counts)
{
	struct plan plan = daily("Europe/Lisbon", SEVEN), sundays = weekly("Europe/Lisbon", 7, SEVEN);
	struct plan_at first = plan_next(&plan, AT("2026-11-23T00:00:00Z")), at;
	int64_t passed;

	at = plan_latest(&plan, first, AT("2026-11-23T07:00:00Z"), &passed);
	CHECK_INT(at.due, first.due);
	CHECK_INT(passed, 0);
	at = plan_latest(&plan, first, AT("2026-11-24T06:59:59Z"), &passed);
	CHECK_INT(at.due, first.due);
	CHECK_INT(passed, 0);
	at = plan_latest(&plan, first, AT("2026-11-26T07:00:00Z"), &passed);
	CHECK_INT(at.due, AT("2026-11-26T07:00:00Z"));
	CHECK_INT(passed, 3);
	/* Before its time, as after a clock that went back: none but itself. */
	at = plan_latest(&plan, first, AT("2026-11-20T12:00:00Z"), &passed);
	CHECK_INT(at.due, first.due);
	CHECK_INT(passed, 0);
	first = plan_next(&sundays, AT("2026-11-23T00:00:00Z"));
	at = plan_latest(&sundays, first, AT("2026-12-14T00:00:00Z"), &passed);
	CHECK_INT(at.due, AT("2026-12-13T07:00:00Z"));
	CHECK_INT(passed, 2);
	at = plan_latest(&sundays, first, AT("2026-12-13T06:59:00Z"), &passed);
	CHECK_INT(at.due, AT("2026-12-06T07:00:00Z"));
	CHECK_INT(passed, 1);
	return NULL;
}

TEST(an_interval_never_parks)
{
	const int64_t t0 = AT("2026-11-23T00:00:00Z");

	CHECK_INT(plan_every(HOUR_US, t0, t0 + SECOND_US), t0 + HOUR_US);
	CHECK_INT(plan_every(HOUR_US, t0, t0 + 5 * HOUR_US), t0 + 6 * HOUR_US);
	CHECK_INT(plan_every(HOUR_US, t0 + 1000 * DAY_US, t0), t0 + HOUR_US);
	return NULL;
}

TEST(tries_come_further_and_further_apart)
{
	static const int seconds[] = { 2, 4, 8, 16, 32, 64, 128, 256, 300, 300 };

	for (int i = 0; i < 10; i++)
		CHECK_INT(plan_retry(0, i + 1), seconds[i] * SECOND_US);
	CHECK_INT(plan_retry(0, 1000000), plan_retry_max(0));
	return NULL;
}

TEST(what_is_late_is_judged_by_its_kind)
{
	const int64_t due = AT("2026-11-23T07:00:00Z"), hour = HOUR_US, minute = MINUTE_US;
	struct job late = { .catch_up = CATCH_UP_LATE, .deadline_us = 6 * hour },
		   report = { .catch_up = CATCH_UP_REPORT, .deadline_us = 6 * hour },
		   skip = { .catch_up = CATCH_UP_SKIP, .deadline_us = 6 * hour }, never = late;

	never.deadline_us = 0;
	/* In time, and waiting its turn, all the same. */
	CHECK_INT(plan_judge(&late, due, due + minute, due + minute), PLAN_RUN);
	CHECK_INT(plan_judge(&report, due, due + 9 * minute, due + 9 * minute), PLAN_RUN);
	CHECK_INT(plan_judge(&skip, due, due + 9 * minute, due + 9 * minute), PLAN_RUN);
	/* Nobody was there. */
	CHECK_INT(plan_judge(&late, due, due + 5 * hour, due + 5 * hour), PLAN_RUN);
	CHECK_INT(plan_judge(&late, due, due + 7 * hour, due + 7 * hour), PLAN_SKIP);
	CHECK_INT(plan_judge(&never, due, due + 700 * hour, due + 700 * hour), PLAN_RUN);
	CHECK_INT(plan_judge(&report, due, due + hour, due + hour), PLAN_REPORT);
	CHECK_INT(plan_judge(&report, due, due + 700 * hour, due + 700 * hour), PLAN_REPORT);
	CHECK_INT(plan_judge(&skip, due, due + hour, due + hour), PLAN_SKIP);
	/* Begun in time and tried again: neither missed nor told, until its deadline. */
	CHECK_INT(plan_judge(&report, due, due + minute, due + hour), PLAN_RUN);
	CHECK_INT(plan_judge(&skip, due, due + minute, due + hour), PLAN_RUN);
	CHECK_INT(plan_judge(&late, due, due + minute, due + 7 * hour), PLAN_GIVE_UP);
	CHECK_INT(plan_judge(&skip, due, due + minute, due + 7 * hour), PLAN_GIVE_UP);
	/* A report that fails remains one, and is of use for as long as the job would have been. */
	CHECK_INT(plan_judge(&report, due, due + 700 * hour, due + 701 * hour), PLAN_REPORT);
	CHECK_INT(plan_judge(&report, due, due + 700 * hour, due + 707 * hour), PLAN_GIVE_UP);
	return NULL;
}
