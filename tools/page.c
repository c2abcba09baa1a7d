#include "tools/page.h"

#include "core/limits.h"
#include <string.h>

static const char *data_of(struct req *req, const char *tool, const char *filter, int64_t number)
{
	return mem_fmt(req->pool, "%s%s%s", button_act(req->pool, tool, SLOT_I("page", number)),
		       filter ? "&" : "", filter ? filter : "");
}

static int next_row(const struct outcome *outcome)
{
	return outcome->buttons_n ? outcome->buttons[outcome->buttons_n - 1].row + 1 : 0;
}

struct page page_of(int64_t wanted, int64_t total)
{
	struct page page = { .number = wanted > 1 ? wanted : 1,
			     .count = (total + PAGE_SIZE - 1) / PAGE_SIZE,
			     .total = total };

	if (page.number > page.count)
		page.number = page.count > 1 ? page.count : 1;
	return page;
}

void page_end(struct req *req, struct outcome *outcome, struct buf *html, const struct page *page,
	      const char *tool, const char *filter)
{
	int row = next_row(outcome);

	if (page->count < 2)
		return;
	if (strlen(data_of(req, tool, filter, page->count)) > LIMIT_TG_CALLBACK) {
		buf_text(html, tr(req->pool, req->lang, "page.narrow", SLOT_I("total", page->total)));
		return;
	}
	buf_text(html, tr(req->pool, req->lang, "page.line", SLOT_I("number", page->number),
			  SLOT_I("count", page->count)));
	if (page->number > 1)
		outcome_button(req, outcome, row, tr(req->pool, req->lang, "button.back"),
			       data_of(req, tool, filter, page->number - 1));
	if (page->number < page->count)
		outcome_button(req, outcome, row, tr(req->pool, req->lang, "button.next"),
			       data_of(req, tool, filter, page->number + 1));
}
