/* Events, lists and requests of Google Calendar: what is read of them, what is written, what is the same. */
#include "core/clock.h"
#include "core/text.h"
#include "integrations/google/google_calendar.h"
#include "tests/test.h"
#include <stdio.h>
#include <string.h>

static err_t *file_read(apr_pool_t *pool, const char *path, struct json **ret)
{
	struct buf b = buf_new(pool, 1 << 20);
	FILE *f = fopen(path, "r");
	char part[4096];
	size_t n;

	CHECK(f != NULL);
	while ((n = fread(part, 1, sizeof part, f)))
		buf_put(&b, part, n);
	fclose(f);
	return json_read(pool, b.p, b.n, ret);
}

static err_t *j(apr_pool_t *pool, const char *text, struct json **ret)
{
	return json_read(pool, text, strlen(text), ret);
}

static struct json *shown(apr_pool_t *pool, const struct google_event *e)
{
	struct json *o = json_object(pool);

	json_set_text(o, "id", e->id);
	json_set_text(o, "etag", e->etag);
	json_set_text(o, "status", e->status);
	json_set_text(o, "summary", e->summary);
	json_set_text(o, "place", e->place);
	json_set_text(o, "link", e->link);
	json_set_text(o, "meet", e->meet);
	json_set_text(o, "series", e->series);
	json_set_text(o, "organizer", e->organizer);
	json_set_text(o, "my_response", e->my_response);
	json_set_text(o, "rule", google_event_rule(e));
	json_set_text(o, "start", clock_iso(pool, e->start.instant));
	json_set_text(o, "end", clock_iso(pool, e->end.instant));
	json_set_text(o, "original", clock_iso(pool, e->original.instant));
	json_set_text(o, "zone", e->start.zone);
	json_set_bool(o, "all_day", e->start.all_day);
	json_set_bool(o, "own", e->own);
	json_set_bool(o, "organized", e->organized);
	json_set_bool(o, "transparent", e->transparent);
	json_set_bool(o, "pending", e->meet_pending);
	json_set_int(o, "guests", (int64_t)e->guests_n);
	return o;
}

struct holding {
	apr_pool_t *pool;
	const struct json *shown;
	const char *name;
};

static err_t *held(void *ctx, const char *key, struct json *value)
{
	const struct holding *h = ctx;
	const struct json *got = json_at(h->shown, key);
	const char *a = json_write(h->pool, value), *b = got ? json_write(h->pool, got) : "nothing";

	return text_same(a, b) ? NULL : err_new(ERR_INTERNAL, "%s: \"%s\" is %s, not %s", h->name, key, b, a);
}

TEST(events_are_read)
{
	struct json *cases;

	ERR(file_read(t->pool, "tests/data/google/events.json", &cases));
	CHECK(json_len(cases) > 10);
	for (size_t i = 0; i < json_len(cases); i++) {
		const struct json *one = json_item(cases, i);
		struct holding h = { t->pool, NULL, json_text(one, "name") };
		struct google_event e;
		err_t *err = google_event_read(t->pool, json_at(one, "event"), &e);

		if (!json_is_object(json_at(one, "expect"))) {
			if (!err)
				return err_new(ERR_INTERNAL, "%s: it was read", h.name);
			CHECK_ERR(err, ERR_INVALID);
			continue;
		}
		ERR(err_wrap(err, "%s", h.name));
		h.shown = shown(t->pool, &e);
		ERR(json_each(json_at(one, "expect"), held, &h));
	}
	return NULL;
}

TEST(times_are_written_with_their_offset)
{
	struct google_time t1 = { .instant = INT64_C(1795698000) * SECOND_US, .zone = "America/Sao_Paulo" };
	struct google_time t2 = { .all_day = true, .instant = INT64_C(1795651200) * SECOND_US, .zone = "" };
	struct google_time t3 = { .instant = INT64_C(1795698000) * SECOND_US, .zone = "Asia/Kathmandu" };

	CHECK_TEXT(json_write(t->pool, google_time_json(t->pool, &t1, false)),
		   "{\"dateTime\":\"2026-11-26T10:00:00-03:00\",\"timeZone\":\"America/Sao_Paulo\"}");
	CHECK_TEXT(json_write(t->pool, google_time_json(t->pool, &t2, true)),
		   "{\"date\":\"2026-11-26\",\"dateTime\":null,\"timeZone\":null}");
	CHECK_TEXT(
		json_write(t->pool, google_time_json(t->pool, &t3, true)),
		"{\"dateTime\":\"2026-11-26T18:45:00+05:45\",\"timeZone\":\"Asia/Kathmandu\",\"date\":null}");
	return NULL;
}

