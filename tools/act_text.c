#include "tools/act_text.h"

#include "core/text.h"
#include "core/zone_city.h"
#include "tools/when.h"
#include <string.h>

enum { WHAT_CHARS = 200 };

/* The next of the names separated by spaces; NULL at their end. */
static const char *next_name(apr_pool_t *pool, const char **names)
{
	size_t n = *names ? strcspn(*names, " ") : 0;
	const char *name = n ? mem_textn(pool, *names, n) : NULL;

	if (n)
		*names += n + ((*names)[n] == ' ');
	return name;
}

static const char *what_of(struct req *req, const char *names, const struct json *args)
{
	const char *name;
	int64_t id;

	while ((name = next_name(req->pool, &names))) {
		const char *text = json_text(args, name);

		if (text && text_same(name, "value") && text_same(json_text(args, "key"), "zone"))
			text = zone_place(req->pool, req->lang, text);
		if (text && *text)
			return mem_fmt(req->pool, " “%s”", text_cut(req->pool, text, WHAT_CHARS));
		if (json_int(args, name, &id))
			return mem_fmt(req->pool, " %lld", (long long)id);
	}
	return "";
}

static const char *when_of(struct req *req, const char *names, const struct json *args)
{
	const char *name;
	struct when when;

	while ((name = next_name(req->pool, &names))) {
		const char *text = json_text(args, name);

		if (text && when_read(req, text, &when))
			return mem_fmt(req->pool, ", %s", when_text(req, &when));
	}
	return "";
}

const char *act_text(struct req *req, const struct tool *tool, const struct json *args)
{
	return tr(req->pool, req->lang, mem_fmt(req->pool, "ask.%s", tool->name),
		  SLOT_S("what", what_of(req, tool->words.what, args)),
		  SLOT_S("when", when_of(req, tool->words.when, args)));
}
