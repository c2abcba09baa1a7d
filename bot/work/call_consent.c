/* consent_page, consent_begin and consent_end: a browser on its way to Google and back, for whose link it holds. */
#include "bot/work/person_web.h"
#include "core/log.h"
#include "core/query.h"
#include "core/text.h"
#include "integrations/google/google_oauth.h"
#include "tools/google/consent.h"
#include <string.h>

static struct json *page(struct person_ask *ask, struct req *req, const char *state)
{
	struct json *body = json_object(ask->pool);

	json_set_text(body, "lang", lang_tag(req->lang));
	json_set_text(body, "state", state);
	return body;
}

/* What the page is about: whose it is, which account, and what will be asked. */
static NODISCARD err_t *page_run(struct tx *tx, struct person_ask *ask)
{
	struct req *req = tx_req(tx);
	struct json *body, *features = json_array(ask->pool);
	struct consent c = { 0 };

	ERR(consent_find(tx, ask->session_id, &c));
	body = page(ask, req, c.state == CONSENT_OFFERED || c.state == CONSENT_BEGUN ? "open" : "used");
	json_set_bool(body, "fresh", c.state == CONSENT_OFFERED);
	json_set_text(body, "name", c.name);
	json_set_int(body, "user", req->user_id);
	json_set_text(body, "email", c.email);
	for (unsigned f = 0; f < GOOGLE_FEATURES; f++)
		if (c.features & 1U << f)
			json_push_text(features, google_feature_name(f));
	json_set(body, "features", features);
	person_web_json(ask, 200, body);
	return NULL;
}

static NODISCARD err_t *begin_run(struct tx *tx, struct person_ask *ask)
{
	struct json *body = page(ask, tx_req(tx), "begun"), *given;
	const char *url, *cookie;
	err_t *err;

	ERR(json_read(ask->pool, ask->body.p, ask->body.n, &given));
	err = consent_begin(tx, ask->session_id, json_text(given, "browser"), &url, &cookie);
	if (err && err->code == ERR_CONFLICT) {
		err_clear(err);
		person_web_json(ask, 200, page(ask, tx_req(tx), "used"));
		return NULL;
	}
	ERR(err);
	json_set_text(body, "url", url);
	json_set_text(body, "cookie", cookie);
	person_web_json(ask, 200, body);
	return NULL;
}

/* --- back from Google --- */

/* What came back; how: a word for the page, NULL: all went well. */
struct back {
	struct consent consent;
	struct google_tokens tokens;
	const char *how;
};

static NODISCARD err_t *take(struct req *req, int64_t session_id, const char *state, struct back *b,
			     struct google_grant *ret_ask)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, consent_take(tx, session_id, state, &b->consent, ret_ask));
}

/* Asked for and granted; the rest is told, and asked for again where it is needed. */
static bool is_bare(const struct back *b)
{
	unsigned allowed = google_scopes_allow(b->tokens.scopes ? b->tokens.scopes : "");

	return !(b->consent.features & allowed);
}

static NODISCARD err_t *exchange(struct req *req, struct back *b, const char *code,
				 const struct google_grant *ask)
{
	err_t *err = google_oauth_exchange(req->pool, req->config, code, ask, req->now, &b->tokens);

	b->how = NULL;
	if (err)
		b->how = "trouble";
	else if (*b->consent.email && strcasecmp(b->consent.email, b->tokens.email) != 0)
		b->how = "other";
	else if (is_bare(b))
		b->how = "nothing";
	log_error("consent_failed", err);
	return NULL;
}

/* With no transaction open. The state is taken first: whoever comes twice with it finds it gone. */
static err_t *end_before(struct req *req, struct person_ask *ask)
{
	struct back *b = MEM_NEW(ask->pool, struct back);
	struct google_grant sent = { 0 };
	const char *code, *state, *error;
	struct query query;

	ERR(query_parse(ask->pool, ask->query, strlen(ask->query), &query));
	code = query_value(&query, "code", 0);
	state = query_value(&query, "state", 0);
	error = query_value(&query, "error", 0);
	if (!state || (!code && !error))
		return err_new(ERR_INVALID, "neither a code nor an error");
	ask->found = b;
	ERR(take(req, ask->session_id, state, b, &sent));
	b->how = error && text_same(error, "access_denied") ? "denied" : "trouble";
	return error ? NULL : exchange(req, b, code, &sent);
}

static NODISCARD err_t *end_run(struct tx *tx, struct person_ask *ask)
{
	struct req *req = tx_req(tx);
	struct back *b = ask->found;
	struct json *body = page(ask, req, b->how ? b->how : "number");
	int64_t number;

	if (b->how) {
		ERR(consent_fail(tx, &b->consent, mem_fmt(ask->pool, "google.failed.%s", b->how)));
	} else {
		ERR(consent_wait(tx, &b->consent, &b->tokens, &number));
		json_set_int(body, "number", number);
		json_set_text(body, "email", b->tokens.email);
	}
	json_set_text(body, "wanted", b->consent.email);
	person_web_json(ask, 200, body);
	return NULL;
}

const struct person_call calls_consent[] = {
	{ "consent_page", page_run },
	{ "consent_begin", begin_run },
	{ "consent_end", end_run, end_before },
	{ 0 },
};
