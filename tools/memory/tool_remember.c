#include "core/limits.h"
#include "core/text.h"
#include "ml/guard/sensitive.h"
#include "tools/memory/memory_view.h"
#include "tools/words.h"

struct args {
	const char *fact;
};

static const struct json_field params[] = {
	{ "fact", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, fact), 0, LIMIT_TEXT_IN, NULL,
	  "one fact or preference that the person asked to be remembered, in their words" },
	{ 0 },
};

struct remembered {
	const struct memory_row *memory;
};

static const struct json_field result[] = {
	{ "memory", JSON_OBJECT, JSON_REQUIRED, offsetof(struct remembered, memory), .of = memory_fields },
	{ 0 },
};

enum { FACT_CHARS = 500 };

/* Whether it may be kept at all; else ret says why not. */
static bool may_keep(struct req *req, const char *fact, struct outcome *ret)
{
	enum sensitive kind = sensitive_find(req->pool, fact);

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (!*fact)
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.remember"));
	else if (words_chars(fact) > FACT_CHARS)
		outcome_refuse(req, ret, "too_long",
			       tr(req->pool, req->lang, "memory.long", SLOT_I("max", FACT_CHARS)));
	else if (kind)
		outcome_refuse(req, ret, "sensitive",
			       tr(req->pool, req->lang, "memory.decline",
				  SLOT_S("what", tr(req->pool, req->lang,
						    mem_fmt(req->pool, "memory.what.%d", (int)kind)))));
	return !ret->html;
}

static NODISCARD err_t *preview(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *fact = words_line(req->pool, args->fact);

	(void)tx;
	if (!may_keep(req, fact, ret))
		return NULL;
	ret->card = true;
	ret->html = tr(req->pool, req->lang, "memory.ask", SLOT_S("fact", fact));
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *fact = words_line(req->pool, args->fact);
	struct memory_row memory;
	struct rows *rows;

	if (!may_keep(req, fact, ret))
		return NULL;
	ERR(tx_exec(tx, STMT_MEMORY_PUT, PG_ARGS(PG_TEXT(fact), PG_TEXT("said"), PG_TEXT(req->zone)), &rows));
	if (!rows_count(rows)) {
		outcome_refuse(req, ret, "already_there",
			       tr(req->pool, req->lang, "memory.known", SLOT_S("fact", fact)));
		return NULL;
	}
	memory = memory_row(rows, 0, COL_MEMORY_PUT_MEMORY);
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "memory", .object_id = memory.id };
	ret->html = tr(req->pool, req->lang, "memory.kept", SLOT_S("fact", fact));
	outcome_data(req, ret, result, &(struct remembered){ &memory });
	return NULL;
}

const struct tool tool_remember = {
	.name = "remember",
	.description =
		"Proposes to keep a fact or preference about the person; the app asks for their yes. Only for what they asked to be "
		"remembered, never for what you infer, and nothing about health, religion, politics, sexuality or documents.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.card = CARD_ALWAYS,
	.claim = CLAIM_MAKE,
	.words = { .what = "fact" },
	.min_role = ROLE_USER,
	.preview = preview,
	.run = run,
};
