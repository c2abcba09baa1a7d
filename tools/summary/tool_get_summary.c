#include "core/limits.h"
#include "core/text.h"
#include "tools/event/event_google.h"
#include "tools/reminder/reminder_view.h"
#include "tools/task/task_view.h"

struct args {
	const char *start, *end;
	const char *note; /* of fetch */
};

static const struct json_field params[] = {
	{ "start", JSON_TEXT, 0, offsetof(struct args, start), 0, 40, NULL,
	  "the day, local: 2026-11-30; today when left out" },
	{ "end", JSON_TEXT, 0, offsetof(struct args, end), 0, 40, NULL, NULL },
	{ 0 },
};

/* What is told, as data. */
struct glance {
	const char *day;
	struct json_list events, tasks, reminders;
	bool more_tasks, checked_in;
	int64_t open, done, inbox, follow_ups;
};

static const struct json_field result[] = {
	{ "day", JSON_TEXT, JSON_REQUIRED, offsetof(struct glance, day) },
	{ "events", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct glance, events), .of = event_fields,
	  .size = sizeof(struct event_data) },
	{ "tasks", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct glance, tasks), .of = task_fields,
	  .size = sizeof(struct task_row), .doc = "open and due by that day, the most overdue first" },
	{ "more_tasks", JSON_BOOL, 0, offsetof(struct glance, more_tasks), .doc = "list_tasks shows them" },
	{ "reminders", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct glance, reminders), .of = reminder_fields,
	  .size = sizeof(struct reminder_row) },
	{ "open_tasks", JSON_INT, JSON_REQUIRED, offsetof(struct glance, open) },
	{ "done_tasks", JSON_INT, JSON_REQUIRED, offsetof(struct glance, done), .doc = "that day" },
	{ "inbox", JSON_INT, JSON_REQUIRED, offsetof(struct glance, inbox), .doc = "items that wait" },
	{ "follow_ups", JSON_INT, JSON_REQUIRED, offsetof(struct glance, follow_ups),
	  .doc = "contacts to get back to" },
	{ "checked_in", JSON_BOOL, JSON_REQUIRED, offsetof(struct glance, checked_in) },
	{ 0 },
};

static const int64_t day_s = 86400;
enum { SHOWN = 10, WAIT_MS = 3000 };

/* The day that is told of, and its text under way. */
struct day {
	struct req *req;
	struct when when;
	const char *iso;
	bool today;
	struct buf html;
	struct outcome *ret;
	struct glance glance;
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
	for (size_t i = 0; i < n; i++) {
		buf_fmt(&d->html, "\n%s · %s", event_hours(d->req, &v[i]),
			text_html(d->req->pool, text_cut(d->req->pool, v[i].title, 80)));
		d->ret->outside = d->ret->outside || v[i].outside;
	}
	d->glance.events = event_list(d->req, v, n);
	return NULL;
}

static NODISCARD err_t *tasks(struct day *d, struct tx *tx)
{
	const struct task_row *v;
	struct rows *rows;
	int said = -1; /* of the two heads */

	ERR(tx_exec(tx, STMT_SUMMARY_TASKS, PG_ARGS(PG_TEXT(d->iso)), &rows));
	d->glance.tasks = task_rows(d->req, rows, COL_SUMMARY_TASKS_TASK, SHOWN);
	d->glance.more_tasks = rows_count(rows) > SHOWN;
	v = d->glance.tasks.v;
	for (int i = 0; i < (int)d->glance.tasks.n; i++) {
		bool late = rows_bool(rows, i, COL_SUMMARY_TASKS_LATE);

		if (said != late)
			head(d, late ? "summary.late" : d->today ? "summary.due" : "summary.due_then");
		said = late;
		buf_fmt(&d->html, "\n%s", task_line(d->req, &v[i]));
		outcome_button(d->req, d->ret, i / 5,
			       tr(d->req->pool, d->req->lang, "button.done_id", SLOT_I("id", v[i].id)),
			       task_done_data(d->req, v[i].id));
		d->ret->outside = d->ret->outside || v[i].outside;
	}
	if (d->glance.more_tasks)
		buf_fmt(&d->html, "\n%s", tr(d->req->pool, d->req->lang, "summary.more"));
	return NULL;
}

