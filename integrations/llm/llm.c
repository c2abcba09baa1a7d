#include "integrations/llm/llm.h"

#include "core/cache.h"
#include "core/clock.h"
#include "core/crypt.h"
#include "integrations/llm/llm_account.h"
#include "integrations/llm/llm_anthropic.h"
#include "integrations/llm/llm_ask.h"
#include "integrations/llm/llm_breaker.h"
#include "integrations/llm/llm_endpoint.h"
#include "integrations/llm/llm_gemini.h"
#include "integrations/llm/llm_media.h"
#include "integrations/llm/llm_openai.h"
#include <string.h>

#define TURN_MS 90000
#define CACHE_S 3600
#define PROBE_TEXT "Reply with the word ok."

static const struct config *config;
static size_t order_n; /* providers that come before the rules, which ask nobody */

/* One question on its way through the providers. */
struct chat {
	struct req *req;
	const struct llm_request *request;
	int64_t deadline;
	bool more; /* another provider would be asked after this one */
};

static void encode(apr_pool_t *pool, const struct llm_endpoint *at, void *what, bool retold,
		   struct llm_outgoing *ret)
{
	struct llm_endpoint now = llm_endpoint_now(pool, at);
	const struct llm_request *request = what;

	now.retold = retold;
	switch (at->provider) {
	case PROVIDER_GEMINI: llm_gemini_encode(pool, &now, request, ret); break;
	case PROVIDER_ANTHROPIC: llm_anthropic_encode(pool, &now, request, ret); break;
	default: llm_openai_encode(pool, &now, request, ret);
	}
}

static err_t *decode(apr_pool_t *pool, const struct llm_endpoint *at, void *what,
		     const struct llm_incoming *in, struct llm_decoded *ret)
{
	err_t *err;

	(void)what;
	switch (at->provider) {
	case PROVIDER_GEMINI: err = llm_gemini_decode(pool, in, ret); break;
	case PROVIDER_ANTHROPIC: err = llm_anthropic_decode(pool, in, ret); break;
	default: err = llm_openai_decode(pool, at->provider, in, ret);
	}

	if (ret->reply.model && strlen(ret->reply.model) > 128)
		ret->reply.model = NULL;
	return err;
}

/* The same question to the same model, of nobody: NULL for any other. */
static const char *cache_key(const struct llm_ask *q, const struct llm_request *request)
{
	const char *whole;

	if (!request->context_free)
		return NULL;
	whole = mem_fmt(q->scratch, "%s\n%s", q->out.url, q->out.body);
	return mem_fmt(q->scratch, "llm:%s", crypt_hash_hex(q->scratch, whole, strlen(whole)));
}

/* An answer given before; NULL when there is none, or none that can be read. */
static struct llm_reply *recall(apr_pool_t *pool, const char *key)
{
	const char *text = key ? cache_get(pool, key) : NULL;
	struct llm_reply *reply = NULL;
	struct json *stored;
	err_t *err;

	if (!text)
		return NULL;
	err = json_read(pool, text, strlen(text), &stored);
	if (!err)
		err = llm_reply_read(pool, stored, &reply);
	err_clear(err);
	return reply;
}

static struct llm_ask ask_new(struct chat *chat, const struct llm_endpoint *at)
{
	return (struct llm_ask){ .req = chat->req,
				 .at = at,
				 .pool = chat->req->pool,
				 .scratch = pool_child(chat->req->pool),
				 .deadline = chat->deadline,
				 .more = chat->more,
				 .what = (void *)(uintptr_t)chat->request,
				 .encode = encode,
				 .decode = decode };
}

static err_t *ask(struct chat *chat, const struct llm_endpoint *at, struct llm_reply **ret_reply)
{
	apr_pool_t *pool = chat->req->pool;
	struct llm_ask q = ask_new(chat, at);
	struct llm_decoded decoded;
	struct llm_reply *reply;
	const char *key;
	err_t *err = NULL;

	encode(q.scratch, at, q.what, false, &q.out);
	key = cache_key(&q, chat->request);
	reply = recall(pool, key);
	if (!reply && !(err = llm_ask_until(&q, &decoded))) {
		if (!decoded.reply.model)
			decoded.reply.model = at->model;
		reply = mem_dup(pool, &decoded.reply, sizeof decoded.reply);
		if (key && reply->finish == LLM_STOP)
			cache_put(key, json_write(q.scratch, llm_reply_json(q.scratch, reply)), CACHE_S);
	}
	pool_free(q.scratch);
	if (!err)
		*ret_reply = reply;
	return err;
}

