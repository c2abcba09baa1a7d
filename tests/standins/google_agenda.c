/* Lists of events: windows, pages, sync tokens; free and busy. */
#include "tests/standins/google_calendar.h"

#include "core/clock.h"
#include "core/text.h"
#include <stdlib.h>
#include <string.h>

#define PAGE_USUAL 250
#define PAGE_MAX 2500
#define OCCURRENCES_MAX 1000
#define UPDATED_US (28 * DAY_US)
#define FOREVER_US (INT64_C(1) << 60)

struct wanted {
	struct calendar *calendar;
	int64_t from, until; /* from: exclusive on the end; until: exclusive on the start */
	int64_t updated, since, max;
	bool single, deleted, sync, instances;
	const char *order, *q;
	const struct event *series; /* its instances alone */
};

/* Where a page goes on: after these keys. */
struct keys {
	int64_t a, b, c;
};

/* --- reading the request --- */

static bool time_param(struct ask *ask, const char *name, int64_t *ret)
{
	const char *text = param(ask, name);

	if (text && !instant_read(text, ret))
		return deny(ask, 400, "badRequest", "Bad Request: %s has no offset, or is no time.", name);
	return true;
}

static bool types_good(struct ask *ask)
{
	const char *type;

	for (size_t i = 0; (type = query_value(&ask->query, "eventTypes", i)); i++)
		if (!text_has_word("default outOfOffice focusTime workingLocation birthday fromGmail", type))
			return deny(ask, 400, "invalid", "Invalid value for: eventTypes");
	return true;
}

/* Of a sync token: what must be as it was in the full sync. */
static const char *sync_hash(struct ask *ask)
{
	struct buf b = buf_new(ask->pool, 65536);
	const char *type;

	buf_fmt(&b, "%s %d", ask->path, param_true(ask, "singleEvents"));
	for (size_t i = 0; (type = query_value(&ask->query, "eventTypes", i)); i++)
		buf_fmt(&b, " %s", type);
	return mem_textn(ask->pool, sha256_hex(ask->pool, b.p, b.n), 12);
}

static const char *sync_token(struct ask *ask, const struct calendar *c, int64_t change)
{
	const char *text = mem_fmt(ask->pool, "%s %lld %lld", sync_hash(ask), (long long)c->generation,
				   (long long)change);

	return base64_url(ask->pool, text, strlen(text), true);
}

static bool sync_read(struct ask *ask, struct wanted *w)
{
	static const char *const forbidden[] = {
		"iCalUID", "orderBy",   "privateExtendedProperty", "q", "sharedExtendedProperty", "timeMin",
		"timeMax", "updatedMin"
	};
	const char *token = param(ask, "syncToken"), *text;
	char *end;
	size_t n;

	w->sync = token != NULL;
	if (!token)
		return true;
	for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
		if (param(ask, forbidden[i]))
			return deny(ask, 400, "badRequest", "Sync token cannot be used with %s.",
				    forbidden[i]);
	if (text_same(param(ask, "showDeleted"), "false"))
		return deny(ask, 400, "badRequest", "Sync token cannot be used with showDeleted=false.");
	text = base64_url_read(ask->pool, token, &n);
	if (!text || n < 15 || strtoll(text + 13, &end, 10) != w->calendar->generation)
		return deny(ask, 410, "fullSyncRequired",
			    "Sync token is no longer valid, a full sync is required.");
	if (strncmp(text, sync_hash(ask), 12) != 0)
		return deny(ask, 400, "badRequest", "The parameters are not those of the full sync.");
	w->since = strtoll(end, NULL, 10);
	w->deleted = true;
	return true;
}

static bool order_good(struct ask *ask, const struct wanted *w)
{
	if (!w->order || text_same(w->order, "updated"))
		return true;
	if (!text_same(w->order, "startTime"))
		return deny(ask, 400, "invalid", "Invalid value for: orderBy");
	return w->single || deny(ask, 400, "badRequest",
				 "The requested ordering is not available for the particular query.");
}

