#include "tools/task/task_list.h"

#include "core/limits.h"
#include "core/text.h"
#include "tools/page.h"
#include "tools/task/task_find.h"
#include "tools/task/task_view.h"
#include "tools/when.h"
#include "tools/words.h"
#include <string.h>

#define DAY_S INT64_C(86400)

static const char overdue[] = "overdue";
static const size_t words_chars_shown = 80;

struct listed {
	int64_t total, page;
	struct json_list tasks;
};

const struct json_field task_list_fields[] = {
	{ "total", JSON_INT, JSON_REQUIRED, offsetof(struct listed, total) },
	{ "page", JSON_INT, JSON_REQUIRED, offsetof(struct listed, page), .doc = "from 1, ten a page" },
	{ "tasks", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct listed, tasks), .of = task_fields,
	  .size = sizeof(struct task_row) },
	{ 0 },
};

/* A filter as statements take it. */
struct narrowed {
	struct task_filter f;
	int64_t project; /* 0: any */
	const char *from, *until;
	const char *name; /* "#casa, prioridade alta": HTML; "" for all tasks */
	bool late;
};

static void name_add(struct req *req, struct narrowed *n, const char *html)
{
	n->name = mem_fmt(req->pool, "%s%s%s", n->name, *n->name ? ", " : "", html);
}

static NODISCARD err_t *day_read(struct req *req, const char *name, const char *iso, struct when *ret)
{
	if (!when_read(req, iso, ret))
		return err_new(ERR_INVALID, "\"%s\": not a local day like 2026-11-30", name);
	ret->has_time = false;
	return NULL;
}

/* What is due today is also what should have been done before. */
static NODISCARD err_t *narrow_days(struct req *req, struct narrowed *n)
{
	struct when when;

	n->late = n->f.due && text_same(n->f.due, overdue);
	if (n->late)
		name_add(req, n, tr(req->pool, req->lang, "task.filter.late"));
	if (n->f.due && !n->late) {
		ERR(day_read(req, "due", n->f.due, &when));
		n->until = when_date(req, &when);
		if (when.wall / DAY_S != when_now(req) / DAY_S)
			n->from = n->until;
		n->f.due = n->until;
		name_add(req, n, when_text(req, &when));
	}
	if (n->f.until) {
		ERR(day_read(req, "until", n->f.until, &when));
		n->f.until = when_date(req, &when);
		if (!n->until || strcmp(n->f.until, n->until) < 0)
			n->until = n->f.until;
		name_add(req, n,
			 tr(req->pool, req->lang, "task.filter.until",
			    SLOT_S("when", when_text(req, &when))));
	}
	return NULL;
}

static void narrow_words(struct req *req, struct narrowed *n)
{
	struct json_texts tags = { .n = n->f.tag ? 1 : 0, .v = &n->f.tag };

	tags = words_tags(req->pool, &tags);
	n->f.tag = tags.n ? tags.v[0] : NULL;
	n->f.query = n->f.query ? words_line(req->pool, n->f.query) : "";
	n->f.query = *n->f.query ? n->f.query : NULL;
	if (n->f.tag)
		name_add(req, n, mem_fmt(req->pool, "#%s", text_html(req->pool, n->f.tag)));
	if (n->f.priority)
		name_add(req, n,
			 tr(req->pool, req->lang, mem_fmt(req->pool, "task.priority.%s", n->f.priority)));
	if (n->f.query)
		name_add(req, n,
			 tr(req->pool, req->lang, "task.filter.words",
			    SLOT_S("words", text_cut(req->pool, n->f.query, words_chars_shown))));
}

/* For the buttons, in the order that they are read: of what may hold anything only the last is read, so that two of these do
 * not fit into a button. "" when nothing is narrowed. */
static const char *filter_data(struct req *req, const struct narrowed *n)
{
	const char *const values[][2] = {
		{ "priority", n->f.priority },
		{ "due", n->f.due },
		{ "until", n->f.until },
		{ "project", n->project ? mem_fmt(req->pool, "%lld", (long long)n->project) : NULL },
		{ "tag", n->f.tag },
		{ "query", n->f.query },
	};
	const char *data = "";
	bool open = false;

	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		if (!values[i][1])
			continue;
		if (open)
			return mem_fmt(req->pool, "%*s", LIMIT_TG_CALLBACK, "");
		data = mem_fmt(req->pool, "%s%s%s=%s", data, *data ? "&" : "", values[i][0], values[i][1]);
		open = i >= 3;
	}
	return data;
}

