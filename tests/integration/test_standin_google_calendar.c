/* The stand-in's Calendar v3 against the contract. */
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

/* --- writing --- */

TEST(an_event_is_inserted_once_under_its_own_id)
{
	struct google_raw s;
	struct json *state;
	int64_t n;

	ERR(google_raw_new(t, SCOPES, &s));
	ERR(google_raw_expect(&s, "POST", PRIMARY "?sendUpdates=none", DENTIST, 200, NULL));
	CHECK_TEXT(json_text(s.a.json, "kind"), "calendar#event");
	CHECK_TEXT(json_text(s.a.json, "status"), "confirmed");
	CHECK_TEXT(json_text(s.a.json, "start.dateTime"),
		   "2026-12-01T05:00:00-03:00"); /* in the calendar's offset */
	CHECK_TEXT(json_text(s.a.json, "start.timeZone"), "Europe/Berlin");
	CHECK_TEXT(json_text(s.a.json, "organizer.email"), "ana@example.org");
	CHECK(json_true(s.a.json, "organizer.self"));
	CHECK_TEXT(json_text(s.a.json, "iCalUID"), "0f3c9a7e5b1d4c2a8e6f@google.com");
	CHECK_TEXT(json_text(s.a.json, "etag"), s.a.etag);
	ERR(google_raw_expect(&s, "POST", PRIMARY, DENTIST, 409, "duplicate"));
	ERR(google_raw_expect(&s, "GET", DENTIST_PATH, NULL, 200, NULL));
	ERR(google_raw_expect(&s, "DELETE", DENTIST_PATH, NULL, 204, NULL));
	CHECK_INT(s.a.n, 0);
	ERR(google_raw_expect(&s, "DELETE", DENTIST_PATH, NULL, 410, "deleted"));
	ERR(google_raw_expect(&s, "POST", PRIMARY, DENTIST, 409, "duplicate")); /* the id stays taken */
	ERR(google_raw_expect(&s, "GET", DENTIST_PATH, NULL, 200, NULL));
	CHECK_TEXT(json_text(s.a.json, "status"), "cancelled");
	ERR(google_raw_expect(&s, "PATCH", DENTIST_PATH, "{\"summary\":\"x\"}", 410, "deleted"));
	ERR(google_raw_expect(&s, "PATCH", DENTIST_PATH, "{\"status\":\"confirmed\"}", 200, NULL));
	CHECK_TEXT(json_text(s.a.json, "status"), "confirmed");
	ERR(control(&s, "events", NULL, &state));
	CHECK(json_int(state, "inserts", &n) && n == 1);
	CHECK_INT(json_len(json_at(state, "events")), 1);
	return NULL;
}

#define TIMES \
	"\"start\":{\"dateTime\":\"2026-12-01T09:00:00Z\"},\"end\":{\"dateTime\":\"2026-12-01T10:00:00Z\"}"
#define ZONED                                                                                                    \
	"\"start\":{\"dateTime\":\"2026-12-01T09:00:00\",\"timeZone\":\"Europe/Berlin\"},\"end\":{\"dateTime\":" \
	"\"2026-12-01T10:00:00\",\"timeZone\":\"Europe/Berlin\"}"

