#include "core/fiber.h"
#include "core/text.h"
#include "cron/job.h"
#include "integrations/google/google.h"
#include "integrations/google/google_account.h"
#include "tests/integration/google_scene.h"
#include "tests/integration/sample.h"
#include "tools/google/consent.h"
#include "tools/remote.h"

#include <string.h>

SAMPLE(google_accounts,
       "INSERT INTO google_accounts (sub, email, scopes, bot_id, chat_id, refresh) VALUES ('%s', 'a@example.org', '', "
       "1, 1, 'k1:x')")
SAMPLE(google_consents,
       "INSERT INTO google_consents (features, bot_id, chat_id, tokens, expires_at) VALUES (1, 1, 1, "
       "'%s', now())")

static err_t *unconfigured(struct scene *s)
{
	ERR(tool_scene_say(s, "/conectar"));
	CHECK_DATA(s, "refused", "no_google");
	CHECK_SAID(s, "README");
	return NULL;
}

TEST(without_a_client_it_says_who_can_change_that)
{
	return tool_scene_run(t, unconfigured);
}

static err_t *call(struct scene *s, int64_t account, err_t **ret_err)
{
	struct google_request request = { .api = GOOGLE_CALENDAR_API,
					  .method = "GET",
					  .path = "/users/me/calendarList" };
	struct google_reply reply;

	*ret_err = google_call(s->req, account, &request, &reply);
	return NULL;
}

static err_t *refreshes(struct scene *s, int64_t expected)
{
	struct json *accounts;
	int64_t n = -1;

	ERR(google_standin_control(google_scene(), "accounts", NULL, &accounts));
	json_int(accounts, "0.refreshes", &n);
	CHECK_INT(n, expected);
	(void)s;
	return NULL;
}

static err_t *control(const char *path, const char *body)
{
	struct json *reply;

	return google_standin_control(google_scene(), path, body, &reply);
}

static err_t *tokens(struct scene *s)
{
	err_t *err;

	ERR(call(s, 1, &err));
	ERR(err);
	ERR(refreshes(s, 0));
	/* Refused although it looks young: one refresh, one repeat. */
	ERR(control("expire", "{\"what\":\"access\"}"));
	ERR(call(s, 1, &err));
	ERR(err);
	ERR(refreshes(s, 1));
	/* Nearly over: refreshed before it is used. */
	ERR(fixture_sql(
		&s->f,
		"UPDATE google_accounts SET access_ends_at = clock_timestamp() + interval '4 minutes'"));
	ERR(call(s, 1, &err));
	ERR(err);
	ERR(refreshes(s, 2));
	CHECK_COUNT(s,
		    "SELECT count(*) FROM google_accounts WHERE refresh LIKE '%1//%' OR access LIKE '%ya29%'",
		    0);
	return NULL;
}

TEST(a_token_is_refreshed_early_and_once_after_401)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, tokens);
}

/* Calls at the same time, each of a request of its own. */
struct together {
	struct scene *s;
	int running, failed;
	struct fiber *waiting;
};

static void one_of_many(void *ctx)
{
	struct together *t = ctx;
	struct scene own = *t->s;
	struct req *req = req_begin(NULL);
	err_t *err;

	req->user_id = t->s->ana;
	req->config = t->s->req->config;
	req->now = t->s->req->now;
	own.req = req;
	err_clear(call(&own, 1, &err));
	t->failed += err != NULL;
	err_clear(err);
	req_end(req);
	if (!--t->running)
		fiber_wake(t->waiting);
}

static err_t *together(struct scene *s)
{
	struct together t = { .s = s, .running = 8, .waiting = fiber_self() };

	ERR(control("expire", "{\"what\":\"access\"}"));
	for (int i = 0; i < 8; i++)
		CHECK(fiber_go("call", one_of_many, &t));
	while (t.running)
		ERR(fiber_wait(0));
	CHECK_INT(t.failed, 0);
	return refreshes(s, 1);
}

TEST(calls_at_the_same_time_share_one_refresh)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, together);
}

/* A refresh is on its way when the person allows more: what it brings is of the grant before. */
static err_t *overtaken(struct scene *s)
{
	struct together t = { .s = s, .running = 1, .waiting = fiber_self() };
	int64_t account;
	bool held = false;

	ERR(control("expire", "{\"what\":\"access\"}"));
	ERR(google_standin_fault(google_scene(), "oauth.token", "hold:after", 1));
	CHECK(fiber_go("call", one_of_many, &t));
	while (!held) {
		err_t *err = control("wait", "{\"name\":\"held\",\"count\":1,\"timeout_ms\":1}");

		held = !err;
		err_clear(err);
		ERR(fiber_sleep(1));
	}
	ERR(google_scene_connect(s, "ana@example.org", 1U << GOOGLE_CALENDAR | 1U << GOOGLE_DRIVE_READ,
				 &account));
	CHECK_INT(t.running, 1);
	ERR(control("release", "{\"effect\":true}"));
	while (t.running)
		ERR(fiber_wait(0));
	CHECK_COUNT(s, "SELECT count(*) FROM google_accounts WHERE scopes LIKE '%drive.readonly%'", 1);
	return NULL;
}

