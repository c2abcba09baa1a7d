#include "core/clock.h"
#include "tests/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define T0 INT64_C(1795235504000000) /* 2026-11-21T04:31:44Z */

/* A file of this line whose change lies `age_s` seconds back. */
static const char *clock_file(struct test *t, const char *path, const char *line, int age_s)
{
	if (!path) {
		char *made = mem_text(t->pool, "/tmp/lembra-clock-XXXXXX");
		close(mkstemp(made));
		path = made;
	}
	FILE *f = fopen(path, "w");
	fputs(line, f);
	fclose(f);

	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_sec -= age_s;
	utimensat(AT_FDCWD, path, (struct timespec[]){ now, now }, 0);
	return path;
}

static bool near(int64_t a, int64_t b)
{
	return llabs(a - b) < 5 * SECOND_US;
}

TEST(iso_both_ways)
{
	static const struct {
		const char *iso;
		int64_t instant;
		const char *back;
	} cases[] = {
		{ "2026-11-21T04:31:44Z", T0, "2026-11-21T04:31:44Z" },
		{ "2026-11-21T01:31:44-03:00", T0, "2026-11-21T04:31:44Z" },
		{ "2026-11-21T10:01:44+05:30", T0, "2026-11-21T04:31:44Z" },
		{ "2026-11-21T04:31:44.5Z", T0 + 500000, "2026-11-21T04:31:44.500Z" },
		{ "2026-11-21T04:31:44.123456789Z", T0 + 123456, "2026-11-21T04:31:44.123Z" },
		{ "2024-02-29T00:00:00Z", INT64_C(1709164800000000), "2024-02-29T00:00:00Z" },
		{ "1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z" },
		{ "1969-12-31T23:59:59.750Z", -250000, "1969-12-31T23:59:59.750Z" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t instant = 1;
		ERR(clock_parse(cases[i].iso, &instant));
		CHECK_INT(instant, cases[i].instant);
		CHECK_TEXT(clock_iso(t->pool, instant), cases[i].back);
	}
	return NULL;
}

TEST(what_is_no_instant_is_refused)
{
	static const char *const bad[] = {
		"",
		"2026-11-21",
		"2026-11-21T04:31:44",
		"2026-11-21 04:31:44Z",
		"2026-02-30T00:00:00Z",
		"2025-02-29T00:00:00Z",
		"2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z",
		"2026-01-00T00:00:00Z",
		"2026-01-01T24:00:00Z",
		"2026-01-01T00:60:00Z",
		"2026-01-01T00:00:60Z",
		"2026-01-01T00:00:00.Z",
		"2026-01-01T00:00:00.1234567890Z",
		"2026-01-01T00:00:00+0300",
		"2026-01-01T00:00:00+24:00",
		"2026-01-01T00:00:00Zx",
		"26-01-01T00:00:00Z",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		int64_t instant = 7;
		CHECK_ERR(clock_parse(bad[i], &instant), ERR_INVALID);
		CHECK_INT(instant, 7);
	}
	CHECK_ERR(clock_parse(NULL, &(int64_t){ 0 }), ERR_INVALID);
	return NULL;
}

TEST(without_a_file_product_time_is_real)
{
	ERR(clock_init(NULL));
	CHECK(near(clock_now(), clock_real()));
	CHECK_INT(clock_wait_ms(clock_now() - 1), 0);

	int64_t wait = clock_wait_ms(clock_now() + HOUR_US);
	CHECK(wait > 3590000 && wait <= 3600000);
	return NULL;
}

TEST(a_frozen_clock_stands)
{
	const char *path = clock_file(t, NULL, "2026-11-21T04:31:44Z 0\n", 3600);

	ERR(clock_init(path));
	CHECK_INT(clock_now(), T0);
	CHECK_INT(clock_wait_ms(T0), 0);
	CHECK_INT(clock_wait_ms(T0 + 1), 250);
	unlink(path);
	return NULL;
}

TEST(speed_counts_from_the_change_of_the_file)
{
	const char *path = clock_file(t, NULL, "2026-11-21T04:31:44Z 60", 100);

	ERR(clock_init(path));
	CHECK(llabs(clock_now() - (T0 + 6000 * SECOND_US)) < 300 * SECOND_US);
	CHECK_INT(clock_wait_ms(clock_now() + HOUR_US), 250);
	CHECK(clock_wait_ms(clock_now() + SECOND_US) <= 17);
	unlink(path);
	return NULL;
}

TEST(a_changed_file_moves_the_clock)
{
	const char *path = clock_file(t, NULL, "2026-11-21T04:31:44Z 0", 60);
	int64_t until;

	ERR(clock_init(path));
	CHECK_INT(clock_now(), T0);
	clock_file(t, path, "2027-01-01T00:00:00Z 0", 30);
	for (until = clock_mono_ms() + 5000; clock_now() == T0 && clock_mono_ms() < until;)
		;
	CHECK_TEXT(clock_iso(t->pool, clock_now()), "2027-01-01T00:00:00Z");

	/* Nonsense and a missing file leave it as it was. */
	clock_file(t, path, "not a clock", 10);
	for (until = clock_mono_ms() + 20; clock_mono_ms() < until;)
		CHECK_TEXT(clock_iso(t->pool, clock_now()), "2027-01-01T00:00:00Z");
	unlink(path);
	for (until = clock_mono_ms() + 20; clock_mono_ms() < until;)
		CHECK_TEXT(clock_iso(t->pool, clock_now()), "2027-01-01T00:00:00Z");
	return NULL;
}

TEST(a_bad_file_stops_the_start)
{
	static const char *const bad[] = { "",
					   "x",
					   "2026-11-21T04:31:44Z",
					   "2026-11-21T04:31:44Z fast",
					   "2026-11-21T04:31:44Z -1",
					   "2026-11-21T04:31:44Z inf" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		const char *path = clock_file(t, NULL, bad[i], 0);
		CHECK_ERR(clock_init(path), ERR_CONFIG);
		unlink(path);
	}
	CHECK_ERR(clock_init("/nonexistent/clock"), ERR_CONFIG);
	return NULL;
}