static bool zone_good(struct ask *ask)
{
	const struct zone *zone;
	err_t *err = param(ask, "timeZone") ? zone_find(param(ask, "timeZone"), &zone) : NULL;

	if (!err)
		return true;
	err_clear(err);
	return deny(ask, 400, "invalid", "Invalid value for: timeZone");
}

static bool wanted_read(struct ask *ask, struct wanted *w)
{
	int64_t ignored;

	*w = (struct wanted){ .from = -FOREVER_US, .until = FOREVER_US, .since = -1, .updated = -1 };
	w->calendar = calendar_find(ask, ask->part[0]);
	if (!w->calendar || !param_bools(ask, "singleEvents showDeleted showHiddenInvitations") ||
	    !types_good(ask) || !zone_good(ask) || !param_int(ask, "maxAttendees", 1, 1, 10000, &ignored) ||
	    !param_int(ask, "maxResults", PAGE_USUAL, 1, PAGE_MAX, &w->max) ||
	    !time_param(ask, "timeMin", &w->from) || !time_param(ask, "timeMax", &w->until) ||
	    !time_param(ask, "updatedMin", &w->updated))
		return false;
	w->single = param_true(ask, "singleEvents");
	w->deleted = param_true(ask, "showDeleted") || w->updated >= 0;
	w->order = param(ask, "orderBy");
	w->q = param(ask, "q");
	if (w->until <= w->from)
		return deny(ask, 400, "timeRangeEmpty", "The specified time range is empty.");
	if (w->updated >= 0 && w->updated < clock_now() - UPDATED_US)
		return deny(ask, 410, "updatedMinTooLongAgo",
			    "The requested minimum modification time lies too far in the past.");
	if (world.page[QUOTA_CALENDAR] && world.page[QUOTA_CALENDAR] < w->max)
		w->max = world.page[QUOTA_CALENDAR];
	return order_good(ask, w) && sync_read(ask, w);
}

/* --- what belongs into the list --- */

static bool of_type(struct ask *ask, const struct json *j)
{
	const char *have = json_text(j, "eventType"), *type;

	if (!param(ask, "eventTypes"))
		return true;
	for (size_t i = 0; (type = query_value(&ask->query, "eventTypes", i)); i++)
		if (text_same(type, have ? have : "default"))
			return true;
	return false;
}

static bool has_property(struct ask *ask, const struct json *j, const char *name, const char *where)
{
	const char *pair;

	for (size_t i = 0; (pair = query_value(&ask->query, name, i)); i++) {
		const char *key = mem_textn(ask->pool, pair, strcspn(pair, "=")), *equals = strchr(pair, '=');

		if (!equals || !text_same(json_text(json_member(json_at(j, where), key), NULL), equals + 1))
			return false;
	}
	return true;
}

static bool has_words(struct ask *ask, const struct json *j, const char *q)
{
	const char *names[] = { "summary", "description", "location", "organizer.email",
				"organizer.displayName" };
	const struct json *list = json_at(j, "attendees");

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_within(ask->pool, json_text(j, names[i]), q))
			return true;
	for (size_t i = 0; i < json_len(list); i++)
		if (text_within(ask->pool, json_text(json_item(list, i), "email"), q) ||
		    text_within(ask->pool, json_text(json_item(list, i), "displayName"), q))
			return true;
	return false;
}

static bool fits(struct ask *ask, const struct wanted *w, const struct event *e)
{
	const struct json *j;

	if (e->updated < w->updated || (w->sync && e->change <= w->since))
		return false;
	if (!param(ask, "eventTypes") && !w->q && !param(ask, "iCalUID") &&
	    !param(ask, "privateExtendedProperty") && !param(ask, "sharedExtendedProperty"))
		return true;
	j = json_of(ask->pool, e->text);
	if ((e->tomb || e->dead) && w->sync)
		return true;
	return of_type(ask, j) && (!w->q || has_words(ask, j, w->q)) &&
	       (!param(ask, "iCalUID") || text_same(param(ask, "iCalUID"), json_text(j, "iCalUID"))) &&
	       has_property(ask, j, "privateExtendedProperty", "extendedProperties.private") &&
	       has_property(ask, j, "sharedExtendedProperty", "extendedProperties.shared");
}

