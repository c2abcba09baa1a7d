#include "bot/cli/cli.h"

#include "bot/cli/cli_run.h"
#include "core/text.h"
#include "integrations/telegram/telegram.h"
#include <stdio.h>

enum { WEBHOOK_CONNECTIONS = 40 /* Telegram's own default */ };

struct act {
	const struct config *config;
	apr_pool_t *pool;
	const char *url; /* of set */
};

static NODISCARD err_t *bot(const struct act *act, struct telegram **ret)
{
	if (!*act->config->telegram_bot_token)
		return err_new(ERR_CONFIG, "TELEGRAM_BOT_TOKEN is not set");
	return telegram_new(act->pool, act->config->telegram_api_base, act->config->telegram_bot_token, ret);
}

static NODISCARD err_t *check(const struct tg_result *r)
{
	if (tg_ok(r))
		return NULL;
	return err_new(ERR_HTTP, "Telegram refused (%s)%s%s", tg_outcome_name(r->outcome),
		       *r->description ? ": " : "", r->description);
}

static err_t *info(void *ctx)
{
	struct act *act = ctx;
	struct telegram *tg;
	struct tg_result r;

	ERR(bot(act, &tg));
	ERR(tg_webhook_info(tg, act->pool, &r));
	ERR(check(&r));
	printf("%s\n", json_write(act->pool, r.result));
	return NULL;
}

static err_t *set(void *ctx)
{
	struct act *act = ctx;
	struct telegram *tg;
	struct tg_result r;

	ERR(bot(act, &tg));
	if (!*act->config->telegram_webhook_secret)
		return err_new(ERR_CONFIG, "TELEGRAM_WEBHOOK_SECRET is not set");
	if (!*act->url)
		return err_new(ERR_CONFIG, "PUBLIC_URL is not set: give a URL");
	ERR(tg_set_webhook(tg, act->pool, act->url, act->config->telegram_webhook_secret, WEBHOOK_CONNECTIONS,
			   &r));
	ERR(check(&r));
	printf("Telegram now posts to %s\n", act->url);
	return NULL;
}

static err_t *drop(void *ctx)
{
	struct act *act = ctx;
	struct telegram *tg;
	struct tg_result r;

	ERR(bot(act, &tg));
	ERR(tg_delete_webhook(tg, act->pool, &r));
	ERR(check(&r));
	printf("no webhook any more\n");
	return NULL;
}

int cli_webhook(struct config *config, apr_pool_t *pool, int argc, char **argv)
{
	struct act act = { .config = config, .pool = pool, .url = "" };
	const char *word = argc > 1 ? argv[1] : "";

	if (*config->public_url)
		act.url = mem_fmt(pool, "%s/webhook/telegram", config->public_url);
	if (argc == 3)
		act.url = argv[2];
	if (text_same(word, "info") && argc == 2)
		return cli_end(cli_loop(pool, config, 0, info, &act));
	if (text_same(word, "set") && argc <= 3)
		return cli_end(cli_loop(pool, config, 0, set, &act));
	if (text_same(word, "delete") && argc == 2)
		return cli_end(cli_loop(pool, config, 0, drop, &act));
	return cli_usage("webhook info | set [URL] | delete");
}
