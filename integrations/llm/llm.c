#include "integrations/llm/llm.h"

#include "core/cache.h"
#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/http.h"
#include "core/log.h"
#include "core/text.h"
#include "core/zone.h"
#include "integrations/llm/llm_account.h"
#include "integrations/llm/llm_anthropic.h"
#include "integrations/llm/llm_breaker.h"
#include "integrations/llm/llm_gemini.h"
#include "integrations/llm/llm_openai.h"
#include <string.h>

#define TURN_MS 90000
#define URL_MAX 1024
#define RETRIES 2
#define BACKOFF_MS 500
#define SHORT_MS 5000
#define WAIT_BEFORE_NEXT_MS 5000 /* rather than wait longer, the next provider is asked */
#define CACHE_S 3600
#define PROBE_TEXT "Reply with the word ok."

static struct {
	const struct config *config;
	struct llm_endpoint at[PROVIDER_COUNT]; /* base NULL: not configured */
	int64_t backoff_ms;
} gateway = { .backoff_ms = BACKOFF_MS };

/* One question on its way through the providers. */
struct chat {
	struct req *req;
	const struct llm_request *request;
	int64_t deadline;
	bool more; /* another provider would be asked after this one */
};

/* An encoded question at one provider, asked as often as it takes. */
struct question {
	struct chat *chat;
	const struct llm_endpoint *at;
	apr_pool_t *scratch; /* dies with the provider's turn */
	struct llm_outgoing out;
	int attempts;
};

static struct llm_endpoint endpoint(enum config_provider p, const char *base, const char *key,
				    const char *model)
{
	return (struct llm_endpoint){ .provider = p, .base = base, .key = key, .model = model };
}

static struct llm_endpoint endpoint_of(const struct config *c, enum config_provider p)
{
	switch (p) {
	case PROVIDER_GEMINI: return endpoint(p, c->gemini_api_base, c->gemini_api_key, c->gemini_model);
	case PROVIDER_OPENAI: return endpoint(p, c->openai_api_base, c->openai_api_key, c->openai_model);
	case PROVIDER_ANTHROPIC:
		return endpoint(p, c->anthropic_api_base, c->anthropic_api_key, c->anthropic_model);
	case PROVIDER_XAI: return endpoint(p, c->xai_api_base, c->xai_api_key, c->xai_model);
	case PROVIDER_DEEPSEEK:
		return endpoint(p, c->deepseek_api_base, c->deepseek_api_key, c->deepseek_model);
	case PROVIDER_OLLAMA: return endpoint(p, c->ollama_api_base, c->ollama_api_key, c->ollama_model);
	case PROVIDER_RULES:
	case PROVIDER_COUNT: break;
	}
	return endpoint(p, "", "", "");
}

/* Whether a base ends in a version: "/v1", "/v1beta". */
static bool has_version(const char *base)
{
	const char *last = strrchr(base, '/');

	if (!last || last[1] != 'v' || last[2] < '0' || last[2] > '9')
		return false;
	last += 2 + strspn(last + 2, "0123456789");
	return !*last || text_starts(last, "beta") || text_starts(last, "alpha");
}

/* Without the version, which is added when a request is encoded. */
static err_t *set_endpoint(const struct config *config, enum config_provider p)
{
	struct llm_endpoint at = endpoint_of(config, p);

	if (strlen(at.base) + strlen(at.model) > URL_MAX)
		return err_new(ERR_CONFIG, "%s: base and model are too long for a URL",
			       config_provider_name(p));
	gateway.at[p] = at;
	return NULL;
}

static void encode(apr_pool_t *pool, const struct llm_endpoint *at, const struct llm_request *request,
		   bool retold, struct llm_outgoing *ret)
{
	struct llm_endpoint now = *at;

	now.retold = retold;
	if (!has_version(at->base))
		now.base =
			mem_fmt(pool, "%s/%s", at->base, at->provider == PROVIDER_GEMINI ? "v1beta" : "v1");
	now.thinking = llm_model_thinking(at->provider, at->model, clock_now());
	switch (at->provider) {
	case PROVIDER_GEMINI: llm_gemini_encode(pool, &now, request, ret); break;
	case PROVIDER_ANTHROPIC: llm_anthropic_encode(pool, &now, request, ret); break;
	default: llm_openai_encode(pool, &now, request, ret);
	}
}

static err_t *decode(apr_pool_t *pool, const struct llm_endpoint *at, const struct llm_incoming *in,
		     struct llm_decoded *ret)
{
	err_t *err;

	switch (at->provider) {
	case PROVIDER_GEMINI: err = llm_gemini_decode(pool, in, ret); break;
	case PROVIDER_ANTHROPIC: err = llm_anthropic_decode(pool, in, ret); break;
	default: err = llm_openai_decode(pool, at->provider, in, ret);
	}

	if (ret->reply.model && strlen(ret->reply.model) > 128)
		ret->reply.model = NULL;
	return err;
}

/* One exchange. What reached no answer is a provider's error too, and may be tried again: a connection that broke tells
 * as little as one that stayed silent. */
