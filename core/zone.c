#include "core/zone.h"

#include "core/clock.h"
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY "/usr/share/zoneinfo"

enum {
	HEADER = 44,
	NAME_MAX_LEN = 64,
	FILE_MAX = 256 * 1024,
	TYPE_BYTES = 6,
	OFFSET_MAX = 26 * 3600, /* RFC 8536, 3.2: offsets are less than 26 hours */
	MARGIN_S = OFFSET_MAX + 3600,
	DAY_S = 86400,
	RULE_HOURS_MAX = 167, /* RFC 8536, 3.3.1 */
};

/* Day of a year on which a clock changes, as in POSIX TZ. */
enum rule_form { RULE_JULIAN, RULE_DAY, RULE_WEEKDAY };
struct rule {
	enum rule_form form;
	int day;                  /* Jn: 1..365, 29 February never counted; n: 0..365 */
	int month, week, weekday; /* Mm.w.d: week 5 is the last, weekday 0 Sunday */
	int64_t time_s;           /* of the wall before the change */
};

struct zone {
	const struct zone *next;
	const char *name;
	size_t n;               /* changes of the table */
	int64_t *at;            /* seconds, ascending */
	int32_t *offset;        /* from then on */
	int32_t first;          /* before the first of them */
	bool has_rules, summer; /* of the footer: for what is past the table; whether it knows two offsets */
	int32_t standard, daylight;
	struct rule begin, end; /* of daylight time */
};

struct reader {
	apr_pool_t *pool;
	const unsigned char *p;
	size_t n;
};

static const struct zone *zones;

/* --- the calendar ------------------------------------------------------------------------------- */

/* Days since 1970-01-01 of a year's first day. */
static int64_t year_days(int64_t y)
{
	int64_t before = y - 1;
	int64_t era = (before >= 0 ? before : before - 399) / 400, of_era = before - era * 400;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 - 719162;
}

static int64_t year_of(int64_t t)
{
	int64_t days = (t >= 0 ? t : t - (DAY_S - 1)) / DAY_S;
	int64_t y = 1970 + days * 400 / 146097;

	while (year_days(y) > days)
		y--;
	while (year_days(y + 1) <= days)
		y++;
	return y;
}

static bool leap(int64_t y)
{
	return year_days(y + 1) - year_days(y) == 366;
}

static int64_t weekday_rule(const struct rule *rule, int64_t y)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };
	int month = rule->month;
	int64_t first = year_days(y) + before[month - 1] + (month > 2 && leap(y));
	int64_t end = year_days(y) + before[month] + (month > 1 && leap(y));
	int64_t weekday = ((first + 4) % 7 + 7) % 7;
	int64_t day = first + (rule->weekday - weekday + 7) % 7 + (rule->week - 1) * 7;

	return day < end ? day : day - 7;
}

/* When the rule changes the clock in that year; offset is in force before. */
static int64_t rule_at(const struct rule *rule, int64_t y, int32_t offset)
{
	int64_t day = 0;

	switch (rule->form) {
	case RULE_JULIAN: day = year_days(y) + rule->day - 1 + (rule->day > 59 && leap(y)); break;
	case RULE_DAY: day = year_days(y) + rule->day; break;
	case RULE_WEEKDAY: day = weekday_rule(rule, y); break;
	}
	return day * DAY_S + rule->time_s - offset;
}

/* --- the footer: RFC 8536, 3.3, which is POSIX TZ with hours from -167 to 167 -------------------- */

