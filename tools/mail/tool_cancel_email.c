#include "core/text.h"
#include "tools/mail/mail_out.h"
#include <stddef.h>
#include <string.h>

struct args {
	int64_t id;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "number of the mail" },
	{ 0 },
};

struct state {
	int64_t id;
	const char *state;
};

static const struct json_field result[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct state, id) },
	{ "state", JSON_TEXT, JSON_REQUIRED, offsetof(struct state, state) },
	{ 0 },
};

/* Too late, or a second tap: how it stands. */
static NODISCARD err_t *stands(struct req *req, struct tx *tx, int64_t id, struct outcome *ret)
{
	struct rows *rows;
	const char *state;

	ERR(tx_exec(tx, STMT_MAIL_OUT_GET, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows)) {
		outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "mail.out_gone"));
		return NULL;
	}
	state = rows_text(rows, 0, COL_MAIL_OUT_GET_STATE);
	ret->html = tr(req->pool, req->lang, mem_fmt(req->pool, "mail.stands.%s", state));
	outcome_data(req, ret, result, &(struct state){ id, state });
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct rows *rows;
	struct json *mail;
	struct mail_letter letter;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(tx_exec(tx, STMT_MAIL_OUT_CANCEL, PG_ARGS(PG_INT(args->id)), &rows));
	if (!rows_count(rows))
		return stands(req, tx, args->id, ret);
	ERR(json_read(req->pool, rows_text(rows, 0, COL_MAIL_OUT_CANCEL_MAIL),
		      strlen(rows_text(rows, 0, COL_MAIL_OUT_CANCEL_MAIL)), &mail));
	ERR(mail_compose_read(req->pool, mail, &letter));
	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "mail_out", .object_id = args->id, .lasting = true
	};
	ret->outside = *letter.in_reply_to;
	ret->html = tr(req->pool, req->lang, "mail.cancelled",
		       SLOT_S("to", mail_compose_people(req->pool, &letter.to)),
		       SLOT_S("subject", letter.subject), SLOT_S("body", letter.body));
	outcome_data(req, ret, result, &(struct state){ args->id, "cancelled" });
	return NULL;
}

const struct tool tool_cancel_email = {
	.name = "cancel_email",
	.description = "Keeps a mail that waits from being sent.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ, /* of what was confirmed: no card, and no undo that would send it */
	.words = { .what = "id" },
	.min_role = ROLE_USER,
	.run = run,
	.internal = true,
	.pressable = true,
};