/* Why a provider is not asked, though it is of the order: what there is besides text. */
static err_t *unfit(const struct chat *chat, const struct llm_endpoint *at)
{
	struct llm_usage usage = { .in = llm_media_tokens(at->provider, chat->request) };
	bool known;

	if (!llm_media_in(chat->request))
		return NULL;
	ERR(llm_media_fits(at, chat->request, clock_now()));
	return llm_account_check(chat->req, config,
				 llm_model_cost(at->provider, at->model, &usage, clock_now(), &known));
}

/* The provider at place i of the order, or NULL when it is not to be asked. */
static const struct llm_endpoint *asked(const struct chat *chat, size_t i)
{
	enum config_provider p = config->providers[i];

	return chat->request->only == PROVIDER_COUNT || chat->request->only == p ? llm_endpoint_at(p) : NULL;
}

/* Whether a provider after place i of the order would be asked. */
static bool any_after(const struct chat *chat, size_t i)
{
	for (i++; i < order_n; i++) {
		const struct llm_endpoint *at = asked(chat, i);
		err_t *err = at ? llm_media_fits(at, chat->request, clock_now()) : NULL;

		if (at && !err)
			return true;
		err_clear(err);
	}
	return false;
}

err_t *llm_init(const struct config *c)
{
	config = c;
	for (order_n = 0; order_n < c->providers_n && c->providers[order_n] != PROVIDER_RULES;)
		order_n++;
	llm_breaker_reset(0);
	llm_ask_init(c);
	return llm_endpoint_init(c);
}

bool llm_configured(const struct config *c)
{
	return c->providers[0] != PROVIDER_RULES;
}

void llm_tune(const struct llm_tuning *tuning)
{
	llm_ask_tune(tuning->backoff_ms);
	llm_breaker_reset(tuning->open_ms);
}

/* Whether an error of unfit is the provider's or the request's own, and another provider may be asked. */
static bool is_passed_over(const err_t *err)
{
	return err->code == ERR_INVALID || err->code == ERR_TOO_LARGE || err->code == ERR_BUDGET;
}

/* The last answer of who was asked; of those who were not, the first that says more than that it takes no such thing. */
static void keep(err_t **kept, err_t *err, bool fit)
{
	bool better = fit || !*kept || ((*kept)->code == ERR_INVALID && err->code != ERR_INVALID);

	err_clear(better ? *kept : err);
	if (better)
		*kept = err;
}

/* What a provider answered says more than why another was not asked. */
static err_t *ask_all(struct chat *chat, struct llm_reply **ret_reply)
{
	err_t *said = NULL, *why = NULL;

	for (size_t i = 0; i < order_n; i++) {
		const struct llm_endpoint *at = asked(chat, i);
		err_t *err = at ? unfit(chat, at) : NULL;
		bool fit = !err;

		if (!at)
			continue;
		if (fit) {
			chat->more = any_after(chat, i);
			err = ask(chat, at, ret_reply);
		}
		if (!err || !(fit ? llm_ask_elsewhere(err) : is_passed_over(err))) {
			err_clear(said);
			err_clear(why);
			return err;
		}
		keep(fit ? &said : &why, err, fit);
	}
	if (said)
		err_clear(why);
	return said ? said : why ? why : err_new(ERR_PROVIDER_ERROR, "no model is configured");
}

err_t *llm_chat(struct req *req, const struct llm_request *request, struct llm_reply **ret_reply)
{
	struct chat chat = { .req = req, .request = request, .deadline = request->deadline_ms };

	if (!chat.deadline)
		chat.deadline = clock_mono_ms() + TURN_MS;
	ERR(llm_media_check(config, request));
	ERR(llm_account_check(req, config, 0));
	return ask_all(&chat, ret_reply);
}

err_t *llm_probe(apr_pool_t *pool, enum config_provider provider, const char **ret_model, int64_t *ret_ms)
{
	const struct llm_endpoint *at = llm_endpoint_at(provider);
	const struct llm_message message = { .role = LLM_PERSON, .text = PROBE_TEXT };
	struct llm_request request = { .messages = &message, .messages_n = 1, .only = provider };
	struct llm_ask q = { .at = at, .pool = pool, .scratch = pool, .what = &request, .decode = decode };
	struct llm_decoded decoded;
	int64_t begin = clock_mono_ms();
	long status = 0;
	err_t *err;

	if (!at)
		return err_new(ERR_CONFIG, "%s is not configured", config_provider_name(provider));
	encode(pool, at, &request, false, &q.out);
	err = llm_ask_once(&q, config->llm_timeout_s * 1000, &decoded, &status);
	if (err && status == 404) {
		err_clear(err);
		return err_new(ERR_NOT_FOUND, "%s has no model \"%s\"", config_provider_name(provider),
			       at->model);
	}
	ERR(err);
	*ret_model = decoded.reply.model ? decoded.reply.model : at->model;
	*ret_ms = clock_mono_ms() - begin;
	return NULL;
}
