#include "integrations/llm/llm_anthropic.h"

#include "core/limits.h"
#include "core/text.h"
#include "integrations/llm/llm_media.h"
#include <string.h>

#define VERSION "anthropic-version: 2023-06-01"

/* --- request ---------------------------------------------------------------------------------------------------- */

static struct json *block_new(apr_pool_t *pool, const char *type)
{
	struct json *block = json_object(pool);

	json_set_text(block, "type", type);
	return block;
}

static void put_text(apr_pool_t *pool, struct json *content, const char *text)
{
	struct json *block = block_new(pool, "text");

	json_set_text(block, "text", text);
	json_push(content, block);
}

static struct json *text_content(apr_pool_t *pool, const char *text)
{
	struct json *content = json_array(pool);

	put_text(pool, content, text);
	return content;
}

/* Turns of one role that follow each other become one, results first as they came. */
static void put_message(apr_pool_t *pool, struct json *messages, const char *role, struct json *content)
{
	size_t n = json_len(messages);
	struct json *last = n ? json_item(messages, n - 1) : NULL, *m;

	if (last && text_same(json_text(last, "role"), role)) {
		struct json *joined = json_array(pool), *before = json_at(last, "content");

		for (size_t i = 0; i < json_len(before); i++)
			json_push(joined, json_item(before, i));
		for (size_t i = 0; i < json_len(content); i++)
			json_push(joined, json_item(content, i));
		json_set(last, "content", joined);
		return;
	}
	m = json_object(pool);
	json_set_text(m, "role", role);
	json_set(m, "content", content);
	json_push(messages, m);
}

/* A step that another provider made. */
static struct json *foreign_step(apr_pool_t *pool, const struct llm_reply *reply)
{
	struct json *content = *reply->text ? text_content(pool, reply->text) : json_array(pool);

	for (size_t i = 0; i < reply->calls_n; i++) {
		struct json *block = block_new(pool, "tool_use");

		json_set_text(block, "id", reply->calls[i].id);
		json_set_text(block, "name", reply->calls[i].name);
		json_set(block, "input", reply->calls[i].args ? reply->calls[i].args : json_object(pool));
		json_push(content, block);
	}
	return content;
}

static struct json *results_of(apr_pool_t *pool, const struct llm_message *step,
			       const struct llm_message *results)
{
	struct json *content = json_array(pool);

	for (size_t i = 0; i < step->reply->calls_n; i++) {
		const struct llm_result *result = llm_result_of(results, &step->reply->calls[i]);
		struct json *block = block_new(pool, "tool_result");

		json_set_text(block, "tool_use_id", step->reply->calls[i].id);
		json_set_text(block, "content",
			      result && result->output ? json_write(pool, result->output) : "no result");
		if (!result || result->is_error)
			json_set_bool(block, "is_error", true);
		json_push(content, block);
	}
	return content;
}

static void put_step(apr_pool_t *pool, struct json *messages, const struct llm_message *m)
{
	if (llm_own(m, PROVIDER_ANTHROPIC))
		put_message(pool, messages, "assistant", m->reply->native);
	else if (m->reply && (m->reply->calls_n || *m->reply->text))
		put_message(pool, messages, "assistant", foreign_step(pool, m->reply));
	else if (!m->reply && m->text && *m->text)
		put_message(pool, messages, "assistant", text_content(pool, m->text));
}

static struct json *media_block(apr_pool_t *pool, const struct llm_part *from)
{
	struct json *block = block_new(pool, from->kind == LLM_PICTURE ? "image" : "document");
	struct json *source = block_new(pool, "base64");

	json_set_text(source, "media_type", llm_media_type(PROVIDER_ANTHROPIC, from));
	json_set_text(source, "data", LLM_MEDIA_MARK);
	json_set(block, "source", source);
	return block;
}

/* A text block of nothing is refused. The person's words come after what they are about. */
static struct json *person(apr_pool_t *pool, const struct llm_message *m)
{
	struct json *content = json_array(pool);

	for (size_t i = 0; i < m->parts_n; i++)
		if (m->parts[i].kind != LLM_TEXT)
			json_push(content, media_block(pool, &m->parts[i]));
		else if (*m->parts[i].text)
			put_text(pool, content, m->parts[i].text);
	if (m->text && *m->text)
		put_text(pool, content, m->text);
	else if (!json_len(content))
		put_text(pool, content, "-");
	return content;
}

static struct json *messages_of(apr_pool_t *pool, const struct llm_request *request)
{
	struct json *messages = json_array(pool);
	const struct llm_message *step = NULL;

	for (size_t i = 0; i < request->messages_n; i++) {
		const struct llm_message *m = &request->messages[i];

		if (m->role == LLM_PERSON)
			put_message(pool, messages, "user", person(pool, m));
		else if (m->role == LLM_MODEL)
			put_step(pool, messages, m);
		else if (step && step->reply && step->reply->calls_n)
			put_message(pool, messages, "user", results_of(pool, step, m));
		step = m->role == LLM_MODEL ? m : NULL;
	}
	return messages;
}

static struct json *tools_of(apr_pool_t *pool, const struct llm_request *request)
{
	struct json *tools = json_array(pool);

	for (size_t i = 0; i < request->tools_n; i++) {
		struct json *tool = json_object(pool), *schema = request->tools[i].schema;

		if (!schema) {
			schema = block_new(pool, "object");
			json_set(schema, "properties", json_object(pool));
		}
		json_set_text(tool, "name", request->tools[i].name);
		json_set_text(tool, "description", request->tools[i].description);
		json_set(tool, "input_schema", schema);
		json_push(tools, tool);
	}
	return tools;
}

