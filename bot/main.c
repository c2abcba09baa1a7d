#include "bot/cli/chat.h"
#include "bot/cli/cli.h"
#include "bot/process/prepare.h"
#include "bot/process/role.h"
#include "bot/process/supervisor.h"
#include "core/crypt.h"
#include "core/metrics.h"
#include "core/text.h"
#include <stdio.h>

struct command {
	const char *name;
	int (*run)(struct config *config, apr_pool_t *pool, int argc, char **argv);
	const char *help; /* NULL: not listed */
};

static int run(struct config *config, apr_pool_t *pool, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	if (!*config->telegram_bot_token) {
		fprintf(stderr, "lembra: TELEGRAM_BOT_TOKEN is missing; `lembra chat` works without it\n");
		return 2;
	}
	if (supervisor_aside(prepare_run, config, pool))
		return 1;
	return supervisor_run(config, pool);
}

static int chat(struct config *config, apr_pool_t *pool, int argc, char **argv)
{
	if (supervisor_aside(prepare_schema, config, pool))
		return 1;
	metrics_init();
	return chat_run(config, pool, argc, argv);
}

static int role(struct config *config, apr_pool_t *pool, int argc, char **argv)
{
	enum config_role which = text_same(argv[0], "web")      ? CONFIG_WEB
				 : text_same(argv[0], "worker") ? CONFIG_WORKER
								: CONFIG_SCHEDULER;

	(void)argc;
	metrics_init();
	return role_run(config, pool, which);
}

static const struct command commands[] = {
	{ "run", run, "all of it: migrates, then web, workers and scheduler" },
	{ "web", role, "only the web process (webhook or polling, health, metrics, admin)" },
	{ "worker", role, "only a worker (conversations and sending)" },
	{ "scheduler", role, "only the scheduler" },
	{ "chat", chat, "talk on this terminal: chat [--user NAME]" },
	{ "migrate", cli_migrate, "bring the database up to date: migrate [--status]" },
	{ "doctor", cli_doctor, "check this installation and say what to do: doctor [--live]" },
	{ "webhook", cli_webhook, "webhook info | set [URL] | delete" },
	{ "user", cli_user, "user invite [ROLE] | list | role ID ROLE | remove ID" },
	{ "export", cli_export, "everything of one person: export USER [--out FILE]" },
	{ "reseal", cli_reseal, "seal stored tokens anew under the first key of DATA_ENCRYPTION_KEY" },
	{ "trace", cli_trace, "one message's whole story: trace ID" },
	{ "tools", cli_tools, "what the assistant can do, as JSON lines" },
	{ "when", cli_when, "dates said in words, JSON lines in and out" },
	{ "classify", cli_classify, "what sentences ask for, JSON lines in and out" },
	{ "insights", cli_insights,
	  "what a person's days say: insights [--look N | --looks N,N,...], JSON lines in and out" },
	{ "config", cli_config, NULL },
	{ "version", cli_version, "the version" },
};

static int usage(FILE *out)
{
	fprintf(out, "usage: lembra COMMAND\n\n");
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (commands[i].help)
			fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].help);
	return out == stdout ? 0 : 2;
}

static int command_run(const struct command *command, int argc, char **argv)
{
	apr_pool_t *pool = pool_root();
	struct config *config;
	int code;
	err_t *err = config_load(pool, ".env", &config);

	if (err) {
		fprintf(stderr, "lembra: %s\n", err_message(err));
		err_clear(err);
		return 2;
	}
	code = command->run(config, pool, argc, argv);
	pool_free(pool);
	return code;
}

int main(int argc, char **argv)
{
	mem_init();
	crypt_init();
	if (argc < 2)
		return usage(stderr);
	if (text_same(argv[1], "help") || text_same(argv[1], "--help"))
		return usage(stdout);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (text_same(argv[1], commands[i].name))
			return command_run(&commands[i], argc - 1, argv + 1);
	return usage(stderr);
}
