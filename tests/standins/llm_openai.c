#include "tests/standins/llm_formats.h"

#include "core/text.h"
#include <string.h>

#define BAD "invalid_request_error"

static bool bad(struct ask *ask, const char *what)
{
	return refuse(ask, 400, BAD, "%s", what);
}

static bool is_openai(const struct ask *ask)
{
	return text_starts(ask->model, "gpt");
}

static bool is_deepseek(const struct ask *ask)
{
	return text_starts(ask->model, "deepseek");
}

static bool is_xai(const struct ask *ask)
{
	return text_starts(ask->model, "grok");
}

/* Whether the tool messages after message i answer each of its calls, and nothing else comes between. */
static bool check_results(struct ask *ask, const struct json *messages, size_t i)
{
	const struct json *calls = json_at(json_item(messages, i), "tool_calls");
	size_t n = json_len(calls);

	for (size_t k = 0; k < n; k++) {
		const char *id = json_text(json_item(calls, k), "id");
		size_t found = 0;

		for (size_t m = i + 1; m <= i + n; m++) {
			const struct json *result = json_item(messages, m);

			found += text_same(json_text(result, "role"), "tool") &&
				 text_same(json_text(result, "tool_call_id"), id);
		}
		if (!id || found != 1)
			return bad(
				ask,
				"An assistant message with 'tool_calls' must be followed by tool messages responding "
				"to each 'tool_call_id'.");
	}
	return true;
}

static bool check_calls(struct ask *ask, const struct json *message)
{
	const struct json *calls = json_at(message, "tool_calls");

	for (size_t k = 0; k < json_len(calls); k++) {
		const struct json *call = json_item(calls, k);
		const char *arguments = json_text(call, "function.arguments");
		struct json *parsed;
		err_t *err;

		if (!text_same(json_text(call, "type"), "function") || !json_text(call, "function.name") ||
		    !arguments)
			return bad(ask, "tool_calls must have type, function.name and function.arguments");
		err = json_read(ask->pool, arguments, strlen(arguments), &parsed);
		if (err) {
			err_clear(err);
			return bad(ask, "function.arguments is no JSON");
		}
	}
	return true;
}

/* DeepSeek, thinking: a step of this turn that called tools comes back with what was thought. */
static bool check_reasoning(struct ask *ask, const struct json *message)
{
	const char *id = json_text(message, "tool_calls.0.id"),
		   *reasoning = json_text(message, "reasoning_content");

	if (!is_deepseek(ask) || !id || text_same(json_text(ask->body, "thinking.type"), "disabled"))
		return true;
	if (!reasoning || !text_same(reasoning, world_seal(ask->pool, id)))
		return bad(ask, "The reasoning_content in the thinking mode must be passed back to the API.");
	return true;
}

/* Text or a list of parts, which only a person's message may have. */
static bool check_parts(struct ask *ask, const struct json *m)
{
	const struct json *parts = json_at(m, "content");

	if (!json_len(parts) || !text_same(json_text(m, "role"), "user"))
		return bad(ask, "Invalid value for 'content': expected a string.");
	for (size_t i = 0; i < json_len(parts); i++) {
		const struct json *part = json_item(parts, i);

		if (text_same(json_text(part, "type"), "text")) {
			if (!json_text(part, "text") || !only_fields(ask, part, "type text", "content"))
				return bad(ask, "Missing required parameter: 'text'.");
		} else if (!openai_media(ask, part)) {
			return false;
		}
	}
	return true;
}

