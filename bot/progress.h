/* progress: past three seconds the person sees one silent line, which the answer then replaces.
 * Needs: outbox, fiber. Used by: worker (its tick), the agent.
 * Only for turns that are thinking (struct turn). */
#ifndef BOT_PROGRESS_H
#define BOT_PROGRESS_H

#include "bot/turn.h"

/* Now and then while the turn runs: puts the line, once, when it is due. elapsed_ms: since the turn began. */
void progress_tick(struct turn *turn, int64_t elapsed_ms);
/* Before the answer is put: no line comes any more. Waits for one that is just being put; twice is once. */
void progress_end(struct turn *turn);

#endif
