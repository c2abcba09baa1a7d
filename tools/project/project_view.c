#include "tools/project/project_view.h"

#include "core/limits.h"
#include "core/text.h"
#include "tools/task/task_view.h"
#include "tools/when.h"
#include "tools/words.h"

static const int choices = 8;
static const size_t choice_chars = 40, asked_chars = 80, text_chars = 300;

struct project_row project_row(const struct rows *rows, int row, int col)
{
	return (struct project_row){ .id = rows_int(rows, row, col + COL_PROJECT_ID),
				     .name = rows_text(rows, row, col + COL_PROJECT_NAME),
				     .status = rows_text(rows, row, col + COL_PROJECT_STATUS),
				     .tags = rows_text(rows, row, col + COL_PROJECT_TAGS),
				     .due_date = rows_text(rows, row, col + COL_PROJECT_DUE_DATE),
				     .description = rows_text(rows, row, col + COL_PROJECT_DESCRIPTION) };
}

const char *project_open_data(struct req *req, int64_t id)
{
	return mem_fmt(req->pool, "t:list_projects:%lld", (long long)id);
}

static NODISCARD err_t *by_number(struct req *req, struct tx *tx, int64_t id, int64_t *ret_id,
				  const char **ret_name, struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_PROJECT_GET, PG_ARGS(PG_INT(id)), &rows));
	*ret_id = rows_count(rows) ? id : 0;
	*ret_name = rows_count(rows) ? rows_text(rows, 0, COL_PROJECT_GET_NAME) : "";
	if (!*ret_id)
		ret->html = tr(req->pool, req->lang, "project.no_id", SLOT_I("id", id));
	return NULL;
}

static void ask_which(struct req *req, const char *name, const char *which, const struct rows *rows,
		      struct outcome *ret)
{
	ret->html = tr(req->pool, req->lang, which, SLOT_S("title", text_cut(req->pool, name, asked_chars)));
	for (int i = 0; i < rows_count(rows) && i < choices; i++) {
		int64_t id = rows_int(rows, i, COL_PROJECT_MATCH_ID);

		outcome_button(req, ret, i,
			       mem_fmt(req->pool, "📁 %lld · %s", (long long)id,
				       text_cut(req->pool, rows_text(rows, i, COL_PROJECT_MATCH_NAME),
						choice_chars)),
			       project_open_data(req, id));
	}
}

/* The very name, once; or words of one name alone. */
static bool is_clear(const struct rows *rows)
{
	int n = rows_count(rows);

	return n == 1 || (n > 1 && rows_bool(rows, 0, COL_PROJECT_MATCH_EXACT) &&
			  !rows_bool(rows, 1, COL_PROJECT_MATCH_EXACT));
}

err_t *project_find(struct req *req, struct tx *tx, const char *text, const char *which, int64_t *ret_id,
		    const char **ret_name, struct outcome *ret)
{
	const char *name = words_line(req->pool, text);
	struct rows *rows;
	int64_t id;

	*ret_id = 0;
	*ret_name = "";
	if (text_int(name + (*name == '#'), &id) && id > 0)
		return by_number(req, tx, id, ret_id, ret_name, ret);
	ERR(tx_exec(tx, STMT_PROJECT_MATCH, PG_ARGS(PG_TEXT(name)), &rows));
	if (!*name || !rows_count(rows)) {
		ret->html = tr(req->pool, req->lang, "project.no_name",
			       SLOT_S("title", text_cut(req->pool, name, asked_chars)));
		outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.projects"),
			       "t:list_projects:page=1");
	} else if (is_clear(rows)) {
		*ret_id = rows_int(rows, 0, COL_PROJECT_MATCH_ID);
		*ret_name = rows_text(rows, 0, COL_PROJECT_MATCH_NAME);
	} else {
		ask_which(req, name, which, rows, ret);
	}
	return NULL;
}

/* "qua, 30/12"; "" when there is none. */
static const char *day_text(struct req *req, const char *iso)
{
	struct when when;

	return *iso && when_read(req, iso, &when) ? when_text(req, &when) : "";
}

const char *project_extras(struct req *req, const struct project_row *project)
{
	struct buf out = buf_new(req->pool, LIMIT_MESSAGE_BYTES);

	if (*project->due_date)
		buf_fmt(&out, " · 📅 %s", day_text(req, project->due_date));
	if (!text_same(project->status, "active"))
		buf_fmt(&out, " · %s",
			tr(req->pool, req->lang, mem_fmt(req->pool, "project.status.%s", project->status)));
	if (*project->tags)
		buf_fmt(&out, " · #%s", text_html(req->pool, project->tags));
	return out.p ? out.p : "";
}

const char *project_progress(struct req *req, int64_t done, int64_t all)
{
	if (!all)
		return "";
	return tr(req->pool, req->lang, "project.progress", SLOT_I("done", done), SLOT_I("all", all),
		  SLOT_I("percent", (done * 100 + all / 2) / all));
}

