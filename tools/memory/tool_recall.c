#include "core/limits.h"
#include "core/text.h"
#include "tools/memory/memory_view.h"
#include "tools/page.h"
#include "tools/words.h"

struct args {
	const char *query;
	int64_t page;
};

static const struct json_field params[] = {
	{ "query", JSON_TEXT, 0, offsetof(struct args, query), 0, 1000, NULL,
	  "words that the memory holds; everything when left out" },
	PAGE_PARAM(offsetof(struct args, page)),
	{ 0 },
};

struct recalled {
	int64_t total, page;
	struct json_list memories;
};

static const struct json_field result[] = {
	{ "total", JSON_INT, JSON_REQUIRED, offsetof(struct recalled, total) },
	{ "page", JSON_INT, JSON_REQUIRED, offsetof(struct recalled, page), .doc = "from 1, ten a page" },
	{ "memories", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct recalled, memories), .of = memory_fields,
	  .size = sizeof(struct memory_row) },
	{ 0 },
};

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	*ret_args = json_object(req->pool);
	if (*words_line(req->pool, text))
		json_set_text(*ret_args, "query", words_line(req->pool, text));
	return NULL;
}

static NODISCARD err_t *render(struct req *req, const struct args *args, const char *words,
			       const struct rows *rows, struct outcome *ret)
{
	struct page page = page_of(args->page, rows_int(rows, 0, COL_MEMORY_LIST_TOTAL));
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);

	buf_text(&html, tr(req->pool, req->lang, *words ? "memory.head_words" : "memory.head",
			   SLOT_S("words", words)));
	for (int i = 0; i < rows_count(rows); i++) {
		const char *source =
			mem_fmt(req->pool, "memory.source.%s", rows_text(rows, i, COL_MEMORY_LIST_SOURCE));

		buf_fmt(&html, "\n%s",
			tr(req->pool, req->lang, "memory.line",
			   SLOT_I("id", rows_int(rows, i, COL_MEMORY_LIST_ID)),
			   SLOT_S("fact", rows_text(rows, i, COL_MEMORY_LIST_FACT)),
			   SLOT_S("date", rows_text(rows, i, COL_MEMORY_LIST_DATE)),
			   SLOT_S("source", tr(req->pool, req->lang, source))));
		outcome_button(req, ret, i / 5,
			       tr(req->pool, req->lang, "button.forget_id",
				  SLOT_I("id", rows_int(rows, i, COL_MEMORY_LIST_ID))),
			       button_act(req->pool, "forget",
					  SLOT_I("id", rows_int(rows, i, COL_MEMORY_LIST_ID))));
	}
	page_end(req, ret, &html, &page, "recall", *words ? mem_fmt(req->pool, "query=%s", words) : NULL);
	outcome_data(req, ret, result,
		     &(struct recalled){ page.total, page.number,
					 memory_rows(req, rows, COL_MEMORY_LIST_MEMORY, PAGE_SIZE) });
	if (!*words)
		outcome_button(req, ret, 20, tr(req->pool, req->lang, "button.forget_all"),
			       button_act(req->pool, "forget", SLOT_S("all", "yes")));
	ret->html = html.p;
	return buf_check(&html);
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *words = args->query ? words_line(req->pool, args->query) : "";
	struct rows *rows;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(tx_exec(tx, STMT_MEMORY_LIST,
		    PG_ARGS(PG_TEXT(words), PG_INT(args->page > 1 ? args->page : 1), PG_TEXT(req->zone)),
		    &rows));
	if (rows_count(rows))
		return render(req, args, words, rows, ret);
	ret->html = tr(req->pool, req->lang, *words ? "memory.none_words" : "memory.none",
		       SLOT_S("words", text_cut(req->pool, words, 80)));
	outcome_data(req, ret, result, &(struct recalled){ .page = 1 });
	return NULL;
}

const struct tool tool_recall = {
	.name = "recall",
	.description =
		"Shows what is kept in memory about the person, with date and source, the latest first.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ,
	.words = { .what = "query" },
	.min_role = ROLE_GUEST,
	.commands = "memoria memory",
	.from_text = from_text,
	.run = run,
};
