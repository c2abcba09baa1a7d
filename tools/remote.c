#include "tools/remote.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/log.h"
#include "core/text.h"
#include "db/outbox.h"
#include "integrations/telegram/telegram_html.h"
#include "tools/act_frame.h"
#include "tools/act_text.h"
#include "tools/markup.h"
#include "tools/pending.h"
#include "tools/registry.h"
#include <string.h>

enum {
	LEASE_S = 120, /* longer than all tries of one go: TRIES sends, and looks */
	TRIES = 3,
	GO_MS = 60000,
	AGAIN_MS = 250, /* before the next try; twice as long each time */
	GIVE_UP = 48,   /* goes after which it is not known for good */
	STALE_S =
		3600, /* what never left by then, and has no id, does not leave any more: nobody expects it */
};

/* One operation on its way, in a request of its own: it does not end with the turn that began it. */
struct flight {
	struct req *req;
	struct operation op;
	struct step_at at;
	int64_t token;
	bool doubt;                     /* it may have happened already: look before it is sent */
	bool stale;                     /* it never left, and nobody expects it any more */
	bool lost;                      /* nobody knows, and nobody will */
	err_t *err;                     /* it is not ours any more, or cannot be marked */
	struct fiber *waiting, *flying; /* the turn's, and its own */
	bool over, alone;               /* alone: the turn does not wait any more */
	bool held;                      /* the turn still says so: its words come before those of the end */
};

static size_t busy;

static const struct remote *far(const struct flight *f)
{
	return f->op.tool->remote;
}

/* --- sending --- */

/* From here on the first byte may have left. */
static NODISCARD err_t *mark_body(struct flight *f, struct tx *tx)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_OPERATION_SENDING,
		    PG_ARGS(PG_TEXT(f->op.id), PG_INT(f->token), PG_DOUBLE(LEASE_S)), &rows));
	return rows_count(rows) ? NULL : err_new(ERR_UNAVAILABLE, "somebody else holds the operation");
}

static NODISCARD err_t *mark(struct flight *f)
{
	struct tx *tx;

	ERR(tx_begin_user(f->req, &tx));
	return tx_end(tx, mark_body(f, tx));
}

/* Whether it is known now. What is there is done; what is not may be sent where that is harmless. */
static bool looked(struct flight *f)
{
	const struct remote *remote = far(f);

	f->op.sent = REMOTE_UNSURE;
	if (!remote->look)
		return !remote->ids;
	log_error("remote_look_failed", remote->look(f->req, &f->op, &f->op.sent, &f->op.result));
	if (f->op.sent != REMOTE_REFUSED)
		return true;
	if (!remote->ids && !remote->look_sure)
		f->op.sent = REMOTE_UNSURE;
	return !remote->ids;
}

static NODISCARD err_t *attempt(struct flight *f)
{
	const struct remote *remote = far(f);
	bool again = f->doubt;

	if (again && looked(f))
		return NULL;
	f->op.sent = REMOTE_UNSURE;
	/* With ids a repeat is harmless, and the plan's own row says enough for the first. */
	if (!remote->ids || f->doubt)
		ERR(mark(f));
	f->doubt = true;
	log_error("remote_send_failed", remote->send(f->req, &f->op, &f->op.sent, &f->op.result));
	/* That a repeat is refused says nothing of the one before, which may still be under way. */
	if (again && f->op.sent == REMOTE_REFUSED)
		f->op.sent = REMOTE_UNSURE;
	return NULL;
}

/* Until it is known, or is not worth more waiting. */
static NODISCARD err_t *go(struct flight *f)
{
	int64_t until = clock_mono_ms() + GO_MS, wait = AGAIN_MS;

	if (f->stale) {
		f->op.sent = REMOTE_REFUSED;
		return NULL;
	}
	for (int try = 1;; try++) {
		ERR(attempt(f));
		if (f->op.sent != REMOTE_UNSURE || try == TRIES || clock_mono_ms() + wait > until)
			break;
		ERR(fiber_sleep(wait));
		wait *= 2;
	}
	f->lost = f->op.sent == REMOTE_UNSURE && (!far(f)->ids || f->op.attempts >= GIVE_UP);
	return NULL;
}

/* --- settling --- */

/* One that is settled in its act's transaction. */
struct settling {
	struct act act;
	struct flight *flight;
};

