#include "tests/standins/llm_formats.h"

#include "core/text.h"
#include <string.h>

#define BAD "invalid_request_error"

static bool bad(struct ask *ask, const char *what)
{
	return refuse(ask, 400, BAD, "%s", what);
}

static bool is(const struct json *block, const char *type)
{
	return text_same(json_text(block, "type"), type);
}

static const struct json *find(const struct json *blocks, const char *type, const char *key,
			       const char *value)
{
	for (size_t i = 0; i < json_len(blocks); i++)
		if (is(json_item(blocks, i), type) &&
		    (!key || text_same(json_text(json_item(blocks, i), key), value)))
			return json_item(blocks, i);
	return NULL;
}

/* Each tool_use of the answer before has its result here, and results come before anything else. */
static bool check_results(struct ask *ask, const struct json *content, const struct json *before)
{
	bool text = false;

	for (size_t i = 0; i < json_len(content); i++) {
		const struct json *block = json_item(content, i);

		if (is(block, "tool_result") && text)
			return bad(ask, "tool_result blocks must come first in the content");
		if (is(block, "tool_result") &&
		    !find(before, "tool_use", "id", json_text(block, "tool_use_id")))
			return bad(ask, "unexpected tool_use_id found in tool_result blocks");
		text = text || !is(block, "tool_result");
	}
	for (size_t i = 0; i < json_len(before); i++) {
		const struct json *block = json_item(before, i);

		if (is(block, "tool_use") &&
		    !find(content, "tool_result", "tool_use_id", json_text(block, "id")))
			return bad(ask,
				   "tool_use ids were found without tool_result blocks immediately after");
	}
	return true;
}

static bool check_block(struct ask *ask, const struct json *block, const struct json *blocks, bool assistant)
{
	if (is(block, "text"))
		return only_fields(ask, block, "type text citations cache_control", "text") &&
		       (json_text(block, "text") && *json_text(block, "text")
				? true
				: bad(ask, "text blocks must be non-empty"));
	if ((is(block, "image") || is(block, "document")) && !assistant)
		return anthropic_media(ask, block);
	if (is(block, "tool_use") && assistant)
		return only_fields(ask, block, "type id name input", "tool_use") &&
		       (json_is_object(json_at(block, "input"))
				? true
				: bad(ask, "tool_use.input must be an object"));
	if (is(block, "tool_result") && !assistant)
		return only_fields(ask, block, "type tool_use_id content is_error cache_control",
				   "tool_result");
	if (is(block, "thinking") && assistant) {
		const struct json *use = find(blocks, "tool_use", NULL, NULL);
		const char *seal = world_seal(ask->pool, use ? json_text(use, "id") : "text");

		return text_same(json_text(block, "signature"), seal)
			       ? true
			       : bad(ask, "Invalid `signature` in `thinking` block");
	}
	return bad(ask, "content block of a type that does not belong there");
}

/* Sealed thinking goes before the tools that were used because of it. */
static bool check_thinking(struct ask *ask, const struct json *content)
{
	const struct json *use = find(content, "tool_use", NULL, NULL);

	if (use && text_starts(json_text(use, "id"), "toolu_t") && !find(content, "thinking", NULL, NULL))
		return bad(ask, "Expected `thinking` before `tool_use`");
	return true;
}

static bool check_message(struct ask *ask, const struct json *messages, size_t i)
{
	const struct json *m = json_item(messages, i), *content = json_at(m, "content");
	const struct json *before = i ? json_at(json_item(messages, i - 1), "content") : NULL;
	bool assistant = text_same(json_text(m, "role"), "assistant");

	if (!only_fields(ask, m, "role content", "messages"))
		return false;
	if (!assistant && !text_same(json_text(m, "role"), "user"))
		return bad(ask, "messages: Input should be 'user' or 'assistant'");
	if (json_text(content, NULL) ? !*json_text(content, NULL) : !json_len(content))
		return bad(ask, "messages: content must be non-empty");
	for (size_t k = 0; k < json_len(content); k++)
		if (!check_block(ask, json_item(content, k), content, assistant))
			return false;
	if (assistant && i + 1 == json_len(messages))
		return bad(ask, "This model does not support assistant message prefill.");
	return check_results(ask, content, before) && check_thinking(ask, content);
}

