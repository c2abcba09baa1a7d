#include "db/queue.h"

#include "db/db.h"

/* Whether id is new among the ids seen so far; slots (a power of two, over twice as many as ids, zeroed) are its memory: positions + 1. */
static bool is_first(uint32_t *slots, size_t slots_n, const int64_t *ids, size_t n, int64_t id)
{
	size_t at = ((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15)) >> 32;

	for (;; at++) {
		uint32_t *slot = &slots[at & (slots_n - 1)];

		if (!*slot) {
			*slot = (uint32_t)n + 1;
			return true;
		}
		if (ids[*slot - 1] == id)
			return false;
	}
}

/* The batch column by column, as the statement takes it, and each update once. */
struct columns {
	size_t n;
	int64_t *ids, *chats, *lanes;
	const char **kinds, **refs, **traces;
	struct bytes *payloads;
};

static struct columns columns_of(apr_pool_t *pool, const struct update_in *batch, size_t n)
{
	int64_t *v = mem_alloc(pool, sizeof *v * 3 * n);
	const char **s = mem_alloc(pool, sizeof *s * 3 * n);
	struct columns c = {
		.ids = v, .chats = v + n, .lanes = v + 2 * n, .kinds = s, .refs = s + n, .traces = s + 2 * n
	};
	size_t slots_n = 4;
	uint32_t *slots;

	while (slots_n <= 2 * n)
		slots_n *= 2;
	slots = mem_alloc(pool, sizeof *slots * slots_n);
	c.payloads = mem_alloc(pool, sizeof *c.payloads * n);
	for (const struct update_in *u = batch; u < batch + n; u++) {
		if (!is_first(slots, slots_n, c.ids, c.n, u->update_id))
			continue;
		c.ids[c.n] = u->update_id;
		c.chats[c.n] = u->chat_id;
		c.lanes[c.n] = u->lane;
		c.kinds[c.n] = u->kind;
		c.refs[c.n] = u->ref;
		c.traces[c.n] = u->trace;
		c.payloads[c.n++] = (struct bytes){ u->payload, u->payload_n };
	}
	return c;
}

/* An update that another process commits at the same moment fails a try: it is seen at the next. */
enum { INGEST_TRIES = 3 };

err_t *queue_ingest(apr_pool_t *pool, int64_t bot_id, const struct update_in *batch, size_t n, int64_t now,
		    bool open, bool notify, struct ingest_counts *ret_counts)
{
	struct columns c = columns_of(pool, batch, n);
	struct rows *rows = NULL;
	err_t *err = NULL;

	for (int tries = 0; !rows && tries < INGEST_TRIES; tries++) {
		err_clear(err);
		err = db_exec(pool, STMT_INGEST,
			      PG_ARGS(PG_INT(bot_id), PG_INTS(c.ids, c.n), PG_INTS(c.chats, c.n),
				      PG_INTS(c.lanes, c.n), PG_TEXTS(c.kinds, c.n), PG_TEXTS(c.refs, c.n),
				      PG_TEXTS(c.traces, c.n), PG_BLOBS(c.payloads, c.n), PG_TIME(now),
				      PG_BOOL(open), PG_BOOL(notify), PG_BOOL(!tries)),
			      &rows);
		if (err && err->code != ERR_CONFLICT)
			break;
	}
	ERR(err);
	ret_counts->kept = rows_int(rows, 0, COL_INGEST_KEPT);
	ret_counts->passed = rows_int(rows, 0, COL_INGEST_PASSED);
	ret_counts->given = (int64_t)c.n;
	return NULL;
}

