#include "core/limits.h"
#include "core/text.h"
#include "integrations/llm/llm.h"
#include <string.h>

/* jsonb puts members in an order of its own and holds no \u0000, so what must come back byte for byte travels as text. */

static const char *const finishes[] = {
	[LLM_STOP] = "stop", [LLM_LENGTH] = "length", [LLM_MALFORMED] = "malformed"
};

static struct json *call_json(apr_pool_t *pool, const struct llm_call *call)
{
	struct json *o = json_object(pool);

	json_set_text(o, "id", call->id);
	json_set_text(o, "name", call->name);
	json_set_text(o, "args", call->args ? json_write(pool, call->args) : NULL);
	return o;
}

struct json *llm_reply_json(apr_pool_t *pool, const struct llm_reply *reply)
{
	struct json *o = json_object(pool), *calls = json_array(pool), *usage = json_object(pool);

	json_set_text(o, "provider", config_provider_name(reply->provider));
	json_set_text(o, "model", reply->model);
	json_set_text(o, "text", reply->text);
	for (size_t i = 0; i < reply->calls_n; i++)
		json_push(calls, call_json(pool, &reply->calls[i]));
	json_set(o, "calls", calls);
	json_set_text(o, "finish", finishes[reply->finish]);
	json_set_int(usage, "in", reply->usage.in);
	json_set_int(usage, "cached", reply->usage.cached);
	json_set_int(usage, "out", reply->usage.out);
	json_set_int(usage, "thoughts", reply->usage.thoughts);
	json_set(o, "usage", usage);
	json_set_int(o, "latency_ms", reply->latency_ms);
	json_set_text(o, "native", reply->native ? json_write(pool, reply->native) : NULL);
	return o;
}

/* JSON that travelled as text; *ret stays NULL when there was none. */
static err_t *unwrap(apr_pool_t *pool, const struct json *o, const char *key, struct json **ret)
{
	const char *text = json_text(o, key);

	if (!text)
		return json_at(o, key) ? err_new(ERR_INVALID, "stored reply: \"%s\" is no text", key) : NULL;
	return json_read(pool, text, strlen(text), ret);
}

static err_t *read_call(apr_pool_t *pool, const struct json *o, struct llm_call *ret)
{
	struct llm_call call = { .id = json_text(o, "id"), .name = json_text(o, "name") };

	if (!call.id || !call.name)
		return err_new(ERR_INVALID, "stored reply: a call without id or name");
	ERR(unwrap(pool, o, "args", &call.args));
	if (call.args && !json_is_object(call.args))
		return err_new(ERR_INVALID, "stored reply: arguments are no object");
	*ret = call;
	return NULL;
}

static err_t *read_calls(apr_pool_t *pool, const struct json *stored, struct llm_reply *reply)
{
	const struct json *calls = json_at(stored, "calls");

	reply->calls_n = json_len(calls);
	reply->calls = mem_alloc(pool, (reply->calls_n + 1) * sizeof *reply->calls);
	for (size_t i = 0; i < reply->calls_n; i++)
		ERR(read_call(pool, json_item(calls, i), &reply->calls[i]));
	return NULL;
}

err_t *llm_reply_read(apr_pool_t *pool, struct json *stored, struct llm_reply **ret_reply)
{
	struct llm_reply *r = MEM_NEW(pool, struct llm_reply);
	const char *provider = json_text(stored, "provider"), *finish = json_text(stored, "finish");

	r->provider = config_provider_of(provider ? provider : "");
	r->model = json_text(stored, "model");
	r->text = json_text(stored, "text");
	while (r->finish <= LLM_MALFORMED && !text_same(finishes[r->finish], finish))
		r->finish++;
	if (r->provider == PROVIDER_COUNT || !r->model || !r->text || r->finish > LLM_MALFORMED)
		return err_new(ERR_INVALID, "stored reply: no provider, model, text or finish");
	ERR(read_calls(pool, stored, r));
	json_int(stored, "usage.in", &r->usage.in);
	json_int(stored, "usage.cached", &r->usage.cached);
	json_int(stored, "usage.out", &r->usage.out);
	json_int(stored, "usage.thoughts", &r->usage.thoughts);
	json_int(stored, "latency_ms", &r->latency_ms);
	ERR(unwrap(pool, stored, "native", &r->native));
	*ret_reply = r;
	return NULL;
}