static const char *text_of(const struct json *message)
{
	const struct json *content = json_at(message, "content"), *block;

	if (!text_same(json_text(message, "role"), "user"))
		return NULL;
	if (json_text(content, NULL))
		return json_text(content, NULL);
	block = find(content, "text", NULL, NULL);
	return block ? json_text(block, "text") : NULL;
}

static bool check_messages(struct ask *ask)
{
	const struct json *messages = json_at(ask->body, "messages");

	if (!json_len(messages))
		return bad(ask, "messages: at least one message is required");
	ask->said = "";
	for (size_t i = 0; i < json_len(messages); i++) {
		const struct json *m = json_item(messages, i);

		if (!check_message(ask, messages, i))
			return false;
		if (text_same(json_text(m, "role"), "assistant"))
			ask->round++;
		if (text_of(m)) {
			ask->said = text_of(m);
			ask->round = 0;
		}
	}
	return true;
}

static bool check_tools(struct ask *ask)
{
	const struct json *tools = json_at(ask->body, "tools");

	for (size_t i = 0; i < json_len(tools); i++) {
		const struct json *tool = json_item(tools, i);

		if (!only_fields(ask, tool, "name description input_schema strict cache_control", "tools"))
			return false;
		if (!json_text(tool, "name") || !text_same(json_text(tool, "input_schema.type"), "object"))
			return bad(ask, "tools.input_schema.type: Field required");
	}
	return true;
}

bool anthropic_check(struct ask *ask)
{
	int64_t most;

	ask->model = json_text(ask->body, "model");
	ask->stream = json_true(ask->body, "stream");
	if (world.key && !text_same(json_text(ask->headers, "x-api-key"), world.key))
		return refuse(ask, 401, "authentication_error", "invalid x-api-key");
	if (!text_same(json_text(ask->headers, "anthropic-version"), "2023-06-01"))
		return bad(ask, "anthropic-version: header is required");
	if (!only_fields(
		    ask, ask->body,
		    "model max_tokens messages system tools tool_choice thinking output_config stream metadata "
		    "cache_control stop_sequences",
		    "request"))
		return false;
	if (!ask->model || !json_int(ask->body, "max_tokens", &most) || most < 1)
		return bad(ask, "model and max_tokens: Field required");
	if (!text_starts(ask->model, "claude-"))
		return refuse(ask, 404, "not_found_error", "model: %s", ask->model);
	return check_messages(ask) && check_tools(ask);
}

static struct json *usage_of(struct ask *ask, const struct play *play)
{
	struct json *usage = json_object(ask->pool);

	json_set_int(usage, "input_tokens", play->in - play->cached);
	json_set_int(usage, "cache_creation_input_tokens", 0);
	json_set_int(usage, "cache_read_input_tokens", play->cached);
	json_set_int(usage, "output_tokens", play->out + play->thoughts);
	return usage;
}

static struct json *block_of(apr_pool_t *pool, const char *type, const char *key, const char *value)
{
	struct json *block = object1(pool, "type", type);

	if (key)
		json_set_text(block, key, value);
	return block;
}

static const char *stop_of(const struct play *play)
{
	if (text_same(play->fault, "blocked") || text_same(play->fault, "filtered"))
		return "refusal";
	if (text_same(play->fault, "max_tokens"))
		return "max_tokens";
	return json_len(play->calls) ? "tool_use" : "end_turn";
}

static struct json *content_of(struct ask *ask, const struct play *play)
{
	struct json *content = json_array(ask->pool), *thinking;
	size_t n = json_len(play->calls);
	int64_t first = world.serial + 1;

	if (text_same(stop_of(play), "refusal") || text_same(stop_of(play), "max_tokens"))
		return content;
	thinking = block_of(ask->pool, "thinking", "thinking", "thinking aloud");
	json_set_text(thinking, "signature",
		      world_seal(ask->pool,
				 n ? mem_fmt(ask->pool, "toolu_t%lld", (long long)first) : "text"));
	json_push(content, thinking);
	if (*play->text)
		json_push(content, block_of(ask->pool, "text", "text", play->text));
	for (size_t i = 0; i < n; i++) {
		const struct json *call = json_item(play->calls, i);
		struct json *block = block_of(ask->pool, "tool_use", "id",
					      mem_fmt(ask->pool, "toolu_t%lld", (long long)++world.serial));

		json_set_text(block, "name", json_text(call, "name"));
		json_set(block, "input",
			 json_at(call, "args") && !text_same(play->fault, "no_args")
				 ? json_at(call, "args")
				 : json_object(ask->pool));
		json_push(content, block);
	}
	return content;
}

