/* gate: may this update become a turn? Fails closed: what cannot be checked is not let through.
 * Needs: people, req. Used by: talk.
 * Whether a role may use a tool is the registry's to say, from the tool's flags. */
#ifndef BOT_TALK_GATE_H
#define BOT_TALK_GATE_H

#include "bot/turn/turn.h"

struct gate_verdict {
	bool allow;
	const char *reason;   /* a code for log and counter */
	const char *text_key; /* what the person hears; NULL: nothing */
	int64_t limit;        /* slot of the rate limit's text */
};

/* Every decision is logged and counted. An error is no verdict: the turn is tried again, nothing runs. */
NODISCARD err_t *gate_check(struct turn *turn, struct gate_verdict *ret_verdict);

#endif
