#include "tools/task/task_find.h"

#include "core/limits.h"
#include "core/text.h"
#include "tools/project/project_view.h"
#include "tools/which.h"
#include "tools/words.h"
#include <string.h>

enum { MORE_MAX = 4, CHOICES = 8 };
static const size_t choice_chars = 40, asked_chars = 80;

struct json *task_find_args(struct req *req, const char *text)
{
	const char *title = words_line(req->pool, text);
	struct json *args = json_object(req->pool);
	int64_t id;

	if (!*title)
		return NULL;
	if (text_int(title + (*title == '#'), &id) && id > 0)
		json_set_int(args, "id", id);
	else
		json_set_text(args, "title", title);
	return args;
}

void task_absent(struct req *req, int64_t id, struct outcome *ret)
{
	outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "task.no_id", SLOT_I("id", id)));
}

err_t *task_project(struct req *req, struct tx *tx, const char *text, int64_t *ret_id, const char **ret_name,
		    struct outcome *ret)
{
	ERR(project_find(req, tx, text, "project.which", ret_id, ret_name, ret));
	if (!*ret_id && text_same(json_text(ret->data, "refused"), "not_found"))
		outcome_refuse(req, ret, "no_such_project", ret->html);
	return NULL;
}

/* NULL when the button would be too long. */
static const char *choice_data(struct req *req, const struct task_which *which, int64_t id)
{
	struct slot args[MORE_MAX + 2] = { SLOT_I("id", id) };
	const char *data;

	if (!which->more)
		return NULL;
	for (size_t i = 0; i < MORE_MAX && which->more[i].name; i++)
		args[i + 1] = which->more[i];
	data = button_act_with(req->pool, which->tool, args);
	return strlen(data) <= LIMIT_TG_CALLBACK ? data : NULL;
}

static void choice(struct req *req, const struct task_which *which, const struct task_row *task, int row,
		   struct outcome *ret)
{
	const char *name = text_cut(req->pool, task->title, choice_chars),
		   *data = choice_data(req, which, task->id);

	ret->outside = ret->outside || task->outside;
	if (data)
		outcome_button(req, ret, row, mem_fmt(req->pool, "%lld · %s", (long long)task->id, name),
			       data);
	else
		ret->html = mem_fmt(req->pool, "%s%s", ret->html,
				    tr(req->pool, req->lang, "task.choice", SLOT_I("id", task->id),
				       SLOT_S("title", name)));
}

static void ask_which(struct req *req, const char *title, const struct task_which *which,
		      const struct rows *rows, struct outcome *ret)
{
	struct json_list tasks = task_rows(req, rows, COL_TASK_MATCH_TASK, CHOICES);
	const char *key = rows_count(rows) > CHOICES && which->many ? which->many : which->text;
	const struct task_row *v = tasks.v;

	which_refuse(req, ret,
		     tr(req->pool, req->lang, key, SLOT_S("title", text_cut(req->pool, title, asked_chars))),
		     task_fields, sizeof *v, &tasks);
	for (size_t i = 0; i < tasks.n; i++)
		choice(req, which, &v[i], (int)i, ret);
}

err_t *task_find(struct req *req, struct tx *tx, const char *title, const struct task_which *which,
		 int64_t *ret_id, struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_TASK_MATCH, PG_ARGS(PG_TEXT(title)), &rows));
	*ret_id = rows_count(rows) == 1 ? rows_int(rows, 0, COL_TASK_MATCH_ID) : 0;
	if (!rows_count(rows))
		outcome_refuse(req, ret, "not_found",
			       tr(req->pool, req->lang, "task.no_title",
				  SLOT_S("title", text_cut(req->pool, title, asked_chars))));
	else if (!*ret_id)
		ask_which(req, title, which, rows, ret);
	return NULL;
}
