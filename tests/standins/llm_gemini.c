#include "tests/standins/llm_formats.h"

#include "core/text.h"
#include <string.h>

#define SENTINEL "skip_thought_signature_validator"
#define BAD "INVALID_ARGUMENT"
#define LEAST_OUTPUT 2048

static const char *const part_data[] = {
	"text",           "inlineData",          "fileData", "functionCall", "functionResponse",
	"executableCode", "codeExecutionResult", NULL
};

static bool bad(struct ask *ask, const char *what)
{
	return refuse(ask, 400, BAD, "%s", what);
}

/* 2.5 and before: no ids, thinkingBudget, sampling honoured. */
static bool is_old(const struct ask *ask)
{
	return text_starts(ask->model, "gemini-2");
}

static bool is_four(const struct ask *ask)
{
	return text_starts(ask->model, "gemini-4");
}

static const char *seal_of_call(struct ask *ask, const struct json *call)
{
	const char *args = json_at(call, "args") ? json_write(ask->pool, json_at(call, "args")) : "";

	return world_seal(ask->pool, mem_fmt(ask->pool, "%s %s %s", json_text(call, "id"),
					     json_text(call, "name"), args));
}

static bool check_part(struct ask *ask, const struct json *part)
{
	int data = 0;

	if (!only_fields(
		    ask, part,
		    "text inlineData fileData functionCall functionResponse executableCode codeExecutionResult "
		    "thought thoughtSignature mediaResolution videoMetadata partMetadata",
		    "part"))
		return false;
	for (const char *const *name = part_data; *name; name++)
		data += json_at(part, *name) != NULL;
	if (data > 1 || (!data && !json_text(part, "thoughtSignature")))
		return bad(ask, "required oneof field 'data' must have one initialized field");
	if (json_at(part, "text") && !json_text(part, "text"))
		return bad(ask, "text is no string");
	if (json_at(part, "inlineData") && !gemini_media(ask, json_at(part, "inlineData")))
		return false;
	return true;
}

/* A content of functionResponses answers the content before it, call by call. */
static bool check_responses(struct ask *ask, const struct json *parts, const struct json *before)
{
	const struct json *asked = json_at(before, "parts");
	size_t n = 0;

	for (size_t i = 0; i < json_len(asked); i++) {
		const struct json *call = json_at(json_item(asked, i), "functionCall"), *response;

		if (!call)
			continue;
		response = json_at(json_item(parts, n++), "functionResponse");
		if (!response)
			return bad(
				ask,
				"the number of function response parts must equal that of function call parts");
		if (!only_fields(ask, response, "id name response parts", "functionResponse"))
			return false;
		if (!text_same(json_text(response, "id"), json_text(call, "id")))
			return bad(ask, "function response id does not match its call, in order");
		if (!text_same(json_text(response, "name"), json_text(call, "name")))
			return bad(ask, "function response name does not match its call, in order");
		if (!json_is_object(json_at(response, "response")))
			return bad(ask, "function response is no object");
	}
	if (n != json_len(parts))
		return bad(ask,
			   "the number of function response parts must equal that of function call parts");
	return true;
}

static bool has(const struct json *content, const char *member)
{
	const struct json *parts = json_at(content, "parts");

	for (size_t i = 0; i < json_len(parts); i++)
		if (json_at(json_item(parts, i), member))
			return true;
	return false;
}

/* The first call of a step of the present turn carries the signature it was given out with. */
static bool check_signature(struct ask *ask, const struct json *content)
{
	const struct json *parts = json_at(content, "parts");

	for (size_t i = 0; i < json_len(parts); i++) {
		const struct json *part = json_item(parts, i), *call = json_at(part, "functionCall");
		const char *signature = json_text(part, "thoughtSignature");

		if (!call)
			continue;
		if (!signature)
			return bad(ask,
				   "Function call is missing a thought_signature in functionCall parts.");
		if (!text_same(signature, SENTINEL) && !text_same(signature, seal_of_call(ask, call)))
			return bad(ask, "Corrupted thought signature.");
		return true;
	}
	return true;
}

