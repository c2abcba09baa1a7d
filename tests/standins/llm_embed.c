#include "tests/standins/llm_formats.h"

#include "core/text.h"
#include "integrations/llm/llm_base64.h"
#include <math.h>
#include <string.h>

#define GEMINI_MOST 100
#define OPENAI_MOST 2048
#define OLLAMA_CONTEXT 8192 /* bytes */

static bool bad(struct ask *ask, const char *what)
{
	return refuse(ask, 400, ask->wire == WIRE_GEMINI ? "INVALID_ARGUMENT" : "invalid_request_error", "%s",
		      what);
}

static int64_t dimensions_of(const struct ask *ask, int64_t most)
{
	int64_t n = most;
	const char *path = ask->wire == WIRE_GEMINI ? "requests.0.outputDimensionality" : "dimensions";

	json_int(ask->body, path, &n);
	return n;
}

static bool check_gemini_one(struct ask *ask, const struct json *one)
{
	const struct json *parts = json_at(one, "content.parts");
	bool second = text_starts(ask->model, "gemini-embedding-2");
	const char *task = json_text(one, "taskType");

	if (!only_fields(ask, one, "model content taskType title outputDimensionality", "requests") ||
	    !only_fields(ask, json_at(one, "content"), "parts role", "content"))
		return false;
	if (!text_same(json_text(one, "model"), mem_fmt(ask->pool, "models/%s", ask->model)))
		return bad(ask, "BatchEmbedContentsRequest.requests: model must be that of the request");
	if (json_len(parts) != 1 || !json_text(parts, "0.text") || !*json_text(parts, "0.text"))
		return bad(ask, "content must hold one part, or what comes is one vector of all of them");
	if (task && second)
		return bad(ask, "taskType changes nothing here: it belongs into the text");
	if (second && !text_starts(json_text(parts, "0.text"), "task: search result | query: ") &&
	    !text_starts(json_text(parts, "0.text"), "title: none | text: "))
		return bad(ask, "the text does not say what it is for");
	if (!second && !text_same(task, "RETRIEVAL_QUERY") && !text_same(task, "RETRIEVAL_DOCUMENT"))
		return bad(ask, "taskType is missing");
	return true;
}

static bool check_gemini(struct ask *ask)
{
	const char *model = strstr(ask->path, "/models/") + strlen("/models/");
	const struct json *requests = json_at(ask->body, "requests");
	int64_t n = dimensions_of(ask, 3072);

	ask->model = mem_textn(ask->pool, model, strcspn(model, ":?/"));
	if (world.key && !text_same(json_text(ask->headers, "x-goog-api-key"), world.key))
		return refuse(ask, 400, "API_KEY_INVALID", "API key not valid. Please pass a valid API key.");
	if (!text_starts(ask->model, "gemini-embedding-"))
		return refuse(ask, 404, "NOT_FOUND", "models/%s is not found", ask->model);
	if (!only_fields(ask, ask->body, "requests", "request"))
		return false;
	if (!json_len(requests) || json_len(requests) > GEMINI_MOST)
		return bad(ask,
			   "BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch");
	if (n < 128 || n > 3072)
		return bad(ask, "outputDimensionality must be 128 to 3072");
	ask->said = json_text(requests, "0.content.parts.0.text");
	for (size_t i = 0; i < json_len(requests); i++)
		if (!check_gemini_one(ask, json_item(requests, i)))
			return false;
	return true;
}

static bool check_input(struct ask *ask)
{
	const struct json *input = json_at(ask->body, "input");

	if (!json_len(input) || (ask->wire == WIRE_OPENAI && json_len(input) > OPENAI_MOST))
		return bad(ask, "'input' must be an array of 1 to 2048 strings.");
	for (size_t i = 0; i < json_len(input); i++) {
		const char *text = json_text(json_item(input, i), NULL);

		if (!text || !*text)
			return bad(ask, "'input' cannot be an empty string.");
		if (ask->wire == WIRE_OLLAMA && strlen(text) > OLLAMA_CONTEXT)
			return bad(ask, "the input length exceeds the context length");
	}
	ask->said = json_text(input, "0");
	return true;
}

static bool check_openai(struct ask *ask)
{
	const char *format = json_text(ask->body, "encoding_format");
	int64_t most = text_same(ask->model, "text-embedding-3-small") ? 1536 : 3072,
		n = dimensions_of(ask, most);

	if (world.key &&
	    !text_same(json_text(ask->headers, "authorization"), mem_fmt(ask->pool, "Bearer %s", world.key)))
		return refuse(ask, 401, "invalid_api_key", "Incorrect API key provided.");
	if (!only_fields(ask, ask->body, "model input dimensions encoding_format user", "request"))
		return false;
	if (!ask->model || text_same(ask->model, "no-such-model"))
		return refuse(ask, 404, "model_not_found", "The model does not exist.");
	if (format && !text_same(format, "float") && !text_same(format, "base64"))
		return bad(ask, "Invalid value for 'encoding_format'");
	if (n < 1 || n > most)
		return bad(ask, "Invalid value for 'dimensions'");
	return check_input(ask);
}

