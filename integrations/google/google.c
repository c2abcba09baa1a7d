#include "integrations/google/google.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/http.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/text.h"
#include "db/rate.h"
#include "integrations/google/google_account.h"
#include <string.h>

enum {
	CALL_MS = 20000,
	TRIES = 4,
	BACKOFF_MS = 1000,
	BACKOFF_MAX_MS = 32000, /* Google: min(2^n + random, 32 s) */
	GO_MS = 40000,          /* for all tries of one call */
	MINUTE_S = 60,
};

/* Google's limits of one person a minute since May 2026, a tenth kept free for what we do not count. */
static const struct {
	const char *base, *quota;
	int64_t units;
} apis[] = {
	[GOOGLE_CALENDAR_API] = { "/calendar/v3", "google_calendar", 540 },
	[GOOGLE_DRIVE_API] = { "/drive/v3", "google_drive", 290000 },
	[GOOGLE_UPLOAD_API] = { "/upload/drive/v3", "google_drive", 290000 },
	[GOOGLE_GMAIL_API] = { "/gmail/v1/users/me", "google_mail", 5400 },
};

static int64_t backoff_ms = BACKOFF_MS;

void google_tune(int64_t ms)
{
	backoff_ms = ms ? ms : BACKOFF_MS;
}

/* One call on its way. */
struct calling {
	struct req *req;
	int64_t account;
	const struct google_request *request;
	const char *token;
	struct http_reply http;
	struct google_reply *reply;
};

static NODISCARD err_t *quota(const struct calling *c)
{
	const struct google_request *request = c->request;
	int64_t n;

	ERR(rate_add(c->req->pool,
		     mem_fmt(c->req->pool, "%s:%lld", apis[request->api].quota, (long long)c->req->user_id),
		     request->units ? request->units : 1, MINUTE_S, clock_now(), &n));
	if (n <= apis[request->api].units)
		return NULL;
	return err_new(ERR_RATE_LIMIT, "google: the person's minute is spent");
}

static NODISCARD err_t *send_once(struct calling *c)
{
	apr_pool_t *pool = c->req->pool;
	const struct config *config = c->req->config;
	const struct google_request *g = c->request;
	const char *headers[3] = { mem_fmt(pool, "Authorization: Bearer %s", c->token) };
	struct http_request request = {
		.method = g->method, .headers = headers, .timeout_ms = CALL_MS, .reply_max = g->reply_max
	};

	request.url = mem_fmt(pool, "%s%s%s",
			      g->api == GOOGLE_GMAIL_API ? config->gmail_api_base : config->google_api_base,
			      apis[g->api].base, g->path);
	if (g->if_match)
		headers[1] = mem_fmt(pool, "If-Match: %s", g->if_match);
	if (g->body) {
		request.body = json_write(pool, g->body);
		request.body_n = strlen(request.body);
	} else if (g->bytes) {
		request.body = g->bytes;
		request.body_n = g->bytes_n;
		request.content_type = g->type;
	} else if (!text_same(g->method, "GET")) {
		request.body = ""; /* a POST without one still says that it has none */
	}
	return http_send(pool, &request, &c->http);
}

/* A 401 may only say that the token is too old: one refresh, one repeat. It was not done, so that a repeat is harmless. */
static NODISCARD err_t *send_fresh(struct calling *c)
{
	ERR(send_once(c));
	if (c->http.status != 401)
		return NULL;
	ERR(google_account_token(c->req, c->account, c->token, &c->token));
	return send_once(c);
}

static void reply_read(struct calling *c)
{
	struct google_reply *r = c->reply;
	const char *reason = NULL;

	*r = (struct google_reply){ .status = c->http.status,
				    .bytes = c->http.body,
				    .n = c->http.n,
				    .reason = "",
				    .maybe_sent = true };
	if (r->n && r->n <= LIMIT_JSON_BYTES)
		err_clear(json_read(c->req->pool, r->bytes, r->n, &r->body));
	if (r->status < 300 || !r->body)
		return;
	reason = json_text(r->body, "error.errors.0.reason");
	if (!reason)
		reason = json_text(r->body, "error.details.0.reason");
	if (!reason)
		reason = json_text(r->body, "error.status");
	if (reason)
		r->reason = text_cut(c->req->pool, reason, 60);
}

