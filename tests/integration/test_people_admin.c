#include "core/clock.h"
#include "core/crypt.h"
#include "core/text.h"
#include "db/db.h"
#include "db/people.h"
#include "db/people_admin.h"
#include "db/pg_admin.h"
#include "tests/integration/fixture.h"

#include <string.h>

#define NOW (INT64_C(1795000000) * SECOND_US)

struct scene {
	apr_pool_t *pool;
	struct fixture f;
};

static err_t *run(struct test *t, err_t *(*play)(void *))
{
	struct scene s = { .pool = t->pool };
	struct config *config;

	ERR(fixture_db(t, &s.f));
	ERR(fixture_config(&s.f, NULL, &config));
	db_open(t->pool, config, DB_QUEUE);
	ERR(fixture_loop(play, &s));
	db_close();
	return NULL;
}

/* login_id comes with a code of this role. */
static err_t *join(struct scene *s, enum role role, int64_t login_id, int64_t *ret_user)
{
	struct person_seen seen = { .login_id = login_id, .bot_id = 7, .name = "Ana", .lang = "en" };
	const char *code;

	ERR(people_invite(s->pool, role, NOW, INVITE_LIFE_US, &code));
	ERR(people_pair(s->pool, crypt_code_canon(s->pool, code), &seen, NOW + 1, ret_user));
	CHECK(*ret_user > 0);
	return NULL;
}

static err_t *play_codes(void *ctx)
{
	struct scene *s = ctx;
	struct person_seen seen = { .login_id = 42, .bot_id = 7, .name = "Ana", .lang = "en" };
	const char *code, *stored;
	int64_t user;

	ERR(people_invite(s->pool, ROLE_USER, NOW, HOUR_US, &code));
	ERR(fixture_text(&s->f, "SELECT hash || kind || role FROM pairing_codes", &stored));
	CHECK(!strstr(stored, code) && !strstr(stored, crypt_code_canon(s->pool, code)));
	ERR(people_pair(s->pool, crypt_code_canon(s->pool, code), &seen, NOW + HOUR_US, &user));
	CHECK_INT(user, 0); /* too old by now */
	ERR(people_pair(s->pool, crypt_code_canon(s->pool, code), &seen, NOW + HOUR_US - 1, &user));
	CHECK(user > 0);
	seen.login_id = 43;
	ERR(people_pair(s->pool, crypt_code_canon(s->pool, code), &seen, NOW + 1, &user));
	CHECK_INT(user, 0); /* spent */
	CHECK_ERR(people_invite(s->pool, ROLE_NONE, NOW, HOUR_US, &code), ERR_INVALID);
	return NULL;
}

TEST(a_code_is_good_once_and_until_it_expires)
{
	return run(t, play_codes);
}

static err_t *play_owner(void *ctx)
{
	struct scene *s = ctx;
	int64_t user, owner;
	bool missing;

	ERR(people_owner_missing(s->pool, &missing));
	CHECK(missing);
	ERR(join(s, ROLE_USER, 41, &user));
	ERR(people_owner_missing(s->pool, &missing));
	CHECK(missing);
	ERR(fixture_sql(
		&s->f,
		"WITH u AS (INSERT INTO users (role, created_at) VALUES ('owner', now()) RETURNING user_id), "
		"p AS (INSERT INTO profiles (user_id, updated_at) SELECT user_id, now() FROM u) "
		"INSERT INTO directory SELECT 0, user_id, 'owner', 'en', 'UTC' FROM u"));
	ERR(people_owner_missing(s->pool, &missing));
	CHECK(missing); /* of the terminal only */
	ERR(join(s, ROLE_OWNER, 42, &owner));
	ERR(people_owner_missing(s->pool, &missing));
	CHECK(!missing);
	return NULL;
}

TEST(the_owner_is_missing_until_one_comes_by_telegram)
{
	return run(t, play_owner);
}

static err_t *play_list(void *ctx)
{
	struct scene *s = ctx;
	struct person *people;
	int64_t ana, bia;
	size_t n;

	ERR(people_list(s->pool, &n, &people));
	CHECK_INT(n, 0);
	ERR(join(s, ROLE_OWNER, 42, &ana));
	ERR(join(s, ROLE_GUEST, 43, &bia));
	ERR(fixture_sql(
		&s->f,
		"INSERT INTO directory SELECT 1042, user_id, role, lang, zone FROM directory WHERE login_id = 42"));
	ERR(people_blocked(s->pool, 7, 43));
	ERR(people_list(s->pool, &n, &people));
	CHECK_INT(n, 2);
	CHECK_INT(people[0].user_id, ana);
	CHECK_INT(people[0].role, ROLE_OWNER);
	CHECK_TEXT(people[0].lang, "en");
	CHECK_TEXT(people[0].zone, "America/Sao_Paulo");
	CHECK_TEXT(people[0].logins, "42,1042");
	CHECK_INT(people[0].created_at, NOW + 1);
	CHECK(!people[0].blocked);
	CHECK_INT(people[1].role, ROLE_GUEST);
	CHECK(people[1].blocked);
	return NULL;
}