static const struct {
	const char *body, *reason;
} bad_events[] = {
	{ "{" TIMES ",\"id\":\"abcd\"}", "invalid" },
	{ "{" TIMES ",\"id\":\"ABCDE\"}", "invalid" },
	{ "{" TIMES ",\"id\":\"wxyz1\"}", "invalid" },
	{ "{" TIMES ",\"id\":\"ab-de\"}", "invalid" },
	{ "{" TIMES ",\"id\":\"abcde\",\"iCalUID\":\"x\"}", "invalid" },
	{ "{" TIMES ",\"titel\":\"x\"}", "badRequest" },
	{ "{\"summary\":\"x\"}", "required" },
	{ "{\"start\":{\"date\":\"2026-12-24\"}}", "required" },
	{ "{\"start\":{\"date\":\"2026-12-24\"},\"end\":{\"dateTime\":\"2026-12-25T00:00:00Z\"}}",
	  "invalid" },
	{ "{\"start\":{\"date\":\"2026-12-24\",\"dateTime\":\"2026-12-24T00:00:00Z\"},\"end\":{\"date\":"
	  "\"2026-12-25\"}}",
	  "invalid" },
	{ "{\"start\":{\"date\":\"2026-12-24\"},\"end\":{\"date\":\"2026-12-24\"}}", "timeRangeEmpty" },
	{ "{\"start\":{\"date\":\"2026-13-24\"},\"end\":{\"date\":\"2026-12-24\"}}", "invalid" },
	{ "{\"start\":{\"dateTime\":\"2026-12-01T10:00:00Z\"},\"end\":{\"dateTime\":\"2026-12-01T09:00:00Z\"}}",
	  "timeRangeEmpty" },
	{ "{\"start\":{\"dateTime\":\"2026-12-01T10:00:00\"},\"end\":{\"dateTime\":\"2026-12-01T11:00:00\"}}",
	  "required" },
	{ "{\"start\":{\"dateTime\":\"2026-12-01T10:00:00\",\"timeZone\":\"Mars/Base\"},\"end\":{\"dateTime\":"
	  "\"2026-12-01T11:00:00Z\"}}",
	  "invalid" },
	{ "{" TIMES ",\"recurrence\":[\"RRULE:FREQ=DAILY\"]}", "required" },
	{ "{" ZONED ",\"recurrence\":[\"FREQ=DAILY\"]}", "invalid" },
	{ "{" ZONED ",\"recurrence\":[\"DTSTART:20261201T090000\"]}", "invalid" },
	{ "{" ZONED ",\"recurrence\":[\"RRULE:FREQ=DAILY;UNTIL=20261231\"]}", "invalid" },
	{ "{" ZONED ",\"recurrence\":[\"RRULE:FREQ=DAILY;UNTIL=20261231T100000\"]}", "invalid" },
	{ "{" ZONED ",\"recurrence\":[\"RRULE:FREQ=SOMETIMES\"]}", "invalid" },
	{ "{" TIMES ",\"attendees\":[{\"displayName\":\"Bia\"}]}", "required" },
	{ "{" TIMES ",\"attendees\":[{\"email\":\"bia\"}]}", "invalid" },
	{ "{" TIMES
	  ",\"reminders\":{\"useDefault\":true,\"overrides\":[{\"method\":\"popup\",\"minutes\":1}]}}",
	  "cannotUseDefaultRemindersAndSpecifyOverride" },
	{ "{" TIMES
	  ",\"reminders\":{\"useDefault\":false,\"overrides\":[{\"method\":\"sms\",\"minutes\":1}]}}",
	  "invalid" },
	{ "{" TIMES
	  ",\"reminders\":{\"useDefault\":false,\"overrides\":[{\"method\":\"popup\",\"minutes\":40321}]}}",
	  "invalid" },
	{ "{" TIMES ",\"transparency\":\"glassy\"}", "invalid" },
};

TEST(an_event_that_breaks_a_rule_is_refused)
{
	struct google_raw s;

	ERR(google_raw_new(t, SCOPES, &s));
	for (size_t i = 0; i < sizeof bad_events / sizeof *bad_events; i++)
		ERR(google_raw_expect(&s, "POST", PRIMARY, bad_events[i].body, 400, bad_events[i].reason));
	ERR(google_raw_expect(&s, "POST", PRIMARY "?sendUpdates=everybody", DENTIST, 400, "invalid"));
	ERR(google_raw_expect(&s, "POST", PRIMARY "?sendupdates=all", DENTIST, 400, "badRequest"));
	ERR(google_raw_expect(&s, "POST", PRIMARY, "{\"start\":", 400, "parseError"));
	ERR(google_raw_expect(&s, "POST", "/calendar/v3/calendars/nobody%40example.org/events", DENTIST, 404,
			      "notFound"));
	ERR(google_raw_expect(&s, "PATCH", DENTIST_PATH, "{}", 404, "notFound"));
	ERR(google_raw_expect(
		&s, "POST", PRIMARY,
		"{\"start\":{\"date\":\"2026-12-24\"},\"end\":{\"date\":\"2026-12-25\"},\"recurrence\":["
		"\"RRULE:FREQ=YEARLY;UNTIL=20301224\"]}",
		200, NULL));
	return NULL;
}

