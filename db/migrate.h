/* migrate: brings the schema up to date, as the owner, and makes the serving roles.
 * Needs: pg_admin, crypt; the table is generated from db/migrations.
 * Used by: cli (`migrate`), prepare (`run`), doctor_db. */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "core/mem.h"

struct migration {
	int number;
	const char *name, *sql;
};
extern const struct migration migrations[];
extern const size_t migrations_count;

/* Applies what is missing, each in its own transaction, under an advisory lock. {{app}} and {{queue}} in a
 * migration become the users that app_url and queue_url name; the roles are made when missing. A migration
 * that was applied and has changed since, or one we do not know: ERR_CONFLICT. *ret_applied: how many. */
NODISCARD err_t *migrate_run(apr_pool_t *pool, const char *owner_url, const char *app_url,
			     const char *queue_url, int *ret_applied);

/* One line a migration: number, name, applied when | pending | CHANGED. *ret_current: nothing pending or changed. */
NODISCARD err_t *migrate_status(apr_pool_t *pool, const char *url, const char **ret_lines, bool *ret_current);

#endif