static bool check_message(struct ask *ask, const struct json *messages, size_t i, bool present_turn)
{
	const struct json *m = json_item(messages, i);
	const char *role = json_text(m, "role");
	bool calls = json_len(json_at(m, "tool_calls")) > 0;

	if (!only_fields(ask, m, "role content name tool_calls tool_call_id reasoning_content refusal",
			 "message"))
		return false;
	if (!role || !strstr(" system developer user assistant tool ", mem_fmt(ask->pool, " %s ", role)))
		return bad(ask, "Invalid value for role");
	if (json_is_array(json_at(m, "content"))) {
		if (!check_parts(ask, m))
			return false;
	} else if (!json_text(m, "content") && !(text_same(role, "assistant") && calls))
		return bad(ask, "Invalid value for 'content': expected a string, got null.");
	if (json_at(m, "tool_calls") && (!text_same(role, "assistant") || !calls))
		return bad(ask, "tool_calls must be a non-empty array of an assistant message");
	if (json_at(m, "reasoning_content") && !is_deepseek(ask))
		return bad(ask, "Unknown parameter: 'reasoning_content'");
	if (calls && (!check_calls(ask, m) || !check_results(ask, messages, i)))
		return false;
	if (text_same(role, "tool")) {
		size_t k = i;

		while (k > 0 && text_same(json_text(json_item(messages, k), "role"), "tool"))
			k--;
		if (i - k > json_len(json_at(json_item(messages, k), "tool_calls")))
			return bad(
				ask,
				"messages with role 'tool' must be a response to a preceding message with 'tool_calls'");
	}
	return !present_turn || !calls || check_reasoning(ask, m);
}

static const char *said_in(const struct json *content)
{
	const char *said = json_text(content, NULL);

	for (size_t i = 0; i < json_len(content); i++)
		if (json_text(json_item(content, i), "text"))
			said = json_text(json_item(content, i), "text");
	return said ? said : "";
}

static bool check_messages(struct ask *ask)
{
	const struct json *messages = json_at(ask->body, "messages");
	size_t start = 0;

	if (!json_len(messages))
		return bad(ask, "messages is empty");
	for (size_t i = 0; i < json_len(messages); i++)
		if (text_same(json_text(json_item(messages, i), "role"), "user"))
			start = i;
	ask->said = said_in(json_at(json_item(messages, start), "content"));
	for (size_t i = 0; i < json_len(messages); i++) {
		if (!check_message(ask, messages, i, i > start))
			return false;
		if (i > start && text_same(json_text(json_item(messages, i), "role"), "assistant"))
			ask->round++;
	}
	return true;
}

static bool check_tools(struct ask *ask)
{
	const struct json *tools = json_at(ask->body, "tools");

	if (tools && !json_len(tools))
		return bad(ask, "tools is an empty array");
	for (size_t i = 0; i < json_len(tools); i++) {
		const struct json *tool = json_item(tools, i);
		const char *name = json_text(tool, "function.name");

		if (!text_same(json_text(tool, "type"), "function") ||
		    !only_fields(ask, json_at(tool, "function"), "name description parameters strict",
				 "function"))
			return bad(ask, "tools must be functions");
		if (!name || !*name || strlen(name) > 64 ||
		    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") !=
			    strlen(name))
			return bad(ask, "Invalid 'tools.function.name'");
		if (json_at(tool, "function.parameters") &&
		    !text_same(json_text(tool, "function.parameters.type"), "object"))
			return bad(ask, "schema must be of type object");
	}
	return true;
}

/* What one of them takes another refuses, or silently ignores. */
static bool check_settings(struct ask *ask)
{
	const struct json *b = ask->body;
	bool openai = is_openai(ask), ollama = !openai && !is_xai(ask) && !is_deepseek(ask);

	if (!only_fields(
		    ask, b,
		    "model messages tools tool_choice max_tokens max_completion_tokens temperature stream "
		    "stream_options reasoning_effort thinking",
		    "request"))
		return false;
	if (openai && json_at(b, "max_tokens"))
		return bad(ask, "Unsupported parameter: 'max_tokens': use 'max_completion_tokens' instead.");
	if (!openai && json_at(b, "max_completion_tokens"))
		return bad(ask, "Unknown parameter: 'max_completion_tokens'");
	if (!ollama && json_at(b, "temperature"))
		return bad(ask, "Unsupported value: 'temperature'");
	if (ollama && json_at(b, "tool_choice"))
		return bad(ask, "tool_choice is not supported");
	if (!is_deepseek(ask) && json_at(b, "thinking"))
		return bad(ask, "Unknown parameter: 'thinking'");
	if (openai && json_at(b, "tools") && json_text(b, "reasoning_effort") &&
	    !text_same(json_text(b, "reasoning_effort"), "none"))
		return bad(
			ask,
			"Function tools with reasoning_effort are not supported: use /v1/responses or 'none'.");
	return true;
}

