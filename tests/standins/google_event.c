/* What may stand in an event. */
#include "tests/standins/google_calendar.h"

#include "core/clock.h"
#include "core/text.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define ONLY_GOOGLES                                                                                  \
	"kind etag id htmlLink created updated creator organizer recurringEventId originalStartTime " \
	"iCalUID hangoutLink locked privateCopy sequence endTimeUnspecified eventType"
#define EVERYBODYS                                                                                    \
	"status summary description location colorId start end recurrence transparency visibility "   \
	"attendees attendeesOmitted extendedProperties conferenceData anyoneCanAddSelf "              \
	"guestsCanInviteOthers guestsCanModify guestsCanSeeOtherGuests reminders source attachments " \
	"workingLocationProperties outOfOfficeProperties focusTimeProperties birthdayProperties"
#define REMINDERS_MAX 5
#define REMINDER_MINUTES 40320

bool event_fields(struct ask *ask, const struct json *j)
{
	return only_fields(ask, j, ONLY_GOOGLES " " EVERYBODYS, "event");
}

struct json *event_writable(apr_pool_t *pool, const struct json *j)
{
	return json_without(pool, j, ONLY_GOOGLES);
}

/* --- times --- */

bool instant_read(const char *text, int64_t *ret)
{
	err_t *err = clock_parse(text, ret);

	if (!err)
		return true;
	err_clear(err);
	return false;
}

static bool date_read(const char *text, int64_t *ret_wall)
{
	apr_pool_t *pool = pool_root();
	int64_t instant = 0;
	bool good = strlen(text) == 10 && instant_read(mem_fmt(pool, "%sT00:00:00Z", text), &instant);

	pool_free(pool);
	*ret_wall = instant / SECOND_US;
	return good;
}

static bool zone_read(struct ask *ask, const char *name, const char *what, const struct zone **ret)
{
	err_t *err = zone_find(name, ret);

	if (!err)
		return true;
	err_clear(err);
	return deny(ask, 400, "invalid", "Invalid time zone definition for %s time.", what);
}

/* "2026-12-01T09:00:00" with or without an offset; without one it is of the zone that is named. */
static bool time_read(struct ask *ask, const char *text, bool named, const char *what, struct when *w)
{
	int64_t wall;

	if (instant_read(text, &w->instant)) {
		w->wall = zone_wall(w->zone, w->instant);
		return true;
	}
	if (!instant_read(mem_fmt(ask->pool, "%sZ", text), &wall))
		return deny(ask, 400, "invalid", "Invalid value for: Invalid format: \"%s\"", text);
	if (!named)
		return deny(ask, 400, "required", "Missing time zone definition for %s time.", what);
	w->wall = wall / SECOND_US;
	w->instant = zone_instant(w->zone, w->wall);
	return true;
}

bool when_read(struct ask *ask, const struct calendar *c, const struct json *j, const char *name,
	       struct when *ret)
{
	const struct json *o = json_at(j, name);
	const char *date = json_text(o, "date"), *time = json_text(o, "dateTime"),
		   *zone = json_text(o, "timeZone");
	struct when w = { .all_day = date != NULL, .zone_name = zone ? zone : c->zone };

	if (!o)
		return deny(ask, 400, "required", "Missing %s time.", name);
	if (!only_fields(ask, o, "date dateTime timeZone", name))
		return false;
	if (!date == !time)
		return deny(ask, 400, "invalid", "Invalid %s time.", name);
	if (!zone_read(ask, date ? c->zone : w.zone_name, name, &w.zone))
		return false;
	if (date && !date_read(date, &w.wall))
		return deny(ask, 400, "invalid", "Invalid %s time.", name);
	if (date)
		w.instant = zone_instant(w.zone, w.wall);
	else if (!time_read(ask, time, zone != NULL, name, &w))
		return false;
	*ret = w;
	return true;
}

static bool times_check(struct ask *ask, const struct calendar *c, const struct json *j)
{
	struct when start, end;
	bool series = json_len(json_at(j, "recurrence")) > 0;
	const char *why;

	if (!when_read(ask, c, j, "start", &start) || !when_read(ask, c, j, "end", &end))
		return false;
	if (start.all_day != end.all_day)
		return deny(ask, 400, "invalid",
			    "Start and end times must either both be date or both be dateTime.");
	if (end.instant < start.instant || (start.all_day && end.wall == start.wall))
		return deny(ask, 400, "timeRangeEmpty", "The specified time range is empty.");
	if (series && !start.all_day && !json_text(j, "start.timeZone"))
		return deny(ask, 400, "required", "Missing time zone definition for start time.");
	if (series && !start.all_day && !json_text(j, "end.timeZone"))
		return deny(ask, 400, "required", "Missing time zone definition for end time.");
	if (json_at(j, "recurrence") && !recurrence_good(json_at(j, "recurrence"), start.all_day, &why))
		return deny(ask, 400, "invalid", "%s", why);
	if (series && json_text(j, "recurringEventId"))
		return deny(ask, 400, "invalid", "An occurrence has no recurrence.");
	return true;
}

