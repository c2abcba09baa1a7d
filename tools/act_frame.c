#include "tools/act_frame.h"

#include "core/clock.h"
#include "core/config.h"
#include "core/crypt.h"

static const int64_t undo_life_us = DAY_US;

static void undo_button(struct req *req, struct outcome *outcome, const char *ref)
{
	size_t n = outcome->buttons_n, beside = 0;
	int row = n ? outcome->buttons[n - 1].row : 0;

	while (beside < n && outcome->buttons[n - 1 - beside].row == row)
		beside++;
	if (beside > 2) /* it would be too narrow to read */
		row++;
	outcome_button(req, outcome, row, tr(req->pool, req->lang, "button.undo"),
		       mem_fmt(req->pool, "u:%s", ref));
}

/* Tests run with every outcome held against its tool's table. */
static NODISCARD err_t *data_check(const struct act *act)
{
	const struct config *config = act->req->config;

	if (!act->tool || (config && config->env != ENV_TEST))
		return NULL;
	return err_wrap(outcome_check(&act->outcome, act->tool->result), "data of \"%s\"", act->name);
}

static const char *ref_of(const struct act *act)
{
	return act->undo_ref ? act->undo_ref : crypt_random_hex(act->req->pool, 16);
}

static NODISCARD err_t *log_undo(struct act *act, struct tx *tx, const char *ref)
{
	return tx_defer(tx, STMT_UNDO_LOG_PUT,
			PG_ARGS(PG_TEXT(ref), PG_TEXT(act->name), PG_TIME(act->req->now + undo_life_us)));
}

/* What takes an act back is not taken back itself. */
static NODISCARD err_t *undo_given(struct act *act, struct tx *tx)
{
	struct req *req = act->req;
	struct outcome *o = &act->outcome;
	const char *ref = req->undo_ref;

	if (act->reverses)
		return tx_defer(tx, STMT_UNDO_ACT_DONE, PG_ARGS(PG_INT(act->reverses)));
	if (act->tool && act->tool->internal && !act->tool->pressable)
		return NULL;
	if (o->reverse_tool) {
		if (!ref) {
			ref = ref_of(act);
			ERR(log_undo(act, tx, ref));
		}
		ERR(tx_defer(tx, STMT_UNDO_ACT_PUT,
			     PG_ARGS(PG_TEXT(ref), PG_TEXT(o->reverse_tool),
				     PG_TEXT(json_write(req->pool, o->reverse_args)))));
	}
	if (ref && !o->lasting)
		undo_button(req, o, ref);
	return NULL;
}

err_t *act_effected(struct act *act, struct tx *tx)
{
	struct outcome *o = &act->outcome;

	ERR(data_check(act));
	if (o->kind == OUTCOME_DONE) {
		ERR(undo_given(act, tx));
		ERR(tx_defer(tx, STMT_AUDIT_PUT,
			     PG_ARGS(PG_TEXT(act->name), PG_TEXT(o->object ? o->object : ""),
				     o->object_id ? PG_INT(o->object_id) : PG_INT_NULL)));
	}
	return tx_defer(tx, STMT_LOG_PUT,
			PG_ARGS(PG_TEXT("tool_call"), PG_TEXT(act->name),
				PG_INT((clock_mono_us() - act->begun_us) / 1000), PG_BOOL(true),
				PG_TEXT(NULL)));
}

err_t *act_tx(struct act *act, bool captures, err_t *(*body)(struct act *act, struct tx *tx))
{
	struct req *req = act->req;
	struct tx *tx;
	err_t *err;

	if (captures && act->tool && act->tool->effect == TOOL_REVERSIBLE &&
	    (!act->tool->internal || act->tool->pressable))
		req->undo_ref = ref_of(act);
	err = tx_begin_user(req, &tx);
	if (!err)
		err = tx_end(tx, body(act, tx));
	req->undo_ref = NULL;
	return err;
}

err_t *act_undoable(struct act *act, struct tx *tx)
{
	return act->req->undo_ref ? log_undo(act, tx, act->req->undo_ref) : NULL;
}

const char *act_kept(const struct act *act)
{
	return json_write(act->req->pool, outcome_json(act->req->pool, &act->outcome));
}

err_t *act_told(struct act *act, struct tx *tx)
{
	return act->end.finish && !act->told ? act->end.finish(act->end.ctx, tx, &act->outcome) : NULL;
}
