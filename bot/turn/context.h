/* context: what a model is told before it answers: who asks, when and where, what was said, what is due.
 * Needs: tx, prompt, guard, zone. Used by: agent_part, understand. */
#ifndef BOT_TURN_CONTEXT_H
#define BOT_TURN_CONTEXT_H

#include "bot/turn/turn.h"
#include "core/json.h"
#include "db/pg.h"
#include "ml/guard/guard.h"

#define CONTEXT_SAID 20          /* rows of what was said: ten exchanges */
#define CONTEXT_SAID_TOKENS 3000 /* about, of all that is told of it; the oldest goes first */

struct context_said {
	bool by_person;
	const char *text;
};

struct context_step { /* what an earlier try of this turn has stored */
	int step, call;
	const char *kind;
	const char *payload; /* JSON, or NULL */
};

struct context {
	const char *later; /* names of tools that exist and are not offered */
	int64_t wall;
	struct rows *profile, *preferences, *due;
	size_t said_n;
	struct context_said *said; /* oldest first; words from outside are left out */
	size_t steps_n;
	struct context_step *steps;
};

/* Loads it in one transaction, as the person. later: as in struct context. In req->pool. */
NODISCARD err_t *context_load(struct turn *turn, const char *later, struct context **ret_context);

/* The system prompt; what people wrote passes the guard on its way into it, whose errors it gives. */
NODISCARD err_t *context_system(struct turn *turn, const struct context *context, struct guard *guard,
				const char **ret_system);

/* The person's autonomy alone, into the request; context_load does it too. */
NODISCARD err_t *context_autonomy(struct turn *turn);

/* The person's wall clock when the message was accepted; what "tomorrow" is counted from. */
int64_t context_wall(const struct turn *turn);

#endif
