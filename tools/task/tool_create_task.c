#include "core/ical.h"
#include "core/limits.h"
#include "tools/reminder/reminder_view.h"
#include "tools/task/task_find.h"
#include "tools/task/task_view.h"
#include "tools/tool.h"
#include "tools/when.h"
#include "tools/words.h"

struct args {
	const char *title, *description, *priority, *due, *or_due, *project, *rrule;
	int64_t parent, estimate;
	struct json_texts tags;
};

static const struct json_field params[] = {
	{ "title", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, title), 0, LIMIT_TEXT_IN, NULL,
	  "what is to be done, in the person's words, without tags or priority; 1 to 500 characters" },
	{ "description", JSON_TEXT, 0, offsetof(struct args, description), 0, 5000, NULL,
	  "details that do not belong in the title" },
	{ "priority", JSON_TEXT, 0, offsetof(struct args, priority), 0, 0, TASK_PRIORITIES,
	  "medium when left out" },
	{ "due", JSON_TEXT, 0, offsetof(struct args, due), 0, 40, NULL,
	  "when it is due, local: 2026-11-30, or 2026-11-30T14:00:00 when a time was said" },
	{ "or_due", JSON_TEXT, 0, offsetof(struct args, or_due), 0, 40, NULL,
	  "another reading of an ambiguous due time, offered to the person as one tap" },
	{ "tags", JSON_TEXTS, 0, offsetof(struct args, tags), 0, WORDS_TAGS, NULL,
	  "one word each, without #" },
	{ "project", JSON_TEXT, 0, offsetof(struct args, project), 0, 500, NULL,
	  "the project it belongs to: its number or name" },
	{ "parent", JSON_INT, 0, offsetof(struct args, parent), 1, INT64_MAX, NULL,
	  "the number of the task that it is a part of" },
	{ "estimate", JSON_INT, 0, offsetof(struct args, estimate), 1, TASK_ESTIMATE_MAX, NULL,
	  "how long it takes, in minutes" },
	{ "rrule", JSON_TEXT, 0, offsetof(struct args, rrule), 0, 500, NULL,
	  "how it repeats, RFC 5545 without RRULE:, as FREQ=WEEKLY;BYDAY=MO; due is the first time" },
	{ 0 },
};

struct created {
	const struct task_row *task;
};

static const struct json_field result[] = {
	{ "task", JSON_OBJECT, JSON_REQUIRED, offsetof(struct created, task), .of = task_fields },
	{ 0 },
};

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	struct words words = words_take(req->pool, text, true);
	struct json *args;
	struct when when;
	const char *rest;

	if (!*words.text)
		return NULL;
	args = json_object(req->pool);
	if (when_find(req, words.text, &when, &rest) && *rest) {
		json_set_text(args, "due", when_iso(req, &when));
		if (when.rrule)
			json_set_text(args, "rrule", when.rrule);
		if (when.has_other)
			json_set_text(args, "or_due", when_other_iso(req, &when));
		words.text = rest;
	}
	json_set_text(args, "title", words.text);
	if (words.priority)
		json_set_text(args, "priority", words.priority);
	json_set(args, "tags", words_json(req->pool, &words.tags));
	*ret_args = args;
	return NULL;
}

/* One tap to the other reading of the day. */
static void offer_other(struct req *req, const struct args *args, const struct when *due, int64_t id,
			struct outcome *ret)
{
	struct when other;

	if (!args->due || !args->or_due || !when_read(req, args->or_due, &other))
		return;
	outcome_button(req, ret, 1, when_other_label(req, due, &other),
		       button_act(req->pool, "update_task", SLOT_I("id", id),
				  SLOT_S("due", when_iso(req, &other))));
}

static void render(struct req *req, const struct task_row *task, struct outcome *ret)
{
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "task", .object_id = task->id };
	ret->html = tr(req->pool, req->lang, "task.created", SLOT_S("title", task->title),
		       SLOT_I("id", task->id), SLOT_S("extras", task_extras(req, task)));
	outcome_data(req, ret, result, &(struct created){ task });
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.done"), task_done_data(req, task->id));
}