static err_t *exchange(apr_pool_t *pool, apr_pool_t *scratch, const struct llm_endpoint *at,
		       const struct llm_outgoing *out, int64_t timeout_ms, struct llm_decoded *ret,
		       long *ret_status)
{
	const struct http_request request = { .method = "POST",
					      .url = out->url,
					      .headers = out->headers,
					      .body = out->body,
					      .body_n = strlen(out->body),
					      .timeout_ms = timeout_ms };
	const char *name = config_provider_name(at->provider);
	struct http_reply reply = { 0 };
	err_t *err = http_send(scratch, &request, &reply);

	*ret = (struct llm_decoded){ .wait_ms = -1 };
	if (!err) {
		const struct llm_incoming in = { reply.status, reply.body, reply.n, reply.retry_after_s };

		*ret_status = reply.status;
		return decode(pool, at, &in, ret);
	}
	ret->again = err->code == ERR_TIMEOUT || err->code == ERR_HTTP;
	if (err->code == ERR_HTTP || err->code == ERR_TOO_LARGE) {
		err_t *named = err_new(ERR_PROVIDER_ERROR, "%s: %s", name, err->detail);

		err_clear(err);
		return named;
	}
	return err_wrap(err, "%s", name);
}

/* What an attempt says about the provider. One that answers is not broken, be it with a refusal; one that was given but a
 * turn's last moments may be as well as ever. */
static enum llm_verdict verdict_of(const err_t *err, long status, int64_t given_ms)
{
	bool short_of_time = given_ms < SHORT_MS && given_ms < gateway.config->llm_timeout_s * 1000;

	if (!err)
		return LLM_WORKED;
	if (err->code == ERR_CANCELLED || err->code == ERR_INTERNAL)
		return LLM_UNTOLD;
	if (err->code == ERR_TIMEOUT)
		return short_of_time && !status ? LLM_UNTOLD : LLM_FAILED;
	return err->code == ERR_PROVIDER_ERROR && (status < 400 || status >= 500) ? LLM_FAILED : LLM_WORKED;
}

static err_t *attempt(struct question *q, struct llm_decoded *ret)
{
	struct llm_attempt a = { .at = q->at, .decoded = ret, .number = ++q->attempts };
	const struct config *config = gateway.config;
	int64_t begin = clock_mono_ms(), timeout = config->llm_timeout_s * 1000,
		left = q->chat->deadline - begin;
	const char *name = config_provider_name(q->at->provider);
	bool probe;
	err_t *err, *stored;

	*ret = (struct llm_decoded){ .wait_ms = -1 };
	if (left <= 0)
		return err_new(ERR_TIMEOUT, "%s: no time left in this turn", name);
	if (llm_breaker_held(q->at->provider))
		return err_new(ERR_RATE_LIMIT, "%s wants to be left alone for now", name);
	ERR(llm_account_rate(q->scratch, config, q->at->provider));
	if (!llm_breaker_enter(q->at->provider, &probe))
		return err_new(ERR_PROVIDER_ERROR, "%s: circuit open", name);
	if (left < timeout)
		timeout = left;
	err = exchange(q->chat->req->pool, q->scratch, q->at, &q->out, timeout, ret, &a.status);
	llm_breaker_leave(q->at->provider, probe, verdict_of(err, a.status, timeout));
	a.ms = ret->reply.latency_ms = clock_mono_ms() - begin;
	a.err = err;
	if (err && (err->code == ERR_CANCELLED || err->code == ERR_INTERNAL))
		return err;
	llm_account_note(&a);
	stored = llm_account_store(q->chat->req, config, &a);
	if (!stored)
		return err;
	err_clear(err);
	ret->again = false;
	return stored;
}

/* Quotas of a day begin anew at midnight in California. */
static int64_t until_midnight_ms(void)
{
	const struct zone *zone;
	int64_t now = clock_now(), wall;
	err_t *err = zone_find("America/Los_Angeles", &zone);

	if (err) {
		err_clear(err);
		return HOUR_US / 1000;
	}
	wall = zone_wall(zone, now);
	return (zone_instant(zone, wall - wall % 86400 + 86400) - now) / 1000;
}

/* How long to wait before the next attempt; -1: not at all, and give up here. */
static int64_t wait_before(const struct question *q, const struct llm_decoded *d)
{
	int64_t wait = gateway.backoff_ms << (q->attempts - 1), now = clock_mono_ms();
	int64_t need = q->chat->more ? gateway.config->llm_timeout_s * 2000 : 1;

	wait += (int64_t)crypt_random_below((uint32_t)wait + 1);
	if (d->wait_ms > wait)
		wait = d->wait_ms + (int64_t)crypt_random_below((uint32_t)gateway.backoff_ms + 1);
	if (now + wait + need <= q->chat->deadline && (!q->chat->more || wait <= WAIT_BEFORE_NEXT_MS))
		return wait;
	if (d->wait_ms > 0)
		llm_breaker_hold(q->at->provider, now + d->wait_ms);
	return -1;
}

