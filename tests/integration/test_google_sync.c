/* Reading a person's calendars: whole, then what changes; pages, dead tokens, wrong answers, two at once, a death between. */
#include "core/clock.h"
#include "core/fiber.h"
#include "core/text.h"
#include "integrations/google/google_channel.h"
#include "integrations/google/google_sync.h"
#include "tests/integration/google_scene.h"
#include "tests/integration/sample.h"

#include <malloc.h>
#include <string.h>

SAMPLE(google_syncs,
       "INSERT INTO google_accounts (id, sub, email, scopes, bot_id, chat_id, refresh) VALUES (901, '%1$s s', 'a@x.org', "
       "'', 1, 1, 'k1:x'); INSERT INTO google_syncs (account_id) VALUES (901)")
SAMPLE(google_calendars,
       "INSERT INTO google_accounts (id, sub, email, scopes, bot_id, chat_id, refresh) VALUES (902, '%1$s k', 'a@x.org', "
       "'', 1, 1, 'k1:x'); INSERT INTO google_calendars (id, account_id, calendar, name, zone, role, is_primary, selected) "
       "VALUES (902, 902, 'c', '%1$s', 'UTC', 'owner', true, true)")
SAMPLE(calendar_events_cache,
       "INSERT INTO google_accounts (id, sub, email, scopes, bot_id, chat_id, refresh) VALUES (903, '%1$s e', 'a@x.org', "
       "'', 1, 1, 'k1:x'); INSERT INTO google_calendars (id, account_id, calendar, name, zone, role, is_primary, selected) "
       "VALUES (903, 903, 'c', '%1$s', 'UTC', 'owner', true, true); INSERT INTO calendar_events_cache (calendar_id, "
       "google_id, title, all_day, start_at, end_at, free, outside, generation) VALUES (903, 'g', '%1$s', false, "
       "'2026-11-21 10:00Z', '2026-11-21 11:00Z', false, false, 1)")
SAMPLE(google_channels,
       "INSERT INTO google_accounts (id, sub, email, scopes, bot_id, chat_id, refresh) VALUES (904, '%1$s c', 'a@x.org', "
       "'', 1, 1, 'k1:x'); INSERT INTO google_calendars (id, account_id, calendar, name, zone, role, is_primary, selected) "
       "VALUES (904, 904, 'c', '%1$s', 'UTC', 'owner', true, true); INSERT INTO google_channels (id, calendar_id, hash, "
       "expires_at) VALUES ('%1$s', 904, '', now())")

static err_t *control(struct scene *s, const char *name, const char *body)
{
	struct json *reply;

	(void)s;
	return google_standin_control(google_scene(), name, body, &reply);
}

static err_t *plant(struct scene *s, const char *id, const char *title, const char *start, const char *end)
{
	const char *made;

	return google_standin_event(
		google_scene(), NULL,
		mem_fmt(s->pool,
			"{\"id\":\"%s\",\"summary\":\"%s\",\"start\":{\"dateTime\":\"%s\"},\"end\":{\"dateTime\":\"%s\"}}",
			id, title, start, end),
		&made);
}

static err_t *sync_now(struct scene *s)
{
	bool busy;

	ERR(google_sync(s->req, 1, &busy));
	CHECK(!busy);
	return NULL;
}

