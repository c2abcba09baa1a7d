#include "core/limits.h"
#include "tools/project/project_view.h"
#include "tools/when.h"
#include "tools/words.h"

struct args {
	const char *title, *description, *status, *due;
	struct json_texts tags;
};

static const struct json_field params[] = {
	{ "title", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, title), 0, LIMIT_TEXT_IN, NULL,
	  "its name, 1 to 200 characters" },
	{ "description", JSON_TEXT, 0, offsetof(struct args, description), 0, 5000, NULL,
	  "what it is about" },
	{ "status", JSON_TEXT, 0, offsetof(struct args, status), 0, 0, PROJECT_STATUSES,
	  "active when left out" },
	{ "due", JSON_TEXT, 0, offsetof(struct args, due), 0, 40, NULL,
	  "the local day by which it is to be over: 2026-12-20" },
	{ "tags", JSON_TEXTS, 0, offsetof(struct args, tags), 0, WORDS_TAGS, NULL,
	  "one word each, without #" },
	{ 0 },
};

struct created {
	const struct project_row *project;
};

static const struct json_field result[] = {
	{ "project", JSON_OBJECT, JSON_REQUIRED, offsetof(struct created, project), .of = project_fields },
	{ 0 },
};

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	struct words words = words_take(req->pool, text, false);
	struct json *args;
	struct when when;
	const char *rest;

	if (!*words.text)
		return NULL;
	args = json_object(req->pool);
	if (when_find(req, words.text, &when, &rest) && *rest && !when.rrule) {
		json_set_text(args, "due", when_date(req, &when));
		words.text = rest;
	}
	json_set_text(args, "title", words.text);
	json_set(args, "tags", words_json(req->pool, &words.tags));
	*ret_args = args;
	return NULL;
}

/* ret->html is set when it cannot be kept under that name. */
static NODISCARD err_t *name_check(struct req *req, struct tx *tx, const char *name, struct outcome *ret)
{
	struct rows *rows;
	int64_t id;

	if (!*name) {
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.create_project"));
	} else if (words_chars(name) > PROJECT_NAME_CHARS) {
		outcome_refuse(req, ret, "too_long",
			       tr(req->pool, req->lang, "project.name_long",
				  SLOT_I("max", PROJECT_NAME_CHARS), SLOT_I("n", words_chars(name))));
	} else {
		ERR(tx_exec(tx, STMT_PROJECT_SAME, PG_ARGS(PG_TEXT(name)), &rows));
		if (!rows_count(rows))
			return NULL;
		id = rows_int(rows, 0, COL_PROJECT_SAME_ID);
		outcome_refuse(req, ret, "already_there",
			       tr(req->pool, req->lang, "project.same",
				  SLOT_S("name", rows_text(rows, 0, COL_PROJECT_SAME_NAME)),
				  SLOT_I("id", id)));
		json_set_int(ret->data, "id", id);
		outcome_button(req, ret, 0,
			       tr(req->pool, req->lang, "button.project_open", SLOT_S("name", "")),
			       project_open_data(req, id));
	}
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *name = words_line(req->pool, args->title);
	struct json_texts tags = words_tags(req->pool, &args->tags);
	struct project_row project;
	struct rows *rows;
	struct when due;

	if (args->due && !when_read(req, args->due, &due))
		return err_new(ERR_INVALID, "\"due\": not a local day like 2026-12-20");
	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(name_check(req, tx, name, ret));
	if (ret->html)
		return NULL;
	ERR(tx_exec(tx, STMT_PROJECT_PUT,
		    PG_ARGS(PG_TEXT(name), PG_TEXT(args->description ? args->description : ""),
			    PG_TEXT(args->status ? args->status : "active"), PG_TEXTS(tags.v, tags.n),
			    PG_TEXT(args->due ? when_date(req, &due) : NULL)),
		    &rows));
	project = project_row(req, rows, 0, COL_PROJECT_PUT_PROJECT);
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "project", .object_id = project.id };
	ret->html = tr(req->pool, req->lang, "project.created", SLOT_S("name", project.name),
		       SLOT_I("id", project.id), SLOT_S("extras", project_extras(req, &project)));
	outcome_data(req, ret, result, &(struct created){ &project });
	project_list_button(req, 0, ret);
	return NULL;
}

const struct tool tool_create_project = {
	.name = "create_project",
	.description =
		"Begins a project, which holds tasks, decisions, documents, meetings and milestones; at once and undoable.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_MAKE,
	.words = { .what = "title", .when = "due" },
	.min_role = ROLE_USER,
	.from_text = from_text,
	.run = run,
};
