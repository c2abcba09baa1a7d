/* remote: the frame of an act that reaches outside: planned and committed, sent with no transaction open, settled.
 * Needs: act_frame, fiber, outbox. Used by: tools, job_operation, worker.
 *
 * A row of operations is committed before the first byte leaves, so that whatever dies leaves a trace: the turn that is
 * replayed finds it, and what nobody comes back for is found by the sweep. Both look whether it happened before they send
 * again. Where the far side knows an act by an id of ours, the effect happens exactly once; where it does not, at most
 * once, and the person is told when it is not known whether it did. */
#ifndef TOOLS_REMOTE_H
#define TOOLS_REMOTE_H

#include "tools/tool.h"

struct act;

enum remote_sent {
	REMOTE_DONE,
	REMOTE_REFUSED, /* it did not happen, and will not */
	REMOTE_UNSURE,  /* nobody knows: no answer, a lost one, or one that says to come again */
};

/* One act on its way outside, in the pool of the request that carries it. */
struct operation {
	const char *id; /* 32 hex digits: what the far side may know it by */
	const struct tool *tool;
	struct json *args;    /* as they were given */
	struct json *request; /* what plan made of them: all that send needs */
	enum remote_sent sent;
	struct json *result; /* of send or look, or NULL */
	int64_t attempts;    /* tries that have begun, this one included */
};

struct remote {
	/* The far side takes the operation's id: the same id sent twice is one act. */
	bool ids;
	/* A "not there" of look is to be believed at once. Without it, what has no ids is then unsure. */
	bool look_sure;
	/* In the person's transaction: what will be sent, exactly. Or an answer instead: html set, and nothing is sent; where
	 * that is OUTCOME_DONE, all of the act was done here, and is undone like a local one. */
	err_t *(*plan)(struct req *req, struct tx *tx, const void *args, struct json **ret_request,
		       struct outcome *ret_outcome);
	/* Sends it; no transaction is open. *ret_sent is REMOTE_UNSURE unless it is set; an error is logged, and says no more
	 * than that. Within REMOTE_SEND_MS. */
	err_t *(*send)(struct req *req, const struct operation *operation, enum remote_sent *ret_sent,
		       struct json **ret_result);
	/* Whether it happened: REMOTE_DONE with its result, REMOTE_REFUSED when it is not there. NULL: it cannot be seen. */
	err_t *(*look)(struct req *req, const struct operation *operation, enum remote_sent *ret_sent,
		       struct json **ret_result);
	/* In the person's transaction, once: what came of it (operation->sent: done or refused). outcome_reverse says how it is
	 * taken back. */
	err_t *(*settle)(struct req *req, struct tx *tx, const struct operation *operation,
			 struct outcome *ret_outcome);
};

enum { REMOTE_SEND_MS = 30000 };

/* The act from plan to settle, in the frame of act_call. ERR_CANCELLED after /stop never comes between: the turn is given
 * an outcome that says that the act goes on, and its end is told when it comes. */
NODISCARD err_t *remote_run(struct act *act);

/* Of an operation that nobody holds any more: looks, sends again where that is right, settles and tells. *ret_settled: it is
 * over; else it wants another try. ERR_NOT_FOUND: there is none of that id, or somebody holds it. */
NODISCARD err_t *remote_resume(struct req *req, const char *id, bool *ret_settled);

/* Acts that go on without their turn, in this process. */
size_t remote_busy(void);

#endif
