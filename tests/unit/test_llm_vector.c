/* Vectors of texts: requests against recorded bodies, and answers of every kind. */
#include "integrations/llm/llm_vector.h"
#include "tests/unit/llm_data.h"

#include "core/text.h"
#include <math.h>
#include <string.h>

static const char *const texts[] = { "pão \"doce\"", "leite" };

static err_t *check_request(apr_pool_t *pool, const struct json *entry)
{
	static const char *const tellings[] = { "not", "in_text", "type" };
	const struct llm_endpoint at = { .provider = config_provider_of(json_text(entry, "provider")),
					 .base = "http://h/v1",
					 .key = "k3y",
					 .model = json_text(entry, "model") };
	struct llm_batch batch = { .texts = texts,
				   .n = 2,
				   .purpose = json_true(entry, "find") ? LLM_TO_FIND : LLM_TO_KEEP };
	struct llm_outgoing out;

	json_int(entry, "dimensions", &batch.dimensions);
	while (!text_same(tellings[batch.telling], json_text(entry, "telling")))
		batch.telling++;
	llm_vector_encode(pool, &at, &batch, &out);
	CHECK_TEXT(out.body, json_write(pool, json_at(entry, "request")));
	CHECK_INT(out.body_n, strlen(out.body));
	CHECK_TEXT(out.url, json_text(entry, "url"));
	CHECK_TEXT(out.headers[0], json_text(entry, "header"));
	return NULL;
}

TEST(requests_for_vectors)
{
	struct json *entries;

	ERR(llm_data_json(t->pool, "vectors.json", &entries));
	CHECK(json_len(json_at(entries, "requests")) >= 5);
	for (size_t i = 0; i < json_len(json_at(entries, "requests")); i++)
		ERR(check_request(t->pool, json_item(json_at(entries, "requests"), i)));
	return NULL;
}

static err_t *check_answer(apr_pool_t *pool, const struct json *entry)
{
	enum config_provider provider = config_provider_of(json_text(entry, "provider"));
	const char *body =
		json_text(entry, "raw") ? json_text(entry, "raw") : json_write(pool, json_at(entry, "body"));
	struct llm_incoming in = { 200, body, strlen(body), -1 };
	struct llm_batch batch = { .texts = texts, .n = 2, .dimensions = 2 };
	struct llm_decoded d;
	const char *error = json_text(entry, "error");
	int64_t status = 200, tokens = 0;
	err_t *err;

	json_int(entry, "status", &status);
	json_int(entry, "tokens", &tokens);
	in.status = (long)status;
	if (json_true(entry, "any_dimensions"))
		batch.dimensions = 0;
	err = llm_vector_decode(pool, provider, &in, &batch, &d);
	CHECK_TEXT(err ? err_name(err->code) : NULL, error);
	err_clear(err);
	if (error)
		return NULL;
	CHECK_INT(batch.dimensions, 2);
	for (size_t i = 0; i < 4; i++) {
		double expected = 0;

		json_double(json_item(json_at(entry, "v"), i), NULL, &expected);
		CHECK(fabs((double)batch.v[i] - expected) < 1e-6);
	}
	CHECK_INT(d.reply.usage.in, tokens);
	CHECK_TEXT(d.reply.model, json_text(entry, "answered"));
	return NULL;
}

TEST(answers_of_vectors)
{
	struct json *entries, *answers;

	ERR(llm_data_json(t->pool, "vectors.json", &entries));
	answers = json_at(entries, "answers");
	CHECK(json_len(answers) >= 20);
	for (size_t i = 0; i < json_len(answers); i++)
		ERR(err_wrap(check_answer(t->pool, json_item(answers, i)), "answer %zu", i));
	return NULL;
}
