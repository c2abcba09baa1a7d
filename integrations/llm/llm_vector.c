#include "integrations/llm/llm_vector.h"

#include "core/limits.h"
#include "core/text.h"
#include "integrations/llm/llm_base64.h"
#include "integrations/llm/llm_gemini.h"
#include "integrations/llm/llm_openai.h"
#include <math.h>
#include <string.h>

#define GEMINI_BATCH 100
#define BATCH 256
#define FLOAT_BYTES 4

_Static_assert(sizeof(float) == FLOAT_BYTES && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "floats travel as they are");

bool llm_vector_made_by(enum config_provider provider)
{
	return provider == PROVIDER_GEMINI || provider == PROVIDER_OPENAI || provider == PROVIDER_OLLAMA;
}

size_t llm_vector_most(enum config_provider provider)
{
	return provider == PROVIDER_GEMINI ? GEMINI_BATCH : BATCH;
}

/* Three letters a token. */
int64_t llm_vector_tokens(const struct llm_batch *batch)
{
	size_t n = 0;

	for (size_t i = 0; i < batch->n; i++)
		n += 1 + strlen(batch->texts[i]) / 3;
	return (int64_t)n;
}

/* --- request ---------------------------------------------------------------------------------------------------- */

/* The words that gemini-embedding-2 and embeddinggemma were taught. */
static const char *told(apr_pool_t *pool, const struct llm_batch *batch, const char *text)
{
	if (batch->telling != LLM_TELL_IN_TEXT)
		return text;
	return mem_fmt(pool,
		       batch->purpose == LLM_TO_FIND ? "task: search result | query: %s"
						     : "title: none | text: %s",
		       text);
}

static const char *plain(const char *model)
{
	return text_starts(model, "models/") ? model + strlen("models/") : model;
}

static struct json *gemini_one(apr_pool_t *pool, const struct llm_endpoint *at, const struct llm_batch *batch,
			       const char *text)
{
	struct json *one = json_object(pool), *content = json_object(pool), *parts = json_array(pool),
		    *part = json_object(pool);

	json_set_text(one, "model", mem_fmt(pool, "models/%s", plain(at->model)));
	json_set_text(part, "text", told(pool, batch, text));
	json_push(parts, part);
	json_set(content, "parts", parts);
	json_set(one, "content", content);
	if (batch->telling == LLM_TELL_TYPE)
		json_set_text(one, "taskType",
			      batch->purpose == LLM_TO_FIND ? "RETRIEVAL_QUERY" : "RETRIEVAL_DOCUMENT");
	if (batch->dimensions)
		json_set_int(one, "outputDimensionality", batch->dimensions);
	return one;
}

/* One element a text: several parts of one content would be mixed into one vector. */
static struct json *gemini_body(apr_pool_t *pool, const struct llm_endpoint *at,
				const struct llm_batch *batch)
{
	struct json *body = json_object(pool), *requests = json_array(pool);

	for (size_t i = 0; i < batch->n; i++)
		json_push(requests, gemini_one(pool, at, batch, batch->texts[i]));
	json_set(body, "requests", requests);
	return body;
}

static struct json *body_of(apr_pool_t *pool, const struct llm_endpoint *at, const struct llm_batch *batch)
{
	struct json *body = json_object(pool), *input = json_array(pool);

	json_set_text(body, "model", at->model);
	for (size_t i = 0; i < batch->n; i++)
		json_push_text(input, told(pool, batch, batch->texts[i]));
	json_set(body, "input", input);
	if (batch->dimensions)
		json_set_int(body, "dimensions", batch->dimensions);
	if (at->provider == PROVIDER_OPENAI)
		json_set_text(body, "encoding_format", "base64");
	else
		json_set_bool(body, "truncate", false); /* an error rather than a text half read */
	return body;
}

void llm_vector_encode(apr_pool_t *pool, const struct llm_endpoint *at, const struct llm_batch *batch,
		       struct llm_outgoing *ret)
{
	bool gemini = at->provider == PROVIDER_GEMINI;
	struct json *body = gemini ? gemini_body(pool, at, batch) : body_of(pool, at, batch);

	*ret = (struct llm_outgoing){ .body = json_write(pool, body) };
	ret->body_n = strlen(ret->body);
	ret->url = gemini ? mem_fmt(pool, "%s/models/%s:batchEmbedContents", at->base, plain(at->model))
		   : at->provider == PROVIDER_OPENAI ? mem_fmt(pool, "%s/embeddings", at->base)
						     : mem_fmt(pool, "%s/api/embed", at->base);
	if (*at->key)
		ret->headers[0] = gemini ? mem_fmt(pool, "x-goog-api-key: %s", at->key)
					 : mem_fmt(pool, "Authorization: Bearer %s", at->key);
}

