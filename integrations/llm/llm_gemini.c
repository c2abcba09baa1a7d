#include "integrations/llm/llm_gemini.h"

#include "core/limits.h"
#include "core/text.h"
#include "integrations/llm/llm_media.h"
#include <stdlib.h>
#include <string.h>

#define SENTINEL "skip_thought_signature_validator" /* documented: for calls that Gemini did not make */
#define THINKING_BUDGET 1024
#define OUTPUT_MAX 65536
#define WAIT_MAX_S 86400.0

/* --- request ---------------------------------------------------------------------------------------------------- */

static struct json *content_new(apr_pool_t *pool, const char *role, struct json *parts)
{
	struct json *content = json_object(pool);

	json_set_text(content, "role", role);
	json_set(content, "parts", parts);
	return content;
}

static struct json *text_parts(apr_pool_t *pool, const char *text)
{
	struct json *parts = json_array(pool), *part = json_object(pool);

	json_set_text(part, "text", text);
	json_push(parts, part);
	return parts;
}

static struct json *media_part(apr_pool_t *pool, const struct llm_part *from)
{
	struct json *part = json_object(pool), *data = json_object(pool);

	json_set_text(data, "mimeType", llm_media_type(PROVIDER_GEMINI, from));
	json_set_text(data, "data", LLM_MEDIA_MARK);
	json_set(part, "inlineData", data);
	return part;
}

/* The person's words come after what they are about. */
static struct json *person_parts(apr_pool_t *pool, const struct llm_message *m)
{
	struct json *parts = json_array(pool);

	for (size_t i = 0; i < m->parts_n; i++)
		json_push(parts, m->parts[i].kind == LLM_TEXT
					 ? json_item(text_parts(pool, m->parts[i].text), 0)
					 : media_part(pool, &m->parts[i]));
	if (m->text && (*m->text || !m->parts_n))
		json_push(parts, json_item(text_parts(pool, m->text), 0));
	return parts;
}

/* A step that another provider made. */
static struct json *foreign_step(apr_pool_t *pool, const struct llm_reply *reply)
{
	struct json *parts = *reply->text ? text_parts(pool, reply->text) : json_array(pool);

	for (size_t i = 0; i < reply->calls_n; i++) {
		struct json *part = json_object(pool), *call = json_object(pool);

		json_set_text(call, "id", reply->calls[i].id);
		json_set_text(call, "name", reply->calls[i].name);
		json_set(call, "args", reply->calls[i].args ? reply->calls[i].args : json_object(pool));
		json_set(part, "functionCall", call);
		if (i == 0)
			json_set_text(part, "thoughtSignature", SENTINEL);
		json_push(parts, part);
	}
	return content_new(pool, "model", parts);
}

/* One functionResponse a call, in the order of the calls; an id of our making is not shown where the call had none. */
static struct json *results_of(apr_pool_t *pool, const struct llm_message *step,
			       const struct llm_message *results, bool own)
{
	struct json *parts = json_array(pool);

	for (size_t i = 0; i < step->reply->calls_n; i++) {
		const struct llm_call *call = &step->reply->calls[i];
		const struct llm_result *result = llm_result_of(results, call);
		struct json *part = json_object(pool), *response = json_object(pool),
			    *output = json_object(pool);

		if (!own || !llm_made_up(call->id))
			json_set_text(response, "id", call->id);
		json_set_text(response, "name", call->name);
		if (result && result->output)
			json_set(output, result->is_error ? "error" : "output", result->output);
		else
			json_set_text(output, "error", "no result");
		json_set(response, "response", output);
		json_set(part, "functionResponse", response);
		json_push(parts, part);
	}
	return content_new(pool, "user", parts);
}

static void put_step(apr_pool_t *pool, struct json *contents, const struct llm_message *m, bool own)
{
	if (own)
		json_push(contents, m->reply->native);
	else if (m->reply && (m->reply->calls_n || *m->reply->text))
		json_push(contents, foreign_step(pool, m->reply));
	else if (!m->reply && m->text && *m->text)
		json_push(contents, content_new(pool, "model", text_parts(pool, m->text)));
}

static struct json *contents_of(apr_pool_t *pool, const struct llm_endpoint *at,
				const struct llm_request *request)
{
	struct json *contents = json_array(pool);
	const struct llm_message *step = NULL;

	for (size_t i = 0; i < request->messages_n; i++) {
		const struct llm_message *m = &request->messages[i];

		if (m->role == LLM_PERSON)
			json_push(contents, content_new(pool, "user", person_parts(pool, m)));
		else if (m->role == LLM_MODEL)
			put_step(pool, contents, m, !at->retold && llm_own(m, PROVIDER_GEMINI));
		else if (step && step->reply && step->reply->calls_n)
			json_push(contents,
				  results_of(pool, step, m, !at->retold && llm_own(step, PROVIDER_GEMINI)));
		step = m->role == LLM_MODEL ? m : NULL;
	}
	return contents;
}

