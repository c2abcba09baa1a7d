#include "tools/mail/mail_labels.h"
#include "tools/mail/mail_view.h"
#include <stddef.h>

struct args {
	int64_t id;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "number of the mail" },
	{ 0 },
};

static NODISCARD err_t *plan(struct req *req, struct tx *tx, const void *p, struct json **ret_request,
			     struct outcome *ret)
{
	const struct args *args = p;

	return mail_labels_plan(req, tx, args->id, true, ret_request, ret);
}

static const struct remote remote = {
	.ids = true, .plan = plan, .send = mail_labels_send, .settle = mail_labels_settle
};

const struct tool tool_unarchive_email = {
	.name = "unarchive_email",
	.description = "Takes an archiving back.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = mail_result,
	.effect = TOOL_REVERSIBLE,
	.words = { .what = "id" },
	.min_role = ROLE_USER,
	.remote = &remote,
	.internal = true,
};
