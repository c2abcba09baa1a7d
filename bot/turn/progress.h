/* progress: when it takes long the person sees one silent line, which the answer then replaces.
 * Needs: outbox, fiber. Used by: worker (its tick), agent, agent_answer, acting.
 * Only for turns that are thinking. */
#ifndef BOT_TURN_PROGRESS_H
#define BOT_TURN_PROGRESS_H

#include "bot/turn/turn.h"

/* A model, or something outside, is about to be asked: the person sees "typing" without waiting for the next look, and the
 * line when after_ms have gone by. Again: the sooner line counts. */
void progress_begin(struct turn *turn, int64_t after_ms);
/* Now and then while the turn runs: puts the line, once, when it is due. */
void progress_tick(struct turn *turn);
/* Before the answer is put: no line comes any more. Waits for one that is just being put; twice is once. */
void progress_end(struct turn *turn);

#endif
