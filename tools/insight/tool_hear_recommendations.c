#include "tools/insight/recommendation.h"

struct args {
	const char *type;
};

static const struct json_field params[] = {
	{ "type", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, type), 0, 40, NULL,
	  "the kind of recommendation that was silenced" },
	{ 0 },
};

static const struct json_field result[] = {
	{ "type", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, type) },
	{ 0 },
};

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;

	ERR(tx_defer(tx, STMT_RECOMMENDATION_HEAR, PG_ARGS(PG_TEXT(args->type))));
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "recommendation", .lasting = true };
	ret->html = tr(req->pool, req->lang, "recommendation.heard");
	outcome_data(req, ret, result, args);
	return NULL;
}

const struct tool tool_hear_recommendations = {
	.name = "hear_recommendations",
	.description = "Makes recommendations of a kind again that the person had silenced.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.min_role = ROLE_USER,
	.internal = true,
	.pressable = true,
	.run = run,
};
