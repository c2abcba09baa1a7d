#include "bot/talk/mydata.h"

#include "bot/turn/replies.h"
#include "core/log.h"
#include "core/text.h"
#include "db/outbox.h"
#include "db/people_admin.h"
#include "tools/pending.h"

/* Something said and done once, in one transaction. */
struct once {
	struct turn *turn;
	struct outcome outcome;
	bool document, erase;
};

static NODISCARD err_t *once_body(struct once *o, struct tx *tx)
{
	struct req *req = o->turn->req;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_STEP_FIND,
		    PG_ARGS(PG_INT(req->bot_id), PG_INT(req->update_id), PG_INT(req->step),
			    PG_INT(req->call)),
		    &rows));
	if (rows_count(rows))
		return NULL;
	ERR(tx_defer(tx, STMT_STEP_PUT,
		     PG_ARGS(PG_INT(req->bot_id), PG_INT(req->update_id), PG_INT(req->step),
			     PG_INT(req->call), PG_TEXT("say"), PG_TEXT(o->turn->kind), PG_TEXT(NULL))));
	if (o->erase)
		ERR(pending_question(tx, "erase", json_object(req->pool), "word"));
	ERR(reply_finish(o->turn, tx, &o->outcome));
	if (!o->document)
		return NULL;
	ERR(tx_defer(tx, STMT_AUDIT_PUT, PG_ARGS(PG_TEXT("export"), PG_TEXT(""), PG_INT_NULL)));
	return outbox_put(tx,
			  &(struct outgoing){ .dedupe = mem_fmt(req->pool, "u%lld:zip:%s",
								(long long)req->update_id, req_short(req)),
					      .method = "document",
					      .text = tr(req->pool, req->lang, "export.caption"),
					      .class = "reply" });
}

static NODISCARD err_t *once_run(struct once *o)
{
	struct tx *tx;

	ERR(tx_begin_user(o->turn->req, &tx));
	return tx_end(tx, once_body(o, tx));
}

err_t *mydata_export(struct turn *turn, const char *rest)
{
	struct once once = { .turn = turn, .document = true };

	(void)rest;
	once.outcome = (struct outcome){ .kind = OUTCOME_SAY,
					 .html = tr(turn->req->pool, turn->req->lang, "export.coming") };
	return once_run(&once);
}

err_t *mydata_erase(struct turn *turn, const char *rest)
{
	struct once once = { .turn = turn, .erase = true };

	(void)rest;
	once.outcome = (struct outcome){ .kind = OUTCOME_SAY,
					 .html = tr(turn->req->pool, turn->req->lang, "erase.ask") };
	return once_run(&once);
}

static NODISCARD err_t *asked_body(struct tx *tx, bool *ret_asked)
{
	struct pending pending = { 0 };
	const char *id, *wants;

	ERR(pending_asked(tx, &id, &wants, &pending));
	*ret_asked = id && text_same(pending.tool, "erase");
	return NULL;
}

err_t *mydata_word(struct turn *turn, bool *ret_was)
{
	struct req *req = turn->req;
	const char *folded = text_fold(req->pool, turn->text), *receipt;
	struct tx *tx;
	int64_t rows;
	bool asked = false;

	*ret_was = false;
	if (!text_same(folded, "apagar tudo") && !text_same(folded, "erase everything"))
		return NULL;
	ERR(tx_begin_user(req, &tx));
	ERR(tx_end(tx, asked_body(tx, &asked)));
	*ret_was = true;
	if (!asked)
		return reply_html(turn, tr(req->pool, req->lang, "erase.hint"));
	receipt = people_receipt(req->pool);
	ERR(people_leave(req, receipt, tr(req->pool, req->lang, "erase.done", SLOT_S("receipt", receipt)),
			 &rows));
	log_event(LOG_INFO, "person_left", KV_I("rows", rows));
	return NULL;
}
