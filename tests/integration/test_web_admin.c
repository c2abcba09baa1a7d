#include "core/clock.h"
#include "core/crypt.h"
#include "tests/integration/web_scene.h"
#include "tests/standins/client.h"

#include <string.h>

static struct standin *standin;

/* One request with the token; the status must be as expected. *ret_body: the JSON answer. */
static err_t *ask(struct scene *s, const char *method, const char *path, const char *body, int expected,
		  struct json **ret_body)
{
	struct reply reply;

	ERR(raw_call(s, method, path, SCENE_ADMIN, body, &reply));
	if (reply.status != expected)
		return err_new(ERR_INTERNAL, "%s %s %s: %d, expected %d: %s", method, path, body ? body : "",
			       reply.status, expected, reply.body);
	CHECK_TEXT(raw_header(s, &reply, "Content-Type"), "application/json");
	return json_read(s->pool, reply.body, strlen(reply.body), ret_body);
}

static err_t *play_people(struct scene *s)
{
	struct json *body;
	int64_t since, expires, id;
	const char *hash;

	ERR(scene_person(s, 42, "owner"));
	ERR(scene_person(s, 43, "user"));
	ERR(ask(s, "GET", "/admin/users", NULL, 200, &body));
	CHECK_INT(json_len(json_at(body, "users")), 2);
	CHECK_TEXT(json_text(body, "users.0.role"), "owner");
	CHECK_TEXT(json_text(body, "users.0.language"), "en");
	CHECK_TEXT(json_text(body, "users.0.zone"), "America/Sao_Paulo");
	CHECK(json_int(body, "users.0.logins.0", &id) && id == 42);
	CHECK(!strstr(json_write(s->pool, body), "Ana")); /* nothing that is theirs */

	since = clock_now();
	ERR(ask(s, "POST", "/admin/users", "{\"role\":\"guest\"}", 200, &body));
	ERR(clock_parse(json_text(body, "expires"), &expires));
	CHECK(expires >= since + DAY_US - SECOND_US && expires <= clock_now() + DAY_US);
	const char *code = crypt_code_canon(s->pool, json_text(body, "code"));
	CHECK(code);
	ERR(fixture_text(&s->f, "SELECT hash FROM pairing_codes WHERE role = 'guest' AND kind = 'invite'",
			 &hash));
	CHECK_TEXT(hash, crypt_hash_hex(s->pool, code, strlen(code)));
	return NULL;
}

TEST(people_are_listed_and_invited)
{
	return scene_run(t, NULL, NULL, play_people);
}

static err_t *play_bad(struct scene *s)
{
	static const char *const bodies[] = { "",
					      "{}",
					      "x",
					      "[]",
					      "{\"role\":\"owner\"}",
					      "{\"role\":\"king\"}",
					      "{\"role\":1}",
					      "{\"role\":\"user\",\"user_id\":1}" };
	struct json *body;
	int64_t n;

	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		ERR(ask(s, "POST", "/admin/users", bodies[i], 400, &body));
		CHECK(json_text(body, "error"));
	}
	ERR(fixture_int(&s->f, "SELECT count(*) FROM pairing_codes", &n));
	CHECK_INT(n, 0);
	return NULL;
}

TEST(an_invitation_must_name_a_role_below_the_owner)
{
	return scene_run(t, NULL, NULL, play_bad);
}

static err_t *play_remove(struct scene *s)
{
	struct json *body;
	int64_t owner, user, n;

	ERR(scene_person(s, 42, "owner"));
	ERR(scene_person(s, 43, "user"));
	ERR(fixture_int(&s->f, "SELECT user_id FROM directory WHERE login_id = 42", &owner));
	ERR(fixture_int(&s->f, "SELECT user_id FROM directory WHERE login_id = 43", &user));
	ERR(ask(s, "DELETE", mem_fmt(s->pool, "/admin/users/%lld", (long long)owner), NULL, 409, &body));
	ERR(ask(s, "DELETE", mem_fmt(s->pool, "/admin/users/%lld", (long long)user), NULL, 200, &body));
	CHECK_INT(strlen(json_text(body, "receipt")), 32);
	ERR(ask(s, "DELETE", mem_fmt(s->pool, "/admin/users/%lld", (long long)user), NULL, 404, &body));
	ERR(fixture_int(&s->f, "SELECT count(*) FROM users", &n));
	CHECK_INT(n, 1);
	return NULL;
}

TEST(people_are_erased_but_not_the_last_owner)
{
	return scene_run(t, NULL, NULL, play_remove);
}

