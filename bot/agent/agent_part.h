/* agent_part: what the files of the agent share.
 * Needs: llm, guard, context, registry. Used by: bot/agent. */
#ifndef BOT_AGENT_AGENT_PART_H
#define BOT_AGENT_AGENT_PART_H

#include "bot/turn/context.h"
#include "bot/turn/turn.h"
#include "integrations/llm/llm.h"
#include "ml/guard/guard.h"
#include "tools/act.h"
#include "tools/registry.h"

struct done {            /* a tool that ran in this turn */
	const char *key; /* name and arguments: the same act is not done twice in one turn */
	struct outcome outcome;
};

struct agent {
	struct turn *turn;
	struct guard *guard;
	struct context *context;
	const char *system;
	struct llm_message *messages;
	size_t messages_n, messages_cap;
	struct llm_tool *tools;
	size_t tools_n;
	const char *later; /* names of those that exist and are not offered yet; "none" */
	int step;          /* of the model, from 1 */
	int wrong;         /* steps whose calls had wrong arguments or names */
	bool corrected;    /* it was told once that it claimed what nobody did */
	struct done *done;
	size_t done_n, done_cap;
	unsigned performed;   /* enum claim_kind: what acts of this turn were */
	const char *undo_ref; /* one for all acts of the turn */
	int64_t deadline_ms;
	enum config_provider provider; /* that answered last; PROVIDER_COUNT: none yet */
};

/* agent_message: appends to what the model is told. */
void agent_message(struct agent *a, struct llm_message message);

/* agent_offer: which tools a model may call. all: everything that the person may, else what seems likely. */
void agent_offer(struct agent *a, bool all);

/* agent_merge: plain messages that wait behind this one in its chat are answered with it. *ret_text: this one's text and
 * theirs, in order; *ret_ids: theirs. */
NODISCARD err_t *agent_merge(struct turn *turn, const char **ret_text, size_t *ret_n, int64_t **ret_ids);

/* agent_calls: runs what a reply asks for and appends the results. */
NODISCARD err_t *agent_calls(struct agent *a, const struct llm_reply *reply);

/* agent_answer: what the person reads. key: a sentence of ours after it, or NULL. */
NODISCARD err_t *agent_answer(struct agent *a, const char *text, const char *key);
/* Whether the text claims acts that no tool of this turn did. */
bool agent_overclaims(struct agent *a, const char *text);
/* Whether a card of this turn waits for the person. */
bool agent_asks(const struct agent *a);
/* Whether an act outside is under way, or not known: the person hears it, whatever comes after. */
bool agent_must_tell(const struct agent *a);
/* After /stop: what was done before it is told. */
NODISCARD err_t *agent_stopped(struct agent *a);

#endif
