#include "db/once.h"

err_t *once_find(struct tx *tx, struct step_at at, bool *ret_before, const char **ret_payload)
{
	const struct req *req = tx_req(tx);
	struct rows *rows;

	*ret_before = false;
	if (!req->update_id)
		return NULL;
	ERR(tx_exec(tx, STMT_STEP_FIND,
		    PG_ARGS(PG_INT(req->bot_id), PG_INT(req->update_id), PG_INT(at.step), PG_INT(at.call)),
		    &rows));
	if (!rows_count(rows))
		return NULL;
	*ret_before = true;
	*ret_payload = rows_text_or_null(rows, 0, COL_STEP_FIND_PAYLOAD);
	return NULL;
}

err_t *once_put(struct tx *tx, struct step_at at, const char *kind, const char *name, const char *payload)
{
	const struct req *req = tx_req(tx);

	if (!req->update_id)
		return NULL;
	return tx_defer(tx, STMT_STEP_PUT,
			PG_ARGS(PG_INT(req->bot_id), PG_INT(req->update_id), PG_INT(at.step), PG_INT(at.call),
				PG_TEXT(kind), PG_TEXT(name), PG_TEXT(payload)));
}

err_t *once_in(struct tx *tx, const struct once *once, bool *ret_before, const char **ret_payload)
{
	ERR(once_find(tx, once->at, ret_before, ret_payload));
	if (*ret_before)
		return NULL;
	*ret_payload = NULL;
	if (once->body)
		ERR(once->body(once->ctx, tx, ret_payload));
	return once_put(tx, once->at, once->kind, once->name, *ret_payload);
}

err_t *once_run(struct req *req, const struct once *once, bool *ret_before, const char **ret_payload)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, once_in(tx, once, ret_before, ret_payload));
}
