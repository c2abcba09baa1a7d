#include "core/limits.h"
#include "core/text.h"
#include "tools/task_view.h"
#include "tools/words.h"

struct args {
	int64_t id;
	const char *title;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the task's number; give it or the title" },
	{ "title", JSON_TEXT, 0, offsetof(struct args, title), 0, LIMIT_TEXT_IN, NULL,
	  "part of the title, when the number is not known" },
	{ 0 },
};

static const int choices = 8;
static const size_t choice_chars = 40;

/* "3" and "#3" are numbers, everything else part of a title. */
static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	const char *title = words_line(req->pool, text);
	struct json *args = json_object(req->pool);
	int64_t id;

	if (!*title)
		return NULL;
	if (text_int(title + (*title == '#'), &id) && id > 0)
		json_set_int(args, "id", id);
	else
		json_set_text(args, "title", title);
	*ret_args = args;
	return NULL;
}

static void render_done(struct req *req, const struct rows *rows, struct outcome *ret)
{
	ret->kind = OUTCOME_DONE;
	ret->object = "task";
	ret->object_id = rows_int(rows, 0, 0);
	ret->html = tr(req->pool, req->lang, "task.completed", SLOT_S("title", rows_text(rows, 0, 1)));
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.tasks"), "t:list_tasks:page=1");
}

/* Why the task of that number could not be completed. Somebody else's is simply not there. */
static NODISCARD err_t *say_why(struct req *req, struct tx *tx, int64_t id, struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_TASK_STATUS, PG_ARGS(PG_INT(id)), &rows));
	if (rows_count(rows))
		ret->html =
			tr(req->pool, req->lang, mem_fmt(req->pool, "task.already.%s", rows_text(rows, 0, 0)),
			   SLOT_S("title", rows_text(rows, 0, 1)));
	else
		ret->html = tr(req->pool, req->lang, "task.no_id", SLOT_I("id", id));
	return NULL;
}

static NODISCARD err_t *by_id(struct req *req, struct tx *tx, int64_t id, struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_TASK_COMPLETE, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows))
		return say_why(req, tx, id, ret);
	render_done(req, rows, ret);
	return NULL;
}

static void ask_which(struct req *req, const char *title, const struct rows *rows, struct outcome *ret)
{
	bool more = rows_count(rows) > choices;

	ret->html = tr(req->pool, req->lang, more ? "task.which_of_many" : "task.which",
		       SLOT_S("title", text_cut(req->pool, title, 80)));
	for (int i = 0; i < rows_count(rows) && i < choices; i++) {
		int64_t id = rows_int(rows, i, 0);
		const char *name = text_cut(req->pool, rows_text(rows, i, 1), choice_chars);

		outcome_button(req, ret, i, mem_fmt(req->pool, "%lld · %s", (long long)id, name),
			       task_done_data(req, id));
	}
}

static NODISCARD err_t *by_title(struct req *req, struct tx *tx, const char *title, struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_TASK_MATCH, PG_ARGS(PG_TEXT(title)), &rows));
	if (rows_count(rows) == 1)
		return by_id(req, tx, rows_int(rows, 0, 0), ret);
	if (rows_count(rows))
		ask_which(req, title, rows, ret);
	else
		ret->html = tr(req->pool, req->lang, "task.no_title",
			       SLOT_S("title", text_cut(req->pool, title, 80)));
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *title = args->title ? words_line(req->pool, args->title) : "";

	ret->kind = OUTCOME_SAY;
	if (args->id)
		return by_id(req, tx, args->id, ret);
	if (*title)
		return by_title(req, tx, title, ret);
	ret->html = tr(req->pool, req->lang, "usage.complete_task");
	return NULL;
}

const struct tool tool_complete_task = {
	.name = "complete_task",
	.description =
		"Marks an open task as done, by its number or by part of its title. When several titles match it asks which.",
	.params = params,
	.args_size = sizeof(struct args),
	.effect = TOOL_REVERSIBLE,
	.min_role = ROLE_USER,
	.commands = "feito done",
	.from_text = from_text,
	.run = run,
};
