#include "bot/process/role.h"

#include "bot/work/channel_telegram.h"
#include "bot/talk/commands.h"
#include "bot/web/polling.h"
#include "bot/web/web.h"
#include "bot/work/person_web.h"
#include "bot/work/worker.h"
#include "core/cache.h"
#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/http.h"
#include "core/log.h"
#include "core/req.h"
#include "cron/scheduler.h"
#include "db/db.h"
#include "db/pg_listen.h"
#include "integrations/llm/llm.h"
#include <signal.h>
#include <stdio.h>

enum { DRAIN_MS = 20000, DRAIN_TICK_MS = 20, WORKER_SLOTS = 1024, MENU_TRIES = 5, MENU_WAIT_MS = 2000 };

static const char *const titles[] = {
	[CONFIG_WEB] = "web",
	[CONFIG_WORKER] = "worker",
	[CONFIG_SCHEDULER] = "scheduler",
	[CONFIG_SUPERVISOR] = "supervisor",
	[CONFIG_TOOL] = "tool",
};

struct serving {
	struct config *config;
	apr_pool_t *pool;
	enum config_role role;
	struct telegram *tg;
	int64_t deadline;
	bool draining;
};

static bool drained(const struct serving *role)
{
	switch (role->role) {
	case CONFIG_WEB: return polling_stop() && !web_busy();
	case CONFIG_WORKER: return person_web_stop() && worker_drained();
	default: return scheduler_idle();
	}
}

static void drain_main(void *arg)
{
	struct serving *role = arg;

	while (!drained(role) && clock_mono_ms() < role->deadline)
		err_clear(fiber_sleep(DRAIN_TICK_MS));
	log_event(LOG_INFO, "stopped", KV_S("drained", drained(role) ? "yes" : "no"));
	if (role->role == CONFIG_WEB && drained(role))
		web_close();
	if (role->role == CONFIG_WORKER && drained(role))
		worker_close();
	fiber_stop();
}

static void drain_begin(struct serving *role)
{
	if (role->draining)
		return;
	role->draining = true;
	role->deadline = clock_mono_ms() + DRAIN_MS;
	if (role->role == CONFIG_WEB) {
		polling_stop();
		web_stop();
	}
	if (role->role == CONFIG_WORKER)
		worker_stop();
	if (role->role == CONFIG_SCHEDULER)
		scheduler_stop();
	fiber_go("drain", drain_main, role);
}

static void on_signal(uv_signal_t *handle, int number)
{
	(void)number;
	drain_begin(handle->data);
}

static void signals_watch(struct serving *role)
{
	static const int numbers[] = { SIGTERM, SIGINT };
	static uv_signal_t handles[2];

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < 2; i++) {
		uv_signal_init(uv_default_loop(), &handles[i]);
		handles[i].data = role;
		uv_signal_start(&handles[i], on_signal, numbers[i]);
	}
}

/* The command menu in both languages; the one without a language is for all the others. */
static NODISCARD err_t *menu_set(struct serving *role, apr_pool_t *pool, bool *ret_ok)
{
	struct tg_result r;

	ERR(tg_set_commands(role->tg, pool, NULL, command_menu(pool, LANG_EN), &r));
	*ret_ok = tg_ok(&r);
	ERR(tg_set_commands(role->tg, pool, "pt", command_menu(pool, LANG_PT), &r));
	*ret_ok = *ret_ok && tg_ok(&r);
	return NULL;
}

static void menu_main(void *arg)
{
	struct serving *role = arg;
	apr_pool_t *pool = pool_root();
	bool ok = false;

	for (int i = 0; i < MENU_TRIES && !ok && !role->draining; i++) {
		if (i)
			err_clear(fiber_sleep(MENU_WAIT_MS << i));
		log_error("menu_failed", menu_set(role, pool, &ok));
		pool_clear(pool);
	}
	pool_free(pool);
}

static NODISCARD err_t *web_role(struct serving *role)
{
	db_open(role->pool, role->config, DB_QUEUE);
	ERR(web_start(role->config, role->tg ? role->tg->bot_id : 0, role->tg));
	if (role->tg && !config_webhook_mode(role->config))
		polling_start(role->config, role->tg->bot_id, role->tg);
	return NULL;
}

static NODISCARD err_t *worker_role(struct serving *role)
{
	if (!role->tg)
		return err_new(ERR_CONFIG, "TELEGRAM_BOT_TOKEN is missing: a worker has nobody to talk to");
	ERR(llm_init(role->config));
	db_open(role->pool, role->config, DB_QUEUE | DB_APP);
	worker_start(config_db_url(role->pool, role->config, CONFIG_DB_QUEUE),
		     channel_telegram(role->pool, role->config, role->tg), WORKER_SLOTS);
	person_web_start(role->config);
	fiber_go("menu", menu_main, role);
	return NULL;
}

static NODISCARD err_t *scheduler_role(struct serving *role)
{
	ERR(llm_init(role->config));
	db_open(role->pool, role->config, DB_QUEUE | DB_APP);
	scheduler_start(&(struct scheduler_opts){
		.config = role->config,
		.queue_url = config_db_url(role->pool, role->config, CONFIG_DB_QUEUE) });
	return NULL;
}

static NODISCARD err_t *role_start(struct serving *role)
{
	const struct config *config = role->config;

	if (*config->telegram_bot_token)
		ERR(telegram_new(role->pool, config->telegram_api_base, config->telegram_bot_token,
				 &role->tg));
	fiber_init();
	signals_watch(role);
	pg_verbose_errors(config->env == ENV_TEST || config->env == ENV_DEVELOPMENT);
	ERR(cache_init(config->redis_url));
	if (role->role == CONFIG_WEB)
		return web_role(role);
	return role->role == CONFIG_WORKER ? worker_role(role) : scheduler_role(role);
}

int role_run(struct config *config, apr_pool_t *pool, enum config_role which)
{
	struct serving role = { .config = config, .pool = pool, .role = which };
	err_t *err;

	config_keep_secrets(config, which);
	req_serve(config);
	log_init(titles[which], (enum log_level)config->log_level);
	err = clock_init(*config->test_clock_file ? config->test_clock_file : NULL);
	if (!err)
		err = role_start(&role);
	if (err) {
		fprintf(stderr, "lembra %s: %s\n", titles[which], err_message(err));
		err_clear(err);
		return 1;
	}
	fiber_run();
	pg_listen_stop();
	cache_shutdown();
	db_close();
	http_shutdown();
	return 0;
}

const char *role_title(enum config_role role)
{
	return titles[role];
}
