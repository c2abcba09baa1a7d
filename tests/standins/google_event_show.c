/* Events as they are answered. */
#include "tests/standins/google_calendar.h"

#include "core/clock.h"
#include "core/text.h"
#include <stdlib.h>
#include <string.h>

const char *etag_of(apr_pool_t *pool, const struct event *e)
{
	return mem_fmt(pool, "\"%lld\"", (long long)(3181000000000000 + e->etag * 2000));
}

const char *instant_show(apr_pool_t *pool, int64_t instant, const struct zone *zone)
{
	int64_t offset = zone_offset(zone, instant), minutes = llabs(offset) / 60;
	const char *wall = clock_iso(pool, zone_wall(zone, instant) * SECOND_US);

	if (!offset)
		return wall;
	return mem_fmt(pool, "%.19s%c%02d:%02d", wall, offset < 0 ? '-' : '+', (int)(minutes / 60),
		       (int)(minutes % 60));
}

struct json *when_show(apr_pool_t *pool, const struct when *w, const struct zone *zone)
{
	struct json *o = json_object(pool);

	if (w->all_day) {
		json_set_text(o, "date", mem_textn(pool, clock_iso(pool, w->wall * SECOND_US), 10));
		return o;
	}
	json_set_text(o, "dateTime", instant_show(pool, w->instant, zone));
	json_set_text(o, "timeZone", w->zone_name);
	return o;
}

static struct json *fewer(struct ask *ask, const struct json *list, int64_t max)
{
	struct json *to = json_array(ask->pool);

	for (size_t i = 0; i < json_len(list); i++)
		if ((int64_t)i < max || json_true(json_item(list, i), "self"))
			json_push(to, json_item(list, i));
	return to;
}

/* Whose it is, and when: what no writer gives. */
static void put_head(struct ask *ask, const struct calendar *c, const struct event *e, const char *id,
		     struct json *to)
{
	const char *key = mem_fmt(ask->pool, "%s %s", id, c->account->email);

	json_set_text(to, "kind", "calendar#event");
	json_set_text(to, "etag", etag_of(ask->pool, e));
	json_set_text(to, "id", id);
	if (e->dead)
		json_set_text(to, "status", "cancelled");
	json_set_text(to, "htmlLink",
		      mem_fmt(ask->pool, "https://www.google.com/calendar/event?eid=%s",
			      base64_url(ask->pool, key, strlen(key), false)));
	json_set_text(to, "created", mem_fmt(ask->pool, "%.19s.000Z", clock_iso(ask->pool, e->created)));
	json_set_text(to, "updated", clock_iso(ask->pool, e->updated));
}

static struct json *shown(struct ask *ask, const struct calendar *c, const struct event *e, const char *id,
			  const struct json *j)
{
	const char *names[] = { "start", "end", "originalStartTime" };
	const char *zone_name = param(ask, "timeZone") ? param(ask, "timeZone") : c->zone;
	struct json *to = json_object(ask->pool),
		    *rest = json_without(ask->pool, j, "start end originalStartTime");
	const struct zone *zone = NULL;
	int64_t max = INT64_MAX;
	struct when w;

	err_clear(zone_find(zone_name, &zone));
	if (!zone)
		err_clear(zone_find("UTC", &zone));
	put_head(ask, c, e, id, to);
	to = json_merged(ask->pool, rest, to);
	for (size_t i = 0; i < 3; i++)
		if (json_at(j, names[i]) && when_read(ask, c, j, names[i], &w))
			json_set(to, names[i], when_show(ask->pool, &w, zone));
	if (param(ask, "maxAttendees") && text_int(param(ask, "maxAttendees"), &max) &&
	    (int64_t)json_len(json_at(j, "attendees")) > max) {
		json_set(to, "attendees", fewer(ask, json_at(j, "attendees"), max));
		json_set_bool(to, "attendeesOmitted", true);
	}
	return to;
}

struct json *event_show(struct ask *ask, const struct calendar *c, struct event *e)
{
	return shown(ask, c, e, e->id, json_of(ask->pool, e->text));
}

struct json *item_show(struct ask *ask, const struct calendar *c, const struct item *item)
{
	struct json *j;
	struct when start = { .all_day = false };

	if (!item->occurrence)
		return event_show(ask, c, item->event);
	j = occurrence_json(ask->pool, c, item);
	start.all_day = json_text(j, "start.date") != NULL;
	start.wall = item->wall;
	start.instant = item->start;
	return shown(ask, c, item->event,
		     mem_fmt(ask->pool, "%s_%s", item->event->id, occurrence_name(ask->pool, &start)), j);
}

struct json *event_gone(struct ask *ask, const struct calendar *c, const struct event *e)
{
	struct json *o = json_object(ask->pool), *j = json_of(ask->pool, e->text);
	const struct zone *zone = NULL;
	struct when w;

	json_set_text(o, "id", e->id);
	json_set_text(o, "status", "cancelled");
	if (!e->series)
		return o;
	err_clear(zone_find(c->zone, &zone));
	json_set_text(o, "recurringEventId", e->series);
	if (when_read(ask, c, j, "originalStartTime", &w))
		json_set(o, "originalStartTime", when_show(ask->pool, &w, zone));
	return o;
}
