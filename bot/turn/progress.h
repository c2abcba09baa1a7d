/* progress: past three seconds the person sees one silent line, which the answer then replaces.
 * Needs: outbox, fiber. Used by: worker (its tick), the agent.
 * Only for turns that are thinking. */
#ifndef BOT_TURN_PROGRESS_H
#define BOT_TURN_PROGRESS_H

#include "bot/turn/turn.h"

/* A model is about to be asked: the person sees "typing" without waiting for the next look. */
void progress_begin(struct turn *turn);
/* Now and then while the turn runs: puts the line, once, when it is due. elapsed_ms: since the turn began. */
void progress_tick(struct turn *turn, int64_t elapsed_ms);
/* Before the answer is put: no line comes any more. Waits for one that is just being put; twice is once. */
void progress_end(struct turn *turn);

#endif
