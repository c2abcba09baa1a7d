#include "tools/task/task_view.h"

#include "core/limits.h"
#include "core/text.h"
#include "tools/rule_text.h"
#include "tools/when.h"
#include "tools/words.h"
#include <string.h>

static const size_t line_title_chars = 80, line_tags_chars = 60, line_project_chars = 30;

const struct json_field task_fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct task_row, id) },
	{ "title", JSON_TEXT, JSON_REQUIRED | JSON_WORDS, offsetof(struct task_row, title) },
	{ "status", JSON_TEXT, JSON_REQUIRED, offsetof(struct task_row, status), .values = TASK_STATUSES },
	{ "priority", JSON_TEXT, JSON_REQUIRED, offsetof(struct task_row, priority),
	  .values = TASK_PRIORITIES },
	{ "due", JSON_TEXT, 0, offsetof(struct task_row, due),
	  .doc = "local: 2026-11-30, or 2026-11-30T14:00:00 when it has a time" },
	{ "rrule", JSON_TEXT, 0, offsetof(struct task_row, rrule) },
	{ "tags", JSON_TEXTS, 0, offsetof(struct task_row, tag_list) },
	{ "project", JSON_TEXT, 0, offsetof(struct task_row, project) },
	{ "project_id", JSON_INT, 0, offsetof(struct task_row, project_id) },
	{ "parent", JSON_INT, 0, offsetof(struct task_row, parent) },
	{ "estimate", JSON_INT, 0, offsetof(struct task_row, estimate), .doc = "minutes" },
	{ "outside", JSON_BOOL, 0, offsetof(struct task_row, outside) },
	{ 0 },
};

struct task_row task_row(struct req *req, const struct rows *rows, int row, int col)
{
	struct task_row task = { .id = rows_int(rows, row, col + COL_TASK_ID),
				 .title = rows_text(rows, row, col + COL_TASK_TITLE),
				 .priority = rows_text(rows, row, col + COL_TASK_PRIORITY),
				 .tags = rows_text(rows, row, col + COL_TASK_TAGS),
				 .due_date = rows_text(rows, row, col + COL_TASK_DUE_DATE),
				 .due_time = rows_text(rows, row, col + COL_TASK_DUE_TIME),
				 .rrule = rows_text(rows, row, col + COL_TASK_RRULE),
				 .project = rows_text(rows, row, col + COL_TASK_PROJECT),
				 .status = rows_text(rows, row, col + COL_TASK_STATUS),
				 .estimate = rows_int(rows, row, col + COL_TASK_ESTIMATE),
				 .project_id = rows_int(rows, row, col + COL_TASK_PROJECT_ID),
				 .parent = rows_int(rows, row, col + COL_TASK_PARENT_ID),
				 .outside = rows_bool(rows, row, col + COL_TASK_OUTSIDE) };

	task.due =
		*task.due_time ? mem_fmt(req->pool, "%sT%s:00", task.due_date, task.due_time) : task.due_date;
	task.tag_list = words_tag_list(req->pool, task.tags);
	return task;
}

struct json_list task_rows(struct req *req, const struct rows *rows, int col, int max)
{
	int n = rows_count(rows) < max ? rows_count(rows) : max;
	struct task_row *v = mem_alloc(req->pool, sizeof *v * (size_t)(n + 1));

	for (int i = 0; i < n; i++)
		v[i] = task_row(req, rows, i, col);
	return (struct json_list){ .n = (size_t)n, .v = v };
}

static bool is_usual(const struct task_row *task)
{
	return text_same(task->priority, "medium");
}

/* "amanhã (dom, 22/11) às 14:00"; "" when it is due at no time. */
static const char *due_text(struct req *req, const struct task_row *task)
{
	struct when when;

	return *task->due && when_read(req, task->due, &when) ? when_text(req, &when) : "";
}

const char *task_extras(struct req *req, const struct task_row *task)
{
	struct buf out = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	const char *due = due_text(req, task);

	if (*due)
		buf_fmt(&out, "\n📅 %s", due);
	if (*task->rrule)
		buf_fmt(&out, " · 🔁 %s", rule_text(req, task->rrule));
	if (!is_usual(task))
		buf_fmt(&out, " · %s",
			tr(req->pool, req->lang, mem_fmt(req->pool, "task.priority.%s", task->priority)));
	if (*task->tags)
		buf_fmt(&out, " · #%s", text_html(req->pool, task->tags));
	if (task->estimate)
		buf_fmt(&out, " · ⏱ %s",
			tr(req->pool, req->lang, "task.minutes", SLOT_I("n", task->estimate)));
	if (*task->project)
		buf_fmt(&out, " · 📁 %s", text_html(req->pool, task->project));
	return out.p ? out.p : "";
}

const char *task_line(struct req *req, const struct task_row *task)
{
	apr_pool_t *pool = req->pool;
	const char *mark =
		is_usual(task) ? ""
			       : mem_fmt(pool, "%s ",
					 tr(pool, req->lang, mem_fmt(pool, "task.mark.%s", task->priority)));
	const char *tags =
		*task->tags ? mem_fmt(pool, " · #%s", text_cut(pool, task->tags, line_tags_chars)) : "";

	const char *due = due_text(req, task), *again = *task->rrule ? " 🔁" : "";

	if (*task->project)
		tags = mem_fmt(pool, "%s · 📁 %s", tags, text_cut(pool, task->project, line_project_chars));
	if (*due)
		tags = mem_fmt(pool, " · 📅 %s%s%s", due, again, tags);
	return tr(pool, req->lang, "task.line", SLOT_I("id", task->id), SLOT_S("mark", mark),
		  SLOT_S("title", text_cut(pool, task->title, line_title_chars)), SLOT_S("tags", tags));
}

const char *task_done_data(struct req *req, int64_t id)
{
	return button_act(req->pool, "complete_task", SLOT_I("id", id));
}

void task_list_button(struct req *req, struct outcome *outcome)
{
	outcome_button(req, outcome, 0, tr(req->pool, req->lang, "button.tasks"),
		       button_act(req->pool, "list_tasks", SLOT_I("page", 1)));
}
