#include "tools/act_run.h"

#include "core/clock.h"
#include "core/fiber.h"
#include "core/log.h"
#include "core/metrics.h"
#include "core/text.h"
#include "tools/act_text.h"
#include "tools/pending.h"
#include "tools/registry.h"
#include "tools/remote.h"

/* --- before --- */

static bool needs_card(const struct req *req, const struct tool *tool)
{
	if (tool->card == CARD_ALWAYS)
		return true;
	if (tool->internal)
		return false;
	switch (tool->effect) {
	case TOOL_READ: return false;
	case TOOL_REVERSIBLE: return req->autonomy == AUTONOMY_SUGGEST;
	case TOOL_DESTRUCTIVE: return req->autonomy != AUTONOMY_AUTO;
	default: return true;
	}
}

static bool is_for(const struct tool *tool, enum act_by by)
{
	return !tool->internal || by == BY_FRAME || (by == BY_BUTTON && tool->pressable);
}

err_t *act_prepare(struct act *act, const char *name, struct json *args, enum act_by by)
{
	struct req *req = act->req;
	uint64_t seen;
	void *decoded;

	act->tool = tool_find(name);
	if (!act->tool || !is_for(act->tool, by))
		return err_new(ERR_NOT_FOUND, "no such tool");
	act->name = act->tool->name;
	if (req->role < act->tool->min_role)
		return err_new(ERR_DENIED, "\"%s\": not for role \"%s\"", act->name, role_name(req->role));
	act->given = args ? args : json_object(req->pool);
	decoded = mem_alloc(req->pool, act->tool->args_size + 1);
	ERR(json_decode(req->pool, act->given, act->tool->params, decoded, &seen));
	act->args = decoded;
	return NULL;
}

static NODISCARD err_t *begun_body(const struct act *act, struct tx *tx, bool *ret_begun)
{
	const struct req *req = act->req;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_ACT_BEGUN,
		    PG_ARGS(PG_INT(req->bot_id), PG_INT(req->update_id), PG_INT(act->end.at.step),
			    PG_INT(act->end.at.call)),
		    &rows));
	*ret_begun = rows_bool(rows, 0, COL_ACT_BEGUN_BEGUN);
	return NULL;
}

/* Whether an earlier try has answered it or sent it: then nothing more is read for it. */
static NODISCARD err_t *begun(const struct act *act, bool *ret_begun)
{
	struct tx *tx;

	*ret_begun = false;
	if (!act->req->update_id)
		return NULL;
	ERR(tx_begin_user(act->req, &tx));
	return tx_end(tx, begun_body(act, tx, ret_begun));
}

static NODISCARD err_t *fetch(struct act *act)
{
	err_t *err;

	if (act->end.waiting)
		act->end.waiting(act->end.ctx, false);
	act->outcome = (struct outcome){ .kind = OUTCOME_SAY };
	err = act->tool->fetch(act->req, act->args, &act->outcome);
	if (act->end.waiting)
		act->end.waiting(act->end.ctx, true);
	act->outcome.kind = OUTCOME_SAY;
	act->answered = !err && act->outcome.html;
	return err;
}

/* --- the effect --- */

static NODISCARD err_t *undo_run(struct act *act, struct tx *tx)
{
	struct req *req = act->req;
	const char *ref = act->undo;
	struct rows *rows;

	if (!*ref) {
		ERR(tx_exec(tx, STMT_UNDO_LATEST, PG_ARGS(), &rows));
		if (!rows_count(rows))
			return err_new(ERR_NOT_FOUND, "nothing to undo");
		ref = rows_text(rows, 0, COL_UNDO_LATEST_REF);
	}
	ERR(tx_exec(tx, STMT_UNDO_APPLY, PG_ARGS(PG_TEXT(ref)), &rows));
	act->outcome.kind = OUTCOME_DONE;
	if (!act->outcome.html)
		act->outcome.html =
			tr(req->pool, req->lang,
			   mem_fmt(req->pool, "undone.%s", rows_text(rows, 0, COL_UNDO_APPLY_ACT)));
	act->outcome.object = "undo";
	return NULL;
}

