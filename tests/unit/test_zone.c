#include "core/zone.h"

#include "core/clock.h"
#include "tests/test.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Every change from 1970 to 2060, against what the C library says of the same zone. */
static const char *const walked[] = {
	"America/Sao_Paulo", "America/New_York",  "Europe/Lisbon",
	"Europe/London",     "Europe/Berlin",     "Australia/Lord_Howe", /* 30 minutes */
	"Asia/Kolkata",      "Pacific/Apia",                             /* one day left out */
	"America/St_Johns",  "Africa/Casablanca",                        /* winter time is the exception */
	"Asia/Tehran",       "Pacific/Auckland",
};
enum { WALKED = sizeof walked / sizeof walked[0], STEP = 6 * 3600, CHANGES_MAX = 512 };
static const int64_t walk_end = INT64_C(2840140800); /* 2060-01-01 */

static int64_t libc_offset(int64_t t)
{
	time_t at = (time_t)t;
	struct tm tm;

	localtime_r(&at, &tm);
	return tm.tm_gmtoff;
}

static void libc_zone(const char *name)
{
	setenv("TZ", name, 1);
	tzset();
}

/* The first second of the new offset, somewhere in (from, to]. */
static int64_t libc_change(int64_t from, int64_t to)
{
	int64_t before = libc_offset(from);

	while (to - from > 1) {
		int64_t middle = from + (to - from) / 2;

		if (libc_offset(middle) == before)
			from = middle;
		else
			to = middle;
	}
	return to;
}

static size_t libc_changes(int64_t *ret)
{
	size_t n = 0;

	for (int64_t t = 0; t < walk_end && n < CHANGES_MAX; t += STEP)
		if (libc_offset(t) != libc_offset(t + STEP))
			ret[n++] = libc_change(t, t + STEP);
	return n;
}

/* What zone.h promises of one change: at, from one offset to the other. */
static int64_t expected_instant(int64_t wall, int64_t at, int64_t before, int64_t after)
{
	if (wall - before < at)
		return wall - before; /* the only one, or the first of two */
	return wall - after >= at ? wall - after : wall - before;
}

static NODISCARD err_t *check_change(const struct zone *zone, int64_t at)
{
	int64_t before = libc_offset(at - 1), after = libc_offset(at), far = llabs(after - before) + 7200;

	for (int64_t u = at - far; u <= at + far; u += 60) {
		CHECK_INT(zone_wall(zone, u * SECOND_US), u + libc_offset(u));
		CHECK_INT(zone_offset(zone, u * SECOND_US + 1), libc_offset(u));
	}
	CHECK_INT(zone_offset(zone, at * SECOND_US - 1), before);
	for (int64_t wall = at + before - far; wall <= at + before + far; wall += 60)
		CHECK_INT(zone_instant(zone, wall), expected_instant(wall, at, before, after) * SECOND_US);
	CHECK_INT(zone_instant(zone, at + before),
		  expected_instant(at + before, at, before, after) * SECOND_US);
	CHECK_INT(zone_instant(zone, at + before - 1), (at - 1) * SECOND_US);
	return NULL;
}

TEST(walks_every_change_of_twelve_zones)
{
	const struct zone *zone;
	static int64_t changes[CHANGES_MAX];
	size_t total = 0;

	for (size_t i = 0; i < WALKED; i++) {
		int64_t at = 0;
		size_t n, seen = 0;

		ERR(zone_find(walked[i], &zone));
		libc_zone(walked[i]);
		n = libc_changes(changes);
		for (size_t k = 0; k < n; k++)
			ERR(err_wrap(check_change(zone, changes[k]), "%s, change %zu at %lld", walked[i], k,
				     (long long)changes[k]));
		/* ... and no change that the C library does not know. */
		while (zone_next_change(zone, at, walk_end * SECOND_US, &at)) {
			CHECK(seen < n);
			CHECK_INT(at, changes[seen] * SECOND_US);
			seen++;
		}
		CHECK_INT(seen, n);
		total += n;
	}
	CHECK(total > 1000);
	return NULL;
}

