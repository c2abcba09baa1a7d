/* people_admin: who is here, who is invited, and how someone leaves.
 * Needs: db, crypt. Used by: route_admin, route_health, cli_user (the first owner's code), mydata. */
#ifndef DB_PEOPLE_ADMIN_H
#define DB_PEOPLE_ADMIN_H

#include "core/req.h"
#include <stdint.h>

#define INVITE_LIFE_US (24 * INT64_C(3600000000))

/* A pairing code, good once until now + life_us; only its hash is stored. A code for ROLE_OWNER lets its
 * bearer become the owner. *ret_code: to be read out or typed, in the pool. */
NODISCARD err_t *people_invite(apr_pool_t *pool, enum role role, int64_t now, int64_t life_us,
			       const char **ret_code);

/* Whether no owner has come by Telegram yet. */
NODISCARD err_t *people_owner_missing(apr_pool_t *pool, bool *ret_missing);

struct person {
	int64_t user_id, created_at;
	enum role role;
	const char *lang, *zone;
	const char *logins; /* Telegram user ids by commas; those of the terminal are 0 and below */
	bool blocked;       /* one of the logins has blocked the bot */
};
/* Everyone, by user id, in the pool. */
NODISCARD err_t *people_list(apr_pool_t *pool, size_t *ret_n, struct person **ret_people);

/* Erases a person: ERR_NOT_FOUND, ERR_CONFLICT for the last owner. *ret_receipt: an id that proves it, in
 * the pool; *ret_rows: how many rows went. */
NODISCARD err_t *people_remove(apr_pool_t *pool, int64_t user_id, int64_t now, const char **ret_receipt,
			       int64_t *ret_rows);

/* A new receipt: an id that proves an erasure, in the pool. */
const char *people_receipt(apr_pool_t *pool);
/* The person of req leaves by themselves, the last owner too: everything goes, and goodbye (HTML) is put into the outbox of
 * their chat, in one transaction. ERR_DENIED: not their chat. */
NODISCARD err_t *people_leave(struct req *req, const char *receipt, const char *goodbye, int64_t *ret_rows);

/* ERR_NOT_FOUND, ERR_CONFLICT when the last owner would be none. */
NODISCARD err_t *people_set_role(apr_pool_t *pool, int64_t user_id, enum role role, int64_t now);

/* NULL when the queue's role reaches the schema. */
NODISCARD err_t *people_ready(apr_pool_t *pool);

#endif
