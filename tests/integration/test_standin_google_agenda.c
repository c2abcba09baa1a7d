/* The stand-in's Calendar v3 against the contract: lists, sync, channels. */
#include "tests/integration/google_raw.h"

#include "core/text.h"
#include <string.h>

#define PRIMARY "/calendar/v3/calendars/primary/events"
#define DENTIST                                                                                              \
	"{\"id\":\"0f3c9a7e5b1d4c2a8e6f\",\"summary\":\"Dentist\",\"start\":{\"dateTime\":"                  \
	"\"2026-12-01T09:00:00+01:00\",\"timeZone\":\"Europe/Berlin\"},\"end\":{\"dateTime\":"               \
	"\"2026-12-01T09:30:00+01:00\",\"timeZone\":\"Europe/Berlin\"},\"reminders\":{\"useDefault\":false," \
	"\"overrides\":[{\"method\":\"popup\",\"minutes\":30}]}}"
#define DENTIST_PATH PRIMARY "/0f3c9a7e5b1d4c2a8e6f"
#define SCOPES "calendar.events calendar.calendarlist.readonly calendar.freebusy"
/* Mondays at nine in Berlin, from 30 November 2026 on, six times, not on 14 December. */
#define SERIES                                                                                                      \
	"{\"id\":\"ser1es\",\"summary\":\"Stand-up\",\"start\":{\"dateTime\":\"2026-11-30T09:00:00\",\"timeZone\":" \
	"\"Europe/Berlin\"},\"end\":{\"dateTime\":\"2026-11-30T09:15:00\",\"timeZone\":\"Europe/Berlin\"},"         \
	"\"recurrence\":[\"RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20270104T225959Z\","                                    \
	"\"EXDATE;TZID=Europe/Berlin:20261214T090000\"]}"

static err_t *control(struct google_raw *s, const char *path, const char *body, struct json **ret)
{
	return google_standin_control(s->g, path, body, ret);
}

/* --- lists --- */

static err_t *plant_days(struct google_raw *s, int n)
{
	for (int i = 1; i <= n; i++)
		ERR(control(
			s, "event",
			mem_fmt(s->g->pool,
				"{\"event\":{\"id\":\"day%02d\",\"summary\":\"Day %d\",\"start\":{\"dateTime\":"
				"\"2026-12-%02dT12:00:00Z\"},\"end\":{\"dateTime\":\"2026-12-%02dT13:00:00Z\"}}}",
				i, i, 30 - i, 30 - i),
			NULL));
	return NULL;
}

TEST(a_list_obeys_its_parameters)
{
	static const struct {
		const char *query;
		int status, items;
		const char *reason;
	} cases[] = {
		{ "orderBy=startTime", 400, 0, "badRequest" },
		{ "orderBy=length", 400, 0, "invalid" },
		{ "timeMin=2026-12-01T00:00:00", 400, 0, "badRequest" },
		{ "timeMin=2026-12-02T00:00:00Z&timeMax=2026-12-01T00:00:00Z", 400, 0, "timeRangeEmpty" },
		{ "maxResults=0", 400, 0, "invalid" },
		{ "singleEvents=yes", 400, 0, "invalid" },
		{ "eventTypes=party", 400, 0, "invalid" },
		{ "pageToken=nonsense", 400, 0, "invalid" },
		{ "syncToken=nonsense", 410, 0, "fullSyncRequired" },
		{ "singleEvent=true", 400, 0, "badRequest" },
		{ "timeMin=2026-12-27T13:00:00Z", 200, 2, NULL }, /* the end is exclusive */
		{ "timeMin=2026-12-27T12:59:59Z", 200, 3, NULL },
		{ "timeMax=2026-12-26T12:00:00Z", 200, 1, NULL },
		{ "timeMax=2026-12-26T12:00:01Z", 200, 2, NULL },
		{ "q=day%203", 200, 1, NULL },
		{ "eventTypes=birthday", 200, 0, NULL },
		{ "eventTypes=default&eventTypes=birthday", 200, 5, NULL },
		{ "maxResults=2", 200, 2, NULL },
	};
	struct google_raw s;

	ERR(google_raw_new(t, SCOPES, &s));
	ERR(plant_days(&s, 5));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, PRIMARY "?%s", cases[i].query), NULL,
				      cases[i].status, cases[i].reason));
		if (s.a.status == 200 && (int)json_len(json_at(s.a.json, "items")) != cases[i].items)
			return err_new(ERR_INTERNAL, "%s: %s", cases[i].query, s.a.body);
	}
	ERR(google_raw_expect(&s, "GET",
			      PRIMARY
			      "?fields=items(id,start/dateTime),nextSyncToken&timeMax=2026-12-26T12:00:00Z",
			      NULL, 200, NULL));
	CHECK_TEXT(json_write(t->pool, json_at(s.a.json, "items")),
		   "[{\"id\":\"day05\",\"start\":{\"dateTime\":\"2026-12-25T09:00:00-03:00\"}}]");
	CHECK(json_text(s.a.json, "nextSyncToken") && !json_at(s.a.json, "kind"));
	ERR(google_raw_expect(&s, "GET", PRIMARY "?fields=items(id", NULL, 400, "invalidParameter"));
	return NULL;
}

