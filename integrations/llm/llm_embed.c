#include "core/clock.h"
#include "core/limits.h"
#include "core/text.h"
#include "integrations/llm/llm_account.h"
#include "integrations/llm/llm_ask.h"
#include "integrations/llm/llm_endpoint.h"
#include "integrations/llm/llm_vector.h"
#include <string.h>

#define TURN_MS 90000

/* Texts on their way to one provider. */
struct embed {
	struct req *req;
	const struct llm_embed_request *request;
	struct llm_endpoint at; /* with the model that makes vectors */
	enum llm_telling telling;
	int64_t dimensions, deadline;
	bool more;
};

static void encode(apr_pool_t *pool, const struct llm_endpoint *at, void *what, bool retold,
		   struct llm_outgoing *ret)
{
	struct llm_endpoint now = llm_endpoint_now(pool, at);

	(void)retold;
	if (at->provider == PROVIDER_OLLAMA)
		now.base = llm_endpoint_bare(pool, at);
	llm_vector_encode(pool, &now, what, ret);
}

static err_t *decode(apr_pool_t *pool, const struct llm_endpoint *at, void *what,
		     const struct llm_incoming *in, struct llm_decoded *ret)
{
	err_t *err = llm_vector_decode(pool, at->provider, in, what, ret);

	if (ret->reply.model && strlen(ret->reply.model) > 128)
		ret->reply.model = NULL;
	return err;
}

/* A batch after the first adds to what is there, and must be of the same model. */
static err_t *add(struct llm_vectors *all, size_t done, const struct llm_batch *batch,
		  const struct llm_decoded *decoded, const struct embed *e)
{
	const char *model = decoded->reply.model ? decoded->reply.model : e->at.model;
	size_t d = (size_t)batch->dimensions;
	float *v;

	if (!done) {
		all->provider = e->at.provider;
		all->model = mem_text(e->req->pool, model);
		all->dimensions = d;
		all->v = mem_alloc(e->req->pool, e->request->texts_n * d * sizeof *v);
	}
	if (!text_same(model, all->model) || d != all->dimensions)
		return err_new(ERR_PROVIDER_ERROR, "%s: the model changed between batches",
			       config_provider_name(e->at.provider));
	v = (float *)(uintptr_t)all->v;
	memcpy(v + done * d, batch->v, batch->n * d * sizeof *v);
	all->n = done + batch->n;
	all->usage.in += decoded->reply.usage.in;
	return NULL;
}

static err_t *ask_batch(struct embed *e, apr_pool_t *scratch, struct llm_vectors *all)
{
	size_t done = all->n, left = e->request->texts_n - done;
	struct llm_batch batch = { .texts = e->request->texts + done,
				   .n = llm_vector_most(e->at.provider),
				   .purpose = e->request->purpose,
				   .telling = e->telling,
				   .dimensions = done ? (int64_t)all->dimensions : e->dimensions };
	size_t fit =
		LIMIT_EMBED_FLOATS / (size_t)(batch.dimensions ? batch.dimensions : LIMIT_EMBED_DIMENSIONS);
	struct llm_decoded decoded;

	batch.n = batch.n < fit ? batch.n : fit;
	batch.n = batch.n < left ? batch.n : left;
	struct llm_ask ask = { .req = e->req,
			       .at = &e->at,
			       .pool = scratch,
			       .scratch = scratch,
			       .deadline = e->deadline,
			       .more = e->more,
			       .what = &batch,
			       .encode = encode,
			       .decode = decode };

	encode(scratch, &e->at, &batch, false, &ask.out);
	ERR(llm_ask_until(&ask, &decoded));
	return add(all, done, &batch, &decoded, e);
}

