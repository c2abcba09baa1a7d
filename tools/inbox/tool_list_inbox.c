#include "core/limits.h"
#include "core/text.h"
#include "tools/inbox/inbox_view.h"
#include "tools/page.h"
#include "tools/words.h"

struct args {
	int64_t page;
};

static const struct json_field params[] = {
	PAGE_PARAM(offsetof(struct args, page)),
	{ 0 },
};

struct listed {
	int64_t total, page;
	struct json_list items;
};

static const struct json_field result[] = {
	{ "total", JSON_INT, JSON_REQUIRED, offsetof(struct listed, total) },
	{ "page", JSON_INT, JSON_REQUIRED, offsetof(struct listed, page), .doc = "from 1, ten a page" },
	{ "items", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct listed, items), .of = inbox_fields,
	  .size = sizeof(struct inbox_row), .doc = "with the beginning of each text" },
	{ 0 },
};

static const size_t line_chars = 80, beginning_chars = 300;

static void put_line(struct req *req, const struct inbox_row *item, int row, struct buf *html,
		     struct outcome *ret)
{
	apr_pool_t *pool = req->pool;
	const char *text = words_line(pool, item->text);

	ret->outside = ret->outside || item->outside;
	buf_char(html, '\n');
	buf_text(html, tr(pool, req->lang, *text ? "inbox.line" : "inbox.line_bare", SLOT_I("id", item->id),
			  SLOT_S("mark", tr(pool, req->lang, mem_fmt(pool, "inbox.mark.%s", item->kind))),
			  SLOT_S("kind", tr(pool, req->lang, mem_fmt(pool, "inbox.kind.%s", item->kind))),
			  SLOT_S("date", item->date), SLOT_S("text", text_cut(pool, text, line_chars))));
	buf_text(html, inbox_about(req, item->category, item->suggested));
	inbox_buttons(req, item->id, row, true, ret);
}

static NODISCARD err_t *render(struct req *req, const struct args *args, const struct rows *rows,
			       struct outcome *ret)
{
	struct page page = page_of(args->page, rows_int(rows, 0, COL_INBOX_LIST_TOTAL));
	struct inbox_row *v = mem_alloc(req->pool, sizeof *v * (size_t)rows_count(rows));
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);

	buf_text(&html, tr(req->pool, req->lang, "inbox.head", SLOT_I("total", page.total)));
	for (int i = 0; i < rows_count(rows); i++) {
		v[i] = inbox_row(req, rows, i, COL_INBOX_LIST_INBOX);
		put_line(req, &v[i], i, &html, ret);
		v[i].text = text_cut(req->pool, v[i].text, beginning_chars);
	}
	page_end(req, ret, &html, &page, "list_inbox", NULL);
	outcome_data(req, ret, result,
		     &(struct listed){ page.total, page.number, { (size_t)rows_count(rows), v } });
	ret->html = html.p;
	return buf_check(&html);
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_INBOX_LIST, PG_ARGS(PG_INT(args->page > 1 ? args->page : 1), PG_TEXT(req->zone)),
		    &rows));
	ret->kind = OUTCOME_SAY;
	if (rows_count(rows))
		return render(req, args, rows, ret);
	ret->html = tr(req->pool, req->lang, "inbox.none");
	outcome_data(req, ret, result, &(struct listed){ .page = 1 });
	return NULL;
}

const struct tool tool_list_inbox = {
	.name = "list_inbox",
	.description = "Shows what waits in the inbox to be sorted, the latest first, ten a page.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ,
	.min_role = ROLE_GUEST,
	.commands = "inbox",
	.with_text = "capture_inbox",
	.run = run,
};
