#include "bot/cli/cli.h"

#include "bot/cli/cli_run.h"
#include "core/json.h"
#include "core/text.h"
#include "core/version.h"
#include "db/migrate.h"
#include "tools/tool.h"
#include <stdio.h>

static const char *const effects[] = {
	[TOOL_READ] = "read",
	[TOOL_REVERSIBLE] = "reversible",
	[TOOL_OUTWARD] = "outward",
	[TOOL_DESTRUCTIVE] = "destructive",
};

static NODISCARD err_t *migrate_apply(const struct config *config, apr_pool_t *pool)
{
	const char *owner, *app, *queue;
	int applied;

	ERR(cli_db_url(pool, config, CONFIG_DB_OWNER, &owner));
	ERR(cli_db_url(pool, config, CONFIG_DB_APP, &app));
	ERR(cli_db_url(pool, config, CONFIG_DB_QUEUE, &queue));
	ERR(migrate_run(pool, owner, app, queue, &applied));
	if (applied)
		printf("applied %d migration%s\n", applied, applied == 1 ? "" : "s");
	else
		printf("already up to date\n");
	return NULL;
}

static NODISCARD err_t *migrate_print(const struct config *config, apr_pool_t *pool, bool *ret_current)
{
	const char *owner, *lines;

	ERR(cli_db_url(pool, config, CONFIG_DB_OWNER, &owner));
	ERR(migrate_status(pool, owner, &lines, ret_current));
	printf("%s", lines);
	return NULL;
}

/* What outcome_check holds an outcome against: the tool's own table, or why nothing was done. */
static struct json *result_schema(apr_pool_t *pool, const struct tool *tool)
{
	static const struct json_field refusal[] = {
		{ "refused", JSON_TEXT, JSON_REQUIRED, 0, 0, 0, NULL,
		  "why nothing was done: one stable word" },
		{ 0 },
	};
	struct json *o = json_object(pool), *either = json_array(pool);

	if (tool->result)
		json_push(either, json_schema(pool, tool->result));
	json_push(either, json_schema(pool, refusal));
	json_set(o, "anyOf", either);
	return o;
}

static struct json *tool_json(apr_pool_t *pool, const struct tool *tool)
{
	struct json *o = json_object(pool);

	json_set_text(o, "name", tool->name);
	json_set_text(o, "description", tool->description);
	json_set_text(o, "effect", effects[tool->effect]);
	json_set_text(o, "min_role", role_name(tool->min_role));
	if (tool->internal)
		json_set_bool(o, "internal", true);
	json_set(o, "parameters", json_schema(pool, tool->params));
	json_set(o, "result", result_schema(pool, tool));
	return o;
}

int cli_migrate(struct config *config, apr_pool_t *pool, int argc, char **argv)
{
	bool current = false;
	int code;

	if (argc == 1)
		return cli_end(migrate_apply(config, pool));
	if (argc != 2 || !text_same(argv[1], "--status"))
		return cli_usage("migrate [--status]");
	code = cli_end(migrate_print(config, pool, &current));
	return code || !current;
}

int cli_tools(struct config *config, apr_pool_t *pool, int argc, char **argv)
{
	struct json *all = json_array(pool);
	bool one = argc == 2 && text_same(argv[1], "--json");

	(void)config;
	if (argc != 1 && !one)
		return cli_usage("tools [--json]");
	for (const struct tool *const *tool = tools_all; *tool; tool++) {
		if (one)
			json_push(all, tool_json(pool, *tool));
		else
			printf("%s\n", json_write(pool, tool_json(pool, *tool)));
	}
	if (one)
		printf("%s\n", json_write(pool, all));
	return cli_end(NULL);
}

int cli_version(struct config *config, apr_pool_t *pool, int argc, char **argv)
{
	(void)config;
	(void)pool;
	(void)argv;
	if (argc != 1)
		return cli_usage("version");
	printf("lembra %s\n", LEMBRA_VERSION);
	return cli_end(NULL);
}

int cli_config(struct config *config, apr_pool_t *pool, int argc, char **argv)
{
	(void)config;
	if (argc != 2 || !text_same(argv[1], "--example"))
		return cli_usage("config --example");
	printf("%s", config_example(pool));
	return cli_end(NULL);
}