static struct json *tools_of(apr_pool_t *pool, const struct llm_request *request)
{
	struct json *tools = json_array(pool), *group = json_object(pool), *declarations = json_array(pool);

	for (size_t i = 0; i < request->tools_n; i++) {
		const struct llm_tool *tool = &request->tools[i];
		struct json *d = json_object(pool);

		json_set_text(d, "name", tool->name);
		json_set_text(d, "description", tool->description);
		if (tool->schema)
			json_set(d, "parametersJsonSchema", tool->schema);
		json_push(declarations, d);
	}
	json_set(group, "functionDeclarations", declarations);
	json_push(tools, group);
	return tools;
}

/* Nothing but what the table knows the model to take: many settings are errors on newer models. */
static struct json *config_of(apr_pool_t *pool, const struct llm_endpoint *at,
			      const struct llm_request *request)
{
	struct json *config = json_object(pool), *thinking = json_object(pool);
	int64_t room = llm_room(request);

	json_set_int(config, "maxOutputTokens", room < OUTPUT_MAX ? room : OUTPUT_MAX);
	if (at->thinking == LLM_THINK_LEVEL)
		json_set_text(thinking, "thinkingLevel", "LOW");
	if (at->thinking == LLM_THINK_BUDGET)
		json_set_int(thinking, "thinkingBudget", THINKING_BUDGET);
	if (at->thinking != LLM_THINK_NOTHING)
		json_set(config, "thinkingConfig", thinking);
	return config;
}

void llm_gemini_encode(apr_pool_t *pool, const struct llm_endpoint *at, const struct llm_request *request,
		       struct llm_outgoing *ret)
{
	struct json *body = json_object(pool), *system = json_object(pool);

	/* What stays the same comes first: the provider caches by prefix. */
	if (request->system && *request->system) {
		json_set(system, "parts", text_parts(pool, request->system));
		json_set(body, "systemInstruction", system);
	}
	if (request->tools_n)
		json_set(body, "tools", tools_of(pool, request));
	json_set(body, "contents", contents_of(pool, at, request));
	json_set(body, "generationConfig", config_of(pool, at, request));
	*ret = (struct llm_outgoing){
		.url = mem_fmt(pool, "%s/models/%s:generateContent", at->base,
			       text_starts(at->model, "models/") ? at->model + strlen("models/") : at->model),
		.headers = { *at->key ? mem_fmt(pool, "x-goog-api-key: %s", at->key) : NULL },
	};
	llm_media_body(pool, request, body, ret);
}

/* --- answer ----------------------------------------------------------------------------------------------------- */

static const struct json *detail_of(const struct json *error, const char *type)
{
	const struct json *details = json_at(error, "details");

	for (size_t i = 0; i < json_len(details); i++) {
		/* The member's name holds no dot, but the path would begin with '@'. */
		const char *name = json_text(json_item(details, i), "@type");

		if (name && strstr(name, type))
			return json_item(details, i);
	}
	return NULL;
}

/* A protobuf duration, "31s" or "0.5s", in milliseconds; -1 for none. */
static int64_t wait_of(const struct json *error)
{
	const char *delay = json_text(detail_of(error, "RetryInfo"), "retryDelay");
	double seconds;
	char *end;

	if (!delay || strspn(delay, "0123456789.") + 1 != strlen(delay))
		return -1;
	seconds = strtod(delay, &end);
	if (end == delay || strcmp(end, "s") != 0)
		return -1;
	return (int64_t)((seconds < WAIT_MAX_S ? seconds : WAIT_MAX_S) * 1000 + 0.999);
}

static bool per_day(const struct json *error)
{
	const struct json *violations = json_at(detail_of(error, "QuotaFailure"), "violations");

	for (size_t i = 0; i < json_len(violations); i++) {
		const char *id = json_text(json_item(violations, i), "quotaId");

		if (id && strstr(id, "PerDay"))
			return true;
	}
	return false;
}

/* "Function call is missing a thought_signature ...", "Corrupted thought signature." */
static bool names_signature(const char *message)
{
	return message && (strstr(message, "thought_signature") || strstr(message, "hought signature"));
}

static err_t *error_of(const struct llm_incoming *in, const struct json *error, struct llm_decoded *ret)
{
	const char *reason = json_text(detail_of(error, "ErrorInfo"), "reason");
	const char *code = reason ? reason : json_text(error, "status");
	int64_t status = in->status, wait_ms;
	err_t *err;

	if (status < 400 && (!json_int(error, "code", &status) || status < 400))
		status = 500;
	if (text_same(reason, "API_KEY_INVALID") || text_same(reason, "API_KEY_EXPIRED"))
		status = 401; /* they say 400 */
	err = llm_status_error(PROVIDER_GEMINI, status, code, in->retry_after_s, ret);
	wait_ms = wait_of(error);
	if (wait_ms >= 0)
		ret->wait_ms = wait_ms;
	ret->spent = status == 429 && per_day(error);
	ret->unsigned_step = status == 400 && names_signature(json_text(error, "message"));
	ret->again = ret->again && !ret->spent;
	return err;
}

