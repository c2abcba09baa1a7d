#include "core/text.h"
#include "tools/mail/mail_view.h"
#include "tools/task/task_view.h"
#include <stddef.h>

struct args {
	int64_t id;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "number of the mail" },
	{ 0 },
};

struct made {
	const struct task_row *task;
};

static const struct json_field result[] = {
	{ "task", JSON_OBJECT, JSON_REQUIRED, offsetof(struct made, task), .of = task_fields },
	{ 0 },
};

/* Its title is the subject, which stays somebody else's words. */
static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct mail_row row;
	struct task_row task;
	struct rows *rows;
	const char *title;
	bool found;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(mail_seen_get(req, tx, args->id, &row, &found));
	if (!found) {
		outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "mail.which_gone"));
		return NULL;
	}
	title = i18n_find(req->lang, "mail.no_subject");
	title = *row.subject ? row.subject : title;
	ERR(tx_exec(tx, STMT_TASK_PUT,
		    PG_ARGS(PG_TEXT(text_cut(req->pool, title, TASK_TITLE_CHARS)),
			    PG_TEXT(*row.sender ? row.sender : row.address), PG_TEXT("medium"),
			    PG_TEXTS(NULL, 0), PG_TEXT(NULL), PG_TEXT(NULL), PG_INT_NULL, PG_INT_NULL,
			    PG_INT_NULL, PG_TEXT(NULL), PG_BOOL(true)),
		    &rows));
	task = task_row(req, rows, 0, COL_TASK_PUT_TASK);
	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "task", .object_id = task.id, .outside = true
	};
	ret->html = tr(req->pool, req->lang, "mail.task_made",
		       SLOT_S("subject", mail_view_subject(req, &row)), SLOT_I("id", task.id));
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.done"), task_done_data(req, task.id));
	outcome_data(req, ret, result, &(struct made){ &task });
	return NULL;
}

const struct tool tool_email_task = {
	.name = "email_task",
	.description = "Makes a task of a mail.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.words = { .what = "id" },
	.min_role = ROLE_USER,
	.run = run,
	.internal = true,
	.pressable = true,
};