static void claim_read(apr_pool_t *pool, const struct rows *rows, int i, int64_t bot_id, struct claim *claim)
{
	struct bytes payload = rows_bytes(pool, rows, i, COL_QUEUE_CLAIM_PAYLOAD);

	claim->bot_id = bot_id;
	claim->chat_id = rows_int(rows, i, COL_QUEUE_CLAIM_CHAT_ID);
	claim->lane = (enum lane)rows_int(rows, i, COL_QUEUE_CLAIM_LANE);
	claim->token = rows_int(rows, i, COL_QUEUE_CLAIM_TOKEN);
	claim->seq = rows_int(rows, i, COL_QUEUE_CLAIM_SEQ);
	claim->update_id = rows_int(rows, i, COL_QUEUE_CLAIM_UPDATE_ID);
	claim->kind = rows_text(rows, i, COL_QUEUE_CLAIM_KIND);
	claim->ref = rows_text_or_null(rows, i, COL_QUEUE_CLAIM_REF);
	claim->attempts = rows_int(rows, i, COL_QUEUE_CLAIM_ATTEMPTS);
	claim->payload = payload.p;
	claim->payload_n = payload.n;
	claim->trace = rows_text(rows, i, COL_QUEUE_CLAIM_TRACE);
	claim->received_at = rows_int(rows, i, COL_QUEUE_CLAIM_RECEIVED_AT);
	claim->user_id = rows_int(rows, i, COL_QUEUE_CLAIM_USER_ID);
	claim->role = rows_text_or_null(rows, i, COL_QUEUE_CLAIM_ROLE);
	claim->lang = rows_text_or_null(rows, i, COL_QUEUE_CLAIM_LANG);
	claim->zone = rows_text_or_null(rows, i, COL_QUEUE_CLAIM_ZONE);
	claim->blocked = rows_bool(rows, i, COL_QUEUE_CLAIM_BLOCKED);
}

err_t *queue_claim(apr_pool_t *pool, int64_t bot_id, enum lane lane, int max, int32_t owner,
		   int64_t only_chat, size_t *ret_n, struct claim **ret_claims)
{
	struct rows *rows;
	struct claim *claims;

	ERR(pg_exec(db_claim(), pool, STMT_QUEUE_CLAIM,
		    PG_ARGS(PG_INT(bot_id), PG_INT(lane), PG_INT(max), PG_INT(owner), PG_INT(only_chat)),
		    &rows));
	claims = mem_alloc(pool, sizeof *claims * (size_t)(rows_count(rows) + 1));
	for (int i = 0; i < rows_count(rows); i++)
		claim_read(pool, rows, i, bot_id, &claims[i]);
	*ret_n = (size_t)rows_count(rows);
	*ret_claims = claims;
	return NULL;
}

struct claim *claim_dup(apr_pool_t *pool, const struct claim *claim)
{
	struct claim *copy = mem_dup(pool, claim, sizeof *claim);

	copy->kind = mem_text(pool, claim->kind);
	copy->ref = mem_text(pool, claim->ref);
	copy->trace = mem_text(pool, claim->trace);
	copy->payload = claim->payload ? mem_textn(pool, claim->payload, claim->payload_n) : NULL;
	copy->role = mem_text(pool, claim->role);
	copy->lang = mem_text(pool, claim->lang);
	copy->zone = mem_text(pool, claim->zone);
	return copy;
}

err_t *queue_complete(apr_pool_t *pool, int64_t bot_id, const struct claim *const *claims, size_t n,
		      int64_t now, bool *ret_more)
{
	int64_t *v = mem_alloc(pool, sizeof *v * 5 * (n + 1));
	int64_t *chats = v, *lanes = v + n, *tokens = v + 2 * n, *seqs = v + 3 * n, *updates = v + 4 * n;
	struct rows *rows;
	bool more = false;

	for (size_t i = 0; i < n; i++) {
		chats[i] = claims[i]->chat_id;
		lanes[i] = claims[i]->lane;
		tokens[i] = claims[i]->token;
		seqs[i] = claims[i]->seq;
		updates[i] = claims[i]->update_id;
	}
	ERR(db_exec(pool, STMT_QUEUE_COMPLETE,
		    PG_ARGS(PG_INT(bot_id), PG_INTS(chats, n), PG_INTS(lanes, n), PG_INTS(tokens, n),
			    PG_INTS(seqs, n), PG_INTS(updates, n), PG_TIME(now)),
		    &rows));
	for (int i = 0; i < rows_count(rows); i++)
		more = more || rows_int(rows, i, COL_QUEUE_COMPLETE_PENDING) > 0;
	*ret_more = more;
	return NULL;
}

err_t *queue_retry(apr_pool_t *pool, const struct claim *claim, bool counts, double wait_s)
{
	return db_exec(pool, STMT_QUEUE_RETRY,
		       PG_ARGS(PG_INT(claim->bot_id), PG_INT(claim->chat_id), PG_INT(claim->lane),
			       PG_INT(claim->token), PG_INT(claim->seq), PG_INT(counts), PG_DOUBLE(wait_s)),
		       NULL);
}