static bool check_ollama(struct ask *ask)
{
	if (!only_fields(ask, ask->body, "model input truncate dimensions keep_alive options", "request"))
		return false;
	if (!ask->model || text_same(ask->model, "no-such-model"))
		return refuse(ask, 404, "not_found", "model '%s' not found", ask->model ? ask->model : "");
	return check_input(ask);
}

bool embed_check(struct ask *ask)
{
	ask->model = json_text(ask->body, "model");
	if (ask->wire == WIRE_GEMINI)
		return check_gemini(ask);
	return ask->wire == WIRE_OPENAI ? check_openai(ask) : check_ollama(ask);
}

/* --- answer ------------------------------------------------------------------------------------------------------ */

static const char *text_at(const struct ask *ask, size_t i)
{
	if (ask->wire != WIRE_GEMINI)
		return json_text(json_item(json_at(ask->body, "input"), i), NULL);
	return json_text(json_item(json_at(ask->body, "requests"), i), "content.parts.0.text");
}

static float *vector_of(struct ask *ask, const char *text, size_t n, const char *fault)
{
	float *v = mem_alloc(ask->pool, n * sizeof *v);
	/* gemini-embedding-001 gives unit vectors only at its full size. */
	bool raw = text_same(fault, "not_length_1") || text_same(ask->model, "gemini-embedding-001");
	uint32_t seed = 2166136261U;
	double sum = 0;

	for (const char *s = text; *s; s++)
		seed = (seed ^ (unsigned char)*s) * 16777619U;
	for (size_t i = 0; i < n; i++) {
		seed = seed * 1664525U + 1013904223U;
		v[i] = (float)((double)(seed >> 8) / 8388608 - 1);
		sum += (double)v[i] * (double)v[i];
	}
	for (size_t i = 0; i < n; i++)
		v[i] = text_same(fault, "zero") ? 0 : (float)((double)v[i] / sqrt(sum) * (raw ? 3 : 1));
	if (text_same(fault, "nan"))
		v[0] = NAN;
	if (text_same(fault, "infinite"))
		v[0] = INFINITY;
	return v;
}

/* As text, since what is wrong with it no writer of JSON would write. */
static void put_vector(struct buf *b, struct ask *ask, const float *v, size_t n, const char *fault)
{
	bool base64 = ask->wire == WIRE_OPENAI && !text_same(fault, "arrays") &&
		      text_same(json_text(ask->body, "encoding_format"), "base64");

	if (base64) {
		size_t size = llm_base64_size(n * sizeof *v);
		char *text = mem_alloc(ask->pool, size + 1);

		llm_base64_write(text, v, n * sizeof *v);
		buf_fmt(b, "\"%s\"", text_same(fault, "no_numbers") ? "AAA?" : text);
		return;
	}
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_char(b, ',');
		if (text_same(fault, "no_numbers"))
			buf_text(b, "\"0.5\"");
		else if (isinf(v[i]))
			buf_text(b, "1e999");
		else if (isnan(v[i]))
			buf_text(b, "NaN");
		else
			buf_fmt(b, "%.9g", (double)v[i]);
	}
	buf_char(b, ']');
}

static void put_one(struct buf *b, struct ask *ask, size_t place, size_t n, const char *fault)
{
	const char *text = text_at(ask, place);
	float *v = vector_of(ask, text ? text : "one more", n, fault);

	if (ask->wire == WIRE_GEMINI)
		buf_text(b, "{\"values\":");
	if (ask->wire == WIRE_OPENAI)
		buf_fmt(b, "{\"object\":\"embedding\",\"index\":%zu,\"embedding\":",
			text_same(fault, "same_index") ? 0 : place);
	put_vector(b, ask, v, n, fault);
	if (ask->wire != WIRE_OLLAMA)
		buf_char(b, '}');
}

const char *embed_say(struct ask *ask, const struct play *play)
{
	const char *fault = play->fault;
	size_t texts = 0, n = (size_t)dimensions_of(ask, ask->wire == WIRE_OPENAI ? 1536 : 768);
	struct buf b = buf_new(ask->pool, 64 << 20);

	while (text_at(ask, texts))
		texts++;
	n += text_same(fault, "wrong_dim");
	texts += text_same(fault, "many");
	texts -= text_same(fault, "few");
	buf_text(&b, ask->wire == WIRE_OPENAI ? "{\"object\":\"list\",\"data\":[" : "{\"embeddings\":[");
	for (size_t i = 0; i < texts; i++) {
		if (i)
			buf_char(&b, ',');
		put_one(&b, ask, text_same(fault, "shuffled") ? texts - 1 - i : i, n, fault);
	}
	buf_char(&b, ']');
	if (ask->wire == WIRE_OPENAI)
		buf_fmt(&b, ",\"model\":\"%s\",\"usage\":{\"prompt_tokens\":%lld,\"total_tokens\":%lld}",
			play->model, (long long)play->in, (long long)play->in);
	if (ask->wire == WIRE_OLLAMA)
		buf_fmt(&b, ",\"model\":\"%s\",\"prompt_eval_count\":%lld", play->model, (long long)play->in);
	buf_char(&b, '}');
	return b.p;
}
