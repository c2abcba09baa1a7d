#include "db/handover.h"

#include "core/text.h"
#include "db/db.h"

err_t *handover_put(apr_pool_t *pool, const struct handover *h, const char *token, int64_t ms,
		    enum handover_outcome *ret_outcome)
{
	const char *outcome;
	struct rows *rows;

	ERR(db_exec(pool, STMT_HANDOVER_PUT,
		    PG_ARGS(PG_TEXT(token), PG_TEXT(h->ticket), PG_TEXT(h->call), PG_TEXT(h->params),
			    PG_TEXT(h->query), PG_BYTES(h->body.p ? h->body.p : "", h->body.n),
			    PG_TEXT(h->trace), PG_INT(ms)),
		    &rows));
	outcome = rows_text(rows, 0, COL_HANDOVER_PUT_OUTCOME);
	*ret_outcome = text_same(outcome, "ok")     ? HANDOVER_OK
		       : text_same(outcome, "busy") ? HANDOVER_BUSY
						    : HANDOVER_NOBODY;
	return NULL;
}

err_t *handover_take(apr_pool_t *pool, const char *ticket, bool last, bool *ret_answered,
		     struct handover_answer *ret_answer)
{
	struct rows *rows;

	ERR(db_exec(pool, STMT_HANDOVER_TAKE, PG_ARGS(PG_TEXT(ticket), PG_BOOL(last)), &rows));
	*ret_answered = rows_count(rows) && rows_bool(rows, 0, COL_HANDOVER_TAKE_ANSWERED);
	if (!*ret_answered)
		return NULL;
	ret_answer->status = (int)rows_int(rows, 0, COL_HANDOVER_TAKE_STATUS);
	ret_answer->type = rows_text(rows, 0, COL_HANDOVER_TAKE_TYPE);
	ret_answer->body = rows_bytes(pool, rows, 0, COL_HANDOVER_TAKE_ANSWER);
	ret_answer->error = rows_text_or_null(rows, 0, COL_HANDOVER_TAKE_ERROR);
	return NULL;
}

static struct handover handover_row(apr_pool_t *pool, const struct rows *rows, int i)
{
	return (struct handover){
		.user_id = rows_int(rows, i, COL_HANDOVER_CLAIM_USER_ID),
		.id = rows_int(rows, i, COL_HANDOVER_CLAIM_ID),
		.session_id = rows_int(rows, i, COL_HANDOVER_CLAIM_SESSION_ID),
		.call = rows_text(rows, i, COL_HANDOVER_CLAIM_CALL),
		.params = rows_text(rows, i, COL_HANDOVER_CLAIM_PARAMS),
		.query = rows_text(rows, i, COL_HANDOVER_CLAIM_QUERY),
		.body = rows_bytes(pool, rows, i, COL_HANDOVER_CLAIM_BODY),
		.trace = rows_text(rows, i, COL_HANDOVER_CLAIM_TRACE),
		.role = rows_text(rows, i, COL_HANDOVER_CLAIM_ROLE),
		.lang = rows_text(rows, i, COL_HANDOVER_CLAIM_LANG),
		.zone = rows_text(rows, i, COL_HANDOVER_CLAIM_ZONE),
	};
}

err_t *handover_claim(apr_pool_t *pool, int most, size_t *ret_n, struct handover **ret)
{
	struct rows *rows;
	int n;

	ERR(db_exec_app(pool, STMT_HANDOVER_CLAIM, PG_ARGS(PG_INT(most)), &rows));
	n = rows_count(rows);
	*ret = mem_alloc(pool, sizeof **ret * (size_t)(n + 1));
	for (int i = 0; i < n; i++)
		(*ret)[i] = handover_row(pool, rows, i);
	*ret_n = (size_t)n;
	return NULL;
}

err_t *handover_answer(struct tx *tx, int64_t id, const struct handover_answer *answer)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_HANDOVER_ANSWER,
		    PG_ARGS(PG_INT(id), PG_INT(answer->status), PG_TEXT(answer->type),
			    PG_BYTES(answer->body.p ? answer->body.p : "", answer->body.n),
			    PG_TEXT(answer->error)),
		    &rows));
	return rows_count(rows) ? NULL : err_new(ERR_CANCELLED, "nobody waits for the answer");
}

err_t *handover_sweep(apr_pool_t *pool)
{
	struct rows *rows;

	return db_exec_app(pool, STMT_HANDOVER_SWEEP, PG_ARGS(), &rows);
}