TEST(pages_follow_each_other_and_hold_to_their_parameters)
{
	struct google_raw s;
	const char *page = "", *token;
	size_t n = 0, pages = 0;

	ERR(google_raw_new(t, SCOPES, &s));
	ERR(plant_days(&s, 5));
	ERR(control(&s, "pages", "{\"calendar\":2,\"empty\":true}", NULL));
	for (;;) {
		ERR(google_raw_expect(&s, "GET",
				      mem_fmt(t->pool, PRIMARY "?singleEvents=true&orderBy=startTime%s",
					      page),
				      NULL, 200, NULL));
		n += json_len(json_at(s.a.json, "items"));
		pages++;
		token = json_text(s.a.json, "nextPageToken");
		if (!token)
			break;
		CHECK(!json_at(s.a.json, "nextSyncToken"));
		page = mem_fmt(t->pool, "&pageToken=%s", token);
		ERR(google_raw_expect(&s, "GET",
				      mem_fmt(t->pool, PRIMARY "?singleEvents=true&pageToken=%s", token),
				      NULL, 400, "invalid"));
	}
	CHECK_INT(n, 5);
	CHECK_INT(pages, 4);                        /* an empty one first */
	CHECK(!json_at(s.a.json, "nextSyncToken")); /* ordered */
	return NULL;
}

TEST(a_sync_token_tells_what_changed)
{
	static const char *const forbidden[] = { "orderBy=updated",
						 "q=x",
						 "timeMin=2026-12-01T00:00:00Z",
						 "timeMax=2026-12-01T00:00:00Z",
						 "updatedMin=2026-12-01T00:00:00Z",
						 "iCalUID=x",
						 "showDeleted=false",
						 "privateExtendedProperty=a%3Db" };
	struct google_raw s;
	const char *path;

	ERR(google_raw_new(t, SCOPES, &s));
	ERR(plant_days(&s, 3));
	ERR(google_raw_expect(&s, "POST", PRIMARY, SERIES, 200, NULL));
	ERR(google_raw_expect(&s, "GET", PRIMARY "?timeMin=2026-12-01T00:00:00Z", NULL, 200, NULL));
	path = mem_fmt(t->pool, PRIMARY "?syncToken=%s", json_text(s.a.json, "nextSyncToken"));
	ERR(google_raw_expect(&s, "GET", path, NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "items")), 0);
	for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
		ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, "%s&%s", path, forbidden[i]), NULL, 400,
				      "badRequest"));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, "%s&singleEvents=true", path), NULL, 400,
			      "badRequest"));
	ERR(control(&s, "event_change", "{\"id\":\"day01\",\"patch\":{\"summary\":\"Other\"}}", NULL));
	ERR(control(&s, "event_change", "{\"id\":\"day02\"}", NULL));
	ERR(google_raw_expect(&s, "DELETE", PRIMARY "/ser1es_20261207T080000Z", NULL, 204, NULL));
	ERR(google_raw_expect(&s, "GET", path, NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "items")), 3);
	CHECK_TEXT(json_text(s.a.json, "items.0.summary"), "Other");
	CHECK_TEXT(json_write(t->pool, json_at(s.a.json, "items.1")),
		   "{\"id\":\"day02\",\"status\":\"cancelled\"}");
	CHECK_TEXT(json_text(s.a.json, "items.2.recurringEventId"), "ser1es");
	CHECK(json_at(s.a.json, "items.2.originalStartTime"));
	path = mem_fmt(t->pool, PRIMARY "?syncToken=%s", json_text(s.a.json, "nextSyncToken"));
	ERR(google_raw_expect(&s, "GET", path, NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "items")), 0);
	ERR(control(&s, "sync_expire", NULL, NULL));
	ERR(google_raw_expect(&s, "GET", path, NULL, 410, "fullSyncRequired"));
	return NULL;
}

