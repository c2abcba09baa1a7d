#include "tools/registry.h"

#include "core/text.h"
#include <string.h>

const struct tool *tool_find(const char *name)
{
	for (const struct tool *const *t = tools_all; *t; t++)
		if (text_same((*t)->name, name))
			return *t;
	return NULL;
}

bool tool_takes(const struct tool *tool, const char *param)
{
	return json_field_find(tool->params, param) != NULL;
}

const struct tool *tool_for_command(const char *command)
{
	for (const struct tool *const *t = tools_all; *t; t++)
		if (text_has_word((*t)->commands, command))
			return *t;
	return NULL;
}

const char *tool_command_name(apr_pool_t *pool, const struct tool *tool, enum lang lang)
{
	const char *first = tool->commands, *second = first ? strchr(first, ' ') : NULL;

	if (!first)
		return NULL;
	if (lang == LANG_PT || !second)
		return mem_textn(pool, first, strcspn(first, " "));
	return mem_textn(pool, second + 1, strcspn(second + 1, " "));
}
