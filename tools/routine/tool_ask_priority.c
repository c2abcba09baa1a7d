#include "tools/pending.h"
#include "tools/tool.h"

struct args {
	bool none;
};

static const struct json_field params[] = {
	{ 0 },
};

static const struct json_field result[] = {
	{ 0 },
};

/* The person's next words become a task of high priority, which each morning names until it is done. */
static err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	struct json *args = json_object(req->pool);

	(void)p;
	json_set_text(args, "priority", "high");
	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	outcome_refuse(req, ret, "title_missing", tr(req->pool, req->lang, "week.ask_priority"));
	return pending_words(tx, "create_task", args, "title");
}

const struct tool tool_ask_priority = {
	.name = "ask_priority",
	.description = "Asks what matters most this week.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ,
	.min_role = ROLE_USER,
	.internal = true,
	.pressable = true,
	.run = run,
};