static void item_line(struct req *req, struct outcome *ret, struct buf *html, const struct rows *rows,
		      int row)
{
	const char *day = day_text(req, rows_text(rows, row, COL_PROJECT_ITEMS_DAY)),
		   *text = rows_text(rows, row, COL_PROJECT_ITEMS_TEXT);
	bool done = rows_bool(rows, row, COL_PROJECT_ITEMS_DONE);

	buf_fmt(html, "\n%s%s", done ? "✅ " : "• ",
		text_html(req->pool, rows_text(rows, row, COL_PROJECT_ITEMS_TITLE)));
	if (*day)
		buf_fmt(html, " · 📅 %s", day);
	if (*text)
		buf_fmt(html, "\n  <i>%s</i>",
			text_html(req->pool, text_cut(req->pool, words_line(req->pool, text), text_chars)));
	if (!done && text_same(rows_text(rows, row, COL_PROJECT_ITEMS_KIND), "milestone"))
		outcome_button(req, ret, 10 + row,
			       mem_fmt(req->pool, "🏁 %s",
				       text_cut(req->pool, rows_text(rows, row, COL_PROJECT_ITEMS_TITLE),
						choice_chars / 2)),
			       mem_fmt(req->pool, "t:update_project:reached=%lld",
				       (long long)rows_int(rows, row, COL_PROJECT_ITEMS_ID)));
}

static NODISCARD err_t *show_items(struct req *req, struct tx *tx, int64_t id, struct buf *html,
				   struct outcome *ret)
{
	const char *kind = "";
	struct rows *rows;

	ERR(tx_exec(tx, STMT_PROJECT_ITEMS, PG_ARGS(PG_INT(id)), &rows));
	for (int i = 0; i < rows_count(rows); i++) {
		if (!text_same(kind, rows_text(rows, i, COL_PROJECT_ITEMS_KIND))) {
			kind = rows_text(rows, i, COL_PROJECT_ITEMS_KIND);
			buf_fmt(html, "\n\n<b>%s</b>",
				tr(req->pool, req->lang, mem_fmt(req->pool, "project.head.%s", kind)));
		}
		item_line(req, ret, html, rows, i);
	}
	return NULL;
}

static NODISCARD err_t *show_tasks(struct req *req, struct tx *tx, const struct project_row *project,
				   struct buf *html, struct outcome *ret)
{
	bool over = text_same(project->status, "completed") || text_same(project->status, "cancelled");
	struct rows *rows;
	int64_t open;

	ERR(tx_exec(tx, STMT_PROJECT_TASKS, PG_ARGS(PG_INT(project->id)), &rows));
	open = rows_int(rows, 0, COL_PROJECT_TASKS_OPEN);
	if (rows_int(rows, 0, COL_PROJECT_TASKS_TASKS))
		buf_fmt(html, "\n%s",
			project_progress(req, rows_int(rows, 0, COL_PROJECT_TASKS_DONE),
					 rows_int(rows, 0, COL_PROJECT_TASKS_TASKS)));
	if (open)
		buf_fmt(html, "\n\n%s",
			tr(req->pool, req->lang, "project.next",
			   SLOT_S("title", rows_text(rows, 0, COL_PROJECT_TASKS_TITLE))));
	else if (!over)
		buf_fmt(html, "\n\n%s",
			tr(req->pool, req->lang, "project.no_next", SLOT_S("name", project->name)));
	for (int i = 0; open && i < rows_count(rows); i++) {
		struct task_row task = task_row(req, rows, i, COL_PROJECT_TASKS_TASK);

		if (!i)
			buf_fmt(html, "\n\n<b>%s</b>", tr(req->pool, req->lang, "project.head.task"));
		buf_fmt(html, "\n%s", task_line(req, &task));
		outcome_button(req, ret, i / 5,
			       tr(req->pool, req->lang, "button.done_id", SLOT_I("id", task.id)),
			       mem_fmt(req->pool, "t:complete_task:id=%lld&list=open=%lld",
				       (long long)task.id, (long long)project->id));
	}
	if (open > rows_count(rows))
		buf_fmt(html, "\n%s",
			tr(req->pool, req->lang, "project.more", SLOT_I("n", open - rows_count(rows))));
	return NULL;
}

static void status_button(struct req *req, struct outcome *ret, int64_t id, const char *status)
{
	outcome_button(req, ret, 30,
		       tr(req->pool, req->lang, mem_fmt(req->pool, "button.project_%s", status)),
		       mem_fmt(req->pool, "t:update_project:id=%lld&status=%s", (long long)id, status));
}

static void buttons(struct req *req, const struct project_row *project, struct outcome *ret)
{
	bool runs = text_same(project->status, "active") || text_same(project->status, "planning");

	status_button(req, ret, project->id, runs ? "paused" : "active");
	if (runs || text_same(project->status, "paused"))
		status_button(req, ret, project->id, "completed");
	outcome_button(req, ret, 31, tr(req->pool, req->lang, "button.projects"), "t:list_projects:page=1");
}

err_t *project_show(struct req *req, struct tx *tx, int64_t id, const char *lead, struct outcome *ret)
{
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	struct project_row project;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_PROJECT_GET, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows)) {
		ret->html = tr(req->pool, req->lang, "project.no_id", SLOT_I("id", id));
		return NULL;
	}
	project = project_row(rows, 0, COL_PROJECT_GET_PROJECT);
	if (lead)
		buf_fmt(&html, "%s\n\n", lead);
	buf_text(&html, tr(req->pool, req->lang, "project.title", SLOT_S("name", project.name),
			   SLOT_I("id", id), SLOT_S("extras", project_extras(req, &project))));
	if (*project.description)
		buf_fmt(&html, "\n<i>%s</i>",
			text_html(req->pool, text_cut(req->pool, project.description, text_chars)));
	ERR(show_tasks(req, tx, &project, &html, ret));
	ERR(show_items(req, tx, id, &html, ret));
	buttons(req, &project, ret);
	ret->html = html.p;
	return buf_check(&html);
}
