#include "core/limits.h"
#include "tools/task/task_find.h"
#include "tools/which.h"
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

struct deleted {
	int64_t id;
	const char *title;
	bool outside;
	struct json_list candidates;
};

static const struct json_field result[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct deleted, id) },
	{ "title", JSON_TEXT, JSON_REQUIRED | JSON_WORDS, offsetof(struct deleted, title) },
	{ "outside", JSON_BOOL, 0, offsetof(struct deleted, outside) },
	WHICH_CANDIDATES(offsetof(struct deleted, candidates), task_fields, task_row),
	{ 0 },
};

static const struct task_which which = { "task.which_delete", NULL, "delete_task", TASK_NOTHING_MORE };

static NODISCARD err_t *by_id(struct req *req, struct tx *tx, int64_t id, struct outcome *ret)
{
	struct deleted deleted = { .id = id };
	struct rows *rows;

	ERR(tx_defer(tx, STMT_TASK_LET_GO, PG_ARGS(PG_INT(id))));
	ERR(tx_defer(tx, STMT_TASK_LET_GO_REMINDERS, PG_ARGS(PG_INT(id))));
	ERR(tx_exec(tx, STMT_TASK_DELETE, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows)) {
		task_absent(req, id, ret);
		return NULL;
	}
	deleted.title = rows_text(rows, 0, COL_TASK_DELETE_TITLE);
	deleted.outside = rows_bool(rows, 0, COL_TASK_DELETE_OUTSIDE);
	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "task", .object_id = id, .outside = deleted.outside
	};
	ret->html = tr(req->pool, req->lang, "task.deleted", SLOT_S("title", deleted.title));
	outcome_data(req, ret, result, &deleted);
	task_list_button(req, ret);
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *title = args->title ? words_line(req->pool, args->title) : "";
	int64_t id = args->id;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (!id && *title) {
		ERR(task_find(req, tx, title, &which, &id, ret));
		if (!id)
			return NULL;
	}
	if (id)
		return by_id(req, tx, id, ret);
	outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.delete_task"));
	return NULL;
}

const struct tool tool_delete_task = {
	.name = "delete_task",
	.description =
		"Deletes a task that is not wanted any more, by its number or part of its title; undoable. What was done is "
		"completed with complete_task instead.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_REMOVE,
	.words = { .what = "title id" },
	.min_role = ROLE_USER,
	.run = run,
};
