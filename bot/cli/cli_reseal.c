#include "bot/cli/cli.h"
#include "bot/cli/cli_run.h"
#include "core/clock.h"
#include "core/req.h"
#include "core/seal.h"
#include "db/db.h"
#include "integrations/google/google_account.h"
#include <stdio.h>

struct act {
	const struct config *config;
	apr_pool_t *pool;
};

static NODISCARD err_t *person(int64_t user_id)
{
	struct req *req = req_begin(NULL);
	err_t *err;

	req->user_id = user_id;
	req->now = clock_now();
	err = err_wrap(google_account_reseal(req), "person %lld", (long long)user_id);
	req_end(req);
	return err;
}

/* One person a transaction: it may be interrupted, and run again. */
static err_t *all(void *ctx)
{
	struct act *act = ctx;
	const char *key = seal_key(act->pool, act->config);
	struct rows *rows;

	if (!*key)
		return err_new(ERR_CONFIG, "DATA_ENCRYPTION_KEY is missing: nothing can be sealed");
	ERR(db_exec_app(act->pool, STMT_GOOGLE_UNROTATED, PG_ARGS(PG_TEXT(key)), &rows));
	for (int i = 0; i < rows_count(rows); i++)
		ERR(person(rows_int(rows, i, COL_GOOGLE_UNROTATED_USER_ID)));
	printf("sealed under %s: %d person%s changed; every other key may go once this says 0\n", key,
	       rows_count(rows), rows_count(rows) == 1 ? "" : "s");
	return NULL;
}

static NODISCARD err_t *run(const struct config *config, apr_pool_t *pool)
{
	struct act act = { config, pool };
	const char *url;

	ERR(cli_db_url(pool, config, CONFIG_DB_APP, &url));
	return cli_loop(pool, config, DB_APP, all, &act);
}

int cli_reseal(struct config *config, apr_pool_t *pool, int argc, char **argv)
{
	(void)argv;
	if (argc != 1)
		return cli_usage("reseal");
	req_serve(config);
	return cli_end(run(config, pool));
}
