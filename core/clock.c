#include "core/clock.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TEST_CHECK_US 0 /* a test that moved the clock may ask within the same millisecond */
#define TEST_WAIT_MS 250

/* The test clock, or path NULL. */
static struct {
	const char *path;
	struct stat seen;
	int64_t checked_us;
	int64_t instant, since; /* product and real time at the file's change */
	double speed;
} test;

static int64_t read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * SECOND_US + ts.tv_nsec / 1000;
}

/* n digits at *s into *ret; moves *s past them. */
static bool digits(const char **s, int n, int *ret)
{
	int value = 0;

	for (int i = 0; i < n; i++, (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		value = value * 10 + (**s - '0');
	}
	*ret = value;
	return true;
}

static bool literal(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

/* ".f" to ".fffffffff", or nothing; what is finer than a microsecond is dropped. */
static bool fraction(const char **s, int64_t *ret_us)
{
	int64_t us = 0;
	int n = 0;

	if (literal(s, '.')) {
		for (; **s >= '0' && **s <= '9'; n++, (*s)++)
			if (n < 6)
				us = us * 10 + (**s - '0');
		if (!n || n > 9)
			return false;
		for (; n < 6; n++)
			us *= 10;
	}
	*ret_us = us;
	return true;
}

static bool offset(const char **s, int *ret_seconds)
{
	int h, m, sign = **s == '-' ? -1 : 1;

	if (literal(s, 'Z')) {
		*ret_seconds = 0;
		return true;
	}
	if (!literal(s, '+') && !literal(s, '-'))
		return false;
	if (!digits(s, 2, &h) || !literal(s, ':') || !digits(s, 2, &m) || h > 23 || m > 59)
		return false;
	*ret_seconds = sign * (h * 3600 + m * 60);
	return true;
}

static bool date_time(const char **s, struct tm *ret_tm)
{
	struct tm tm = { 0 };

	if (!digits(s, 4, &tm.tm_year) || !literal(s, '-') || !digits(s, 2, &tm.tm_mon) || !literal(s, '-') ||
	    !digits(s, 2, &tm.tm_mday) || !literal(s, 'T') || !digits(s, 2, &tm.tm_hour) ||
	    !literal(s, ':') || !digits(s, 2, &tm.tm_min) || !literal(s, ':') || !digits(s, 2, &tm.tm_sec))
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	*ret_tm = tm;
	return tm.tm_mon >= 0 && tm.tm_mon < 12 && tm.tm_mday > 0 && tm.tm_hour < 24 && tm.tm_min < 60 &&
	       tm.tm_sec < 60;
}

static bool parse(const char **s, int64_t *ret_instant)
{
	struct tm tm;
	int64_t us;
	int shift;

	if (!date_time(s, &tm) || !fraction(s, &us) || !offset(s, &shift))
		return false;

	int day = tm.tm_mday;
	time_t t = timegm(&tm); /* turns 30 February into March */
	if (tm.tm_mday != day)
		return false;
	*ret_instant = ((int64_t)t - shift) * SECOND_US + us;
	return true;
}

/* "ISO-instant speed". */
static bool parse_test(const char *line, int64_t *ret_instant, double *ret_speed)
{
	char *end;

	if (!parse(&line, ret_instant) || *line != ' ')
		return false;
	*ret_speed = strtod(line, &end);
	return end > line && end[strspn(end, " \r\n")] == '\0' && isfinite(*ret_speed) && *ret_speed >= 0;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Takes the file up if it changed. False when it cannot be read, as in the middle of a change: the
 * clock then goes on as before, and the next look tries again. */
static bool look(void)
{
	struct stat st;
	char line[128];
	int64_t instant;
	double speed;

	int fd = open(test.path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;

	bool known = fstat(fd, &st) == 0;
	bool changed = known && !same_file(&st, &test.seen);
	ssize_t n = changed ? read(fd, line, sizeof(line) - 1) : 0;
	close(fd);
	if (!changed)
		return known;
	if (n <= 0)
		return false;
	line[n] = '\0';
	if (!parse_test(line, &instant, &speed))
		return false;
	test.seen = st;
	test.instant = instant;
	test.since = st.st_mtim.tv_sec * SECOND_US + st.st_mtim.tv_nsec / 1000;
	test.speed = speed;
	return true;
}

static int64_t test_now(void)
{
	int64_t mono = clock_mono_us();

	if (mono - test.checked_us >= TEST_CHECK_US) {
		test.checked_us = mono;
		(void)look();
	}
	return test.instant + (int64_t)((double)(clock_real() - test.since) * test.speed);
}

err_t *clock_init(const char *test_clock_file)
{
	test.path = test_clock_file && *test_clock_file ? test_clock_file : NULL;
	test.seen = (struct stat){ 0 };
	test.checked_us = 0;
	if (test.path && !look())
		return err_new(ERR_CONFIG, "test clock \"%s\" is not one line of an ISO instant and a speed",
			       test.path);
	return NULL;
}

int64_t clock_now(void)
{
	return test.path ? test_now() : clock_real();
}

int64_t clock_real(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t clock_mono_ms(void)
{
	return clock_mono_us() / 1000;
}

int64_t clock_mono_us(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

int64_t clock_wait_ms(int64_t due)
{
	int64_t left = due - clock_now();

	if (left <= 0)
		return 0;
	int64_t ms = left / 1000 + (left % 1000 != 0);
	if (!test.path)
		return ms;

	double scaled = test.speed > 0 ? ceil((double)ms / test.speed) : TEST_WAIT_MS;
	return scaled < TEST_WAIT_MS ? (int64_t)scaled : TEST_WAIT_MS;
}

const char *clock_iso(apr_pool_t *pool, int64_t instant)
{
	int64_t us = (instant % SECOND_US + SECOND_US) % SECOND_US;
	time_t t = (instant - us) / SECOND_US;
	struct tm tm;
	char date[80];

	gmtime_r(&t, &tm);
	snprintf(date, sizeof(date), "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1,
		 tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	if (us / 1000)
		return mem_fmt(pool, "%s.%03dZ", date, (int)(us / 1000));
	return mem_fmt(pool, "%sZ", date);
}

err_t *clock_parse(const char *iso, int64_t *ret_instant)
{
	const char *s = iso;
	int64_t instant;

	if (!s || !parse(&s, &instant) || *s)
		return err_new(ERR_INVALID, "not an ISO instant like 2026-11-21T04:31:44Z");
	*ret_instant = instant;
	return NULL;
}
