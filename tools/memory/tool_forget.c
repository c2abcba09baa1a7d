#include "core/limits.h"
#include "core/text.h"
#include "tools/memory/memory_view.h"
#include "tools/which.h"
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

struct forgotten {
	int64_t n, id;
	const char *fact;
	struct json_list candidates;
};

static const struct json_field result[] = {
	{ "forgotten", JSON_INT, JSON_REQUIRED, offsetof(struct forgotten, n), .doc = "how many" },
	{ "id", JSON_INT, 0, offsetof(struct forgotten, id), .doc = "of one alone" },
	{ "fact", JSON_TEXT, 0, offsetof(struct forgotten, fact) },
	WHICH_CANDIDATES(offsetof(struct forgotten, candidates), memory_fields, memory_row),
	{ 0 },
};

static const int choices = 8;
static const size_t choice_chars = 40;

static NODISCARD err_t *by_id(struct req *req, struct tx *tx, int64_t id, struct outcome *ret)
{
	struct forgotten forgotten = { .n = 1, .id = id };
	struct rows *rows;

	ERR(tx_exec(tx, STMT_MEMORY_FORGET, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows)) {
		outcome_refuse(req, ret, "not_found",
			       tr(req->pool, req->lang, "memory.no_id", SLOT_I("id", id)));
		return NULL;
	}
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "memory", .object_id = id };
	forgotten.fact = rows_text(rows, 0, COL_MEMORY_FORGET_FACT);
	ret->html = tr(req->pool, req->lang, "memory.forgotten", SLOT_S("fact", forgotten.fact));
	outcome_data(req, ret, result, &forgotten);
	return NULL;
}

static NODISCARD err_t *by_words(struct req *req, struct tx *tx, const char *words, struct outcome *ret)
{
	const char *asked = text_cut(req->pool, words, 80);
	const struct memory_row *v;
	struct json_list list;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_MEMORY_LIST, PG_ARGS(PG_TEXT(words), PG_INT(1), PG_TEXT(req->zone)), &rows));
	if (rows_count(rows) == 1)
		return by_id(req, tx, rows_int(rows, 0, COL_MEMORY_LIST_ID), ret);
	list = memory_rows(req, rows, COL_MEMORY_LIST_MEMORY, choices);
	v = list.v;
	if (list.n)
		which_refuse(req, ret, tr(req->pool, req->lang, "memory.which", SLOT_S("words", asked)),
			     memory_fields, sizeof *v, &list);
	else
		outcome_refuse(req, ret, "not_found",
			       tr(req->pool, req->lang, "memory.none_words", SLOT_S("words", asked)));
	for (int i = 0; i < (int)list.n; i++)
		outcome_button(req, ret, i, text_cut(req->pool, v[i].fact, choice_chars),
			       button_act(req->pool, "forget", SLOT_I("id", v[i].id)));
	return NULL;
}

static NODISCARD err_t *all(struct req *req, struct tx *tx, struct outcome *ret)
{
	struct forgotten forgotten = { 0 };
	struct rows *rows;

	ERR(tx_exec(tx, STMT_MEMORY_FORGET_ALL, PG_ARGS(), &rows));
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "memory" };
	forgotten.n = rows_int(rows, 0, COL_MEMORY_FORGET_ALL_N);
	ret->html = tr(req->pool, req->lang, "memory.forgotten_all", SLOT_I("n", forgotten.n));
	outcome_data(req, ret, result, &forgotten);
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
	outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.remember"));
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
	if (ret->card)
		ret->html = tr(req->pool, req->lang, "memory.ask_all",
			       SLOT_I("n", rows_int(rows, 0, COL_MEMORY_LIST_TOTAL)));
	else
		outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "memory.none"));
	return NULL;
}

const struct tool tool_forget = {
	.name = "forget",
	.description = "Forgets one memory about the person by its number or words, or all of them.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_REMOVE,
	.words = { .what = "query id" },
	.min_role = ROLE_USER,
	.card_when = card_when,
	.preview = preview,
	.run = run,
};
