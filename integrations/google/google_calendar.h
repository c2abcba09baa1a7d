/* google_calendar: the requests of Google Calendar v3 and their answers: calendars, pages of events, writes. Pure.
 * Needs: google, google_event, query. Used by: google_sync, google_channel, tools/event.
 * The wire: "Calendar v3" of Google's reference; ids of calendars hold '@' and '#'. */
#ifndef INTEGRATIONS_GOOGLE_GOOGLE_CALENDAR_H
#define INTEGRATIONS_GOOGLE_GOOGLE_CALENDAR_H

#include "integrations/google/google.h"
#include "integrations/google/google_event.h"

/* An entry of the person's list of calendars. */
struct google_calendar {
	const char *id, *name, *zone, *role; /* role: freeBusyReader, reader, writer, owner */
	bool primary, selected, gone;
};

/* One page. sync: only on the last; next: only before it. Both NULL: neither was told, which is wrong. */
struct google_page {
	const struct json *items;
	const char *next, *sync;
};

/* "/calendars/ID/events", or of one event; query as query_with makes it, "" for none. In pool. */
const char *google_calendar_path(apr_pool_t *pool, const char *calendar, const char *event,
				 const char *query);

/* GET the person's list; token: of the next page, or NULL. */
struct google_request google_calendar_list(apr_pool_t *pool, const char *token);
/* ERR_INVALID: no id. */
NODISCARD err_t *google_calendar_read(apr_pool_t *pool, const struct json *j,
				      struct google_calendar *ret_calendar);

/* What a list of events is asked for. Every parameter but the tokens stays the same from page to page and from one
 * sync to the next. */
struct google_listing {
	const char *calendar;
	int64_t from, until;     /* instants; of a first list */
	const char *sync, *next; /* of a later one; of a further page; NULL: none */
	const char *words;       /* NULL: a sync; else a search in order of start */
	int max;                 /* on a page; 0: 250 */
};
struct google_request google_calendar_events(apr_pool_t *pool, const struct google_listing *listing);
/* ERR_INVALID: it is no list. */
NODISCARD err_t *google_page_read(apr_pool_t *pool, const struct json *j, struct google_page *ret_page);

/* A channel that tells of changes: POST .../events/watch, and the end of one. */
struct google_request google_calendar_watch(apr_pool_t *pool, const char *calendar, const char *channel,
					    const char *secret, const char *address);
struct google_request google_calendar_unwatch(apr_pool_t *pool, const char *channel, const char *resource);

#endif