static bool overlaps(const struct wanted *w, const struct event *e)
{
	return e->start < w->until && (e->end > w->from || (e->end == e->start && e->start > w->from));
}

static bool series_overlaps(struct ask *ask, const struct wanted *w, const struct event *e)
{
	struct items some = { 0 };

	series_items(ask->pool, w->calendar, e, w->from, w->until, 1, &some);
	return some.n > 0;
}

static bool named(const struct list *exceptions, const char *original)
{
	for (size_t i = 0; i < exceptions->n; i++)
		if (text_same(((struct event *)exceptions->v[i])->original, original))
			return true;
	return false;
}

/* The occurrences that no exception stands for. */
static void add_series(struct ask *ask, const struct wanted *w, struct event *e, struct items *to)
{
	struct items all = { 0 };
	struct list exceptions = { 0 };
	bool all_day = json_text(json_of(ask->pool, e->text), "start.date") != NULL;

	for (size_t i = 0; i < w->calendar->events.n; i++) {
		struct event *other = w->calendar->events.v[i];

		if (!other->tomb && text_same(other->series, e->id))
			list_add(&exceptions, other);
	}

	if (w->sync)
		all = series_around(ask->pool, w->calendar, e);
	else
		series_items(ask->pool, w->calendar, e, w->from, w->until, OCCURRENCES_MAX, &all);
	for (size_t i = 0; i < all.n; i++) {
		struct when start = { .all_day = all_day, .instant = all.v[i].start, .wall = all.v[i].wall };

		if (!named(&exceptions, occurrence_name(ask->pool, &start)))
			items_add(ask->pool, to, &all.v[i]);
	}
	free(exceptions.v);
}

/* Cancelled exceptions are told even where deleted events are not: nothing else says that they do not take place. */
static bool seen(const struct wanted *w, const struct event *e)
{
	if (e->tomb)
		return w->sync && w->single;
	if (e->dead && !w->deleted) {
		const struct event *series = e->series ? event_find(w->calendar, e->series) : NULL;

		return series && !series->dead && !w->single && !w->instances;
	}
	return !(w->single && e->dead && e->recurring);
}

static void collect(struct ask *ask, const struct wanted *w, struct items *to)
{
	for (size_t i = 0; i < w->calendar->events.n; i++) {
		struct event *e = w->calendar->events.v[i];
		struct item item = { .event = e, .start = e->start, .end = e->end };

		if (w->series && e != w->series && !text_same(e->series, w->series->id))
			continue;
		if (!seen(w, e) || !fits(ask, w, e))
			continue;
		if (w->single && e->recurring)
			add_series(ask, w, e, to);
		else if (w->sync || overlaps(w, e) || (e->recurring && series_overlaps(ask, w, e)))
			items_add(ask->pool, to, &item);
	}
}

/* --- pages --- */

static struct keys keys_of(const struct wanted *w, const struct item *item)
{
	if (text_same(w->order, "startTime") || w->instances)
		return (struct keys){ item->start, item->event->place, 0 };
	if (text_same(w->order, "updated"))
		return (struct keys){ item->event->updated, item->event->place, item->start };
	return (struct keys){ item->event->place, item->start, 0 };
}

static int keys_compare(const struct keys *x, const struct keys *y)
{
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	if (x->b != y->b)
		return x->b < y->b ? -1 : 1;
	return x->c < y->c ? -1 : x->c > y->c;
}

static int items_compare(const void *a, const void *b, void *ctx)
{
	struct keys x = keys_of(ctx, a), y = keys_of(ctx, b);

	return keys_compare(&x, &y);
}

