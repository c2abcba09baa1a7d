#include "core/limits.h"
#include "core/text.h"
#include "tools/page.h"
#include "tools/project/project_view.h"
#include "tools/words.h"

struct args {
	int64_t page, id;
	const char *title, *status;
};

static const struct json_field params[] = {
	PAGE_PARAM(offsetof(struct args, page)),
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the number of one project, to see all that is in it" },
	{ "title", JSON_TEXT, 0, offsetof(struct args, title), 0, 500, NULL,
	  "the name of one project, or words of it, to see all that is in it" },
	{ "status", JSON_TEXT, 0, offsetof(struct args, status), 0, 0, PROJECT_STATUSES,
	  "only projects of this status; when left out all that are not over" },
	{ 0 },
};

static const size_t label_chars = 20;

static void project_line(struct req *req, const struct project_row *project, int row, struct buf *html,
			 struct outcome *ret)
{
	const char *progress = project_progress(req, project->done, project->tasks);
	bool over = text_same(project->status, "completed") || text_same(project->status, "cancelled");

	buf_text(html, tr(req->pool, req->lang, "project.line", SLOT_I("id", project->id),
			  SLOT_S("name", project->name), SLOT_S("extras", project_extras(req, project))));
	if (*progress)
		buf_fmt(html, "\n%s", progress);
	if (*project->step)
		buf_text(html, tr(req->pool, req->lang, "project.line_next", SLOT_S("title", project->step)));
	else if (!over)
		buf_text(html, tr(req->pool, req->lang, "project.line_no_next"));
	ret->outside = ret->outside || project->outside;
	outcome_button(req, ret, row / 2,
		       mem_fmt(req->pool, "📁 %s", text_cut(req->pool, project->name, label_chars)),
		       project_open_data(req, project->id));
}

static struct project_row listed_row(struct req *req, const struct rows *rows, int row)
{
	struct project_row project = project_row(req, rows, row, COL_PROJECT_LIST_PROJECT);

	project.tasks = rows_int(rows, row, COL_PROJECT_LIST_TASKS);
	project.done = rows_int(rows, row, COL_PROJECT_LIST_DONE);
	project.step = rows_text(rows, row, COL_PROJECT_LIST_STEP);
	project.outside = rows_bool(rows, row, COL_PROJECT_LIST_STEP_OUTSIDE);
	return project;
}

static NODISCARD err_t *render(struct req *req, const struct args *args, const struct rows *rows,
			       struct outcome *ret)
{
	struct page page = page_of(args->page, rows_int(rows, 0, COL_PROJECT_LIST_TOTAL));
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	struct project_row *v = mem_alloc(req->pool, sizeof *v * (size_t)rows_count(rows));
	struct project_list list = { page.total, page.number, .projects = { (size_t)rows_count(rows), v } };
	const char *status =
		args->status ? tr(req->pool, req->lang, mem_fmt(req->pool, "project.status.%s", args->status))
			     : NULL;

	buf_text(&html, status ? tr(req->pool, req->lang, "project.head_such", SLOT_I("total", page.total),
				    SLOT_S("status", status))
			       : tr(req->pool, req->lang, "project.head", SLOT_I("total", page.total)));
	for (int i = 0; i < rows_count(rows); i++) {
		v[i] = listed_row(req, rows, i);
		project_line(req, &v[i], i, &html, ret);
	}
	page_end(req, ret, &html, &page, "list_projects",
		 status ? mem_fmt(req->pool, "status=%s", args->status) : NULL);
	outcome_data(req, ret, project_list_fields, &list);
	ret->html = html.p;
	return buf_check(&html);
}

static NODISCARD err_t *list(struct req *req, struct tx *tx, const struct args *args, struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_PROJECT_LIST,
		    PG_ARGS(PG_TEXT(args->status), PG_INT(args->page > 1 ? args->page : 1)), &rows));
	if (rows_count(rows))
		return render(req, args, rows, ret);
	outcome_data(req, ret, project_list_fields, &(struct project_list){ .page = 1 });
	if (!args->status) {
		ret->html = tr(req->pool, req->lang, "project.none");
		return NULL;
	}
	ret->html = tr(req->pool, req->lang, "project.none_such",
		       SLOT_S("status", tr(req->pool, req->lang,
					   mem_fmt(req->pool, "project.status.%s", args->status))));
	project_list_button(req, 0, ret);
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *title = args->title ? words_line(req->pool, args->title) : "", *name;
	int64_t id = args->id;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (!id && *title) {
		ERR(project_find(req, tx, title, "project.which", &id, &name, ret));
		if (!id)
			return NULL;
	}
	return id ? project_show(req, tx, id, NULL, ret) : list(req, tx, args, ret);
}

const struct tool tool_list_projects = {
	.name = "list_projects",
	.description =
		"Shows the person's projects with their progress and next step; or, by number or name, one project with its open "
		"tasks, decisions, documents, meetings and milestones.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = project_list_fields,
	.effect = TOOL_READ,
	.words = { .what = "title id" },
	.min_role = ROLE_GUEST,
	.commands = "projeto project projetos projects",
	.with_text = "create_project",
	.run = run,
};
