#include "bot/turn/progress.h"

#include "bot/turn/replies.h"
#include "core/clock.h"
#include "core/fiber.h"
#include "core/log.h"
#include "db/outbox.h"

static NODISCARD err_t *line_body(struct turn *turn, struct tx *tx)
{
	/* A press has its message already; the reply edits it again. */
	bool pressed = turn->update.callback_message_id && !turn->reply.anew;

	return outbox_put(tx,
			  &(struct outgoing){ .dedupe = reply_progress_key(turn),
					      .method = pressed ? "edit" : "send",
					      .target_id = pressed ? turn->update.callback_message_id : 0,
					      .text = tr(turn->req->pool, turn->req->lang, "agent.progress"),
					      .silent = true,
					      .class = "progress" });
}

/* A request of its own: the turn's may be in the middle of an act. */
static NODISCARD err_t *line_put(struct turn *turn)
{
	struct req *own = req_begin(turn->req->trace);
	apr_pool_t *pool = own->pool;
	struct tx *tx;
	err_t *err;

	*own = *turn->req;
	own->pool = pool;
	own->undo_ref = NULL;
	err = tx_begin_user(own, &tx);
	if (!err)
		err = tx_end(tx, line_body(turn, tx));
	req_end(own);
	return err;
}

static void line_main(void *arg)
{
	struct turn *turn = arg;
	struct turn_progress *p = &turn->progress;

	fiber_set_trace(turn->req->trace);
	if (!p->over) {
		err_t *err = line_put(turn);

		p->shown = !err;
		log_error("progress_failed", err);
		log_error("notify_failed", outbox_notify(turn->req->pool, turn->req->bot_id));
	}
	fiber_set_trace(NULL);
	p->putting = false;
	fiber_wake(p->waiting);
}

void progress_begin(struct turn *turn, int64_t after_ms)
{
	struct turn_progress *p = &turn->progress;
	int64_t due = clock_mono_ms() + after_ms;

	if (!p->thinking || due < p->due_ms)
		p->due_ms = due;
	p->thinking = true;
	p->over = false;
	fiber_wake(p->watcher);
}

void progress_tick(struct turn *turn)
{
	struct turn_progress *p = &turn->progress;

	if (!p->thinking || p->tried || p->over || clock_mono_ms() < p->due_ms)
		return;
	p->tried = true;
	/* Without a fiber there is no line; that is all. */
	p->putting = fiber_go("progress", line_main, turn) != NULL;
}

void progress_end(struct turn *turn)
{
	struct turn_progress *p = &turn->progress;

	p->over = true;
	p->waiting = fiber_self();
	fiber_shield(+1);
	while (p->putting)
		err_clear(fiber_wait(0));
	fiber_shield(-1);
	p->waiting = NULL;
}
