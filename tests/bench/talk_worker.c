/* The worker's role with a step in front of each turn: one HTTP exchange with BENCH_WAIT_URL, which answers
 * when it likes. What a model costs in time, without a model. Settings as for `lembra worker`. */
#include "bot/work/channel_telegram.h"
#include "bot/talk/talk.h"
#include "bot/work/worker.h"
#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/http.h"
#include "core/log.h"
#include "core/req.h"
#include "core/metrics.h"
#include "db/db.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

enum { SLOTS = 1024 };

static const char *wait_url;

static err_t *wait_step(struct turn *turn)
{
	struct http_request request = {
		.method = "POST", .url = wait_url, .body = turn->text, .body_n = strlen(turn->text)
	};
	struct http_reply reply;

	return http_send(turn->req->pool, &request, &reply);
}

static NODISCARD err_t *start(apr_pool_t *pool)
{
	struct config *config;
	struct telegram *tg;

	ERR(config_load(pool, NULL, &config));
	ERR(clock_init(NULL));
	ERR(telegram_new(pool, config->telegram_api_base, config->telegram_bot_token, &tg));
	log_init("worker", (enum log_level)config->log_level);
	metrics_init();
	signal(SIGPIPE, SIG_IGN);
	fiber_init();
	req_serve(config);
	db_open(pool, config, DB_QUEUE | DB_APP);
	worker_start(config_db_url(pool, config, CONFIG_DB_QUEUE), channel_telegram(pool, config, tg), SLOTS);
	return NULL;
}

int main(void)
{
	err_t *err;

	mem_init();
	crypt_init();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	wait_url = getenv("BENCH_WAIT_URL");
	if (wait_url)
		talk_before = wait_step;
	err = start(pool_root());
	if (err) {
		fprintf(stderr, "talk_worker: %s\n", err_message(err));
		return 1;
	}
	fiber_run();
	return 0;
}