TEST(a_patch_merges_replaces_arrays_and_minds_the_etag)
{
	struct google_raw s;
	const char *etag;

	ERR(google_raw_new(t, SCOPES, &s));
	ERR(google_raw_expect(&s, "POST", PRIMARY, DENTIST, 200, NULL));
	etag = s.a.etag;
	ERR(google_raw_ask(&s, "PATCH", DENTIST_PATH, "{\"location\":\"Rua A\"}",
			   mem_fmt(t->pool, "If-Match: %s", etag)));
	CHECK_INT(s.a.status, 200);
	CHECK_TEXT(json_text(s.a.json, "summary"), "Dentist");
	CHECK(!text_same(s.a.etag, etag));
	ERR(google_raw_ask(&s, "PATCH", DENTIST_PATH, "{\"location\":\"Rua B\"}",
			   mem_fmt(t->pool, "If-Match: %s", etag)));
	CHECK_INT(s.a.status, 412);
	CHECK_TEXT(json_text(s.a.json, "error.errors.0.reason"), "conditionNotMet");
	ERR(google_raw_ask(&s, "DELETE", DENTIST_PATH, NULL, mem_fmt(t->pool, "If-Match: %s", etag)));
	CHECK_INT(s.a.status, 412);
	ERR(google_raw_expect(&s, "GET", DENTIST_PATH, NULL, 200, NULL));
	CHECK_TEXT(json_text(s.a.json, "location"), "Rua A");
	ERR(google_raw_ask(&s, "GET", DENTIST_PATH, NULL, mem_fmt(t->pool, "If-None-Match: %s", s.a.etag)));
	CHECK(s.a.status == 304 && !s.a.n);
	ERR(google_raw_expect(
		&s, "PATCH", DENTIST_PATH,
		"{\"location\":null,\"attendees\":[{\"email\":\"bia@x.example\"},{\"email\":\"caio@x.example\"}]}",
		200, NULL));
	CHECK(!json_at(s.a.json, "location"));
	CHECK_TEXT(json_text(s.a.json, "attendees.0.responseStatus"), "needsAction");
	ERR(google_raw_expect(&s, "PATCH", DENTIST_PATH, "{\"attendees\":[{\"email\":\"caio@x.example\"}]}",
			      200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "attendees")), 1);
	ERR(google_raw_expect(&s, "PATCH", DENTIST_PATH,
			      "{\"start\":{\"date\":\"2026-12-01\"},\"end\":{\"date\":\"2026-12-02\"}}", 400,
			      "invalid"));
	ERR(google_raw_expect(
		&s, "PATCH", DENTIST_PATH,
		"{\"start\":{\"date\":\"2026-12-01\",\"dateTime\":null,\"timeZone\":null},\"end\":{\"date\":\"2026-12-02\","
		"\"dateTime\":null,\"timeZone\":null}}",
		200, NULL));
	CHECK_TEXT(json_write(t->pool, json_at(s.a.json, "start")), "{\"date\":\"2026-12-01\"}");
	ERR(google_raw_expect(
		&s, "PUT", DENTIST_PATH,
		"{\"summary\":\"New\",\"start\":{\"date\":\"2026-12-01\"},\"end\":{\"date\":\"2026-12-02\"}}",
		200, NULL));
	CHECK(!json_at(s.a.json, "attendees"));
	ERR(google_raw_expect(&s, "PUT", DENTIST_PATH, "{\"summary\":\"New\"}", 400, "required"));
	return NULL;
}

TEST(guests_are_told_as_sendUpdates_says)
{
	struct google_raw s;
	struct json *mails;

	ERR(google_raw_new(t, SCOPES, &s));
	ERR(google_standin_account(s.g, "bia@example.org"));
	ERR(google_raw_expect(&s, "POST", PRIMARY,
			      "{\"id\":\"mee11\"," TIMES
			      ",\"attendees\":[{\"email\":\"bia@example.org\"},{\"email\":\"ext@x.example\"},"
			      "{\"email\":\"ana@example.org\",\"responseStatus\":\"accepted\"}]}",
			      200, NULL));
	CHECK(json_true(s.a.json, "attendees.2.self") && json_true(s.a.json, "attendees.2.organizer"));
	ERR(control(&s, "invitations", NULL, &mails));
	CHECK_INT(json_len(mails), 0); /* nobody, unless asked for */
	ERR(google_raw_expect(&s, "PATCH", PRIMARY "/mee11?sendUpdates=all", "{\"summary\":\"A\"}", 200,
			      NULL));
	ERR(google_raw_expect(&s, "PATCH", PRIMARY "/mee11?sendUpdates=externalOnly", "{\"summary\":\"B\"}",
			      200, NULL));
	ERR(google_raw_expect(&s, "DELETE", PRIMARY "/mee11?sendUpdates=all", NULL, 204, NULL));
	ERR(control(&s, "invitations", NULL, &mails));
	CHECK_INT(json_len(mails), 5);
	CHECK_TEXT(json_text(mails, "0.to"), "bia@example.org");
	CHECK_TEXT(json_text(mails, "0.kind"), "update");
	CHECK_TEXT(json_text(mails, "2.to"), "ext@x.example");
	CHECK_TEXT(json_text(mails, "3.kind"), "cancel");
	return NULL;
}

