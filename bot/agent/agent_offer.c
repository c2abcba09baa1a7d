#include "bot/agent/agent_part.h"

#include "core/limits.h"
#include "core/text.h"
#include "ml/intent/intent.h"
#include <string.h>

static bool among(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_same(names[i], name))
			return true;
	return false;
}

static bool is_likely(const struct tool *tool, const char *const *names, size_t n)
{
	return tool->always_offered || among(tool->name, names, n) || among(tool->beside, names, n);
}

static void offer(struct agent *a, const struct tool *tool)
{
	a->tools[a->tools_n++] = (struct llm_tool){ tool->name, tool->description,
						    json_schema(a->turn->req->pool, tool->params) };
}

static void offer_more(struct agent *a)
{
	apr_pool_t *pool = a->turn->req->pool;
	struct json *schema;
	err_t *err = json_read(pool, "{\"type\":\"object\",\"properties\":{}}", 34, &schema);

	err_clear(err);
	a->tools[a->tools_n++] =
		(struct llm_tool){ "more_tools",
				   "Offers the further tools that exist, when none of these fits.",
				   err ? NULL : schema };
}

static bool is_for(const struct agent *a, const struct tool *tool)
{
	return !tool->internal && a->turn->req->role >= tool->min_role;
}

static size_t allowed(const struct agent *a)
{
	size_t n = 0;

	for (const struct tool *const *t = tools_all; *t; t++)
		n += is_for(a, *t);
	return n;
}

void agent_offer(struct agent *a, bool all)
{
	struct req *req = a->turn->req;
	struct buf later = buf_new(req->pool, 4096);
	const char *likely[8];
	size_t n = allowed(a), likely_n = 0;
	bool every = all || n <= LIMIT_OFFERED;

	if (!every)
		likely_n = intent_likely(req->pool, a->turn->text, req->lang, 8, likely);
	a->tools = mem_alloc(req->pool, sizeof *a->tools * (n + 1));
	a->tools_n = 0;
	for (const struct tool *const *t = tools_all; *t; t++) {
		if (!is_for(a, *t))
			continue;
		if (every || is_likely(*t, likely, likely_n))
			offer(a, *t);
		else
			buf_fmt(&later, "%s%s", later.n ? " " : "", (*t)->name);
	}
	a->later = later.n && !later.over ? later.p : "none";
	if (later.n)
		offer_more(a);
}
