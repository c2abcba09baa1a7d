#include "tools/mail/mail_labels.h"

#include "core/text.h"
#include "integrations/google/google_gmail.h"
#include "tools/google/google_say.h"
#include "tools/mail/mail_view.h"

err_t *mail_labels_plan(struct req *req, struct tx *tx, int64_t id, bool into, struct json **ret_request,
			struct outcome *ret)
{
	struct google_account from;
	struct mail_row row;
	bool found, ready;

	ERR(mail_seen_get(req, tx, id, &row, &found));
	if (!found) {
		outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "mail.which_gone"));
		return NULL;
	}
	ERR(google_ready(req, tx, GOOGLE_MAIL_CHANGE, row.account, &from, &ready, ret));
	if (!ready)
		return NULL;
	*ret_request = json_object(req->pool);
	json_set_int(*ret_request, "id", id);
	json_set_int(*ret_request, "account", row.account);
	json_set_text(*ret_request, "gmail_id", row.gmail_id);
	json_set_bool(*ret_request, "into", into);
	return NULL;
}

err_t *mail_labels_send(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
			struct json **ret_result)
{
	bool into = json_true(op->request, "into");
	struct google_request request = {
		.api = GOOGLE_GMAIL_API,
		.method = "POST",
		.path = google_gmail_modify_path(req->pool, json_text(op->request, "gmail_id")),
		.body = google_gmail_labels(req->pool, into ? "INBOX" : NULL, into ? NULL : "INBOX"),
		.units = GMAIL_MODIFY_UNITS
	};
	struct google_reply reply = { .reason = "" };
	int64_t account;
	err_t *err;

	(void)ret_result;
	if (!request.path || !json_int(op->request, "account", &account))
		return err_new(ERR_INTERNAL, "a plan without its mail");
	err = google_call(req, account, &request, &reply);
	*ret_sent = google_sent(err, &reply);
	return NULL;
}

err_t *mail_labels_settle(struct req *req, struct tx *tx, const struct operation *op, struct outcome *ret)
{
	bool into = json_true(op->request, "into"), found = false;
	struct mail_row row = { .subject = "" };
	struct json *args = json_object(req->pool);
	int64_t id = 0;

	if (json_int(op->request, "id", &id))
		ERR(mail_seen_get(req, tx, id, &row, &found));
	if (op->sent != REMOTE_DONE) {
		outcome_refuse(req, ret, "refused", tr(req->pool, req->lang, "mail.not_moved"));
		return NULL;
	}
	ret->kind = OUTCOME_DONE;
	ret->object = "mail";
	ret->object_id = id;
	ret->outside = true;
	ret->html = tr(req->pool, req->lang, into ? "mail.unarchived" : "mail.archived",
		       SLOT_S("subject", mail_view_subject(req, &row)));
	outcome_data(req, ret, mail_result, &(struct mail_result){ .mail = found ? &row : NULL });
	json_set_int(args, "id", id);
	if (!into)
		outcome_reverse(ret, "unarchive_email", args);
	return NULL;
}
