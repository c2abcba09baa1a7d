#include "tools/event/event_offer.h"

#include "core/text.h"
#include "db/outbox.h"
#include "db/tx.h"
#include "tools/markup.h"

static NODISCARD err_t *offer(struct tx *tx, int64_t account, int64_t count)
{
	struct req *req = tx_req(tx);
	struct outcome o = { .html = tr(req->pool, req->lang, "event.upload.offer", SLOT_I("n", count)) };

	outcome_button(req, &o, 0, tr(req->pool, req->lang, "event.upload.yes"),
		       button_act(req->pool, "upload_events", SLOT_I("account", account)));
	return outbox_put(tx, &(struct outgoing){
				      .dedupe = mem_fmt(req->pool, "event-offer:%lld", (long long)account),
				      .method = "send",
				      .text = o.html,
				      .markup = markup_json(req->pool, o.buttons, o.buttons_n),
				      .class = "reply" });
}

static NODISCARD err_t *body(struct tx *tx, int64_t account)
{
	struct req *req = tx_req(tx);
	struct rows *rows;

	ERR(tx_exec(tx, STMT_EVENT_OFFER, PG_ARGS(PG_INT(account)), &rows));
	if (!rows_count(rows) || !rows_int(rows, 0, COL_EVENT_OFFER_COUNT))
		return NULL;
	req->bot_id = rows_int(rows, 0, COL_EVENT_OFFER_BOT_ID);
	req->chat_id = rows_int(rows, 0, COL_EVENT_OFFER_CHAT_ID);
	return offer(tx, account, rows_int(rows, 0, COL_EVENT_OFFER_COUNT));
}

err_t *event_offer(struct req *req, int64_t account)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, body(tx, account));
}
