/* acting: how the acts of a turn end, and what its person sees while they take time.
 * Needs: act, replies, progress. Used by: agent_calls, bot/talk, undo. */
#ifndef BOT_TURN_ACTING_H
#define BOT_TURN_ACTING_H

#include "bot/turn/turn.h"
#include "tools/act.h"

/* The turn's answer under way (turn->at) is the act's: its reply goes out with its effect. */
struct act_end acting_end(struct turn *turn);
/* The same for one call of a model's step, whose words come at the end of the turn. */
struct act_end acting_step(struct turn *turn, struct step_at at);

#endif
