#include "core/limits.h"
#include "core/text.h"
#include "tools/mail/mail_labels.h"
#include "tools/mail/mail_pick.h"
#include "tools/mail/mail_view.h"
#include <stddef.h>

struct args {
	int64_t id;
	const char *query;
	struct mail_row row; /* of fetch, where there was no number */
};

static const struct json_field params[] = {
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "number of a mail that was listed" },
	{ "query", JSON_TEXT, 0, offsetof(struct args, query), 0, LIMIT_TEXT_IN, NULL,
	  "where there is no number: which one, in the person's words (\"the second\", \"Ana's about the lease\")" },
	{ 0 },
};

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	*ret_args = json_object(req->pool);
	if (*text_trim(req->pool, text))
		json_set_text(*ret_args, "query", text_trim(req->pool, text));
	return NULL;
}

static NODISCARD err_t *fetch(struct req *req, void *p, struct outcome *ret)
{
	struct args *args = p;

	return args->id ? NULL : mail_pick(req, 0, args->query, "archive_email", &args->row, ret);
}

/* Which one it is, and that very one is what a yes archives. */
static NODISCARD err_t *preview(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	int64_t id = args->id ? args->id : args->row.id;
	struct mail_row row;
	bool found;

	ERR(mail_seen_get(req, tx, id, &row, &found));
	if (!found) {
		outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "mail.which_gone"));
		return NULL;
	}
	ret->card = ret->outside = true;
	ret->exact = json_object(req->pool);
	json_set_int(ret->exact, "id", id);
	ret->html = tr(req->pool, req->lang, "mail.archive_ask", SLOT_S("from", mail_view_sender(req, &row)),
		       SLOT_S("subject", mail_view_subject(req, &row)));
	return NULL;
}

static NODISCARD err_t *plan(struct req *req, struct tx *tx, const void *p, struct json **ret_request,
			     struct outcome *ret)
{
	const struct args *args = p;

	return mail_labels_plan(req, tx, args->id ? args->id : args->row.id, false, ret_request, ret);
}

/* Out of the inbox twice is out of the inbox. */
static const struct remote remote = {
	.ids = true, .plan = plan, .send = mail_labels_send, .settle = mail_labels_settle
};

const struct tool tool_archive_email = {
	.name = "archive_email",
	.description = "Archives one mail: it leaves the inbox and stays in Gmail.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = mail_result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_CHANGE,
	.words = { .what = "query id" },
	.min_role = ROLE_USER,
	.from_text = from_text,
	.fetch = fetch,
	.preview = preview,
	.remote = &remote,
};
