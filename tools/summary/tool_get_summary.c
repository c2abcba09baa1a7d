#include "core/limits.h"
#include "core/text.h"
#include "tools/event/event_view.h"
#include "tools/reminder/reminder_view.h"
#include "tools/task/task_view.h"

struct args {
	const char *start, *end;
};

static const struct json_field params[] = {
	{ "start", JSON_TEXT, 0, offsetof(struct args, start), 0, 40, NULL,
	  "the day, local: 2026-11-30; today when left out" },
	{ "end", JSON_TEXT, 0, offsetof(struct args, end), 0, 40, NULL, NULL },
	{ 0 },
};

static const int64_t day_s = 86400;
static const int shown = 10;

/* The day that is told of, and its text under way. */
struct day {
	struct req *req;
	struct when when;
	const char *iso;
	bool today;
	struct buf html;
	struct outcome *ret;
};

static void head(struct day *d, const char *key)
{
	buf_fmt(&d->html, "\n\n<b>%s</b>", tr(d->req->pool, d->req->lang, key));
}

static NODISCARD err_t *events(struct day *d, struct tx *tx)
{
	struct event_row *v;
	size_t n;

	ERR(event_window(d->req, tx, d->when.wall, d->when.wall + day_s, "", &n, &v));
	if (n)
		head(d, "summary.events");
	for (size_t i = 0; i < n; i++)
		buf_fmt(&d->html, "\n%s · %s", event_hours(d->req, &v[i]),
			text_html(d->req->pool, text_cut(d->req->pool, v[i].title, 80)));
	return NULL;
}

static NODISCARD err_t *tasks(struct day *d, struct tx *tx)
{
	struct rows *rows;
	int said = -1; /* of the two heads */

	ERR(tx_exec(tx, STMT_SUMMARY_TASKS, PG_ARGS(PG_TEXT(d->iso)), &rows));
	for (int i = 0; i < rows_count(rows) && i < shown; i++) {
		struct task_row task = task_row(d->req, rows, i, COL_SUMMARY_TASKS_TASK);
		bool late = rows_bool(rows, i, COL_SUMMARY_TASKS_LATE);

		if (said != late)
			head(d, late ? "summary.late" : d->today ? "summary.due" : "summary.due_then");
		said = late;
		buf_fmt(&d->html, "\n%s", task_line(d->req, &task));
		outcome_button(d->req, d->ret, i / 5,
			       tr(d->req->pool, d->req->lang, "button.done_id", SLOT_I("id", task.id)),
			       task_done_data(d->req, task.id));
	}
	if (rows_count(rows) > shown)
		buf_fmt(&d->html, "\n%s", tr(d->req->pool, d->req->lang, "summary.more"));
	return NULL;
}

static NODISCARD err_t *reminders(struct day *d, struct tx *tx)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_SUMMARY_REMINDERS, PG_ARGS(PG_TIME(when_instant(d->req, d->when.wall + day_s))),
		    &rows));
	if (rows_count(rows))
		head(d, "summary.reminders");
	for (int i = 0; i < rows_count(rows); i++) {
		struct reminder_row r = reminder_row(d->req, rows, i, COL_SUMMARY_REMINDERS_REMINDER);

		buf_fmt(&d->html, "\n%s · %s", when_time(d->req, &r.when),
			text_html(d->req->pool, text_cut(d->req->pool, r.text, 80)));
	}
	return NULL;
}

static NODISCARD err_t *counts(struct day *d, struct tx *tx)
{
	struct rows *rows;
	bool quiet = d->html.n == 0;

	ERR(tx_exec(tx, STMT_SUMMARY_COUNTS, PG_ARGS(PG_TEXT(d->iso)), &rows));
	if (quiet)
		buf_fmt(&d->html, "\n\n%s", tr(d->req->pool, d->req->lang, "summary.nothing"));
	buf_fmt(&d->html, "\n\n%s",
		tr(d->req->pool, d->req->lang, "summary.counts",
		   SLOT_I("open", rows_int(rows, 0, COL_SUMMARY_COUNTS_OPEN)),
		   SLOT_I("done", rows_int(rows, 0, COL_SUMMARY_COUNTS_DONE))));
	if (rows_int(rows, 0, COL_SUMMARY_COUNTS_INBOX))
		buf_fmt(&d->html, "\n%s",
			tr(d->req->pool, d->req->lang, "summary.inbox",
			   SLOT_I("n", rows_int(rows, 0, COL_SUMMARY_COUNTS_INBOX))));
	if (rows_int(rows, 0, COL_SUMMARY_COUNTS_FOLLOW_UPS))
		buf_fmt(&d->html, "\n%s",
			tr(d->req->pool, d->req->lang, "summary.contacts",
			   SLOT_I("n", rows_int(rows, 0, COL_SUMMARY_COUNTS_FOLLOW_UPS))));
	if (d->today && !rows_bool(rows, 0, COL_SUMMARY_COUNTS_CHECKED_IN))
		buf_fmt(&d->html, "\n%s", tr(d->req->pool, d->req->lang, "summary.checkin"));
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct day d = { .req = req, .html = buf_new(req->pool, LIMIT_MESSAGE_BYTES), .ret = ret };
	int64_t today = when_now(req) / day_s * day_s;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	d.when.wall = today;
	if (args->start && !when_read(req, args->start, &d.when))
		return err_new(ERR_INVALID, "\"start\": not a local day like 2026-11-30");
	d.when = (struct when){ .wall = d.when.wall / day_s * day_s };
	d.today = d.when.wall == today;
	d.iso = when_date(req, &d.when);
	ERR(events(&d, tx));
	ERR(tasks(&d, tx));
	ERR(reminders(&d, tx));
	ERR(counts(&d, tx));
	ERR(buf_check(&d.html));
	ret->html = mem_fmt(req->pool, "%s%s",
			    tr(req->pool, req->lang, "summary.head", SLOT_S("day", when_text(req, &d.when))),
			    d.html.p);
	return NULL;
}

const struct tool tool_get_summary = {
	.name = "get_summary",
	.description =
		"Shows a day at a glance: calendar, tasks due and overdue, reminders, what else waits.",
	.params = params,
	.args_size = sizeof(struct args),
	.effect = TOOL_READ,
	.words = { .when = "start" },
	.min_role = ROLE_GUEST,
	.commands = "resumo summary",
	.run = run,
};
