#include "tools/google/google_say.h"
#include "integrations/google/google_gmail.h"
#include "tools/remote.h"
#include <stddef.h>

struct args {
	int64_t account;
	const char *draft;
};

static const struct json_field params[] = {
	{ "account", JSON_INT, JSON_REQUIRED, offsetof(struct args, account), 1, INT64_MAX, NULL,
	  "number of the account" },
	{ "draft", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, draft), 1, 200, NULL, "Gmail's id of it" },
	{ 0 },
};

static const struct json_field result[] = { { 0 } };

static NODISCARD err_t *plan(struct req *req, struct tx *tx, const void *p, struct json **ret_request,
			     struct outcome *ret)
{
	const struct args *args = p;
	struct google_account from;
	bool ready;

	ERR(google_ready(req, tx, GOOGLE_MAIL_CHANGE, args->account, &from, &ready, ret));
	if (!ready)
		return NULL;
	if (!google_gmail_is_id(args->draft))
		return err_new(ERR_INVALID, "\"draft\": no id of gmail's");
	*ret_request = json_object(req->pool);
	json_set_int(*ret_request, "account", args->account);
	json_set_text(*ret_request, "draft", args->draft);
	return NULL;
}

static NODISCARD err_t *send_it(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
				struct json **ret_result)
{
	struct google_request request = { .api = GOOGLE_GMAIL_API,
					  .method = "DELETE",
					  .path = mem_fmt(req->pool, "/drafts/%s",
							  json_text(op->request, "draft")),
					  .units = GMAIL_DRAFT_UNITS };
	struct google_reply reply = { .reason = "" };
	int64_t account;
	err_t *err;

	(void)ret_result;
	if (!json_int(op->request, "account", &account))
		return err_new(ERR_INTERNAL, "a plan without its account");
	err = google_call(req, account, &request, &reply);
	/* Gone already is gone. */
	*ret_sent = !err && reply.status == 404 ? REMOTE_DONE : google_sent(err, &reply);
	return NULL;
}

static NODISCARD err_t *settle(struct req *req, struct tx *tx, const struct operation *op,
			       struct outcome *ret)
{
	(void)tx;
	if (op->sent != REMOTE_DONE) {
		outcome_refuse(req, ret, "refused", tr(req->pool, req->lang, "mail.not_discarded"));
		return NULL;
	}
	ret->kind = OUTCOME_DONE;
	ret->object = "draft";
	ret->html = tr(req->pool, req->lang, "mail.discarded");
	outcome_data(req, ret, result, &(struct args){ 0 });
	return NULL;
}

static const struct remote remote = { .ids = true, .plan = plan, .send = send_it, .settle = settle };

const struct tool tool_discard_draft = {
	.name = "discard_draft",
	.description = "Takes a draft back.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.words = { .what = "" },
	.min_role = ROLE_USER,
	.remote = &remote,
	.internal = true,
};
