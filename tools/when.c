#include "tools/when.h"

#include "core/clock.h"
#include "core/text.h"
#include "core/zone.h"
#include "ml/date/date.h"
#include <string.h>
#include <time.h>

enum { DAY_S = 86400 };

static const struct zone *zone_named(const char *name)
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

static const struct zone *zone_of(struct req *req)
{
	return zone_named(req->zone);
}

int64_t when_instant_in(struct req *req, const char *name, int64_t wall)
{
	const struct zone *zone = name ? zone_named(name) : zone_of(req);

	return zone ? zone_instant(zone, wall) : wall * SECOND_US;
}

int64_t when_instant(struct req *req, int64_t wall)
{
	return when_instant_in(req, NULL, wall);
}

int64_t when_wall(struct req *req, int64_t instant)
{
	const struct zone *zone = zone_of(req);

	return zone ? zone_wall(zone, instant) : instant / SECOND_US;
}

int64_t when_instant_ahead(struct req *req, int64_t wall)
{
	int64_t first = when_instant(req, wall);

	/* Clocks go back by half an hour to two. */
	for (int64_t later = first; later <= first + 2 * HOUR_US; later += HOUR_US / 2)
		if (later > req->now && when_wall(req, later) == wall)
			return later;
	return first;
}

int64_t when_now(struct req *req)
{
	return when_now_in(req, NULL);
}

int64_t when_now_in(struct req *req, const char *name)
{
	const struct zone *zone = name ? zone_named(name) : zone_of(req);

	return zone ? zone_wall(zone, req->now) : req->now / SECOND_US;
}

bool when_read(struct req *req, const char *iso, struct when *ret)
{
	size_t n = strlen(iso);
	const struct zone *zone = zone_of(req);
	const char *time = strchr(iso, 'T');
	int64_t instant;
	err_t *err;

	if (time && zone && (iso[n - 1] == 'Z' || strpbrk(time, "+-"))) {
		err = clock_parse(iso, &instant);
		if (err) {
			err_clear(err);
			return false;
		}
		*ret = (struct when){ .wall = zone_wall(zone, instant), .has_time = true };
		return true;
	}
	*ret = (struct when){ .has_time = time != NULL };
	return date_parse_iso(time ? iso : mem_fmt(req->pool, "%sT00:00:00", iso), &ret->wall);
}

bool when_find(struct req *req, const char *text, struct when *ret, const char **ret_rest)
{
	struct date_found found;

	if (!date_find(req->pool, text, req->lang, when_now(req), &found))
		return false;
	*ret = (struct when){ 0 };
	/* "by Friday" begins now and ends then. */
	ret->wall = found.deadline ? found.end : found.start;
	ret->has_time = found.has_time;
	ret->rrule = found.rrule;
	ret->has_end = found.has_end;
	ret->end = found.end;
	ret->has_other = found.has_other && !found.deadline;
	ret->other = found.other;
	if (found.deadline && found.end % DAY_S == 0) { /* the end of whole days is the midnight after */
		ret->wall -= DAY_S;
		ret->has_time = false;
	}
	*ret_rest = found.rest;
	return true;
}

const char *when_iso(struct req *req, const struct when *when)
{
	return when->has_time ? date_iso(req->pool, when->wall) : when_date(req, when);
}

const char *when_other_iso(struct req *req, const struct when *when)
{
	struct when other = { .wall = when->other, .has_time = when->has_time };

	return when_iso(req, &other);
}

const char *when_date(struct req *req, const struct when *when)
{
	return mem_textn(req->pool, date_iso(req->pool, when->wall), strlen("2026-11-30"));
}

const char *when_time(struct req *req, const struct when *when)
{
	return when->has_time
		       ? mem_textn(req->pool, date_iso(req->pool, when->wall) + strlen("2026-11-30T"), 5)
		       : NULL;
}

/* "hoje", "amanhã", "ontem", or NULL. */
static const char *near_day(struct req *req, int64_t wall)
{
	static const char *const keys[] = { "when.yesterday", "when.today", "when.tomorrow" };
	int64_t today = when_now(req), days;

	today -= ((today % DAY_S) + DAY_S) % DAY_S;
	wall -= ((wall % DAY_S) + DAY_S) % DAY_S;
	days = (wall - today) / DAY_S;
	return days >= -1 && days <= 1 ? tr(req->pool, req->lang, keys[days + 1]) : NULL;
}

/* "21/11" or "Nov 21", with the year when it is another. */
static const char *date_short(struct req *req, const struct tm *tm, int year_now)
{
	apr_pool_t *pool = req->pool;
	const char *year = tm->tm_year == year_now ? "" : mem_fmt(pool, "%d", tm->tm_year + 1900);
	const char *month = tr(pool, req->lang, mem_fmt(pool, "when.month.%d", tm->tm_mon + 1));

	if (req->lang == LANG_PT)
		return mem_fmt(pool, "%02d/%02d%s%s", tm->tm_mday, tm->tm_mon + 1, *year ? "/" : "", year);
	return mem_fmt(pool, "%s %d%s%s", month, tm->tm_mday, *year ? ", " : "", year);
}

const char *when_text(struct req *req, const struct when *when)
{
	time_t t = (time_t)when->wall, t_now = (time_t)when_now(req);
	const char *day, *near = near_day(req, when->wall);
	struct tm tm, now;

	gmtime_r(&t, &tm);
	gmtime_r(&t_now, &now);
	day = tr(req->pool, req->lang, "when.day",
		 SLOT_S("weekday",
			tr(req->pool, req->lang, mem_fmt(req->pool, "when.weekday.%d", tm.tm_wday))),
		 SLOT_S("date", date_short(req, &tm, now.tm_year)));
	if (near)
		day = mem_fmt(req->pool, "%s (%s)", near, day);
	if (!when->has_time)
		return day;
	return tr(req->pool, req->lang, "when.at", SLOT_S("day", day), SLOT_S("time", when_time(req, when)));
}

const char *when_other_label(struct req *req, const struct when *when, const struct when *other)
{
	bool same_day = text_same(when_date(req, when), when_date(req, other));

	return tr(req->pool, req->lang, "when.other",
		  SLOT_S("when",
			 same_day && other->has_time ? when_time(req, other) : when_text(req, other)));
}