/* Attempts at one provider. A call that the provider could not read is asked for once more; so is a step whose signature
 * it does not know (the model was changed since), told in our words. */
static err_t *ask_until(struct question *q, struct llm_decoded *ret)
{
	bool malformed = false, retold = false;

	for (;;) {
		err_t *err = attempt(q, ret);
		int64_t wait;

		if (!err && (ret->reply.finish != LLM_MALFORMED || malformed))
			return NULL;
		if (!err) {
			malformed = true;
			continue;
		}
		if (ret->unsigned_step && !retold) {
			retold = true;
			err_clear(err);
			encode(q->scratch, q->at, q->chat->request, true, &q->out);
			continue;
		}
		if (ret->spent)
			llm_breaker_hold(q->at->provider, clock_mono_ms() + until_midnight_ms());
		if (!ret->again || q->attempts > RETRIES || (wait = wait_before(q, ret)) < 0)
			return err;
		err_clear(err);
		ERR(fiber_sleep(wait));
	}
}

/* The same question to the same model, of nobody: NULL for any other. */
static const char *cache_key(const struct question *q)
{
	const char *whole;

	if (!q->chat->request->context_free)
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

static err_t *ask(struct chat *chat, const struct llm_endpoint *at, struct llm_reply **ret_reply)
{
	apr_pool_t *pool = chat->req->pool;
	struct question q = { .chat = chat, .at = at, .scratch = pool_child(pool) };
	struct llm_decoded decoded;
	struct llm_reply *reply;
	const char *key;
	err_t *err = NULL;

	encode(q.scratch, at, chat->request, false, &q.out);
	key = cache_key(&q);
	reply = recall(pool, key);
	if (!reply && !(err = ask_until(&q, &decoded))) {
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

/* Others may do better after these; a refusal to answer is not carried from house to house. */
static bool may_fall_back(const err_t *err)
{
	return err->code == ERR_AUTH_ERROR || err->code == ERR_RATE_LIMIT || err->code == ERR_TIMEOUT ||
	       err->code == ERR_PROVIDER_ERROR;
}

static bool is_asked(const struct chat *chat, enum config_provider p)
{
	return chat->request->only == PROVIDER_COUNT || chat->request->only == p;
}

/* Whether a provider after place i of the order would be asked. */
static bool any_after(const struct chat *chat, size_t i)
{
	const struct config *c = gateway.config;

	for (i++; i < c->providers_n && c->providers[i] != PROVIDER_RULES; i++)
		if (is_asked(chat, c->providers[i]))
			return true;
	return false;
}

err_t *llm_init(const struct config *config)
{
	memset(gateway.at, 0, sizeof gateway.at);
	gateway.config = config;
	llm_breaker_reset(0);
	for (size_t i = 0; i < config->providers_n; i++)
		if (config->providers[i] != PROVIDER_RULES)
			ERR(set_endpoint(config, config->providers[i]));
	return NULL;
}

bool llm_configured(const struct config *config)
{
	return config->providers[0] != PROVIDER_RULES;
}

void llm_tune(const struct llm_tuning *tuning)
{
	gateway.backoff_ms = tuning->backoff_ms ? tuning->backoff_ms : BACKOFF_MS;
	llm_breaker_reset(tuning->open_ms);
}

err_t *llm_chat(struct req *req, const struct llm_request *request, struct llm_reply **ret_reply)
{
	struct chat chat = { .req = req, .request = request, .deadline = request->deadline_ms };
	const struct config *c = gateway.config;
	err_t *err = NULL;

	if (!chat.deadline)
		chat.deadline = clock_mono_ms() + TURN_MS;
	ERR(llm_account_check(req, c));
	for (size_t i = 0; i < c->providers_n && c->providers[i] != PROVIDER_RULES; i++) {
		if (!is_asked(&chat, c->providers[i]))
			continue;
		chat.more = any_after(&chat, i);
		err_clear(err);
		err = ask(&chat, &gateway.at[c->providers[i]], ret_reply);
		if (!err || !may_fall_back(err))
			return err;
	}
	return err ? err : err_new(ERR_PROVIDER_ERROR, "no model is configured");
}

err_t *llm_probe(apr_pool_t *pool, enum config_provider provider, const char **ret_model, int64_t *ret_ms)
{
	const struct llm_endpoint *at = &gateway.at[provider];
	const struct llm_message message = { .role = LLM_PERSON, .text = PROBE_TEXT };
	const struct llm_request request = { .messages = &message, .messages_n = 1, .only = provider };
	struct llm_outgoing out;
	struct llm_decoded decoded;
	int64_t begin = clock_mono_ms();
	long status = 0;
	err_t *err;

	if (!at->base)
		return err_new(ERR_CONFIG, "%s is not configured", config_provider_name(provider));
	encode(pool, at, &request, false, &out);
	err = exchange(pool, pool, at, &out, gateway.config->llm_timeout_s * 1000, &decoded, &status);
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