/* "change a b c": the calendar's change when the list began, and where the page goes on. */
static bool where_read(struct ask *ask, const struct wanted *w, int64_t *ret_change, struct keys *ret)
{
	const char *where = page_where(ask);
	char *at;

	*ret_change = w->calendar->change;
	*ret = (struct keys){ INT64_MIN, INT64_MIN, INT64_MIN };
	if (!where)
		return false;
	if (!*where)
		return true;
	*ret_change = strtoll(where, &at, 10);
	ret->a = strtoll(at, &at, 10);
	ret->b = strtoll(at, &at, 10);
	ret->c = strtoll(at, &at, 10);
	return true;
}

static struct json *show(struct ask *ask, const struct wanted *w, const struct item *item)
{
	const struct event *e = item->event;

	return e->dead && (w->sync || e->series) ? event_gone(ask, w->calendar, e)
						 : item_show(ask, w->calendar, item);
}

static struct json *head_of(struct ask *ask, const struct wanted *w)
{
	const struct calendar *c = w->calendar;
	struct json *o = json_object(ask->pool), *reminders = json_array(ask->pool),
		    *reminder = json_object(ask->pool);

	json_set_text(o, "kind", "calendar#events");
	json_set_text(o, "etag", mem_fmt(ask->pool, "\"p%lld\"", (long long)c->change));
	json_set_text(o, "summary", c->summary);
	json_set_text(o, "updated", clock_iso(ask->pool, clock_now()));
	json_set_text(o, "timeZone", param(ask, "timeZone") ? param(ask, "timeZone") : c->zone);
	json_set_text(o, "accessRole", c->role);
	json_set_text(reminder, "method", "popup");
	json_set_int(reminder, "minutes", 10);
	json_push(reminders, reminder);
	json_set(o, "defaultReminders", reminders);
	return o;
}

static bool may_sync_later(struct ask *ask)
{
	static const char *const without[] = {
		"q", "orderBy", "iCalUID", "updatedMin", "privateExtendedProperty", "sharedExtendedProperty"
	};

	for (size_t i = 0; i < sizeof without / sizeof *without; i++)
		if (param(ask, without[i]))
			return false;
	return true;
}

static void say_page(struct ask *ask, const struct wanted *w)
{
	struct json *o = head_of(ask, w), *list = json_array(ask->pool);
	struct items items = { 0 };
	struct keys after, last;
	int64_t change, n = 0;
	size_t i;

	if (!where_read(ask, w, &change, &after))
		return;
	last = after;
	collect(ask, w, &items);
	if (items.n)
		qsort_r(items.v, items.n, sizeof *items.v, items_compare, (void *)(uintptr_t)w);
	for (i = 0; i < items.n; i++) {
		struct keys keys = keys_of(w, &items.v[i]);

		if (keys_compare(&keys, &after) <= 0)
			continue;
		if (n == (world.empty_pages && !param(ask, "pageToken") ? 0 : w->max))
			break;
		json_push(list, show(ask, w, &items.v[i]));
		last = keys;
		n++;
	}
	json_set(o, "items", list);
	if (i < items.n)
		json_set_text(o, "nextPageToken",
			      page_token(ask,
					 mem_fmt(ask->pool, "%lld %lld %lld %lld", (long long)change,
						 (long long)last.a, (long long)last.b, (long long)last.c)));
	else if (!w->instances && may_sync_later(ask))
		json_set_text(o, "nextSyncToken", sync_token(ask, w->calendar, change));
	say_json(ask, o);
}

void serve_events_list(struct ask *ask)
{
	struct wanted w;

	if (wanted_read(ask, &w))
		say_page(ask, &w);
}

void serve_instances(struct ask *ask)
{
	struct wanted w;

	if (!wanted_read(ask, &w))
		return;
	w.series = event_find(w.calendar, ask->part[1]);
	w.single = w.instances = true;
	if (!w.series)
		deny(ask, 404, "notFound", "Not Found");
	else if (!w.series->recurring)
		deny(ask, 400, "badRequest", "The event is not recurring.");
	else
		say_page(ask, &w);
}

