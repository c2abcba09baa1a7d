#include "core/clock.h"
#include "core/text.h"
#include "tools/mail/mail_out.h"
#include "tools/when.h"
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

struct ended {
	int64_t id;
	const char *end;
};

static const struct json_field result[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct ended, id) },
	{ "end", JSON_TEXT, JSON_REQUIRED, offsetof(struct ended, end), .values = "sent not_sent unknown" },
	{ 0 },
};

static NODISCARD err_t *told(struct req *req, struct tx *tx, int64_t id, const struct mail_letter *l,
			     enum mail_end how, struct outcome *ret)
{
	const char *name = mail_end_name(how);
	struct when now = { .wall = when_now(req), .has_time = true };

	ERR(tx_defer(tx, STMT_MAIL_OUT_SETTLE, PG_ARGS(PG_INT(id), PG_TEXT(name))));
	ret->kind = how == MAIL_SENT ? OUTCOME_DONE : OUTCOME_SAY;
	ret->object = "mail_out";
	ret->object_id = id;
	ret->lasting = ret->must_tell = true;
	ret->outside = *l->in_reply_to;
	ret->replaces = mail_out_key(req, id);
	ret->html = tr(req->pool, req->lang, mem_fmt(req->pool, "mail.end.%s", name),
		       SLOT_S("time", when_time(req, &now)),
		       SLOT_S("to", mail_compose_people(req->pool, &l->to)), SLOT_S("subject", l->subject));
	outcome_data(req, ret, result, &(struct ended){ id, name });
	return NULL;
}

/* It leaves: in the transaction that says so, the plan is committed too. */
static NODISCARD err_t *plan(struct req *req, struct tx *tx, const void *p, struct json **ret_request,
			     struct outcome *ret)
{
	const struct args *args = p;
	struct google_account from;
	enum google_standing standing;
	struct mail_letter letter;
	struct rows *rows;
	struct json *mail;

	ERR(tx_exec(tx, STMT_MAIL_OUT_TAKE, PG_ARGS(PG_INT(args->id)), &rows));
	if (!rows_count(rows)) {
		outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "mail.out_gone"));
		return NULL;
	}
	ERR(json_read(req->pool, rows_text(rows, 0, COL_MAIL_OUT_TAKE_MAIL),
		      strlen(rows_text(rows, 0, COL_MAIL_OUT_TAKE_MAIL)), &mail));
	ERR(mail_compose_read(req->pool, mail, &letter));
	ERR(google_account_for(tx, GOOGLE_MAIL_SEND, letter.account, &from, &standing));
	/* An account that is gone or closed meanwhile, or a day on which nobody served: it does not leave any more. */
	if (standing != GOOGLE_READY ||
	    req->now > rows_int(rows, 0, COL_MAIL_OUT_TAKE_SEND_AT) + MAIL_OUT_STALE_S * SECOND_US)
		return told(req, tx, args->id, &letter, MAIL_NOT_SENT, ret);
	*ret_request = json_object(req->pool);
	json_set_int(*ret_request, "id", args->id);
	json_set_text(*ret_request, "message_id", rows_text(rows, 0, COL_MAIL_OUT_TAKE_MESSAGE_ID));
	json_set_int(*ret_request, "send_at", rows_int(rows, 0, COL_MAIL_OUT_TAKE_SEND_AT));
	json_set_bool(*ret_request, "drafts", from.may[GOOGLE_MAIL_CHANGE]);
	json_set_bool(*ret_request, "reads", from.may[GOOGLE_MAIL_READ]);
	json_set(*ret_request, "mail", mail);
	return NULL;
}

static NODISCARD err_t *settle(struct req *req, struct tx *tx, const struct operation *op,
			       struct outcome *ret)
{
	struct mail_letter letter;
	int64_t id;

	ERR(mail_compose_read(req->pool, json_at(op->request, "mail"), &letter));
	if (!json_int(op->request, "id", &id))
		return err_new(ERR_INTERNAL, "a plan without its mail");
	return told(req, tx, id, &letter, op->sent == REMOTE_DONE ? mail_end_of(op->result) : MAIL_NOT_SENT,
		    ret);
}

static const struct remote remote = {
	.ids = true, .plan = plan, .send = mail_out_send, .look = mail_out_look, .settle = settle
};

const struct tool tool_deliver_email = {
	.name = "deliver_email",
	.description = "Sends a mail that was confirmed and has waited.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_OUTWARD,
	.claim = CLAIM_SEND,
	.words = { .what = "id" },
	.min_role = ROLE_USER,
	.remote = &remote,
	.internal = true,
};
