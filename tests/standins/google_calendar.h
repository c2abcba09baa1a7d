/* google_calendar: calendars, their events, and the occurrences of series.
 * Needs: google_world, zone, ical. Used by: the files of Calendar v3 in standin-google.
 * Instants are microseconds, walls seconds, as everywhere. */
#ifndef TESTS_STANDINS_GOOGLE_CALENDAR_H
#define TESTS_STANDINS_GOOGLE_CALENDAR_H

#include "core/zone.h"
#include "tests/standins/google_world.h"

struct event {
	char *id;
	char *text;     /* what was written, checked, as JSON */
	char *series;   /* id of the series that it is an exception of, or NULL */
	char *original; /* which of its occurrences: as in its own id, after the _ */
	int64_t place;  /* order in which events came */
	int64_t change; /* the calendar's number of its last change */
	int64_t etag;
	int64_t created, updated;
	int64_t start, end; /* instants; all day: in the calendar's zone */
	bool recurring, dead;
	bool tomb; /* an occurrence that a change of its series took away: seen by a sync of single events alone */
	int64_t conference; /* reads that still see it pending */
};

struct calendar {
	struct account *account;
	const char *id, *summary, *zone, *role;
	bool primary, hidden;
	struct list events;
	int64_t change;     /* grows with each change */
	int64_t generation; /* sync tokens of an older one are dead */
	int64_t inserts;    /* that had an effect */
};

/* A start or an end. */
struct when {
	bool all_day;
	int64_t instant, wall; /* wall: in its zone */
	const char *zone_name;
	const struct zone *zone;
};

/* One event, or one occurrence of a series. */
struct item {
	struct event *event;
	bool occurrence;
	int64_t start, end, wall; /* wall: of the occurrence, in the series' zone */
};
struct items {
	struct item *v;
	size_t n, cap;
};

/* --- calendars and events (google_calendar) --- */

/* "primary" or an id; NULL: denied (404). */
struct calendar *calendar_find(struct ask *ask, const char *id);
struct calendar *calendar_new(struct account *a, const char *id, const char *summary, const char *zone,
			      const char *role);
/* Makes the primary calendar of whoever has none. */
void calendar_prepare(struct account *a);
struct event *event_find(const struct calendar *c, const char *id);
/* The exception of that occurrence, or NULL. */
struct event *event_exception(const struct calendar *c, const char *series, const char *original);
/* A new one with this text. */
struct event *event_new(struct calendar *c, const char *id, const struct json *j);
/* Another text; etag, change and times follow. */
void event_write(struct calendar *c, struct event *e, const struct json *j);
void event_kill(struct calendar *c, struct event *e);
void event_touch(struct calendar *c, struct event *e);
/* Occurrences of a series around today, and what a change took away of them. */
struct items series_around(apr_pool_t *pool, const struct calendar *c, const struct event *e);
void series_changed(apr_pool_t *pool, struct calendar *c, struct event *e, const struct items *before);

/* --- checks (google_event) --- */

/* What may stand in an event at all; false: denied. */
bool event_fields(struct ask *ask, const struct json *j);
/* An event as it would be stored; false: denied. */
bool event_check(struct ask *ask, const struct calendar *c, const struct json *j);
bool when_read(struct ask *ask, const struct calendar *c, const struct json *j, const char *name,
	       struct when *ret);
/* Without the members that only Google writes. */
struct json *event_writable(apr_pool_t *pool, const struct json *j);
/* A date and time in RFC 3339 with its offset; false: it is none. */
bool instant_read(const char *text, int64_t *ret);

/* --- showing (google_event_show) --- */

/* maxAttendees and timeZone of the request apply. */
struct json *item_show(struct ask *ask, const struct calendar *c, const struct item *item);
struct json *event_show(struct ask *ask, const struct calendar *c, struct event *e);
/* {id, status} and, of an exception, which occurrence it is. */
struct json *event_gone(struct ask *ask, const struct calendar *c, const struct event *e);
const char *etag_of(apr_pool_t *pool, const struct event *e);
/* {"dateTime","timeZone"} or {"date"}, in a zone's offset. */
struct json *when_show(apr_pool_t *pool, const struct when *w, const struct zone *zone);
const char *instant_show(apr_pool_t *pool, int64_t instant, const struct zone *zone);

/* --- series (google_series) --- */

/* False when a line of `recurrence` is none. */
bool recurrence_good(const struct json *lines, bool all_day, const char **ret_why);
/* Occurrences that overlap [from, until), without exceptions; at most max. */
void series_items(apr_pool_t *pool, const struct calendar *c, const struct event *e, int64_t from,
		  int64_t until, size_t max, struct items *to);
/* "20261201T120000Z" or "20261201". */
const char *occurrence_name(apr_pool_t *pool, const struct when *start);
/* The occurrence of that name; false: the series has none. */
bool occurrence_find(apr_pool_t *pool, const struct calendar *c, const struct event *e, const char *name,
		     struct item *ret);
/* An event whose start and end are those of the occurrence. */
struct json *occurrence_json(apr_pool_t *pool, const struct calendar *c, const struct item *item);
void items_add(apr_pool_t *pool, struct items *to, const struct item *item);
/* Start and end of what is stored, which was checked. */
void event_times(const struct calendar *c, const struct json *j, struct when *ret_start,
		 struct when *ret_end);

/* --- lists (google_agenda), channels (google_channel), mails --- */

void serve_events_list(struct ask *ask);
void serve_instances(struct ask *ask);
void serve_freebusy(struct ask *ask);
void serve_calendar_list(struct ask *ask);
void serve_watch(struct ask *ask);
void serve_stop(struct ask *ask);
bool channel_control(struct ask *ask, const char *name);

/* --- writes (google_event_write) --- */

void serve_insert(struct ask *ask);
void serve_get(struct ask *ask);
void serve_patch(struct ask *ask);
void serve_put(struct ask *ask);
void serve_delete(struct ask *ask);
void serve_move(struct ask *ask);

/* --- the tests' side (google_event_control) --- */

struct conference_setting {
	int64_t pending; /* reads that a new conference is pending for */
	bool fail;
};
extern struct conference_setting conference_setting;
/* A mail that Google would have sent. */
void invitation_add(const struct calendar *c, const struct event *e, const char *kind, const char *to,
		    const char *updates);
bool event_control(struct ask *ask, const char *name);

#endif