static const char *words(const struct act *act, const struct flight *f, const char *key)
{
	return tr(act->req->pool, act->req->lang, key,
		  SLOT_S("what", act_text(act->req, f->op.tool, f->op.args)));
}

/* It is over only for whoever holds it: the other one's words are not said. */
static NODISCARD err_t *close_row(struct flight *f, struct tx *tx)
{
	static const char *const states[] = { [REMOTE_DONE] = "done", [REMOTE_REFUSED] = "refused" };
	struct rows *rows;

	ERR(tx_exec(tx, STMT_OPERATION_SETTLE,
		    PG_ARGS(PG_TEXT(f->op.id), PG_INT(f->token),
			    PG_TEXT(f->lost ? "lost" : states[f->op.sent])),
		    &rows));
	return rows_count(rows) ? NULL : err_new(ERR_UNAVAILABLE, "somebody else has settled it");
}

static NODISCARD err_t *outcome_of(struct act *act, struct flight *f, struct tx *tx)
{
	struct outcome *o = &act->outcome;

	*o = (struct outcome){ .kind = OUTCOME_SAY };
	if (f->lost) {
		outcome_refuse(act->req, o, "unknown", words(act, f, "remote.lost"));
		o->must_tell = true;
		return NULL;
	}
	if (f->stale) {
		outcome_refuse(act->req, o, "too_late", words(act, f, "remote.stale"));
		return NULL;
	}
	ERR(far(f)->settle(act->req, tx, &f->op, o));
	if (!o->html)
		outcome_refuse(act->req, o, "refused", words(act, f, "remote.refused"));
	return NULL;
}

/* Of an act that takes another one back: it is done, or may be tried again. */
static NODISCARD err_t *reverse_over(const struct act *act, const struct flight *f, struct tx *tx)
{
	bool done = act->outcome.kind == OUTCOME_DONE;

	if (!f->op.tool->internal)
		return NULL;
	ERR(tx_defer(tx, STMT_UNDO_ACT_SETTLED, PG_ARGS(PG_TEXT(f->op.id), PG_BOOL(done))));
	return f->alone && done ? tx_defer(tx, STMT_UNDO_CLOSE, PG_ARGS(PG_TEXT(f->op.id))) : NULL;
}

/* The step may be there: a turn that was stopped has said that the act goes on. */
static NODISCARD err_t *step_put(struct act *act, struct tx *tx)
{
	const char *payload;
	bool before;

	ERR(once_find(tx, act->end.at, &before, &payload));
	return before ? NULL : once_put(tx, act->end.at, "tool", act->name, act_kept(act));
}

static NODISCARD err_t *settle_body(struct act *act, struct tx *tx)
{
	struct flight *f = ((struct settling *)act)->flight;

	ERR(close_row(f, tx));
	ERR(outcome_of(act, f, tx));
	ERR(reverse_over(act, f, tx));
	ERR(act_effected(act, tx));
	ERR(step_put(act, tx));
	return act_told(act, tx);
}

/* Nothing is settled: what is said instead, for now. */
static NODISCARD err_t *later_body(struct act *act, struct tx *tx)
{
	struct flight *f = ((struct settling *)act)->flight;

	if (!f->alone)
		ERR(tx_defer(tx, STMT_OPERATION_LET, PG_ARGS(PG_TEXT(f->op.id), PG_INT(f->token))));
	outcome_refuse(act->req, &act->outcome, "not_known_yet",
		       words(act, f, f->alone ? "remote.goes_on" : "remote.unsure"));
	act->outcome.must_tell = true;
	ERR(step_put(act, tx));
	return act_told(act, tx);
}

static bool is_known(const struct flight *f)
{
	return f->lost || f->op.sent != REMOTE_UNSURE;
}

/* An end that no turn waits for: told in a message of its own. */
static err_t *tell(void *ctx, struct tx *tx, const struct outcome *outcome)
{
	const struct flight *f = ctx;
	struct req *req = f->req;

	if (!req->chat_id)
		return NULL;
	ERR(tx_defer(tx, STMT_SAID_PUT,
		     PG_ARGS(PG_TEXT(""), PG_TEXT(tg_html_plain(req->pool, outcome->html)), PG_BOOL(false),
			     PG_BOOL(outcome->outside))));
	return outbox_put(tx, &(struct outgoing){
				      .dedupe = mem_fmt(req->pool, "op:%s", f->op.id),
				      .method = outcome->replaces ? "edit" : "send",
				      .replaces = outcome->replaces,
				      .text = outcome->html,
				      .markup = markup_json(req->pool, outcome->buttons, outcome->buttons_n),
				      .class = "reply" });
}

