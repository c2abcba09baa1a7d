/* act: the frame in which every tool runs: role, confirmation, replay, undo, audit, from the flags of its table.
 * Needs: act_run, act_undo, pending. Used by: act_frame, agent_part, understand, acting, job_mail_out, recommended. */
#ifndef TOOLS_ACT_H
#define TOOLS_ACT_H

#include "db/once.h"
#include "tools/tool.h"

/* Called in the act's transaction, after its effect and before COMMIT: puts the reply on its way. Called
 * for an act once: a replay finds the step that was committed with it, and does nothing. */
typedef err_t *act_finish(void *ctx, struct tx *tx, const struct outcome *outcome);

/* Which act of its turn it is, and how that turn hears of it. */
struct act_end {
	struct step_at at;
	act_finish *finish; /* NULL: nobody is told here */
	/* An act that reaches outside begins to wait for an answer: the person may be shown that it takes a while. over: it
	 * waits no more, and its words are about to be put. NULL: nobody is told. */
	void (*waiting)(void *ctx, bool over);
	void *ctx;
};

/* One act from start to end: decode and validate args, role, replay under (bot, update, step, call), run, undo
 * log, audit trail, finish, COMMIT. ERR_NOT_FOUND: no such tool; ERR_INVALID: bad arguments (the detail names the
 * field); ERR_DENIED: not for this role, or an outward or destructive act without its card. On an error
 * nothing has happened, except that a remote act may be settled later (tools/remote.h). */
NODISCARD err_t *act_call(struct req *req, const char *name, struct json *args, struct act_end end);

/* The same for a button of ours, which may also run what is internal and pressable. */
NODISCARD err_t *act_press(struct req *req, const char *name, struct json *args, struct act_end end);

/* One act among several of one turn: as act_call, but the outcome is given back, after a replay too, and an undo takes back
 * all acts that share undo_ref (32 hex digits). */
NODISCARD err_t *act_step(struct req *req, const char *name, struct json *args, const char *undo_ref,
			  struct act_end end, struct outcome *ret_outcome);

/* An act that the house goes on with: what a question asked for and the person's next words have answered, or what a job
 * does. An internal one too; a card, where the tool wants one, all the same. */
NODISCARD err_t *act_follow(struct req *req, const char *name, struct json *args, struct act_end end);

/* The person's answer to an act that was put aside (tools/pending.h): settles it, once, and runs what that answer says, in
 * one transaction; a no with nothing to run says that nothing was done. ERR_NOT_FOUND: there is none of that id for this
 * person in this chat, it is settled, or too old. */
NODISCARD err_t *act_settle(struct req *req, const char *id, bool yes, struct act_end end);

/* Undoes one act of this person (ref from its button, or NULL for the latest): what it did outside by the acts that take
 * that back (outcome_reverse), each once, then its rows. It is undone when all of it is; where one of them is refused or not
 * known, its words are the answer. ERR_NOT_FOUND when there is nothing, ERR_CONFLICT when a row has changed since. */
NODISCARD err_t *act_undo(struct req *req, const char *ref, struct act_end end);

#endif
