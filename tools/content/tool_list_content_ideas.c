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

struct listed {
	int64_t total, page;
	struct json_list ideas;
};

static const struct json_field result[] = {
	{ "total", JSON_INT, JSON_REQUIRED, offsetof(struct listed, total) },
	{ "page", JSON_INT, JSON_REQUIRED, offsetof(struct listed, page), .doc = "from 1, ten a page" },
	{ "ideas", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct listed, ideas), .of = idea_fields,
	  .size = sizeof(struct idea),
	  .doc = "of several the beginning of each text, of one alone the whole" },
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
	struct json_list list = idea_rows(req, rows, COL_IDEA_LIST_IDEA);
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	const struct idea *v = list.v;

	buf_text(&html, tr(req->pool, req->lang, "content.head", SLOT_I("total", page.total)));
	for (int i = 0; i < (int)list.n; i++) {
		buf_fmt(&html, "\n%s", idea_line(req, &v[i]));
		outcome_button(req, ret, i / 5, mem_fmt(req->pool, "💡 %lld", (long long)v[i].id),
			       button_act(req->pool, "list_content_ideas", SLOT_I("id", v[i].id)));
		ret->outside = ret->outside || v[i].outside;
	}
	outcome_data(req, ret, result, &(struct listed){ page.total, page.number, list });
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
	if (args->id && !rows_count(rows)) {
		idea_absent(req, args->id, ret);
		return NULL;
	}
	if (!rows_count(rows)) {
		ret->html = tr(req->pool, req->lang, narrowed ? "content.none_such" : "content.none");
		outcome_data(req, ret, result, &(struct listed){ .page = 1 });
		return NULL;
	}
	if (!args->id)
		return render(req, args, words, rows, ret);
	idea = idea_row(req, rows, 0, COL_IDEA_GET_IDEA);
	idea_card(req, &idea, NULL, ret);
	outcome_data(req, ret, result, &(struct listed){ 1, 1, { 1, &idea } });
	return NULL;
}

const struct tool tool_list_content_ideas = {
	.name = "list_content_ideas",
	.description =
		"Shows ideas for content, by status, channel or words; with an id shows one idea whole.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ,
	.words = { .what = "query id" },
	.min_role = ROLE_GUEST,
	.commands = "ideia idea",
	.with_text = "save_content_idea",
	.run = run,
};
