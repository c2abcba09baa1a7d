#include "core/limits.h"
#include "core/text.h"
#include "tools/task_view.h"
#include "tools/tool.h"
#include "tools/when.h"
#include "tools/words.h"

struct args {
	int64_t id;
	const char *title, *description, *priority, *due, *status;
	struct json_texts tags;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct args, id), 1, INT64_MAX, NULL, "the task's number" },
	{ "title", JSON_TEXT, 0, offsetof(struct args, title), 0, LIMIT_TEXT_IN, NULL,
	  "a new title; 1 to 500 characters" },
	{ "description", JSON_TEXT, 0, offsetof(struct args, description), 0, 5000, NULL, "new details" },
	{ "priority", JSON_TEXT, 0, offsetof(struct args, priority), 0, 0, TASK_PRIORITIES,
	  "a new priority" },
	{ "due", JSON_TEXT, 0, offsetof(struct args, due), 0, 40, NULL,
	  "when it is due now, local: 2026-11-30, or 2026-11-30T14:00:00 when a time was said; none for no day" },
	{ "status", JSON_TEXT, 0, offsetof(struct args, status), 0, 0, "todo in_progress cancelled",
	  "to begin it, to leave it, or to open it again; to finish it use complete_task" },
	{ "tags", JSON_TEXTS, 0, offsetof(struct args, tags), 0, WORDS_TAGS, NULL,
	  "all its tags from now on, one word each, without #" },
	{ 0 },
};

/* What is to change; NULL stays as it is. */
struct change {
	const char *title, *due_date, *due_time;
	bool due; /* the day changes, perhaps to none */
	struct json_texts tags;
};

static NODISCARD err_t *change_read(struct req *req, const struct args *args, struct change *ret)
{
	struct when when;

	*ret = (struct change){ .due = args->due != NULL, .tags = words_tags(req->pool, &args->tags) };
	if (args->title)
		ret->title = words_line(req->pool, args->title);
	if (ret->title && (!*ret->title || words_chars(ret->title) > TASK_TITLE_CHARS))
		return err_new(ERR_INVALID, "\"title\": 1 to %d characters", TASK_TITLE_CHARS);
	if (!args->due || text_same(args->due, "none") || !*args->due)
		return NULL;
	if (!when_read(req, args->due, &when))
		return err_new(ERR_INVALID,
			       "\"due\": not a local day or time like 2026-11-30 or 2026-11-30T14:00:00");
	ret->due_date = when_date(req, &when);
	ret->due_time = when_time(req, &when);
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct change change;
	struct task_row task;
	struct rows *rows;

	ERR(change_read(req, args, &change));
	ERR(tx_exec(tx, STMT_TASK_UPDATE,
		    PG_ARGS(PG_INT(args->id), PG_TEXT(change.title), PG_TEXT(args->description),
			    PG_TEXT(args->priority), PG_BOOL(change.due), PG_TEXT(change.due_date),
			    PG_TEXT(change.due_time), PG_TEXT(args->status), PG_BOOL(args->tags.n > 0),
			    PG_TEXTS(change.tags.v, change.tags.n)),
		    &rows));
	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (!rows_count(rows)) {
		ret->html = tr(req->pool, req->lang, "task.no_id", SLOT_I("id", args->id));
		return NULL;
	}
	task = task_row(rows, 0, 0);
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "task", .object_id = task.id };
	ret->html = tr(req->pool, req->lang, "task.updated", SLOT_S("title", task.title),
		       SLOT_I("id", task.id), SLOT_S("extras", task_extras(req, &task)));
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.done"), task_done_data(req, task.id));
	return NULL;
}

const struct tool tool_update_task = {
	.name = "update_task",
	.description =
		"Changes an open or closed task by its number: title, details, priority, due day or time, tags, status.",
	.params = params,
	.args_size = sizeof(struct args),
	.effect = TOOL_REVERSIBLE,
	.min_role = ROLE_USER,
	.run = run,
};
