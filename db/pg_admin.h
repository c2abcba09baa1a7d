/* pg_admin: a blocking connection for command lines: migrations, doctor, people's administration.
 * Needs: libpq. Used by: migrate, bot/cli, prepare (never a serving loop). */
#ifndef DB_PG_ADMIN_H
#define DB_PG_ADMIN_H

#include "db/pg.h"

struct pg_admin;

/* Connects, at most 5 s; closed with the pool. */
NODISCARD err_t *pg_admin_open(apr_pool_t *pool, const char *url, struct pg_admin **ret_admin);
/* One or more statements without parameters. What the server says goes into the error. */
NODISCARD err_t *pg_admin_run(struct pg_admin *admin, const char *sql);
/* One statement of the .sql files. */
NODISCARD err_t *pg_admin_exec(struct pg_admin *admin, apr_pool_t *pool, enum stmt_id id,
			       const struct pg_val *args, struct rows **ret_rows);
/* One statement given as text, with text parameters. */
NODISCARD err_t *pg_admin_query(struct pg_admin *admin, apr_pool_t *pool, const char *sql, int n,
				const char *const *params, struct rows **ret_rows);
/* Parses a named statement at the server without running it. */
NODISCARD err_t *pg_admin_prepare(struct pg_admin *admin, enum stmt_id id);
/* The names of the columns that a prepared statement gives, in pool, separated by spaces as in struct stmt. */
NODISCARD err_t *pg_admin_columns(struct pg_admin *admin, apr_pool_t *pool, enum stmt_id id,
				  const char **ret_columns);
/* text as a quoted SQL identifier, in pool. */
const char *pg_admin_ident(struct pg_admin *admin, apr_pool_t *pool, const char *text);
/* The user, or the database, that url names; "" when it names none. */
NODISCARD err_t *pg_url_part(apr_pool_t *pool, const char *url, const char *part, const char **ret_value);

#endif