static err_t *play_queue(struct scene *s)
{
	struct json *body;
	int64_t n;
	int status;

	ERR(scene_person(s, 42, "user"));
	ERR(scene_deliver(s, 7, 42, &status));
	ERR(scene_deliver(s, 8, 42, &status));
	/* As queue_bury leaves it. */
	ERR(fixture_sql(&s->f, "DELETE FROM queue WHERE update_id = 7; UPDATE chats SET pending = 1; "
			       "UPDATE updates SET state = 'dead', error = 'INTERNAL' WHERE update_id = 7"));
	ERR(ask(s, "GET", "/admin/queue", NULL, 200, &body));
	CHECK(json_int(body, "updates", &n) && n == 1);
	CHECK(json_int(body, "dead", &n) && n == 1);
	CHECK_INT(json_len(json_at(body, "dead_letters")), 1);
	CHECK_TEXT(json_text(body, "dead_letters.0.id"), "1234:7");
	CHECK_TEXT(json_text(body, "dead_letters.0.error"), "INTERNAL");
	CHECK_INT(strlen(json_text(body, "dead_letters.0.trace")), 32);
	CHECK(!strstr(json_write(s->pool, body), "hi"));

	ERR(ask(s, "POST", "/admin/queue/replay", "{\"id\":\"1234:9\"}", 404, &body));
	ERR(ask(s, "POST", "/admin/queue/replay", "{\"id\":\"1234\"}", 400, &body));
	ERR(ask(s, "POST", "/admin/queue/replay", "{\"id\":\"1234:7x\"}", 400, &body));
	ERR(ask(s, "POST", "/admin/queue/replay", "{\"id\":\"1234:7\"}", 200, &body));
	ERR(ask(s, "POST", "/admin/queue/replay", "{\"id\":\"1234:7\"}", 404, &body)); /* once */
	ERR(ask(s, "GET", "/admin/queue", NULL, 200, &body));
	CHECK(json_int(body, "updates", &n) && n == 2);
	CHECK_INT(json_len(json_at(body, "dead_letters")), 0);
	ERR(fixture_int(&s->f, "SELECT count(*) FROM queue WHERE update_id = 7", &n));
	CHECK_INT(n, 1);
	return NULL;
}

TEST(dead_letters_are_shown_and_replayed)
{
	return scene_run(t, NULL, NULL, play_queue);
}

static err_t *play_webhook(struct scene *s)
{
	static const char own[] = "{\"url\":\"https://bot.example/webhook/telegram\"}";
	struct json *body;

	ERR(ask(s, "POST", "/admin/webhook", NULL, 200, &body));
	CHECK_TEXT(json_text(body, "url"), "https://lembra.example/base/webhook/telegram");
	ERR(ask(s, "GET", "/admin/webhook", NULL, 200, &body));
	CHECK_TEXT(json_text(body, "url"), "https://lembra.example/base/webhook/telegram");
	ERR(standin_retry_ms(standin, 1)); /* how soon another setWebhook is allowed */
	ERR(ask(s, "POST", "/admin/webhook", own, 200, &body));
	ERR(ask(s, "GET", "/admin/webhook", NULL, 200, &body));
	CHECK_TEXT(json_text(body, "url"), "https://bot.example/webhook/telegram");
	ERR(ask(s, "DELETE", "/admin/webhook", NULL, 200, &body));
	ERR(ask(s, "GET", "/admin/webhook", NULL, 200, &body));
	CHECK_TEXT(json_text(body, "url"), "");
	ERR(ask(s, "POST", "/admin/webhook", "{\"url\":\"gopher://x.example\"}", 400, &body));
	ERR(ask(s, "POST", "/admin/webhook", "{\"url\":\"http://x.example/\"}", 400,
		&body)); /* Telegram's own no */
	CHECK(strstr(json_text(body, "error"), "telegram"));
	ERR(standin_fault(standin, "getWebhookInfo", "500", 1));
	ERR(ask(s, "GET", "/admin/webhook", NULL, 503, &body));
	CHECK_INT(strlen(json_text(body, "trace")), 8);
	ERR(standin_fault(standin, "getWebhookInfo", "429", 1));
	ERR(ask(s, "GET", "/admin/webhook", NULL, 429, &body));
	CHECK(!strstr(json_write(s->pool, body), "abc"));
	return NULL;
}

TEST(the_webhook_is_set_shown_and_deleted)
{
	static const char *const pairs[] = { "PUBLIC_URL=https://lembra.example/base", NULL };

	ERR(standin_start(t, &standin));
	return scene_run(t, pairs, standin->base, play_webhook);
}

static err_t *play_botless(struct scene *s)
{
	struct json *body;

	ERR(ask(s, "GET", "/admin/webhook", NULL, 404, &body));
	CHECK(strstr(json_text(body, "error"), "TELEGRAM_BOT_TOKEN"));
	ERR(ask(s, "DELETE", "/admin/webhook", NULL, 404, &body));
	return ask(s, "POST", "/admin/webhook", "{\"url\":\"https://x.example\"}", 404, &body);
}

TEST(without_a_bot_there_is_no_webhook_to_manage)
{
	static const char *const pairs[] = { "TELEGRAM_BOT_TOKEN=", NULL };

	return scene_run(t, pairs, NULL, play_botless);
}

static err_t *play_no_url(struct scene *s)
{
	struct json *body;

	ERR(ask(s, "POST", "/admin/webhook", NULL, 400, &body));
	CHECK(strstr(json_text(body, "error"), "PUBLIC_URL"));
	ERR(ask(s, "POST", "/admin/webhook", "{\"url\":\"https://x.example\"}", 409, &body));
	CHECK(strstr(json_text(body, "error"), "TELEGRAM_WEBHOOK_SECRET"));
	return NULL;
}

TEST(a_webhook_needs_a_url_and_a_secret)
{
	static const char *const pairs[] = { "TELEGRAM_MODE=polling", "TELEGRAM_WEBHOOK_SECRET=", NULL };

	return scene_run(t, pairs, NULL, play_no_url);
}
