#include "integrations/google/google_calendar.h"

#include "core/clock.h"
#include "core/query.h"
#include "core/text.h"
#include <string.h>

enum { PAGE = 250, TOKEN_BYTES = 2000, ID_BYTES = 1100, NAME_CHARS = 200 };

const char *google_calendar_path(apr_pool_t *pool, const char *calendar, const char *event, const char *query)
{
	const char *path = mem_fmt(pool, "/calendars/%s/events", query_encode(pool, calendar));

	if (event)
		path = mem_fmt(pool, "%s/%s", path, query_encode(pool, event));
	return *query ? mem_fmt(pool, "%s?%s", path, query) : path;
}

struct google_request google_calendar_list(apr_pool_t *pool, const char *token)
{
	return (struct google_request){
		.api = GOOGLE_CALENDAR_API,
		.method = "GET",
		.path = mem_fmt(pool, "/users/me/calendarList?%s",
				query_with(pool, "maxResults", "250", "pageToken", token, NULL)),
	};
}

static const char *member(apr_pool_t *pool, const struct json *j, const char *path, size_t max)
{
	const char *s = json_text(j, path);

	return s && strlen(s) <= max ? mem_text(pool, s) : NULL;
}

err_t *google_calendar_read(apr_pool_t *pool, const struct json *j, struct google_calendar *ret)
{
	const char *id = member(pool, j, "id", ID_BYTES), *zone = member(pool, j, "timeZone", 64),
		   *role = member(pool, j, "accessRole", 40);
	const char *name =
		json_text(j, "summaryOverride") ? json_text(j, "summaryOverride") : json_text(j, "summary");

	if (!id || !*id)
		return err_new(ERR_INVALID, "a calendar without id");
	*ret = (struct google_calendar){
		.id = id,
		.name = name ? text_cut(pool, text_trim(pool, text_utf8_clean(pool, name, strlen(name))),
					NAME_CHARS)
			     : "",
		.zone = zone ? zone : "",
		.role = role ? role : "reader",
		.primary = json_true(j, "primary"),
		.selected = json_true(j, "selected") || json_true(j, "primary"),
		.gone = json_true(j, "deleted"),
	};
	return NULL;
}

struct google_request google_calendar_events(apr_pool_t *pool, const struct google_listing *l)
{
	const char *max = mem_fmt(pool, "%d", l->max ? l->max : PAGE);
	const char *from = l->sync ? NULL : clock_iso(pool, l->from),
		   *until = l->sync ? NULL : clock_iso(pool, l->until);
	const char *query =
		query_with(pool, "singleEvents", "true", "eventTypes", "default", "maxResults", max,
			   "maxAttendees", "50", "timeMin", from, "timeMax", until, "syncToken", l->sync,
			   "pageToken", l->next, "q", l->words && *l->words ? l->words : NULL, "orderBy",
			   l->words ? "startTime" : NULL, NULL);

	return (struct google_request){ .api = GOOGLE_CALENDAR_API,
					.method = "GET",
					.path = google_calendar_path(pool, l->calendar, NULL, query) };
}

err_t *google_page_read(apr_pool_t *pool, const struct json *j, struct google_page *ret)
{
	if (!json_is_object(j) || (json_at(j, "items") && !json_is_array(json_at(j, "items"))))
		return err_new(ERR_INVALID, "no list");
	ret->items = json_at(j, "items");
	ret->next = member(pool, j, "nextPageToken", TOKEN_BYTES);
	ret->sync = ret->next ? NULL : member(pool, j, "nextSyncToken", TOKEN_BYTES);
	return NULL;
}

struct google_request google_calendar_watch(apr_pool_t *pool, const char *calendar, const char *channel,
					    const char *secret, const char *address)
{
	struct json *body = json_object(pool), *params = json_object(pool);

	json_set_text(body, "id", channel);
	json_set_text(body, "type", "web_hook");
	json_set_text(body, "address", address);
	json_set_text(body, "token", secret);
	json_set_text(params, "ttl", "604800");
	json_set(body, "params", params);
	return (struct google_request){
		.api = GOOGLE_CALENDAR_API,
		.method = "POST",
		.path = mem_fmt(pool, "/calendars/%s/events/watch", query_encode(pool, calendar)),
		.body = body,
	};
}

struct google_request google_calendar_unwatch(apr_pool_t *pool, const char *channel, const char *resource)
{
	struct json *body = json_object(pool);

	json_set_text(body, "id", channel);
	json_set_text(body, "resourceId", resource);
	return (struct google_request){
		.api = GOOGLE_CALENDAR_API, .method = "POST", .path = "/channels/stop", .body = body
	};
}
