#include "core/limits.h"
#include "core/text.h"
#include "tools/project/project_view.h"
#include "tools/task/task_find.h"
#include "tools/task/task_view.h"
#include "tools/when.h"
#include "tools/which.h"
#include "tools/words.h"
#include <string.h>

struct args {
	int64_t id;
	const char *title, *project, *kind, *text, *due;
};

static const struct json_field params[] = {
	{ "project", JSON_TEXT, 0, offsetof(struct args, project), 0, 500, NULL,
	  "the project's number or name" },
	{ "kind", JSON_TEXT, 0, offsetof(struct args, kind), 0, 0, "task decision document meeting milestone",
	  "task when left out" },
	{ "title", JSON_TEXT, 0, offsetof(struct args, title), 0, LIMIT_TEXT_IN, NULL,
	  "what it is, in the person's words; 1 to 500 characters" },
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "instead of a title, the number of a task that is there already: it is moved into the project" },
	{ "text", JSON_TEXT, 0, offsetof(struct args, text), 0, 20000, NULL,
	  "details, minutes, a link; of a task at most 5000 characters" },
	{ "due", JSON_TEXT, 0, offsetof(struct args, due), 0, 40, NULL,
	  "its day, local: 2026-11-30; of a task a time too: 2026-11-30T14:00:00" },
	{ 0 },
};

struct added {
	int64_t project_id;
	const struct task_row *task;
	const struct project_item *item;
	struct json_list candidates;
};

static const struct json_field result[] = {
	{ "project_id", JSON_INT, JSON_REQUIRED, offsetof(struct added, project_id) },
	{ "task", JSON_OBJECT, 0, offsetof(struct added, task), .of = task_fields },
	{ "item", JSON_OBJECT, 0, offsetof(struct added, item), .of = project_item_fields,
	  .doc = "what was added, when it is no task" },
	WHICH_CANDIDATES(offsetof(struct added, candidates), project_fields, project_row),
	{ 0 },
};

static const struct {
	const char *kind, *mark;
} marks[] = {
	{ "task", "✅" }, { "decision", "📌" }, { "document", "📄" }, { "meeting", "🤝" }, { "milestone", "🏁" }
};

/* An item on its way. */
struct item {
	const struct args *args;
	const char *title, *kind, *project_name;
	int64_t project;
	struct when due;
};

static void render(struct req *req, const struct item *item, const char *object, int64_t id,
		   const char *extras, struct outcome *ret)
{
	const char *mark = "";

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (text_same(marks[i].kind, item->kind))
			mark = marks[i].mark;
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = object, .object_id = id };
	ret->html =
		tr(req->pool, req->lang, "project.added", SLOT_S("mark", mark),
		   SLOT_S("kind", text_same(item->kind, "task")
					  ? tr(req->pool, req->lang, "project.kind.task", SLOT_I("id", id))
					  : tr(req->pool, req->lang,
					       mem_fmt(req->pool, "project.kind.%s", item->kind))),
		   SLOT_S("name", item->project_name), SLOT_S("title", item->title),
		   SLOT_S("extras", extras));
	project_open_button(req, item->project, ret);
}

/* Without the project, which is said already. */
static const char *extras_of(struct req *req, struct task_row task)
{
	task.project = "";
	return task_extras(req, &task);
}

static NODISCARD err_t *put_task(struct req *req, struct tx *tx, const struct item *item, struct outcome *ret)
{
	bool due = item->args->due != NULL;
	struct task_row task;
	struct rows *rows;

	if (item->args->text && words_chars(item->args->text) > 5000)
		return err_new(ERR_INVALID, "\"text\": of a task at most 5000 characters");
	ERR(tx_exec(tx, STMT_TASK_PUT,
		    PG_ARGS(PG_TEXT(item->title), PG_TEXT(item->args->text ? item->args->text : ""),
			    PG_TEXT("medium"), PG_TEXTS(NULL, 0),
			    PG_TEXT(due ? when_date(req, &item->due) : NULL),
			    PG_TEXT(due ? when_time(req, &item->due) : NULL), PG_INT(item->project),
			    PG_INT_NULL, PG_INT_NULL, PG_TEXT(NULL), PG_BOOL(false)),
		    &rows));
	task = task_row(req, rows, 0, COL_TASK_PUT_TASK);
	render(req, item, "task", task.id, extras_of(req, task), ret);
	outcome_data(req, ret, result, &(struct added){ .project_id = item->project, .task = &task });
	return NULL;
}

