#include "core/ical.h"

#include "core/clock.h"
#include "core/fiber.h"
#include "core/zone.h"
#include "ml/date/date.h"
#include "ml/date/date_part.h"
#include "tests/test.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DAY = 86400, SLOW_US = 1500000 };

static int64_t wall_at(const char *iso)
{
	int64_t wall = INT64_MIN;

	(void)date_parse_iso(iso, &wall);
	return wall;
}

/* The first occurrences after `after`, "2026-01-01T09:00 ..."; "end" when the rule ends before n of them. */
static const char *list(apr_pool_t *pool, const char *rrule, const char *start, const char *after, int n)
{
	struct buf b = buf_new(pool, 4096);
	int64_t wall = wall_at(after);
	bool found;

	for (int i = 0; i < n; i++) {
		err_t *err = ical_rule_next(rrule, wall_at(start), wall, &wall, &found);

		if (err) {
			const char *name = err_name(err->code);

			err_clear(err);
			return name;
		}
		if (!found) {
			buf_text(&b, "end");
			break;
		}
		buf_fmt(&b, "%s ", mem_textn(pool, date_iso(pool, wall), 16));
	}
	return b.p;
}

static int64_t cpu_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * SECOND_US + ts.tv_nsec / 1000;
}

static const struct {
	const char *rrule, *start, *after;
	int n;
	const char *expected;
} followed[] = {
	{ "FREQ=DAILY", "2026-01-01T09:00:00", "2025-12-31T00:00:00", 3,
	  "2026-01-01T09:00 2026-01-02T09:00 2026-01-03T09:00 " },
	{ "FREQ=DAILY", "2026-01-01T09:00:00", "2026-01-01T09:00:00", 1, "2026-01-02T09:00 " },
	{ "FREQ=DAILY", "2026-01-01T09:00:00", "2026-01-01T08:59:59", 1, "2026-01-01T09:00 " },
	{ "FREQ=DAILY;INTERVAL=3", "2026-01-01T09:00:00", "2026-01-02T00:00:00", 2,
	  "2026-01-04T09:00 2026-01-07T09:00 " },
	{ "freq=weekly;byday=mo,we", "2026-01-05T09:00:00", "2026-01-05T09:00:00", 3,
	  "2026-01-07T09:00 2026-01-12T09:00 2026-01-14T09:00 " },
	{ "FREQ=WEEKLY;INTERVAL=2", "2026-01-05T09:00:00", "2026-01-05T09:00:00", 2,
	  "2026-01-19T09:00 2026-02-02T09:00 " },
	{ "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "1997-08-05T09:00:00", "1997-08-01T00:00:00", 4,
	  "1997-08-05T09:00 1997-08-17T09:00 1997-08-19T09:00 1997-08-31T09:00 " },
	{ "FREQ=MONTHLY;BYMONTHDAY=-1", "2028-01-31T18:00:00", "2028-01-31T18:00:00", 3,
	  "2028-02-29T18:00 2028-03-31T18:00 2028-04-30T18:00 " },
	{ "FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31T18:00:00", "2026-01-31T18:00:00", 2,
	  "2026-03-31T18:00 2026-05-31T18:00 " },
	{ "FREQ=MONTHLY;BYDAY=1MO", "2026-12-07T10:00:00", "2026-12-07T10:00:00", 2,
	  "2027-01-04T10:00 2027-02-01T10:00 " },
	{ "FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27T20:00:00", "2026-11-27T20:00:00", 2,
	  "2026-12-25T20:00 2027-01-29T20:00 " },
	{ "FREQ=MONTHLY;BYDAY=5SU", "2026-03-29T20:00:00", "2026-03-29T20:00:00", 2,
	  "2026-05-31T20:00 2026-08-30T20:00 " },
	{ "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-01-30T08:00:00", "2026-01-30T08:00:00", 2,
	  "2026-02-27T08:00 2026-03-31T08:00 " },
	{ "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2024-02-29T08:00:00", "2024-02-29T08:00:00", 2,
	  "2028-02-29T08:00 2032-02-29T08:00 " },
	{ "FREQ=YEARLY", "2026-03-15T00:00:00", "2026-03-15T00:00:00", 2,
	  "2027-03-15T00:00 2028-03-15T00:00 " },
	{ "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2096-02-29T08:00:00", "2096-02-29T08:00:00", 1,
	  "2104-02-29T08:00 " }, /* 2100 is no leap year */
	{ "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2026-11-26T12:00:00", "2026-11-26T12:00:00", 1,
	  "2027-11-25T12:00 " },
	{ "FREQ=HOURLY;INTERVAL=8", "2026-01-01T06:00:00", "2026-01-01T06:00:00", 3,
	  "2026-01-01T14:00 2026-01-01T22:00 2026-01-02T06:00 " },
	{ "FREQ=DAILY;BYHOUR=8,20", "2026-01-01T08:00:00", "2026-01-01T08:00:00", 2,
	  "2026-01-01T20:00 2026-01-02T08:00 " },
	{ "FREQ=DAILY;COUNT=3", "2026-01-01T09:00:00", "2026-01-02T00:00:00", 5,
	  "2026-01-02T09:00 2026-01-03T09:00 end" },
	/* Until: its instant is the last, a bare date means that whole day, Z is the same wall. */
	{ "FREQ=DAILY;UNTIL=20260102T090000", "2026-01-01T09:00:00", "2026-01-01T00:00:00", 5,
	  "2026-01-01T09:00 2026-01-02T09:00 end" },
	{ "FREQ=DAILY;UNTIL=20260102", "2026-01-01T09:00:00", "2026-01-01T00:00:00", 5,
	  "2026-01-01T09:00 2026-01-02T09:00 end" },
	{ "FREQ=DAILY;UNTIL=20260102T090000Z", "2026-01-01T09:00:00", "2026-01-01T00:00:00", 5,
	  "2026-01-01T09:00 2026-01-02T09:00 end" },
	{ "FREQ=DAILY;UNTIL=20250101", "2026-01-01T09:00:00", "2026-01-01T00:00:00", 5, "end" },
	/* A start that is none of the rule's days is no occurrence. */
	{ "FREQ=WEEKLY;BYDAY=MO", "2026-01-01T09:00:00", "2025-12-01T00:00:00", 1, "2026-01-05T09:00 " },
	/* Long ago. */
	{ "FREQ=DAILY;INTERVAL=2", "1971-01-01T09:00:00", "2026-01-01T09:00:00", 2,
	  "2026-01-02T09:00 2026-01-04T09:00 " },
	{ "FREQ=MONTHLY;BYMONTHDAY=15", "1960-01-15T09:00:00", "2026-01-15T09:00:00", 1,
	  "2026-02-15T09:00 " },
};