TEST(what_says_the_same_is_the_same)
{
	static const struct {
		const char *member, *a, *b;
		bool same;
	} cases[] = {
		{ "start", "{\"dateTime\":\"2026-11-26T10:00:00-03:00\"}",
		  "{\"dateTime\":\"2026-11-26T13:00:00Z\"}", true },
		{ "start", "{\"dateTime\":\"2026-11-26T10:00:00-03:00\"}",
		  "{\"dateTime\":\"2026-11-26T10:00:00Z\"}", false },
		{ "start", "{\"date\":\"2026-11-26\"}", "{\"dateTime\":\"2026-11-26T00:00:00Z\"}", false },
		{ "end", "{\"date\":\"2026-11-26\",\"dateTime\":null}", "{\"date\":\"2026-11-26\"}", true },
		{ "attendees", "[{\"email\":\"A@x.org\"}]",
		  "[{\"email\":\"a@x.org\",\"responseStatus\":\"accepted\"},{\"email\":\"eu@x.org\",\"self\":true}]",
		  true },
		{ "attendees", "[{\"email\":\"a@x.org\"}]", "[{\"email\":\"b@x.org\"}]", false },
		{ "summary", "{\"v\":1}", "{\"v\":2}", false },
		{ "conferenceData", "{\"createRequest\":{}}", "{\"entryPoints\":[]}", true },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct json *a, *b;

		ERR(j(t->pool, cases[i].a, &a));
		ERR(j(t->pool, cases[i].b, &b));
		CHECK_INT(google_event_same(t->pool, cases[i].member, a, b), cases[i].same);
	}
	CHECK(google_event_same(t->pool, "location", NULL, NULL));
	return NULL;
}

TEST(a_series_ends_before_an_occurrence)
{
	struct google_event e = { .recurrence = { "RRULE:FREQ=WEEKLY;COUNT=10;BYDAY=MO", "EXDATE:20261207" },
				  .recurrence_n = 2 };
	struct google_event d = { .recurrence = { "RRULE:FREQ=DAILY;UNTIL=20270101" }, .recurrence_n = 1 };

	d.start.all_day = true;
	CHECK_TEXT(json_write(t->pool, google_event_until(t->pool, &e, INT64_C(1795698000) * SECOND_US)),
		   "[\"RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261126T125959Z\",\"EXDATE:20261207\"]");
	CHECK_TEXT(json_write(t->pool, google_event_until(t->pool, &d, INT64_C(1795651200) * SECOND_US)),
		   "[\"RRULE:FREQ=DAILY;UNTIL=20261125\"]");
	return NULL;
}

TEST(requests_are_encoded)
{
	struct google_listing whole = { .calendar = "time#x@group.example.org",
					.from = INT64_C(1795651200) * SECOND_US,
					.until = INT64_C(1795737600) * SECOND_US };
	struct google_listing later = { .calendar = "primary", .sync = "s=+/", .next = "n" };
	struct google_request r = google_calendar_events(t->pool, &whole);

	CHECK_TEXT(
		r.path,
		"/calendars/time%23x%40group.example.org/events?singleEvents=true&eventTypes=default&maxResults=250&"
		"maxAttendees=50&timeMin=2026-11-26T00%3A00%3A00Z&timeMax=2026-11-27T00%3A00%3A00Z");
	r = google_calendar_events(t->pool, &later);
	CHECK_TEXT(
		r.path,
		"/calendars/primary/events?singleEvents=true&eventTypes=default&maxResults=250&maxAttendees=50&"
		"syncToken=s%3D%2B%2F&pageToken=n");
	CHECK_TEXT(google_calendar_path(t->pool, "a@b", "x/../y", ""), "/calendars/a%40b/events/x%2F..%2Fy");
	r = google_calendar_watch(t->pool, "a@b", "c1", "w", "https://x.example/google/push");
	CHECK_TEXT(r.path, "/calendars/a%40b/events/watch");
	CHECK_TEXT(json_text(r.body, "type"), "web_hook");
	return NULL;
}

TEST(pages_and_calendars_are_read)
{
	struct google_calendar c;
	struct google_page page;
	struct json *o;

	ERR(j(t->pool, "{\"items\":[],\"nextPageToken\":\"n\",\"nextSyncToken\":\"s\"}", &o));
	ERR(google_page_read(t->pool, o, &page));
	CHECK_TEXT(page.next, "n");
	CHECK_TEXT(page.sync, NULL);
	ERR(j(t->pool, "{\"nextSyncToken\":\"s\"}", &o));
	ERR(google_page_read(t->pool, o, &page));
	CHECK_TEXT(page.sync, "s");
	CHECK_INT(json_len(page.items), 0);
	ERR(j(t->pool, "[1]", &o));
	CHECK_ERR(google_page_read(t->pool, o, &page), ERR_INVALID);
	CHECK_ERR(google_page_read(t->pool, NULL, &page), ERR_INVALID);
	ERR(j(t->pool,
	      "{\"id\":\"a@x\",\"summary\":\"A\",\"summaryOverride\":\"Minha\",\"primary\":true,\"accessRole\":\"owner\"}",
	      &o));
	ERR(google_calendar_read(t->pool, o, &c));
	CHECK_TEXT(c.name, "Minha");
	CHECK(c.primary && c.selected && !c.gone);
	ERR(j(t->pool, "{\"summary\":\"A\"}", &o));
	CHECK_ERR(google_calendar_read(t->pool, o, &c), ERR_INVALID);
	return NULL;
}