/* --- free and busy --- */

static bool busy(struct ask *ask, const struct item *item)
{
	const struct json *j = json_of(ask->pool, item->event->text), *list = json_at(j, "attendees");

	for (size_t i = 0; i < json_len(list); i++)
		if (json_true(json_item(list, i), "self") &&
		    text_same(json_text(json_item(list, i), "responseStatus"), "declined"))
			return false;
	return !text_same(json_text(j, "transparency"), "transparent");
}

static int by_start(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static struct json *busy_of(struct ask *ask, struct wanted *w, const struct zone *zone)
{
	struct json *list = json_array(ask->pool), *one = NULL;
	struct items items = { 0 };
	int64_t end = INT64_MIN;

	collect(ask, w, &items);
	if (items.n)
		qsort(items.v, items.n, sizeof *items.v, by_start);
	for (size_t i = 0; i < items.n; i++) {
		int64_t from = items.v[i].start > w->from ? items.v[i].start : w->from;
		int64_t until = items.v[i].end < w->until ? items.v[i].end : w->until;

		if (!busy(ask, &items.v[i]) || until <= end)
			continue;
		if (from > end) {
			one = json_object(ask->pool);
			json_set_text(one, "start", instant_show(ask->pool, from, zone));
			json_push(list, one);
		}
		end = until;
		json_set_text(one, "end", instant_show(ask->pool, end, zone));
	}
	return list;
}

static struct json *busy_entry(struct ask *ask, struct wanted *w, const struct zone *zone, const char *id)
{
	struct json *o = json_object(ask->pool), *errors = json_array(ask->pool),
		    *error = json_object(ask->pool);
	struct ask look = { .pool = ask->pool, .account = ask->account };

	w->calendar = calendar_find(&look, id);
	if (!w->calendar) {
		json_set_text(error, "domain", "global");
		json_set_text(error, "reason", "notFound");
		json_push(errors, error);
		json_set(o, "errors", errors);
		json_set(o, "busy", json_array(ask->pool));
		return o;
	}
	json_set(o, "busy", busy_of(ask, w, zone));
	return o;
}

void serve_freebusy(struct ask *ask)
{
	struct json *o = json_object(ask->pool), *calendars = json_object(ask->pool), *list;
	struct wanted w = { .since = -1, .updated = -1, .single = true };
	const char *zone_name;
	const struct zone *zone;
	err_t *err;

	if (!body_needed(ask) ||
	    !only_fields(ask, ask->body,
			 "timeMin timeMax timeZone items groupExpansionMax calendarExpansionMax", ""))
		return;
	list = json_at(ask->body, "items");
	zone_name = json_text(ask->body, "timeZone") ? json_text(ask->body, "timeZone") : "UTC";
	err = zone_find(zone_name, &zone);
	if (err || !json_text(ask->body, "timeMin") || !json_text(ask->body, "timeMax") ||
	    !instant_read(json_text(ask->body, "timeMin"), &w.from) ||
	    !instant_read(json_text(ask->body, "timeMax"), &w.until))
		deny(ask, 400, "badRequest", "Bad Request: timeMin, timeMax, timeZone");
	else if (w.until <= w.from)
		deny(ask, 400, "timeRangeEmpty", "The specified time range is empty.");
	else if (!json_len(list) || json_len(list) > 50)
		deny(ask, 400, "tooManyCalendarsRequested", "1 to 50 calendars");
	err_clear(err);
	if (ask->answer.status)
		return;
	for (size_t i = 0; i < json_len(list); i++) {
		const char *id = json_text(json_item(list, i), "id");

		if (id)
			json_set(calendars, id, busy_entry(ask, &w, zone, id));
	}
	json_set_text(o, "kind", "calendar#freeBusy");
	json_set_text(o, "timeMin", clock_iso(ask->pool, w.from));
	json_set_text(o, "timeMax", clock_iso(ask->pool, w.until));
	json_set(o, "calendars", calendars);
	say_json(ask, o);
}