TEST(follows_rules)
{
	for (size_t i = 0; i < sizeof followed / sizeof followed[0]; i++)
		ERR(err_wrap(test_text(__FILE__, __LINE__, "list",
				       list(t->pool, followed[i].rrule, followed[i].start, followed[i].after,
					    followed[i].n),
				       followed[i].expected),
			     "%s", followed[i].rrule));
	return NULL;
}

TEST(refuses_what_it_does_not_follow)
{
	static const char *const bad[] = {
		"",
		"FREQ",
		"FREQ=",
		"DAILY",
		"RRULE:FREQ=DAILY",
		"FREQ=SECONDLY",
		"FREQ=MINUTELY;INTERVAL=5",
		"FREQ=FORTNIGHTLY",
		"INTERVAL=2",
		"FREQ=DAILY;FREQ=WEEKLY",
		"FREQ=DAILY;",
		"FREQ=DAILY;;COUNT=2",
		"FREQ=DAILY;INTERVAL=0",
		"FREQ=DAILY;INTERVAL=-1",
		"FREQ=DAILY;INTERVAL=99999",
		"FREQ=DAILY;INTERVAL=x",
		"FREQ=DAILY;COUNT=0",
		"FREQ=DAILY;COUNT=99999999999",
		"FREQ=DAILY;COUNT=2;UNTIL=20270101",
		"FREQ=DAILY;UNTIL=tomorrow",
		"FREQ=DAILY;UNTIL=2027-01-01",
		"FREQ=WEEKLY;BYDAY=XX",
		"FREQ=WEEKLY;BYDAY=",
		"FREQ=WEEKLY;BYDAY=MO,,TU",
		"FREQ=MONTHLY;BYDAY=6MO",
		"FREQ=MONTHLY;BYMONTHDAY=32",
		"FREQ=MONTHLY;BYMONTHDAY=0",
		"FREQ=DAILY;BYMONTH=13",
		"FREQ=DAILY;BYHOUR=24",
		"FREQ=DAILY;BYSECOND=5",
		"FREQ=DAILY;X-OWN=1",
		"FREQ=YEARLY;RSCALE=CHINESE;BYMONTH=5L",
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
		"FREQ=MONTHLY;BYMONTH=2,4;BYMONTHDAY=31",
		"FREQ=DAILY;BYMONTH=4;BYMONTHDAY=-31",
		"FREQ=HOURLY;BYMONTHDAY=1",
		"FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
		"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-24",
		"FREQ=YEARLY;BYDAY=MO;BYSETPOS=54",
		"FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
	};
	char *longest = mem_alloc(t->pool, 600);

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		ERR(err_wrap(test_err(__FILE__, __LINE__, "check", ical_rule_check(bad[i]), ERR_INVALID),
			     "\"%s\"", bad[i]));
	CHECK_ERR(ical_rule_check(NULL), ERR_INVALID);
	memset(longest, '1', 599);
	mempcpy(longest, "FREQ=DAILY;BYHOUR=", 18);
	CHECK_ERR(ical_rule_check(longest), ERR_INVALID);
	return NULL;
}

