#include "cron/job.h"

#include "core/log.h"
#include "core/text.h"
#include "db/outbox.h"
#include "db/tx.h"
#include "tools/markup.h"
#include "tools/routine/task_hour_view.h"
#include "tools/when.h"

enum { BATCH = 256, AT_ONCE = 6 };
/* Late it is told as late; after that the morning's message names it among what is overdue. */
static const int64_t late_us = 60 * SECOND_US, over_us = 12 * HOUR_US;

/* One at its hour. */
struct hour {
	struct task_row task;
	struct when due; /* on the person's wall */
	int64_t at;      /* the instant of that */
};

static NODISCARD err_t *tell(struct req *req, struct tx *tx, const struct hour *h)
{
	struct outcome card;

	task_hour_card(req, &h->task, &h->due, req->now - h->at > late_us, &card);
	return outbox_put(tx,
			  &(struct outgoing){ .dedupe = mem_fmt(req->pool, "task:%lld:%lld:%s",
								(long long)req->user_id,
								(long long)h->task.id, h->task.due),
					      .method = "send",
					      .text = card.html,
					      .markup = markup_json(req->pool, card.buttons, card.buttons_n),
					      .class = "reminder" });
}

static NODISCARD err_t *settle(struct req *req, struct tx *tx, const char *ref, const struct hour *h,
			       bool over, bool *ret_told)
{
	/* The wall is what counts: it may have moved since this was planned. */
	if (h->at > req->now)
		return tx_defer(tx, STMT_TASK_HOUR_AT, PG_ARGS(PG_TEXT(ref), PG_TIME(h->at)));
	*ret_told = !over && req->chat_id && req->now - h->at <= over_us;
	if (*ret_told)
		ERR(tell(req, tx, h));
	ERR(tx_defer(tx, STMT_TASK_HOUR_TOLD, PG_ARGS(PG_INT(h->task.id), PG_TEXT(h->task.due))));
	return tx_defer(tx, STMT_TASK_HOUR_DROP, PG_ARGS(PG_TEXT(ref)));
}

static NODISCARD err_t *body(struct req *req, struct tx *tx, const char *ref, int64_t id, bool *ret_told)
{
	struct rows *rows;
	struct hour h;

	ERR(tx_exec(tx, STMT_TASK_HOUR_GET, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows)) /* done or gone meanwhile, and its job with it */
		return tx_defer(tx, STMT_TASK_HOUR_DROP, PG_ARGS(PG_TEXT(ref)));
	h.task = task_row(req, rows, 0, COL_TASK_HOUR_GET_TASK);
	if (!when_read(req, h.task.due, &h.due))
		return err_new(ERR_INTERNAL, "\"%s\" is no hour", h.task.due);
	h.at = when_instant(req, h.due.wall);
	req->bot_id = rows_int(rows, 0, COL_TASK_HOUR_GET_BOT_ID);
	req->chat_id = rows_int(rows, 0, COL_TASK_HOUR_GET_CHAT_ID);
	return settle(req, tx, ref, &h, rows_bool(rows, 0, COL_TASK_HOUR_GET_OVER), ret_told);
}

/* A task at its hour, once. Its row, locked, says whether it is still to be told. */
static err_t *task_hour_run(struct req *req, const struct job_run *run)
{
	bool told = false;
	struct tx *tx;
	int64_t id;

	if (!text_int(run->ref, &id))
		return err_new(ERR_INVALID, "\"%s\" is no task", run->ref);
	ERR(tx_begin_user(req, &tx));
	ERR(tx_end(tx, body(req, tx, run->ref, id, &told)));
	if (!told)
		return NULL;
	log_event(LOG_INFO, "task_hour_told", KV_I("task_id", id), KV_I("late_us", req->now - run->due));
	log_error("notify_failed",
		  outbox_notify(req->pool, req->bot_id)); /* it is in the outbox all the same */
	return NULL;
}

const struct job job_task_hour = {
	.kind = "task_hour",
	.when = JOB_AT,
	.catch_up = CATCH_UP_LATE,
	.at_once = AT_ONCE,
	.batch = BATCH,
	.follows = true,
	.run = task_hour_run,
};
