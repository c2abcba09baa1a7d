/* act_frame: one act under way, and what every act has at its end, local or remote.
 * Needs: act, once. Used by: act_run, act_undo, remote. */
#ifndef TOOLS_ACT_FRAME_H
#define TOOLS_ACT_FRAME_H

#include "tools/act.h"

struct act {
	struct req *req;
	const struct tool *tool; /* NULL: an undo, or a no */
	const char *name;
	void *args;
	const char *undo;     /* the act to undo, when that is the act */
	const char *undo_ref; /* under which it can be undone; NULL: a new one */
	const char *pending;  /* the act that was put aside and is to be settled first */
	const char *hash;     /* of what was put aside */
	bool yes;
	int64_t reverses;   /* the row of undo_acts that this act does; 0: none */
	struct json *given; /* arguments as they came: what a card puts aside */
	bool confirmed;     /* the person said yes to exactly this */
	bool card;          /* shown first, and run by a yes */
	bool answered;      /* outcome is the answer already: nothing runs */
	bool told;          /* whoever was to hear of it has heard */
	int64_t begun_us;
	struct act_end end;
	struct outcome outcome;
};

/* An act in a transaction of its own; captures: in which what it changes can be undone. */
NODISCARD err_t *act_tx(struct act *act, bool captures, err_t *(*body)(struct act *act, struct tx *tx));
/* That what is captured can be undone; before the effect or after it. */
NODISCARD err_t *act_undoable(struct act *act, struct tx *tx);
/* After the effect: data held against the table, Undo button, the act that takes it back, audit trail, log. */
NODISCARD err_t *act_effected(struct act *act, struct tx *tx);
/* The outcome as its step keeps it. */
const char *act_kept(const struct act *act);
/* The turn hears of it (act_end.finish). */
NODISCARD err_t *act_told(struct act *act, struct tx *tx);

#endif
