#include "tools/act_text.h"

#include "core/text.h"
#include "core/zone_city.h"
#include "tools/when.h"

enum { WHAT_CHARS = 200 };

/* The arguments that say what it is about, and when; the first that is there. */
static const char *const whats[] = { "title",   "name",    "text",  "fact", "query",
				     "content", "subject", "value", "id" };
static const char *const whens[] = { "due", "start", "at", "day" };

static const char *what_of(struct req *req, const struct json *args)
{
	int64_t id;

	for (size_t i = 0; i < sizeof whats / sizeof *whats; i++) {
		const char *text = json_text(args, whats[i]);

		if (text && text_same(whats[i], "value") && text_same(json_text(args, "key"), "zone"))
			text = zone_place(req->pool, req->lang, text);
		if (text && *text)
			return mem_fmt(req->pool, " “%s”", text_cut(req->pool, text, WHAT_CHARS));
		if (json_int(args, whats[i], &id))
			return mem_fmt(req->pool, " %lld", (long long)id);
	}
	return "";
}

static const char *when_of(struct req *req, const struct json *args)
{
	struct when when;

	for (size_t i = 0; i < sizeof whens / sizeof *whens; i++) {
		const char *text = json_text(args, whens[i]);

		if (text && when_read(req, text, &when))
			return mem_fmt(req->pool, ", %s", when_text(req, &when));
	}
	return "";
}

const char *act_text(struct req *req, const char *tool, const struct json *args)
{
	return tr(req->pool, req->lang, mem_fmt(req->pool, "ask.%s", tool),
		  SLOT_S("what", what_of(req, args)), SLOT_S("when", when_of(req, args)));
}
