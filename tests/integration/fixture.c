#include "tests/integration/fixture.h"

#include "core/crypt.h"
#include "core/fiber.h"
#include "core/log.h"
#include "db/migrate.h"
#include "db/pg_admin.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* "fixt", and this file's only lock: shards make the template one at a time. */
#define TEMPLATE_LOCK "SELECT pg_advisory_lock(1718188148, 1)"
#define TEMPLATE_UNLOCK "SELECT pg_advisory_unlock(1718188148, 1)"

struct server {
	apr_pool_t *pool;
	const char *url, *host, *port;
	const char *template;
	struct pg_admin *admin; /* as the superuser, in TEST_DATABASE_URL's database */
};

static NODISCARD err_t *server_open(apr_pool_t *pool, struct server *ret)
{
	const char *url = getenv("TEST_DATABASE_URL");

	if (!url)
		return err_new(ERR_CONFIG, "TEST_DATABASE_URL is not set: run this by tests/run");
	*ret = (struct server){ .pool = pool, .url = url };
	ERR(pg_url_part(pool, url, "host", &ret->host));
	ERR(pg_url_part(pool, url, "port", &ret->port));
	return pg_admin_open(pool, url, &ret->admin);
}

/* Another schema, another template: a server that outlives a run serves each of them. */
static const char *template_name(apr_pool_t *pool)
{
	struct buf all = buf_new(pool, 16 * 1024 * 1024);

	for (size_t i = 0; i < migrations_count; i++)
		buf_fmt(&all, "%s:%s\n", migrations[i].name, migrations[i].sql);
	return mem_fmt(pool, "lembra_%.12s", crypt_hash_hex(pool, all.p, all.n));
}

static const char *url_of(const struct server *s, const char *role, const char *db)
{
	return mem_fmt(s->pool, "postgresql:///%s?host=%s&port=%s&user=%s_%s", db, s->host,
		       *s->port ? s->port : "5432", s->template, role);
}

static NODISCARD err_t *exists(struct server *s, const char *sql, const char *name, bool *ret)
{
	const char *params[] = { name };
	struct rows *rows;

	ERR(pg_admin_query(s->admin, s->pool, sql, 1, params, &rows));
	*ret = rows_count(rows) > 0;
	return NULL;
}

/* Under another name until it is whole, so that an interrupted run leaves no half of a schema. */
static NODISCARD err_t *template_make(struct server *s)
{
	const char *half = mem_fmt(s->pool, "%s_new", s->template);
	bool have_owner;
	int n;

	ERR(exists(s, "SELECT FROM pg_roles WHERE rolname = $1", mem_fmt(s->pool, "%s_owner", s->template),
		   &have_owner));
	if (!have_owner)
		ERR(pg_admin_run(s->admin,
				 mem_fmt(s->pool, "CREATE ROLE %s_owner LOGIN CREATEROLE", s->template)));
	ERR(pg_admin_run(s->admin, mem_fmt(s->pool, "DROP DATABASE IF EXISTS %s WITH (FORCE)", half)));
	ERR(pg_admin_run(s->admin, mem_fmt(s->pool, "CREATE DATABASE %s TEMPLATE template0 OWNER %s_owner",
					   half, s->template)));

	apr_pool_t *scratch = pool_child(s->pool); /* a template must have no connection */
	err_t *err = migrate_run(scratch, url_of(s, "owner", half), url_of(s, "app", half),
				 url_of(s, "queue", half), &n);
	pool_free(scratch);
	ERR(err);
	return pg_admin_run(s->admin, mem_fmt(s->pool, "ALTER DATABASE %s RENAME TO %s", half, s->template));
}

static NODISCARD err_t *template_ensure(struct server *s)
{
	bool there;
	err_t *err = NULL;

	s->template = template_name(s->pool);
	ERR(pg_admin_run(s->admin, TEMPLATE_LOCK));
	err = exists(s, "SELECT FROM pg_database WHERE datname = $1", s->template, &there);
	if (!err && !there)
		err = template_make(s);
	if (err)
		return err; /* the lock goes with the connection */
	return pg_admin_run(s->admin, TEMPLATE_UNLOCK);
}

/* By a connection of its own: the fixture's may be in any state. */
static void drop(void *p)
{
	const struct fixture *f = p;
	apr_pool_t *pool = pool_root();
	struct server s;
	err_t *err = server_open(pool, &s);

	if (!err)
		err = pg_admin_run(s.admin, mem_fmt(pool, "DROP DATABASE IF EXISTS %s WITH (FORCE)", f->db));
	log_error("fixture_drop", err);
	pool_free(pool);
}

