#include "core/text.h"
#include "tools/google/google_say.h"
#include "tools/mail/mail_compose.h"
#include "tools/remote.h"
#include <stddef.h>

struct args {
	struct mail_args is; /* first: MAIL_PARAMS point into it */
};

static const struct json_field params[] = { MAIL_PARAMS, { 0 } };

struct drafted {
	const char *to, *subject;
	bool outside; /* of an answer they are the words of who wrote first */
};

static const struct json_field result[] = {
	{ "to", JSON_TEXT, JSON_REQUIRED | JSON_WORDS, offsetof(struct drafted, to) },
	{ "subject", JSON_TEXT, JSON_REQUIRED | JSON_WORDS, offsetof(struct drafted, subject) },
	{ "outside", JSON_BOOL, 0, offsetof(struct drafted, outside) },
	{ 0 },
};

static NODISCARD err_t *fetch(struct req *req, void *p, struct outcome *ret)
{
	return mail_compose_fetch(req, p, ret);
}

static NODISCARD err_t *preview(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	struct mail_letter letter;

	ERR(mail_compose(req, tx, p, "create_draft", GOOGLE_MAIL_CHANGE, &letter, ret));
	if (ret->html)
		return NULL;
	ret->card = true;
	ret->exact = mail_compose_exact(req, p, &letter);
	ret->html =
		tr(req->pool, req->lang, "mail.draft_ask", SLOT_S("mail", mail_compose_html(req, &letter)));
	return NULL;
}

static NODISCARD err_t *plan(struct req *req, struct tx *tx, const void *p, struct json **ret_request,
			     struct outcome *ret)
{
	struct mail_letter letter;

	ERR(mail_compose(req, tx, p, "create_draft", GOOGLE_MAIL_CHANGE, &letter, ret));
	if (!ret->html)
		*ret_request = mail_compose_json(req->pool, &letter);
	return NULL;
}

static struct json *found(struct req *req, const char *draft)
{
	struct json *o = json_object(req->pool);

	json_set_text(o, "draft", draft);
	return o;
}

static NODISCARD err_t *send_it(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
				struct json **ret_result)
{
	struct google_request request = {
		.api = GOOGLE_GMAIL_API, .method = "POST", .path = "/drafts", .units = GMAIL_DRAFT_UNITS
	};
	struct google_reply reply = { .reason = "" };
	struct mail_letter letter;
	struct gmail_row message;
	const char *draft;
	struct buf bytes;
	err_t *err;

	ERR(mail_compose_read(req->pool, op->request, &letter));
	ERR(mail_compose_bytes(req, &letter, mail_compose_id(req->pool, op->id, letter.from), &bytes));
	request.body = google_gmail_draft(req->pool, &bytes, letter.thread);
	err = google_call(req, letter.account, &request, &reply);
	*ret_sent = google_sent(err, &reply);
	if (*ret_sent != REMOTE_DONE)
		return NULL;
	err = google_gmail_draft_id(req->pool, reply.body, &draft, &message);
	if (err)
		*ret_sent = REMOTE_UNSURE; /* it is there, under a name that was not told */
	else
		*ret_result = found(req, draft);
	return err;
}

/* Known by its Message-ID, which is made of the operation's id. */
static NODISCARD err_t *look(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
			     struct json **ret_result)
{
	struct google_request request = { .api = GOOGLE_GMAIL_API,
					  .method = "GET",
					  .units = GMAIL_LIST_UNITS };
	struct google_reply reply = { .reason = "" };
	struct mail_letter letter;
	struct gmail_row message;
	const char *draft;

	ERR(mail_compose_read(req->pool, op->request, &letter));
	request.path = google_gmail_drafts_path(req->pool, mail_compose_id(req->pool, op->id, letter.from));
	ERR(google_call(req, letter.account, &request, &reply));
	if (reply.status != 200)
		return NULL;
	ERR(google_gmail_drafts(req->pool, reply.body, &draft, &message));
	*ret_sent = draft ? REMOTE_DONE : REMOTE_REFUSED;
	if (draft)
		*ret_result = found(req, draft);
	return NULL;
}

static NODISCARD err_t *settle(struct req *req, struct tx *tx, const struct operation *op,
			       struct outcome *ret)
{
	struct json *args = json_object(req->pool);
	struct mail_letter letter;
	struct drafted drafted;

	(void)tx;
	ERR(mail_compose_read(req->pool, op->request, &letter));
	if (op->sent != REMOTE_DONE) {
		outcome_refuse(req, ret, "refused", tr(req->pool, req->lang, "mail.not_drafted"));
		return NULL;
	}
	drafted = (struct drafted){ mail_compose_people(req->pool, &letter.to), letter.subject,
				    *letter.in_reply_to };
	ret->kind = OUTCOME_DONE;
	ret->object = "draft";
	ret->outside = drafted.outside;
	ret->html = tr(req->pool, req->lang, "mail.drafted", SLOT_S("to", drafted.to),
		       SLOT_S("subject", drafted.subject), SLOT_S("body", letter.body));
	outcome_data(req, ret, result, &drafted);
	json_set_int(args, "account", letter.account);
	json_set_text(args, "draft", json_text(op->result, "draft"));
	outcome_reverse(ret, "discard_draft", args);
	return NULL;
}

/* A search may not know yet of a draft that was made a moment ago: "not there" is not to be believed. */
static const struct remote remote = { .plan = plan, .send = send_it, .look = look, .settle = settle };

const struct tool tool_create_draft = {
	.name = "create_draft",
	.description =
		"Writes a draft in the person's Gmail; nothing is sent. With reply_to_id an answer in its thread.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_MAKE,
	.words = { .what = "subject to body" },
	.min_role = ROLE_USER,
	.fetch = fetch,
	.preview = preview,
	.remote = &remote,
};
