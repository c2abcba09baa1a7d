#include "core/clock.h"
#include "core/text.h"
#include "tools/routine/evening_view.h"
#include "tools/task/task_view.h"
#include "tools/when.h"

struct args {
	int64_t id, minutes;
	const char *day;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL, "the task's number" },
	{ "minutes", JSON_INT, 0, offsetof(struct args, minutes), 1, 525600, NULL,
	  "how long from now; to the next day, at its hour, when left out" },
	{ "day", JSON_TEXT, 0, offsetof(struct args, day), 0, 19, NULL,
	  "answers with that day's review; without a number all that it left open is moved" },
	{ 0 },
};

struct postponed {
	int64_t n;
	const char *due;
};

static const struct json_field result[] = {
	{ "n", JSON_INT, JSON_REQUIRED, offsetof(struct postponed, n) },
	{ "due", JSON_TEXT, JSON_REQUIRED, offsetof(struct postponed, due) },
	{ 0 },
};

/* When it is due now: some minutes from now, or on the day after the review's, today when that is over; without a review, tomorrow. */
static struct when due_of(struct req *req, const struct args *args)
{
	int64_t now = when_now(req), today = now - now % TASK_DAY_S;
	struct when day;

	if (args->minutes)
		return (struct when){ .wall = when_wall(req, req->now + args->minutes * MINUTE_US),
				      .has_time = true };
	if (args->day && when_read(req, args->day, &day) && day.wall < today)
		return (struct when){ .wall = day.wall + TASK_DAY_S > today ? day.wall + TASK_DAY_S : today };
	return (struct when){ .wall = today + TASK_DAY_S };
}

static void gone(struct req *req, struct outcome *ret)
{
	outcome_refuse(req, ret, "not_open", tr(req->pool, req->lang, "postpone.none"));
}

static NODISCARD err_t *one(struct req *req, struct tx *tx, const struct args *args, const struct when *when,
			    const char **ret_lead, struct outcome *ret)
{
	struct task_row task;
	struct rows *rows;
	struct when due;

	ERR(tx_exec(tx, STMT_POSTPONE_TASK,
		    PG_ARGS(PG_INT(args->id), PG_TEXT(when_date(req, when)), PG_TEXT(when_time(req, when))),
		    &rows));
	if (!rows_count(rows)) {
		gone(req, ret);
		return NULL;
	}
	task = task_row(req, rows, 0, COL_POSTPONE_TASK_TASK);
	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "task", .object_id = task.id, .outside = task.outside
	};
	*ret_lead = tr(req->pool, req->lang, "evening.moved", SLOT_S("title", task.title));
	ret->html = tr(req->pool, req->lang, "postpone.done", SLOT_S("title", task.title),
		       SLOT_S("when", when_read(req, task.due, &due) ? when_text(req, &due) : ""));
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.done"), task_done_data(req, task.id));
	outcome_data(req, ret, result, &(struct postponed){ 1, task.due });
	return NULL;
}

static NODISCARD err_t *all(struct req *req, struct tx *tx, const struct args *args, const struct when *when,
			    const char **ret_lead, struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_POSTPONE_ALL, PG_ARGS(PG_TEXT(args->day), PG_TEXT(when_date(req, when))),
		    &rows));
	if (!rows_count(rows)) {
		gone(req, ret);
		return NULL;
	}
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "task" };
	*ret_lead = tr(req->pool, req->lang, "evening.moved_all", SLOT_I("n", rows_count(rows)));
	ret->html = *ret_lead;
	outcome_data(req, ret, result, &(struct postponed){ rows_count(rows), when_date(req, when) });
	return NULL;
}

/* The review once more, below what was done. */
static NODISCARD err_t *review(struct req *req, struct tx *tx, const char *day, const char *lead,
			       struct outcome *ret)
{
	struct outcome shown;

	ERR(evening_view(req, tx, day, "", lead, &shown));
	ret->html = shown.html;
	ret->buttons = shown.buttons;
	ret->buttons_n = shown.buttons_n;
	ret->outside = ret->outside || shown.outside;
	return NULL;
}

static err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct when when = due_of(req, args), day;
	const char *lead = NULL;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (args->day && (!when_read(req, args->day, &day) || day.has_time))
		return err_new(ERR_INVALID, "\"day\": not a day like 2026-11-30");
	if (!args->id && !args->day)
		return err_new(ERR_INVALID, "\"id\": none");
	if (args->id)
		ERR(one(req, tx, args, &when, &lead, ret));
	else
		ERR(all(req, tx, args, &when, &lead, ret));
	return lead && args->day ? review(req, tx, args->day, lead, ret) : NULL;
}

const struct tool tool_postpone_task = {
	.name = "postpone_task",
	.description = "Puts off an open task: some minutes from now, or to the next day.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.min_role = ROLE_USER,
	.internal = true,
	.pressable = true,
	.run = run,
};
