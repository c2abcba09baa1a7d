#include "bot/turn/acting.h"

#include "bot/turn/progress.h"
#include "bot/turn/replies.h"

enum { OUTSIDE_LINE_MS = 1000 };

static void on_waiting(void *ctx, bool over)
{
	if (!over)
		progress_begin(ctx, OUTSIDE_LINE_MS);
	else
		progress_end(ctx);
}

/* A model's answer comes later, and ends the line then. */
static void on_step_waiting(void *ctx, bool over)
{
	if (!over)
		progress_begin(ctx, OUTSIDE_LINE_MS);
}

struct act_end acting_end(struct turn *turn)
{
	return (struct act_end){ .at = turn->at, .finish = reply_finish, .waiting = on_waiting, .ctx = turn };
}

struct act_end acting_step(struct turn *turn, struct step_at at)
{
	return (struct act_end){ .at = at, .waiting = on_step_waiting, .ctx = turn };
}