TEST(a_sync_of_single_events_tells_which_occurrences_went)
{
	struct google_raw s;
	const char *path;

	ERR(google_raw_new(t, SCOPES, &s));
	ERR(google_raw_expect(&s, "POST", PRIMARY, SERIES, 200, NULL));
	ERR(google_raw_expect(&s, "GET", PRIMARY "?singleEvents=true", NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "items")), 5);
	path = mem_fmt(t->pool, PRIMARY "?singleEvents=true&syncToken=%s",
		       json_text(s.a.json, "nextSyncToken"));
	ERR(google_raw_expect(&s, "PATCH", PRIMARY "/ser1es",
			      "{\"recurrence\":[\"RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261208T225959Z\"]}", 200,
			      NULL));
	ERR(google_raw_expect(&s, "GET", path, NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "items")), 5); /* two that stay, three that went */
	CHECK_TEXT(json_text(s.a.json, "items.4.status"), "cancelled");
	CHECK_TEXT(json_text(s.a.json, "items.4.id"), "ser1es_20270104T080000Z");
	return NULL;
}

/* --- the rest --- */

TEST(calendars_are_listed_and_events_move_between_them)
{
	struct google_raw s;

	ERR(google_raw_new(t, SCOPES, &s));
	ERR(control(&s, "calendar",
		    "{\"id\":\"team@example.org\",\"role\":\"writer\",\"zone\":\"Europe/Lisbon\"}", NULL));
	ERR(control(&s, "calendar", "{\"id\":\"old@example.org\",\"hidden\":true}", NULL));
	ERR(google_raw_expect(&s, "GET", "/calendar/v3/users/me/calendarList?minAccessRole=writer", NULL, 200,
			      NULL));
	CHECK_INT(json_len(json_at(s.a.json, "items")), 2);
	CHECK_TEXT(json_text(s.a.json, "items.0.id"), "ana@example.org");
	CHECK(json_true(s.a.json, "items.0.primary"));
	CHECK_TEXT(json_text(s.a.json, "items.1.timeZone"), "Europe/Lisbon");
	ERR(google_raw_expect(&s, "POST", PRIMARY, DENTIST, 200, NULL));
	ERR(google_raw_expect(&s, "POST", DENTIST_PATH "/move", NULL, 400, "required"));
	ERR(google_raw_expect(&s, "POST", DENTIST_PATH "/move?destination=nobody", NULL, 404, "notFound"));
	ERR(google_raw_expect(&s, "POST", DENTIST_PATH "/move?destination=team%40example.org", NULL, 200,
			      NULL));
	CHECK_TEXT(json_text(s.a.json, "organizer.email"), "team@example.org");
	ERR(google_raw_expect(&s, "GET", DENTIST_PATH, NULL, 200, NULL));
	CHECK_TEXT(json_text(s.a.json, "status"), "cancelled");
	return NULL;
}

TEST(free_and_busy_merge_and_tell_errors_inside)
{
	struct google_raw s;

	ERR(google_raw_new(t, SCOPES, &s));
	ERR(control(
		&s, "event",
		"{\"event\":{\"start\":{\"dateTime\":\"2026-12-01T12:00:00Z\"},\"end\":{\"dateTime\":\"2026-12-01T13:00:00Z"
		"\"}}}",
		NULL));
	ERR(control(
		&s, "event",
		"{\"event\":{\"start\":{\"dateTime\":\"2026-12-01T12:30:00Z\"},\"end\":{\"dateTime\":\"2026-12-01T14:00:00Z"
		"\"}}}",
		NULL));
	ERR(control(
		&s, "event",
		"{\"event\":{\"transparency\":\"transparent\",\"start\":{\"dateTime\":\"2026-12-01T16:00:00Z\"},\"end\":{"
		"\"dateTime\":\"2026-12-01T17:00:00Z\"}}}",
		NULL));
	ERR(google_raw_expect(
		&s, "POST", "/calendar/v3/freeBusy",
		"{\"timeMin\":\"2026-12-01T00:00:00Z\",\"timeMax\":\"2026-12-02T00:00:00Z\",\"items\":[{\"id\":\"primary\"},"
		"{\"id\":\"nobody\"}]}",
		200, NULL));
	CHECK_TEXT(json_write(t->pool, json_at(s.a.json, "calendars.primary.busy")),
		   "[{\"start\":\"2026-12-01T12:00:00Z\",\"end\":\"2026-12-01T14:00:00Z\"}]");
	CHECK_TEXT(json_text(s.a.json, "calendars.nobody.errors.0.reason"), "notFound");
	ERR(google_raw_expect(&s, "POST", "/calendar/v3/freeBusy", "{\"items\":[]}", 400, "badRequest"));
	return NULL;
}