TEST(the_list_has_everyone)
{
	return run(t, play_list);
}

static err_t *play_remove(void *ctx)
{
	struct scene *s = ctx;
	int64_t ana, bia, rows, n;
	const char *receipt;

	ERR(join(s, ROLE_OWNER, 42, &ana));
	ERR(join(s, ROLE_USER, 43, &bia));
	CHECK_ERR(people_remove(s->pool, ana, NOW, &receipt, &rows), ERR_CONFLICT);
	CHECK_ERR(people_remove(s->pool, 999, NOW, &receipt, &rows), ERR_NOT_FOUND);
	ERR(people_remove(s->pool, bia, NOW, &receipt, &rows));
	CHECK(rows >= 3); /* profile, chat, directory */
	ERR(fixture_int(&s->f,
			mem_fmt(s->pool, "SELECT rows_erased FROM erasure_receipts WHERE receipt = '%s'",
				receipt),
			&n));
	CHECK_INT(n, rows);
	ERR(fixture_int(&s->f,
			mem_fmt(s->pool, "SELECT count(*) FROM users WHERE user_id = %lld", (long long)bia),
			&n));
	CHECK_INT(n, 0);
	CHECK_ERR(people_remove(s->pool, bia, NOW, &receipt, &rows), ERR_NOT_FOUND);
	return NULL;
}

TEST(removal_erases_but_never_the_last_owner)
{
	return run(t, play_remove);
}

static err_t *play_role(void *ctx)
{
	struct scene *s = ctx;
	struct directory_entry who;
	int64_t ana, bia, n;
	const char *receipt;

	ERR(join(s, ROLE_OWNER, 42, &ana));
	ERR(join(s, ROLE_USER, 43, &bia));
	CHECK_ERR(people_set_role(s->pool, ana, ROLE_ADMIN, NOW), ERR_CONFLICT);
	CHECK_ERR(people_set_role(s->pool, 999, ROLE_ADMIN, NOW), ERR_NOT_FOUND);
	CHECK_ERR(people_set_role(s->pool, 999, ROLE_OWNER, NOW), ERR_NOT_FOUND);
	ERR(people_set_role(s->pool, bia, ROLE_OWNER, NOW));
	ERR(people_find(s->pool, 43, &who));
	CHECK_TEXT(who.role, "owner");
	ERR(fixture_int(&s->f,
			"SELECT count(*) FROM audit_log WHERE act = 'person.role' AND object = 'owner'", &n));
	CHECK_INT(n, 1);
	ERR(people_remove(s->pool, ana, NOW, &receipt, &n)); /* there is another owner now */
	CHECK_ERR(people_remove(s->pool, bia, NOW, &receipt, &n), ERR_CONFLICT);
	return NULL;
}

TEST(roles_change_but_an_owner_stays)
{
	return run(t, play_role);
}

/* The queue's role sees people only through the functions. */
TEST(the_tables_themselves_stay_closed)
{
	static const char *const denied[] = {
		"SELECT * FROM users",
		"SELECT * FROM pairing_codes",
		"INSERT INTO pairing_codes VALUES ('x', 'owner', 'owner', now(), now())",
		"SELECT person_erase(1, 'x', now())",
		"SELECT person_may_leave(1)",
		"UPDATE directory SET role = 'owner'",
	};
	struct fixture f;
	struct pg_admin *queue;

	ERR(fixture_db(t, &f));
	ERR(pg_admin_open(t->pool, f.queue_url, &queue));
	for (size_t i = 0; i < sizeof(denied) / sizeof(*denied); i++) {
		err_t *err = pg_admin_run(queue, denied[i]);

		CHECK(err && strstr(err_message(err), "permission denied"));
		err_clear(err);
	}
	CHECK_ERR(pg_admin_run(queue,
			       "SELECT code_put('x', 'invite', 'owner', now(), now() + interval '1 h')"),
		  ERR_DB);
	return NULL;
}