TEST(a_guest_changes_only_what_is_their_own)
{
	struct google_raw s;

	ERR(google_raw_new(t, SCOPES, &s));
	ERR(control(
		&s, "event",
		"{\"event\":{\"id\":\"theirs\",\"summary\":\"Review\"," TIMES ",\"organizer\":{\"email\":"
		"\"bia@x.example\"},\"attendees\":[{\"email\":\"bia@x.example\",\"responseStatus\":\"accepted\"},"
		"{\"email\":\"ana@example.org\",\"responseStatus\":\"needsAction\"}]}}",
		NULL));
	ERR(google_raw_expect(&s, "PATCH", PRIMARY "/theirs", "{\"summary\":\"Mine\"}", 403,
			      "forbiddenForNonOrganizer"));
	ERR(google_raw_expect(
		&s, "PATCH", PRIMARY "/theirs",
		"{\"attendees\":[{\"email\":\"ana@example.org\",\"responseStatus\":\"accepted\"}]}", 403,
		"forbiddenForNonOrganizer"));
	ERR(google_raw_expect(
		&s, "PATCH", PRIMARY "/theirs",
		"{\"attendeesOmitted\":true,\"attendees\":[{\"email\":\"ana@example.org\",\"responseStatus\":"
		"\"accepted\"}]}",
		200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "attendees")), 2);
	CHECK_TEXT(json_text(s.a.json, "attendees.1.responseStatus"), "accepted");
	ERR(google_raw_expect(&s, "PATCH", PRIMARY "/theirs", "{\"colorId\":\"3\"}", 200, NULL));
	ERR(google_raw_expect(&s, "DELETE", PRIMARY "/theirs", NULL, 204, NULL));
	ERR(control(&s, "calendar", "{\"id\":\"team@example.org\",\"role\":\"reader\"}", NULL));
	ERR(google_raw_expect(&s, "POST", "/calendar/v3/calendars/team%40example.org/events", DENTIST, 403,
			      "forbidden"));
	return NULL;
}

TEST(a_conference_takes_a_while_and_needs_its_version)
{
#define MEET                                                                                               \
	"\"conferenceData\":{\"createRequest\":{\"requestId\":\"r1\",\"conferenceSolutionKey\":{\"type\":" \
	"\"hangoutsMeet\"}}}"
	struct google_raw s;

	ERR(google_raw_new(t, SCOPES, &s));
	ERR(google_raw_expect(&s, "POST", PRIMARY, "{\"id\":\"aaaaa\"," TIMES "," MEET "}", 200, NULL));
	CHECK(!json_at(s.a.json, "conferenceData")); /* dropped without a word */
	ERR(google_raw_expect(&s, "POST", PRIMARY "?conferenceDataVersion=1",
			      "{\"id\":\"bbbbb\"," TIMES "," MEET "}", 200, NULL));
	CHECK_TEXT(json_text(s.a.json, "conferenceData.createRequest.status.statusCode"), "pending");
	ERR(google_raw_expect(&s, "GET", PRIMARY "/bbbbb", NULL, 200, NULL));
	CHECK_TEXT(json_text(s.a.json, "conferenceData.createRequest.status.statusCode"), "pending");
	ERR(google_raw_expect(&s, "GET", PRIMARY "/bbbbb", NULL, 200, NULL));
	CHECK_TEXT(json_text(s.a.json, "conferenceData.createRequest.status.statusCode"), "success");
	CHECK_TEXT(json_text(s.a.json, "hangoutLink"), "https://meet.google.com/abc-defg-hij");
	ERR(google_raw_expect(&s, "PATCH", PRIMARY "/bbbbb?conferenceDataVersion=1", "{" MEET "}", 200,
			      NULL)); /* ignored */
	CHECK_TEXT(json_text(s.a.json, "conferenceData.createRequest.status.statusCode"), "success");
	ERR(google_raw_expect(&s, "PATCH", PRIMARY "/bbbbb", "{\"summary\":\"x\"}", 200, NULL));
	CHECK(json_at(s.a.json, "conferenceData.entryPoints.0.uri"));
	ERR(control(&s, "conference", "{\"pending\":0,\"fail\":true}", NULL));
	ERR(google_raw_expect(&s, "PATCH", PRIMARY "/aaaaa?conferenceDataVersion=1", "{" MEET "}", 200,
			      NULL));
	ERR(google_raw_expect(&s, "GET", PRIMARY "/aaaaa", NULL, 200, NULL));
	CHECK_TEXT(json_text(s.a.json, "conferenceData.createRequest.status.statusCode"), "failure");
	return NULL;
}

/* --- series --- */

#define WINDOW "&timeMin=2026-11-01T00:00:00Z&timeMax=2027-02-01T00:00:00Z"