/* Each hour of some years, before 1970 and far past the tables too. */
TEST(agrees_with_the_c_library_in_any_year)
{
	static const int64_t
		years[] = { -3155673600 /* 1870 */, -631152000 /* 1950 */, 0,          951782400,
			    1767225600 /* 2026 */,  4102444800 /* 2100 */, 12622780800 /* 2370 */ };
	const struct zone *zone;

	for (size_t i = 0; i < WALKED; i++) {
		ERR(zone_find(walked[i], &zone));
		libc_zone(walked[i]);
		for (size_t k = 0; k < sizeof years / sizeof years[0]; k++)
			for (int64_t u = years[k]; u < years[k] + 366 * 86400; u += 3600)
				CHECK_INT(zone_offset(zone, u * SECOND_US), libc_offset(u));
	}
	return NULL;
}

TEST(moves_forward_in_a_gap_and_takes_the_first_in_an_overlap)
{
	const struct zone *new_york = NULL, *apia = NULL;
	int64_t instant;

	ERR(zone_find("America/New_York", &new_york));
	ERR(zone_find("Pacific/Apia", &apia));
	ERR(clock_parse("2026-03-08T02:30:00Z", &instant)); /* 02:30 -> 03:30 EDT */
	CHECK_TEXT(clock_iso(t->pool, zone_instant(new_york, instant / SECOND_US)), "2026-03-08T07:30:00Z");
	ERR(clock_parse("2026-11-01T01:30:00Z", &instant)); /* 01:30 EDT, then 01:30 EST */
	CHECK_TEXT(clock_iso(t->pool, zone_instant(new_york, instant / SECOND_US)), "2026-11-01T05:30:00Z");
	ERR(clock_parse("2011-12-30T12:00:00Z", &instant)); /* the day that was left out: noon of the 31st */
	instant = zone_instant(apia, instant / SECOND_US);
	CHECK_TEXT(clock_iso(t->pool, instant), "2011-12-30T22:00:00Z");
	CHECK_TEXT(clock_iso(t->pool, zone_wall(apia, instant) * SECOND_US), "2011-12-31T12:00:00Z");
	return NULL;
}

TEST(finds_no_zone_by_a_name_that_is_none)
{
	static const char *const none[] = {
		"",
		"America",
		"America/",
		"/America/Sao_Paulo",
		"../zoneinfo/UTC",
		"America/../UTC",
		"America//Sao_Paulo",
		"America/Sao_Paulo ",
		"America/S\xC3\xA3o_Paulo",
		"America/Nowhere",
		"localtime",
		"right/UTC",
		"zone.tab",
		"a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z/aaaaaaaaaaaaaaaaaaaa"
	};
	const struct zone *zone, *same;

	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		ERR(err_wrap(test_err(__FILE__, __LINE__, none[i], zone_find(none[i], &zone), ERR_NOT_FOUND),
			     "\"%s\"", none[i]));
	CHECK_ERR(zone_find(NULL, &zone), ERR_NOT_FOUND);
	CHECK_ERR(zone_find("leapseconds", &zone), ERR_INVALID);
	ERR(zone_find("Etc/GMT+3", &zone));
	CHECK_INT(zone_offset(zone, 0), -3 * 3600);
	ERR(zone_find("Etc/GMT+3", &same));
	CHECK(same == zone);
	return NULL;
}

/* A version 2 file: one type, no changes, and this footer. */
static size_t file_make(unsigned char *p, const char *footer)
{
	static const unsigned char block[6] = { 0, 0, 0, 0, 0, 0 };
	size_t n = 0;

	for (int i = 0; i < 2; i++) {
		memset(p + n, 0, 44);
		mempcpy(p + n, "TZif2", 5);
		p[n + 39] = 1; /* types */
		p[n + 43] = 1; /* characters */
		mempcpy(p + n + 44, block, 6);
		p[n + 50] = 0;
		n += 51;
	}
	return n + (size_t)snprintf((char *)p + n, 64, "\n%s\n", footer);
}

