#include "core/limits.h"
#include "core/text.h"
#include "tools/page.h"
#include "tools/task_view.h"
#include "tools/words.h"

struct args {
	int64_t page;
	const char *tag, *priority;
};

static const struct json_field params[] = {
	PAGE_PARAM(offsetof(struct args, page)),
	{ "tag", JSON_TEXT, 0, offsetof(struct args, tag), 0, LIMIT_TEXT_IN, NULL,
	  "only tasks with this tag, without #" },
	{ "priority", JSON_TEXT, 0, offsetof(struct args, priority), 0, 0, TASK_PRIORITIES,
	  "only tasks of this priority" },
	{ 0 },
};

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	struct words words = words_take(req->pool, text, true);
	struct json *args = json_object(req->pool);
	int64_t page;

	if (*words.text) {
		if (!text_int(words.text, &page) || page < 1 || page > PAGE_MAX)
			return NULL;
		json_set_int(args, "page", page);
	}
	if (words.priority)
		json_set_text(args, "priority", words.priority);
	if (words.tags.n)
		json_set_text(args, "tag", words.tags.v[0]);
	*ret_args = args;
	return NULL;
}

/* "#casa", "prioridade alta" or both; "" for all tasks. HTML. */
static const char *filter_name(struct req *req, const struct args *args)
{
	const char *priority = args->priority ? tr(req->pool, req->lang,
						   mem_fmt(req->pool, "task.priority.%s", args->priority))
					      : "";
	const char *tag = args->tag ? mem_fmt(req->pool, "#%s", text_html(req->pool, args->tag)) : "";

	return mem_fmt(req->pool, "%s%s%s", tag, *tag && *priority ? ", " : "", priority);
}

/* For the paging buttons, in the order that they are read: the tag, which may hold anything, is the last. */
static const char *filter_data(struct req *req, const struct args *args)
{
	if (!args->tag && !args->priority)
		return NULL;
	return mem_fmt(req->pool, "%s%s%s%s%s", args->priority ? "priority=" : "",
		       args->priority ? args->priority : "", args->tag && args->priority ? "&" : "",
		       args->tag ? "tag=" : "", args->tag ? args->tag : "");
}

static void render_empty(struct req *req, const struct args *args, struct outcome *ret)
{
	const char *filter = filter_name(req, args);

	if (!*filter) {
		ret->html = tr(req->pool, req->lang, "task.none");
		return;
	}
	ret->html = tr(req->pool, req->lang, "task.none_such", SLOT_S("filter", filter));
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.tasks"), "t:list_tasks:page=1");
}

static NODISCARD err_t *render(struct req *req, const struct args *args, const struct rows *rows,
			       struct outcome *ret)
{
	struct page page = page_of(args->page, rows_int(rows, 0, 0));
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	const char *filter = filter_name(req, args);

	buf_text(&html, tr(req->pool, req->lang, *filter ? "task.head_such" : "task.head",
			   SLOT_I("total", page.total), SLOT_S("filter", filter)));
	for (int i = 0; i < rows_count(rows); i++) {
		struct task_row task = task_row(rows, i, 1);

		buf_fmt(&html, "\n%s", task_line(req, &task));
		outcome_button(req, ret, i / 5,
			       tr(req->pool, req->lang, "button.done_id", SLOT_I("id", task.id)),
			       task_done_data(req, task.id));
	}
	page_end(req, ret, &html, &page, "list_tasks", filter_data(req, args));
	ret->html = html.p;
	return buf_check(&html);
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	struct args args = *(const struct args *)p;
	struct json_texts tags = { .n = args.tag ? 1 : 0, .v = &args.tag };
	struct rows *rows;

	tags = words_tags(req->pool, &tags);
	args.tag = tags.n ? tags.v[0] : NULL;
	ERR(tx_exec(tx, STMT_TASK_LIST,
		    PG_ARGS(PG_TEXT(args.tag), PG_TEXT(args.priority), PG_INT(args.page > 1 ? args.page : 1)),
		    &rows));
	ret->kind = OUTCOME_SAY;
	if (rows_count(rows))
		return render(req, &args, rows, ret);
	render_empty(req, &args, ret);
	return NULL;
}

const struct tool tool_list_tasks = {
	.name = "list_tasks",
	.description = "Shows the person's open tasks, the urgent first, ten a page.",
	.params = params,
	.args_size = sizeof(struct args),
	.effect = TOOL_READ,
	.min_role = ROLE_GUEST,
	.commands = "tarefas tasks",
	.from_text = from_text,
	.run = run,
};