/* What never comes, or comes once in decades, costs a bounded time: the loop stands still meanwhile. */
TEST(gives_up_on_what_never_comes)
{
	static const char *const rare[] = {
		"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=23;BYMONTH=2",
		"FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31",
		"FREQ=DAILY;INTERVAL=7;BYDAY=SA",
		"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",
		"FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
		"FREQ=YEARLY;BYYEARDAY=366;BYDAY=MO",
		"FREQ=HOURLY;INTERVAL=168;BYDAY=SA",
		"FREQ=HOURLY;INTERVAL=24;BYHOUR=3;BYDAY=SA",
		"FREQ=HOURLY;INTERVAL=48;BYHOUR=1;BYMINUTE=7",
		"FREQ=YEARLY;INTERVAL=9999",
		"FREQ=DAILY;INTERVAL=9999;BYMONTH=2",
		"FREQ=DAILY;COUNT=100000",
		"FREQ=HOURLY;COUNT=100000",
	};
	int64_t wall, n;
	bool found;

	for (size_t i = 0; i < sizeof rare / sizeof rare[0]; i++) {
		int64_t begin = cpu_us(), start = wall_at("2026-02-02T09:00:00");
		err_t *err = ical_rule_next(rare[i], start, start, &wall, &found);

		if (err && err->code != ERR_INVALID)
			return err_wrap(err, "%s", rare[i]);
		err_clear(err);
		if (cpu_us() - begin > SLOW_US)
			return err_new(ERR_TIMEOUT, "%s: %lld us", rare[i], (long long)(cpu_us() - begin));
	}
	/* Occurrences are counted no further than asked. */
	ERR(ical_rule_count("FREQ=DAILY", 0, 0, INT64_C(1) << 40, 10, &n));
	CHECK_INT(n, 10);
	ERR(ical_rule_count("FREQ=DAILY", 9 * 3600, 0, 5 * DAY, 100, &n));
	CHECK_INT(n, 5);
	ERR(ical_rule_count("FREQ=DAILY;COUNT=3", 0, 0, 5 * DAY, 100, &n));
	CHECK_INT(n, 2);
	wall = 7;
	ERR(ical_rule_next("FREQ=DAILY;COUNT=1", 0, 0, &wall, &found));
	CHECK(!found && wall == 7);
	CHECK_ERR(ical_rule_next("FREQ=DAILY", INT64_MAX, 0, &wall, &found), ERR_INVALID);
	CHECK_ERR(ical_rule_next("FREQ=DAILY", 0, INT64_MIN, &wall, &found), ERR_INVALID);
	return NULL;
}

