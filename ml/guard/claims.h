/* claims: sentences in which an assistant says that it has done something.
 * Needs: text. Used by: agent_answer, agent_calls (which hold them against what tools really did), tool. */
#ifndef ML_GUARD_CLAIMS_H
#define ML_GUARD_CLAIMS_H

#include "core/mem.h"

enum claim_kind {
	CLAIM_MAKE = 1, /* noted, created, saved, scheduled, will remind */
	CLAIM_SEND = 2,
	CLAIM_REMOVE = 4,
	CLAIM_COMPLETE = 8,
	CLAIM_CHANGE = 16,
	CLAIM_DONE = 32,  /* "Pronto!", "Done!": something, whatever it was */
	CLAIM_STATE = 64, /* "is scheduled": an act, or only how things stand */
};

/* What the text claims, as bits, in Portuguese or English; negated and asked sentences claim nothing. */
unsigned claims_find(apr_pool_t *pool, const char *text);
/* The text without the sentences that claim any of kinds; tidied, "" when nothing is left. */
const char *claims_strip(apr_pool_t *pool, const char *text, unsigned kinds);

#endif
