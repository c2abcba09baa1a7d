#include "core/ical.h"
#include "core/limits.h"
#include "core/text.h"
#include "ml/date/date.h"
#include "tools/project/project_view.h"
#include "tools/registry.h"
#include "tools/reminder/reminder_view.h"
#include "tools/reminder/reminder_settle.h"
#include "tools/task/task_find.h"
#include "tools/task/task_list.h"
#include "tools/task/task_view.h"
#include "tools/which.h"
#include "tools/words.h"
#include <string.h>

struct args {
	int64_t id;
	const char *title, *list;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the task's number; give it or the title" },
	{ "title", JSON_TEXT, 0, offsetof(struct args, title), 0, LIMIT_TEXT_IN, NULL,
	  "part of the title, when the number is not known" },
	{ "list", JSON_TEXT, 0, offsetof(struct args, list), 0, LIMIT_TEXT_IN, NULL,
	  "only of a list's own buttons: which page to show again" },
	{ 0 },
};

/* What was done; of one that repeats the next one's number and day. In place of a task a reminder that rang, where the words
 * are about that. */
struct completed {
	const struct task_row *task;
	const struct reminder_row *reminder;
	int64_t next_id;
	const char *next_due;
	struct json_list candidates;
};

static const struct json_field result[] = {
	{ "task", JSON_OBJECT, 0, offsetof(struct completed, task), .of = task_fields },
	{ "reminder", JSON_OBJECT, 0, offsetof(struct completed, reminder), .of = reminder_fields,
	  .doc = "in place of a task: a reminder that rang" },
	{ "next_id", JSON_INT, 0, offsetof(struct completed, next_id) },
	{ "next_due", JSON_TEXT, 0, offsetof(struct completed, next_due) },
	WHICH_CANDIDATES(offsetof(struct completed, candidates), task_fields, task_row),
	{ 0 },
};

static const struct task_which which = { "task.which", "task.which_of_many", "complete_task",
					 TASK_NOTHING_MORE };

static const char project_prefix[] = "open=";

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	*ret_args = task_find_args(req, text);
	return NULL;
}

/* What was done, of a recurring one with its day, time and rule. */
struct done {
	struct task_row task;
	int64_t next_id;
	struct when due, next;
};

/* COUNT=5 is what is left of a rule from its task's day on: the next one has fewer. NULL: none is left. */
static NODISCARD err_t *rule_left(struct req *req, const struct done *done, const char **ret_rrule)
{
	const char *count = strstr(done->task.rrule, "COUNT="), *end;
	int64_t n, used;

	*ret_rrule = done->task.rrule;
	if (!count)
		return NULL;
	end = count + strcspn(count, ";");
	if (!text_int(mem_textn(req->pool, count + 6, (size_t)(end - count - 6)), &n))
		return NULL;
	ERR(ical_rule_count(done->task.rrule, done->due.wall, done->due.wall - 1, done->next.wall - 1, n,
			    &used));
	*ret_rrule = used < n ? mem_fmt(req->pool, "%s%lld%s",
					mem_textn(req->pool, done->task.rrule,
						  (size_t)(count + 6 - done->task.rrule)),
					(long long)(n - used), end)
			      : NULL;
	return NULL;
}

/* Where its rule goes on: on a day after the one it was due on, and after today. */
static NODISCARD err_t *put_next(struct req *req, struct tx *tx, struct done *done)
{
	int64_t now = when_now(req), from = done->due.wall > now ? done->due.wall : now;
	const char *rrule;
	struct rows *rows;

	done->next.has_time = done->due.has_time;
	if (!reminder_next(done->task.rrule, done->due.wall, from - from % TASK_DAY_S + TASK_DAY_S - 1,
			   &done->next.wall))
		return NULL;
	ERR(rule_left(req, done, &rrule));
	if (!rrule)
		return NULL;
	ERR(tx_exec(tx, STMT_TASK_NEXT,
		    PG_ARGS(PG_INT(done->task.id), PG_TEXT(when_date(req, &done->next)),
			    PG_TEXT(when_time(req, &done->next)), PG_TEXT(rrule)),
		    &rows));
	done->next_id = rows_int(rows, 0, COL_TASK_NEXT_ID);
	return NULL;
}

static struct done done_row(struct req *req, const struct rows *rows)
{
	struct done done = { .task = task_row(req, rows, 0, COL_TASK_COMPLETE_TASK) };

	if (!*done.task.due || !when_read(req, done.task.due, &done.due))
		done.due.wall = when_now(req) - when_now(req) % TASK_DAY_S;
	return done;
}

