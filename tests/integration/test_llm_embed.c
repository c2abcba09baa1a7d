/* Vectors of texts, through the stand-in: batches, order, what is refused, and bad days. */
#include "core/limits.h"
#include "core/metrics.h"
#include "core/text.h"
#include "tests/integration/llm_scene.h"

#include <math.h>
#include <string.h>

static NODISCARD err_t *embed(struct llm_scene *s, const char *const *texts, size_t n,
			      struct llm_vectors **ret)
{
	const struct llm_embed_request request = { .texts = texts, .texts_n = n, .only = PROVIDER_COUNT };

	return llm_embed(s->req, &request, ret);
}

static bool same(const struct llm_vectors *v, size_t a, size_t b)
{
	return memcmp(v->v + a * v->dimensions, v->v + b * v->dimensions, v->dimensions * sizeof *v->v) == 0;
}

static NODISCARD err_t *check_lengths(const struct llm_vectors *v)
{
	for (size_t i = 0; i < v->n; i++) {
		double sum = 0;

		for (size_t k = 0; k < v->dimensions; k++)
			sum += (double)v->v[i * v->dimensions + k] * (double)v->v[i * v->dimensions + k];
		CHECK(fabs(sum - 1) < 1e-5);
	}
	return NULL;
}

/* Two hundred texts in as few requests as the ceiling of an answer allows; the first comes again in the last of them. */
static NODISCARD err_t *embed_many(struct llm_scene *s, const char *path, const char *model)
{
	enum { N = 200 };
	const char *texts[N];
	struct llm_vectors *v;
	int64_t n;

	for (size_t i = 0; i < N; i++)
		texts[i] = mem_fmt(s->pool, "nota %zu", i);
	texts[N - 1] = texts[0];
	ERR(embed(s, texts, N, &v));
	CHECK_INT(v->n, N);
	CHECK_INT(v->dimensions, 768);
	CHECK_TEXT(v->model, model);
	CHECK(same(v, 0, N - 1) && !same(v, 0, 1) && !same(v, 84, 85));
	ERR(check_lengths(v));
	CHECK(v->usage.in > 0);
	ERR(llm_scene_count(s, path, &n));
	CHECK_INT(n, 3); /* 64 Ki floats each: 85 texts */
	ERR(fixture_int(&s->f, "SELECT count(*) FROM llm_usage WHERE success AND tokens_in > 0", &n));
	CHECK_INT(n, 3);
	return NULL;
}

static err_t *gemini_many(struct llm_scene *s)
{
	return embed_many(s, "/v1beta/models/gemini-embedding-2:batchEmbedContents", "gemini-embedding-2");
}

TEST(gemini_makes_vectors)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, gemini_many);
}

static err_t *openai_many(struct llm_scene *s)
{
	return embed_many(s, "/v1/embeddings", "text-embedding-3-small");
}

TEST(openai_makes_vectors)
{
	static const char *const pairs[] = { "LLM_PROVIDER=openai", NULL };

	return llm_scene_run(t, pairs, openai_many);
}

static err_t *ollama_many(struct llm_scene *s)
{
	return embed_many(s, "/api/embed", "embeddinggemma");
}

TEST(ollama_makes_vectors)
{
	static const char *const pairs[] = { "LLM_PROVIDER=ollama", NULL };

	return llm_scene_run(t, pairs, ollama_many);
}

/* By the same model what is kept and what looks for it differ; an older one is told in another way, and its vectors
 * are made of length 1 here. */
static err_t *say_what_for(struct llm_scene *s)
{
	static const char *const texts[] = { "onde está o passaporte" };
	struct llm_embed_request request = { .texts = texts, .texts_n = 1, .only = PROVIDER_GEMINI };
	struct llm_vectors *kept, *sought;

	ERR(llm_embed(s->req, &request, &kept));
	request.purpose = LLM_TO_FIND;
	ERR(llm_embed(s->req, &request, &sought));
	CHECK(memcmp(kept->v, sought->v, kept->dimensions * sizeof *kept->v) != 0);
	request.model = "gemini-embedding-001";
	request.dimensions = 256;
	ERR(llm_embed(s->req, &request, &kept));
	CHECK_INT(kept->dimensions, 256);
	CHECK_TEXT(kept->model, "gemini-embedding-001");
	return check_lengths(kept);
}

TEST(vectors_are_told_what_they_are_for)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, say_what_for);
}