static NODISCARD err_t *settle_alone(struct flight *f)
{
	struct settling s = { .act = { .req = f->req,
				       .tool = f->op.tool,
				       .name = f->op.tool->name,
				       .begun_us = clock_mono_us(),
				       .end = { .at = f->at, .finish = tell, .ctx = f } },
			      .flight = f };

	f->alone = true;
	ERR(act_tx(&s.act, false, settle_body));
	log_event(LOG_INFO, "remote_settled", KV_S("tool", f->op.tool->name));
	return outbox_notify(f->req->pool, f->req->bot_id);
}

/* --- a flight --- */

/* The operation is read into the flight's own pool: it may outlive the turn. */
static struct flight *flight_new(const struct req *turn, struct step_at at)
{
	struct req *req = req_begin(turn->trace);
	apr_pool_t *pool = req->pool;
	struct flight *f = MEM_NEW(pool, struct flight);

	*req = *turn;
	req->pool = pool;
	req->undo_ref = NULL;
	req->zone = mem_text(pool, turn->zone);
	f->req = req;
	f->at = at;
	return f;
}

static void flight_free(void *arg)
{
	struct flight *f = arg;

	err_clear(f->err);
	req_end(f->req);
}

static void flight_main(void *arg)
{
	struct flight *f = arg;

	f->flying = fiber_self();
	fiber_set_trace(f->req->trace);
	f->err = go(f);
	f->over = true;
	if (!f->alone) {
		fiber_wake(f->waiting);
		return;
	}
	while (f->held)
		err_clear(fiber_wait(0));
	if (!f->err && is_known(f))
		f->err = settle_alone(f);
	/* What is left is the sweep's, when the lease has run out. */
	log_error("remote_unsettled", f->err);
	f->err = NULL;
	fiber_set_trace(NULL);
	busy--;
	flight_free(f);
}

static NODISCARD err_t *json_of(apr_pool_t *pool, const char *text, struct json **ret)
{
	return json_read(pool, text, strlen(text), ret);
}

static NODISCARD err_t *flight_read(struct flight *f, const char *id, const char *tool, const char *args,
				    const char *request)
{
	apr_pool_t *pool = f->req->pool;

	f->op.id = mem_text(pool, id);
	f->op.tool = tool_find(tool);
	if (!f->op.tool || !f->op.tool->remote)
		return err_new(ERR_NOT_FOUND, "no such remote tool");
	ERR(json_of(pool, args, &f->op.args));
	return json_of(pool, request, &f->op.request);
}

/* --- planning --- */

struct planning {
	struct act act;
	struct flight *flight;
	bool replayed, answered;
};

static NODISCARD err_t *taken_over(struct planning *p, struct tx *tx, bool *ret_was)
{
	const struct req *req = p->act.req;
	struct flight *f = p->flight;
	struct rows *rows;

	*ret_was = false;
	if (!req->update_id)
		return NULL;
	ERR(tx_exec(tx, STMT_OPERATION_OF,
		    PG_ARGS(PG_INT(req->bot_id), PG_INT(req->update_id), PG_INT(f->at.step),
			    PG_INT(f->at.call), PG_DOUBLE(LEASE_S)),
		    &rows));
	if (!rows_count(rows))
		return NULL;
	*ret_was = true;
	f->token = rows_int(rows, 0, COL_OPERATION_OF_LEASE_TOKEN);
	f->op.attempts = rows_int(rows, 0, COL_OPERATION_OF_ATTEMPTS);
	ERR(flight_read(f, rows_text(rows, 0, COL_OPERATION_OF_ID), rows_text(rows, 0, COL_OPERATION_OF_TOOL),
			rows_text(rows, 0, COL_OPERATION_OF_ARGS),
			rows_text(rows, 0, COL_OPERATION_OF_REQUEST)));
	f->doubt = far(f)->ids || text_same(rows_text(rows, 0, COL_OPERATION_OF_STATE), "sending");
	return NULL;
}

