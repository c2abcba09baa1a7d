#include "integrations/google/google_event.h"

#include "core/clock.h"
#include "core/text.h"
#include "core/zone.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
	SUMMARY_CHARS = 500,
	PLACE_CHARS = 500,
	TEXT_CHARS = 5000,
	NAME_CHARS = 120,
	ID_BYTES = 1100,
	URL_BYTES = 2000
};

/* Clean, on one line where that is asked for, and short. */
static const char *words(apr_pool_t *pool, const struct json *j, const char *path, size_t max, bool line)
{
	const char *s = json_text(j, path);
	char *copy;

	if (!s)
		return "";
	copy = mem_text(pool, text_trim(pool, text_utf8_clean(pool, s, strlen(s))));
	for (char *c = copy; line && *c; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	return text_cut(pool, copy, max);
}

/* What we hand back to Google unchanged: whole or not at all. */
static const char *token(apr_pool_t *pool, const struct json *j, const char *path, size_t max)
{
	const char *s = json_text(j, path);

	if (!s || strlen(s) > max)
		return "";
	for (const char *c = s; *c; c++)
		if ((unsigned char)*c < ' ')
			return "";
	return mem_text(pool, s);
}

static const char *link_of(apr_pool_t *pool, const struct json *j, const char *path)
{
	const char *s = token(pool, j, path, URL_BYTES);

	return text_starts(s, "https://") || text_starts(s, "http://127.0.0.1") ? s : "";
}

static NODISCARD err_t *date_read(apr_pool_t *pool, const char *date, int64_t *ret)
{
	if (strlen(date) != 10)
		return err_new(ERR_INVALID, "no date");
	return clock_parse(mem_fmt(pool, "%sT00:00:00Z", date), ret);
}

/* A time without an offset has a zone. */
static NODISCARD err_t *time_read(apr_pool_t *pool, const struct json *j, struct google_time *ret)
{
	const char *time = json_text(j, "dateTime"), *date = json_text(j, "date");
	const struct zone *zone;
	int64_t wall;
	err_t *err;

	ret->zone = token(pool, j, "timeZone", 64);
	ret->all_day = !time;
	if (!time && !date)
		return err_new(ERR_INVALID, "neither date nor time");
	if (!time)
		return date_read(pool, date, &ret->instant);
	if (strlen(time) != 19)
		return clock_parse(time, &ret->instant);
	ERR(clock_parse(mem_fmt(pool, "%sZ", time), &wall));
	err = zone_find(ret->zone, &zone);
	err_clear(err);
	if (err)
		return err_new(ERR_INVALID, "a time without offset or zone");
	ret->instant = zone_instant(zone, wall / SECOND_US);
	return NULL;
}

static void guests_read(apr_pool_t *pool, const struct json *list, struct google_event *e)
{
	size_t n = json_len(list);

	e->guests_left_out = e->guests_left_out || n > GOOGLE_EVENT_GUESTS;
	if (n > GOOGLE_EVENT_GUESTS)
		n = GOOGLE_EVENT_GUESTS;
	e->guests = mem_alloc(pool, sizeof *e->guests * (n + 1));
	for (size_t i = 0; i < n; i++) {
		const struct json *j = json_item(list, i);
		struct google_guest g = { .email = token(pool, j, "email", 320),
					  .name = words(pool, j, "displayName", NAME_CHARS, true),
					  .response = token(pool, j, "responseStatus", 20),
					  .self = json_true(j, "self"),
					  .organizer = json_true(j, "organizer"),
					  .optional = json_true(j, "optional"),
					  .resource = json_true(j, "resource") };

		if (g.self)
			e->my_response = g.response;
		if (*g.email)
			e->guests[e->guests_n++] = g;
	}
}

static void recurrence_read(apr_pool_t *pool, const struct json *list, struct google_event *e)
{
	for (size_t i = 0; i < json_len(list) && e->recurrence_n < GOOGLE_EVENT_LINES; i++) {
		const char *line = token(pool, json_item(list, i), "", 1000);

		if (*line)
			e->recurrence[e->recurrence_n++] = line;
	}
}

/* Absent organizer and creator: an own one, as in a calendar that nobody else writes to. */
static bool is_own(const struct json *j)
{
	return (!json_at(j, "organizer") || json_true(j, "organizer.self")) &&
	       (!json_at(j, "creator") || json_true(j, "creator.self"));
}

static const char *meet_of(apr_pool_t *pool, const struct json *j)
{
	const struct json *points = json_at(j, "conferenceData.entryPoints");
	const char *link = link_of(pool, j, "hangoutLink");

	for (size_t i = 0; !*link && i < json_len(points); i++)
		if (text_same(json_text(json_item(points, i), "entryPointType"), "video"))
			link = link_of(pool, json_item(points, i), "uri");
	return link;
}

static void words_read(apr_pool_t *pool, const struct json *j, struct google_event *e)
{
	e->summary = words(pool, j, "summary", SUMMARY_CHARS, true);
	e->description = words(pool, j, "description", TEXT_CHARS, false);
	e->place = words(pool, j, "location", PLACE_CHARS, true);
	e->organizer =
		words(pool, j,
		      json_text(j, "organizer.displayName") ? "organizer.displayName" : "organizer.email",
		      NAME_CHARS, true);
	e->link = link_of(pool, j, "htmlLink");
	e->meet = meet_of(pool, j);
	e->meet_pending =
		text_same(json_text(j, "conferenceData.createRequest.status.statusCode"), "pending");
	e->transparent = text_same(json_text(j, "transparency"), "transparent");
	e->kind = json_text(j, "eventType") ? token(pool, j, "eventType", 40) : "default";
	e->own = is_own(j);
	e->organized = !json_at(j, "organizer") || json_true(j, "organizer.self");
	e->guests_may = json_true(j, "guestsCanModify");
	e->guests_left_out = json_true(j, "attendeesOmitted");
	guests_read(pool, json_at(j, "attendees"), e);
	recurrence_read(pool, json_at(j, "recurrence"), e);
}

err_t *google_event_read(apr_pool_t *pool, const struct json *j, struct google_event *ret)
{
	struct google_event e = { .my_response = "" };

	e.id = token(pool, j, "id", ID_BYTES);
	e.etag = token(pool, j, "etag", 200);
	e.uid = token(pool, j, "iCalUID", ID_BYTES);
	e.series = token(pool, j, "recurringEventId", ID_BYTES);
	e.status = json_text(j, "status") ? token(pool, j, "status", 20) : "confirmed";
	if (!*e.id)
		return err_new(ERR_INVALID, "an event without id");
	if (json_at(j, "originalStartTime"))
		ERR(time_read(pool, json_at(j, "originalStartTime"), &e.original));
	words_read(pool, j, &e);
	if (!text_same(e.status, "cancelled")) {
		ERR(time_read(pool, json_at(j, "start"), &e.start));
		ERR(time_read(pool, json_at(j, "end"), &e.end));
		if (e.start.all_day != e.end.all_day || e.end.instant < e.start.instant)
			return err_new(ERR_INVALID, "times that do not go together");
	}
	*ret = e;
	return NULL;
}

/* --- times --- */

/* "2026-11-28", or "2026-11-28T10:00:00"; compact: "20261128", "20261128T100000Z". */
static const char *wall_text(apr_pool_t *pool, int64_t wall, bool day, bool compact)
{
	time_t at = (time_t)wall;
	struct tm tm;
	char *text = mem_alloc(pool, 40);
	size_t n = 0;

	if (!gmtime_r(&at, &tm))
		return "";
	if (day)
		n = compact ? strftime(text, 40, "%Y%m%d", &tm) : strftime(text, 40, "%Y-%m-%d", &tm);
	else
		n = compact ? strftime(text, 40, "%Y%m%dT%H%M%SZ", &tm)
			    : strftime(text, 40, "%Y-%m-%dT%H:%M:%S", &tm);
	return n ? text : "";
}

struct json *google_time_json(apr_pool_t *pool, const struct google_time *t, bool over)
{
	struct json *j = json_object(pool);
	const struct zone *zone = NULL;
	int64_t offset;

	if (t->all_day) {
		json_set_text(j, "date", wall_text(pool, t->instant / SECOND_US, true, false));
		if (over)
			json_set_text(j, "dateTime", NULL);
		if (over)
			json_set_text(j, "timeZone", NULL);
		return j;
	}
	err_clear(zone_find(t->zone, &zone));
	offset = zone ? zone_offset(zone, t->instant) : 0;
	json_set_text(j, "dateTime",
		      mem_fmt(pool, "%s%c%02d:%02d",
			      wall_text(pool, t->instant / SECOND_US + offset, false, false),
			      offset < 0 ? '-' : '+', (int)(llabs(offset) / 3600),
			      (int)(llabs(offset) / 60 % 60)));
	if (zone)
		json_set_text(j, "timeZone", t->zone);
	if (over)
		json_set_text(j, "date", NULL);
	return j;
}

/* --- comparing --- */

static bool same_time(apr_pool_t *pool, const struct json *a, const struct json *b)
{
	struct google_time x = { 0 }, y = { 0 };
	err_t *err = time_read(pool, a, &x);

	if (!err)
		err = time_read(pool, b, &y);
	if (err) {
		err_clear(err);
		return false;
	}
	return x.all_day == y.all_day && x.instant == y.instant;
}

static bool is_guest(const struct json *list, const char *email)
{
	for (size_t i = 0; i < json_len(list); i++)
		if (strcasecmp(json_text(json_item(list, i), "email") ? json_text(json_item(list, i), "email")
								      : "",
			       email) == 0)
			return true;
	return false;
}

/* Answers come by themselves; the organizer may be added as a guest. */
static bool same_guests(const struct json *a, const struct json *b)
{
	for (int turn = 0; turn < 2; turn++) {
		const struct json *from = turn ? b : a, *to = turn ? a : b;

		for (size_t i = 0; i < json_len(from); i++) {
			const char *email = json_text(json_item(from, i), "email");

			if (email && !json_true(json_item(from, i), "self") &&
			    !json_true(json_item(from, i), "organizer") && !is_guest(to, email))
				return false;
		}
	}
	return true;
}

static bool same_json(apr_pool_t *pool, const struct json *a, const struct json *b)
{
	const char *x = a ? json_write(pool, a) : "null", *y = b ? json_write(pool, b) : "null";

	if (text_same(x, "\"\"") || text_same(x, "[]"))
		x = "null";
	if (text_same(y, "\"\"") || text_same(y, "[]"))
		y = "null";
	return text_same(x, y);
}

bool google_event_same(apr_pool_t *pool, const char *member, const struct json *a, const struct json *b)
{
	if (text_same(member, "start") || text_same(member, "end"))
		return same_time(pool, a, b);
	if (text_same(member, "attendees"))
		return same_guests(a, b);
	if (text_same(member, "conferenceData")) /* what was asked for becomes what was made */
		return (a != NULL) == (b != NULL);
	return same_json(pool, a, b);
}

/* --- recurrence --- */

const char *google_event_rule(const struct google_event *event)
{
	for (size_t i = 0; i < event->recurrence_n; i++)
		if (strncasecmp(event->recurrence[i], "RRULE:", 6) == 0)
			return event->recurrence[i] + 6;
	return "";
}

/* Without COUNT and UNTIL, and with another UNTIL. */
static const char *rule_until(apr_pool_t *pool, const char *rule, const char *until)
{
	struct buf b = buf_new(pool, 1200);

	buf_text(&b, "RRULE:");
	while (*rule) {
		size_t n = strcspn(rule, ";");

		if (strncasecmp(rule, "COUNT=", 6) != 0 && strncasecmp(rule, "UNTIL=", 6) != 0)
			buf_fmt(&b, "%.*s;", (int)n, rule);
		rule += n + (rule[n] == ';');
	}
	buf_fmt(&b, "UNTIL=%s", until);
	return b.p;
}

struct json *google_event_until(apr_pool_t *pool, const struct google_event *series, int64_t before)
{
	struct json *lines = json_array(pool);
	const char *until = wall_text(pool, before / SECOND_US - (series->start.all_day ? 86400 : 1),
				      series->start.all_day, true);

	for (size_t i = 0; i < series->recurrence_n; i++) {
		const char *line = series->recurrence[i];

		json_push_text(lines, strncasecmp(line, "RRULE:", 6) == 0 ? rule_until(pool, line + 6, until)
									  : line);
	}
	return lines;
}
