#include "bot/talk/mydata.h"

#include "bot/turn/replies.h"
#include "core/log.h"
#include "core/text.h"
#include "db/outbox.h"
#include "db/people_admin.h"
#include "integrations/google/google_account.h"
#include "tools/pending.h"

/* Something said and done once, in one transaction. */
struct doing {
	struct turn *turn;
	struct outcome outcome;
	bool document, erase;
};

/* What the file has not, or not as a calendar: events that are Google's own. */
static NODISCARD err_t *say_google(struct doing *o, struct tx *tx)
{
	struct req *req = o->turn->req;
	struct google_account *accounts;
	size_t n;

	ERR(google_account_list(tx, &n, &accounts));
	if (n)
		o->outcome.html = mem_fmt(req->pool, "%s\n\n%s", o->outcome.html,
					  tr(req->pool, req->lang, "export.google"));
	return NULL;
}

static err_t *doing_body(void *ctx, struct tx *tx, const char **ret_payload)
{
	struct doing *o = ctx;
	struct req *req = o->turn->req;

	(void)ret_payload;
	if (o->erase)
		ERR(pending_erase(tx));
	if (o->document)
		ERR(say_google(o, tx));
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

static NODISCARD err_t *doing_run(struct doing *o)
{
	return reply_once(o->turn, "say", doing_body, o);
}

err_t *mydata_export(struct turn *turn, const char *rest)
{
	struct doing doing = { .turn = turn, .document = true };

	(void)rest;
	doing.outcome = (struct outcome){ .kind = OUTCOME_SAY,
					  .html = tr(turn->req->pool, turn->req->lang, "export.coming") };
	return doing_run(&doing);
}

err_t *mydata_erase(struct turn *turn, const char *rest)
{
	struct doing doing = { .turn = turn, .erase = true };

	(void)rest;
	doing.outcome = (struct outcome){ .kind = OUTCOME_SAY,
					  .html = tr(turn->req->pool, turn->req->lang, "erase.ask") };
	return doing_run(&doing);
}

err_t *mydata_word(struct turn *turn, bool *ret_was)
{
	struct req *req = turn->req;
	const char *folded = text_fold(req->pool, turn->text), *receipt, *done;
	struct tx *tx;
	int64_t rows;
	bool asked = false;
	int left;

	*ret_was = false;
	if (!text_same(folded, "apagar tudo") && !text_same(folded, "erase everything"))
		return NULL;
	ERR(tx_begin_user(req, &tx));
	ERR(tx_end(tx, pending_erase_asked(tx, &asked)));
	*ret_was = true;
	if (!asked)
		return reply_html(turn, tr(req->pool, req->lang, "erase.hint"));
	ERR(google_account_revoke_all(req, &left));
	receipt = people_receipt(req->pool);
	done = tr(req->pool, req->lang, "erase.done", SLOT_S("receipt", receipt));
	if (left)
		done = mem_fmt(req->pool, "%s\n\n%s", done, tr(req->pool, req->lang, "erase.google_left"));
	ERR(people_leave(req, receipt, done, &rows));
	log_event(LOG_INFO, "person_left", KV_I("rows", rows));
	return NULL;
}