TEST(a_late_refresh_takes_nothing_from_a_new_grant)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, overtaken);
}

static err_t *dead(struct scene *s)
{
	err_t *err;

	ERR(control("expire", "{\"what\":\"all\"}"));
	for (int i = 0; i < 2; i++) {
		ERR(call(s, 1, &err));
		CHECK_ERR(err, ERR_AUTH_ERROR);
	}
	CHECK_COUNT(s, "SELECT count(*) FROM google_accounts WHERE state = 'broken'", 1);
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM outbox WHERE text LIKE '%ana@example.org%' AND markup LIKE '%connect_google%'",
		1);
	ERR(tool_scene_say(s, "/conectar"));
	CHECK_SAID(s, "Precisa conectar de novo");
	CHECK_DATA(s, "accounts.0.state", "broken");
	CHECK(tool_scene_has(s, "t:connect_google:account=1"));
	return NULL;
}

TEST(a_dead_grant_is_told_once_with_a_way_back)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, dead);
}

static err_t *faults(struct scene *s)
{
	static const struct {
		const char *fault;
		enum err_code code;
	} cases[] = {
		{ "403:rateLimitExceeded", ERR_RATE_LIMIT },
		{ "429:rateLimitExceeded", ERR_RATE_LIMIT },
		{ "403:insufficientPermissions", ERR_DENIED },
		{ "403:dailyLimitExceeded", ERR_RATE_LIMIT },
		{ "400:badRequest", ERR_INVALID },
		{ "500", ERR_UNAVAILABLE },
		{ "502", ERR_UNAVAILABLE },
		{ "503", ERR_UNAVAILABLE },
		{ "drop", ERR_HTTP },
	};
	err_t *err;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ERR(google_standin_fault(google_scene(), "calendar.calendars", cases[i].fault, 0));
		ERR(call(s, 1, &err));
		ERR(test_err(__FILE__, (int)i, cases[i].fault, err, cases[i].code));
		ERR(control("faults_clear", NULL));
		if (cases[i].code != ERR_UNAVAILABLE && cases[i].code != ERR_HTTP)
			continue;
		/* What passes by itself is waited for. */
		ERR(google_standin_fault(google_scene(), "calendar.calendars", cases[i].fault, 2));
		ERR(call(s, 1, &err));
		ERR(err);
	}
	CHECK_COUNT(s, "SELECT count(*) FROM google_accounts WHERE state = 'active'", 1);
	return NULL;
}

TEST(every_refusal_has_its_meaning_and_what_passes_is_waited_for)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, faults);
}

static err_t *others(struct scene *s)
{
	err_t *err;

	s->req->user_id = s->bia;
	ERR(call(s, 1, &err));
	CHECK_ERR(err, ERR_NOT_FOUND);
	ERR(tool_scene_say(s, "/conectar"));
	CHECK_UNSAID(s, "ana@example.org");
	CHECK_INT(s->last.buttons_n, 1);
	CHECK(strstr(s->last.buttons[0].data, "https://lembra.example.org/oauth/google/start?k="));
	CHECK(!strstr(json_write(s->pool, s->last.data), "k="));
	CHECK_UNSAID(s, "k=");
	/* Nor can she activate what waits for Ana. */
	ERR(tool_scene_call(s, "disconnect_google", "{\"id\":1}"));
	CHECK_DATA(s, "refused", "not_found");
	return NULL;
}

TEST(an_account_is_its_persons_alone)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, others);
}

static err_t *disconnect(struct scene *s)
{
	int n;

	ERR(tool_scene_say(s, "/conectar"));
	CHECK_SAID(s, "ana@example.org");
	ERR(tool_scene_press(s, "t:disconnect_google:1"));
	CHECK(s->last.card);
	ERR(tool_scene_answer(s, true));
	CHECK_SAID(s, "Desconectei");
	CHECK_COUNT(s, "SELECT count(*) FROM google_accounts", 0);
	ERR(google_scene_calls(s, "oauth.revoke", &n));
	CHECK_INT(n, 1);
	ERR(tool_scene_say(s, "/conectar"));
	CHECK_SAID(s, "10 minutos");
	return NULL;
}

TEST(to_disconnect_gives_back_and_erases)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, disconnect);
}

