#include "core/limits.h"
#include "core/text.h"
#include "tools/project/project_view.h"
#include "tools/when.h"
#include "tools/which.h"
#include "tools/words.h"

struct args {
	int64_t id, reached;
	const char *title, *new_title, *description, *status, *due;
	struct json_texts tags;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the project's number; without it, its name finds it" },
	{ "title", JSON_TEXT, 0, offsetof(struct args, title), 0, LIMIT_TEXT_IN, NULL,
	  "with the number a new name, 1 to 200 characters; without it the present one, or words of it" },
	{ "new_title", JSON_TEXT, 0, offsetof(struct args, new_title), 0, LIMIT_TEXT_IN, NULL,
	  "a new name, where title finds the project" },
	{ "description", JSON_TEXT, 0, offsetof(struct args, description), 0, 5000, NULL,
	  "what it is about now" },
	{ "status", JSON_TEXT, 0, offsetof(struct args, status), 0, 0, PROJECT_STATUSES, "a new status" },
	{ "due", JSON_TEXT, 0, offsetof(struct args, due), 0, 40, NULL,
	  "the local day by which it is to be over now: 2026-12-20; none for no day" },
	{ "tags", JSON_TEXTS, 0, offsetof(struct args, tags), 0, WORDS_TAGS, NULL,
	  "all its tags from now on, one word each, without #" },
	{ "reached", JSON_INT, 0, offsetof(struct args, reached), 1, INT64_MAX, NULL,
	  "the number of a milestone that is reached; nothing else is changed then" },
	{ 0 },
};

struct updated {
	const struct project_row *project;
	const struct project_item *item;
	struct json_list candidates;
};

static const struct json_field result[] = {
	{ "project", JSON_OBJECT, JSON_REQUIRED, offsetof(struct updated, project), .of = project_fields },
	{ "item", JSON_OBJECT, 0, offsetof(struct updated, item), .of = project_item_fields,
	  .doc = "the milestone that was reached" },
	WHICH_CANDIDATES(offsetof(struct updated, candidates), project_fields, project_row),
	{ 0 },
};

/* What is to change; NULL stays as it is. */
struct change {
	int64_t id;
	const char *name, *due;
	struct json_texts tags;
};

static NODISCARD err_t *change_read(struct req *req, const struct args *args, struct change *ret)
{
	const char *name = args->new_title ? args->new_title : args->id ? args->title : NULL;
	struct when when;

	*ret = (struct change){ .id = args->id, .tags = words_tags(req->pool, &args->tags) };
	if (name)
		ret->name = words_line(req->pool, name);
	if (ret->name && (!*ret->name || words_chars(ret->name) > PROJECT_NAME_CHARS))
		return err_new(ERR_INVALID, "\"title\": 1 to %d characters", PROJECT_NAME_CHARS);
	if (!args->due || !*args->due || text_same(args->due, "none"))
		return NULL;
	if (!when_read(req, args->due, &when))
		return err_new(ERR_INVALID, "\"due\": not a local day like 2026-12-20");
	ret->due = when_date(req, &when);
	return NULL;
}

static NODISCARD err_t *find(struct req *req, struct tx *tx, const struct args *args, struct change *change,
			     struct outcome *ret)
{
	const char *title = args->title ? words_line(req->pool, args->title) : "", *name;

	if (change->id)
		return NULL;
	if (*title)
		return project_find(req, tx, title, "project.which", &change->id, &name, ret);
	outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.update_project"));
	return NULL;
}

/* What stays open in a project that is called complete. */
static NODISCARD err_t *say_left(struct req *req, struct tx *tx, struct project_row *project,
				 struct outcome *ret)
{
	struct rows *rows;
	int64_t open;

	ERR(tx_exec(tx, STMT_PROJECT_TASKS, PG_ARGS(PG_INT(project->id)), &rows));
	open = rows_int(rows, 0, COL_PROJECT_TASKS_OPEN);
	project->tasks = rows_int(rows, 0, COL_PROJECT_TASKS_TASKS);
	project->done = rows_int(rows, 0, COL_PROJECT_TASKS_DONE);
	if (open)
		ret->html = mem_fmt(req->pool, "%s%s", ret->html,
				    tr(req->pool, req->lang, "project.left", SLOT_I("n", open)));
	return NULL;
}

