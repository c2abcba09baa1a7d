/* act_run: the frame's middle: who may run an act, what is read before it, its card, its effect.
 * Needs: act_frame, registry, pending, remote. Used by: act, act_undo. */
#ifndef TOOLS_ACT_RUN_H
#define TOOLS_ACT_RUN_H

#include "tools/act_frame.h"

/* Who asks for it: internal tools are not there for everyone. */
enum act_by { BY_WORDS, BY_BUTTON, BY_FRAME };

/* Who may, and with which arguments: nothing runs that has not passed here. */
NODISCARD err_t *act_prepare(struct act *act, const char *name, struct json *args, enum act_by by);
/* From what is read before it to its COMMIT. */
NODISCARD err_t *act_run(struct act *act);

#endif