/* Finishes the task and shows the same page again, where that fits into a button. */
static const char *done_data(struct req *req, int64_t id, int64_t page, const char *filter)
{
	const char *list = mem_fmt(req->pool, "page=%lld%s%s", (long long)page, *filter ? "&" : "", filter);
	const char *data = button_act(req->pool, "complete_task", SLOT_I("id", id), SLOT_S("list", list));

	return strlen(data) <= LIMIT_TG_CALLBACK ? data : task_done_data(req, id);
}

static void render_empty(struct req *req, const struct narrowed *n, const char *lead, struct outcome *ret)
{
	ret->html = *n->name ? tr(req->pool, req->lang, "task.none_such", SLOT_S("filter", n->name))
			     : tr(req->pool, req->lang, "task.none");
	if (lead)
		ret->html = mem_fmt(req->pool, "%s\n\n%s", lead, ret->html);
	if (*n->name)
		task_list_button(req, ret);
	outcome_data(req, ret, task_list_fields, &(struct listed){ .page = 1 });
}

static NODISCARD err_t *render(struct req *req, const struct narrowed *n, const char *lead,
			       const struct rows *rows, struct outcome *ret)
{
	struct page page = page_of(n->f.page, rows_int(rows, 0, COL_TASK_LIST_TOTAL));
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	const char *data = filter_data(req, n);
	struct json_list tasks = task_rows(req, rows, COL_TASK_LIST_TASK, PAGE_SIZE);
	const struct task_row *v = tasks.v;
	int64_t head = -1;

	if (lead)
		buf_fmt(&html, "%s\n\n", lead);
	buf_text(&html, tr(req->pool, req->lang, *n->name ? "task.head_such" : "task.head",
			   SLOT_I("total", page.total), SLOT_S("filter", n->name)));
	for (int i = 0; i < (int)tasks.n; i++) {
		if (rows_int(rows, i, COL_TASK_LIST_HEAD) != head) {
			head = rows_int(rows, i, COL_TASK_LIST_HEAD);
			buf_fmt(&html, "%s\n<b>%s</b>", i ? "\n" : "",
				tr(req->pool, req->lang, mem_fmt(req->pool, "task.head.%d", (int)head)));
		}
		buf_fmt(&html, "\n%s", task_line(req, &v[i]));
		outcome_button(req, ret, i / 5,
			       tr(req->pool, req->lang, "button.done_id", SLOT_I("id", v[i].id)),
			       done_data(req, v[i].id, page.number, data));
		ret->outside = ret->outside || v[i].outside;
	}
	outcome_data(req, ret, task_list_fields,
		     &(struct listed){ .total = page.total, .page = page.number, .tasks = tasks });
	page_end(req, ret, &html, &page, "list_tasks", *data ? data : NULL);
	ret->html = html.p;
	return buf_check(&html);
}

static NODISCARD err_t *show(struct req *req, struct tx *tx, struct narrowed *n, const char *lead,
			     struct outcome *ret)
{
	struct when now = { .wall = when_now(req), .has_time = true };
	struct rows *rows;

	ERR(tx_exec(tx, STMT_TASK_LIST,
		    PG_ARGS(PG_TEXT(n->f.tag), PG_TEXT(n->f.priority), PG_INT(n->f.page > 1 ? n->f.page : 1),
			    PG_TEXT(when_iso(req, &now)), n->project ? PG_INT(n->project) : PG_INT_NULL,
			    PG_TEXT(n->from), PG_TEXT(n->until), PG_BOOL(n->late), PG_TEXT(n->f.query)),
		    &rows));
	if (rows_count(rows))
		return render(req, n, lead, rows, ret);
	render_empty(req, n, lead, ret);
	return NULL;
}

err_t *task_list_show(struct req *req, struct tx *tx, const struct task_filter *filter, const char *lead,
		      struct outcome *ret)
{
	struct narrowed n = { .f = *filter, .name = "" };
	const char *name;

	narrow_words(req, &n);
	ERR(narrow_days(req, &n));
	if (n.f.project) {
		ERR(task_project(req, tx, n.f.project, &n.project, &name, ret));
		if (!n.project)
			return NULL;
		name_add(req, &n, mem_fmt(req->pool, "📁 %s", text_html(req->pool, name)));
	}
	return show(req, tx, &n, lead, ret);
}
