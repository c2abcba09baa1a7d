/* db: this process's pools, by role of the database.
 * Needs: config, pg. Used by: db, cron, bot. */
#ifndef DB_DB_H
#define DB_DB_H

#include "core/config.h"
#include "db/pg.h"

/* Which pools a process needs. Connections open when first used. */
enum db_use { DB_QUEUE = 1, DB_APP = 2 };
void db_open(apr_pool_t *pool, const struct config *config, unsigned use);
/* Same with urls given, for tests. */
void db_open_urls(const char *app_url, const char *queue_url, int app_size);
void db_close(void);

/* Leased, <db>_app: people's rows, under row security. */
struct pg_pool *db_app(void);
/* Shared, <db>_queue, commits not awaited: losing a claim in a crash only repeats it. */
struct pg_pool *db_claim(void);

/* One statement as <db>_queue: updates, queue, chats, outbox, jobs, directory. ret_rows may be NULL. */
NODISCARD err_t *db_exec(apr_pool_t *pool, enum stmt_id id, const struct pg_val *args,
			 struct rows **ret_rows);
/* One as <db>_app, which is nobody meanwhile: row security shows it no row. For the functions that tell it where to look. */
NODISCARD err_t *db_exec_app(apr_pool_t *pool, enum stmt_id id, const struct pg_val *args,
			     struct rows **ret_rows);

#endif
