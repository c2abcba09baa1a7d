#include "tools/task/task_view.h"

#include "core/limits.h"
#include "core/text.h"
#include "tools/rule_text.h"
#include "tools/when.h"

static const size_t line_title_chars = 80, line_tags_chars = 60, line_project_chars = 30;

struct task_row task_row(const struct rows *rows, int row, int col)
{
	return (struct task_row){ .id = rows_int(rows, row, col + COL_TASK_ID),
				  .title = rows_text(rows, row, col + COL_TASK_TITLE),
				  .priority = rows_text(rows, row, col + COL_TASK_PRIORITY),
				  .tags = rows_text(rows, row, col + COL_TASK_TAGS),
				  .due_date = rows_text(rows, row, col + COL_TASK_DUE_DATE),
				  .due_time = rows_text(rows, row, col + COL_TASK_DUE_TIME),
				  .rrule = rows_text(rows, row, col + COL_TASK_RRULE),
				  .project = rows_text(rows, row, col + COL_TASK_PROJECT),
				  .estimate = rows_int(rows, row, col + COL_TASK_ESTIMATE) };
}

static bool is_usual(const struct task_row *task)
{
	return text_same(task->priority, "medium");
}

/* "amanhã (dom, 22/11) às 14:00"; "" when it is due at no time. */
static const char *due_text(struct req *req, const struct task_row *task)
{
	const char *iso = *task->due_time ? mem_fmt(req->pool, "%sT%s", task->due_date, task->due_time)
					  : task->due_date;
	struct when when;

	return *task->due_date && when_read(req, iso, &when) ? when_text(req, &when) : "";
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
	return mem_fmt(req->pool, "t:complete_task:%lld", (long long)id);
}