/* All texts at one provider: vectors of two models would not compare. */
static err_t *ask_all(struct embed *e, struct llm_vectors **ret_vectors)
{
	struct llm_vectors *all = MEM_NEW(e->req->pool, struct llm_vectors);
	err_t *err = NULL;

	while (!err && all->n < e->request->texts_n) {
		apr_pool_t *scratch = pool_child(e->req->pool);

		err = ask_batch(e, scratch, all);
		pool_free(scratch);
	}
	if (!err)
		*ret_vectors = all;
	return err;
}

static bool is_allowed(const struct config *config, const char *model)
{
	const char *at = config->llm_models_allowed;
	size_t n = strlen(model);

	if (!*at)
		return true;
	for (; *at; at += strcspn(at, ", \t"), at += strspn(at, ", \t"))
		if (strcspn(at, ", \t") == n && strncmp(at, model, n) == 0)
			return true;
	return false;
}

/* What of the order's place i makes the vectors asked for; false: nothing. */
static bool embedder_at(const struct config *config, const struct llm_embed_request *request, size_t i,
			struct embed *ret)
{
	enum config_provider p = config->providers[i];
	const struct llm_endpoint *at = llm_endpoint_at(p);
	const struct llm_embedder *known = llm_model_embedder(p, request->model);
	const char *model = request->model ? request->model : known ? known->model : NULL;

	if (!at || !llm_vector_made_by(p) || !model || !is_allowed(config, model) ||
	    (request->only != PROVIDER_COUNT && request->only != p))
		return false;
	ret->at = *at;
	ret->at.model = model;
	ret->telling = known ? known->telling : LLM_TELL_NOT;
	ret->dimensions = request->dimensions ? request->dimensions : known ? known->dimensions : 0;
	return true;
}

static err_t *check(const struct llm_embed_request *request)
{
	if (!request->texts_n || request->dimensions < 0 || request->dimensions > LIMIT_EMBED_DIMENSIONS)
		return err_new(ERR_INVALID, "no texts, or dimensions that can be none");
	if (request->texts_n > LIMIT_EMBED_TEXTS)
		return err_new(ERR_TOO_LARGE, "more than %d texts", LIMIT_EMBED_TEXTS);
	for (size_t i = 0; i < request->texts_n; i++) {
		size_t n = strlen(request->texts[i]);

		if (!n)
			return err_new(ERR_INVALID, "text %zu is empty", i);
		if (n > LIMIT_EMBED_TEXT)
			return err_new(ERR_TOO_LARGE, "text %zu has more than %d bytes", i, LIMIT_EMBED_TEXT);
	}
	return NULL;
}

/* As for media: what it will cost counts before it is spent. */
static err_t *check_budget(const struct config *config, const struct embed *e)
{
	const struct llm_batch all = { .texts = e->request->texts, .n = e->request->texts_n };
	const struct llm_usage usage = { .in = llm_vector_tokens(&all) };
	bool known;

	return llm_account_check(e->req, config,
				 llm_model_cost(e->at.provider, e->at.model, &usage, clock_now(), &known));
}

err_t *llm_embed(struct req *req, const struct llm_embed_request *request, struct llm_vectors **ret_vectors)
{
	const struct config *config = llm_ask_config();
	struct embed e = { .req = req, .request = request, .deadline = request->deadline_ms }, other;
	err_t *err = NULL;

	if (!e.deadline)
		e.deadline = clock_mono_ms() + TURN_MS;
	ERR(check(request));
	for (size_t i = 0; i < config->providers_n && config->providers[i] != PROVIDER_RULES; i++) {
		if (!embedder_at(config, request, i, &e))
			continue;
		e.more = false;
		for (size_t k = i + 1; k < config->providers_n && config->providers[k] != PROVIDER_RULES; k++)
			e.more = e.more || embedder_at(config, request, k, &other);
		err_clear(err);
		err = check_budget(config, &e);
		if (!err)
			err = ask_all(&e, ret_vectors);
		if (!err || !llm_ask_elsewhere(err))
			return err;
	}
	return err ? err : err_new(ERR_NOT_FOUND, "no provider of the order makes vectors");
}