err_t *queue_bury(apr_pool_t *pool, const struct claim *claim, const char *error, int64_t now)
{
	return db_exec(pool, STMT_QUEUE_BURY,
		       PG_ARGS(PG_INT(claim->bot_id), PG_INT(claim->chat_id), PG_INT(claim->lane),
			       PG_INT(claim->token), PG_INT(claim->seq), PG_INT(claim->update_id),
			       PG_TEXT(error), PG_TIME(now)),
		       NULL);
}

err_t *queue_renew(apr_pool_t *pool, int32_t owner, const int64_t *tokens, size_t n)
{
	return db_exec(pool, STMT_QUEUE_RENEW, PG_ARGS(PG_INT(owner), PG_INTS(tokens, n)), NULL);
}

err_t *queue_disown(apr_pool_t *pool, int64_t bot_id, enum lane lane, int32_t owner, const int64_t *tokens,
		    size_t n)
{
	return db_exec(pool, STMT_QUEUE_DISOWN,
		       PG_ARGS(PG_INT(bot_id), PG_INT(lane), PG_INT(owner), PG_INTS(tokens, n)), NULL);
}

err_t *queue_sweep(apr_pool_t *pool, int64_t *ret_freed, int64_t *ret_unsure)
{
	struct rows *rows;

	ERR(db_exec(pool, STMT_QUEUE_SWEEP, PG_ARGS(PG_INT(QUEUE_LOCK_CLASS)), &rows));
	*ret_freed = rows_int(rows, 0, COL_QUEUE_SWEEP_FREED);
	*ret_unsure = rows_int(rows, 0, COL_QUEUE_SWEEP_UNSURE);
	return NULL;
}

err_t *queue_stop_running(apr_pool_t *pool, int64_t bot_id, int64_t chat_id, bool *ret_running)
{
	struct rows *rows;

	ERR(db_exec(pool, STMT_QUEUE_RUNNING, PG_ARGS(PG_INT(bot_id), PG_INT(chat_id)), &rows));
	*ret_running = rows_int(rows, 0, COL_QUEUE_RUNNING_RUNNING) > 0;
	return NULL;
}

err_t *queue_waiting(apr_pool_t *pool, int64_t bot_id, int64_t chat_id, int64_t *ret_waiting)
{
	struct rows *rows;

	ERR(db_exec(pool, STMT_QUEUE_WAITING, PG_ARGS(PG_INT(bot_id), PG_INT(chat_id)), &rows));
	*ret_waiting = rows_int(rows, 0, COL_QUEUE_WAITING_WAITING);
	return NULL;
}

err_t *queue_behind(apr_pool_t *pool, int64_t bot_id, int64_t chat_id, int64_t seq, size_t *ret_n,
		    struct behind **ret_behind)
{
	struct behind *list;
	struct rows *rows;

	ERR(db_exec(pool, STMT_QUEUE_BEHIND, PG_ARGS(PG_INT(bot_id), PG_INT(chat_id), PG_INT(seq)), &rows));
	list = mem_alloc(pool, sizeof *list * (size_t)(rows_count(rows) + 1));
	for (int i = 0; i < rows_count(rows); i++) {
		struct bytes payload = rows_bytes(pool, rows, i, COL_QUEUE_BEHIND_PAYLOAD);

		list[i].update_id = rows_int(rows, i, COL_QUEUE_BEHIND_UPDATE_ID);
		list[i].kind = rows_text(rows, i, COL_QUEUE_BEHIND_KIND);
		list[i].payload = payload.p;
		list[i].payload_n = payload.n;
	}
	*ret_n = (size_t)rows_count(rows);
	*ret_behind = list;
	return NULL;
}

err_t *queue_depths(apr_pool_t *pool, struct queue_depths *ret_depths)
{
	struct rows *rows;

	ERR(db_exec(pool, STMT_QUEUE_DEPTHS, PG_ARGS(), &rows));
	ret_depths->updates = rows_int(rows, 0, COL_QUEUE_DEPTHS_UPDATES);
	ret_depths->outbox = rows_int(rows, 0, COL_QUEUE_DEPTHS_OUTBOX);
	ret_depths->leased = rows_int(rows, 0, COL_QUEUE_DEPTHS_LEASED);
	ret_depths->dead = rows_int(rows, 0, COL_QUEUE_DEPTHS_DEAD);
	ret_depths->oldest_s = rows_double(rows, 0, COL_QUEUE_DEPTHS_OLDEST_S);
	return NULL;
}