/* A try that comes late finds the same account connected anew, and leaves it alone. */
static err_t *late(struct scene *s)
{
	bool settled;
	int64_t account;
	const char *id;
	int n, after;
	err_t *err;

	ERR(google_standin_fault(google_scene(), "oauth.revoke", "503", 0));
	ERR(tool_scene_say(s, "/conectar"));
	ERR(tool_scene_press(s, "t:disconnect_google:1"));
	ERR(tool_scene_answer(s, true));
	CHECK_DATA(s, "refused", "not_known_yet");
	CHECK_COUNT(s, "SELECT count(*) FROM google_accounts", 0);
	ERR(control("faults_clear", NULL));
	ERR(fixture_sql(&s->f, "UPDATE operations SET chat_id = 41"));
	ERR(google_scene_connect(s, "ana@example.org", 1U << GOOGLE_CALENDAR, &account));
	ERR(google_scene_calls(s, "oauth.revoke", &n));
	ERR(fixture_text(&s->f, "SELECT id FROM operations WHERE settled_at IS NULL", &id));
	ERR(remote_resume(s->req, id, &settled));
	CHECK(settled);
	ERR(google_scene_calls(s, "oauth.revoke", &after));
	CHECK_INT(after, n);
	ERR(control("expire", "{\"what\":\"access\"}"));
	ERR(call(s, account, &err));
	ERR(err);
	CHECK_COUNT(s, "SELECT count(*) FROM google_accounts WHERE state = 'active'", 1);
	CHECK_COUNT(s, "SELECT count(*) FROM outbox WHERE text LIKE '%de novo antes de o Google%'", 1);
	return NULL;
}

TEST(a_late_revocation_spares_what_was_connected_since)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, late);
}

static err_t *number_waits(struct scene *s, struct tx *tx)
{
	struct google_tokens tokens = {
		.access = "a", .scopes = "", .sub = "1", .email = "ana@example.org", .expires_s = 3599
	};
	struct consent consent = { .id = 1 };
	const char *link;
	int64_t number;

	s->req->chat_id = 41; /* where its number is told */
	ERR(consent_offer(tx, 1U << GOOGLE_CALENDAR, 1, &link));
	ERR(tx_defer(tx, STMT_CONSENT_TAKE, PG_ARGS(PG_INT(1))));
	return consent_wait(tx, &consent, &tokens, &number);
}

/* The number was right, and still there is nothing to connect: it does not say that the number was wrong. */
static err_t *gone_meanwhile(struct scene *s)
{
	struct json *args = json_object(s->pool);
	int64_t number;
	struct tx *tx;

	ERR(tx_begin_user(s->req, &tx));
	ERR(tx_end(tx, number_waits(s, tx)));
	ERR(tool_scene_say(s, "/conectar"));
	ERR(tool_scene_press(s, "t:disconnect_google:1"));
	ERR(tool_scene_answer(s, true));
	ERR(fixture_int(&s->f, "SELECT number FROM google_consents", &number));
	json_set_int(args, "id", 1);
	json_set_int(args, "number", number);
	s->req->update_id = ++s->updates;
	ERR(act_press(s->req, "confirm_google", args, tool_scene_end(s)));
	CHECK_DATA(s, "refused", "other_account");
	CHECK_UNSAID(s, "Não era esse o número");
	CHECK_COUNT(s, "SELECT count(*) FROM google_accounts", 0);
	return NULL;
}

TEST(a_right_number_is_not_called_wrong)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, gone_meanwhile);
}

static err_t *rotate(struct scene *s)
{
	struct config both = *s->req->config;
	err_t *err;

	both.data_encryption_key = "k2:YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY=,"
				   "k1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
	s->req->config = &both;
	CHECK_COUNT(s, "SELECT count(*) FROM google_unrotated('k2')", 1);
	ERR(google_account_reseal(s->req));
	CHECK_COUNT(s, "SELECT count(*) FROM google_unrotated('k2')", 0);
	both.data_encryption_key = "k2:YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY=";
	ERR(call(s, 1, &err));
	return err;
}

TEST(secrets_are_sealed_anew_and_still_open)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, rotate);
}

extern const struct job job_google_keep;

/* One occurrence, as the scheduler would run it. */
static err_t *keep(struct scene *s, const char *day)
{
	struct job_run run = { .occurrence = day, .ref = "", .token = 7 };

	ERR(fixture_sql(&s->f, "UPDATE jobs SET lease_token = 7 WHERE kind = 'google_keep'"));
	ERR(fixture_sql(
		&s->f,
		mem_fmt(s->pool,
			"INSERT INTO job_runs (kind, user_id, occurrence, due_at, first_at, last_at) VALUES "
			"('google_keep', %lld, '%s', now(), now(), now())",
			(long long)s->ana, day)));
	ERR(fixture_int(&s->f, "SELECT id FROM jobs WHERE kind = 'google_keep'", &run.job));
	ERR(fixture_int(&s->f, "SELECT max(id) FROM job_runs", &run.row));
	return job_google_keep.run(s->req, &run);
}

static err_t *kept(struct scene *s)
{
	ERR(fixture_sql(&s->f, "UPDATE google_accounts SET access_ends_at = now() - interval '30 days', "
			       "refresh_ends_at = now() + interval '1 day'"));
	ERR(keep(s, "2026-11-19"));
	ERR(refreshes(s, 1));
	CHECK_COUNT(s, "SELECT count(*) FROM outbox WHERE class = 'unasked' AND text LIKE '%acaba em%'", 1);
	ERR(keep(s, "2026-11-20"));
	ERR(refreshes(s, 1));
	CHECK_COUNT(s, "SELECT count(*) FROM outbox WHERE class = 'unasked'", 1);
	return NULL;
}

TEST(a_grant_is_used_now_and_then_and_its_end_is_told_once)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, kept);
}