/* --- the rest --- */

static bool address_good(const char *s)
{
	const char *at = s ? strchr(s, '@') : NULL;

	return at && at > s && at[1] && !strchr(at + 1, '@') && !strpbrk(s, " <>,;\"\r\n");
}

static bool attendees_check(struct ask *ask, const struct json *list)
{
	if (!json_is_array(list))
		return deny(ask, 400, "parseError", "Parse Error");
	for (size_t i = 0; i < json_len(list); i++) {
		const struct json *o = json_item(list, i);
		const char *email = json_text(o, "email"), *status = json_text(o, "responseStatus");

		if (!only_fields(
			    ask, o,
			    "id email displayName organizer self resource optional responseStatus comment "
			    "additionalGuests",
			    "attendees"))
			return false;
		if (!address_good(email))
			return deny(ask, 400, email ? "invalid" : "required", "Invalid attendee email.");
		if (status && !text_has_word("needsAction declined tentative accepted", status))
			return deny(ask, 400, "invalid", "Invalid attendee status.");
		for (size_t k = 0; k < i; k++)
			if (strcasecmp(json_text(json_item(list, k), "email"), email) == 0)
				return deny(ask, 400, "invalid", "An attendee came twice.");
	}
	return true;
}

static bool reminders_check(struct ask *ask, const struct json *o)
{
	const struct json *list = json_at(o, "overrides");

	if (!only_fields(ask, o, "useDefault overrides", "reminders"))
		return false;
	if (json_true(o, "useDefault") && json_len(list))
		return deny(ask, 400, "cannotUseDefaultRemindersAndSpecifyOverride",
			    "Cannot specify both default reminders and overrides at the same time.");
	if (json_len(list) > REMINDERS_MAX)
		return deny(ask, 400, "invalid", "Too many reminder overrides.");
	for (size_t i = 0; i < json_len(list); i++) {
		const char *method = json_text(json_item(list, i), "method");
		int64_t minutes;

		if (!method || !text_has_word("email popup", method) ||
		    !json_int(json_item(list, i), "minutes", &minutes) || minutes < 0 ||
		    minutes > REMINDER_MINUTES)
			return deny(ask, 400, "invalid", "Invalid reminder override.");
	}
	return true;
}

struct properties {
	struct ask *ask;
};

static err_t *property_check(void *ctx, const char *key, struct json *value)
{
	struct properties *p = ctx;
	const char *text = json_text(value, NULL);

	if (strlen(key) > 44 || (value && (!text || strlen(text) > 1024)))
		deny(p->ask, 400, "invalid", "Invalid extended property.");
	return NULL;
}

static bool properties_check(struct ask *ask, const struct json *o)
{
	struct properties p = { ask };

	if (!only_fields(ask, o, "private shared", "extendedProperties"))
		return false;
	err_clear(json_each(json_at(o, "private"), property_check, &p));
	err_clear(json_each(json_at(o, "shared"), property_check, &p));
	return !ask->answer.status;
}

static bool conference_check(struct ask *ask, const struct json *o)
{
	const struct json *create = json_at(o, "createRequest");

	if (!create)
		return true;
	if (!json_text(create, "requestId") || !*json_text(create, "requestId"))
		return deny(ask, 400, "required", "Missing conference request id.");
	if (!text_same(json_text(create, "conferenceSolutionKey.type"), "hangoutsMeet"))
		return deny(ask, 400, "invalid", "Invalid conference type value.");
	return true;
}

static bool words_check(struct ask *ask, const struct json *j)
{
	static const struct {
		const char *name, *words;
	} all[] = {
		{ "status", "confirmed tentative cancelled" },
		{ "transparency", "opaque transparent" },
		{ "visibility", "default public private confidential" },
		{ "colorId", "1 2 3 4 5 6 7 8 9 10 11" },
	};
	static const char *const texts[] = { "summary", "description", "location" };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		const char *value = json_text(j, all[i].name);

		if (json_at(j, all[i].name) && (!value || !text_has_word(all[i].words, value)))
			return deny(ask, 400, "invalid", "Invalid value for: %s", all[i].name);
	}
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (json_at(j, texts[i]) && !json_text(j, texts[i]))
			return deny(ask, 400, "parseError", "Parse Error");
	if (json_at(j, "source") &&
	    (!json_text(j, "source.url") || !text_starts(json_text(j, "source.url"), "http")))
		return deny(ask, 400, "invalid", "Invalid source url.");
	return true;
}

bool event_check(struct ask *ask, const struct calendar *c, const struct json *j)
{
	if (!words_check(ask, j) || !times_check(ask, c, j))
		return false;
	if (json_at(j, "attendees") && !attendees_check(ask, json_at(j, "attendees")))
		return false;
	if (json_at(j, "reminders") && !reminders_check(ask, json_at(j, "reminders")))
		return false;
	if (json_at(j, "extendedProperties") && !properties_check(ask, json_at(j, "extendedProperties")))
		return false;
	return !json_at(j, "conferenceData") || conference_check(ask, json_at(j, "conferenceData"));
}
