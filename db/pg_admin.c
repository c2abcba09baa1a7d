#include "db/pg_admin.h"

#include "core/text.h"
#include "db/pg_wire.h"
#include <string.h>

struct pg_admin {
	PGconn *conn;
};

static void admin_close(void *p)
{
	struct pg_admin *admin = p;

	PQfinish(admin->conn);
	admin->conn = NULL;
}

/* libpq's messages end with a line break and may have several lines; the first one says it. */
static const char *first_line(apr_pool_t *pool, const char *message)
{
	return mem_textn(pool, message, strcspn(message, "\n"));
}

err_t *pg_admin_open(apr_pool_t *pool, const char *url, struct pg_admin **ret_admin)
{
	const char *keys[] = { "dbname",          "application_name", "client_encoding",
			       "connect_timeout", "options",          NULL };
	const char *values[] = { url, "lembra-admin", "UTF8", "5", "-c client_min_messages=error", NULL };
	struct pg_admin *admin = MEM_NEW(pool, struct pg_admin);

	admin->conn = PQconnectdbParams(keys, values, 1);
	mem_cleanup(pool, admin, admin_close);
	if (PQstatus(admin->conn) != CONNECTION_OK)
		return err_new(ERR_UNAVAILABLE, "database: %s",
			       first_line(pool, PQerrorMessage(admin->conn)));
	*ret_admin = admin;
	return NULL;
}

static NODISCARD err_t *result_check(struct pg_admin *admin, const PGresult *res, const char *what)
{
	ExecStatusType status = PQresultStatus(res);
	err_t *err;

	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
		return NULL;
	err = pg_error(res, what);
	return err_wrap(err, "%s", PQerrorMessage(admin->conn));
}

err_t *pg_admin_run(struct pg_admin *admin, const char *sql)
{
	PGresult *res = PQexec(admin->conn, sql);
	err_t *err = result_check(admin, res, "script");

	PQclear(res);
	return err;
}

static NODISCARD err_t *take(struct pg_admin *admin, apr_pool_t *pool, PGresult *res, const char *what,
			     struct rows **ret_rows)
{
	struct rows *rows = rows_new(pool, res);

	ERR(result_check(admin, res, what));
	if (ret_rows)
		*ret_rows = rows;
	return NULL;
}

err_t *pg_admin_exec(struct pg_admin *admin, apr_pool_t *pool, enum stmt_id id, const struct pg_val *args,
		     struct rows **ret_rows)
{
	const struct stmt *stmt = &stmts[id];
	struct pg_params params;
	Oid oids[PG_PARAMS_MAX];

	ERR(pg_encode(pool, stmt, args, &params));
	pg_oids(stmt, oids);
	return take(admin, pool,
		    PQexecParams(admin->conn, stmt->sql, params.n, oids, params.values, params.lengths,
				 params.formats, 0),
		    stmt->name, ret_rows);
}

err_t *pg_admin_query(struct pg_admin *admin, apr_pool_t *pool, const char *sql, int n,
		      const char *const *params, struct rows **ret_rows)
{
	return take(admin, pool, PQexecParams(admin->conn, sql, n, NULL, params, NULL, NULL, 0), "query",
		    ret_rows);
}

err_t *pg_admin_prepare(struct pg_admin *admin, enum stmt_id id)
{
	Oid oids[PG_PARAMS_MAX];
	PGresult *res;
	err_t *err;

	pg_oids(&stmts[id], oids);
	res = PQprepare(admin->conn, stmts[id].name, stmts[id].sql, (int)strlen(stmts[id].types), oids);
	err = result_check(admin, res, stmts[id].name);
	PQclear(res);
	return err;
}

err_t *pg_admin_columns(struct pg_admin *admin, apr_pool_t *pool, enum stmt_id id, const char **ret_columns)
{
	PGresult *res = PQdescribePrepared(admin->conn, stmts[id].name);
	err_t *err = result_check(admin, res, stmts[id].name);
	const char *columns = "";

	for (int i = 0; !err && i < PQnfields(res); i++)
		columns = mem_fmt(pool, "%s%s%s", columns, i ? " " : "", PQfname(res, i));
	PQclear(res);
	ERR(err);
	*ret_columns = columns;
	return NULL;
}

const char *pg_admin_ident(struct pg_admin *admin, apr_pool_t *pool, const char *text)
{
	char *quoted = PQescapeIdentifier(admin->conn, text, strlen(text));
	const char *copy = mem_text(pool, quoted ? quoted : "\"\"");

	PQfreemem(quoted);
	return copy;
}

err_t *pg_url_part(apr_pool_t *pool, const char *url, const char *part, const char **ret_value)
{
	PQconninfoOption *options = PQconninfoParse(url, NULL);

	if (!options)
		return err_new(ERR_CONFIG, "database url cannot be read");
	*ret_value = "";
	for (PQconninfoOption *o = options; o->keyword; o++)
		if (text_same(o->keyword, part) && o->val)
			*ret_value = mem_text(pool, o->val);
	PQconninfoFree(options);
	return NULL;
}