static NODISCARD err_t *operation_put(struct planning *p, struct tx *tx, const struct json *request)
{
	const struct act *act = &p->act;
	const struct req *req = act->req;
	struct flight *f = p->flight;
	const char *id = crypt_random_hex(f->req->pool, 16), *args = json_write(f->req->pool, act->given),
		   *text = json_write(f->req->pool, request);
	struct rows *rows;

	ERR(tx_exec(tx, STMT_OPERATION_PUT,
		    PG_ARGS(PG_TEXT(id), PG_INT(req->bot_id), PG_INT(req->chat_id), PG_INT(req->update_id),
			    PG_INT(f->at.step), PG_INT(f->at.call), PG_TEXT(act->name), PG_TEXT(args),
			    PG_TEXT(text), PG_DOUBLE(LEASE_S)),
		    &rows));
	f->token = rows_int(rows, 0, COL_OPERATION_PUT_LEASE_TOKEN);
	return flight_read(f, id, act->name, args, text);
}

/* An answer in place of the act, or all of it, done here: nothing is sent, and this is its end. */
static NODISCARD err_t *answered(struct planning *p, struct tx *tx)
{
	p->answered = true;
	if (p->act.outcome.kind == OUTCOME_DONE)
		ERR(act_undoable(&p->act, tx));
	ERR(act_effected(&p->act, tx));
	ERR(once_put(tx, p->act.end.at, "tool", p->act.name, act_kept(&p->act)));
	return act_told(&p->act, tx);
}

