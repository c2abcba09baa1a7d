#include "tools/mail/mail_view.h"
#include "tools/pending.h"
#include <stddef.h>

struct args {
	int64_t id;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "number of the mail" },
	{ 0 },
};

/* What the person says next is the answer, which a card then shows. */
static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct json *reply = json_object(req->pool);
	struct mail_row row;
	bool found;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(mail_seen_get(req, tx, args->id, &row, &found));
	if (!found) {
		outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "mail.which_gone"));
		return NULL;
	}
	ret->outside = true;
	ret->html = tr(req->pool, req->lang, "mail.reply_ask", SLOT_S("from", mail_view_sender(req, &row)),
		       SLOT_S("subject", mail_view_subject(req, &row)));
	outcome_data(req, ret, mail_result, &(struct mail_result){ .mail = &row });
	json_set_int(reply, "reply_to_id", row.id);
	return pending_words(tx, "send_email", reply, "body");
}

const struct tool tool_reply_email = {
	.name = "reply_email",
	.description = "Asks what to answer.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = mail_result,
	.effect = TOOL_READ,
	.words = { .what = "id" },
	.min_role = ROLE_USER,
	.run = run,
	.internal = true,
	.pressable = true,
};
