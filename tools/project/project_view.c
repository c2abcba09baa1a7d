#include "tools/project/project_view.h"

#include "core/limits.h"
#include "core/text.h"
#include "tools/task/task_view.h"
#include "tools/when.h"
#include "tools/which.h"
#include "tools/words.h"

static const int choices = 8;
static const size_t choice_chars = 40, asked_chars = 80, text_chars = 300;

const struct json_field project_item_fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct project_item, id) },
	{ "kind", JSON_TEXT, JSON_REQUIRED, offsetof(struct project_item, kind),
	  .values = "decision document meeting milestone" },
	{ "title", JSON_TEXT, JSON_REQUIRED | JSON_WORDS, offsetof(struct project_item, title) },
	{ "text", JSON_TEXT, JSON_WORDS, offsetof(struct project_item, text) },
	{ "day", JSON_TEXT, 0, offsetof(struct project_item, day) },
	{ "done", JSON_BOOL, 0, offsetof(struct project_item, done) },
	{ "outside", JSON_BOOL, 0, offsetof(struct project_item, outside) },
	{ 0 },
};

const struct json_field project_fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct project_row, id) },
	{ "name", JSON_TEXT, JSON_REQUIRED, offsetof(struct project_row, name) },
	{ "status", JSON_TEXT, JSON_REQUIRED, offsetof(struct project_row, status),
	  .values = PROJECT_STATUSES },
	{ "due", JSON_TEXT, 0, offsetof(struct project_row, due_date) },
	{ "description", JSON_TEXT, 0, offsetof(struct project_row, description) },
	{ "tags", JSON_TEXTS, 0, offsetof(struct project_row, tag_list) },
	{ "tasks", JSON_INT, 0, offsetof(struct project_row, tasks), .doc = "in all" },
	{ "tasks_done", JSON_INT, 0, offsetof(struct project_row, done) },
	{ "next_step", JSON_TEXT, JSON_WORDS, offsetof(struct project_row, step) },
	{ "outside", JSON_BOOL, 0, offsetof(struct project_row, outside) },
	{ "open_tasks", JSON_OBJECTS, 0, offsetof(struct project_row, open), .of = task_fields,
	  .size = sizeof(struct task_row), .doc = "of one project alone: the first of them" },
	{ "items", JSON_OBJECTS, 0, offsetof(struct project_row, items), .of = project_item_fields,
	  .size = sizeof(struct project_item), .doc = "of one project alone: the latest of each kind" },
	{ 0 },
};

const struct json_field project_list_fields[] = {
	{ "total", JSON_INT, JSON_REQUIRED, offsetof(struct project_list, total) },
	{ "page", JSON_INT, JSON_REQUIRED, offsetof(struct project_list, page), .doc = "from 1, ten a page" },
	{ "projects", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct project_list, projects),
	  .of = project_fields, .size = sizeof(struct project_row) },
	WHICH_CANDIDATES(offsetof(struct project_list, candidates), project_fields, project_row),
	{ 0 },
};

struct project_row project_row(struct req *req, const struct rows *rows, int row, int col)
{
	const char *tags = rows_text(rows, row, col + COL_PROJECT_TAGS);

	return (struct project_row){ .id = rows_int(rows, row, col + COL_PROJECT_ID),
				     .name = rows_text(rows, row, col + COL_PROJECT_NAME),
				     .status = rows_text(rows, row, col + COL_PROJECT_STATUS),
				     .tags = tags,
				     .tag_list = words_tag_list(req->pool, tags),
				     .due_date = rows_text(rows, row, col + COL_PROJECT_DUE_DATE),
				     .description = rows_text(rows, row, col + COL_PROJECT_DESCRIPTION) };
}

struct project_item project_item(const struct rows *rows, int row, int col)
{
	return (struct project_item){ .id = rows_int(rows, row, col + COL_PROJECT_ITEM_ID),
				      .kind = rows_text(rows, row, col + COL_PROJECT_ITEM_KIND),
				      .title = rows_text(rows, row, col + COL_PROJECT_ITEM_TITLE),
				      .day = rows_text(rows, row, col + COL_PROJECT_ITEM_DAY),
				      .text = rows_text(rows, row, col + COL_PROJECT_ITEM_TEXT),
				      .done = rows_bool(rows, row, col + COL_PROJECT_ITEM_DONE),
				      .outside = rows_bool(rows, row, col + COL_PROJECT_ITEM_OUTSIDE) };
}