static NODISCARD err_t *put_other(struct req *req, struct tx *tx, struct item *item, struct outcome *ret)
{
	struct project_item put;
	struct rows *rows;

	item->due.has_time = false;
	ERR(tx_exec(tx, STMT_PROJECT_ITEM_PUT,
		    PG_ARGS(PG_INT(item->project), PG_TEXT(item->kind), PG_TEXT(item->title),
			    PG_TEXT(item->args->text ? item->args->text : ""),
			    PG_TEXT(item->args->due ? when_date(req, &item->due) : NULL)),
		    &rows));
	put = project_item(rows, 0, COL_PROJECT_ITEM_PUT_PROJECT_ITEM);
	render(req, item, "project_item", put.id,
	       item->args->due ? mem_fmt(req->pool, "\n📅 %s", when_text(req, &item->due)) : "", ret);
	outcome_data(req, ret, result, &(struct added){ .project_id = item->project, .item = &put });
	return NULL;
}

/* A task that is there already. */
static NODISCARD err_t *move(struct req *req, struct tx *tx, const struct item *item, struct outcome *ret)
{
	struct task_row task;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_TASK_UPDATE,
		    PG_ARGS(PG_INT(item->args->id), PG_TEXT(NULL), PG_TEXT(NULL), PG_TEXT(NULL),
			    PG_BOOL(false), PG_TEXT(NULL), PG_TEXT(NULL), PG_TEXT(NULL), PG_BOOL(false),
			    PG_TEXTS(NULL, 0), PG_BOOL(true), PG_INT(item->project), PG_BOOL(false),
			    PG_INT_NULL, PG_BOOL(false), PG_INT_NULL, PG_BOOL(false), PG_TEXT(NULL)),
		    &rows));
	if (!rows_count(rows)) {
		task_absent(req, item->args->id, ret);
		return NULL;
	}
	task = task_row(req, rows, 0, COL_TASK_UPDATE_TASK);
	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "task", .object_id = task.id, .outside = task.outside
	};
	ret->html = tr(req->pool, req->lang, "project.moved", SLOT_S("title", task.title),
		       SLOT_S("name", item->project_name));
	outcome_data(req, ret, result, &(struct added){ .project_id = item->project, .task = &task });
	project_open_button(req, item->project, ret);
	return NULL;
}

/* One tap makes the project that was named and is not there. */
static void offer_project(struct req *req, const struct args *args, struct outcome *ret)
{
	const char *name = words_line(req->pool, args->project),
		   *data = button_act(req->pool, "create_project", SLOT_S("title", name));
	int64_t number;

	if (*name && !text_int(name, &number) && ret->buttons_n == 1 && strlen(data) <= LIMIT_TG_CALLBACK)
		outcome_button(req, ret, 0, mem_fmt(req->pool, "➕ %s", name), data);
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct item item = { .args = args,
			     .kind = args->kind ? args->kind : "task",
			     .title = args->title ? words_line(req->pool, args->title) : "" };

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (args->due && !when_read(req, args->due, &item.due))
		return err_new(ERR_INVALID, "\"due\": not a local day or time like 2026-11-30");
	if (!args->project || (!*item.title && !args->id))
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.add_project_item"));
	else if (words_chars(item.title) > TASK_TITLE_CHARS)
		outcome_refuse(req, ret, "too_long",
			       tr(req->pool, req->lang, "task.title_long", SLOT_I("max", TASK_TITLE_CHARS),
				  SLOT_I("n", words_chars(item.title))));
	if (ret->html)
		return NULL;
	ERR(task_project(req, tx, args->project, &item.project, &item.project_name, ret));
	if (!item.project) {
		offer_project(req, args, ret);
		return NULL;
	}
	if (args->id)
		return move(req, tx, &item, ret);
	return text_same(item.kind, "task") ? put_task(req, tx, &item, ret) : put_other(req, tx, &item, ret);
}

const struct tool tool_add_project_item = {
	.name = "add_project_item",
	.description =
		"Adds a task, decision, document, meeting or milestone to a project, or moves a task into it by its number.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_MAKE,
	.words = { .what = "title text id", .when = "due" },
	.min_role = ROLE_USER,
	.run = run,
};
