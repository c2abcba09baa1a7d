#include "core/text.h"
#include "tests/remote/far_tool.h"

/* The far side takes no id, and what it shows may come late: at most once, and told where it is not known. */
static err_t *send_it(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
		      struct json **ret_result)
{
	(void)ret_result;
	return far_send(req, op, false, ret_sent);
}

static err_t *look_for(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
		       struct json **ret_result)
{
	(void)ret_result;
	return far_look(req, mem_fmt(req->pool, "things?words=%s", json_text(op->request, "words")),
			ret_sent);
}

static const struct remote remote = {
	.plan = far_plan, .send = send_it, .look = look_for, .settle = far_settle
};

const struct tool tool_far_plain = {
	.name = "far_plain",
	.description = "For tests.",
	.params = far_params,
	.args_size = sizeof(struct far_args),
	.result = far_result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_SEND,
	.words = { .what = "words" },
	.min_role = ROLE_USER,
	.commands = "farplain",
	.from_text = far_from_text,
	.remote = &remote,
};