bool openai_check(struct ask *ask)
{
	const char *bearer = json_text(ask->headers, "authorization");

	ask->model = json_text(ask->body, "model");
	ask->stream = json_true(ask->body, "stream");
	if (world.key && !text_same(bearer, mem_fmt(ask->pool, "Bearer %s", world.key)))
		return refuse(ask, 401, "invalid_api_key", "Incorrect API key provided.");
	if (!ask->model)
		return bad(ask, "you must provide a model parameter");
	if (text_same(ask->model, "no-such-model"))
		return refuse(ask, 404, "model_not_found", "The model does not exist.");
	return check_settings(ask) && check_messages(ask) && check_tools(ask);
}

static struct json *usage_of(struct ask *ask, const struct play *play)
{
	struct json *usage = json_object(ask->pool), *in = json_object(ask->pool),
		    *out = json_object(ask->pool);
	/* xAI counts its reasoning apart from the completion. */
	int64_t completion = play->out + (is_xai(ask) ? 0 : play->thoughts);

	json_set_int(usage, "prompt_tokens", play->in);
	json_set_int(usage, "completion_tokens", completion);
	json_set_int(usage, "total_tokens", play->in + play->out + play->thoughts);
	json_set_int(in, "cached_tokens", play->cached);
	json_set(usage, "prompt_tokens_details", in);
	json_set_int(out, "reasoning_tokens", play->thoughts);
	json_set(usage, "completion_tokens_details", out);
	return usage;
}

static const char *arguments_of(struct ask *ask, const struct play *play, const struct json *call)
{
	if (text_same(play->fault, "malformed_args"))
		return "{\"text\": \"cut";
	if (text_same(play->fault, "no_args") || !json_at(call, "args"))
		return "";
	return json_write(ask->pool, json_at(call, "args"));
}

static struct json *call_of(struct ask *ask, const struct play *play, size_t i)
{
	struct json *out = json_object(ask->pool), *function = json_object(ask->pool);
	const struct json *call = json_item(play->calls, i);

	if (text_same(play->fault, "same_ids"))
		json_set_text(out, "id", "call_0");
	else if (!text_same(play->fault, "no_ids"))
		json_set_text(out, "id", mem_fmt(ask->pool, "call_%lld", (long long)++world.serial));
	json_set_text(out, "type", "function");
	json_set_text(function, "name", json_text(call, "name"));
	json_set_text(function, "arguments", arguments_of(ask, play, call));
	json_set(out, "function", function);
	return out;
}

static const char *finish_of(const struct play *play)
{
	if (text_same(play->fault, "filtered"))
		return "content_filter";
	if (text_same(play->fault, "max_tokens"))
		return "length";
	return "stop"; /* also with calls, as some servers do */
}

static struct json *message_of(struct ask *ask, const struct play *play)
{
	struct json *m = json_object(ask->pool), *calls = json_array(ask->pool);
	const char *first;

	json_set_text(m, "role", "assistant");
	json_set_text(m, "content", *play->text && !text_same(play->fault, "max_tokens") ? play->text : NULL);
	json_set_text(m, "refusal", text_same(play->fault, "blocked") ? "I can't help with that." : NULL);
	for (size_t i = 0; i < json_len(play->calls); i++)
		json_push(calls, call_of(ask, play, i));
	if (json_len(calls))
		json_set(m, "tool_calls", calls);
	first = json_text(calls, "0.id");
	if (is_deepseek(ask))
		json_set_text(m, "reasoning_content",
			      first ? world_seal(ask->pool, first) : "thinking aloud");
	return m;
}

static struct json *envelope(struct ask *ask, const struct play *play, const char *object)
{
	struct json *out = json_object(ask->pool);

	json_set_text(out, "id", mem_fmt(ask->pool, "chatcmpl-%lld", (long long)++world.serial));
	json_set_text(out, "object", object);
	json_set_int(out, "created", 1795000000);
	json_set_text(out, "model", play->model);
	return out;
}

static struct json *chunk(struct ask *ask, const struct play *play, struct json *delta, const char *finish)
{
	struct json *out = envelope(ask, play, "chat.completion.chunk"), *choices = json_array(ask->pool);
	struct json *choice = json_object(ask->pool);

