#include "bot/talk/recommended.h"

#include "bot/turn/acting.h"
#include "bot/turn/replies.h"
#include "core/text.h"
#include "tools/act.h"
#include "tools/insight/recommendation.h"
#include "tools/when.h"
#include <string.h>

struct doing {
	struct turn *turn;
	struct act_end end;
	int64_t id;
};

static err_t *finished(void *ctx, struct tx *tx, const struct outcome *outcome)
{
	struct doing *d = ctx;

	if (outcome->kind == OUTCOME_DONE)
		ERR(tx_defer(tx, STMT_RECOMMENDATION_APPLIED, PG_ARGS(PG_INT(d->id))));
	return d->end.finish(d->end.ctx, tx, outcome);
}

static void waiting(void *ctx, bool over)
{
	struct doing *d = ctx;

	if (d->end.waiting)
		d->end.waiting(d->end.ctx, over);
}

static NODISCARD err_t *load(struct turn *turn, int64_t id, struct recommendation *ret, bool *ret_found)
{
	struct tx *tx;

	ERR(tx_begin_user(turn->req, &tx));
	return tx_end(tx, recommendation_get(tx, id, ret, ret_found));
}

/* "For today" on a message of another day: today is the day of the tap. */
static void due_today(struct req *req, struct json *args)
{
	const char *due = json_text(args, "due"),
		   *today = when_date(req, &(struct when){ .wall = when_now(req) });

	if (due && strlen(due) == strlen(today) && strcmp(due, today) < 0)
		json_set_text(args, "due", today);
}

err_t *recommended_press(struct turn *turn, const char *data, bool *ret_known)
{
	struct doing d = { .turn = turn, .end = acting_end(turn) };
	struct recommendation r = { 0 };
	struct json *args;

	*ret_known = false;
	turn->reply.anew = true; /* the message that recommends stays */
	if (!text_int(data, &d.id))
		return NULL;
	ERR(load(turn, d.id, &r, ret_known));
	*ret_known = *ret_known && *r.tool;
	if (!*ret_known)
		return NULL;
	if (text_same(r.status, "applied")) /* once: a second task is not what a second tap means */
		return reply_html(turn, tr(turn->req->pool, turn->req->lang, "recommendation.applied"));
	ERR(json_read(turn->req->pool, r.args, strlen(r.args), &args));
	due_today(turn->req, args);
	if (recommendation_is_over(turn->req, args))
		return reply_html(turn, tr(turn->req->pool, turn->req->lang, "recommendation.over"));
	return act_press(turn->req, r.tool, args,
			 (struct act_end){
				 .at = d.end.at, .finish = finished, .waiting = waiting, .ctx = &d });
}