static NODISCARD err_t *render(struct req *req, struct tx *tx, const struct args *args,
			       const struct change *change, struct project_row *project, struct outcome *ret)
{
	bool only_status = args->status && !change->name && !args->description && !args->due && !args->tags.n;

	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "project", .object_id = project->id };
	ret->html = only_status
			    ? tr(req->pool, req->lang, mem_fmt(req->pool, "project.%s", project->status),
				 SLOT_S("name", project->name))
			    : tr(req->pool, req->lang, "project.updated", SLOT_S("name", project->name),
				 SLOT_I("id", project->id), SLOT_S("extras", project_extras(req, project)));
	if (args->status && text_same(args->status, "completed"))
		ERR(say_left(req, tx, project, ret));
	outcome_data(req, ret, result, &(struct updated){ .project = project });
	project_open_button(req, project->id, ret);
	return NULL;
}

static NODISCARD err_t *put(struct req *req, struct tx *tx, const struct args *args,
			    const struct change *change, struct outcome *ret)
{
	struct project_row project;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_PROJECT_UPDATE,
		    PG_ARGS(PG_INT(change->id), PG_TEXT(change->name), PG_TEXT(args->description),
			    PG_TEXT(args->status), PG_BOOL(args->due != NULL), PG_TEXT(change->due),
			    PG_BOOL(args->tags.n > 0), PG_TEXTS(change->tags.v, change->tags.n)),
		    &rows));
	if (!rows_count(rows)) {
		project_absent(req, change->id, ret);
		return NULL;
	}
	project = project_row(req, rows, 0, COL_PROJECT_UPDATE_PROJECT);
	return render(req, tx, args, change, &project, ret);
}

/* The project is named, but nothing of it that should be different. */
static NODISCARD err_t *ask_what(struct req *req, struct tx *tx, int64_t id, struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_PROJECT_GET, PG_ARGS(PG_INT(id)), &rows));
	if (rows_count(rows))
		outcome_refuse(req, ret, "nothing_to_change",
			       tr(req->pool, req->lang, "project.nothing_changed",
				  SLOT_S("name", rows_text(rows, 0, COL_PROJECT_GET_NAME))));
	else
		project_absent(req, id, ret);
	return NULL;
}

static NODISCARD err_t *reach(struct req *req, struct tx *tx, int64_t id, struct outcome *ret)
{
	struct project_item item;
	struct project_row project;
	struct rows *rows, *of;

	ERR(tx_exec(tx, STMT_PROJECT_ITEM_DONE, PG_ARGS(PG_INT(id), PG_BOOL(true)), &rows));
	if (!rows_count(rows)) {
		outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "project.no_item"));
		return NULL;
	}
	item = project_item(rows, 0, COL_PROJECT_ITEM_DONE_PROJECT_ITEM);
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "project_item", .object_id = id };
	ERR(project_show(req, tx, rows_int(rows, 0, COL_PROJECT_ITEM_DONE_PROJECT_ID),
			 tr(req->pool, req->lang, "project.reached", SLOT_S("title", item.title)), ret));
	ERR(tx_exec(tx, STMT_PROJECT_GET,
		    PG_ARGS(PG_INT(rows_int(rows, 0, COL_PROJECT_ITEM_DONE_PROJECT_ID))), &of));
	project = project_row(req, of, 0, COL_PROJECT_GET_PROJECT);
	outcome_data(req, ret, result, &(struct updated){ .project = &project, .item = &item });
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct change change;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (args->reached)
		return reach(req, tx, args->reached, ret);
	ERR(change_read(req, args, &change));
	ERR(find(req, tx, args, &change, ret));
	if (ret->html)
		return NULL;
	if (change.name || args->description || args->status || args->due || args->tags.n)
		return put(req, tx, args, &change, ret);
	return ask_what(req, tx, change.id, ret);
}

const struct tool tool_update_project = {
	.name = "update_project",
	.description =
		"Changes a project, by its number or name: name, description, status, due day, tags; or marks a milestone as reached.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_CHANGE,
	.words = { .what = "title id", .when = "due" },
	.min_role = ROLE_USER,
	.run = run,
};