/* What is to happen, and the buttons that decide. */
static NODISCARD err_t *card_show(struct act *act, struct tx *tx)
{
	struct req *req = act->req;
	struct outcome *o = &act->outcome;
	const char *id;

	if (act->tool->preview) {
		ERR(act->tool->preview(req, tx, act->args, o));
	} else {
		o->html = tr(req->pool, req->lang, "pending.ask",
			     SLOT_S("what", act_text(req, act->tool, act->given)));
		o->card = true;
	}
	o->kind = OUTCOME_SAY;
	if (!o->card || o->buttons_n) /* nothing to ask, or asked in its own way */
		return NULL;
	ERR(pending_put(tx, act->name, o->exact ? o->exact : act->given, NULL, NULL, &id));
	outcome_button(req, o, 0, tr(req->pool, req->lang, "button.confirm"), mem_fmt(req->pool, "y:%s", id));
	outcome_button(req, o, 0, tr(req->pool, req->lang, "button.edit"), mem_fmt(req->pool, "e:%s", id));
	outcome_button(req, o, 0, tr(req->pool, req->lang, "button.cancel"), mem_fmt(req->pool, "n:%s", id));
	log_event(LOG_INFO, "confirmation_requested", KV_S("tool", act->name));
	return NULL;
}

static NODISCARD err_t *effect_run(struct act *act, struct tx *tx)
{
	struct req *req = act->req;

	if (act->answered)
		return NULL;
	if (act->card)
		return card_show(act, tx);
	ERR(act_undoable(act, tx));
	if (act->tool)
		return act->tool->run(req, tx, act->args, &act->outcome);
	if (act->undo)
		return undo_run(act, tx);
	/* A no that asks for nothing more. */
	act->outcome = (struct outcome){ .kind = OUTCOME_SAY,
					 .html = tr(req->pool, req->lang, "pending.dismissed") };
	return NULL;
}

static err_t *effect_body(void *ctx, struct tx *tx, const char **ret_payload)
{
	struct act *act = ctx;

	if (act->pending)
		ERR(pending_settle(tx, act->pending, act->yes, act->hash));
	ERR(effect_run(act, tx));
	ERR(act_effected(act, tx));
	*ret_payload = act_kept(act);
	return act_told(act, tx);
}

static NODISCARD err_t *local_body(struct act *act, struct tx *tx)
{
	struct once once = {
		.at = act->end.at, .kind = "tool", .name = act->name, .body = effect_body, .ctx = act
	};
	const char *payload;
	bool before;

	ERR(once_in(tx, &once, &before, &payload));
	if (!before || !payload)
		return NULL;
	return outcome_read(act->req, payload, &act->outcome); /* its reply was put in the same transaction */
}

/* What was read outside took its time: a /stop that came meanwhile comes between acts, never into one. */
static NODISCARD err_t *local_run(struct act *act)
{
	int read = act->tool && act->tool->fetch;
	err_t *err;

	fiber_shield(read);
	err = act_tx(act, true, local_body);
	fiber_shield(-read);
	return err;
}

static NODISCARD err_t *whole(struct act *act)
{
	const struct tool *tool = act->tool;
	bool before = false;

	if (tool && tool->fetch)
		ERR(begun(act, &before));
	if (tool && tool->fetch && !before)
		ERR(fetch(act));
	if (tool && !act->confirmed && !act->answered && !before)
		act->card = needs_card(act->req, tool) || (tool->card_when && tool->card_when(act->args));
	return tool && tool->remote && !act->card && !act->answered ? remote_run(act) : local_run(act);
}

err_t *act_run(struct act *act)
{
	err_t *err;

	act->begun_us = clock_mono_us();
	log_event(LOG_INFO, "tool_selected", KV_S("tool", act->name));
	err = whole(act);
	metric_add(METRIC_TOOL_CALLS, act->name, err ? err_name(err->code) : "ok", NULL, 1);
	metric_observe(METRIC_TOOL_DURATION, act->name, NULL, NULL,
		       (double)(clock_mono_us() - act->begun_us) / 1e6);
	if (!err && act->outcome.kind == OUTCOME_DONE)
		log_event(LOG_INFO, "action_executed", KV_S("tool", act->name),
			  KV_I("object_id", act->outcome.object_id));
	return err;
}
