/* Calendars and what is in them. */
#include "tests/standins/google_calendar.h"

#include "core/clock.h"
#include "core/text.h"
#include <stdlib.h>
#include <string.h>

#define READ "calendar calendar.readonly calendar.events calendar.events.readonly calendar.events.owned"
#define WRITE "calendar calendar.events calendar.events.owned"
#define LIST "calendar calendar.readonly calendar.calendarlist calendar.calendarlist.readonly"
#define FREEBUSY "calendar calendar.readonly calendar.freebusy calendar.events.freebusy"
#define WRITE_PARAMS "conferenceDataVersion maxAttendees sendUpdates supportsAttachments"
#define AROUND_BACK (366 * DAY_US)
#define AROUND_AHEAD (2 * 366 * DAY_US)
#define AROUND_MAX 1000

/* --- calendars --- */

struct calendar *calendar_new(struct account *a, const char *id, const char *summary, const char *zone,
			      const char *role)
{
	struct calendar *c = MEM_NEW(a->pool, struct calendar);

	c->account = a;
	c->id = mem_text(a->pool, id);
	c->summary = mem_text(a->pool, summary);
	c->zone = mem_text(a->pool, zone ? zone : a->zone);
	c->role = mem_text(a->pool, role ? role : "owner");
	c->change = 1;
	list_add(&a->calendars, c);
	return c;
}

void calendar_prepare(struct account *a)
{
	if (!a->calendars.n)
		calendar_new(a, a->email, a->email, NULL, NULL)->primary = true;
}

struct calendar *calendar_find(struct ask *ask, const char *id)
{
	calendar_prepare(ask->account);
	for (size_t i = 0; i < ask->account->calendars.n; i++) {
		struct calendar *c = ask->account->calendars.v[i];

		if (text_same(c->id, id) || (c->primary && text_same(id, "primary")))
			return c;
	}
	deny(ask, 404, "notFound", "Not Found");
	return NULL;
}

/* --- events --- */

struct event *event_find(const struct calendar *c, const char *id)
{
	for (size_t i = c->events.n; i-- > 0;) {
		struct event *e = c->events.v[i];

		if (strcmp(e->id, id) == 0)
			return e;
	}
	return NULL;
}

struct event *event_exception(const struct calendar *c, const char *series, const char *original)
{
	for (size_t i = c->events.n; i-- > 0;) {
		struct event *e = c->events.v[i];

		if (!e->tomb && text_same(e->series, series) && text_same(e->original, original))
			return e;
	}
	return NULL;
}

void event_touch(struct calendar *c, struct event *e)
{
	e->change = ++c->change;
	e->etag = world_next();
	e->updated = clock_now();
}

void event_write(struct calendar *c, struct event *e, const struct json *j)
{
	apr_pool_t *pool = pool_root();
	struct when start, end;

	world_replace(&e->text, json_write(pool, j));
	event_times(c, j, &start, &end);
	e->start = start.instant;
	e->end = end.instant;
	e->recurring = json_len(json_at(j, "recurrence")) > 0;
	event_touch(c, e);
	pool_free(pool);
}

struct event *event_new(struct calendar *c, const char *id, const struct json *j)
{
	const char *series = json_text(j, "recurringEventId"), *under = strrchr(id, '_');
	struct event *e = calloc(1, sizeof *e);

	if (!e)
		abort();
	e->id = world_keep(id);
	e->series = world_keep(series);
	e->original = series && under ? world_keep(under + 1) : NULL;
	e->place = world_next();
	e->created = clock_now();
	event_write(c, e, j);
	list_add(&c->events, e);
	return e;
}

void event_kill(struct calendar *c, struct event *e)
{
	e->dead = true;
	event_touch(c, e);
	for (size_t i = 0; i < c->events.n; i++) {
		struct event *other = c->events.v[i];

		if (!other->dead && text_same(other->series, e->id))
			event_kill(c, other);
	}
}

/* --- series that change --- */

struct items series_around(apr_pool_t *pool, const struct calendar *c, const struct event *e)
{
	struct items found = { 0 };

	if (e->recurring && !e->dead)
		series_items(pool, c, e, clock_now() - AROUND_BACK, clock_now() + AROUND_AHEAD, AROUND_MAX,
			     &found);
	return found;
}

static bool holds(const struct items *items, int64_t start)
{
	for (size_t i = 0; i < items->n; i++)
		if (items->v[i].start == start)
			return true;
	return false;
}

static const char *name_of(apr_pool_t *pool, const struct item *item, bool all_day)
{
	struct when start = { .all_day = all_day, .wall = item->wall, .instant = item->start };

	return occurrence_name(pool, &start);
}

