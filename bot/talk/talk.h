/* talk: runs one turn: who is it, may it, what is meant, and how it ends.
 * Needs: turn, gate, router. Used by: worker. */
#ifndef BOT_TALK_TALK_H
#define BOT_TALK_TALK_H

#include "bot/turn/turn.h"

/* What is to become of the claim. */
enum talk_end {
	TALK_DONE,
	TALK_RETRY, /* a passing trouble: again later */
	TALK_BURY,  /* tried too often, or can never work: a dead letter; the person was told */
};

/* Runs the turn. ret_error: a code for the dead letter. Logs what there is to log. */
enum talk_end talk_run(struct turn *turn, const char **ret_error);

/* A step in front of each conversation's routing. NULL in the product; a benchmark puts a wait there. */
extern err_t *(*talk_before)(struct turn *turn);

/* Seconds to wait before try number attempts + 1. */
double talk_backoff_s(int64_t attempts);

#endif
