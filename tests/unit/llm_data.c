#include "tests/unit/llm_data.h"

#include "core/text.h"
#include "integrations/llm/llm_anthropic.h"
#include "integrations/llm/llm_gemini.h"
#include "integrations/llm/llm_openai.h"
#include <stdio.h>
#include <string.h>

err_t *llm_data_read(apr_pool_t *pool, const char *name, struct buf *ret)
{
	struct buf b = buf_new(pool, 1 << 20);
	const char *path = mem_fmt(pool, "tests/data/llm/%s", name);
	FILE *f = fopen(path, "re");

	if (!f)
		return err_new(ERR_NOT_FOUND, "no file \"%s\"", path);
	for (int c; (c = fgetc(f)) != EOF;)
		buf_char(&b, (char)c);
	fclose(f);
	*ret = b;
	return NULL;
}

err_t *llm_data_json(apr_pool_t *pool, const char *name, struct json **ret)
{
	struct buf b;

	ERR(llm_data_read(pool, name, &b));
	return json_read(pool, b.p, b.n, ret);
}

err_t *llm_data_decode(apr_pool_t *pool, enum config_provider provider, const struct llm_incoming *in,
		       struct llm_decoded *ret)
{
	switch (provider) {
	case PROVIDER_GEMINI: return llm_gemini_decode(pool, in, ret);
	case PROVIDER_ANTHROPIC: return llm_anthropic_decode(pool, in, ret);
	default: return llm_openai_decode(pool, provider, in, ret);
	}
}

static struct json *show_reply(apr_pool_t *pool, const struct llm_reply *r)
{
	static const char *const finishes[] = { "stop", "length", "malformed" };
	struct json *o = json_object(pool), *calls = json_array(pool);

	json_set_text(o, "model", r->model);
	json_set_text(o, "text", r->text);
	for (size_t i = 0; i < r->calls_n; i++)
		json_push_text(calls,
			       mem_fmt(pool, "%s %s %s",
				       llm_made_up(r->calls[i].id) ? "made-up" : r->calls[i].id,
				       r->calls[i].name,
				       r->calls[i].args ? json_write(pool, r->calls[i].args) : "(none)"));
	json_set(o, "calls", calls);
	json_set_text(o, "finish", finishes[r->finish]);
	json_set_text(o, "usage",
		      mem_fmt(pool, "%lld %lld %lld %lld", (long long)r->usage.in, (long long)r->usage.cached,
			      (long long)r->usage.out, (long long)r->usage.thoughts));
	json_set_text(o, "native", r->native ? json_write(pool, r->native) : NULL);
	return o;
}

struct json *llm_data_show(apr_pool_t *pool, const struct llm_decoded *decoded, err_t *err)
{
	struct json *o;

	if (!err)
		return show_reply(pool, &decoded->reply);
	o = json_object(pool);
	json_set_text(o, "error", err_name(err->code));
	json_set_bool(o, "again", decoded->again);
	json_set_bool(o, "spent", decoded->spent);
	json_set_int(o, "wait_ms", decoded->wait_ms);
	err_clear(err);
	return o;
}