/* --- answer ----------------------------------------------------------------------------------------------------- */

/* Length 1: not every model of every size gives it, and doing it twice harms nothing. */
static bool normalise(float *v, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (double)v[i] * (double)v[i];
	if (!isfinite(sum) || sum <= 0)
		return false;
	for (size_t i = 0; i < n; i++)
		v[i] = (float)((double)v[i] / sqrt(sum));
	return true;
}

/* A list of numbers, or the base64 of little-endian floats. 0: neither, or too long. */
static size_t read_floats(apr_pool_t *pool, const struct json *j, const float **ret_v)
{
	const char *text = json_text(j, NULL);
	size_t n = text ? strlen(text) / 4 * 3 : json_len(j), bytes = 0;
	float *v = mem_alloc(pool, text ? n : n * sizeof *v);

	if (text && (!llm_base64_read(text, strlen(text), v, &bytes) || bytes % FLOAT_BYTES))
		return 0;
	for (size_t i = 0; !text && i < n; i++) {
		double value;

		if (!json_double(json_item(j, i), NULL, &value))
			return 0;
		v[i] = (float)value;
	}
	n = text ? bytes / FLOAT_BYTES : n;
	*ret_v = v;
	return n <= LIMIT_EMBED_DIMENSIONS ? n : 0;
}

static err_t *put(apr_pool_t *pool, enum config_provider provider, const struct json *from, size_t place,
		  struct llm_batch *batch)
{
	const float *v = NULL;
	size_t n = read_floats(pool, from, &v);

	if (!n)
		return llm_bad_answer(provider, "a vector that is none");
	if (!batch->dimensions)
		batch->dimensions = (int64_t)n;
	if (!batch->v)
		batch->v = mem_alloc(pool, batch->n * n * sizeof *v);
	if (n != (size_t)batch->dimensions)
		return llm_bad_answer(provider, "a vector of other dimensions than were asked for");
	memcpy(batch->v + place * n, v, n * sizeof *v);
	if (!normalise(batch->v + place * n, n))
		return llm_bad_answer(provider, "a vector of no direction");
	return NULL;
}

/* OpenAI's say by index which text they are of; the order of the others is that of the texts. */
static err_t *read_all(apr_pool_t *pool, enum config_provider provider, const struct json *list,
		       struct llm_batch *batch)
{
	bool *seen = mem_alloc(pool, batch->n + 1);

	if (json_len(list) != batch->n)
		return llm_bad_answer(provider, "another number of vectors than of texts");
	for (size_t i = 0; i < batch->n; i++) {
		const struct json *item = json_item(list, i);
		int64_t place = (int64_t)i;

		if (provider == PROVIDER_OPENAI && json_at(item, "index") && !json_int(item, "index", &place))
			return llm_bad_answer(provider, "an index that is none");
		if (place < 0 || (size_t)place >= batch->n || seen[place])
			return llm_bad_answer(provider, "two vectors of one text");
		seen[place] = true;
		if (provider == PROVIDER_GEMINI)
			item = json_at(item, "values");
		else if (provider == PROVIDER_OPENAI)
			item = json_at(item, "embedding");
		ERR(put(pool, provider, item, (size_t)place, batch));
	}
	return NULL;
}

/* Gemini tells no usage of vectors. */
static int64_t usage_of(enum config_provider provider, const struct json *body, const struct llm_batch *batch)
{
	const char *path = provider == PROVIDER_GEMINI   ? "usageMetadata.promptTokenCount"
			   : provider == PROVIDER_OPENAI ? "usage.prompt_tokens"
							 : "prompt_eval_count";
	int64_t n = 0;

	return json_int(body, path, &n) && n > 0 ? n : llm_vector_tokens(batch);
}

err_t *llm_vector_decode(apr_pool_t *pool, enum config_provider provider, const struct llm_incoming *in,
			 struct llm_batch *batch, struct llm_decoded *ret)
{
	struct json *body = NULL;
	err_t *err = llm_body(pool, provider, in, &body);

	/* Errors have the form they have anywhere at this provider. */
	if (in->status != 200 || json_at(body, "error")) {
		err_clear(err);
		return provider == PROVIDER_GEMINI ? llm_gemini_decode(pool, in, ret)
						   : llm_openai_decode(pool, provider, in, ret);
	}
	*ret = (struct llm_decoded){
		.wait_ms = -1,
		.reply = { .provider = provider, .model = json_text(body, "model"), .text = "" }
	};
	ERR(err);
	ERR(read_all(pool, provider, json_at(body, provider == PROVIDER_OPENAI ? "data" : "embeddings"),
		     batch));
	ret->reply.usage.in = usage_of(provider, body, batch);
	return NULL;
}
