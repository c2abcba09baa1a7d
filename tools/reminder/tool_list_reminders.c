#include "core/limits.h"
#include "tools/page.h"
#include "tools/reminder/reminder_view.h"

struct args {
	int64_t page;
};

static const struct json_field params[] = {
	PAGE_PARAM(offsetof(struct args, page)),
	{ 0 },
};

struct listed {
	int64_t total, page;
	struct json_list reminders;
};

static const struct json_field result[] = {
	{ "total", JSON_INT, JSON_REQUIRED, offsetof(struct listed, total) },
	{ "page", JSON_INT, JSON_REQUIRED, offsetof(struct listed, page), .doc = "from 1, ten a page" },
	{ "reminders", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct listed, reminders), .of = reminder_fields,
	  .size = sizeof(struct reminder_row) },
	{ 0 },
};

static NODISCARD err_t *render(struct req *req, const struct args *args, const struct rows *rows,
			       struct outcome *ret)
{
	struct page page = page_of(args->page, rows_int(rows, 0, COL_REMINDER_LIST_TOTAL));
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	struct json_list list = reminder_rows(req, rows, COL_REMINDER_LIST_REMINDER, PAGE_SIZE);
	const struct reminder_row *v = list.v;

	buf_text(&html, tr(req->pool, req->lang, "reminder.head", SLOT_I("total", page.total)));
	for (int i = 0; i < (int)list.n; i++) {
		buf_fmt(&html, "\n%s",
			tr(req->pool, req->lang, "reminder.line", SLOT_I("id", v[i].id),
			   SLOT_S("text", v[i].text), SLOT_S("when", reminder_when(req, &v[i]))));
		outcome_button(req, ret, i / 5,
			       tr(req->pool, req->lang, v[i].rang ? "button.done_id" : "button.delete_id",
				  SLOT_I("id", v[i].id)),
			       v[i].rang ? button_act(req->pool, "delete_reminder", SLOT_I("id", v[i].id),
						      SLOT_S("as", "done"))
					 : button_act(req->pool, "delete_reminder", SLOT_I("id", v[i].id)));
		ret->outside = ret->outside || v[i].outside;
	}
	outcome_data(req, ret, result, &(struct listed){ page.total, page.number, list });
	page_end(req, ret, &html, &page, "list_reminders", NULL);
	ret->html = html.p;
	return buf_check(&html);
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct rows *rows;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(tx_exec(tx, STMT_REMINDER_LIST, PG_ARGS(PG_INT(args->page > 1 ? args->page : 1)), &rows));
	if (rows_count(rows))
		return render(req, args, rows, ret);
	ret->html = tr(req->pool, req->lang, "reminder.none");
	outcome_data(req, ret, result, &(struct listed){ .page = 1 });
	return NULL;
}

const struct tool tool_list_reminders = {
	.name = "list_reminders",
	.description =
		"Shows the reminders: those that rang and were not answered, then those that are still to come, ten a page.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ,
	.always_offered = true,
	.min_role = ROLE_GUEST,
	.commands = "lembretes reminders",
	.run = run,
};
