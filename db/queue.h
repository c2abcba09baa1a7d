/* queue: durable updates in; one chat in order, chats in parallel.
 * Needs: db. Used by: cron, turn, bot/web, sender. */
#ifndef DB_QUEUE_H
#define DB_QUEUE_H

#include "core/mem.h"
#include <stdint.h>

enum lane { LANE_TALK, LANE_CONTROL, LANE_OUT };

/* Advisory locks (this class, owner) are held by live workers: see pg_listen. */
#define QUEUE_LOCK_CLASS 1818586483

struct update_in {
	int64_t update_id, chat_id;
	enum lane lane;
	const char *kind;    /* message, callback, member, group, code */
	const char *ref;     /* callback query id; language of a stranger or a group; or NULL */
	const char *trace;   /* 32 hex digits */
	const void *payload; /* NULL: nothing is kept */
	size_t payload_n;
};

struct ingest_counts {
	int64_t kept, passed, given; /* given - passed were strangers'; passed - kept were duplicates */
};

/* Commits the batch in one statement. open: strangers pass. notify: wake workers in other processes. */
NODISCARD err_t *queue_ingest(apr_pool_t *pool, int64_t bot_id, const struct update_in *batch, size_t n,
			      int64_t now, bool open, bool notify, struct ingest_counts *ret_counts);

struct claim {
	int64_t bot_id, chat_id;
	enum lane lane;
	int64_t token, seq, update_id, attempts;
	const char *kind, *ref, *trace;
	const void *payload;
	size_t payload_n;
	int64_t received_at;
	int64_t user_id; /* 0: not in the directory */
	const char *role, *lang, *zone;
	bool blocked;
};

/* The first update of up to max ready chats (or of only_chat, when it is not 0), leased to owner. Claims live in the
 * pool. */
NODISCARD err_t *queue_claim(apr_pool_t *pool, int64_t bot_id, enum lane lane, int max, int32_t owner,
			     int64_t only_chat, size_t *ret_n, struct claim **ret_claims);
/* A copy that lives in pool. */
struct claim *claim_dup(apr_pool_t *pool, const struct claim *claim);

/* Done: deleted and blanked, where the token is still held. *ret_more: some of the chats have more waiting. */
NODISCARD err_t *queue_complete(apr_pool_t *pool, int64_t bot_id, const struct claim *const *claims, size_t n,
				int64_t now, bool *ret_more);
/* Back to the head of its chat, to be claimed again after wait_s. counts: it counts as one of LIMIT_ATTEMPTS. */
NODISCARD err_t *queue_retry(apr_pool_t *pool, const struct claim *claim, bool counts, double wait_s);
/* A dead letter: out of the queue, payload kept for a replay. */
NODISCARD err_t *queue_bury(apr_pool_t *pool, const struct claim *claim, const char *error, int64_t now);

/* tokens: the leases that the owner holds. Others under its name come from a claim whose answer was lost. */
NODISCARD err_t *queue_renew(apr_pool_t *pool, int32_t owner, const int64_t *tokens, size_t n);
/* After a claim that failed: whatever it leased in that lane is ready again. */
NODISCARD err_t *queue_disown(apr_pool_t *pool, int64_t bot_id, enum lane lane, int32_t owner,
			      const int64_t *tokens, size_t n);
/* Frees leases that ran out or whose owner is gone. *ret_unsure: messages among them that may have been sent. */
NODISCARD err_t *queue_sweep(apr_pool_t *pool, int64_t *ret_freed, int64_t *ret_unsure);
/* Tells the holder of the chat's running talk turn to stop; whether there is one. */
NODISCARD err_t *queue_stop_running(apr_pool_t *pool, int64_t bot_id, int64_t chat_id, bool *ret_running);
NODISCARD err_t *queue_waiting(apr_pool_t *pool, int64_t bot_id, int64_t chat_id, int64_t *ret_waiting);

struct behind { /* an update that waits its turn */
	int64_t update_id;
	const char *kind;
	const void *payload;
	size_t payload_n;
};
/* What waits behind seq in the chat's talk lane, in order; at most 20. */
NODISCARD err_t *queue_behind(apr_pool_t *pool, int64_t bot_id, int64_t chat_id, int64_t seq, size_t *ret_n,
			      struct behind **ret_behind);

struct queue_depths {
	int64_t updates, outbox, leased, dead;
	double oldest_s;
};
NODISCARD err_t *queue_depths(apr_pool_t *pool, struct queue_depths *ret_depths);

#endif
