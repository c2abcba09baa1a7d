#include "bot/turn/undo.h"

#include "bot/turn/replies.h"
#include "bot/turn/acting.h"

/* An undo that finds nothing, or too late, is an answer and not a failure. */
err_t *undo_act(struct turn *turn, const char *ref)
{
	struct req *req = turn->req;
	err_t *err = act_undo(req, ref, acting_end(turn));
	const char *key = NULL;

	if (err && err->code == ERR_NOT_FOUND)
		key = "undo.nothing";
	if (err && err->code == ERR_CONFLICT)
		key = "undo.changed";
	if (!key)
		return err;
	err_clear(err);
	turn->reply.anew = true;
	return reply_html(turn, tr(req->pool, req->lang, key));
}