TEST(a_series_unfolds_and_its_occurrences_change_alone)
{
	struct google_raw s;
	const char *single = PRIMARY "?singleEvents=true&orderBy=startTime" WINDOW;

	ERR(google_raw_new(t, SCOPES, &s));
	ERR(google_raw_expect(&s, "POST", PRIMARY, SERIES, 200, NULL));
	ERR(google_raw_expect(&s, "GET", single, NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "items")), 5); /* six Mondays but one */
	CHECK_TEXT(json_text(s.a.json, "items.0.id"), "ser1es_20261130T080000Z");
	CHECK_TEXT(json_text(s.a.json, "items.0.recurringEventId"), "ser1es");
	CHECK_TEXT(json_text(s.a.json, "items.2.originalStartTime.dateTime"), "2026-12-21T05:00:00-03:00");
	CHECK(!json_at(s.a.json, "items.0.recurrence"));
	ERR(google_raw_expect(&s, "GET", PRIMARY "?singleEvents=false" WINDOW, NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "items")), 1);
	CHECK(json_at(s.a.json, "items.0.recurrence"));
	ERR(google_raw_expect(&s, "GET", PRIMARY "?timeMin=2027-03-01T00:00:00Z", NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "items")), 0);

	ERR(google_raw_expect(&s, "GET", PRIMARY "/ser1es_20261207T080000Z", NULL, 200, NULL));
	ERR(google_raw_expect(&s, "GET", PRIMARY "/ser1es_20261214T080000Z", NULL, 404,
			      "notFound")); /* excluded */
	ERR(google_raw_expect(&s, "GET", PRIMARY "/ser1es_20261208T080000Z", NULL, 404, "notFound"));
	ERR(google_raw_expect(
		&s, "PATCH", PRIMARY "/ser1es_20261207T080000Z",
		"{\"summary\":\"Moved\",\"start\":{\"dateTime\":"
		"\"2026-12-08T10:00:00+01:00\"},\"end\":{\"dateTime\":\"2026-12-08T10:15:00+01:00\"}}",
		200, NULL));
	CHECK_TEXT(json_text(s.a.json, "recurringEventId"), "ser1es");
	CHECK_TEXT(json_text(s.a.json, "originalStartTime.dateTime"), "2026-12-07T05:00:00-03:00");
	ERR(google_raw_expect(&s, "DELETE", PRIMARY "/ser1es_20261221T080000Z", NULL, 204, NULL));
	ERR(google_raw_expect(&s, "GET", single, NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "items")), 4);
	CHECK_TEXT(json_text(s.a.json, "items.1.summary"), "Moved");
	ERR(google_raw_expect(&s, "GET", PRIMARY "/ser1es/instances", NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "items")), 4);
	ERR(google_raw_expect(&s, "GET", PRIMARY "?singleEvents=false" WINDOW, NULL, 200,
			      NULL)); /* series, exception, cancelled */
	CHECK_INT(json_len(json_at(s.a.json, "items")), 3);
	CHECK_TEXT(json_text(s.a.json, "items.2.status"), "cancelled");
	CHECK(json_at(s.a.json, "items.2.originalStartTime") && !json_at(s.a.json, "items.2.summary"));

	/* This and following: the series ends before. */
	ERR(google_raw_expect(&s, "PATCH", PRIMARY "/ser1es",
			      "{\"recurrence\":[\"RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261227T225959Z\"]}", 200,
			      NULL));
	ERR(google_raw_expect(&s, "GET", single, NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "items")), 3); /* 30 November, moved, 14 December */
	ERR(google_raw_expect(&s, "DELETE", PRIMARY "/ser1es", NULL, 204, NULL));
	ERR(google_raw_expect(&s, "GET", single, NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "items")), 0);
	return NULL;
}

TEST(a_series_of_days_keeps_its_dates)
{
	struct google_raw s;

	ERR(google_raw_new(t, SCOPES, &s));
	ERR(google_raw_expect(
		&s, "POST", PRIMARY,
		"{\"id\":\"da1s1\",\"start\":{\"date\":\"2026-12-24\"},\"end\":{\"date\":\"2026-12-26\"},\"recurrence\":["
		"\"RRULE:FREQ=YEARLY;COUNT=3\"]}",
		200, NULL));
	ERR(google_raw_expect(&s, "GET", PRIMARY "/da1s1/instances", NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "items")), 3);
	CHECK_TEXT(json_text(s.a.json, "items.1.id"), "da1s1_20271224");
	CHECK_TEXT(json_text(s.a.json, "items.1.end.date"), "2027-12-26");
	CHECK_TEXT(json_text(s.a.json, "items.1.originalStartTime.date"), "2027-12-24");
	return NULL;
}