/* Servers that imitate OpenAI: no base64, another order, a length of their own. */
static err_t *imitate(struct llm_scene *s)
{
	static const char *const texts[] = { "a", "b", "c" };
	static const char *const faults[] = { "arrays", "shuffled", "not_length_1" };
	struct llm_vectors *plain, *v;

	ERR(embed(s, texts, 3, &plain));
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		ERR(llm_scene_script(s, mem_fmt(s->pool, "{\"steps\":[{\"fault\":\"%s\"}]}", faults[i])));
		ERR(embed(s, texts, 3, &v));
		for (size_t k = 0; k < 3 * v->dimensions; k++)
			CHECK(fabs((double)v->v[k] - (double)plain->v[k]) < 1e-6);
	}
	/* A name of its own is kept beside the vectors. */
	ERR(llm_scene_script(s, "{\"steps\":[{\"model\":\"bge-m3-Q8.gguf\"}]}"));
	ERR(embed(s, texts, 3, &v));
	CHECK_TEXT(v->model, "bge-m3-Q8.gguf");
	CHECK_INT(metric_get(METRIC_LLM_ERRORS, "openai", "REROUTED", NULL), 1);
	return NULL;
}

TEST(imitators_of_openai_make_vectors)
{
	static const char *const pairs[] = { "LLM_PROVIDER=openai", NULL };

	return llm_scene_run(t, pairs, imitate);
}

struct expected {
	const char *fault;
	enum err_code code;
	int64_t requests;
};

static NODISCARD err_t *meet(struct llm_scene *s, const struct expected *e)
{
	static const struct llm_tuning quick = { .backoff_ms = 1, .open_ms = 50 };
	static const char *const texts[] = { "um", "dois", "três" };
	struct llm_vectors *v = NULL;
	int64_t before, after;

	llm_tune(&quick);
	ERR(llm_scene_script(s, mem_fmt(s->pool, "{\"steps\":[{\"fault\":\"%s\",\"times\":0}]}", e->fault)));
	ERR(llm_scene_count(s, "/", &before));
	ERR(err_wrap(test_err(__FILE__, __LINE__, e->fault, embed(s, texts, 3, &v), e->code), "%s",
		     e->fault));
	CHECK(!v);
	ERR(llm_scene_count(s, "/", &after));
	if (after - before != e->requests)
		return err_new(ERR_INTERNAL, "\"%s\": %lld requests, not %lld", e->fault,
			       (long long)(after - before), (long long)e->requests);
	return NULL;
}

static err_t *meet_all(struct llm_scene *s)
{
	static const struct expected all[] = {
		{ "429", ERR_RATE_LIMIT, 3 },
		{ "500", ERR_PROVIDER_ERROR, 3 },
		{ "503", ERR_PROVIDER_ERROR, 3 },
		{ "504", ERR_TIMEOUT, 3 },
		{ "drop", ERR_PROVIDER_ERROR, 3 },
		{ "cut", ERR_PROVIDER_ERROR, 3 },
		{ "400", ERR_PROVIDER_ERROR, 1 },
		{ "401", ERR_AUTH_ERROR, 1 },
		{ "404", ERR_PROVIDER_ERROR, 1 },
		{ "garbage", ERR_PROVIDER_ERROR, 1 },
		{ "empty", ERR_PROVIDER_ERROR, 1 },
		{ "error_200", ERR_PROVIDER_ERROR, 3 },
		{ "few", ERR_PROVIDER_ERROR, 1 },
		{ "many", ERR_PROVIDER_ERROR, 1 },
		{ "wrong_dim", ERR_PROVIDER_ERROR, 1 },
		{ "nan", ERR_PROVIDER_ERROR, 1 },
		{ "infinite", ERR_PROVIDER_ERROR, 1 },
		{ "zero", ERR_PROVIDER_ERROR, 1 },
		{ "no_numbers", ERR_PROVIDER_ERROR, 1 },
		{ "huge", ERR_PROVIDER_ERROR, 1 },
		{ "timeout", ERR_TIMEOUT, 3 },
	};
	int64_t n;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		ERR(meet(s, &all[i]));
	ERR(fixture_int(&s->f, "SELECT count(*) FROM llm_usage WHERE success", &n));
	CHECK_INT(n, 0);
	return NULL;
}

TEST(bad_days_of_vectors_at_gemini)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", "LLM_TIMEOUT_S=1", NULL };

	return llm_scene_run(t, pairs, meet_all);
}

static err_t *openai_bad_days(struct llm_scene *s)
{
	static const struct expected twice = { "same_index", ERR_PROVIDER_ERROR, 1 };

	ERR(meet_all(s));
	return meet(s, &twice);
}

TEST(bad_days_of_vectors_at_openai)
{
	static const char *const pairs[] = { "LLM_PROVIDER=openai", "LLM_TIMEOUT_S=1", NULL };

	return llm_scene_run(t, pairs, openai_bad_days);
}

TEST(bad_days_of_vectors_at_ollama)
{
	static const char *const pairs[] = { "LLM_PROVIDER=ollama", "LLM_TIMEOUT_S=1", NULL };

	return llm_scene_run(t, pairs, meet_all);
}

