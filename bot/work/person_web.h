/* person_web: answers what people ask in a browser, which the web process hands over.
 * Needs: handover, tx. Used by: role, worker, call_me, call_consent. The calls declare themselves, and the build collects them.
 * At the start of a line of a file call_x.c:   const struct person_call call_x = {   or calls_x[], the last without a name. */
#ifndef BOT_WORK_PERSON_WEB_H
#define BOT_WORK_PERSON_WEB_H

#include "core/config.h"
#include "core/json.h"
#include "db/handover.h"

/* One request, for its person: tx_req(tx) says who and in which language. */
struct person_ask {
	apr_pool_t *pool;
	const struct json *params; /* texts out of the path */
	const char *query;         /* as it came; see core/query.h */
	struct bytes body;
	int64_t session_id;
	void *found; /* what before left for run */

	struct handover_answer answer; /* to be filled; its body in pool or for ever */
};

struct person_call {
	const char *name; /* as web's route says */
	/* In the person's transaction, which the answer joins: an error rolls both back and becomes a status. */
	err_t *(*run)(struct tx *tx, struct person_ask *ask);
	/* Before it, with no transaction open: what waits for the outside. An error ends the call. NULL: nothing. */
	err_t *(*before)(struct req *req, struct person_ask *ask);
};

/* Generated. Ends with a NULL first; many: an array that ends with a NULL name. */
struct person_call_entry {
	const struct person_call *first;
	bool many;
};
extern const struct person_call_entry person_calls[];

/* A further table, for tests; NULL: none. */
void person_web_extra(const struct person_call_entry *entries);

/* Fills the answer. */
void person_web_json(struct person_ask *ask, int status, const struct json *body);

/* Starts answering; the queue's and the app's pools are open. */
void person_web_start(const struct config *config);
/* Something may wait. */
void person_web_kick(void);
/* Takes nothing new; true once nothing is under way and the fibers have ended. */
bool person_web_stop(void);

#endif
