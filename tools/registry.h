/* registry: finds tools and runs them; enforces role, confirmation, replay, undo and audit from their flags.
 * Needs: tool. Used by: bot, cron. */
#ifndef TOOLS_REGISTRY_H
#define TOOLS_REGISTRY_H

#include "tools/tool.h"

/* NULL when there is none of that name. */
const struct tool *tool_find(const char *name);
/* Whether it has a parameter of that name. */
bool tool_takes(const struct tool *tool, const char *param);
/* By slash command without the slash, in either language. */
const struct tool *tool_for_command(const char *command);
/* The arguments in what follows "t:TOOL:" in a button (struct button), with the types of the tool's own table.
 * What is malformed is left out: tool_call judges the rest. */
struct json *tool_button_args(apr_pool_t *pool, const struct tool *tool, const char *data);
/* The command's name in that language. */
const char *tool_command_name(apr_pool_t *pool, const struct tool *tool, enum lang lang);

/* Called in the tool's transaction, after its effect and before COMMIT: puts the reply on its way. Called
 * for an act once: a replay finds the step that was committed with it, and does nothing. */
typedef err_t *tool_finish(void *ctx, struct tx *tx, const struct outcome *outcome);

/* One act from start to end: decode and validate args, role, replay under (bot, update, step, call), run, undo
 * log, audit trail, finish, COMMIT. ERR_NOT_FOUND: no such tool; ERR_INVALID: bad arguments (the detail names the
 * field); ERR_DENIED: not for this role, or an outward or destructive act without its card. On an error
 * nothing has happened. */
NODISCARD err_t *tool_call(struct req *req, const char *name, struct json *args, tool_finish *finish,
			   void *ctx);

/* One act among several of one turn, of which its finish tells the person at the end: as tool_call, but the outcome is
 * given back, after a replay too, and an undo takes back all acts that share undo_ref (32 hex digits). */
NODISCARD err_t *tool_step(struct req *req, const char *name, struct json *args, const char *undo_ref,
			   struct outcome *ret_outcome);

/* The person's answer to an act that was put aside (tools/pending.h): settles it, once, and runs what that answer says, in one transaction; a no with nothing to run
 * says that nothing was done. ERR_NOT_FOUND: there is none of that id for this person in this chat, it is settled, or too
 * old. */
NODISCARD err_t *tool_settle(struct req *req, const char *id, bool yes, tool_finish *finish, void *ctx);

/* Undoes one act of this person (ref from its button, or NULL for the latest). LB errors: ERR_NOT_FOUND when
 * there is nothing, ERR_CONFLICT when something has changed since. Same frame as tool_call. */
NODISCARD err_t *tool_undo(struct req *req, const char *ref, tool_finish *finish, void *ctx);

#endif
