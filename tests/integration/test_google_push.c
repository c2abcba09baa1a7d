/* POST /google/push: whoever knows the channel and its word makes the account's job due; nobody else moves anything. */
#include "core/text.h"
#include "tests/integration/web_scene.h"

static err_t *knock(struct scene *s, const char *channel, const char *word, int status)
{
	struct reply reply;

	ERR(raw_call(
		s, "POST", "/google/push",
		mem_fmt(s->pool,
			"X-Goog-Channel-ID: %s\r\nX-Goog-Channel-Token: %s\r\nX-Goog-Resource-State: exists\r\n",
			channel, word),
		"", &reply));
	CHECK_INT(reply.status, status);
	return NULL;
}

static err_t *play(struct scene *s)
{
	struct reply reply;
	int64_t user, n;

	ERR(scene_person(s, 41, "user"));
	ERR(fixture_int(&s->f, "SELECT user_id FROM users", &user));
	ERR(fixture_sql(
		&s->f,
		mem_fmt(s->pool,
			"INSERT INTO google_accounts (user_id, id, sub, email, scopes, bot_id, chat_id, refresh, connected_at) "
			"VALUES (%lld, 1, 's', 'a@x.org', '', 1, 41, 'k1:x', now()); INSERT INTO google_syncs (user_id, account_id, "
			"synced_at) VALUES (%lld, 1, now()); INSERT INTO google_calendars (user_id, id, account_id, calendar, name, "
			"zone, role, is_primary, selected) VALUES (%lld, 1, 1, 'c', 'c', 'UTC', 'owner', true, true); INSERT INTO "
			"google_channels (user_id, id, calendar_id, hash, expires_at) VALUES (%lld, 'canal', 1, "
			"sha256('palavra'), now() + interval '1 day'); UPDATE jobs SET run_at = now() + interval '1 hour' "
			"WHERE kind = 'calendar_sync'",
			(long long)user, (long long)user, (long long)user, (long long)user)));
	ERR(knock(s, "canal", "outra", 404));
	ERR(knock(s, "outro", "palavra", 404));
	ERR(raw_call(s, "POST", "/google/push", "", "", &reply));
	CHECK_INT(reply.status, 404);
	ERR(fixture_int(&s->f, "SELECT count(*) FROM jobs WHERE kind = 'calendar_sync' AND run_at <= now()",
			&n));
	CHECK_INT(n, 0);
	ERR(knock(s, "canal", "palavra", 204));
	ERR(knock(s, "canal", "palavra", 204));
	ERR(fixture_int(&s->f, "SELECT count(*) FROM jobs WHERE kind = 'calendar_sync' AND run_at <= now()",
			&n));
	CHECK_INT(n, 1);
	ERR(fixture_int(&s->f, "SELECT count(*) FROM google_syncs WHERE synced_at IS NULL", &n));
	CHECK_INT(n, 1);
	return NULL;
}

TEST(google_knocks_at_the_door)
{
	return scene_run(t, NULL, NULL, play);
}
