#include "db/migrate.h"

#include "core/crypt.h"
#include "core/text.h"
#include "db/pg_admin.h"
#include <string.h>

/* "lembra" in two halves: no other program's advisory lock. */
#define MIGRATE_LOCK "SELECT pg_advisory_lock(1819634018, 1)"

static const char journal[] =
	"CREATE TABLE IF NOT EXISTS schema_migrations (number int PRIMARY KEY, name text NOT NULL, "
	"checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())";
static const char journal_rows[] =
	"SELECT number, name, checksum, applied_at::timestamp(0) FROM schema_migrations ORDER BY number";

/* Columns of journal_rows, and of the statements here that have but one. */
enum { JOURNAL_NUMBER, JOURNAL_NAME, JOURNAL_CHECKSUM, JOURNAL_APPLIED, ONLY_COLUMN = 0 };

struct run {
	apr_pool_t *pool;
	struct pg_admin *admin;
	const char *app, *queue; /* quoted role names */
};

static const char *checksum(apr_pool_t *pool, const struct migration *m)
{
	return crypt_hash_hex(pool, m->sql, strlen(m->sql));
}

static const struct migration *find(int64_t number)
{
	for (size_t i = 0; i < migrations_count; i++)
		if (migrations[i].number == number)
			return &migrations[i];
	return NULL;
}

static const char *with_roles(const struct run *run, const char *sql)
{
	struct buf out = buf_new(run->pool, 4 * 1024 * 1024);
	const char *mark;

	for (; (mark = strstr(sql, "{{")); sql = strstr(mark, "}}") + 2) {
		buf_put(&out, sql, (size_t)(mark - sql));
		buf_text(&out, text_starts(mark, "{{app}}") ? run->app : run->queue);
	}
	buf_text(&out, sql);
	return out.p;
}

/* Roles belong to the whole cluster: two databases may make theirs at the same time, never the same one. */
static NODISCARD err_t *role_ensure(const struct run *run, const char *name)
{
	const char *params[] = { name };
	struct rows *rows;

	ERR(pg_admin_query(run->admin, run->pool,
			   "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = $1", 1, params,
			   &rows));
	if (rows_count(rows) && rows_bool(rows, 0, ONLY_COLUMN))
		return err_new(ERR_CONFIG,
			       "\"%s\" is a superuser or bypasses row security: serving roles must not",
			       name);
	if (rows_count(rows))
		return NULL;
	return pg_admin_run(run->admin, mem_fmt(run->pool, "CREATE ROLE %s LOGIN",
						pg_admin_ident(run->admin, run->pool, name)));
}

static NODISCARD err_t *roles_ensure(struct run *run, const char *app_url, const char *queue_url)
{
	const char *app, *queue, *db, *roles;
	struct rows *rows;

	ERR(pg_url_part(run->pool, app_url, "user", &app));
	ERR(pg_url_part(run->pool, queue_url, "user", &queue));
	if (!*app || !*queue || text_same(app, queue))
		return err_new(ERR_CONFIG,
			       "the application and queue database urls must name two different users");
	ERR(role_ensure(run, app));
	ERR(role_ensure(run, queue));
	run->app = pg_admin_ident(run->admin, run->pool, app);
	run->queue = pg_admin_ident(run->admin, run->pool, queue);
	ERR(pg_admin_query(run->admin, run->pool, "SELECT current_database()", 0, NULL, &rows));
	db = pg_admin_ident(run->admin, run->pool, rows_text(rows, 0, ONLY_COLUMN));
	roles = mem_fmt(run->pool, "%s, %s", run->app, run->queue);
	return pg_admin_run(
		run->admin,
		mem_fmt(run->pool,
			"REVOKE ALL ON DATABASE %s FROM PUBLIC; GRANT CONNECT ON DATABASE %s TO %s", db, db,
			roles));
}

