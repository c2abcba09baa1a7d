#include "core/text.h"
#include "tests/remote/far_tool.h"

/* The far side knows it by the operation's id: exactly once. */
static err_t *send_it(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
		      struct json **ret_result)
{
	(void)ret_result;
	return far_send(req, op, true, ret_sent);
}

static err_t *look_for(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
		       struct json **ret_result)
{
	(void)ret_result;
	return far_look(req, mem_fmt(req->pool, "things/%s", op->id), ret_sent);
}

static const struct remote remote = {
	.ids = true, .plan = far_plan, .send = send_it, .look = look_for, .settle = far_settle
};

const struct tool tool_far_invite = {
	.name = "far_invite",
	.description = "For tests.",
	.params = far_params,
	.args_size = sizeof(struct far_args),
	.result = far_result,
	.effect = TOOL_OUTWARD,
	.claim = CLAIM_SEND,
	.words = { .what = "words" },
	.min_role = ROLE_USER,
	.commands = "farinvite",
	.from_text = far_from_text,
	.remote = &remote,
};
