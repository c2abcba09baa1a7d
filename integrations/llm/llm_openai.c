#include "integrations/llm/llm_openai.h"

#include "core/text.h"
#include "integrations/llm/llm_media.h"
#include <string.h>

/* Ollama takes 1.0 when it is told nothing, and not what the model's makers advise; small models then garble calls. */
#define OLLAMA_TEMPERATURE 0.6

/* --- request ---------------------------------------------------------------------------------------------------- */

static struct json *message_new(apr_pool_t *pool, const char *role, const char *content)
{
	struct json *m = json_object(pool);

	json_set_text(m, "role", role);
	json_set_text(m, "content", content);
	return m;
}

static struct json *call_new(apr_pool_t *pool, const struct llm_call *call)
{
	struct json *o = json_object(pool), *function = json_object(pool);

	json_set_text(o, "id", call->id);
	json_set_text(o, "type", "function");
	json_set_text(function, "name", call->name);
	json_set_text(function, "arguments", call->args ? json_write(pool, call->args) : "{}");
	json_set(o, "function", function);
	return o;
}

/* A step that another provider made. */
static struct json *foreign_step(apr_pool_t *pool, const struct llm_reply *reply)
{
	struct json *m = message_new(pool, "assistant", *reply->text || !reply->calls_n ? reply->text : NULL);
	struct json *calls = json_array(pool);

	for (size_t i = 0; i < reply->calls_n; i++)
		json_push(calls, call_new(pool, &reply->calls[i]));
	if (reply->calls_n)
		json_set(m, "tool_calls", calls);
	return m;
}

static void put_results(apr_pool_t *pool, struct json *messages, const struct llm_message *step,
			const struct llm_message *results)
{
	for (size_t i = 0; i < step->reply->calls_n; i++) {
		const struct llm_result *result = llm_result_of(results, &step->reply->calls[i]);
		struct json *content = json_object(pool), *m;

		if (result && result->output)
			json_set(content, result->is_error ? "error" : "output", result->output);
		else
			json_set_text(content, "error", "no result");
		m = message_new(pool, "tool", json_write(pool, content));
		json_set_text(m, "tool_call_id", step->reply->calls[i].id);
		json_push(messages, m);
	}
}

static void put_step(apr_pool_t *pool, struct json *messages, const struct llm_message *m,
		     enum config_provider provider)
{
	if (llm_own(m, provider))
		json_push(messages, m->reply->native);
	else if (m->reply && (m->reply->calls_n || *m->reply->text))
		json_push(messages, foreign_step(pool, m->reply));
	else if (!m->reply && m->text && *m->text)
		json_push(messages, message_new(pool, "assistant", m->text));
}

static struct json *part_new(apr_pool_t *pool, const char *type, const char *key, const char *text)
{
	struct json *part = json_object(pool);

	json_set_text(part, "type", type);
	if (key)
		json_set_text(part, key, text);
	return part;
}

static struct json *media_part(apr_pool_t *pool, enum config_provider provider, const struct llm_part *from)
{
	static const char *const types[] = {
		[LLM_PICTURE] = "image_url", [LLM_SOUND] = "input_audio", [LLM_DOCUMENT] = "file"
	};
	const char *type = llm_media_type(provider, from),
		   *url = mem_fmt(pool, "data:%s;base64," LLM_MEDIA_MARK, type);
	struct json *part = part_new(pool, types[from->kind], NULL, NULL), *in = json_object(pool);

	if (from->kind == LLM_PICTURE) {
		json_set_text(in, "url", url);
	} else if (from->kind == LLM_SOUND) {
		json_set_text(in, "data", LLM_MEDIA_MARK);
		json_set_text(in, "format", type);
	} else {
		json_set_text(in, "filename", "document.pdf"); /* its own name may tell of somebody */
		json_set_text(in, "file_data", url);
	}
	json_set(part, types[from->kind], in);
	return part;
}

/* A text alone stays one: the form that all of them take. The person's words come after what they are about. */
static struct json *person(apr_pool_t *pool, enum config_provider provider, const struct llm_message *m)
{
	struct json *message, *parts = json_array(pool);

	if (!m->parts_n)
		return message_new(pool, "user", m->text);
	for (size_t i = 0; i < m->parts_n; i++)
		json_push(parts, m->parts[i].kind == LLM_TEXT
					 ? part_new(pool, "text", "text", m->parts[i].text)
					 : media_part(pool, provider, &m->parts[i]));
	if (m->text && *m->text)
		json_push(parts, part_new(pool, "text", "text", m->text));
	message = json_object(pool);
	json_set_text(message, "role", "user");
	json_set(message, "content", parts);
	return message;
}

static struct json *messages_of(apr_pool_t *pool, enum config_provider provider,
				const struct llm_request *request)
{
	struct json *messages = json_array(pool);
	const struct llm_message *step = NULL;

	if (request->system && *request->system)
		json_push(messages, message_new(pool, "system", request->system));
	for (size_t i = 0; i < request->messages_n; i++) {
		const struct llm_message *m = &request->messages[i];

		if (m->role == LLM_PERSON)
			json_push(messages, person(pool, provider, m));
		else if (m->role == LLM_MODEL)
			put_step(pool, messages, m, provider);
		else if (step && step->reply)
			put_results(pool, messages, step, m);
		step = m->role == LLM_MODEL ? m : NULL;
	}
	return messages;
}