TEST(reads_every_form_of_a_footer)
{
	static const struct {
		const char *footer, *iso;
		int64_t offset;
	} cases[] = {
		{ "", "2026-07-01T00:00:00Z", 0 },
		{ "UTC0", "2026-07-01T00:00:00Z", 0 },
		{ "<-03>3", "2026-07-01T00:00:00Z", -10800 },
		{ "<+0545>-5:45", "2026-07-01T00:00:00Z", 20700 },
		{ "LMT-1:02:03", "2026-07-01T00:00:00Z", 3723 },
		{ "EST5EDT,M3.2.0,M11.1.0", "2026-03-08T06:59:59Z", -18000 },
		{ "EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z", -14400 },
		{ "EST5EDT,M3.2.0,M11.1.0", "2026-11-01T05:59:59Z", -14400 },
		{ "EST5EDT,M3.2.0,M11.1.0", "2026-11-01T06:00:00Z", -18000 },
		{ "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-01-01T00:00:00Z", 39600 },
		{ "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-06-01T00:00:00Z", 37800 },
		{ "IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T00:00:00Z", 0 },
		{ "IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00Z", 3600 },
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -7200 },
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -3600 },
		{ "IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-27T00:00:00Z", 10800 },
		{ "AAA0BBB,J60,J300", "2024-03-01T02:00:00Z", 3600 }, /* 1 March in every year */
		{ "AAA0BBB,J60,J300", "2024-02-29T23:00:00Z", 0 },
		{ "AAA0BBB,59,300", "2024-02-29T02:00:00Z", 3600 },       /* 29 February in a leap year */
		{ "AAA3BBB,0/0,J365/25", "2026-07-01T00:00:00Z", -7200 }, /* all year */
	};
	unsigned char file[256];
	struct zone *zone;
	int64_t at;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ERR(err_wrap(zone_decode(t->pool, file, file_make(file, cases[i].footer), &zone), "%s",
			     cases[i].footer));
		ERR(clock_parse(cases[i].iso, &at));
		ERR(err_wrap(test_int(__FILE__, __LINE__, cases[i].iso, zone_offset(zone, at),
				      cases[i].offset),
			     "%s", cases[i].footer));
	}
	return NULL;
}

TEST(refuses_a_malformed_file)
{
	static const char *const footers[] = { "E5",
					       "EST",
					       "EST99999",
					       "EST5EDT",
					       "EST5EDT,M13.1.0,M4.1.0",
					       "<EST5",
					       "EST5EDT,",
					       "EST5EDT,M3.2.0",
					       "EST27",
					       "EST5EDT,M3.0.0,M4.1.0",
					       "EST5:60",
					       "EST5EDT,J0,J9",
					       "EST5EDT,400,2",
					       "EST5EDT,M3.2.0,M11.1.0,",
					       "EST5EDT,M3.2.0/168,M11.1.0" };
	unsigned char file[256];
	struct zone *zone;
	size_t n = file_make(file, "EST5EDT,M3.2.0,M11.1.0");

	for (size_t k = 0; k < n; k++) /* cut short anywhere */
		CHECK_ERR(zone_decode(t->pool, mem_dup(t->pool, file, k), k, &zone), ERR_INVALID);
	ERR(zone_decode(t->pool, file, n, &zone));
	for (size_t k = 20; k < 44; k += 4) { /* counts that are not there, or negative */
		file_make(file, "");
		file[k + 1] = 0x7F;
		CHECK_ERR(zone_decode(t->pool, file, n, &zone), ERR_INVALID);
		file[k] = 0x80;
		CHECK_ERR(zone_decode(t->pool, file, n, &zone), ERR_INVALID);
	}
	for (size_t i = 0; i < sizeof footers / sizeof footers[0]; i++)
		ERR(err_wrap(test_err(__FILE__, __LINE__, "zone_decode",
				      zone_decode(t->pool, file, file_make(file, footers[i]), &zone),
				      ERR_INVALID),
			     "\"%s\"", footers[i]));
	n = file_make(file, "");
	file[51 + 44] = 0x7F; /* an offset of years */
	CHECK_ERR(zone_decode(t->pool, file, n, &zone), ERR_INVALID);
	return NULL;
}

TEST(survives_instants_at_the_ends_of_time)
{
	static const int64_t ends[] = { INT64_MIN, INT64_MIN + 1, INT64_MAX - 1, INT64_MAX };
	const struct zone *zone;
	int64_t at = 7;

	ERR(zone_find("America/New_York", &zone));
	for (size_t i = 0; i < 4; i++) {
		CHECK(llabs(zone_offset(zone, ends[i])) <= 5 * 3600);
		CHECK(zone_wall(zone, zone_instant(zone, ends[i])) != 0);
	}
	CHECK(!zone_next_change(zone, INT64_MAX - 1, INT64_MAX, &at));
	CHECK_INT(at, 7);
	return NULL;
}
