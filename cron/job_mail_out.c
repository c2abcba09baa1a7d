#include "cron/job.h"

#include "core/text.h"
#include "db/outbox.h"
#include "db/tx.h"
#include "integrations/telegram/telegram_html.h"
#include "tools/act.h"
#include "tools/mail/mail_out.h"
#include "tools/markup.h"

enum { LEAVING_MAX = 4 };

struct leaving {
	struct req *req;
	int64_t id;
};

/* What became of it takes the place of "leaves in 30 s". */
static err_t *tell(void *ctx, struct tx *tx, const struct outcome *outcome)
{
	const struct leaving *l = ctx;
	struct req *req = l->req;

	if (!outcome->replaces && !outcome->must_tell)
		return NULL; /* cancelled meanwhile, or taken by another try */
	ERR(tx_defer(tx, STMT_SAID_PUT,
		     PG_ARGS(PG_TEXT(""), PG_TEXT(tg_html_plain(req->pool, outcome->html)), PG_BOOL(false),
			     PG_BOOL(outcome->outside))));
	return outbox_put(tx, &(struct outgoing){
				      .dedupe = mem_fmt(req->pool, "%s:%s", mail_out_key(req, l->id),
							outcome->replaces ? "end" : "later"),
				      .method = outcome->replaces ? "edit" : "send",
				      .replaces = outcome->replaces,
				      .text = outcome->html,
				      .markup = markup_json(req->pool, outcome->buttons, outcome->buttons_n),
				      .class = "reply" });
}

static NODISCARD err_t *where_body(struct leaving *l, struct tx *tx, bool *ret_waits)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_MAIL_OUT_GET, PG_ARGS(PG_INT(l->id)), &rows));
	*ret_waits = rows_count(rows) && text_same(rows_text(rows, 0, COL_MAIL_OUT_GET_STATE), "waiting");
	if (!*ret_waits)
		return NULL;
	if (rows_int(rows, 0, COL_MAIL_OUT_GET_SEND_AT) > l->req->now)
		return err_new(ERR_UNAVAILABLE, "not due");
	l->req->bot_id = rows_int(rows, 0, COL_MAIL_OUT_GET_BOT_ID);
	l->req->chat_id = rows_int(rows, 0, COL_MAIL_OUT_GET_CHAT_ID);
	return NULL;
}

/* A mail whose time to be taken back is over. From its plan on it is an operation, which outlives this job. */
static err_t *mail_out_run(struct req *req, const struct job_run *run)
{
	struct leaving l = { .req = req };
	struct json *args = json_object(req->pool);
	struct tx *tx;
	bool waits;

	if (!text_int(run->ref, &l.id))
		return err_new(ERR_INVALID, "\"%s\" is no mail", run->ref);
	ERR(tx_begin_user(req, &tx));
	ERR(tx_end(tx, where_body(&l, tx, &waits)));
	if (!waits)
		return NULL;
	json_set_int(args, "id", l.id);
	ERR(act_follow(req, "deliver_email", args, (struct act_end){ .finish = tell, .ctx = &l }));
	return outbox_notify(req->pool, req->bot_id);
}

const struct job job_mail_out = {
	.kind = "mail_out",
	.when = JOB_AT,
	.catch_up = CATCH_UP_LATE,
	.at_once = LEAVING_MAX,
	.limit_us = 3 * MINUTE_US,
	.follows = true,
	.run = mail_out_run,
};
