/* What a calendar question adds of our own time when the answer is kept here: a week of a year of events. The fastest tenth is
 * held against the goal, since the machine has other things to do; CALENDAR_TIME=1 prints what it was. */
#include "core/clock.h"
#include "core/config.h"
#include "core/text.h"
#include "db/db.h"
#include "db/people.h"
#include "tests/integration/fixture.h"
#include "tools/act.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS = 2000, ROUNDS = 100, LIMIT_US = 15000 };

static int64_t took[ROUNDS];

static int by_size(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

struct asking {
	struct fixture f;
	struct config *config;
	apr_pool_t *pool;
};

static err_t *seeded(void *ctx)
{
	struct asking *a = ctx;
	static const char sql[] =
		"SELECT set_config('app.user_id', '%lld', false), set_config('app.now', '1795000000000000', false); "
		"INSERT INTO google_accounts (user_id, id, sub, email, scopes, bot_id, chat_id, refresh, connected_at) VALUES "
		"(%lld, 1, 's', 'a@x.org', 'https://www.googleapis.com/auth/calendar.events "
		"https://www.googleapis.com/auth/calendar.calendarlist.readonly', 1, 1, 'k1:x', now()); "
		"INSERT INTO google_syncs (user_id, account_id, synced_at) VALUES (%lld, 1, '2099-01-01'); "
		"INSERT INTO google_calendars (user_id, id, account_id, calendar, name, zone, role, is_primary, selected, "
		"synced_at) VALUES (%lld, 1, 1, 'a@x.org', 'A', 'UTC', 'owner', true, true, now()); "
		"INSERT INTO calendar_events_cache (user_id, id, calendar_id, google_id, title, all_day, start_at, end_at, free, "
		"outside, generation) SELECT %lld, i, 1, 'e' || i, 'Reunião ' || i, false, t, t + interval '1 hour', false, false, 1 "
		"FROM (SELECT i, '2026-10-20 12:00Z'::timestamptz + i * interval '4 hours' AS t FROM generate_series(1, %d) i) x; "
		"ANALYZE calendar_events_cache";
	int64_t user;

	ERR(fixture_int(&a->f, "SELECT user_id FROM users", &user));
	return fixture_sql(&a->f, mem_fmt(a->pool, sql, (long long)user, (long long)user, (long long)user,
					  (long long)user, (long long)user, EVENTS));
}

static err_t *ask(struct asking *a, int64_t user, int64_t update, const char *tool, const char *args)
{
	struct req *req = req_begin(NULL);
	struct outcome outcome;
	struct json *json;
	err_t *err;

	req->now = INT64_C(1795000000) * SECOND_US;
	req->user_id = user;
	req->role = ROLE_USER;
	req->zone = "America/Sao_Paulo";
	req->bot_id = 7;
	req->update_id = update;
	req->config = a->config;
	err = json_read(req->pool, args, strlen(args), &json);
	if (!err)
		err = act_step(req, tool, json, NULL, (struct act_end){ 0 }, &outcome);
	if (!err && !json_at(outcome.data, "total"))
		err = err_new(ERR_INTERNAL, "no events");
	req_end(req);
	return err;
}

static err_t *body(void *ctx)
{
	struct asking *a = ctx;
	struct person_seen seen = { .login_id = 41, .bot_id = 7, .name = "Ana", .lang = "pt-BR" };
	int64_t user;

	ERR(people_open(a->pool, &seen, INT64_C(1795000000) * SECOND_US, &user));
	ERR(fixture_aside(seeded, a));
	for (int i = 0; i < ROUNDS; i++) {
		int64_t begin = clock_mono_us();

		ERR(ask(a, user, i + 1, "list_events", "{\"start\":\"2026-11-23\",\"end\":\"2026-11-30\"}"));
		took[i] = clock_mono_us() - begin;
	}
	return NULL;
}

TEST(a_week_out_of_a_year_of_events_is_quick)
{
	const char *pairs[] = { "GOOGLE_CLIENT_ID=x", "GOOGLE_CLIENT_SECRET=y",
				"PUBLIC_URL=https://lembra.example.org",
				"DATA_ENCRYPTION_KEY=k1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", NULL };
	struct asking a = { .pool = t->pool };

	ERR(fixture_db(t, &a.f));
	ERR(fixture_config(&a.f, pairs, &a.config));
	db_open(t->pool, a.config, DB_APP | DB_QUEUE);
	ERR(fixture_loop(body, &a));
	db_close();
	qsort(took, ROUNDS, sizeof *took, by_size);
	if (getenv("CALENDAR_TIME"))
		printf("a week of %d events: median %.1f ms, p99 %.1f ms\n", EVENTS,
		       (double)took[ROUNDS / 2] / 1000, (double)took[ROUNDS * 99 / 100] / 1000);
	CHECK(took[ROUNDS / 10] <= LIMIT_US);
	return NULL;
}