static NODISCARD err_t *reminders(struct day *d, struct tx *tx)
{
	const struct reminder_row *v;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_SUMMARY_REMINDERS,
		    PG_ARGS(PG_TIME(when_instant(d->req, d->when.wall + day_s)), PG_BOOL(d->today)), &rows));
	if (rows_count(rows))
		head(d, "summary.reminders");
	d->glance.reminders = reminder_rows(d->req, rows, COL_SUMMARY_REMINDERS_REMINDER, SHOWN);
	v = d->glance.reminders.v;
	for (int i = 0; i < (int)d->glance.reminders.n; i++) {
		buf_fmt(&d->html, "\n%s · %s", when_time(d->req, &v[i].when),
			text_html(d->req->pool, text_cut(d->req->pool, v[i].text, 80)));
		if (v[i].rang)
			buf_fmt(&d->html, " · %s", reminder_rang(d->req, &v[i]));
		d->ret->outside = d->ret->outside || v[i].outside;
	}
	return NULL;
}

static NODISCARD err_t *counts(struct day *d, struct tx *tx)
{
	struct glance *g = &d->glance;
	bool quiet = d->html.n == 0;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_SUMMARY_COUNTS, PG_ARGS(PG_TEXT(d->iso)), &rows));
	g->open = rows_int(rows, 0, COL_SUMMARY_COUNTS_OPEN);
	g->done = rows_int(rows, 0, COL_SUMMARY_COUNTS_DONE);
	g->inbox = rows_int(rows, 0, COL_SUMMARY_COUNTS_INBOX);
	g->follow_ups = rows_int(rows, 0, COL_SUMMARY_COUNTS_FOLLOW_UPS);
	g->checked_in = rows_bool(rows, 0, COL_SUMMARY_COUNTS_CHECKED_IN);
	if (quiet)
		buf_fmt(&d->html, "\n\n%s", tr(d->req->pool, d->req->lang, "summary.nothing"));
	buf_fmt(&d->html, "\n\n%s",
		tr(d->req->pool, d->req->lang, "summary.counts", SLOT_I("open", g->open),
		   SLOT_I("done", g->done)));
	if (g->inbox)
		buf_fmt(&d->html, "\n%s",
			tr(d->req->pool, d->req->lang, "summary.inbox", SLOT_I("n", g->inbox)));
	if (g->follow_ups)
		buf_fmt(&d->html, "\n%s",
			tr(d->req->pool, d->req->lang, "summary.contacts", SLOT_I("n", g->follow_ups)));
	if (d->today && !g->checked_in)
		buf_fmt(&d->html, "\n%s", tr(d->req->pool, d->req->lang, "summary.checkin"));
	return NULL;
}

static err_t *fetch(struct req *req, void *p, struct outcome *ret)
{
	struct args *args = p;

	(void)ret;
	return event_fresh(req, WAIT_MS, &args->note);
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
	d.iso = d.glance.day = when_date(req, &d.when);
	ERR(events(&d, tx));
	ERR(tasks(&d, tx));
	ERR(reminders(&d, tx));
	ERR(counts(&d, tx));
	ERR(buf_check(&d.html));
	outcome_data(req, ret, result, &d.glance);
	ret->html = mem_fmt(req->pool, "%s%s",
			    tr(req->pool, req->lang, "summary.head", SLOT_S("day", when_text(req, &d.when))),
			    d.html.p);
	if (args->note && *args->note)
		ret->html = mem_fmt(req->pool, "%s\n\n%s", ret->html, args->note);
	return NULL;
}

const struct tool tool_get_summary = {
	.name = "get_summary",
	.description =
		"Shows a day at a glance: calendar, tasks due and overdue, reminders, what else waits.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ,
	.words = { .when = "start" },
	.min_role = ROLE_GUEST,
	.commands = "resumo summary",
	.fetch = fetch,
	.run = run,
};
