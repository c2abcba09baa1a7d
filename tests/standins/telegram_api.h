/* telegram_api: the Bot API's methods, and what a person's acts put in the queue.
 * Needs: telegram_world, telegram_parse. Used by: telegram_main, telegram_deliver, telegram_control. */
#ifndef TESTS_STANDINS_TELEGRAM_API_H
#define TESTS_STANDINS_TELEGRAM_API_H

#include "tests/standins/telegram_world.h"

struct answer {
	int code; /* HTTP status */
	const char *body;
	int64_t retry_after; /* 0 = no header */
	bool hang_up;        /* close the connection without a word */
};

/* One call of a method, with its faults; takes the lock itself and may take its time. */
void api_call(apr_pool_t *pool, const char *method, const struct json *params, struct answer *ret);
/* The answer to what is no method of ours. */
void api_refuse(apr_pool_t *pool, int code, const char *description, struct answer *ret);

/* What a method works on; lock held. */
struct call {
	apr_pool_t *pool;
	const struct json *params;
	struct chat *chat;
	int64_t chat_id, message_id; /* for the ledger */
	int code;                    /* 200 until fail() */
	const char *description;
	int64_t retry_after;
	struct json *result; /* NULL: true */
};
void api_fail(struct call *c, int code, const char *description);

/* telegram_updates.c; lock held. */
void api_get_updates(struct call *c);
void api_set_webhook(struct call *c);
void api_delete_webhook(struct call *c);
void api_webhook_info(struct call *c);

/* Queues an update (a whole object, update_id included) unless allowed_updates leaves its kind out. */
void updates_put(apr_pool_t *pool, const struct json *update);
/* Taken off the list for good. */
void updates_drop(struct update *u);
int64_t updates_next_id(void);

/* telegram_deliver.c; lock held. */
void deliver_start(void); /* enough workers for max_connections */
void deliver_put(struct update *u, const char *key);
struct json *deliver_stats(apr_pool_t *pool);

/* telegram_control.c: the tests' side; takes the lock itself. */
void control_call(apr_pool_t *pool, const char *path, const struct json *params, struct answer *ret);

#endif