/* Of an act that takes another one back: whoever else does it is not disturbed, and what is done is done. */
static NODISCARD err_t *reverse_lock(struct planning *p, struct tx *tx)
{
	struct act *act = &p->act;
	struct req *req = act->req;
	struct rows *rows;

	if (!act->reverses)
		return NULL;
	ERR(tx_exec(tx, STMT_UNDO_ACT_LOCK, PG_ARGS(PG_INT(act->reverses)), &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "nothing to undo");
	p->replayed = rows_bool(rows, 0, COL_UNDO_ACT_LOCK_DONE);
	if (!p->replayed && !rows_bool(rows, 0, COL_UNDO_ACT_LOCK_FREE))
		outcome_refuse(req, &act->outcome, "under_way", tr(req->pool, req->lang, "undo.under_way"));
	return NULL;
}

static NODISCARD err_t *plan(struct planning *p, struct tx *tx)
{
	struct act *act = &p->act;
	struct json *request = NULL;
	const char *ref = act->req->undo_ref;

	ERR(act->tool->remote->plan(act->req, tx, act->args, &request, &act->outcome));
	/* What a plan changes is undone by itself only where it is all there is. */
	if (ref && (!act->outcome.html || act->outcome.kind != OUTCOME_DONE))
		ERR(tx_defer(tx, STMT_UNDO_DROP, PG_ARGS(PG_TEXT(ref))));
	if (act->outcome.html)
		return answered(p, tx);
	ERR(operation_put(p, tx, request));
	return act->reverses ? tx_defer(tx, STMT_UNDO_ACT_BEGUN,
					PG_ARGS(PG_INT(act->reverses), PG_TEXT(p->flight->op.id)))
			     : NULL;
}

static NODISCARD err_t *plan_body(struct act *act, struct tx *tx)
{
	struct planning *p = (struct planning *)act;
	const char *payload;
	bool before;

	ERR(once_find(tx, act->end.at, &before, &payload));
	p->replayed = before;
	if (before)
		return payload ? outcome_read(act->req, payload, &act->outcome) : NULL;
	ERR(taken_over(p, tx, &before));
	if (before)
		return NULL;
	if (act->pending)
		ERR(pending_settle(tx, act->pending, act->yes, act->hash));
	ERR(reverse_lock(p, tx));
	if (p->replayed)
		return NULL;
	return act->outcome.html ? answered(p, tx) : plan(p, tx);
}

/* --- public --- */

/* The turn waits until it is known, or until it may not wait any more. The flight goes on either way. */
static void wait_for(const struct act *act, struct flight *f)
{
	err_t *err = NULL;

	f->waiting = fiber_self();
	if (!fiber_go("remote", flight_main, f)) {
		fiber_shield(+1);
		f->err = go(f);
		f->over = true;
		fiber_shield(-1);
	}
	if (!f->over && act->end.waiting)
		act->end.waiting(act->end.ctx, false);
	while (!f->over && !err)
		err = fiber_wait(0);
	err_clear(err);
	if (act->end.waiting)
		act->end.waiting(act->end.ctx, true);
	f->alone = f->held = !f->over;
	busy += f->alone;
}

static NODISCARD err_t *fly(struct act *act, struct flight *f)
{
	struct settling s = { .act = *act, .flight = f };
	err_t *err;

	wait_for(act, f);
	/* What happened outside is written down, /stop or not. */
	fiber_shield(+1);
	if (f->alone) {
		err = act_tx(&s.act, false, later_body);
		f->held = false;
		fiber_wake(f->flying);
	} else {
		err = f->err;
		f->err = NULL;
		if (!err)
			err = act_tx(&s.act, false, is_known(f) ? settle_body : later_body);
		mem_cleanup(act->req->pool, f, flight_free); /* the outcome may hold what was read into it */
	}
	fiber_shield(-1);
	act->outcome = s.act.outcome;
	return err;
}

err_t *remote_run(struct act *act)
{
	struct planning p = { .act = *act, .flight = flight_new(act->req, act->end.at) };
	err_t *err;

	fiber_shield(+1); /* /stop never leaves a plan that nobody was told of */
	err = act_tx(&p.act, true, plan_body);
	fiber_shield(-1);
	act->outcome = p.act.outcome;
	if (!err && !p.replayed && !p.answered)
		return fly(act, p.flight);
	flight_free(p.flight);
	return err;
}

static NODISCARD err_t *take_body(struct flight *f, struct tx *tx, const char *id)
{
	struct req *req = f->req;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_OPERATION_TAKE, PG_ARGS(PG_TEXT(id), PG_DOUBLE(LEASE_S)), &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "it is over, or somebody holds it");
	req->bot_id = rows_int(rows, 0, COL_OPERATION_TAKE_BOT_ID);
	req->chat_id = rows_int(rows, 0, COL_OPERATION_TAKE_CHAT_ID);
	req->update_id = rows_int(rows, 0, COL_OPERATION_TAKE_UPDATE_ID);
	f->at.step = (int)rows_int(rows, 0, COL_OPERATION_TAKE_STEP);
	f->at.call = (int)rows_int(rows, 0, COL_OPERATION_TAKE_CALL);
	f->token = rows_int(rows, 0, COL_OPERATION_TAKE_LEASE_TOKEN);
	f->op.attempts = rows_int(rows, 0, COL_OPERATION_TAKE_ATTEMPTS);
	ERR(flight_read(f, id, rows_text(rows, 0, COL_OPERATION_TAKE_TOOL),
			rows_text(rows, 0, COL_OPERATION_TAKE_ARGS),
			rows_text(rows, 0, COL_OPERATION_TAKE_REQUEST)));
	f->doubt = far(f)->ids || text_same(rows_text(rows, 0, COL_OPERATION_TAKE_STATE), "sending");
	f->stale = !f->doubt && rows_int(rows, 0, COL_OPERATION_TAKE_AGE_S) > STALE_S;
	return NULL;
}

static NODISCARD err_t *let_go(struct flight *f)
{
	struct tx *tx;

	ERR(tx_begin_user(f->req, &tx));
	return tx_end(tx, tx_defer(tx, STMT_OPERATION_LET, PG_ARGS(PG_TEXT(f->op.id), PG_INT(f->token))));
}

static NODISCARD err_t *resume(struct flight *f, const char *id, bool *ret_settled)
{
	struct tx *tx;
	err_t *err;

	ERR(tx_begin_user(f->req, &tx));
	ERR(tx_end(tx, take_body(f, tx, id)));
	ERR(go(f));
	*ret_settled = is_known(f);
	/* What is known is written down, however late it is. */
	fiber_shield(+1);
	err = *ret_settled ? settle_alone(f) : let_go(f);
	fiber_shield(-1);
	return err;
}

err_t *remote_resume(struct req *req, const char *id, bool *ret_settled)
{
	struct flight *f = flight_new(req, (struct step_at){ 0 });
	err_t *err;

	*ret_settled = false;
	err = resume(f, id, ret_settled);
	flight_free(f);
	return err;
}

size_t remote_busy(void)
{
	return busy;
}
