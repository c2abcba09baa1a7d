/* act_undo: what an act did outside, taken back before its rows are.
 * Needs: act_run, once. Used by: act. */
#ifndef TOOLS_ACT_UNDO_H
#define TOOLS_ACT_UNDO_H

#include "tools/act_frame.h"

/* Runs the acts that were kept with the undo that `act` is, newest first, each as a step of its own that a replay finds.
 * What is not done by them is act's answer (act->answered). Nothing to take back outside: nothing happens. ERR_CONFLICT: a row
 * has changed since, and nothing was taken back. */
NODISCARD err_t *act_undo_outside(struct act *act);

#endif