TEST(scopes_quotas_and_faults_bind_every_call)
{
	struct google_raw s;
	struct json *state;
	const char *other;
	int64_t n;

	ERR(google_raw_new(t, SCOPES, &s));
	ERR(google_standin_token(s.g, NULL, "https://www.googleapis.com/auth/calendar.events.readonly",
				 &other, NULL));
	ERR(google_standin_fault(s.g, "calendar.insert", "after", 1));
	CHECK_ERR(google_raw_ask(&s, "POST", PRIMARY, DENTIST, NULL), ERR_HTTP);
	ERR(google_standin_fault(s.g, "POST /calendar/v3", "drop", 1));
	CHECK_ERR(google_raw_ask(&s, "POST", PRIMARY, SERIES, NULL), ERR_HTTP);
	ERR(control(&s, "events", NULL, &state));
	CHECK(json_int(state, "inserts", &n) && n == 1);
	ERR(google_standin_fault(s.g, "calendar.", "403:userRateLimitExceeded", 1));
	ERR(google_raw_expect(&s, "GET", PRIMARY, NULL, 403, "userRateLimitExceeded"));
	CHECK_TEXT(json_text(s.a.json, "error.errors.0.domain"), "usageLimits");
	ERR(google_standin_fault(s.g, "calendar.list", "410", 1));
	ERR(google_raw_expect(&s, "GET", PRIMARY, NULL, 410, "fullSyncRequired"));
	s.token = other;
	ERR(google_raw_expect(&s, "GET", PRIMARY, NULL, 200, NULL));
	ERR(google_raw_expect(&s, "POST", PRIMARY, SERIES, 403, "insufficientPermissions"));
	CHECK_TEXT(json_text(s.a.json, "error.details.0.reason"), "ACCESS_TOKEN_SCOPE_INSUFFICIENT");
	ERR(google_raw_expect(&s, "GET", "/calendar/v3/users/me/calendarList", NULL, 403,
			      "insufficientPermissions"));
	ERR(control(&s, "quota", "{\"calendar\":1}", NULL));
	ERR(google_raw_expect(&s, "GET", PRIMARY, NULL, 200, NULL));
	ERR(google_raw_expect(&s, "GET", PRIMARY, NULL, 429, "rateLimitExceeded"));
	ERR(google_raw_expect(&s, "GET", PRIMARY, NULL, 403, "rateLimitExceeded"));
	s.token = "ya29.nothing";
	ERR(google_raw_expect(&s, "GET", PRIMARY, NULL, 401, "authError"));
	return NULL;
}

TEST(a_channel_is_opened_notified_and_stopped)
{
#define WATCH PRIMARY "/watch"
	struct google_raw s;
	struct json *list;

	ERR(google_raw_new(t, SCOPES, &s));
	ERR(google_raw_expect(&s, "POST", WATCH,
			      "{\"id\":\"c1\",\"type\":\"web_hook\",\"address\":\"http://a.example/push\"}",
			      400, "push.webhookUrlNotHttps"));
	ERR(google_raw_expect(&s, "POST", WATCH,
			      "{\"id\":\"c 1\",\"type\":\"web_hook\",\"address\":\"https://a.example/push\"}",
			      400, "channelIdInvalid"));
	ERR(google_raw_expect(
		&s, "POST", WATCH,
		"{\"id\":\"c1\",\"type\":\"web_hook\",\"address\":\"https://a.example/push\",\"token\":\"t\",\"params\":{"
		"\"ttl\":\"604800\"}}",
		200, NULL));
	CHECK(json_text(s.a.json, "resourceId") && json_text(s.a.json, "expiration"));
	const char *stop =
		mem_fmt(t->pool, "{\"id\":\"c1\",\"resourceId\":\"%s\"}", json_text(s.a.json, "resourceId"));
	ERR(google_raw_expect(&s, "POST", WATCH,
			      "{\"id\":\"c1\",\"type\":\"web_hook\",\"address\":\"https://a.example/push\"}",
			      400, "channelIdNotUnique"));
	ERR(control(&s, "channels", NULL, &list));
	CHECK(json_true(list, "0.live"));
	ERR(google_raw_expect(&s, "POST", "/calendar/v3/channels/stop", stop, 204, NULL));
	ERR(google_raw_expect(&s, "POST", "/calendar/v3/channels/stop", stop, 404, "notFound"));
	ERR(control(&s, "notify", NULL, &list));
	CHECK_INT(json_len(list), 0);
	/* A notification reaches whoever listens: here the stand-in's own control, which knows no such path. */
	ERR(google_raw_expect(
		&s, "POST", WATCH,
		mem_fmt(t->pool, "{\"id\":\"c2\",\"type\":\"web_hook\",\"address\":\"%s/control/calls\"}",
			s.g->base),
		200, NULL));
	ERR(control(&s, "notify", NULL, &list));
	CHECK_INT(json_len(list), 1);
	int64_t status;
	CHECK(json_int(list, "0.status", &status) && status == 200);
	return NULL;
}