/* Leaping to a time long after the start, and between eras, gives what walking there gives. */
TEST(leaps_as_it_walks)
{
	static const char *const rules[] = {
		"FREQ=DAILY;INTERVAL=5",           "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,FR",
		"FREQ=MONTHLY;INTERVAL=7",         "FREQ=MONTHLY;INTERVAL=5;BYDAY=2WE",
		"FREQ=YEARLY;INTERVAL=3",          "FREQ=YEARLY;INTERVAL=2;BYMONTH=3,9;BYDAY=-1SU",
		"FREQ=HOURLY;INTERVAL=17",         "FREQ=DAILY;INTERVAL=3;BYMONTH=1,2",
		"FREQ=MONTHLY;BYMONTHDAY=-3",      "FREQ=MONTHLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=3",
		"FREQ=WEEKLY;INTERVAL=8;BYDAY=SU",
	};

	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		const char *walked = mem_fmt(t->pool, "%s;COUNT=100000", rules[i]); /* which is never leapt */

		for (int year = 2020; year < 2060; year += 3) {
			const char *after = mem_fmt(t->pool, "%d-07-05T03:00:00", year);

			ERR(err_wrap(test_text(__FILE__, __LINE__, after,
					       list(t->pool, rules[i], "2017-03-14T09:30:00", after, 2),
					       list(t->pool, walked, "2017-03-14T09:30:00", after, 2)),
				     "%s", rules[i]));
		}
	}
	return NULL;
}

static NODISCARD err_t *check_set(struct test *t, struct set set)
{
	const char *rrule = set_rrule(t->pool, &set);
	int64_t from = wall_at("2026-11-21") / DAY, first = set_first(&set, from), wall = 0;
	bool found;

	ERR(err_wrap(ical_rule_check(rrule), "%s", rrule));
	if (first == from && set.month_day > 28)
		return NULL;
	ERR(ical_rule_next(rrule, first * DAY, first * DAY - 1, &wall, &found));
	if (!found || wall != first * DAY)
		return err_new(ERR_INTERNAL, "%s: its first occurrence is none", rrule);
	return NULL;
}

/* Every form of rule that ml/date writes is taken, and what it calls the first occurrence is one. */
TEST(takes_each_rule_that_dates_write)
{
	static const int longest[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	for (int interval = 1; interval < 1000; interval += 13)
		for (int freq = 0; freq < 4; freq++)
			ERR(check_set(t, (struct set){ .freq = freq, .interval = interval }));
	for (unsigned mask = 1; mask < 128; mask++)
		for (int interval = 1; interval < 4; interval++)
			ERR(check_set(t, (struct set){
						 .freq = 1, .interval = interval, .weekdays = mask << 1 }));
	for (int day = -1; day <= 31; day++)
		if (day)
			ERR(check_set(t, (struct set){ .freq = 2, .interval = 1, .month_day = day }));
	for (int month = 1; month <= 12; month++)
		for (int day = 1; day <= longest[month - 1]; day++)
			ERR(check_set(t,
				      (struct set){
					      .freq = 3, .interval = 1, .month = month, .month_day = day }));
	for (int nth = -1; nth <= 5; nth++)
		for (int weekday = 1; nth && weekday <= 7; weekday++)
			ERR(check_set(t, (struct set){ .freq = 2,
						       .interval = 1,
						       .weekdays = 1U << weekday,
						       .nth = nth }));
	for (int nth = -1; nth <= 20; nth++)
		if (nth)
			ERR(check_set(t, (struct set){
						 .freq = 2, .interval = 1, .weekdays = 0x3E, .nth = nth }));
	return NULL;
}

TEST(takes_rules_as_people_say_them)
{
	static const struct {
		enum lang lang;
		const char *text;
	} said[] = {
		{ LANG_PT, "todo último dia do mês às 18h" },
		{ LANG_PT, "toda primeira segunda do mês às 10h" },
		{ LANG_PT, "de 15 em 15 dias" },
		{ LANG_PT, "todo dia 31 às 9h" },
		{ LANG_PT, "a cada 2 meses" },
		{ LANG_PT, "dia sim dia não às 7h" },
		{ LANG_PT, "todo 29 de fevereiro" },
		{ LANG_PT, "todo quinto dia útil do mês" },
		{ LANG_PT, "todo fim de semana às 10h" },
		{ LANG_PT, "uma vez por semestre" },
		{ LANG_EN, "every other tuesday at 5pm" },
		{ LANG_EN, "last friday of every month at 8pm" },
		{ LANG_EN, "every 15 march" },
		{ LANG_EN, "every weekday at 9:15am" },
		{ LANG_EN, "every 3 weeks on monday at 8am" },
		{ LANG_EN, "once a quarter" },
		{ LANG_EN, "every morning" },
		{ LANG_EN, "on 19th of every month" },
	};
	int64_t reference = wall_at("2026-11-21T10:00:00"), wall = 0;
	struct date_found f;
	bool found;

	for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
		if (!date_find(t->pool, said[i].text, said[i].lang, reference, &f) || !f.rrule)
			return err_new(ERR_INTERNAL, "\"%s\" has no rule", said[i].text);
		ERR(err_wrap(ical_rule_next(f.rrule, f.start, f.start - 1, &wall, &found), "%s",
			     said[i].text));
		if (!found || wall != f.start)
			return err_new(ERR_INTERNAL, "\"%s\": %s does not begin at %s", said[i].text, f.rrule,
				       date_iso(t->pool, f.start));
	}
	return NULL;
}

