#include "core/ical.h"
#include "core/limits.h"
#include "core/text.h"
#include "tools/task/task_find.h"
#include "tools/task/task_view.h"
#include "tools/when.h"
#include "tools/which.h"
#include "tools/words.h"
#include <string.h>

struct args {
	int64_t id, parent, estimate;
	const char *title, *new_title, *description, *priority, *due, *status, *project, *rrule;
	struct json_texts tags;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the task's number; without it, part of the title finds it" },
	{ "title", JSON_TEXT, 0, offsetof(struct args, title), 0, LIMIT_TEXT_IN, NULL,
	  "with the number a new title, 1 to 500 characters; without it part of the present one" },
	{ "new_title", JSON_TEXT, 0, offsetof(struct args, new_title), 0, LIMIT_TEXT_IN, NULL,
	  "a new title, where title finds the task" },
	{ "description", JSON_TEXT, 0, offsetof(struct args, description), 0, 5000, NULL, "new details" },
	{ "priority", JSON_TEXT, 0, offsetof(struct args, priority), 0, 0, TASK_PRIORITIES,
	  "a new priority" },
	{ "due", JSON_TEXT, 0, offsetof(struct args, due), 0, 40, NULL,
	  "when it is due now, local: 2026-11-30, or 2026-11-30T14:00:00 when a time was said; none for no day" },
	{ "status", JSON_TEXT, 0, offsetof(struct args, status), 0, 0, "todo in_progress cancelled",
	  "to begin it, to leave it, or to open it again; to finish it use complete_task" },
	{ "tags", JSON_TEXTS, 0, offsetof(struct args, tags), 0, WORDS_TAGS, NULL,
	  "all its tags from now on, one word each, without #" },
	{ "project", JSON_TEXT, 0, offsetof(struct args, project), 0, 500, NULL,
	  "the project it belongs to now, by number or name; none for no project" },
	{ "parent", JSON_INT, 0, offsetof(struct args, parent), -1, INT64_MAX, NULL,
	  "the number of the task that it is a part of; -1 for none" },
	{ "estimate", JSON_INT, 0, offsetof(struct args, estimate), -1, TASK_ESTIMATE_MAX, NULL,
	  "how long it takes, in minutes; -1 for unknown" },
	{ "rrule", JSON_TEXT, 0, offsetof(struct args, rrule), 0, 500, NULL,
	  "how it repeats from now on, RFC 5545 without RRULE:; none for no more" },
	{ 0 },
};

struct updated {
	const struct task_row *task;
	struct json_list candidates;
};

static const struct json_field result[] = {
	{ "task", JSON_OBJECT, JSON_REQUIRED, offsetof(struct updated, task), .of = task_fields },
	WHICH_CANDIDATES(offsetof(struct updated, candidates), task_fields, task_row),
	{ 0 },
};

/* What is to change; NULL stays as it is. */
struct change {
	int64_t id;
	const char *title, *due_date, *due_time;
	bool due; /* the day changes, perhaps to none */
	struct json_texts tags;
	int64_t project; /* 0: none */
};

static bool is_none(const char *text)
{
	return !*text || text_same(text, "none");
}

static NODISCARD err_t *read_due(struct req *req, const char *due, struct change *ret)
{
	struct when when;

	ret->due = due != NULL;
	if (!due || is_none(due))
		return NULL;
	if (!when_read(req, due, &when))
		return err_new(ERR_INVALID,
			       "\"due\": not a local day or time like 2026-11-30 or 2026-11-30T14:00:00");
	ret->due_date = when_date(req, &when);
	ret->due_time = when_time(req, &when);
	return NULL;
}

static NODISCARD err_t *change_read(struct req *req, const struct args *args, struct change *ret)
{
	const char *title = args->new_title ? args->new_title : args->id ? args->title : NULL;

	*ret = (struct change){ .id = args->id, .tags = words_tags(req->pool, &args->tags) };
	if (title)
		ret->title = words_line(req->pool, title);
	if (ret->title && (!*ret->title || words_chars(ret->title) > TASK_TITLE_CHARS))
		return err_new(ERR_INVALID, "\"title\": 1 to %d characters", TASK_TITLE_CHARS);
	if (args->rrule && !is_none(args->rrule))
		ERR(ical_rule_check(args->rrule));
	return read_due(req, args->due, ret);
}

static bool changes(const struct args *args, const struct change *change)
{
	return change->title || args->description || args->priority || change->due || args->status ||
	       args->tags.n || args->project || args->parent || args->estimate || args->rrule;
}

/* What a button carries to the task that it chooses; NULL when that is more than a button can. */
static const struct slot *carried(struct req *req, const struct args *args)
{
	const struct slot more[] = { SLOT_S("priority", args->priority),
				     SLOT_S("status", args->status),
				     SLOT_S("due", args->due),
				     { NULL, NULL, 0 } };

	if (args->new_title || args->description || args->tags.n || args->project || args->parent ||
	    args->estimate || args->rrule)
		return NULL;
	if (!args->priority && !args->status && !args->due)
		return NULL;
	return memcpy(mem_alloc(req->pool, sizeof more), more, sizeof more);
}