static bool is_of_speed(const struct google_reply *r)
{
	return r->status == 429 ||
	       (r->status == 403 && text_has_word("rateLimitExceeded userRateLimitExceeded quotaExceeded "
						  "dailyLimitExceeded",
						  r->reason));
}

/* A long limit does not go away while somebody waits. */
static bool is_worth_a_wait(const struct google_reply *r)
{
	return !text_has_word("quotaExceeded dailyLimitExceeded", r->reason);
}

/* What the status means for the caller; NULL: it is the caller's to read. The reason is a word of Google's list. */
static err_t *meaning(const struct calling *c)
{
	const struct google_reply *r = c->reply;
	bool empty = !r->n && !text_same(c->request->method, "GET");

	if (is_of_speed(r))
		return err_new(ERR_RATE_LIMIT, "google: status %ld", r->status);
	switch (r->status) {
	case 304:
	case 404:
	case 409:
	case 410:
	case 412: return NULL;
	case 401: return err_new(ERR_AUTH_ERROR, "google: a fresh token is refused");
	case 403: return err_new(ERR_DENIED, "google: status 403");
	default: break;
	}
	if (r->status >= 200 && r->status < 300)
		return c->request->raw || r->body || empty ? NULL
							   : err_new(ERR_UNAVAILABLE, "google: no JSON");
	if (r->status >= 500)
		return err_new(ERR_UNAVAILABLE, "google: status %ld", r->status);
	return err_new(ERR_INVALID, "google: status %ld", r->status);
}

static int64_t wait_for(const struct calling *c, int try)
{
	int64_t wait = backoff_ms << try;

	if (wait > BACKOFF_MAX_MS)
		wait = BACKOFF_MAX_MS;
	if (c->http.retry_after_s > 0 && c->http.retry_after_s * 1000 > wait)
		wait = c->http.retry_after_s * 1000;
	return wait + crypt_random_below((uint32_t)backoff_ms + 1);
}

static bool is_passing(const err_t *err, const struct google_reply *r)
{
	switch (err->code) {
	case ERR_RATE_LIMIT: return r->status != 0 && is_worth_a_wait(r);
	case ERR_UNAVAILABLE: return r->status != 0;
	case ERR_HTTP:
	case ERR_TIMEOUT: return true;
	default: return false;
	}
}

static NODISCARD err_t *attempt(struct calling *c)
{
	err_t *err;

	*c->reply = (struct google_reply){ .bytes = "", .reason = "" };
	c->http = (struct http_reply){ .retry_after_s = -1 };
	ERR(quota(c));
	err = send_fresh(c);
	c->reply->maybe_sent = c->http.maybe_sent;
	if (err)
		return err;
	reply_read(c);
	err = meaning(c);
	if (err && err->code != ERR_UNAVAILABLE)
		c->reply->maybe_sent = false;
	return err;
}

err_t *google_call(struct req *req, int64_t account_id, const struct google_request *request,
		   struct google_reply *ret_reply)
{
	struct calling c = { .req = req, .account = account_id, .request = request, .reply = ret_reply };
	int64_t until = clock_mono_ms() + GO_MS;
	bool again = text_same(request->method, "GET") && !request->once;
	err_t *err;

	*ret_reply = (struct google_reply){ .bytes = "", .reason = "" };
	ERR(google_account_token(req, account_id, NULL, &c.token));
	for (int try = 0;; try++) {
		int64_t wait;

		err = attempt(&c);
		if (!err || !again || try + 1 == TRIES || !is_passing(err, ret_reply))
			break;
		wait = wait_for(&c, try);
		if (clock_mono_ms() + wait > until)
			break;
		err_clear(err);
		ERR(fiber_sleep(wait));
	}
	log_event(LOG_DEBUG, "google_call", KV_S("method", request->method),
		  KV_I("status", ret_reply->status), KV_S("result", err ? err_name(err->code) : "ok"));
	return err;
}
