#include "bot/web/web_static.h"

#include "core/text.h"

const char *web_static_path(const char *name)
{
	for (const struct web_static *file = web_statics; file->name; file++)
		if (text_same(file->name, name))
			return file->path;
	return NULL;
}