static struct json *tools_of(apr_pool_t *pool, const struct llm_request *request)
{
	struct json *tools = json_array(pool);

	for (size_t i = 0; i < request->tools_n; i++) {
		struct json *tool = json_object(pool), *function = json_object(pool);

		json_set_text(tool, "type", "function");
		json_set_text(function, "name", request->tools[i].name);
		json_set_text(function, "description", request->tools[i].description);
		if (request->tools[i].schema)
			json_set(function, "parameters", request->tools[i].schema);
		json_set(tool, "function", function);
		json_push(tools, tool);
	}
	return tools;
}

/* DeepSeek, thinking, wants back what it thought before each call; of a step that it did not make there is nothing. */
static bool has_foreign_calls(const struct llm_request *request, enum config_provider provider)
{
	for (size_t i = 0; i < request->messages_n; i++) {
		const struct llm_message *m = &request->messages[i];

		if (m->role == LLM_MODEL && m->reply && m->reply->calls_n && !llm_own(m, provider))
			return true;
	}
	return false;
}

/* What all of them take, and nothing else but where one is known to need it. Reasoning effort together with tools is an
 * error at OpenAI; left out it is none. */
static void set_settings(apr_pool_t *pool, struct json *body, enum config_provider provider,
			 const struct llm_request *request)
{
	struct json *thinking = json_object(pool);

	json_set_int(body, provider == PROVIDER_OPENAI ? "max_completion_tokens" : "max_tokens",
		     llm_room(request));
	if (provider == PROVIDER_OLLAMA)
		json_set_double(body, "temperature", OLLAMA_TEMPERATURE);
	if (provider == PROVIDER_DEEPSEEK && has_foreign_calls(request, provider)) {
		json_set_text(thinking, "type", "disabled");
		json_set(body, "thinking", thinking);
	}
}

void llm_openai_encode(apr_pool_t *pool, const struct llm_endpoint *at, const struct llm_request *request,
		       struct llm_outgoing *ret)
{
	struct json *body = json_object(pool);

	json_set_text(body, "model", at->model);
	if (request->tools_n)
		json_set(body, "tools", tools_of(pool, request));
	json_set(body, "messages", messages_of(pool, at->provider, request));
	set_settings(pool, body, at->provider, request);
	*ret = (struct llm_outgoing){
		.url = mem_fmt(pool, "%s/chat/completions", at->base),
		.headers = { *at->key ? mem_fmt(pool, "Authorization: Bearer %s", at->key) : NULL },
	};
	llm_media_body(pool, request, body, ret);
}

/* --- answer ----------------------------------------------------------------------------------------------------- */

/* 429 that no waiting cures: money. */
static bool is_money(const char *type, const char *code)
{
	static const char *const words[] = { "insufficient_quota",
					     "credit_balance_exhausted",
					     "organization_spend_limit_exceeded",
					     "project_spend_limit_exceeded",
					     "organization_usage_limit_exceeded",
					     "billing_hard_limit_reached" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_same(type, words[i]) || text_same(code, words[i]))
			return true;
	return false;
}

/* code is a text, null, or (llama.cpp) a number. */
static err_t *error_of(enum config_provider provider, const struct llm_incoming *in, const struct json *error,
		       struct llm_decoded *ret)
{
	const char *type = json_text(error, "type"), *code = json_text(error, "code");
	int64_t status = in->status;

	if (status < 400 && (!json_int(error, "code", &status) || status < 400))
		status = 500;
	if (status == 429 && is_money(type, code))
		status = 402;
	if (text_same(code, "content_filter") || text_same(code, "content_policy_violation"))
		return llm_blocked(provider, code);
	return llm_status_error(provider, (long)status, code && *code ? code : type, in->retry_after_s, ret);
}

static int64_t count_of(const struct json *body, const char *path)
{
	int64_t n = 0;

	return json_int(body, path, &n) && n > 0 ? n : 0;
}

static void read_usage(enum config_provider provider, const struct json *body, struct llm_usage *usage)
{
	int64_t total = count_of(body, "usage.total_tokens");

	usage->in = count_of(body, "usage.prompt_tokens");
	usage->cached = count_of(body, "usage.prompt_tokens_details.cached_tokens");
	if (!usage->cached)
		usage->cached = count_of(body, "usage.prompt_cache_hit_tokens");
	usage->out = count_of(body, "usage.completion_tokens");
	usage->thoughts = count_of(body, "usage.completion_tokens_details.reasoning_tokens");
	/* xAI leaves reasoning out of the completion. Where a total is told, it shows whether it did. */
	if (provider == PROVIDER_XAI && (!total || total >= usage->in + usage->out + usage->thoughts))
		usage->out += usage->thoughts;
	if (usage->cached > usage->in)
		usage->cached = usage->in;
	if (usage->thoughts > usage->out)
		usage->thoughts = usage->out;
}

