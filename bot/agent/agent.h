/* agent: free text, by a model: context, model, tool calls, results, model, answer.
 * Needs: llm, guard, registry, context, replies. Used by: understand.
 * What a turn has done is stored before it goes on, so that a replay asks no model for a step it already has and runs no
 * act twice. */
#ifndef BOT_AGENT_AGENT_H
#define BOT_AGENT_AGENT_H

#include "bot/turn/turn.h"

enum agent_end {
	AGENT_ANSWERED, /* the reply is on its way, or an earlier try put it there */
	AGENT_NO_MODEL, /* no model could be asked, and nothing was done: the rules may try */
	AGENT_PUZZLED,  /* the model said nothing: to be kept in the inbox */
};

/* *ret_why: with AGENT_NO_MODEL, the text key of why, for the person. */
NODISCARD err_t *agent_run(struct turn *turn, enum agent_end *ret_end, const char **ret_why);

#endif