/* What is no longer an occurrence is gone, be it an exception or not. */
static void bury(apr_pool_t *pool, struct calendar *c, struct event *e, const struct item *old)
{
	struct json *was = json_object(pool);
	struct event *grave;
	bool all_day = json_text(json_of(pool, e->text), "start.date") != NULL;
	const char *name = name_of(pool, old, all_day), *id = mem_fmt(pool, "%s_%s", e->id, name);
	struct when when = { all_day, old->start, old->wall, "UTC", NULL };

	err_clear(zone_find("UTC", &when.zone));
	grave = event_exception(c, e->id, name);
	if (grave && !grave->dead)
		event_kill(c, grave);
	if (grave)
		return;
	json_set(was, "start", when_show(pool, &when, when.zone));
	json_set(was, "end", when_show(pool, &when, when.zone));
	json_set(was, "originalStartTime", when_show(pool, &when, when.zone));
	json_set_text(was, "recurringEventId", e->id);
	grave = event_new(c, id, was);
	grave->dead = grave->tomb = true;
}

void series_changed(apr_pool_t *pool, struct calendar *c, struct event *e, const struct items *before)
{
	struct items now = series_around(pool, c, e);

	for (size_t i = c->events.n; i-- > 0;) {
		struct event *grave = c->events.v[i];

		if (grave->tomb && text_same(grave->series, e->id)) {
			list_drop(&c->events, grave);
			free(grave);
		}
	}
	for (size_t i = 0; i < before->n; i++)
		if (!holds(&now, before->v[i].start))
			bury(pool, c, e, &before->v[i]);
}

/* --- routes --- */

const struct route calendar_routes[] = {
	{ "calendar.calendars", "GET", "/calendar/v3/users/me/calendarList", LIST,
	  "maxResults minAccessRole pageToken showDeleted showHidden syncToken", QUOTA_CALENDAR, 1,
	  serve_calendar_list },
	{ "calendar.list", "GET", "/calendar/v3/calendars/{}/events", READ,
	  "timeMin timeMax singleEvents orderBy q maxResults pageToken syncToken showDeleted updatedMin timeZone "
	  "maxAttendees eventTypes iCalUID privateExtendedProperty sharedExtendedProperty showHiddenInvitations",
	  QUOTA_CALENDAR, 1, serve_events_list },
	{ "calendar.insert", "POST", "/calendar/v3/calendars/{}/events", WRITE, WRITE_PARAMS, QUOTA_CALENDAR,
	  1, serve_insert },
	{ "calendar.watch", "POST", "/calendar/v3/calendars/{}/events/watch", READ, "eventTypes",
	  QUOTA_CALENDAR, 1, serve_watch },
	{ "calendar.get", "GET", "/calendar/v3/calendars/{}/events/{}", READ, "maxAttendees timeZone",
	  QUOTA_CALENDAR, 1, serve_get },
	{ "calendar.patch", "PATCH", "/calendar/v3/calendars/{}/events/{}", WRITE, WRITE_PARAMS,
	  QUOTA_CALENDAR, 1, serve_patch },
	{ "calendar.update", "PUT", "/calendar/v3/calendars/{}/events/{}", WRITE, WRITE_PARAMS,
	  QUOTA_CALENDAR, 1, serve_put },
	{ "calendar.delete", "DELETE", "/calendar/v3/calendars/{}/events/{}", WRITE, "sendUpdates",
	  QUOTA_CALENDAR, 1, serve_delete },
	{ "calendar.instances", "GET", "/calendar/v3/calendars/{}/events/{}/instances", READ,
	  "maxAttendees maxResults originalStart pageToken showDeleted timeMin timeMax timeZone",
	  QUOTA_CALENDAR, 1, serve_instances },
	{ "calendar.move", "POST", "/calendar/v3/calendars/{}/events/{}/move", WRITE,
	  "destination sendUpdates", QUOTA_CALENDAR, 1, serve_move },
	{ "calendar.freebusy", "POST", "/calendar/v3/freeBusy", FREEBUSY, "", QUOTA_CALENDAR, 1,
	  serve_freebusy },
	{ "calendar.stop", "POST", "/calendar/v3/channels/stop", READ, "", QUOTA_CALENDAR, 1, serve_stop },
	{ NULL },
};

/* --- control --- */

/* {"account"?,"id","summary"?,"zone"?,"role"?,"hidden"?} */
static void add_calendar(struct ask *ask)
{
	struct account *a = ask->account;
	const char *id = json_text(ask->body, "id"), *summary = json_text(ask->body, "summary");

	if (!id || !zone_known(json_text(ask->body, "zone"))) {
		deny(ask, 400, "invalid", "a calendar needs an id, and a zone that there is");
		return;
	}
	calendar_new(a, id, summary ? summary : id, json_text(ask->body, "zone"),
		     json_text(ask->body, "role"))
		->hidden = json_true(ask->body, "hidden");
}

/* {"account"?,"calendar"?}: the next sync of it gets 410. */
static void expire_sync(struct ask *ask)
{
	const char *id = json_text(ask->body, "calendar");
	struct calendar *c = calendar_find(ask, id ? id : "primary");

	if (c)
		c->generation++;
}

bool calendar_control(struct ask *ask, const char *name)
{
	ask->account = control_account(ask);
	if (!ask->account)
		return false;
	calendar_prepare(ask->account);
	if (text_same(name, "calendar"))
		add_calendar(ask);
	else if (text_same(name, "sync_expire"))
		expire_sync(ask);
	else
		return event_control(ask, name) || channel_control(ask, name);
	return true;
}