void llm_anthropic_encode(apr_pool_t *pool, const struct llm_endpoint *at, const struct llm_request *request,
			  struct llm_outgoing *ret)
{
	struct json *body = json_object(pool);

	json_set_text(body, "model", at->model);
	json_set_int(body, "max_tokens", llm_room(request));
	if (request->tools_n)
		json_set(body, "tools", tools_of(pool, request));
	if (request->system && *request->system)
		json_set_text(body, "system", request->system);
	json_set(body, "messages", messages_of(pool, request));
	*ret = (struct llm_outgoing){
		.url = mem_fmt(pool, "%s/messages", at->base),
		.headers = { VERSION, *at->key ? mem_fmt(pool, "x-api-key: %s", at->key) : NULL },
	};
	llm_media_body(pool, request, body, ret);
}

/* --- answer ----------------------------------------------------------------------------------------------------- */

/* Of an error after a 200, and of those whose status says less than their name. */
static long status_of(long status, const char *type)
{
	static const struct {
		const char *type;
		long status;
	} types[] = {
		{ "invalid_request_error", 400 }, { "authentication_error", 401 },
		{ "billing_error", 402 },         { "permission_error", 403 },
		{ "not_found_error", 404 },       { "request_too_large", 413 },
		{ "rate_limit_error", 429 },      { "timeout_error", 504 },
		{ "overloaded_error", 529 },
	};

	for (size_t i = 0; status < 400 && i < sizeof types / sizeof *types; i++)
		if (text_same(type, types[i].type))
			return types[i].status;
	return status < 400 ? 500 : status;
}

static err_t *error_of(const struct llm_incoming *in, const struct json *error, struct llm_decoded *ret)
{
	const char *type = json_text(error, "type"), *code = json_text(error, "code");
	long status = status_of(in->status, type);

	if (status == 429 && text_same(code, "enforced_spend_limit_reached"))
		status = 402; /* money, which no waiting cures */
	return llm_status_error(PROVIDER_ANTHROPIC, status, code && *code ? code : type, in->retry_after_s,
				ret);
}

static int64_t count_of(const struct json *body, const char *path)
{
	int64_t n = 0;

	return json_int(body, path, &n) && n > 0 ? n : 0;
}

/* Their input leaves out what the cache gave or took. */
static void read_usage(const struct json *body, struct llm_usage *usage)
{
	usage->cached = count_of(body, "usage.cache_read_input_tokens");
	usage->in = count_of(body, "usage.input_tokens") + usage->cached +
		    count_of(body, "usage.cache_creation_input_tokens");
	usage->out = count_of(body, "usage.output_tokens");
	usage->thoughts = count_of(body, "usage.output_tokens_details.thinking_tokens");
	if (usage->thoughts > usage->out)
		usage->thoughts = usage->out;
}

static err_t *read_call(apr_pool_t *pool, struct json *block, struct llm_reply *reply)
{
	const char *id = json_text(block, "id"), *name = json_text(block, "name");
	struct json *input = json_at(block, "input");

	if (!name || !*name)
		return llm_bad_answer(PROVIDER_ANTHROPIC, "a call without a name");
	if (!id || !*id) {
		id = llm_make_id(pool, reply->calls_n);
		json_set_text(block, "id", id);
	}
	reply->calls[reply->calls_n++] = (struct llm_call){ id, name,
							    json_is_object(input) ? input
							    : input               ? NULL
										  : json_object(pool) };
	if (!json_is_object(input)) /* handed back it must be one */
		json_set(block, "input", json_object(pool));
	return NULL;
}

static err_t *read_blocks(apr_pool_t *pool, struct json *content, struct llm_reply *reply)
{
	struct buf text = buf_new(pool, LIMIT_JSON_BYTES);

	reply->calls = mem_alloc(pool, (json_len(content) + 1) * sizeof *reply->calls);
	for (size_t i = 0; i < json_len(content); i++) {
		struct json *block = json_item(content, i);
		const char *type = json_text(block, "type");

		if (text_same(type, "text") && json_text(block, "text"))
			buf_text(&text, json_text(block, "text"));
		if (text_same(type, "tool_use"))
			ERR(read_call(pool, block, reply));
	}
	reply->text = text.p ? text.p : "";
	if (json_len(content) && (*reply->text || reply->calls_n))
		reply->native = content;
	return NULL;
}

err_t *llm_anthropic_decode(apr_pool_t *pool, const struct llm_incoming *in, struct llm_decoded *ret)
{
	struct json *body = NULL;
	err_t *err = llm_body(pool, PROVIDER_ANTHROPIC, in, &body);
	const char *stop = json_text(body, "stop_reason");

	*ret = (struct llm_decoded){
		.wait_ms = -1,
		.reply = { .provider = PROVIDER_ANTHROPIC, .model = json_text(body, "model"), .text = "" }
	};
	if (in->status != 200 || json_at(body, "error")) {
		err_clear(err);
		return error_of(in, json_at(body, "error"), ret);
	}
	ERR(err);
	read_usage(body, &ret->reply.usage);
	if (text_same(stop, "refusal"))
		return llm_blocked(PROVIDER_ANTHROPIC, stop);
	if (!json_is_array(json_at(body, "content")))
		return llm_bad_answer(PROVIDER_ANTHROPIC, "no content");
	ERR(read_blocks(pool, json_at(body, "content"), &ret->reply));
	if (text_same(stop, "max_tokens") || text_same(stop, "model_context_window_exceeded"))
		ret->reply.finish = LLM_LENGTH;
	return NULL;
}