/* What went wrong once is got over; three failures in a row open the circuit for everything of the provider. */
static err_t *get_over(struct llm_scene *s)
{
	static const char *const texts[] = { "um" };
	struct llm_vectors *v;
	struct llm_reply *reply;
	int64_t n;

	ERR(llm_scene_script(
		s, "{\"steps\":[{\"fault\":\"503\"},{\"fault\":\"429\",\"retry_delay\":\"0.05s\"}]}"));
	ERR(embed(s, texts, 1, &v));
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 3);
	ERR(llm_scene_script(s, "{\"steps\":[{\"fault\":\"500\",\"times\":3}]}"));
	CHECK_ERR(embed(s, texts, 1, &v), ERR_PROVIDER_ERROR);
	CHECK_ERR(embed(s, texts, 1, &v), ERR_PROVIDER_ERROR);
	CHECK_ERR(llm_scene_ask(s, "oi", &reply), ERR_PROVIDER_ERROR);
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 6);
	return NULL;
}

TEST(passing_faults_of_vectors_are_got_over)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, get_over);
}

/* A second batch that fails takes the first with it: the next provider makes all of them. */
static err_t *fall_back(struct llm_scene *s)
{
	enum { N = 100 };
	const char *texts[N];
	struct llm_vectors *v;
	int64_t n;

	for (size_t i = 0; i < N; i++)
		texts[i] = mem_fmt(s->pool, "nota %zu", i);
	ERR(llm_scene_script(s, "{\"steps\":[{\"when\":\"nota 85\",\"fault\":\"400\"}]}"));
	ERR(embed(s, texts, N, &v));
	CHECK_INT(v->provider, PROVIDER_OPENAI);
	CHECK_INT(v->n, N);
	ERR(llm_scene_count(s, ":batchEmbedContents", &n));
	CHECK_INT(n, 2);
	ERR(llm_scene_count(s, "/v1/embeddings", &n));
	CHECK_INT(n, 2);
	return NULL;
}

TEST(vectors_are_all_of_one_provider)
{
	/* anthropic makes none, and is passed over */
	static const char *const pairs[] = { "LLM_PROVIDER=anthropic,gemini,openai", NULL };

	return llm_scene_run(t, pairs, fall_back);
}

static err_t *refuse(struct llm_scene *s)
{
	static const char *const good[] = { "um" };
	static const char *const empty[] = { "um", "" };
	const char *long_text[1];
	struct llm_embed_request request = { .texts = good, .texts_n = 1, .only = PROVIDER_COUNT };
	struct llm_vectors *v = NULL;
	int64_t n;

	CHECK_ERR(embed(s, good, 1, &v), ERR_NOT_FOUND);
	request.only = PROVIDER_ANTHROPIC;
	CHECK_ERR(llm_embed(s->req, &request, &v), ERR_NOT_FOUND);
	CHECK_ERR(embed(s, good, 0, &v), ERR_INVALID);
	CHECK_ERR(embed(s, empty, 2, &v), ERR_INVALID);
	CHECK_ERR(embed(s, good, LIMIT_EMBED_TEXTS + 1, &v), ERR_TOO_LARGE);
	long_text[0] = memset(mem_alloc(s->pool, LIMIT_EMBED_TEXT + 2), 'a', LIMIT_EMBED_TEXT + 1);
	CHECK_ERR(embed(s, long_text, 1, &v), ERR_TOO_LARGE);
	request.dimensions = LIMIT_EMBED_DIMENSIONS + 1;
	CHECK_ERR(llm_embed(s->req, &request, &v), ERR_INVALID);
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 0);
	return NULL;
}

TEST(what_makes_no_vectors_is_not_asked)
{
	static const char *const pairs[] = { "LLM_PROVIDER=anthropic,xai,deepseek", NULL };

	return llm_scene_run(t, pairs, refuse);
}

static err_t *refuse_model(struct llm_scene *s)
{
	static const char *const texts[] = { "um" };
	struct llm_vectors *v;

	ERR(embed(s, texts, 1, &v));
	CHECK_INT(v->provider, PROVIDER_OPENAI);
	return NULL;
}

TEST(only_allowed_models_make_vectors)
{
	static const char *const pairs[] = {
		"LLM_PROVIDER=gemini,openai",
		"LLM_MODELS_ALLOWED=gemini-3.8-flash,gpt-5.6,text-embedding-3-small", NULL
	};

	return llm_scene_run(t, pairs, refuse_model);
}

/* 1000 texts of 300 bytes: some 100,000 tokens, two cents. */
static err_t *spend(struct llm_scene *s)
{
	enum { N = 1000 };
	const char *texts[N];
	char *text = memset(mem_alloc(s->pool, 301), 'a', 300);
	struct llm_vectors *v;
	int64_t n;

	for (size_t i = 0; i < N; i++)
		texts[i] = text;
	CHECK_ERR(embed(s, texts, N, &v), ERR_BUDGET);
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 0);
	ERR(embed(s, texts, 10, &v)); /* 1010 tokens, 202 millionths */
	ERR(fixture_int(&s->f, "SELECT cost FROM llm_usage", &n));
	CHECK_INT(n, 202);
	return NULL;
}

TEST(vectors_count_before_they_are_made)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", "LLM_DAILY_BUDGET_USD=0.02", NULL };

	return llm_scene_run(t, pairs, spend);
}