static NODISCARD err_t *apply(const struct run *run, const struct migration *m)
{
	const char *record = mem_fmt(run->pool, "INSERT INTO schema_migrations VALUES (%d, '%s', '%s')",
				     m->number, m->name, checksum(run->pool, m));
	const char *script = mem_fmt(run->pool, "BEGIN;\n%s\n;%s; COMMIT", with_roles(run, m->sql), record);
	err_t *err = pg_admin_run(run->admin, script);

	if (err)
		err_clear(pg_admin_run(run->admin, "ROLLBACK"));
	return err_wrap(err, "migration %04d_%s", m->number, m->name);
}

static NODISCARD err_t *journal_check(const struct run *run, bool *applied)
{
	struct rows *rows;

	ERR(pg_admin_query(run->admin, run->pool, journal_rows, 0, NULL, &rows));
	for (int i = 0; i < rows_count(rows); i++) {
		const struct migration *m = find(rows_int(rows, i, JOURNAL_NUMBER));

		if (!m)
			return err_new(
				ERR_CONFLICT,
				"the database has migration %s_%s, which this program does not know: it is older than the database",
				rows_text(rows, i, JOURNAL_NUMBER), rows_text(rows, i, JOURNAL_NAME));
		if (!text_same(rows_text(rows, i, JOURNAL_CHECKSUM), checksum(run->pool, m)))
			return err_new(ERR_CONFLICT, "migration %04d_%s has changed since it was applied",
				       m->number, m->name);
		applied[m - migrations] = true;
	}
	return NULL;
}

err_t *migrate_run(apr_pool_t *pool, const char *owner_url, const char *app_url, const char *queue_url,
		   int *ret_applied)
{
	struct run run = { .pool = pool };
	bool *applied = mem_alloc(pool, migrations_count);
	int n = 0;

	ERR(pg_admin_open(pool, owner_url, &run.admin));
	ERR(pg_admin_run(run.admin, MIGRATE_LOCK));
	ERR(roles_ensure(&run, app_url, queue_url));
	ERR(pg_admin_run(run.admin, journal));
	ERR(journal_check(&run, applied));
	for (size_t i = 0; i < migrations_count; i++) {
		if (applied[i])
			continue;
		ERR(apply(&run, &migrations[i]));
		n++;
	}
	*ret_applied = n;
	return pg_admin_run(run.admin, "SELECT pg_advisory_unlock_all()");
}

err_t *migrate_status(apr_pool_t *pool, const char *url, const char **ret_lines, bool *ret_current)
{
	struct buf out = buf_new(pool, 64 * 1024);
	struct pg_admin *admin;
	struct rows *rows;
	bool current = true;

	ERR(pg_admin_open(pool, url, &admin));
	ERR(pg_admin_query(admin, pool, "SELECT to_regclass('schema_migrations') IS NOT NULL", 0, NULL,
			   &rows));
	if (rows_bool(rows, 0, ONLY_COLUMN))
		ERR(pg_admin_query(admin, pool, journal_rows, 0, NULL, &rows));
	else
		ERR(pg_admin_query(admin, pool, "SELECT 0, '', '', '' WHERE false", 0, NULL, &rows));
	for (size_t i = 0; i < migrations_count; i++) {
		const struct migration *m = &migrations[i];
		const char *state = "pending";

		for (int k = 0; k < rows_count(rows); k++)
			if (rows_int(rows, k, JOURNAL_NUMBER) == m->number)
				state = text_same(rows_text(rows, k, JOURNAL_CHECKSUM), checksum(pool, m))
						? rows_text(rows, k, JOURNAL_APPLIED)
						: "CHANGED";
		current = current && text_same(state, "pending") == false &&
			  text_same(state, "CHANGED") == false;
		buf_fmt(&out, "%04d_%s %s\n", m->number, m->name, state);
	}
	ERR(buf_check(&out));
	*ret_lines = out.p ? out.p : "";
	*ret_current = current;
	return NULL;
}