static err_t *play_whole(struct scene *s)
{
	int calls;

	ERR(control(s, "pages", "{\"calendar\":2,\"empty\":true}"));
	for (int i = 0; i < 5; i++)
		ERR(plant(s, mem_fmt(s->pool, "event%d", i), mem_fmt(s->pool, "Coisa %d", i),
			  mem_fmt(s->pool, "2026-11-%02dT10:00:00-03:00", 20 + i),
			  mem_fmt(s->pool, "2026-11-%02dT11:00:00-03:00", 20 + i)));
	ERR(sync_now(s));
	CHECK_COUNT(s, "SELECT count(*) FROM calendar_events_cache", 5);
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM google_calendars WHERE sync_token IS NOT NULL AND page_token IS NULL "
		"AND synced_at IS NOT NULL",
		1);
	CHECK_COUNT(s,
		    "SELECT count(*) FROM calendar_events_cache WHERE title = 'Coisa 2' AND NOT outside AND "
		    "start_at = '2026-11-22 13:00Z'",
		    1);
	/* Later only what has changed is read, and numbers stay. */
	ERR(control(s, "event_change", "{\"id\":\"event1\",\"patch\":{\"summary\":\"Outra\"}}"));
	ERR(control(s, "event_change", "{\"id\":\"event3\"}"));
	ERR(google_scene_calls(s, "calendar.list", &calls));
	ERR(sync_now(s));
	CHECK_COUNT(s, "SELECT count(*) FROM calendar_events_cache", 4);
	CHECK_COUNT(s, "SELECT count(*) FROM calendar_events_cache WHERE title = 'Outra' AND id = 2", 1);
	/* Its token is dead: all of it is read again, what is gone meanwhile goes, numbers stay. */
	ERR(control(s, "event_change", "{\"id\":\"event4\"}"));
	ERR(control(s, "sync_expire", "{}"));
	ERR(sync_now(s));
	CHECK_COUNT(s, "SELECT count(*) FROM calendar_events_cache", 3);
	CHECK_COUNT(s, "SELECT count(*) FROM calendar_events_cache WHERE title = 'Outra' AND id = 2", 1);
	CHECK_COUNT(s, "SELECT generation FROM google_calendars", 2);
	return NULL;
}

/* No calendar may be read: that is no empty one. */
static err_t *play_denied(struct scene *s)
{
	bool busy;

	ERR(plant(s, "event1", "Coisa", "2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z"));
	ERR(sync_now(s));
	ERR(control(s, "fault",
		    "{\"call\":\"calendar.list\",\"fault\":\"403:accessNotConfigured\",\"times\":0}"));
	CHECK_ERR(google_sync(s->req, 1, &busy), ERR_DENIED);
	CHECK_COUNT(s, "SELECT count(*) FROM calendar_events_cache", 1);
	return NULL;
}

TEST(calendars_that_may_not_be_read_are_not_up_to_date)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, play_denied);
}

TEST(a_calendar_is_read_whole_and_then_what_changes)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, play_whole);
}

/* It ends between two pages: nothing is shown, and it goes on from there. */
static err_t *play_resumed(struct scene *s)
{
	bool busy;
	int before, after;

	ERR(control(s, "pages", "{\"calendar\":2}"));
	for (int i = 0; i < 6; i++)
		ERR(plant(s, mem_fmt(s->pool, "event%d", i), "Coisa",
			  mem_fmt(s->pool, "2026-11-%02dT10:00:00Z", 20 + i),
			  mem_fmt(s->pool, "2026-11-%02dT11:00:00Z", 20 + i)));
	ERR(control(s, "fault",
		    "{\"call\":\"calendar.list\",\"fault\":\"400:badRequest\",\"skip\":1,\"times\":1}"));
	ERR(control(
		s, "fault",
		"{\"call\":\"calendar.list\",\"fault\":\"403:dailyLimitExceeded\",\"skip\":3,\"times\":1}"));
	CHECK_ERR(google_sync(s->req, 1, &busy), ERR_RATE_LIMIT);
	CHECK_COUNT(
		s, "SELECT count(*) FROM google_calendars WHERE synced_at IS NULL AND page_token IS NOT NULL",
		1);
	ERR(tool_scene_call(s, "list_events", "{\"start\":\"2026-11-18\",\"end\":\"2026-11-30\"}"));
	ERR(google_scene_calls(s, "calendar.list", &before));
	ERR(sync_now(s));
	ERR(google_scene_calls(s, "calendar.list", &after));
	CHECK_COUNT(s, "SELECT count(*) FROM calendar_events_cache", 6);
	CHECK(after - before <= 3);
	return NULL;
}

TEST(a_read_that_was_cut_goes_on)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, play_resumed);
}

