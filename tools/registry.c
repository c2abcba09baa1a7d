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

/* Whether word is one of the space-separated words. */
static bool has_word(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = words; at && n && (at = strstr(at, word)); at += n)
		if ((at == words || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
	return false;
}

static const struct json_field *field_find(const struct tool *tool, const char *name)
{
	for (const struct json_field *f = tool->params; f && f->name; f++)
		if (text_same(f->name, name))
			return f;
	return NULL;
}

bool tool_takes(const struct tool *tool, const char *param)
{
	return field_find(tool, param) != NULL;
}

const struct tool *tool_for_command(const char *command)
{
	for (const struct tool *const *t = tools_all; *t; t++)
		if (has_word((*t)->commands, command))
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