/* Arguments are a text that should hold an object; some servers send the object itself. None at all is an empty one. */
static struct json *read_args(apr_pool_t *pool, struct json *arguments)
{
	const char *text = json_text(arguments, NULL);
	struct json *args = NULL;

	if (!text)
		return !arguments ? json_object(pool) : json_is_object(arguments) ? arguments : NULL;
	if (!*text_trim(pool, text))
		return json_object(pool);
	err_clear(json_read(pool, text, strlen(text), &args));
	return json_is_object(args) ? args : NULL;
}

static bool is_taken(const struct llm_reply *reply, const char *id)
{
	for (size_t i = 0; i < reply->calls_n; i++)
		if (text_same(reply->calls[i].id, id))
			return true;
	return false;
}

static err_t *read_calls(apr_pool_t *pool, enum config_provider provider, const struct json *calls,
			 struct llm_reply *reply)
{
	reply->calls = mem_alloc(pool, (json_len(calls) + 1) * sizeof *reply->calls);
	for (size_t i = 0; i < json_len(calls); i++) {
		const struct json *call = json_item(calls, i);
		const char *id = json_text(call, "id"), *name = json_text(call, "function.name");

		if (!name || !*name)
			return llm_bad_answer(provider, "a call without a name");
		if (!id || !*id || is_taken(reply, id))
			id = llm_make_id(pool, i);
		reply->calls[reply->calls_n++] =
			(struct llm_call){ id, name, read_args(pool, json_at(call, "function.arguments")) };
	}
	return NULL;
}

static err_t *copy_member(void *ctx, const char *key, struct json *value)
{
	json_set(ctx, key, value);
	return NULL;
}

/* What goes back: the message without what is only said about it, its calls with ids to be answered by and arguments
 * that can be read (servers parse them again), and DeepSeek's thoughts, which it asks for. */
static struct json *native_of(apr_pool_t *pool, enum config_provider provider, const struct json *message,
			      const struct llm_reply *reply)
{
	struct json *m = message_new(pool, "assistant", *reply->text || !reply->calls_n ? reply->text : NULL);
	const char *reasoning = json_text(message, "reasoning_content");
	struct json *calls = json_array(pool);

	if (provider == PROVIDER_DEEPSEEK && reasoning)
		json_set_text(m, "reasoning_content", reasoning);
	for (size_t i = 0; i < reply->calls_n; i++) {
		struct json *from = json_item(json_at(message, "tool_calls"), i), *call = json_object(pool);
		struct json *function = json_object(pool);
		const char *arguments = json_text(from, "function.arguments");

		err_clear(json_each(from, copy_member, call));
		json_set_text(call, "id", reply->calls[i].id);
		json_set_text(call, "type", "function");
		json_set_text(function, "name", reply->calls[i].name);
		if (!arguments || !reply->calls[i].args || !*text_trim(pool, arguments))
			arguments = reply->calls[i].args ? json_write(pool, reply->calls[i].args) : "{}";
		json_set_text(function, "arguments", arguments);
		json_set(call, "function", function);
		json_push(calls, call);
	}
	if (reply->calls_n)
		json_set(m, "tool_calls", calls);
	return m;
}

static err_t *read_message(apr_pool_t *pool, enum config_provider provider, const struct json *choice,
			   struct llm_reply *reply)
{
	const struct json *message = json_at(choice, "message");
	const char *finish = json_text(choice, "finish_reason"), *refusal = json_text(message, "refusal");
	const char *text = json_text(message, "content");

	if (!json_is_object(message))
		return llm_bad_answer(provider, "no message");
	if (text_same(finish, "content_filter") || (refusal && *refusal))
		return llm_blocked(provider, refusal && *refusal ? "refusal" : finish);
	reply->text = text ? text + strspn(text, "\r\n") : "";
	ERR(read_calls(pool, provider, json_at(message, "tool_calls"), reply));
	reply->finish = text_same(finish, "length") ? LLM_LENGTH : LLM_STOP;
	if (*reply->text || reply->calls_n)
		reply->native = native_of(pool, provider, message, reply);
	return NULL;
}

err_t *llm_openai_decode(apr_pool_t *pool, enum config_provider provider, const struct llm_incoming *in,
			 struct llm_decoded *ret)
{
	struct json *body = NULL, *error;
	err_t *err = llm_body(pool, provider, in, &body);

	*ret = (struct llm_decoded){
		.wait_ms = -1,
		.reply = { .provider = provider, .model = json_text(body, "model"), .text = "" }
	};
	/* Many servers send "error": null with a good answer. */
	error = json_at(body, "error");
	if (in->status != 200 || error) {
		err_clear(err);
		return error_of(provider, in, error, ret);
	}
	ERR(err);
	read_usage(provider, body, &ret->reply.usage);
	return read_message(pool, provider, json_at(body, "choices.0"), &ret->reply);
}