static bool check_content(struct ask *ask, const struct json *contents, size_t i, bool present_turn)
{
	const struct json *content = json_item(contents, i), *parts = json_at(content, "parts");
	const char *role = json_text(content, "role");
	const struct json *before = i ? json_item(contents, i - 1) : NULL;

	if (!only_fields(ask, content, "role parts", "content"))
		return false;
	if (!text_same(role, "user") && !text_same(role, "model"))
		return bad(ask, "Please use a valid role: user, model.");
	if (!json_len(parts))
		return bad(ask, "contents.parts must not be empty.");
	for (size_t k = 0; k < json_len(parts); k++)
		if (!check_part(ask, json_item(parts, k)))
			return false;
	if (before && has(before, "functionCall") && !has(content, "functionResponse"))
		return bad(ask, "a function call turn must be followed by a function response turn");
	if (has(content, "functionResponse") &&
	    (!before || !has(before, "functionCall") || !text_same(role, "user")))
		return bad(ask, "a function response turn must come right after a function call turn");
	if (has(content, "functionResponse") && !check_responses(ask, parts, before))
		return false;
	if (text_same(role, "model") && present_turn && !is_old(ask) && !check_signature(ask, content))
		return false;
	if (text_same(role, "model") && i + 1 == json_len(contents) && !is_old(ask))
		return bad(ask, "Requests ending with a model turn are not supported.");
	return true;
}

/* Where the present turn begins: the person's last text. */
static size_t turn_start(const struct json *contents)
{
	size_t start = 0;

	for (size_t i = 0; i < json_len(contents); i++)
		if (text_same(json_text(json_item(contents, i), "role"), "user") &&
		    (has(json_item(contents, i), "text") || has(json_item(contents, i), "inlineData")))
			start = i;
	return start;
}

static bool check_contents(struct ask *ask)
{
	const struct json *contents = json_at(ask->body, "contents");
	size_t start = turn_start(contents);

	if (!json_len(contents))
		return bad(ask, "contents is not specified");
	ask->said = "";
	for (size_t i = 0; i < json_len(contents); i++) {
		const struct json *content = json_item(contents, i);

		if (!check_content(ask, contents, i, i > start))
			return false;
		if (i > start && text_same(json_text(content, "role"), "model"))
			ask->round++;
		for (size_t k = 0; i == start && k < json_len(json_at(content, "parts")); k++)
			if (json_text(json_item(json_at(content, "parts"), k), "text"))
				ask->said = json_text(json_item(json_at(content, "parts"), k), "text");
	}
	return true;
}

static bool good_name(const char *name)
{
	static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";

	return name && *name && strchr(first, *name) && strlen(name) <= 64 &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-") ==
		       strlen(name);
}

static bool check_tools(struct ask *ask)
{
	const struct json *declarations = json_at(ask->body, "tools.0.functionDeclarations");

	if (!json_at(ask->body, "tools"))
		return true;
	if (!json_len(declarations) || json_len(declarations) > 512)
		return bad(ask, "tools holds no functionDeclarations, or more than 512");
	for (size_t i = 0; i < json_len(declarations); i++) {
		const struct json *d = json_item(declarations, i);

		if (!only_fields(
			    ask, d,
			    "name description parameters parametersJsonSchema response responseJsonSchema",
			    "function_declarations"))
			return false;
		if (!good_name(json_text(d, "name")))
			return bad(ask, "Invalid function name.");
		if (json_at(d, "parameters") && json_at(d, "parametersJsonSchema"))
			return bad(ask, "parameters and parametersJsonSchema are mutually exclusive");
		if (json_at(d, "parametersJsonSchema") &&
		    !text_same(json_text(d, "parametersJsonSchema.type"), "object"))
			return bad(ask, "parametersJsonSchema should be of type object");
		for (size_t k = 0; k < i; k++)
			if (text_same(json_text(json_item(declarations, k), "name"), json_text(d, "name")))
				return bad(ask, "Duplicate function declaration found.");
	}
	return true;
}

static bool check_thinking(struct ask *ask, const struct json *config)
{
	const struct json *thinking = json_at(config, "thinkingConfig");
	const char *level = json_text(thinking, "thinkingLevel");

	if (!thinking)
		return true;
	if (!only_fields(ask, thinking, "thinkingLevel thinkingBudget includeThoughts", "thinking_config"))
		return false;
	if (json_at(thinking, "thinkingBudget") && !is_old(ask))
		return bad(ask, "thinking_budget is not supported by this model: use thinking_level");
	if (json_at(thinking, "thinkingLevel") && is_old(ask))
		return bad(ask, "thinking_level is not supported by this model");
	if (level && strcmp(level, "MINIMAL") == 0 && (is_four(ask) || text_starts(ask->model, "gemini-3.8")))
		return bad(ask, "Thinking level MINIMAL is not supported for this model.");
	if (level && !strstr(" MINIMAL LOW MEDIUM HIGH XHIGH ", mem_fmt(ask->pool, " %s ", level)))
		return bad(ask, "Invalid value at 'generation_config.thinking_config.thinking_level'");
	return true;
}

