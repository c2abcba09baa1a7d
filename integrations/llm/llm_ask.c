#include "integrations/llm/llm_ask.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/http.h"
#include "core/zone.h"
#include "integrations/llm/llm_account.h"
#include "integrations/llm/llm_breaker.h"
#include <string.h>

#define RETRIES 2
#define BACKOFF_MS 500
#define SHORT_MS 5000
#define WAIT_BEFORE_NEXT_MS 5000 /* rather than wait longer, the next provider is asked */

static const struct config *config;
static int64_t backoff = BACKOFF_MS;

/* One exchange. What reached no answer is a provider's error too, and may be tried again: a connection that broke tells
 * as little as one that stayed silent. */
err_t *llm_ask_once(struct llm_ask *q, int64_t timeout_ms, struct llm_decoded *ret, long *ret_status)
{
	const struct http_request request = { .method = "POST",
					      .url = q->out.url,
					      .headers = q->out.headers,
					      .body = q->out.body,
					      .body_n = q->out.body_n,
					      .timeout_ms = timeout_ms };
	const char *name = config_provider_name(q->at->provider);
	struct http_reply reply = { 0 };
	err_t *err = http_send(q->scratch, &request, &reply);

	*ret = (struct llm_decoded){ .wait_ms = -1 };
	if (!err) {
		const struct llm_incoming in = { reply.status, reply.body, reply.n, reply.retry_after_s };

		*ret_status = reply.status;
		return q->decode(q->pool, q->at, q->what, &in, ret);
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
	bool short_of_time = given_ms < SHORT_MS && given_ms < config->llm_timeout_s * 1000;

	if (!err)
		return LLM_WORKED;
	if (err->code == ERR_CANCELLED || err->code == ERR_INTERNAL)
		return LLM_UNTOLD;
	if (err->code == ERR_TIMEOUT)
		return short_of_time && !status ? LLM_UNTOLD : LLM_FAILED;
	return err->code == ERR_PROVIDER_ERROR && (status < 400 || status >= 500) ? LLM_FAILED : LLM_WORKED;
}

static err_t *attempt(struct llm_ask *q, struct llm_decoded *ret)
{
	struct llm_attempt a = { .at = q->at, .decoded = ret, .number = ++q->attempts };
	int64_t begin = clock_mono_ms(), timeout = config->llm_timeout_s * 1000, left = q->deadline - begin;
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
	err = llm_ask_once(q, timeout, ret, &a.status);
	llm_breaker_leave(q->at->provider, probe, verdict_of(err, a.status, timeout));
	a.ms = ret->reply.latency_ms = clock_mono_ms() - begin;
	a.err = err;
	if (err && (err->code == ERR_CANCELLED || err->code == ERR_INTERNAL))
		return err;
	llm_account_note(&a);
	stored = llm_account_store(q->req, config, &a);
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
static int64_t wait_before(const struct llm_ask *q, const struct llm_decoded *d)
{
	int64_t wait = backoff << (q->attempts - 1), now = clock_mono_ms();
	int64_t need = q->more ? config->llm_timeout_s * 2000 : 1;

	wait += (int64_t)crypt_random_below((uint32_t)wait + 1);
	if (d->wait_ms > wait)
		wait = d->wait_ms + (int64_t)crypt_random_below((uint32_t)backoff + 1);
	if (now + wait + need <= q->deadline && (!q->more || wait <= WAIT_BEFORE_NEXT_MS))
		return wait;
	if (d->wait_ms > 0)
		llm_breaker_hold(q->at->provider, now + d->wait_ms);
	return -1;
}

/* Attempts at one provider. A call that the provider could not read is asked for once more; so is a step whose signature
 * it does not know (the model was changed since), told in our words. */
err_t *llm_ask_until(struct llm_ask *q, struct llm_decoded *ret)
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
			q->encode(q->scratch, q->at, q->what, true, &q->out);
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

void llm_ask_init(const struct config *c)
{
	config = c;
}

const struct config *llm_ask_config(void)
{
	return config;
}

void llm_ask_tune(int64_t backoff_ms)
{
	backoff = backoff_ms ? backoff_ms : BACKOFF_MS;
}

bool llm_ask_elsewhere(const err_t *err)
{
	return err->code == ERR_AUTH_ERROR || err->code == ERR_RATE_LIMIT || err->code == ERR_TIMEOUT ||
	       err->code == ERR_PROVIDER_ERROR;
}