static struct json *message_of(struct ask *ask, const struct play *play, struct json *content,
			       const char *stop)
{
	struct json *m = object1(ask->pool, "id", mem_fmt(ask->pool, "msg_%lld", (long long)++world.serial));

	json_set_text(m, "type", "message");
	json_set_text(m, "role", "assistant");
	json_set_text(m, "model", play->model);
	json_set(m, "content", content);
	json_set_text(m, "stop_reason", stop);
	json_set_text(m, "stop_sequence", NULL);
	json_set(m, "usage", usage_of(ask, play));
	return m;
}

static void put_event(struct buf *b, struct ask *ask, const char *type, const char *key, struct json *value,
		      int64_t index)
{
	struct json *o = object1(ask->pool, "type", type);

	if (index >= 0)
		json_set_int(o, "index", index);
	if (key)
		json_set(o, key, value);
	sse_put(b, ask->pool, type, o);
}

/* A block as its start without content, its deltas (text and input in one, after an empty one) and its stop. */
static void stream_block(struct buf *b, struct ask *ask, const struct json *block, int64_t i)
{
	const char *type = json_text(block, "type");
	struct json *start = object1(ask->pool, "type", type);

	if (is(block, "tool_use")) {
		json_set_text(start, "id", json_text(block, "id"));
		json_set_text(start, "name", json_text(block, "name"));
		json_set(start, "input", json_object(ask->pool));
	} else {
		json_set_text(start, type, "");
	}
	put_event(b, ask, "content_block_start", "content_block", start, i);
	if (is(block, "text"))
		put_event(b, ask, "content_block_delta", "delta",
			  block_of(ask->pool, "text_delta", "text", json_text(block, "text")), i);
	if (is(block, "thinking")) {
		put_event(b, ask, "content_block_delta", "delta",
			  block_of(ask->pool, "thinking_delta", "thinking", json_text(block, "thinking")), i);
		put_event(b, ask, "content_block_delta", "delta",
			  block_of(ask->pool, "signature_delta", "signature", json_text(block, "signature")),
			  i);
	}
	if (is(block, "tool_use")) {
		put_event(b, ask, "content_block_delta", "delta",
			  block_of(ask->pool, "input_json_delta", "partial_json", ""), i);
		put_event(b, ask, "content_block_delta", "delta",
			  block_of(ask->pool, "input_json_delta", "partial_json",
				   json_write(ask->pool, json_at(block, "input"))),
			  i);
	}
	put_event(b, ask, "content_block_stop", NULL, NULL, i);
}

static const char *stream_of(struct ask *ask, const struct play *play)
{
	struct buf b = buf_new(ask->pool, 16 << 20);
	struct json *content = content_of(ask, play), *usage = json_object(ask->pool),
		    *end = json_object(ask->pool);

	put_event(&b, ask, "message_start", "message", message_of(ask, play, json_array(ask->pool), NULL),
		  -1);
	put_event(&b, ask, "ping", NULL, NULL, -1);
	for (size_t i = 0; i < json_len(content); i++)
		stream_block(&b, ask, json_item(content, i), (int64_t)i);
	if (text_same(play->fault, "stream_error")) {
		struct json *error = object1(ask->pool, "type", "overloaded_error");

		json_set_text(error, "message", "Overloaded");
		put_event(&b, ask, "error", "error", error, -1);
	} else if (!text_same(play->fault, "stream_cut")) {
		json_set_text(end, "type", "message_delta");
		json_set(end, "delta", object1(ask->pool, "stop_reason", stop_of(play)));
		json_set_int(usage, "output_tokens", play->out + play->thoughts);
		json_set(end, "usage", usage);
		sse_put(&b, ask->pool, "message_delta", end);
		put_event(&b, ask, "message_stop", NULL, NULL, -1);
	}
	return b.p;
}

const char *anthropic_say(struct ask *ask, const struct play *play)
{
	if (ask->stream || play->stream)
		return stream_of(ask, play);
	return json_write(ask->pool, message_of(ask, play, content_of(ask, play), stop_of(play)));
}

const char *anthropic_error(struct ask *ask, const char *kind, const char *message)
{
	struct json *out = object1(ask->pool, "type", "error"), *error = object1(ask->pool, "type", kind);

	json_set_text(error, "message", message);
	json_set(out, "error", error);
	json_set_text(out, "request_id", "req_1");
	return json_write(ask->pool, out);
}
