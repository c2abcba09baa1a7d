#include "core/limits.h"
#include "core/text.h"
#include "tools/tool.h"
#include "tools/words.h"

struct args {
	int64_t id;
	const char *query, *all;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the memory's number; give it or words of it" },
	{ "query", JSON_TEXT, 0, offsetof(struct args, query), 0, 1000, NULL, "words that the memory holds" },
	{ "all", JSON_TEXT, 0, offsetof(struct args, all), 0, 0, "yes no",
	  "yes: everything, only when the person said everything" },
	{ 0 },
};

static const int choices = 8;
static const size_t choice_chars = 40;

static NODISCARD err_t *by_id(struct req *req, struct tx *tx, int64_t id, struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_MEMORY_FORGET, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows)) {
		ret->html = tr(req->pool, req->lang, "memory.no_id", SLOT_I("id", id));
		return NULL;
	}
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "memory", .object_id = id };
	ret->html = tr(req->pool, req->lang, "memory.forgotten",
		       SLOT_S("fact", rows_text(rows, 0, COL_MEMORY_FORGET_FACT)));
	return NULL;
}

static NODISCARD err_t *by_words(struct req *req, struct tx *tx, const char *words, struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_MEMORY_LIST, PG_ARGS(PG_TEXT(words), PG_INT(1), PG_TEXT(req->zone)), &rows));
	if (rows_count(rows) == 1)
		return by_id(req, tx, rows_int(rows, 0, COL_MEMORY_LIST_ID), ret);
	ret->html = tr(req->pool, req->lang, rows_count(rows) ? "memory.which" : "memory.none_words",
		       SLOT_S("words", text_cut(req->pool, words, 80)));
	for (int i = 0; i < rows_count(rows) && i < choices; i++)
		outcome_button(req, ret, i,
			       text_cut(req->pool, rows_text(rows, i, COL_MEMORY_LIST_FACT), choice_chars),
			       mem_fmt(req->pool, "t:forget:id=%lld",
				       (long long)rows_int(rows, i, COL_MEMORY_LIST_ID)));
	return NULL;
}

static NODISCARD err_t *all(struct req *req, struct tx *tx, struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_MEMORY_FORGET_ALL, PG_ARGS(), &rows));
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "memory" };
	ret->html = tr(req->pool, req->lang, "memory.forgotten_all",
		       SLOT_I("n", rows_int(rows, 0, COL_MEMORY_FORGET_ALL_N)));
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *words = args->query ? words_line(req->pool, args->query) : "";

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (args->all && text_same(args->all, "yes"))
		return all(req, tx, ret);
	if (args->id)
		return by_id(req, tx, args->id, ret);
	if (*words)
		return by_words(req, tx, words, ret);
	ret->html = tr(req->pool, req->lang, "usage.remember");
	return NULL;
}

static bool card_when(const void *p)
{
	const struct args *args = p;

	return args->all && text_same(args->all, "yes");
}

static NODISCARD err_t *preview(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	struct rows *rows;

	if (!card_when(p)) {
		ret->card = true;
		ret->html = tr(req->pool, req->lang, "pending.ask",
			       SLOT_S("what", tr(req->pool, req->lang, "ask.forget", SLOT_S("what", ""),
						 SLOT_S("when", ""))));
		return NULL;
	}
	ERR(tx_exec(tx, STMT_MEMORY_LIST, PG_ARGS(PG_TEXT(""), PG_INT(1), PG_TEXT(req->zone)), &rows));
	ret->card = rows_count(rows) > 0;
	ret->html = ret->card ? tr(req->pool, req->lang, "memory.ask_all",
				   SLOT_I("n", rows_int(rows, 0, COL_MEMORY_LIST_TOTAL)))
			      : tr(req->pool, req->lang, "memory.none");
	return NULL;
}

const struct tool tool_forget = {
	.name = "forget",
	.description = "Forgets one memory about the person by its number or words, or all of them.",
	.params = params,
	.args_size = sizeof(struct args),
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_REMOVE,
	.words = { .what = "query id" },
	.min_role = ROLE_USER,
	.card_when = card_when,
	.preview = preview,
	.run = run,
};