/* --- over changes of the clock -------------------------------------------------------------------- */

/* One rule, fired one by one around a change as a reminder would be: the next is after the wall that the last one showed. */
static NODISCARD err_t *fire_over(const struct zone *zone, const char *rrule, int64_t step, int64_t start,
				  int64_t end)
{
	int64_t wall = start - 1, expected = start, instant, last = INT64_MIN;
	bool found;

	while (expected < end) {
		ERR(ical_rule_next(rrule, start, wall, &wall, &found));
		CHECK(found);
		CHECK_INT(wall, expected); /* never skipped */
		instant = zone_instant(zone, wall);
		CHECK(instant > last); /* never twice */
		last = instant;
		if (zone_wall(zone, instant) != wall) {
			int64_t before = zone_offset(zone, instant - DAY * SECOND_US);

			CHECK(zone_wall(zone, instant) > wall); /* a gap: forward */
			CHECK(instant == (wall - before) * SECOND_US ||
			      zone_wall(zone, instant) - wall >= 1800);
		} else {
			/* no earlier instant shows the same wall */
			for (int64_t back = 900; back <= 3 * 3600; back += 900)
				CHECK(zone_wall(zone, instant - back * SECOND_US) != wall);
		}
		wall = zone_wall(zone, instant) > wall ? zone_wall(zone, instant) : wall;
		for (expected += step; expected <= wall; expected += step)
			;
	}
	return NULL;
}

TEST(fires_once_over_each_change_of_twelve_zones)
{
	static const char *const names[] = { "America/Sao_Paulo", "America/New_York", "Europe/Lisbon",
					     "Europe/London",     "Europe/Berlin",    "Australia/Lord_Howe",
					     "Asia/Kolkata",      "Pacific/Apia",     "America/St_Johns",
					     "Africa/Casablanca", "Asia/Tehran",      "Pacific/Auckland" };
	static const int64_t times[] = { 0, 1800, 2 * 3600, 2 * 3600 + 1800, 3 * 3600, 23 * 3600 + 1800 };
	const struct zone *zone = NULL;
	size_t changes = 0;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		int64_t at = wall_at("2006-01-01") * SECOND_US, limit = wall_at("2034-01-01") * SECOND_US;

		ERR(zone_find(names[i], &zone));
		for (; zone_next_change(zone, at, limit, &at); changes++) {
			int64_t day = zone_wall(zone, at - SECOND_US) / DAY * DAY;

			for (size_t k = 0; k < sizeof times / sizeof times[0]; k++) {
				int64_t start = day - 2 * DAY + times[k], week = day - 7 * DAY + times[k];

				ERR(err_wrap(fire_over(zone, "FREQ=DAILY", DAY, start, start + 5 * DAY),
					     "%s, day", names[i]));
				ERR(err_wrap(fire_over(zone, "FREQ=WEEKLY", 7 * DAY, week, week + 15 * DAY),
					     "%s, week", names[i]));
			}
			ERR(err_wrap(fire_over(zone, "FREQ=HOURLY", 3600, day - 7200, day + DAY), "%s, hour",
				     names[i]));
		}
	}
	CHECK(changes > 200);
	return NULL;
}