static bool tz_name(const char **s)
{
	const char *p = *s, *from = p;

	if (*p == '<') {
		p += strcspn(p, ">");
		if (*p != '>')
			return false;
		*s = p + 1;
		return true;
	}
	while ((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z'))
		p++;
	*s = p;
	return p - from >= 3;
}

static bool tz_number(const char **s, int max, int *ret)
{
	int n = 0;
	const char *p = *s;

	if (*p < '0' || *p > '9')
		return false;
	for (; *p >= '0' && *p <= '9' && n <= max; p++)
		n = n * 10 + (*p - '0');
	*s = p;
	*ret = n;
	return n <= max;
}

/* [+-]h[:mm[:ss]] */
static bool tz_time(const char **s, int64_t *ret_seconds)
{
	int sign = **s == '-' ? -1 : 1, h, m = 0, sec = 0;

	if (**s == '-' || **s == '+')
		(*s)++;
	if (!tz_number(s, RULE_HOURS_MAX, &h))
		return false;
	if (**s == ':' && ((*s)++, !tz_number(s, 59, &m)))
		return false;
	if (**s == ':' && ((*s)++, !tz_number(s, 59, &sec)))
		return false;
	*ret_seconds = sign * (h * (int64_t)3600 + m * 60 + sec);
	return true;
}

/* An offset of the footer counts west of UTC. */
static bool tz_offset(const char **s, int32_t *ret_offset)
{
	int64_t west;

	if (!tz_time(s, &west) || west > OFFSET_MAX || west < -OFFSET_MAX)
		return false;
	*ret_offset = (int32_t)-west;
	return true;
}

static bool tz_literal(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static bool tz_rule(const char **s, struct rule *ret)
{
	struct rule rule = { .form = RULE_DAY, .time_s = 2 * 3600 };

	if (!tz_literal(s, ','))
		return false;
	if (tz_literal(s, 'M')) {
		rule.form = RULE_WEEKDAY;
		if (!tz_number(s, 12, &rule.month) || !tz_literal(s, '.') || !tz_number(s, 5, &rule.week) ||
		    !tz_literal(s, '.') || !tz_number(s, 6, &rule.weekday) || !rule.month || !rule.week)
			return false;
	} else if (tz_literal(s, 'J')) {
		rule.form = RULE_JULIAN;
		if (!tz_number(s, 365, &rule.day) || !rule.day)
			return false;
	} else if (!tz_number(s, 365, &rule.day)) {
		return false;
	}
	if (tz_literal(s, '/') && !tz_time(s, &rule.time_s))
		return false;
	*ret = rule;
	return true;
}

static bool tz_read(const char *s, struct zone *zone)
{
	if (!*s)
		return true;
	if (!tz_name(&s) || !tz_offset(&s, &zone->standard))
		return false;
	zone->has_rules = true;
	if (!*s)
		return true;
	if (!tz_name(&s))
		return false;
	zone->daylight = zone->standard + 3600;
	if (*s != ',' && !tz_offset(&s, &zone->daylight))
		return false;
	if (!tz_rule(&s, &zone->begin) || !tz_rule(&s, &zone->end))
		return false;
	zone->summer = zone->daylight != zone->standard;
	return !*s;
}

/* --- the file: RFC 8536 -------------------------------------------------------------------------- */

static int64_t number_be(const unsigned char *p, size_t n)
{
	uint64_t v = p[0] & 0x80 ? UINT64_MAX : 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

static const unsigned char *take(struct reader *r, size_t n)
{
	const unsigned char *p = r->p;

	if (n > r->n)
		return NULL;
	r->p += n;
	r->n -= n;
	return p;
}

struct counts {
	size_t utc, standard, leaps, times, types, chars;
};

static bool header_read(struct reader *r, unsigned char *ret_version, struct counts *ret)
{
	const unsigned char *p = take(r, HEADER);
	size_t n[6];

	if (!p || memcmp(p, "TZif", 4) != 0)
		return false;
	for (size_t i = 0; i < 6; i++) {
		int64_t v = number_be(p + 20 + 4 * i, 4);

		if (v < 0 || v > FILE_MAX)
			return false;
		n[i] = (size_t)v;
	}
	*ret_version = p[4];
	*ret = (struct counts){ n[0], n[1], n[2], n[3], n[4], n[5] };
	return ret->types > 0 && ret->types <= 256;
}

static size_t block_bytes(const struct counts *c, size_t time_bytes)
{
	return c->times * (time_bytes + 1) + c->types * TYPE_BYTES + c->chars + c->leaps * (time_bytes + 4) +
	       c->standard + c->utc;
}

static bool type_offset(const unsigned char *types, size_t n, size_t index, int32_t *ret)
{
	int64_t offset;

	if (index >= n)
		return false;
	offset = number_be(types + index * TYPE_BYTES, 4);
	*ret = (int32_t)offset;
	return offset <= OFFSET_MAX && offset >= -OFFSET_MAX;
}

static bool block_read(struct reader *r, const struct counts *c, size_t time_bytes, struct zone *zone)
{
	const unsigned char *p = take(r, block_bytes(c, time_bytes)), *index, *types;
	bool ok;

	if (!p)
		return false;
	index = p + c->times * time_bytes;
	types = index + c->times;
	zone->at = mem_alloc(r->pool, (c->times + 1) * sizeof *zone->at);
	zone->offset = mem_alloc(r->pool, (c->times + 1) * sizeof *zone->offset);
	zone->n = c->times;
	ok = type_offset(types, c->types, 0, &zone->first);
	for (size_t i = 0; ok && i < c->times; i++) {
		zone->at[i] = number_be(p + i * time_bytes, time_bytes);
		ok = type_offset(types, c->types, index[i], &zone->offset[i]) &&
		     (!i || zone->at[i] > zone->at[i - 1]);
	}
	return ok;
}

static bool footer_read(struct reader *r, struct zone *zone)
{
	const unsigned char *p = take(r, 1), *end;

	if (!p || *p != '\n')
		return false;
	end = memchr(r->p, '\n', r->n);
	return end && tz_read(mem_textn(r->pool, (const char *)r->p, (size_t)(end - r->p)), zone);
}

static bool file_decode(struct reader r, struct zone *zone)
{
	struct counts counts;
	unsigned char version;

	if (!header_read(&r, &version, &counts))
		return false;
	if (version < '2')
		return block_read(&r, &counts, 4, zone);
	return take(&r, block_bytes(&counts, 4)) && header_read(&r, &version, &counts) &&
	       block_read(&r, &counts, 8, zone) && footer_read(&r, zone);
}

/* Names like America/Sao_Paulo. right/ counts leap seconds, which our instants do not; localtime is this machine's. */
static bool name_ok(const char *name)
{
	size_t n = strlen(name);

	if (!n || n > NAME_MAX_LEN || strncmp(name, "right/", 6) == 0 || strcmp(name, "localtime") == 0)
		return false;
	return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") == n &&
	       name[0] != '/' && name[n - 1] != '/' && !strstr(name, "//");
}

/* A link may lead out of the directory. */
static int file_open(apr_pool_t *pool, const char *name)
{
	char *base = realpath(DIRECTORY, NULL), *path = realpath(mem_fmt(pool, DIRECTORY "/%s", name), NULL);
	size_t n = base ? strlen(base) : 0;
	bool inside = base && path && strncmp(path, base, n) == 0 && path[n] == '/';
	int fd = inside ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	free(base);
	free(path);
	return fd;
}

static NODISCARD err_t *file_read(apr_pool_t *pool, const char *name, void **ret_p, size_t *ret_n)
{
	int fd = file_open(pool, name);
	struct stat st;
	ssize_t got = 0;
	size_t n = 0, size;
	char *p;

	if (fd < 0)
		return err_new(ERR_NOT_FOUND, "no such time zone");
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return err_new(ERR_NOT_FOUND, "no such time zone");
	}
	size = st.st_size > 0 && st.st_size <= FILE_MAX ? (size_t)st.st_size : 0;
	p = mem_alloc(pool, size + 1);
	while (n < size && (got = read(fd, p + n, size - n)) > 0)
		n += (size_t)got;
	close(fd);
	*ret_p = p;
	*ret_n = n;
	return NULL;
}

/* One block for the life of the process. */
static NODISCARD err_t *keep(const struct zone *zone, const char *name, const struct zone **ret_zone)
{
	size_t n = zone->n, len = strlen(name) + 1;
	struct zone *kept = malloc(sizeof *kept + n * (sizeof *zone->at + sizeof *zone->offset) + len);

	if (!kept)
		return err_new(ERR_INTERNAL, "no memory for a time zone");
	*kept = *zone;
	kept->at = (int64_t *)(kept + 1);
	kept->offset = (int32_t *)(kept->at + n);
	kept->name = memcpy(kept->offset + n, name, len);
	memcpy(kept->at, zone->at, n * sizeof *zone->at);
	memcpy(kept->offset, zone->offset, n * sizeof *zone->offset);
	kept->next = zones;
	zones = kept;
	*ret_zone = kept;
	return NULL;
}

static NODISCARD err_t *zone_load(apr_pool_t *pool, const char *name, const struct zone **ret_zone)
{
	struct zone *zone = NULL;
	void *p = NULL;
	size_t n = 0;
	err_t *err;

	ERR(file_read(pool, name, &p, &n));
	err = zone_decode(pool, p, n, &zone);
	return err ? err_wrap(err, "time zone \"%s\"", name) : keep(zone, name, ret_zone);
}

err_t *zone_decode(apr_pool_t *pool, const void *p, size_t n, struct zone **ret_zone)
{
	struct zone *zone = MEM_NEW(pool, struct zone);

	if (!file_decode((struct reader){ pool, p, n }, zone))
		return err_new(ERR_INVALID, "not a file of the TZif form");
	*ret_zone = zone;
	return NULL;
}

err_t *zone_find(const char *name, const struct zone **ret_zone)
{
	apr_pool_t *pool;
	err_t *err;

	if (!name || !name_ok(name))
		return err_new(ERR_NOT_FOUND, "no such time zone");
	for (const struct zone *z = zones; z; z = z->next)
		if (strcmp(z->name, name) == 0) {
			*ret_zone = z;
			return NULL;
		}
	pool = pool_root();
	err = zone_load(pool, name, ret_zone);
	pool_free(pool);
	return err;
}

/* --- questions ----------------------------------------------------------------------------------- */

/* How many changes of the table lie at or before t. */
static size_t table_place(const struct zone *zone, int64_t t)
{
	size_t low = 0, high = zone->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (zone->at[middle] <= t)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The changes of the footer around t: those of the year before, its own and the next, in order. */
struct change {
	int64_t at;
	int32_t offset; /* from then on */
};
enum { AROUND = 6 };
static void rules_around(const struct zone *zone, int64_t t, struct change *ret)
{
	int64_t y = year_of(t + zone->standard);
	int n = 0;

	for (int64_t k = y - 1; k <= y + 1; k++) {
		/* The end first: where daylight time never ends, it begins again at that instant. */
		struct change both[2] = { { rule_at(&zone->end, k, zone->daylight), zone->standard },
					  { rule_at(&zone->begin, k, zone->standard), zone->daylight } };

		for (int i = 0; i < 2; i++) {
			int place = n++;

			for (; place && ret[place - 1].at > both[i].at; place--)
				ret[place] = ret[place - 1];
			ret[place] = both[i];
		}
	}
}

static int32_t offset_at(const struct zone *zone, int64_t t)
{
	size_t place = table_place(zone, t);
	struct change change[AROUND] = { { 0, 0 } };
	int i = AROUND;

	if (place < zone->n || !zone->has_rules)
		return place ? zone->offset[place - 1] : zone->first;
	if (!zone->summer)
		return zone->standard;
	rules_around(zone, t, change);
	while (--i > 0 && change[i].at > t)
		;
	return change[i].offset;
}

/* The first second after t, and not after limit, at which another offset is in force. */
static bool change_after(const struct zone *zone, int64_t t, int64_t limit, int64_t *ret)
{
	int32_t now = offset_at(zone, t);
	struct change change[AROUND] = { { 0, 0 } };

	for (size_t i = table_place(zone, t); i < zone->n && zone->at[i] <= limit; i++)
		if (offset_at(zone, zone->at[i]) != now) {
			*ret = zone->at[i];
			return true;
		}
	if (!zone->has_rules || !zone->summer)
		return false;
	if (zone->n && t < zone->at[zone->n - 1])
		t = zone->at[zone->n - 1];
	rules_around(zone, t, change);
	for (int i = 0; i < AROUND; i++)
		if (change[i].at > t && change[i].at <= limit && offset_at(zone, change[i].at) != now) {
			*ret = change[i].at;
			return true;
		}
	return false;
}

static int64_t seconds_of(int64_t instant)
{
	return instant / SECOND_US - (instant % SECOND_US < 0);
}

int64_t zone_offset(const struct zone *zone, int64_t instant)
{
	return offset_at(zone, seconds_of(instant));
}

int64_t zone_wall(const struct zone *zone, int64_t instant)
{
	int64_t t = seconds_of(instant);

	return t + offset_at(zone, t);
}

int64_t zone_instant(const struct zone *zone, int64_t wall)
{
	const int64_t most = INT64_MAX / SECOND_US - 2 * (int64_t)MARGIN_S;
	int64_t at = 0, t;
	int32_t before, offset;

	wall = wall > most ? most : wall < -most ? -most : wall;
	t = wall - MARGIN_S;
	before = offset = offset_at(zone, t);
	/* Stretches of one offset in order: the first that shows wall; or the one before, when none does. */
	for (;;) {
		if (wall - offset < t)
			return (wall - before) * SECOND_US;
		if (!change_after(zone, t, wall + MARGIN_S, &at) || wall - offset < at)
			return (wall - offset) * SECOND_US;
		t = at;
		before = offset;
		offset = offset_at(zone, t);
	}
}

bool zone_next_change(const struct zone *zone, int64_t instant, int64_t limit, int64_t *ret_instant)
{
	int64_t at;

	if (!change_after(zone, seconds_of(instant), seconds_of(limit), &at))
		return false;
	*ret_instant = at * SECOND_US;
	return *ret_instant < limit;
}
