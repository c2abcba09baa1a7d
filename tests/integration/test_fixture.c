#include "db/db.h"
#include "db/people.h"
#include "tests/integration/fixture.h"

TEST(each_database_is_fresh)
{
	struct fixture a, b;
	int64_t n;

	ERR(fixture_db(t, &a));
	ERR(fixture_db(t, &b));
	ERR(fixture_sql(&a, "INSERT INTO users (role, created_at) VALUES ('owner', now())"));
	ERR(fixture_int(&a, "SELECT count(*) FROM users", &n));
	CHECK_INT(n, 1);
	ERR(fixture_int(&b, "SELECT count(*) FROM users", &n));
	CHECK_INT(n, 0);
	return NULL;
}

/* A superuser would pass by every policy, and a missing one would not show. */
TEST(the_owner_is_no_superuser)
{
	struct fixture f;
	int64_t n;

	ERR(fixture_db(t, &f));
	ERR(fixture_int(
		&f,
		"SELECT count(*) FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)",
		&n));
	CHECK_INT(n, 0);
	ERR(fixture_int(
		&f,
		"SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner <> current_user::regrole",
		&n));
	CHECK_INT(n, 0);
	return NULL;
}

static err_t *meet(void *ctx)
{
	struct test *t = ctx;
	struct person_seen seen = { .login_id = 42, .bot_id = 1, .name = "Ana", .lang = "en" };
	struct directory_entry who;
	int64_t user;

	ERR(people_open(t->pool, &seen, 1, &user));
	ERR(people_find(t->pool, 42, &who));
	CHECK_INT(who.user_id, user);
	CHECK_TEXT(who.role, "user");
	return NULL;
}

TEST(fibers_reach_the_database)
{
	struct fixture f;
	struct config *config;
	int64_t n;

	ERR(fixture_db(t, &f));
	ERR(fixture_config(&f, NULL, &config));
	CHECK_TEXT(config->database_queue_url, f.queue_url);
	db_open(t->pool, config, DB_QUEUE);
	ERR(fixture_loop(meet, t));
	ERR(fixture_int(&f, "SELECT count(*) FROM directory", &n));
	CHECK_INT(n, 1);
	db_close();
	return NULL;
}

static err_t *aside(void *ctx)
{
	*(bool *)ctx = true;
	return err_new(ERR_TIMEOUT, "as told");
}

static err_t *wait_aside(void *ctx)
{
	CHECK_ERR(fixture_aside(aside, ctx), ERR_TIMEOUT);
	return NULL;
}

TEST(blocking_work_runs_aside)
{
	bool ran = false;

	ERR(fixture_loop(wait_aside, &ran));
	CHECK(ran);
	return NULL;
}