TEST(fires_at_the_right_instants)
{
	static const struct {
		const char *zone, *start, *fired[3];
	} cases[] = {
		{ "America/New_York",
		  "2026-03-07T02:30:00",
		  { "2026-03-07T07:30:00Z", "2026-03-08T07:30:00Z", "2026-03-09T06:30:00Z" } },
		{ "America/New_York",
		  "2026-10-31T01:30:00",
		  { "2026-10-31T05:30:00Z", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z" } },
		{ "Europe/Berlin",
		  "2026-03-28T02:30:00",
		  { "2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z" } },
		{ "Australia/Lord_Howe",
		  "2026-10-03T02:15:00",
		  { "2026-10-02T15:45:00Z", "2026-10-03T15:45:00Z", "2026-10-04T15:15:00Z" } },
		{ "America/Sao_Paulo",
		  "2018-11-03T00:30:00",
		  { "2018-11-03T03:30:00Z", "2018-11-04T03:30:00Z", "2018-11-05T02:30:00Z" } },
	};
	const struct zone *zone = NULL;
	int64_t wall;
	bool found;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ERR(zone_find(cases[i].zone, &zone));
		wall = wall_at(cases[i].start) - 1;
		for (int k = 0; k < 3; k++) {
			ERR(ical_rule_next("FREQ=DAILY", wall_at(cases[i].start), wall, &wall, &found));
			CHECK(found);
			CHECK_TEXT(clock_iso(t->pool, zone_instant(zone, wall)), cases[i].fired[k]);
		}
	}
	return NULL;
}

/* The library on a fiber's small stack, from its first call on. */
static bool in_fiber_ok;
static void in_fiber(void *arg)
{
	int64_t wall;
	bool found = false;
	err_t *err = ical_rule_next("FREQ=YEARLY;BYMONTH=1,3,5;BYDAY=MO,-1TU;BYSETPOS=-1,2", 0,
				    DAY * INT64_C(20000), &wall, &found);

	(void)arg;
	in_fiber_ok = !err && found;
	err_clear(err);
	fiber_stop();
}

TEST(fits_on_the_stack_of_a_fiber)
{
	fiber_init();
	fiber_go("ical", in_fiber, NULL);
	fiber_run();
	CHECK(in_fiber_ok);
	return NULL;
}

TEST(a_calendar_file_holds_its_items_with_zone_and_rule)
{
	const struct ical_item items[] = {
		{ .uid = "r1@lembra",
		  .title = "tomar remédio; sempre, às 8",
		  .zone = "America/Sao_Paulo",
		  .start = 1795075200,
		  .rrule = "FREQ=DAILY",
		  .stamp = 1795000000000000 },
		{ .uid = "e2@lembra",
		  .title = "viagem",
		  .zone = "Europe/Lisbon",
		  .start = 1795132800,
		  .end = 1795305600,
		  .all_day = true },
	};
	const char *text = ical_calendar(t->pool, items, 2);

	CHECK(strstr(text, "BEGIN:VCALENDAR"));
	CHECK(strstr(text, "SUMMARY:tomar remédio\\; sempre\\, às 8"));
	CHECK(strstr(text, "RRULE:FREQ=DAILY"));
	CHECK(strstr(text, "BEGIN:VTIMEZONE"));
	CHECK(strstr(text, "DTSTART;TZID="));
	CHECK(strstr(text, ":20261119T080000"));
	CHECK(strstr(text, "DTSTART;VALUE=DATE:20261120"));
	CHECK(strstr(text, "DTEND;VALUE=DATE:20261122"));
	return NULL;
}
