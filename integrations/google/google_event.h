/* google_event: an event of Google Calendar as JSON and as a struct. Pure.
 * Needs: json, zone, clock. Used by: google_calendar, google_sync, tools/event.
 * What others wrote (summary, description, place, names) is untrusted and shortened here. */
#ifndef INTEGRATIONS_GOOGLE_GOOGLE_EVENT_H
#define INTEGRATIONS_GOOGLE_GOOGLE_EVENT_H

#include "core/json.h"

#define GOOGLE_EVENT_GUESTS 200
#define GOOGLE_EVENT_LINES 40 /* of recurrence */

/* A start or an end. Of whole days the wall midnight, as an instant of UTC: it has no zone. */
struct google_time {
	bool all_day;
	int64_t instant;
	const char *zone; /* IANA, as told; "" when none */
};

struct google_guest {
	const char *email, *name,
		*response; /* name "" when none; response: needsAction, declined, tentative, accepted */
	bool self, organizer, optional, resource;
};

struct google_event {
	const char *id, *etag, *uid;
	const char *
		status; /* confirmed, tentative, cancelled: then only id, and of an occurrence series, may be known */
	const char *summary, *description, *place, *link, *meet, *organizer; /* "" when none */
	const char *kind;                                                    /* eventType */
	const char *series; /* whose occurrence it is, or "" */
	struct google_time start, end, original;
	const char *recurrence[GOOGLE_EVENT_LINES]; /* "RRULE:...", "EXDATE..." */
	size_t recurrence_n;
	struct google_guest *guests;
	size_t guests_n;
	bool guests_left_out;    /* there are more than are told */
	bool own;                /* organized and created by the account itself: its words are the person's */
	bool organized;          /* by the account itself */
	bool guests_may;         /* change it */
	bool transparent;        /* keeps nobody busy */
	bool meet_pending;       /* a conference is being made */
	const char *my_response; /* of the account as a guest, "" when it is none */
};

/* ERR_INVALID: no id, or, of one that is not cancelled, no times. */
NODISCARD err_t *google_event_read(apr_pool_t *pool, const struct json *j, struct google_event *ret_event);

/* {"dateTime","timeZone"}, with the zone's offset, or {"date"}; over: null for the members of the other form, as a PATCH
 * between them needs. */
struct json *google_time_json(apr_pool_t *pool, const struct google_time *time, bool over);

/* Whether one member of an event ("start", "attendees") says the same in both, where Google may write it another way. */
bool google_event_same(apr_pool_t *pool, const char *member, const struct json *a, const struct json *b);

/* The rule of recurrence without "RRULE:"; "" when there is none. */
const char *google_event_rule(const struct google_event *event);
/* The lines for a series that ends before an instant: UNTIL in its rule, COUNT gone. In pool. */
struct json *google_event_until(apr_pool_t *pool, const struct google_event *series, int64_t before);

#endif