	if (delta) {
		json_set_int(choice, "index", 0);
		json_set(choice, "delta", delta);
		json_set_text(choice, "finish_reason", finish);
		json_push(choices, choice);
	} else {
		json_set(out, "usage", usage_of(ask, play));
	}
	json_set(out, "choices", choices);
	return out;
}

/* A call in three pieces: who, then its arguments in two halves. */
static void stream_call(struct buf *b, struct ask *ask, const struct play *play, const struct json *call,
			size_t i)
{
	const char *arguments = json_text(call, "function.arguments");
	size_t half = strlen(arguments) / 2;

	while (half && (arguments[half] & 0xC0) == 0x80)
		half--;
	for (int piece = 0; piece < 3; piece++) {
		struct json *delta = json_object(ask->pool), *list = json_array(ask->pool),
			    *one = json_object(ask->pool);
		struct json *function = json_object(ask->pool);

		json_set_int(one, "index", (int64_t)i);
		if (piece == 0 && json_text(call, "id"))
			json_set_text(one, "id", json_text(call, "id"));
		if (piece == 0)
			json_set_text(function, "name", json_text(call, "function.name"));
		json_set_text(function, "arguments",
			      piece == 0   ? ""
			      : piece == 1 ? mem_textn(ask->pool, arguments, half)
					   : arguments + half);
		json_set(one, "function", function);
		json_push(list, one);
		json_set(delta, "tool_calls", list);
		sse_put(b, ask->pool, NULL, chunk(ask, play, delta, NULL));
	}
}

static const char *stream_of(struct ask *ask, const struct play *play, const struct json *message)
{
	struct buf b = buf_new(ask->pool, 16 << 20);
	const struct json *calls = json_at(message, "tool_calls");

	buf_text(&b, ": keep-alive\n\n");
	sse_put(&b, ask->pool, NULL, chunk(ask, play, object1(ask->pool, "role", "assistant"), NULL));
	if (json_text(message, "reasoning_content"))
		sse_put(&b, ask->pool, NULL,
			chunk(ask, play,
			      object1(ask->pool, "reasoning_content",
				      json_text(message, "reasoning_content")),
			      NULL));
	if (json_text(message, "content"))
		sse_put(&b, ask->pool, NULL,
			chunk(ask, play, object1(ask->pool, "content", json_text(message, "content")), NULL));
	for (size_t i = 0; i < json_len(calls); i++)
		stream_call(&b, ask, play, json_item(calls, i), i);
	if (text_same(play->fault, "stream_error"))
		buf_text(
			&b,
			"data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\",\"code\":null}}\n\n");
	else if (!text_same(play->fault, "stream_cut")) {
		sse_put(&b, ask->pool, NULL, chunk(ask, play, json_object(ask->pool), finish_of(play)));
		sse_put(&b, ask->pool, NULL, chunk(ask, play, NULL, NULL));
		buf_text(&b, "data: [DONE]\n\n");
	}
	return b.p;
}

const char *openai_say(struct ask *ask, const struct play *play)
{
	struct json *out = envelope(ask, play, "chat.completion"), *choices = json_array(ask->pool);
	struct json *choice = json_object(ask->pool), *message = message_of(ask, play);

	if (ask->stream || play->stream)
		return stream_of(ask, play, message);
	json_set_int(choice, "index", 0);
	json_set(choice, "message", message);
	json_set_text(choice, "finish_reason", finish_of(play));
	json_push(choices, choice);
	json_set(out, "choices", choices);
	json_set(out, "usage", usage_of(ask, play));
	return json_write(ask->pool, out);
}

const char *openai_error(struct ask *ask, const char *kind, const char *message)
{
	struct json *out = json_object(ask->pool), *error = json_object(ask->pool);
	bool money = text_same(kind, "insufficient_quota");

	json_set_text(error, "message", message);
	json_set_text(error, "type", kind);
	json_set_text(error, "param", NULL);
	json_set_text(error, "code", money ? "credit_balance_exhausted" : kind);
	json_set(out, "error", error);
	return json_write(ask->pool, out);
}