const char *project_open_data(struct req *req, int64_t id)
{
	return button_act(req->pool, "list_projects", SLOT_I("id", id));
}

void project_open_button(struct req *req, int64_t id, struct outcome *ret)
{
	outcome_button(req, ret, 0, mem_fmt(req->pool, "📁 %lld", (long long)id), project_open_data(req, id));
}

void project_list_button(struct req *req, int row, struct outcome *ret)
{
	outcome_button(req, ret, row, tr(req->pool, req->lang, "button.projects"),
		       button_act(req->pool, "list_projects", SLOT_I("page", 1)));
}

void project_absent(struct req *req, int64_t id, struct outcome *ret)
{
	outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "project.no_id", SLOT_I("id", id)));
}

static NODISCARD err_t *by_number(struct req *req, struct tx *tx, int64_t id, int64_t *ret_id,
				  const char **ret_name, struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_PROJECT_GET, PG_ARGS(PG_INT(id)), &rows));
	*ret_id = rows_count(rows) ? id : 0;
	*ret_name = rows_count(rows) ? rows_text(rows, 0, COL_PROJECT_GET_NAME) : "";
	if (!*ret_id)
		project_absent(req, id, ret);
	return NULL;
}

static void ask_which(struct req *req, const char *name, const char *which, const struct rows *rows,
		      struct outcome *ret)
{
	int n = rows_count(rows) < choices ? rows_count(rows) : choices;
	struct project_row *v = mem_alloc(req->pool, sizeof *v * (size_t)n);
	struct json_list list = { (size_t)n, v };

	for (int i = 0; i < n; i++) {
		v[i] = project_row(req, rows, i, COL_PROJECT_MATCH_PROJECT);
		outcome_button(req, ret, i,
			       mem_fmt(req->pool, "📁 %lld · %s", (long long)v[i].id,
				       text_cut(req->pool, v[i].name, choice_chars)),
			       project_open_data(req, v[i].id));
	}
	which_refuse(req, ret,
		     tr(req->pool, req->lang, which, SLOT_S("title", text_cut(req->pool, name, asked_chars))),
		     project_fields, sizeof *v, &list);
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
		outcome_refuse(req, ret, "not_found",
			       tr(req->pool, req->lang, "project.no_name",
				  SLOT_S("title", text_cut(req->pool, name, asked_chars))));
		project_list_button(req, 0, ret);
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

static void item_line(struct req *req, struct outcome *ret, struct buf *html, const struct project_item *item,
		      int row)
{
	const char *day = day_text(req, item->day);

	buf_fmt(html, "\n%s%s", item->done ? "✅ " : "• ", text_html(req->pool, item->title));
	if (*day)
		buf_fmt(html, " · 📅 %s", day);
	if (*item->text)
		buf_fmt(html, "\n  <i>%s</i>",
			text_html(req->pool,
				  text_cut(req->pool, words_line(req->pool, item->text), text_chars)));
	ret->outside = ret->outside || item->outside;
	if (!item->done && text_same(item->kind, "milestone"))
		outcome_button(req, ret, 10 + row,
			       mem_fmt(req->pool, "🏁 %s", text_cut(req->pool, item->title, choice_chars / 2)),
			       button_act(req->pool, "update_project", SLOT_I("reached", item->id)));
}

static NODISCARD err_t *show_items(struct req *req, struct tx *tx, struct project_row *project,
				   struct buf *html, struct outcome *ret)
{
	const char *kind = "";
	struct project_item *v;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_PROJECT_ITEMS, PG_ARGS(PG_INT(project->id)), &rows));
	v = mem_alloc(req->pool, sizeof *v * (size_t)(rows_count(rows) + 1));
	for (int i = 0; i < rows_count(rows); i++) {
		v[i] = project_item(rows, i, COL_PROJECT_ITEMS_PROJECT_ITEM);
		if (!text_same(kind, v[i].kind)) {
			kind = v[i].kind;
			buf_fmt(html, "\n\n<b>%s</b>",
				tr(req->pool, req->lang, mem_fmt(req->pool, "project.head.%s", kind)));
		}
		item_line(req, ret, html, &v[i], i);
		v[i].text = text_cut(req->pool, v[i].text, text_chars);
	}
	project->items = (struct json_list){ (size_t)rows_count(rows), v };
	return NULL;
}

