#include "core/fiber.h"
#include "core/text.h"
#include "tests/remote/far_tool.h"
#include <stdlib.h>
#include <string.h>

/* An act outside that another one takes back, after something was read outside. Faults before a '/' are its own, those
 * behind it of what takes it back. */
static err_t *fetch(struct req *req, void *p, struct outcome *ret)
{
	struct far_args *args = p;
	enum remote_sent sent = REMOTE_UNSURE;

	if (text_same(args->words, "esperando"))
		return fiber_sleep(60000);
	if (text_same(args->words, "fora")) {
		outcome_refuse(req, ret, "unavailable", "Agora não dá.");
		return NULL;
	}
	ERR(far_look(req, "things/none", &sent));
	args->fetched = sent == REMOTE_REFUSED ? "lido" : NULL;
	return NULL;
}

static bool card_when(const void *p)
{
	const struct far_args *args = p;

	return args->fetched && text_starts(args->words, "cartao");
}

/* The words "aqui": all of it is done here. */
static err_t *plan(struct req *req, struct tx *tx, const void *p, struct json **ret_request,
		   struct outcome *ret)
{
	const struct far_args *args = p;
	struct operation op = { .sent = REMOTE_DONE };
	const char *faults = args->faults ? args->faults : "", *own;

	if (!args->fetched)
		return err_new(ERR_INTERNAL, "planned without what was to be read before");
	own = mem_textn(req->pool, faults, strcspn(faults, "/"));
	ERR(far_plan(req, tx, &(struct far_args){ .words = args->words, .faults = own }, ret_request, ret));
	op.request = *ret_request;
	if (text_starts(args->words, "aqui"))
		return far_settle(req, tx, &op, ret);
	/* What is done outside is not undone by what its plan left here. */
	return tx_defer(tx, STMT_NOTE_PUT,
			PG_ARGS(PG_TEXT(args->words), PG_TEXT(args->words), PG_TEXTS(NULL, 0), PG_BOOL(false),
				PG_TEXT(req->zone)));
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

static err_t *settle(struct req *req, struct tx *tx, const struct operation *op, struct outcome *ret)
{
	const char *faults = json_text(op->args, "faults"), *behind = faults ? strchr(faults, '/') : NULL;
	struct json *back = json_object(req->pool);

	ERR(far_settle(req, tx, op, ret));
	json_set_text(back, "words", mem_fmt(req->pool, "back-%s", json_text(op->request, "words")));
	json_set_text(back, "faults", behind ? behind + 1 : "");
	if (ret->html)
		outcome_reverse(ret, "far_back", back);
	return NULL;
}

static const struct remote remote = {
	.ids = true, .plan = plan, .send = send_it, .look = look_for, .settle = settle
};

const struct tool tool_far_swap = {
	.name = "far_swap",
	.description = "For tests.",
	.params = far_params,
	.args_size = sizeof(struct far_args),
	.result = far_result,
	.effect = TOOL_REVERSIBLE,
	.card_when = card_when,
	.claim = CLAIM_SEND,
	.words = { .what = "words" },
	.min_role = ROLE_USER,
	.commands = "farswap",
	.from_text = far_from_text,
	.fetch = fetch,
	.remote = &remote,
};
