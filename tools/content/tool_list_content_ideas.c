#include "core/limits.h"
#include "core/text.h"
#include "tools/content/content_view.h"
#include "tools/page.h"
#include "tools/words.h"
#include <stddef.h>

struct args {
	int64_t page, id;
	const char *query, *status, *channel;
};

static const struct json_field params[] = {
	PAGE_PARAM(offsetof(struct args, page)),
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the number of one idea, to see all of it" },
	{ "query", JSON_TEXT, 0, offsetof(struct args, query), 0, 1000, NULL, "words that the idea holds" },
	{ "status", JSON_TEXT, 0, offsetof(struct args, status), 0, 0, CONTENT_STATUSES,
	  "only these; without it those not yet published or archived" },
	{ "channel", JSON_TEXT, 0, offsetof(struct args, channel), 0, 0, CONTENT_CHANNELS, NULL },
	{ 0 },
};

static const char *filter_of(struct req *req, const struct args *args, const char *words)
{
	if (args->status)
		return mem_fmt(req->pool, "status=%s", args->status);
	if (args->channel)
		return mem_fmt(req->pool, "channel=%s", args->channel);
	return *words ? mem_fmt(req->pool, "query=%s", words) : NULL;
}

static NODISCARD err_t *render(struct req *req, const struct args *args, const char *words,
			       const struct rows *rows, struct outcome *ret)
{
	struct page page = page_of(args->page, rows_int(rows, 0, COL_IDEA_LIST_TOTAL));
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);

	buf_text(&html, tr(req->pool, req->lang, "content.head", SLOT_I("total", page.total)));
	for (int i = 0; i < rows_count(rows); i++) {
		struct idea idea = idea_row(rows, i, COL_IDEA_LIST_IDEA);

		buf_fmt(&html, "\n%s", idea_line(req, &idea));
		outcome_button(req, ret, i / 5, mem_fmt(req->pool, "💡 %lld", (long long)idea.id),
			       mem_fmt(req->pool, "t:list_content_ideas:%lld", (long long)idea.id));
	}
	page_end(req, ret, &html, &page, "list_content_ideas", filter_of(req, args, words));
	ret->html = html.p;
	return buf_check(&html);
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *words = args->query ? words_line(req->pool, args->query) : "";
	bool narrowed = *words || args->status || args->channel;
	struct idea idea;
	struct rows *rows;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (args->id)
		ERR(tx_exec(tx, STMT_IDEA_GET, PG_ARGS(PG_INT(args->id)), &rows));
	else
		ERR(tx_exec(tx, STMT_IDEA_LIST,
			    PG_ARGS(PG_TEXT(words), PG_TEXT(args->status), PG_TEXT(args->channel),
				    PG_INT(args->page > 1 ? args->page : 1)),
			    &rows));
	if (!rows_count(rows)) {
		ret->html = tr(req->pool, req->lang,
			       args->id   ? "content.no_id"
			       : narrowed ? "content.none_such"
					  : "content.none",
			       SLOT_I("id", args->id));
		return NULL;
	}
	if (!args->id)
		return render(req, args, words, rows, ret);
	idea = idea_row(rows, 0, COL_IDEA_GET_IDEA);
	idea_card(req, &idea, NULL, ret);
	return NULL;
}

const struct tool tool_list_content_ideas = {
	.name = "list_content_ideas",
	.description =
		"Shows ideas for content, by status, channel or words; with an id shows one idea whole.",
	.params = params,
	.args_size = sizeof(struct args),
	.effect = TOOL_READ,
	.words = { .what = "query id" },
	.min_role = ROLE_GUEST,
	.commands = "ideia idea",
	.with_text = "save_content_idea",
	.run = run,
};