static const char *said(struct req *req, const struct done *done)
{
	if (done->next_id)
		return tr(req->pool, req->lang, "task.completed_next", SLOT_S("title", done->task.title),
			  SLOT_S("when", when_text(req, &done->next)), SLOT_I("id", done->next_id));
	return tr(req->pool, req->lang, *done->task.rrule ? "task.completed_last" : "task.completed",
		  SLOT_S("title", done->task.title));
}

/* Out of a list or a project: that again, below what was done. */
static NODISCARD err_t *show_list(struct req *req, struct tx *tx, const char *list, const char *lead,
				  struct outcome *ret)
{
	const struct json_field *takes = tool_find("list_tasks")->params;
	struct task_filter filter = { 0 };
	int64_t project;
	uint64_t seen;

	if (text_starts(list, project_prefix) && text_int(list + strlen(project_prefix), &project))
		return project_show(req, tx, project, lead, ret);
	ERR(json_decode(req->pool, button_args(req->pool, takes, list), takes, &filter, &seen));
	return task_list_show(req, tx, &filter, lead, ret);
}

static NODISCARD err_t *render(struct req *req, struct tx *tx, const struct done *done, const char *list,
			       struct outcome *ret)
{
	const struct completed data = { .task = &done->task,
					.next_id = done->next_id,
					.next_due = done->next_id ? when_iso(req, &done->next) : "" };

	*ret = (struct outcome){ .kind = OUTCOME_DONE,
				 .object = "task",
				 .object_id = done->task.id,
				 .outside = done->task.outside };
	if (list) {
		ERR(show_list(req, tx, list, said(req, done), ret));
	} else {
		ret->html = said(req, done);
		task_list_button(req, ret);
	}
	ret->kind = OUTCOME_DONE; /* also where that list is gone */
	outcome_data(req, ret, result, &data);
	return NULL;
}

/* Why the task of that number could not be completed. Somebody else's is simply not there. */
static NODISCARD err_t *say_why(struct req *req, struct tx *tx, int64_t id, const char *list,
				struct outcome *ret)
{
	const char *status, *why = "not_found";
	struct rows *rows;

	ERR(tx_exec(tx, STMT_TASK_STATUS, PG_ARGS(PG_INT(id)), &rows));
	task_absent(req, id, ret);
	if (rows_count(rows)) {
		status = rows_text(rows, 0, COL_TASK_STATUS_STATUS);
		why = mem_fmt(req->pool, "already_%s", status);
		ret->html = tr(req->pool, req->lang, mem_fmt(req->pool, "task.already.%s", status),
			       SLOT_S("title", rows_text(rows, 0, COL_TASK_STATUS_TITLE)));
		ret->outside = rows_bool(rows, 0, COL_TASK_STATUS_OUTSIDE);
	}
	if (list)
		ERR(show_list(req, tx, list, ret->html, ret));
	outcome_refuse(req, ret, why, ret->html);
	return NULL;
}

static NODISCARD err_t *by_id(struct req *req, struct tx *tx, int64_t id, const char *list,
			      struct outcome *ret)
{
	struct rows *rows;
	struct done done;

	ERR(tx_exec(tx, STMT_TASK_COMPLETE, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows))
		return say_why(req, tx, id, list, ret);
	done = done_row(req, rows);
	if (*done.task.rrule)
		ERR(put_next(req, tx, &done));
	return render(req, tx, &done, list, ret);
}

/* No task is meant: what rang may be, and else the refusal stands. */
static NODISCARD err_t *what_rang(struct req *req, struct tx *tx, const char *title, struct outcome *ret)
{
	struct reminder_row reminder;
	bool found;

	ERR(reminder_settle(req, tx, title, &reminder, &found, ret));
	if (found)
		outcome_data(req, ret, result, &(struct completed){ .reminder = &reminder });
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *title = args->title ? words_line(req->pool, args->title) : "";
	int64_t id = args->id;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (!id && *title)
		ERR(task_find(req, tx, title, &which, &id, ret));
	if (id)
		return by_id(req, tx, id, args->list, ret);
	if (!*title)
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.complete_task"));
	return text_same(json_text(ret->data, "refused"), "ambiguous") ? NULL
								       : what_rang(req, tx, title, ret);
}

const struct tool tool_complete_task = {
	.name = "complete_task",
	.description =
		"Marks an open task as done, by its number or by part of its title. When several titles match it "
		"asks which. One that repeats gets its next time.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_COMPLETE,
	.always_offered = true,
	.words = { .what = "title id" },
	.min_role = ROLE_USER,
	.commands = "feito done",
	.from_text = from_text,
	.run = run,
};