static void show_task(struct req *req, const struct project_row *project, const struct task_row *task, int i,
		      struct buf *html, struct outcome *ret)
{
	const char *list = mem_fmt(req->pool, "open=%lld", (long long)project->id);

	buf_fmt(html, "\n%s", task_line(req, task));
	outcome_button(req, ret, i / 5, tr(req->pool, req->lang, "button.done_id", SLOT_I("id", task->id)),
		       button_act(req->pool, "complete_task", SLOT_I("id", task->id), SLOT_S("list", list)));
	ret->outside = ret->outside || task->outside;
}

/* How far it is, and what comes next. */
static void show_progress(struct req *req, const struct project_row *project, int64_t open, struct buf *html)
{
	bool over = text_same(project->status, "completed") || text_same(project->status, "cancelled");

	if (project->tasks)
		buf_fmt(html, "\n%s", project_progress(req, project->done, project->tasks));
	if (open)
		buf_fmt(html, "\n\n%s\n\n<b>%s</b>",
			tr(req->pool, req->lang, "project.next", SLOT_S("title", project->step)),
			tr(req->pool, req->lang, "project.head.task"));
	else if (!over)
		buf_fmt(html, "\n\n%s",
			tr(req->pool, req->lang, "project.no_next", SLOT_S("name", project->name)));
}

static NODISCARD err_t *show_tasks(struct req *req, struct tx *tx, struct project_row *project,
				   struct buf *html, struct outcome *ret)
{
	const struct task_row *v;
	struct rows *rows;
	int64_t open;

	ERR(tx_exec(tx, STMT_PROJECT_TASKS, PG_ARGS(PG_INT(project->id)), &rows));
	open = rows_int(rows, 0, COL_PROJECT_TASKS_OPEN);
	project->tasks = rows_int(rows, 0, COL_PROJECT_TASKS_TASKS);
	project->done = rows_int(rows, 0, COL_PROJECT_TASKS_DONE);
	project->open = task_rows(req, rows, COL_PROJECT_TASKS_TASK, open ? rows_count(rows) : 0);
	v = project->open.v;
	project->step = open ? v->title : "";
	project->outside = open && v->outside;
	show_progress(req, project, open, html);
	for (size_t i = 0; i < project->open.n; i++)
		show_task(req, project, &v[i], (int)i, html, ret);
	if (open > rows_count(rows))
		buf_fmt(html, "\n%s",
			tr(req->pool, req->lang, "project.more", SLOT_I("n", open - rows_count(rows))));
	return NULL;
}

static void status_button(struct req *req, struct outcome *ret, int64_t id, const char *status)
{
	outcome_button(req, ret, 30,
		       tr(req->pool, req->lang, mem_fmt(req->pool, "button.project_%s", status)),
		       button_act(req->pool, "update_project", SLOT_I("id", id), SLOT_S("status", status)));
}

static void buttons(struct req *req, const struct project_row *project, struct outcome *ret)
{
	bool runs = text_same(project->status, "active") || text_same(project->status, "planning");

	status_button(req, ret, project->id, runs ? "paused" : "active");
	if (runs || text_same(project->status, "paused"))
		status_button(req, ret, project->id, "completed");
	project_list_button(req, 31, ret);
}

err_t *project_show(struct req *req, struct tx *tx, int64_t id, const char *lead, struct outcome *ret)
{
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	struct project_row project;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_PROJECT_GET, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows)) {
		project_absent(req, id, ret);
		return NULL;
	}
	project = project_row(req, rows, 0, COL_PROJECT_GET_PROJECT);
	if (lead)
		buf_fmt(&html, "%s\n\n", lead);
	buf_text(&html, tr(req->pool, req->lang, "project.title", SLOT_S("name", project.name),
			   SLOT_I("id", id), SLOT_S("extras", project_extras(req, &project))));
	if (*project.description)
		buf_fmt(&html, "\n<i>%s</i>",
			text_html(req->pool, text_cut(req->pool, project.description, text_chars)));
	ERR(show_tasks(req, tx, &project, &html, ret));
	ERR(show_items(req, tx, &project, &html, ret));
	buttons(req, &project, ret);
	outcome_data(req, ret, project_list_fields, &(struct project_list){ 1, 1, { 1, &project } });
	ret->html = html.p;
	return buf_check(&html);
}
