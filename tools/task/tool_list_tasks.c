#include "core/limits.h"
#include "core/text.h"
#include "tools/page.h"
#include "tools/task/task_list.h"
#include "tools/task/task_view.h"
#include "tools/when.h"
#include "tools/words.h"

static const struct json_field params[] = {
	PAGE_PARAM(offsetof(struct task_filter, page)),
	{ "tag", JSON_TEXT, 0, offsetof(struct task_filter, tag), 0, LIMIT_TEXT_IN, NULL,
	  "only tasks with this tag, without #" },
	{ "priority", JSON_TEXT, 0, offsetof(struct task_filter, priority), 0, 0, TASK_PRIORITIES,
	  "only tasks of this priority" },
	{ "project", JSON_TEXT, 0, offsetof(struct task_filter, project), 0, 500, NULL,
	  "only tasks of this project: its number or name" },
	{ "due", JSON_TEXT, 0, offsetof(struct task_filter, due), 0, 40, NULL,
	  "only tasks that are due that local day, 2026-11-30 (today: overdue ones too); overdue for only these" },
	{ "until", JSON_TEXT, 0, offsetof(struct task_filter, until), 0, 40, NULL,
	  "only tasks that are due by that local day, 2026-11-30" },
	{ "query", JSON_TEXT, 0, offsetof(struct task_filter, query), 0, 500, NULL, "words of the title" },
	{ 0 },
};

/* What is left of "/tarefas hoje leite": a page, a day, words of a title. */
static void read_rest(struct req *req, const char *text, struct json *args)
{
	struct when when;
	const char *rest = text;
	int64_t page;

	if (text_int(text, &page) && page >= 1 && page <= PAGE_MAX) {
		json_set_int(args, "page", page);
		return;
	}
	if (when_find(req, text, &when, &rest) && !when.rrule) {
		bool days = when.has_end && !when.has_time;

		when.wall = days ? when.end - 1 : when.wall;
		when.has_time = false;
		json_set_text(args, days ? "until" : "due", when_iso(req, &when));
		text = rest;
	}
	if (*text)
		json_set_text(args, "query", text);
}

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	struct words words = words_take(req->pool, text, true);
	struct json *args = json_object(req->pool);

	if (*words.text)
		read_rest(req, words.text, args);
	if (words.priority)
		json_set_text(args, "priority", words.priority);
	if (words.tags.n)
		json_set_text(args, "tag", words.tags.v[0]);
	*ret_args = args;
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *args, struct outcome *ret)
{
	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	return task_list_show(req, tx, args, NULL, ret);
}

const struct tool tool_list_tasks = {
	.name = "list_tasks",
	.description =
		"Shows the person's open tasks by day, what is overdue first, ten a page; narrowed by day, project, tag, priority or words.",
	.params = params,
	.args_size = sizeof(struct task_filter),
	.result = task_list_fields,
	.effect = TOOL_READ,
	.always_offered = true,
	.words = { .what = "query", .when = "due" },
	.min_role = ROLE_GUEST,
	.commands = "tarefas tasks",
	.from_text = from_text,
	.run = run,
};