static err_t *play_wrong(struct scene *s)
{
	bool busy;
	err_t *err;

	ERR(plant(s, "event1", "Coisa", "2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z"));
	ERR(sync_now(s));
	ERR(control(s, "fault", "{\"call\":\"calendar.list\",\"fault\":\"garbage\",\"times\":0}"));
	err = google_sync(s->req, 1, &busy);
	CHECK(err != NULL);
	err_clear(err);
	CHECK_COUNT(s, "SELECT count(*) FROM calendar_events_cache", 1);
	CHECK_COUNT(s, "SELECT count(*) FROM google_syncs WHERE lease_until IS NOT NULL", 0);
	ERR(control(s, "faults_clear", NULL));
	/* Somebody else reads it. */
	ERR(fixture_sql(&s->f,
			"UPDATE google_syncs SET lease_until = clock_timestamp() + interval '1 hour'"));
	ERR(google_sync(s->req, 1, &busy));
	CHECK(busy);
	return NULL;
}

TEST(a_wrong_answer_takes_nothing_away)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, play_wrong);
}

struct reader {
	struct req *req;
	struct fiber *waiting;
	err_t *err;
	bool busy, over;
};

static void read_in_fiber(void *arg)
{
	struct reader *r = arg;

	r->err = google_sync(r->req, 1, &r->busy);
	r->over = true;
	fiber_wake(r->waiting);
}

/* Google takes longer for a page than a lease lasts: whoever else comes meanwhile does not get it, and the page is kept. */
static err_t *slow_page(struct scene *s)
{
	struct reader slow = { .req = req_copy(s->req), .waiting = fiber_self() };
	int64_t tried = 0, left;
	bool busy;

	google_sync_tune(200);
	ERR(plant(s, "event1", "Coisa", "2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z"));
	ERR(control(s, "fault", "{\"call\":\"calendar.list\",\"fault\":\"slow:1000\",\"times\":1}"));
	CHECK(fiber_go("slow", read_in_fiber, &slow));
	while (!slow.over) {
		ERR(fiber_sleep(20));
		if (slow.over)
			break;
		ERR(google_sync(s->req, 1, &busy));
		CHECK(busy || slow.over);
		tried++;
		ERR(fixture_int(
			&s->f,
			"SELECT coalesce(extract(epoch FROM max(lease_until) - clock_timestamp()) * 1000, 0)::bigint "
			"FROM google_syncs",
			&left));
		CHECK(left <= 200);
	}
	ERR(slow.err);
	CHECK(!slow.busy && tried > 10);
	CHECK_COUNT(s, "SELECT count(*) FROM calendar_events_cache", 1);
	CHECK_COUNT(s,
		    "SELECT count(*) FROM google_syncs WHERE lease_until IS NULL AND synced_at IS NOT NULL",
		    1);
	req_end(slow.req);
	return NULL;
}

static err_t *play_slow_page(struct scene *s)
{
	err_t *err = slow_page(s);

	google_sync_tune(0);
	return err;
}

TEST(a_slow_page_is_read_by_one_alone)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, play_slow_page);
}

/* One that was killed left its lease: a question has its answer within its own patience. */
static err_t *killed(struct scene *s)
{
	int64_t age;

	google_sync_tune(300);
	ERR(plant(s, "event1", "Coisa", "2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z"));
	ERR(sync_now(s));
	ERR(plant(s, "event2", "Outra", "2026-11-20T12:00:00Z", "2026-11-20T13:00:00Z"));
	ERR(fixture_sql(&s->f,
			"UPDATE google_syncs SET synced_at = NULL, lease_token = nextval('lease_tokens'), "
			"lease_until = clock_timestamp() + interval '300 ms'"));
	ERR(google_sync_fresh(s->req, 1, 60, 4000, &age));
	CHECK(age >= 0);
	CHECK_COUNT(s, "SELECT count(*) FROM calendar_events_cache", 2);
	return NULL;
}

static err_t *play_killed(struct scene *s)
{
	err_t *err = killed(s);

	google_sync_tune(0);
	return err;
}

