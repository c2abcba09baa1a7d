#include "core/text.h"
#include "tools/insight/recommendation.h"
#include "tools/tool.h"

enum { NEVERS = 3 };

struct args {
	int64_t id;
	const char *answer;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "number of the recommendation" },
	{ "answer", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, answer), 0, 0, "useful not_now never",
	  "what the person thinks of it" },
	{ 0 },
};

struct rated {
	const char *type, *answer;
};

static const struct json_field result[] = {
	{ "type", JSON_TEXT, JSON_REQUIRED, offsetof(struct rated, type) },
	{ "answer", JSON_TEXT, JSON_REQUIRED, offsetof(struct rated, answer) },
	{ 0 },
};

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct rated rated = { .answer = args->answer };
	const char *key = args->answer;
	struct rows *rows;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(tx_exec(tx, STMT_RECOMMENDATION_ANSWER, PG_ARGS(PG_INT(args->id), PG_TEXT(args->answer)), &rows));
	if (!rows_count(rows)) {
		outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "recommendation.gone"));
		return NULL;
	}
	rated.type = rows_text(rows, 0, COL_RECOMMENDATION_ANSWER_TYPE);
	if (text_same(args->answer, "never")) {
		ERR(tx_exec(tx, STMT_RECOMMENDATION_NEVERS, PG_ARGS(PG_TEXT(rated.type)), &rows));
		key = rows_int(rows, 0, COL_RECOMMENDATION_NEVERS_N) >= NEVERS ? "silenced" : key;
	}
	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "recommendation", .object_id = args->id, .lasting = true
	};
	ret->html = tr(req->pool, req->lang, mem_fmt(req->pool, "recommendation.rated.%s", key));
	outcome_data(req, ret, result, &rated);
	return NULL;
}

const struct tool tool_rate_recommendation = {
	.name = "rate_recommendation",
	.description = "Notes what the person thinks of a recommendation.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.min_role = ROLE_USER,
	.internal = true,
	.pressable = true,
	.run = run,
};
