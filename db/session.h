/* session: a person in a browser, known by a token.
 * Needs: tx, crypt. Used by: web_guard, web_session, call_me.
 * The database keeps only the token's hash, and a session lasts by the database's own clock. */
#ifndef DB_SESSION_H
#define DB_SESSION_H

#include "db/tx.h"

/* Characters of a token: 256 random bits as hex. */
enum { SESSION_TOKEN = 64 };

struct session_person {
	int64_t user_id; /* 0: nobody */
	const char *role, *lang, *zone;
};

/* A session of the transaction's person, for life_s seconds from its commit on. *ret_token: in the request's pool, and nowhere else. */
NODISCARD err_t *session_new(struct tx *tx, int64_t life_s, const char **ret_token);
/* One of a consent: it opens the calls whose name begins with "consent_", and nothing else. token: what a browser holds already, or
 * NULL; where that is no token or has a session, *ret_token is a new one. *ret_id: as calls are told. */
NODISCARD err_t *session_consent(struct tx *tx, int64_t life_s, const char *token, const char **ret_token,
				 int64_t *ret_id);
NODISCARD err_t *session_end(struct tx *tx, int64_t session_id);
/* Whose it is; nobody's when it is unknown or has run out. As the queue's role. */
NODISCARD err_t *session_find(apr_pool_t *pool, const char *token, struct session_person *ret_person);

#endif
