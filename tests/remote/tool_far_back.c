#include "core/text.h"
#include "tests/remote/far_tool.h"

/* Takes back what far_swap did: exactly once. */
static err_t *plan(struct req *req, struct tx *tx, const void *p, struct json **ret_request,
		   struct outcome *ret)
{
	const struct far_args *args = p;

	if (!text_same(args->words, "back-mexido"))
		return far_plan(req, tx, p, ret_request, ret);
	outcome_refuse(req, ret, "changed", "Mudou por lá.");
	return NULL;
}

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
	.ids = true, .plan = plan, .send = send_it, .look = look_for, .settle = far_settle
};

const struct tool tool_far_back = {
	.name = "far_back",
	.description = "For tests.",
	.params = far_params,
	.args_size = sizeof(struct far_args),
	.result = far_result,
	.effect = TOOL_REVERSIBLE,
	.words = { .what = "words" },
	.min_role = ROLE_USER,
	.remote = &remote,
	.internal = true,
};