TEST(a_killed_read_is_waited_for_shortly)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, play_killed);
}

/* Somebody else has taken over while a page was under way: it is not written twice. */
static err_t *play_overtaken(struct scene *s)
{
	struct reader slow = { .req = s->req, .waiting = fiber_self() };

	ERR(plant(s, "event1", "Coisa", "2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z"));
	ERR(control(s, "fault", "{\"call\":\"calendar.list\",\"fault\":\"slow:300\",\"times\":1}"));
	CHECK(fiber_go("slow", read_in_fiber, &slow));
	for (int64_t held = 0; !held;) {
		ERR(fiber_sleep(10));
		ERR(fixture_int(&s->f, "SELECT count(*) FROM google_calendars", &held));
	}
	ERR(fixture_sql(&s->f, "UPDATE google_syncs SET lease_token = nextval('lease_tokens')"));
	while (!slow.over)
		ERR(fiber_wait(0));
	CHECK_ERR(slow.err, ERR_LEASE_LOST);
	CHECK_COUNT(s, "SELECT count(*) FROM calendar_events_cache", 0);
	return NULL;
}

TEST(who_was_overtaken_writes_nothing)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, play_overtaken);
}

/* Those that are shown at Google, by their rights; one that is gone goes with all that is in it. */
static err_t *play_calendars(struct scene *s)
{
	ERR(control(s, "calendar",
		    "{\"id\":\"time@group.example.org\",\"summary\":\"Time\",\"role\":\"reader\"}"));
	ERR(control(s, "calendar",
		    "{\"id\":\"sala@group.example.org\",\"summary\":\"Sala\",\"role\":\"freeBusyReader\"}"));
	ERR(control(
		s, "event",
		"{\"calendar\":\"time@group.example.org\",\"event\":{\"id\":\"reuniao\",\"summary\":\"Do time\","
		"\"start\":{\"dateTime\":\"2026-11-20T10:00:00Z\"},\"end\":{\"dateTime\":\"2026-11-20T11:00:00Z\"}}}"));
	ERR(sync_now(s));
	CHECK_COUNT(s, "SELECT count(*) FROM google_calendars", 3);
	CHECK_COUNT(s, "SELECT count(*) FROM calendar_events_cache", 1);
	ERR(control(s, "fault",
		    "{\"call\":\"calendar.list\",\"fault\":\"404:notFound\",\"skip\":1,\"times\":1}"));
	ERR(sync_now(s));
	CHECK_COUNT(s, "SELECT count(*) FROM calendar_events_cache", 0);
	return NULL;
}

TEST(calendars_come_and_go)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, play_calendars);
}

/* A channel for each calendar, once; who knows its word makes the job due. */
static err_t *play_channels(struct scene *s)
{
	struct json *channels;
	struct rows *rows;
	const char *id, *word;

	(void)rows;
	ERR(sync_now(s));
	ERR(google_channel_keep(s->req, 1, "http://lembra.example.org"));
	CHECK_COUNT(s, "SELECT count(*) FROM google_channels", 0);
	ERR(google_channel_keep(s->req, 1, "https://lembra.example.org"));
	ERR(google_channel_keep(s->req, 1, "https://lembra.example.org"));
	ERR(google_standin_list(google_scene(), NULL, "channels", &channels));
	CHECK_INT(json_len(channels), 1);
	CHECK_TEXT(json_text(channels, "0.address"), "https://lembra.example.org/google/push");
	id = json_text(channels, "0.id");
	word = json_text(channels, "0.token");
	CHECK(id && word);
	CHECK_COUNT(s,
		    mem_fmt(s->pool,
			    "SELECT count(*) FROM google_channels WHERE id = '%s' AND resource <> ''", id),
		    1);
	ERR(fixture_sql(&s->f, "UPDATE jobs SET run_at = '2027-01-01'"));
	CHECK_COUNT(s, mem_fmt(s->pool, "SELECT google_knock('%s', 'x', now())::int", id), 0);
	CHECK_COUNT(s, "SELECT count(*) FROM jobs WHERE kind = 'calendar_sync' AND run_at < '2027-01-01'", 0);
	CHECK_COUNT(s, mem_fmt(s->pool, "SELECT google_knock('%s', '%s', now())::int", id, word), 1);
	CHECK_COUNT(s, "SELECT count(*) FROM jobs WHERE kind = 'calendar_sync' AND run_at < '2027-01-01'", 1);
	/* A day before its end comes another, and the old one goes. */
	ERR(fixture_sql(&s->f,
			"UPDATE google_channels SET expires_at = clock_timestamp() + interval '2 hours'"));
	ERR(google_channel_keep(s->req, 1, "https://lembra.example.org"));
	CHECK_COUNT(s, "SELECT count(*) FROM google_channels", 1);
	CHECK_COUNT(s, mem_fmt(s->pool, "SELECT count(*) FROM google_channels WHERE id = '%s'", id), 0);
	return NULL;
}