/* A task as it is about to be kept. */
struct fresh {
	const char *title;
	struct json_texts tags;
	struct when due;
	bool has_due;
	int64_t project; /* 0: none */
};

/* One that repeats begins on the first day of its rule, unless another was said. */
static NODISCARD err_t *read_due(struct req *req, const struct args *args, struct fresh *task)
{
	int64_t now = when_now(req), today = now - now % TASK_DAY_S;

	task->has_due = args->due != NULL;
	if (args->due && !when_read(req, args->due, &task->due))
		return err_new(ERR_INVALID,
			       "\"due\": not a local day or time like 2026-11-30 or 2026-11-30T14:00:00");
	if (!args->rrule)
		return NULL;
	ERR(ical_rule_check(args->rrule));
	if (!args->due)
		task->has_due = reminder_next(args->rrule, today, today - 1, &task->due.wall);
	return NULL;
}

static void title_check(struct req *req, const char *title, struct outcome *ret)
{
	if (!*title)
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.create_task"));
	else if (words_chars(title) > TASK_TITLE_CHARS)
		outcome_refuse(req, ret, "too_long",
			       tr(req->pool, req->lang, "task.title_long", SLOT_I("max", TASK_TITLE_CHARS),
				  SLOT_I("n", words_chars(title))));
}

/* What it belongs to must be there; ret->html is set when it is not. */
static NODISCARD err_t *belongs(struct req *req, struct tx *tx, const struct args *args, struct fresh *task,
				struct outcome *ret)
{
	const char *name;
	struct rows *rows;

	if (args->project)
		ERR(task_project(req, tx, args->project, &task->project, &name, ret));
	if (ret->html || !args->parent)
		return NULL;
	ERR(tx_exec(tx, STMT_TASK_STATUS, PG_ARGS(PG_INT(args->parent)), &rows));
	if (!rows_count(rows))
		task_absent(req, args->parent, ret);
	return NULL;
}

static NODISCARD err_t *put(struct req *req, struct tx *tx, const struct args *args,
			    const struct fresh *fresh, struct outcome *ret)
{
	struct task_row task;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_TASK_PUT,
		    PG_ARGS(PG_TEXT(fresh->title), PG_TEXT(args->description ? args->description : ""),
			    PG_TEXT(args->priority ? args->priority : "medium"),
			    PG_TEXTS(fresh->tags.v, fresh->tags.n),
			    PG_TEXT(fresh->has_due ? when_date(req, &fresh->due) : NULL),
			    PG_TEXT(fresh->has_due ? when_time(req, &fresh->due) : NULL),
			    fresh->project ? PG_INT(fresh->project) : PG_INT_NULL,
			    args->parent ? PG_INT(args->parent) : PG_INT_NULL,
			    args->estimate ? PG_INT(args->estimate) : PG_INT_NULL, PG_TEXT(args->rrule),
			    PG_BOOL(false)),
		    &rows));
	task = task_row(req, rows, 0, COL_TASK_PUT_TASK);
	render(req, &task, ret);
	offer_other(req, args, &fresh->due, task.id, ret);
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct fresh task = { .title = words_line(req->pool, args->title),
			      .tags = words_tags(req->pool, &args->tags) };

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(read_due(req, args, &task));
	title_check(req, task.title, ret);
	if (!ret->html)
		ERR(belongs(req, tx, args, &task, ret));
	return ret->html ? NULL : put(req, tx, args, &task, ret);
}

const struct tool tool_create_task = {
	.name = "create_task",
	.description = "Notes something the person has to do, once or again and again, at once and undoable.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_MAKE,
	.always_offered = true,
	.words = { .what = "title", .when = "due" },
	.min_role = ROLE_USER,
	.commands = "tarefa task",
	.from_text = from_text,
	.run = run,
};
