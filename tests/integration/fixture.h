/* fixture: a fresh, migrated database for one test, and a loop to run fibers in.
 * Needs: tests/test.h, migrate, pg_admin, config; TEST_DATABASE_URL of tests/run. Used by: tests/integration.
 * The schema is migrated once into a template by an owner who is no superuser; each test gets a copy. */
#ifndef TESTS_INTEGRATION_FIXTURE_H
#define TESTS_INTEGRATION_FIXTURE_H

#include "core/config.h"
#include "tests/test.h"

struct fixture {
	apr_pool_t *pool;
	const char *db;                              /* the database's name */
	const char *owner_url, *app_url, *queue_url; /* roles <template>_owner, _app, _queue */
	struct pg_admin *admin;                      /* a blocking connection as the owner */
};

/* Dropped at the end of the test, whoever is still connected. */
NODISCARD err_t *fixture_db(struct test *t, struct fixture *ret);

/* As the owner, whom no row security hides from: a script; the number, or the text, in the first row's first column. */
NODISCARD err_t *fixture_sql(struct fixture *f, const char *sql);
NODISCARD err_t *fixture_int(struct fixture *f, const char *sql, int64_t *ret_value);
NODISCARD err_t *fixture_text(struct fixture *f, const char *sql, const char **ret_value);

/* The settings of this database, ENV=test, HTTP_LISTEN=127.0.0.1:0, log_level error, and "NAME=value" pairs
 * (NULL-terminated, or NULL). They go through this process's environment. */
NODISCARD err_t *fixture_config(struct fixture *f, const char *const *pairs, struct config **ret_config);

/* Runs fn(ctx) in a fiber and the loop until it returns; gives its error. Sets the loop up when first called. */
NODISCARD err_t *fixture_loop(err_t *(*fn)(void *ctx), void *ctx);

/* Runs fn(ctx), which blocks, in a thread of its own, while the calling fiber waits and the loop turns.
 * fn must not touch the loop, a pool of another thread, or this process's log. */
NODISCARD err_t *fixture_aside(err_t *(*fn)(void *ctx), void *ctx);

/* A port of 127.0.0.1 that no other test and no outgoing connection takes before the test ends; a server that sets
 * SO_REUSEADDR may listen on it. */
NODISCARD err_t *fixture_port(struct test *t, int *ret_port);

#endif
