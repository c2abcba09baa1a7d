#include "tools/task/task_find.h"

#include "core/limits.h"
#include "core/text.h"
#include "tools/words.h"
#include <string.h>

static const int choices = 8;
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

/* NULL when the button would be too long. */
static const char *choice_data(struct req *req, const struct task_which *which, int64_t id)
{
	const char *data;

	if (!which->more)
		return NULL;
	data = *which->more ? mem_fmt(req->pool, "t:%s:id=%lld&%s", which->tool, (long long)id, which->more)
			    : mem_fmt(req->pool, "t:%s:%lld", which->tool, (long long)id);
	return strlen(data) <= LIMIT_TG_CALLBACK ? data : NULL;
}

static void ask_which(struct req *req, const char *title, const struct task_which *which,
		      const struct rows *rows, struct outcome *ret)
{
	bool more = rows_count(rows) > choices && which->many;

	ret->html = tr(req->pool, req->lang, more ? which->many : which->text,
		       SLOT_S("title", text_cut(req->pool, title, asked_chars)));
	for (int i = 0; i < rows_count(rows) && i < choices; i++) {
		int64_t id = rows_int(rows, i, COL_TASK_MATCH_ID);
		const char *name = text_cut(req->pool, rows_text(rows, i, COL_TASK_MATCH_TITLE),
					    choice_chars),
			   *data = choice_data(req, which, id);

		if (data)
			outcome_button(req, ret, i, mem_fmt(req->pool, "%lld · %s", (long long)id, name),
				       data);
		else
			ret->html = mem_fmt(req->pool, "%s%s", ret->html,
					    tr(req->pool, req->lang, "task.choice", SLOT_I("id", id),
					       SLOT_S("title", name)));
	}
}

err_t *task_find(struct req *req, struct tx *tx, const char *title, const struct task_which *which,
		 int64_t *ret_id, struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_TASK_MATCH, PG_ARGS(PG_TEXT(title)), &rows));
	*ret_id = rows_count(rows) == 1 ? rows_int(rows, 0, COL_TASK_MATCH_ID) : 0;
	if (!rows_count(rows))
		ret->html = tr(req->pool, req->lang, "task.no_title",
			       SLOT_S("title", text_cut(req->pool, title, asked_chars)));
	else if (!*ret_id)
		ask_which(req, title, which, rows, ret);
	return NULL;
}
