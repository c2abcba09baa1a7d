#include "db/outbox.h"

#include "core/text.h"
#include "db/db.h"

err_t *outbox_put(struct tx *tx, const struct outgoing *m)
{
	struct req *req = tx_req(tx);

	return tx_defer(tx, STMT_OUTBOX_PUT,
			PG_ARGS(PG_INT(req->bot_id), PG_INT(req->chat_id), PG_TEXT(m->dedupe),
				PG_INT(m->part), PG_TEXT(m->chart ? "photo" : m->method), PG_TEXT(m->text),
				PG_TEXT(m->markup), PG_INT(m->target_id), PG_BOOL(m->silent),
				PG_TEXT(m->class), m->accepted_at ? PG_TIME(m->accepted_at) : PG_TIME_NULL,
				PG_TEXT(m->replaces), PG_TEXT(m->chart)));
}

err_t *outbox_put_stranger(apr_pool_t *pool, int64_t bot_id, int64_t chat_id, const char *dedupe,
			   const char *text, const char *trace, int64_t accepted_at, int64_t now)
{
	return db_exec(pool, STMT_OUTBOX_PUT_STRANGER,
		       PG_ARGS(PG_INT(bot_id), PG_INT(chat_id), PG_TEXT(dedupe), PG_TEXT(text),
			       PG_TEXT(trace), PG_TIME(accepted_at), PG_TIME(now)),
		       NULL);
}

err_t *outbox_notify(apr_pool_t *pool, int64_t bot_id)
{
	return db_exec(pool, STMT_OUTBOX_NOTIFY, PG_ARGS(PG_INT(bot_id)), NULL);
}

static void sending_read(const struct rows *rows, int i, int64_t bot_id, struct sending *s)
{
	s->bot_id = bot_id;
	s->chat_id = rows_int(rows, i, COL_OUTBOX_CLAIM_CHAT_ID);
	s->token = rows_int(rows, i, COL_OUTBOX_CLAIM_TOKEN);
	s->id = rows_int(rows, i, COL_OUTBOX_CLAIM_ID);
	s->method = rows_text(rows, i, COL_OUTBOX_CLAIM_METHOD);
	s->text = rows_text_or_null(rows, i, COL_OUTBOX_CLAIM_TEXT);
	s->markup = rows_text_or_null(rows, i, COL_OUTBOX_CLAIM_MARKUP);
	s->target_id = rows_int(rows, i, COL_OUTBOX_CLAIM_TARGET_ID);
	s->silent = rows_bool(rows, i, COL_OUTBOX_CLAIM_SILENT);
	s->class = rows_text(rows, i, COL_OUTBOX_CLAIM_CLASS);
	s->attempts = rows_int(rows, i, COL_OUTBOX_CLAIM_ATTEMPTS);
	s->lost_before = rows_int(rows, i, COL_OUTBOX_CLAIM_LOST);
	s->trace = rows_text_or_null(rows, i, COL_OUTBOX_CLAIM_TRACE);
	s->accepted_at = rows_int(rows, i, COL_OUTBOX_CLAIM_ACCEPTED_AT);
	s->dedupe = rows_text(rows, i, COL_OUTBOX_CLAIM_DEDUPE);
	s->part = rows_int(rows, i, COL_OUTBOX_CLAIM_PART);
	s->chart = rows_text_or_null(rows, i, COL_OUTBOX_CLAIM_CHART);
	s->state = "pending";
	if (text_same(s->method, "edit") && !s->target_id)
		s->method = "send"; /* what it was to replace never arrived */
}

err_t *outbox_claim(apr_pool_t *pool, int64_t bot_id, int max, int32_t owner, int64_t only_chat,
		    size_t *ret_n, struct sending **ret_sendings)
{
	struct rows *rows;
	struct sending *sendings;

	ERR(pg_exec(db_claim(), pool, STMT_OUTBOX_CLAIM,
		    PG_ARGS(PG_INT(bot_id), PG_INT(max), PG_INT(owner), PG_INT(only_chat)), &rows));
	sendings = mem_alloc(pool, sizeof *sendings * (size_t)(rows_count(rows) + 1));
	for (int i = 0; i < rows_count(rows); i++)
		sending_read(rows, i, bot_id, &sendings[i]);
	*ret_n = (size_t)rows_count(rows);
	*ret_sendings = sendings;
	return NULL;
}

err_t *outbox_done(apr_pool_t *pool, int64_t bot_id, struct sending *const *sendings, size_t n, int64_t now,
		   double chat_pace_s, bool *ret_more)
{
	int64_t *v = mem_alloc(pool, sizeof *v * 6 * (n + 1));
	const char **texts = mem_alloc(pool, sizeof *texts * 2 * (n + 1));
	int64_t *chats = v, *tokens = v + n, *ids = v + 2 * n, *messages = v + 3 * n, *lost = v + 4 * n,
		*waits = v + 5 * n;
	const char **states = texts, **errors = texts + n;
	struct rows *rows;
	bool more = false;

	for (size_t i = 0; i < n; i++) {
		chats[i] = sendings[i]->chat_id;
		tokens[i] = sendings[i]->token;
		ids[i] = sendings[i]->id;
		states[i] = sendings[i]->state;
		messages[i] = sendings[i]->message_id;
		errors[i] = sendings[i]->error;
		lost[i] = sendings[i]->lost;
		waits[i] = sendings[i]->wait_ms;
	}
	ERR(db_exec(pool, STMT_OUTBOX_DONE,
		    PG_ARGS(PG_INT(bot_id), PG_INTS(chats, n), PG_INTS(tokens, n), PG_INTS(ids, n),
			    PG_TEXTS(states, n), PG_INTS(messages, n), PG_TEXTS(errors, n), PG_INTS(lost, n),
			    PG_INTS(waits, n), PG_TIME(now), PG_DOUBLE(chat_pace_s)),
		    &rows));
	for (int i = 0; i < rows_count(rows); i++)
		more = more || rows_int(rows, i, COL_OUTBOX_DONE_PENDING) > 0;
	*ret_more = more;
	return NULL;
}

err_t *outbox_chat_dead(apr_pool_t *pool, int64_t bot_id, int64_t chat_id, const char *error, int64_t now)
{
	return db_exec(pool, STMT_OUTBOX_CHAT_DEAD,
		       PG_ARGS(PG_INT(bot_id), PG_INT(chat_id), PG_TEXT(error), PG_TIME(now)), NULL);
}

err_t *outbox_pace(apr_pool_t *pool, int64_t bot_id, size_t n, double pace_s, double hold_s, int64_t *ret_ms)
{
	struct rows *rows;

	ERR(db_exec(pool, STMT_OUTBOX_PACE,
		    PG_ARGS(PG_INT(bot_id), PG_DOUBLE((double)n), PG_DOUBLE(pace_s), PG_DOUBLE(hold_s)),
		    &rows));
	*ret_ms = rows_int(rows, 0, COL_OUTBOX_PACE_MS);
	return NULL;
}
