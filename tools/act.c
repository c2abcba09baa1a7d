#include "tools/act.h"

#include "tools/act_run.h"
#include "tools/act_undo.h"
#include "tools/pending.h"

err_t *act_call(struct req *req, const char *name, struct json *args, struct act_end end)
{
	struct act act = { .req = req, .end = end };

	ERR(act_prepare(&act, name, args, BY_WORDS));
	return act_run(&act);
}

err_t *act_press(struct req *req, const char *name, struct json *args, struct act_end end)
{
	struct act act = { .req = req, .end = end };

	ERR(act_prepare(&act, name, args, BY_BUTTON));
	return act_run(&act);
}

err_t *act_step(struct req *req, const char *name, struct json *args, const char *undo_ref,
		struct act_end end, struct outcome *ret_outcome)
{
	struct act act = { .req = req, .undo_ref = undo_ref, .end = end };

	ERR(act_prepare(&act, name, args, BY_WORDS));
	ERR(act_run(&act));
	*ret_outcome = act.outcome;
	return NULL;
}

err_t *act_follow(struct req *req, const char *name, struct json *args, struct act_end end)
{
	struct act act = { .req = req, .end = end };

	ERR(act_prepare(&act, name, args, BY_FRAME));
	return act_run(&act);
}

err_t *act_settle(struct req *req, const char *id, bool yes, struct act_end end)
{
	struct act act = { .req = req, .name = "dismiss", .pending = id, .yes = yes, .end = end };
	struct pending pending = { 0 };
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	ERR(tx_end(tx, pending_get(tx, id, yes, &pending)));
	act.hash = pending.hash;
	act.confirmed = true;
	if (pending.tool)
		ERR(act_prepare(&act, pending.tool, pending.args, BY_FRAME));
	return act_run(&act);
}

err_t *act_undo(struct req *req, const char *ref, struct act_end end)
{
	struct act act = { .req = req, .name = "undo", .undo = ref ? ref : "", .end = end };

	if (req->role < ROLE_USER)
		return err_new(ERR_DENIED, "\"undo\": not for role \"%s\"", role_name(req->role));
	ERR(act_undo_outside(&act));
	return act_run(&act);
}
