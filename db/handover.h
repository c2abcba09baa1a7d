/* handover: a person's request on its way from web to a worker, and the answer on its way back.
 * Needs: tx. Used by: web_person (puts, takes), person_web (claims, answers).
 * docs/adr/0001-web-and-people.md tells why. A request is claimed once and never again. */
#ifndef DB_HANDOVER_H
#define DB_HANDOVER_H

#include "db/tx.h"

#define HANDOVER_CHANNEL "lembra_web"   /* something waits for a worker */
#define HANDOVER_DONE "lembra_web_done" /* something was answered: the first HANDOVER_HANDLE of its ticket */
enum { HANDOVER_TICKET = 64, HANDOVER_HANDLE = 16 };

struct handover {
	/* What web gives. */
	const char *ticket; /* HANDOVER_TICKET random hex digits; whoever knows it takes the answer */
	const char *call, *params, *query, *trace;
	struct bytes body;
	/* What the database adds for the worker: it looked the token up itself. */
	int64_t user_id, id, session_id;
	const char *role, *lang, *zone;
};

struct handover_answer {
	int status;
	const char *type;
	struct bytes body;
	const char *error; /* the name of an err_code; then body is its message. NULL: none */
};

enum handover_outcome { HANDOVER_OK, HANDOVER_NOBODY, HANDOVER_BUSY };

/* As the queue's role. ms: how long somebody will wait. NOBODY: the token is no session's; BUSY: too many of the
 * person's requests wait. */
NODISCARD err_t *handover_put(apr_pool_t *pool, const struct handover *h, const char *token, int64_t ms,
			      enum handover_outcome *ret_outcome);
/* The answer, once. last: nobody will ask again, answered or not. */
NODISCARD err_t *handover_take(apr_pool_t *pool, const char *ticket, bool last, bool *ret_answered,
			       struct handover_answer *ret_answer);

/* As the app's role: the oldest that wait, at most `most`, each person told by the database. */
NODISCARD err_t *handover_claim(apr_pool_t *pool, int most, size_t *ret_n, struct handover **ret);
/* In the transaction of the request's effect. ERR_CANCELLED: nobody waits any more, and nothing is to be done. */
NODISCARD err_t *handover_answer(struct tx *tx, int64_t id, const struct handover_answer *answer);
/* Removes what has run out; sessions too. */
NODISCARD err_t *handover_sweep(apr_pool_t *pool);

#endif
