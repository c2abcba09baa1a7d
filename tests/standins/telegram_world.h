/* telegram_world: what the stand-in for Telegram knows: chats, messages, updates, calls, faults.
 * Needs: mem, json. Used by: the other telegram_*.c files of the stand-in.
 * Shares no parsing with the product, so that one mistake cannot hide the other. Everything here is
 * touched under `world.lock` only and lives until the program ends. */
#ifndef TESTS_STANDINS_TELEGRAM_WORLD_H
#define TESTS_STANDINS_TELEGRAM_WORLD_H

#include "core/json.h"
#include <apr_hash.h>
#include <apr_tables.h>
#include <pthread.h>

struct message {
	int64_t id, date;
	bool from_bot, deleted;
	const char *kind;                /* "text", "photo", "document" */
	const char *source, *parse_mode; /* as the bot wrote it */
	const char *plain, *entities;    /* as a person sees it; entities is a JSON array */
	const char *markup;              /* JSON, "" = none */
	const char *file_name, *file_hash;
	int64_t file_size, width, height;
};

struct chat {
	int64_t id;
	const char *from; /* JSON of the User */
	bool blocked;
	apr_array_header_t *messages; /* struct message *, ids ascending */
	int64_t bot_sends;
	double tokens; /* flood control */
	int64_t tokens_ms;
};

struct update {
	int64_t id, created_ms;
	const char *kind, *body;
	bool gone;                  /* acknowledged, expired or dropped */
	struct update *prev, *next; /* pending updates, oldest first */
	struct update *behind;      /* next of the same key */
};

/* A delivery queue: Telegram keeps one in flight per key. */
struct key {
	struct update *head, *tail;
	bool queued, in_flight;
	int attempts;
	int64_t not_before_ms;
	struct key *next; /* in the line of keys with work */
};

struct query { /* a button press waiting for its answer */
	int64_t created_ms;
	bool answered;
};

struct entry { /* of the ledger */
	int64_t seq, t_ms, chat_id, message_id;
	const char *method, *params, *description;
	int code;
	bool lost;
};

struct fault {
	const char *method, *kind;
	int64_t count, retry_after, delay_ms, chat_id;
};

struct kept { /* an upload */
	const unsigned char *data;
	size_t n;
};

struct world {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* something a waiting caller may want */
	pthread_cond_t work;    /* something to deliver */
	apr_pool_t *pool;
	const char *token;
	int64_t bot_id, started_ms;
	int64_t next_update_id, next_message_id, next_query_id;
	int64_t retry_ms, callback_ttl_ms; /* one "second" of Telegram's back-off; life of a button press */
	double burst, per_s;               /* flood control per chat; burst 0 = off */
	apr_hash_t *chats, *keys, *queries, *files;
	apr_hash_t *contents;       /* of files: text, by file_id */
	apr_hash_t *uploads;        /* of what the bot sent: struct kept *, by hash */
	apr_array_header_t *ledger; /* struct entry * */
	apr_array_header_t *faults; /* struct fault */
	struct update *oldest, *newest;
	int64_t pending;
	struct key *line_head, *line_tail;
	/* webhook */
	const char *url, *secret;
	const char *allowed; /* JSON array; "" = the default set */
	int64_t max_connections, workers, in_flight, webhook_set_ms, gone_since_ms;
	int64_t acked, retried, expired, last_status, last_error_date;
	const char *last_error;
	int64_t poller; /* number of the getUpdates call in force */
};

extern struct world world;

void world_init(const char *token);
int64_t world_now_ms(void);                              /* monotonic */
void world_wait(pthread_cond_t *cond, int64_t until_ms); /* lock held */
void world_lock(void);
void world_unlock(void);
char *world_keep(const char *s); /* a copy that stays */

struct chat *world_chat(int64_t id);                                /* NULL when never seen */
struct chat *world_meet(int64_t id, const struct json *from);       /* makes it; from may be NULL */
struct message *world_message(const struct chat *chat, int64_t id); /* NULL when absent or deleted */
struct message *world_add_message(struct chat *chat);
struct json *world_message_json(apr_pool_t *pool, const struct chat *chat, const struct message *m);
struct json *world_chat_json(apr_pool_t *pool, const struct chat *chat);
struct json *world_bot_json(apr_pool_t *pool);
/* JSON text as an object; an empty object when it is none. */
struct json *world_read(apr_pool_t *pool, const char *text);

/* Appends to the ledger; strings are copied. */
struct entry *world_log(const char *method, const char *params);
/* Takes one use of a fault for this call; NULL when there is none. The copy is in pool. */
struct fault *world_take_fault(apr_pool_t *pool, const char *method, int64_t chat_id);
/* Seconds to wait before this chat may be written to, 0 = now (and takes a token). */
int64_t world_flood(struct chat *chat);

/* The value of a parameter, whichever encoding it came in. */
bool param_int(const struct json *params, const char *name, int64_t *ret_value);
const char *param_text(const struct json *params, const char *name);
bool param_true(const struct json *params, const char *name);
/* A nested object or array; *ret_json is NULL when absent. False when it cannot be read. */
bool param_json(apr_pool_t *pool, const struct json *params, const char *name, struct json **ret_json);

#endif
