/* people: who may talk to us, counted and paired without anyone's content.
 * Needs: db. Used by: bot/talk, sender. */
#ifndef DB_PEOPLE_H
#define DB_PEOPLE_H

#include "core/mem.h"
#include <stdint.h>

struct person_seen { /* what an update tells of its sender */
	int64_t login_id, bot_id;
	const char *name, *username; /* or NULL */
	const char *lang;            /* a tag of i18n */
};

/* ACCESS=open: the sender becomes a user (or stays who they are). */
NODISCARD err_t *people_open(apr_pool_t *pool, const struct person_seen *seen, int64_t now,
			     int64_t *ret_user);
/* Spends a pairing code (canonical form). *ret_user: 0 when there is no such code, or it is spent or too old. */
NODISCARD err_t *people_pair(apr_pool_t *pool, const char *code, const struct person_seen *seen, int64_t now,
			     int64_t *ret_user);
/* This bot's chat is theirs and reachable. */
NODISCARD err_t *people_chat(apr_pool_t *pool, const struct person_seen *seen, int64_t now);
NODISCARD err_t *people_blocked(apr_pool_t *pool, int64_t bot_id, int64_t login_id);

struct directory_entry {
	int64_t user_id; /* 0: nobody */
	const char *role, *lang, *zone;
};
NODISCARD err_t *people_find(apr_pool_t *pool, int64_t login_id, struct directory_entry *ret_entry);

/* Whether this is the first time in this group. */
NODISCARD err_t *people_group_first(apr_pool_t *pool, int64_t bot_id, int64_t chat_id, int64_t now,
				    bool *ret_first);

#endif