static int64_t count_of(const struct json *body, const char *path)
{
	int64_t n = 0;

	return json_int(body, path, &n) && n > 0 ? n : 0;
}

static void read_usage(const struct json *body, struct llm_usage *usage)
{
	usage->in = count_of(body, "usageMetadata.promptTokenCount") +
		    count_of(body, "usageMetadata.toolUsePromptTokenCount");
	usage->cached = count_of(body, "usageMetadata.cachedContentTokenCount");
	usage->thoughts = count_of(body, "usageMetadata.thoughtsTokenCount");
	usage->out = count_of(body, "usageMetadata.candidatesTokenCount") + usage->thoughts;
	if (usage->cached > usage->in)
		usage->cached = usage->in;
}

static bool one_of(const char *word, const char *const *words)
{
	while (word && *words && strcmp(*words, word) != 0)
		words++;
	return word && *words;
}

static bool is_block(const char *finish)
{
	static const char *const words[] = { "SAFETY",
					     "RECITATION",
					     "BLOCKLIST",
					     "PROHIBITED_CONTENT",
					     "SPII",
					     "IMAGE_SAFETY",
					     "IMAGE_PROHIBITED_CONTENT",
					     "IMAGE_RECITATION",
					     NULL };

	return one_of(finish, words);
}

static bool is_malformed(const char *finish)
{
	static const char *const words[] = { "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL",
					     "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE", NULL };

	return one_of(finish, words);
}

static err_t *read_call(apr_pool_t *pool, const struct json *part, struct llm_reply *reply)
{
	struct json *call = json_at(part, "functionCall"), *args = json_at(call, "args");
	const char *id = json_text(call, "id"), *name = json_text(call, "name");

	if (!name || !*name)
		return llm_bad_answer(PROVIDER_GEMINI, "a call without a name");
	reply->calls[reply->calls_n] = (struct llm_call){
		.id = id && *id ? id : llm_make_id(pool, reply->calls_n),
		.name = name,
		.args = json_is_object(args) ? args
			: args               ? NULL
					     : json_object(pool),
	};
	reply->calls_n++;
	return NULL;
}

static err_t *read_parts(apr_pool_t *pool, struct json *content, struct llm_reply *reply)
{
	const struct json *parts = json_at(content, "parts");
	struct buf text = buf_new(pool, LIMIT_JSON_BYTES);

	reply->calls = mem_alloc(pool, (json_len(parts) + 1) * sizeof *reply->calls);
	for (size_t i = 0; i < json_len(parts); i++) {
		const struct json *part = json_item(parts, i);
		const char *said = json_text(part, "text");

		if (said && !json_true(part, "thought"))
			buf_text(&text, said);
		if (json_at(part, "functionCall"))
			ERR(read_call(pool, part, reply));
	}
	reply->text = text.p ? text.p : "";
	if (json_len(parts)) {
		if (!json_text(content, "role"))
			json_set_text(content, "role", "model");
		reply->native = content;
	}
	return NULL;
}

err_t *llm_gemini_decode(apr_pool_t *pool, const struct llm_incoming *in, struct llm_decoded *ret)
{
	struct json *body = NULL, *candidate;
	err_t *err = llm_body(pool, PROVIDER_GEMINI, in, &body);
	const char *finish, *model = json_text(body, "modelVersion");
	struct llm_reply *reply = &ret->reply;

	*ret = (struct llm_decoded){ .wait_ms = -1,
				     .reply = { .provider = PROVIDER_GEMINI, .model = model, .text = "" } };
	if (in->status != 200 || json_at(body, "error")) {
		err_clear(err);
		return error_of(in, json_at(body, "error"), ret);
	}
	ERR(err);
	read_usage(body, &reply->usage);
	candidate = json_at(body, "candidates.0");
	finish = json_text(candidate, "finishReason");
	if (!candidate && json_at(body, "promptFeedback.blockReason"))
		return llm_blocked(PROVIDER_GEMINI, json_text(body, "promptFeedback.blockReason"));
	if (!candidate)
		return llm_bad_answer(PROVIDER_GEMINI, "no candidates");
	if (is_block(finish))
		return llm_blocked(PROVIDER_GEMINI, finish);
	if (is_malformed(finish)) {
		reply->finish = LLM_MALFORMED;
		return NULL;
	}
	ERR(read_parts(pool, json_at(candidate, "content"), reply));
	if (text_same(finish, "MAX_TOKENS"))
		reply->finish = LLM_LENGTH;
	else if (!*reply->text && !reply->calls_n && !text_same(finish, "STOP"))
		return llm_bad_answer(PROVIDER_GEMINI, "an answer of nothing");
	return NULL;
}
