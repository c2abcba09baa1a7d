#include "bot/cli/cli_run.h"

#include "core/clock.h"
#include "core/fiber.h"
#include "core/http.h"
#include "db/db.h"
#include <stdio.h>

struct job {
	err_t *(*fn)(void *ctx);
	void *ctx;
	err_t *err;
};

static void job_main(void *arg)
{
	struct job *job = arg;

	job->err = job->fn(job->ctx);
	http_shutdown();
	fiber_stop();
}

int cli_end(err_t *err)
{
	if (!err)
		return fflush(stdout) == 0 ? 0 : 1;
	fflush(stdout);
	fprintf(stderr, "lembra: %s\n", err_message(err));
	err_clear(err);
	return 1;
}

int cli_usage(const char *usage)
{
	fprintf(stderr, "usage: lembra %s\n", usage);
	return 2;
}

err_t *cli_loop(apr_pool_t *pool, const struct config *config, unsigned db_use, err_t *(*fn)(void *ctx),
		void *ctx)
{
	static bool ready;
	struct job job = { .fn = fn, .ctx = ctx };

	ERR(clock_init(*config->test_clock_file ? config->test_clock_file : NULL));
	if (!ready)
		fiber_init();
	ready = true;
	if (db_use)
		db_open(pool, config, db_use);
	if (fiber_go("command", job_main, &job))
		fiber_run();
	else
		job.err = err_new(ERR_INTERNAL, "no memory for a fiber");
	if (db_use)
		db_close();
	return job.err;
}

err_t *cli_db_url(apr_pool_t *pool, const struct config *config, enum config_db which, const char **ret_url)
{
	static const char *const names[] = {
		[CONFIG_DB_OWNER] = "DATABASE_URL",
		[CONFIG_DB_APP] = "DATABASE_APP_URL (or DATABASE_URL)",
		[CONFIG_DB_QUEUE] = "DATABASE_QUEUE_URL (or DATABASE_URL)",
	};
	const char *url = config_db_url(pool, config, which);

	if (!*url)
		return err_new(ERR_CONFIG, "%s is not set", names[which]);
	*ret_url = url;
	return NULL;
}