static bool check_config(struct ask *ask)
{
	static const char *const forbidden[] = {
		"temperature", "topP", "topK", "frequencyPenalty", "presencePenalty", "candidateCount", NULL
	};
	const struct json *config = json_at(ask->body, "generationConfig");
	int64_t most;

	if (!config)
		return true;
	if (!only_fields(
		    ask, config,
		    "maxOutputTokens stopSequences temperature topP topK seed candidateCount presencePenalty "
		    "frequencyPenalty responseMimeType responseSchema responseJsonSchema thinkingConfig",
		    "generation_config"))
		return false;
	for (const char *const *name = forbidden; *name && !is_old(ask); name++)
		if (json_at(config, *name))
			return refuse(ask, 400, BAD, "%s is not supported by this model", *name);
	if (json_at(config, "maxOutputTokens") &&
	    (!json_int(config, "maxOutputTokens", &most) || most < LEAST_OUTPUT || most > 65536))
		return bad(ask, "maxOutputTokens must be 2048 to 65536");
	return check_thinking(ask, config);
}

static bool check_key(struct ask *ask)
{
	const char *key = json_text(ask->headers, "x-goog-api-key");

	if (strstr(ask->path, "key="))
		return bad(ask, "the key does not belong into the URL");
	if (world.key && !key)
		return refuse(ask, 403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.");
	if (world.key && !text_same(key, world.key))
		return refuse(ask, 400, "API_KEY_INVALID", "API key not valid. Please pass a valid API key.");
	return true;
}

bool gemini_check(struct ask *ask)
{
	const char *model = strstr(ask->path, "/models/") + strlen("/models/");

	ask->model = mem_textn(ask->pool, model, strcspn(model, ":?/"));
	ask->stream = strstr(model, ":streamGenerateContent") != NULL;
	if (!check_key(ask))
		return false;
	if (!text_starts(ask->model, "gemini-"))
		return refuse(ask, 404, "NOT_FOUND", "models/%s is not found", ask->model);
	if (!only_fields(ask, ask->body,
			 "contents systemInstruction tools toolConfig generationConfig safetySettings",
			 "request"))
		return false;
	if (json_at(ask->body, "systemInstruction") &&
	    !json_text(ask->body, "systemInstruction.parts.0.text"))
		return bad(ask, "system_instruction holds no text");
	return check_contents(ask) && check_tools(ask) && check_config(ask);
}

static struct json *usage_of(struct ask *ask, const struct play *play)
{
	struct json *usage = json_object(ask->pool);

	json_set_int(usage, "promptTokenCount", play->in);
	if (play->cached)
		json_set_int(usage, "cachedContentTokenCount", play->cached);
	json_set_int(usage, "candidatesTokenCount", play->out);
	if (play->thoughts)
		json_set_int(usage, "thoughtsTokenCount", play->thoughts);
	json_set_int(usage, "totalTokenCount", play->in + play->out + play->thoughts);
	return usage;
}

static struct json *call_part(struct ask *ask, const struct play *play, size_t i)
{
	const struct json *call = json_item(play->calls, i);
	struct json *part = json_object(ask->pool), *out = json_object(ask->pool);

	if (!is_old(ask) && !text_same(play->fault, "no_ids"))
		json_set_text(out, "id", mem_fmt(ask->pool, "call_%lld", (long long)++world.serial));
	json_set_text(out, "name", json_text(call, "name"));
	if (json_at(call, "args") && !text_same(play->fault, "no_args"))
		json_set(out, "args", json_at(call, "args"));
	json_set(part, "functionCall", out);
	if (i == 0 && !is_old(ask))
		json_set_text(part, "thoughtSignature", seal_of_call(ask, out));
	return part;
}

static struct json *text_part(struct ask *ask, const char *text)
{
	return object1(ask->pool, "text", text);
}

static const char *finish_of(const struct play *play)
{
	if (text_same(play->fault, "filtered"))
		return "SAFETY";
	if (text_same(play->fault, "max_tokens"))
		return "MAX_TOKENS";
	if (text_same(play->fault, "malformed"))
		return "MALFORMED_FUNCTION_CALL";
	return "STOP";
}

/* One GenerateContentResponse of these parts (NULL: no content at all); finish NULL: not the last of a stream. */
static struct json *response_of(struct ask *ask, const struct play *play, struct json *parts,
				const char *finish)
{
	struct json *out = json_object(ask->pool), *candidates = json_array(ask->pool);
	struct json *candidate = json_object(ask->pool), *content = json_object(ask->pool);

	json_set_text(content, "role", "model");
	if (parts)
		json_set(content, "parts", parts);
	json_set(candidate, "content", content);
	if (finish)
		json_set_text(candidate, "finishReason", finish);
	json_set_int(candidate, "index", 0);
	json_push(candidates, candidate);
	json_set(out, "candidates", candidates);
	json_set(out, "usageMetadata", usage_of(ask, play));
	json_set_text(out, "modelVersion", play->model);
	json_set_text(out, "responseId", mem_fmt(ask->pool, "r%lld", (long long)++world.serial));
	return out;
}

static struct json *blocked(struct ask *ask, const struct play *play)
{
	struct json *out = json_object(ask->pool);

	json_set(out, "promptFeedback", object1(ask->pool, "blockReason", "PROHIBITED_CONTENT"));
	json_set(out, "usageMetadata", usage_of(ask, play));
	json_set_text(out, "modelVersion", play->model);
	return out;
}

static struct json *parts_of(struct ask *ask, const struct play *play)
{
	struct json *parts = json_array(ask->pool), *thought = text_part(ask, "(a summary of thoughts)");

	if (!text_same(finish_of(play), "STOP"))
		return NULL;
	json_set_bool(thought, "thought", true);
	json_push(parts, thought);
	if (*play->text || !json_len(play->calls))
		json_push(parts, text_part(ask, play->text));
	for (size_t i = 0; i < json_len(play->calls); i++)
		json_push(parts, call_part(ask, play, i));
	return parts;
}

/* Each part in an event of its own, the text in two, and the reason at the end with an empty text. */
static const char *stream_of(struct ask *ask, const struct play *play)
{
	struct buf b = buf_new(ask->pool, 16 << 20);
	struct json *parts = parts_of(ask, play);
	struct json *last = json_array(ask->pool);

	for (size_t i = 0; i < json_len(parts); i++) {
		struct json *one = json_array(ask->pool);

		json_push(one, json_item(parts, i));
		sse_put(&b, ask->pool, NULL, response_of(ask, play, one, NULL));
	}
	json_push(last, text_part(ask, ""));
	if (text_same(play->fault, "stream_error"))
		buf_text(
			&b,
			"{\"error\":{\"code\":503,\"message\":\"overloaded\",\"status\":\"UNAVAILABLE\"}}\n");
	else if (!text_same(play->fault, "stream_cut"))
		sse_put(&b, ask->pool, NULL, response_of(ask, play, parts ? last : NULL, finish_of(play)));
	return b.p;
}

const char *gemini_say(struct ask *ask, const struct play *play)
{
	if (text_same(play->fault, "blocked"))
		return json_write(ask->pool, blocked(ask, play));
	if (ask->stream || play->stream)
		return stream_of(ask, play);
	return json_write(ask->pool, response_of(ask, play, parts_of(ask, play), finish_of(play)));
}

static struct json *detail(apr_pool_t *pool, const char *type, const char *key, const char *value)
{
	struct json *o = object1(pool, "@type", mem_fmt(pool, "type.googleapis.com/google.rpc.%s", type));

	json_set_text(o, key, value);
	return o;
}

static struct json *quota(apr_pool_t *pool, bool per_day)
{
	struct json *o = object1(pool, "@type", "type.googleapis.com/google.rpc.QuotaFailure");
	struct json *violations = json_array(pool);

	json_push(violations, object1(pool, "quotaId",
				      per_day ? "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
					      : "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"));
	json_set(o, "violations", violations);
	return o;
}

const char *gemini_error(struct ask *ask, unsigned status, const char *kind, const char *message,
			 const struct play *play)
{
	struct json *out = json_object(ask->pool), *error = json_object(ask->pool);
	struct json *details = json_array(ask->pool), *wrapped = json_array(ask->pool);
	bool key = text_same(kind, "API_KEY_INVALID");

	json_set_int(error, "code", status);
	json_set_text(error, "message", message);
	json_set_text(error, "status", key ? BAD : kind);
	if (key)
		json_push(details, detail(ask->pool, "ErrorInfo", "reason", kind));
	if (status == 429)
		json_push(details, quota(ask->pool, play && text_same(play->fault, "429_perday")));
	if (play && play->retry_delay)
		json_push(details, detail(ask->pool, "RetryInfo", "retryDelay", play->retry_delay));
	if (json_len(details))
		json_set(error, "details", details);
	json_set(out, "error", error);
	json_push(wrapped, out);
	return json_write(ask->pool, play && text_same(play->fault, "array_error") ? wrapped : out);
}
