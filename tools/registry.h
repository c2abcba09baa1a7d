/* registry: finds tools, by name and by command.
 * Needs: tool. Used by: tools, tool_complete_task, agent_part, bot/talk. */
#ifndef TOOLS_REGISTRY_H
#define TOOLS_REGISTRY_H

#include "tools/tool.h"

/* NULL when there is none of that name. */
const struct tool *tool_find(const char *name);
/* Whether it has a parameter of that name. */
bool tool_takes(const struct tool *tool, const char *param);
/* By slash command without the slash, in either language. */
const struct tool *tool_for_command(const char *command);
/* The command's name in that language. */
const char *tool_command_name(apr_pool_t *pool, const struct tool *tool, enum lang lang);

#endif