/* What migrate_run does to a database itself is not copied from a template. */
static NODISCARD err_t *copy_make(struct server *s, const char *db)
{
	const char *t = s->template;

	ERR(pg_admin_run(s->admin,
			 mem_fmt(s->pool, "CREATE DATABASE %s TEMPLATE %s OWNER %s_owner", db, t, t)));
	return pg_admin_run(
		s->admin,
		mem_fmt(s->pool,
			"REVOKE ALL ON DATABASE %s FROM PUBLIC; GRANT CONNECT ON DATABASE %s TO %s_app, %s_queue",
			db, db, t, t));
}

err_t *fixture_db(struct test *t, struct fixture *ret)
{
	apr_pool_t *scratch = pool_child(t->pool);
	struct fixture *kept = MEM_NEW(t->pool, struct fixture);
	struct server s;

	crypt_init();
	ERR(server_open(scratch, &s));
	ERR(template_ensure(&s));
	*kept = (struct fixture){ .pool = t->pool,
				  .db = mem_fmt(t->pool, "test_%s", crypt_random_hex(scratch, 8)) };
	kept->owner_url = mem_text(t->pool, url_of(&s, "owner", kept->db));
	kept->app_url = mem_text(t->pool, url_of(&s, "app", kept->db));
	kept->queue_url = mem_text(t->pool, url_of(&s, "queue", kept->db));
	ERR(copy_make(&s, kept->db));
	mem_cleanup(t->pool, kept, drop);
	pool_free(scratch);
	ERR(pg_admin_open(t->pool, kept->owner_url, &kept->admin));
	*ret = *kept;
	return NULL;
}

err_t *fixture_sql(struct fixture *f, const char *sql)
{
	return pg_admin_run(f->admin, sql);
}

err_t *fixture_text(struct fixture *f, const char *sql, const char **ret_value)
{
	struct rows *rows;

	ERR(pg_admin_query(f->admin, f->pool, sql, 0, NULL, &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "no row: %s", sql);
	*ret_value = rows_text_or_null(rows, 0, 0);
	return NULL;
}

err_t *fixture_int(struct fixture *f, const char *sql, int64_t *ret_value)
{
	struct rows *rows;

	ERR(pg_admin_query(f->admin, f->pool, sql, 0, NULL, &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "no row: %s", sql);
	*ret_value = rows_int(rows, 0, 0);
	return NULL;
}

err_t *fixture_config(struct fixture *f, const char *const *pairs, struct config **ret_config)
{
	setenv("DATABASE_URL", f->owner_url, 1);
	setenv("DATABASE_APP_URL", f->app_url, 1);
	setenv("DATABASE_QUEUE_URL", f->queue_url, 1);
	setenv("ENV", "test", 1);
	setenv("LOG_LEVEL", "error", 1);
	setenv("HTTP_LISTEN", "127.0.0.1:0", 1);
	for (; pairs && *pairs; pairs++) {
		size_t n = strcspn(*pairs, "=");

		if (!(*pairs)[n])
			return err_new(ERR_INVALID, "not NAME=value: %s", *pairs);
		setenv(mem_textn(f->pool, *pairs, n), *pairs + n + 1, 1);
	}
	return config_load(f->pool, NULL, ret_config);
}

struct run {
	err_t *(*fn)(void *ctx);
	void *ctx;
	err_t *err;
};

static void run_and_stop(void *arg)
{
	struct run *r = arg;

	r->err = r->fn(r->ctx);
	fiber_stop();
}

err_t *fixture_loop(err_t *(*fn)(void *ctx), void *ctx)
{
	static bool ready;
	struct run r = { .fn = fn, .ctx = ctx };

	if (!ready)
		fiber_init();
	ready = true;
	if (!fiber_go("test", run_and_stop, &r))
		return err_new(ERR_INTERNAL, "no fiber");
	fiber_run();
	return r.err;
}

static void run_aside(void *arg)
{
	struct run *r = arg;

	r->err = r->fn(r->ctx);
}

err_t *fixture_aside(err_t *(*fn)(void *ctx), void *ctx)
{
	struct run r = { .fn = fn, .ctx = ctx };

	fiber_work(run_aside, &r);
	return r.err;
}

static void port_free(void *fd)
{
	close((int)(intptr_t)fd);
}

/* Bound and not listening: the kernel gives it to nobody who does not ask for it by its number. */
err_t *fixture_port(struct test *t, int *ret_port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&at, sizeof at) || getsockname(fd, (struct sockaddr *)&at, &n)) {
		close(fd);
		return err_new(ERR_INTERNAL, "no free port");
	}
	mem_cleanup(t->pool, (void *)(intptr_t)fd, port_free);
	*ret_port = ntohs(at.sin_port);
	return NULL;
}