static NODISCARD err_t *find(struct req *req, struct tx *tx, const struct args *args, struct change *change,
			     struct outcome *ret)
{
	const char *title = args->title ? words_line(req->pool, args->title) : "";
	struct task_which which = { "task.which_update", NULL, "update_task", carried(req, args) };

	if (change->id)
		return NULL;
	if (*title)
		return task_find(req, tx, title, &which, &change->id, ret);
	outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.update_task"));
	return NULL;
}

/* What it is to belong to must be there; ret->html is set when it is not. */
static NODISCARD err_t *belongs(struct req *req, struct tx *tx, const struct args *args,
				struct change *change, struct outcome *ret)
{
	const char *name;
	struct rows *rows;

	if (args->project && !is_none(args->project))
		ERR(task_project(req, tx, args->project, &change->project, &name, ret));
	if (ret->html || args->parent <= 0)
		return NULL;
	ERR(tx_exec(tx, STMT_TASK_STATUS, PG_ARGS(PG_INT(args->parent)), &rows));
	if (!rows_count(rows)) {
		task_absent(req, args->parent, ret);
		return NULL;
	}
	ERR(tx_exec(tx, STMT_TASK_ABOVE, PG_ARGS(PG_INT(change->id), PG_INT(args->parent)), &rows));
	if (rows_count(rows))
		outcome_refuse(req, ret, "parent_loop",
			       tr(req->pool, req->lang, "task.parent_loop", SLOT_I("id", change->id)));
	return NULL;
}

static void render(struct req *req, const struct task_row *task, struct outcome *ret)
{
	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "task", .object_id = task->id, .outside = task->outside
	};
	outcome_data(req, ret, result, &(struct updated){ .task = task });
	ret->html = tr(req->pool, req->lang, "task.updated", SLOT_S("title", task->title),
		       SLOT_I("id", task->id), SLOT_S("extras", task_extras(req, task)));
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.done"), task_done_data(req, task->id));
}

static NODISCARD err_t *put(struct req *req, struct tx *tx, const struct args *args,
			    const struct change *change, struct outcome *ret)
{
	struct task_row task;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_TASK_UPDATE,
		    PG_ARGS(PG_INT(change->id), PG_TEXT(change->title), PG_TEXT(args->description),
			    PG_TEXT(args->priority), PG_BOOL(change->due), PG_TEXT(change->due_date),
			    PG_TEXT(change->due_time), PG_TEXT(args->status), PG_BOOL(args->tags.n > 0),
			    PG_TEXTS(change->tags.v, change->tags.n), PG_BOOL(args->project != NULL),
			    change->project ? PG_INT(change->project) : PG_INT_NULL,
			    PG_BOOL(args->parent != 0), args->parent > 0 ? PG_INT(args->parent) : PG_INT_NULL,
			    PG_BOOL(args->estimate != 0),
			    args->estimate > 0 ? PG_INT(args->estimate) : PG_INT_NULL,
			    PG_BOOL(args->rrule != NULL),
			    PG_TEXT(args->rrule && !is_none(args->rrule) ? args->rrule : NULL)),
		    &rows));
	if (!rows_count(rows)) {
		task_absent(req, change->id, ret);
		return NULL;
	}
	task = task_row(req, rows, 0, COL_TASK_UPDATE_TASK);
	render(req, &task, ret);
	return NULL;
}

/* The task is named, but nothing of it that should be different. */
static NODISCARD err_t *ask_what(struct req *req, struct tx *tx, int64_t id, struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_TASK_STATUS, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows)) {
		task_absent(req, id, ret);
		return NULL;
	}
	ret->outside = rows_bool(rows, 0, COL_TASK_STATUS_OUTSIDE);
	outcome_refuse(req, ret, "nothing_to_change",
		       tr(req->pool, req->lang, "task.nothing_changed", SLOT_I("id", id),
			  SLOT_S("title", rows_text(rows, 0, COL_TASK_STATUS_TITLE))));
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct change change;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(change_read(req, args, &change));
	ERR(find(req, tx, args, &change, ret));
	if (!ret->html && !changes(args, &change))
		return ask_what(req, tx, change.id, ret);
	if (!ret->html)
		ERR(belongs(req, tx, args, &change, ret));
	return ret->html ? NULL : put(req, tx, args, &change, ret);
}

const struct tool tool_update_task = {
	.name = "update_task",
	.description =
		"Changes an open or closed task: title, details, priority, due day or time, tags, status, project, what it is a "
		"part of, estimate, how it repeats.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_CHANGE,
	.always_offered = true,
	.words = { .what = "title id", .when = "due" },
	.min_role = ROLE_USER,
	.run = run,
};
