#include "tools/act_frame.h"

#include "core/clock.h"
#include "core/config.h"
#include "core/crypt.h"

static const int64_t undo_life_us = DAY_US;

static void undo_button(struct req *req, struct outcome *outcome)
{
	size_t n = outcome->buttons_n, beside = 0;
	int row = n ? outcome->buttons[n - 1].row : 0;

	while (beside < n && outcome->buttons[n - 1 - beside].row == row)
		beside++;
	if (beside > 2) /* it would be too narrow to read */
		row++;
	outcome_button(req, outcome, row, tr(req->pool, req->lang, "button.undo"),
		       mem_fmt(req->pool, "u:%s", req->undo_ref));
}

/* Tests run with every outcome held against its tool's table. */
static NODISCARD err_t *data_check(const struct act *act)
{
	const struct config *config = act->req->config;

	if (!act->tool || (config && config->env != ENV_TEST))
		return NULL;
	return err_wrap(outcome_check(&act->outcome, act->tool->result), "data of \"%s\"", act->name);
}

err_t *act_effected(struct act *act, struct tx *tx)
{
	struct outcome *o = &act->outcome;

	ERR(data_check(act));
	if (o->kind == OUTCOME_DONE) {
		if (act->req->undo_ref && !o->lasting)
			undo_button(act->req, o);
		ERR(tx_defer(tx, STMT_AUDIT_PUT,
			     PG_ARGS(PG_TEXT(act->name), PG_TEXT(o->object ? o->object : ""),
				     o->object_id ? PG_INT(o->object_id) : PG_INT_NULL)));
	}
	return tx_defer(tx, STMT_LOG_PUT,
			PG_ARGS(PG_TEXT("tool_call"), PG_TEXT(act->name),
				PG_INT((clock_mono_us() - act->begun_us) / 1000), PG_BOOL(true),
				PG_TEXT(NULL)));
}

err_t *act_tx(struct act *act, err_t *(*body)(struct act *act, struct tx *tx))
{
	struct req *req = act->req;
	struct tx *tx;
	err_t *err;

	/* An undo of our rows would not take back what is outside. */
	if (act->tool && act->tool->effect == TOOL_REVERSIBLE && !act->tool->remote)
		req->undo_ref = act->undo_ref ? act->undo_ref : crypt_random_hex(req->pool, 16);
	err = tx_begin_user(req, &tx);
	if (!err)
		err = tx_end(tx, body(act, tx));
	req->undo_ref = NULL;
	return err;
}

err_t *act_undoable(struct act *act, struct tx *tx)
{
	const struct req *req = act->req;

	if (!req->undo_ref)
		return NULL;
	return tx_defer(tx, STMT_UNDO_LOG_PUT,
			PG_ARGS(PG_TEXT(req->undo_ref), PG_TEXT(act->name),
				PG_TIME(req->now + undo_life_us)));
}

const char *act_kept(const struct act *act)
{
	return json_write(act->req->pool, outcome_json(act->req->pool, &act->outcome));
}

err_t *act_told(struct act *act, struct tx *tx)
{
	return act->end.finish ? act->end.finish(act->end.ctx, tx, &act->outcome) : NULL;
}
