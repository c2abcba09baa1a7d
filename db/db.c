#include "db/db.h"

enum { QUEUE_CONNECTIONS = 2, QUEUE_DEPTH = 16 };

/* A plan is made once a connection, often while the tables are still empty, and a scan that was right then is ruin
 * later. Every statement of ours goes by an index, where a key looked up costs less than passing rows; those of the
 * queue join a handful of keys to one. */
#define PLAN_BY_INDEX \
	"-c jit=off -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c random_page_cost=0.1"
#define PLAN_FEW_KEYS PLAN_BY_INDEX " -c enable_hashjoin=off -c enable_mergejoin=off"

static struct pg_pool *app, *queue, *claim;

void db_open_urls(const char *app_url, const char *queue_url, int app_size)
{
	if (app_url)
		app = pg_pool_new(app_url, PLAN_BY_INDEX, app_size, 0);
	if (queue_url) {
		queue = pg_pool_new(queue_url, PLAN_FEW_KEYS, QUEUE_CONNECTIONS, QUEUE_DEPTH);
		claim = pg_pool_new(queue_url, PLAN_FEW_KEYS " -c synchronous_commit=off", 1, QUEUE_DEPTH);
	}
}

void db_open(apr_pool_t *pool, const struct config *config, unsigned use)
{
	db_open_urls(use & DB_APP ? config_db_url(pool, config, CONFIG_DB_APP) : NULL,
		     use & DB_QUEUE ? config_db_url(pool, config, CONFIG_DB_QUEUE) : NULL,
		     (int)config->db_pool);
}

void db_close(void)
{
	pg_pool_close(app);
	pg_pool_close(queue);
	pg_pool_close(claim);
	app = queue = claim = NULL;
}

struct pg_pool *db_app(void)
{
	return app;
}

struct pg_pool *db_claim(void)
{
	return claim;
}

err_t *db_exec(apr_pool_t *pool, enum stmt_id id, const struct pg_val *args, struct rows **ret_rows)
{
	return pg_exec(queue, pool, id, args, ret_rows);
}

err_t *db_exec_app(apr_pool_t *pool, enum stmt_id id, const struct pg_val *args, struct rows **ret_rows)
{
	struct pg_conn *conn;
	err_t *err;

	ERR(pg_lease(app, &conn));
	err = pg_conn_exec(conn, pool, id, args, ret_rows);
	pg_release(conn, !err);
	return err;
}
