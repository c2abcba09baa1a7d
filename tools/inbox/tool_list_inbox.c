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

static const size_t line_chars = 80;

static NODISCARD err_t *render(struct req *req, const struct args *args, const struct rows *rows,
			       struct outcome *ret)
{
	apr_pool_t *pool = req->pool;
	struct page page = page_of(args->page, rows_int(rows, 0, COL_INBOX_LIST_TOTAL));
	struct buf html = buf_new(pool, LIMIT_MESSAGE_BYTES);

	buf_text(&html, tr(pool, req->lang, "inbox.head", SLOT_I("total", page.total)));
	for (int i = 0; i < rows_count(rows); i++) {
		const char *kind = rows_text(rows, i, COL_INBOX_LIST_KIND),
			   *text = words_line(pool, rows_text(rows, i, COL_INBOX_LIST_TEXT));

		ret->outside = ret->outside || rows_bool(rows, i, COL_INBOX_LIST_OUTSIDE);
		buf_char(&html, '\n');
		buf_text(&html, tr(pool, req->lang, *text ? "inbox.line" : "inbox.line_bare",
				   SLOT_I("id", rows_int(rows, i, COL_INBOX_LIST_ID)),
				   SLOT_S("mark", tr(pool, req->lang, mem_fmt(pool, "inbox.mark.%s", kind))),
				   SLOT_S("kind", tr(pool, req->lang, mem_fmt(pool, "inbox.kind.%s", kind))),
				   SLOT_S("date", rows_text(rows, i, COL_INBOX_LIST_DATE)),
				   SLOT_S("text", text_cut(pool, text, line_chars))));
		buf_text(&html, inbox_about(req, rows_text(rows, i, COL_INBOX_LIST_CATEGORY),
					    rows_text(rows, i, COL_INBOX_LIST_SUGGESTED)));
		inbox_buttons(req, rows_int(rows, i, COL_INBOX_LIST_ID), i, true, ret);
	}
	page_end(req, ret, &html, &page, "list_inbox", NULL);
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
	return NULL;
}

const struct tool tool_list_inbox = {
	.name = "list_inbox",
	.description = "Shows what waits in the inbox to be sorted, the latest first, ten a page.",
	.params = params,
	.args_size = sizeof(struct args),
	.effect = TOOL_READ,
	.min_role = ROLE_GUEST,
	.commands = "inbox",
	.with_text = "capture_inbox",
	.run = run,
};