TEST(google_knocks_where_something_changes)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, play_channels);
}

/* A calendar of any size is read in the room of one page. */
static err_t *play_room(struct scene *s)
{
	struct mallinfo2 before, after;

	ERR(control(s, "pages", "{\"calendar\":40}"));
	for (int i = 0; i < 400; i++)
		ERR(plant(s, mem_fmt(s->pool, "event%d", i), "Coisa", "2026-11-20T10:00:00Z",
			  "2026-11-20T11:00:00Z"));
	before = mallinfo2();
	ERR(sync_now(s));
	after = mallinfo2();
	CHECK_COUNT(s, "SELECT count(*) FROM calendar_events_cache", 400);
	CHECK(after.uordblks + after.hblkhd < before.uordblks + before.hblkhd + 1024 * 1024);
	return NULL;
}

TEST(a_page_gives_back_what_it_took)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, play_room);
}

/* What Google never tells of is not asked for again at each read; what did not get through is. */
static err_t *play_refused(struct scene *s)
{
	static const struct {
		const char *fault;
		int asked;
	} cases[] = { { "503", 2 }, { "400:pushNotSupportedForRequestedResource", 1 } };
	int before, n;

	ERR(sync_now(s));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ERR(google_standin_fault(google_scene(), "calendar.watch", cases[i].fault, 0));
		ERR(google_scene_calls(s, "calendar.watch", &before));
		ERR(google_channel_keep(s->req, 1, "https://lembra.example.org"));
		ERR(google_channel_keep(s->req, 1, "https://lembra.example.org"));
		ERR(google_scene_calls(s, "calendar.watch", &n));
		CHECK_INT(n - before, cases[i].asked);
		ERR(control(s, "faults_clear", NULL));
	}
	/* Days later it is asked for again. */
	ERR(fixture_sql(&s->f,
			"UPDATE google_channels SET expires_at = clock_timestamp() + interval '2 hours'"));
	ERR(google_channel_keep(s->req, 1, "https://lembra.example.org"));
	CHECK_COUNT(s, "SELECT count(*) FROM google_channels WHERE resource <> ''", 1);
	CHECK_COUNT(s, "SELECT count(*) FROM google_channels", 1);
	return NULL;
}

TEST(a_channel_that_is_refused_is_not_asked_for_each_time)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, play_refused);
}

/* An answer waits so long and no longer. */
static err_t *play_fresh(struct scene *s)
{
	int64_t age = 0, begun = clock_mono_ms();

	ERR(control(s, "fault", "{\"call\":\"calendar.calendars\",\"fault\":\"slow:5000\",\"times\":1}"));
	ERR(google_sync_fresh(s->req, 1, 60, 300, &age));
	CHECK_INT(age, -1);
	CHECK(clock_mono_ms() - begun < 3000);
	ERR(control(s, "faults_clear", NULL));
	ERR(google_sync_fresh(s->req, 1, 60, 4000, &age));
	CHECK_INT(age, 0);
	return NULL;
}

TEST(an_answer_waits_so_long_and_no_longer)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, play_fresh);
}
