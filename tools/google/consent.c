#include "tools/google/consent.h"

#include "core/crypt.h"
#include "core/text.h"
#include "db/outbox.h"
#include "db/session.h"
#include "tools/markup.h"
#include <string.h>

static const char *const states[] = {
	[CONSENT_OFFERED] = "offered", [CONSENT_BEGUN] = "begun", [CONSENT_TAKEN] = "taken",
	[CONSENT_WAITING] = "waiting", [CONSENT_OVER] = "over",
};

static struct consent consent_of(apr_pool_t *pool, const struct rows *rows, int col)
{
	const char *state = rows_text(rows, 0, col + COL_CONSENT_STATE);
	struct consent c = { .id = rows_int(rows, 0, col + COL_CONSENT_ID), .state = CONSENT_OVER };

	for (int i = 0; i < CONSENT_OVER; i++)
		if (text_same(states[i], state))
			c.state = i;
	c.features = (unsigned)rows_int(rows, 0, col + COL_CONSENT_FEATURES);
	c.account_id = rows_int(rows, 0, col + COL_CONSENT_ACCOUNT_ID);
	c.email = mem_text(pool, rows_text(rows, 0, col + COL_CONSENT_EMAIL));
	c.name = mem_text(pool, rows_text(rows, 0, col + COL_CONSENT_NAME));
	return c;
}

/* --- what is sealed with it --- */

static const char *ask_json(apr_pool_t *pool, const struct google_grant *ask)
{
	struct json *o = json_object(pool);

	json_set_text(o, "state", ask->state);
	json_set_text(o, "verifier", ask->verifier);
	json_set_text(o, "nonce", ask->nonce);
	return json_write(pool, o);
}

static NODISCARD err_t *ask_read(struct req *req, const char *sealed, struct google_grant *ret)
{
	const char *text;
	struct json *o;

	ERR(google_unseal(req, "ask", sealed, &text));
	ERR(json_read(req->pool, text, strlen(text), &o));
	*ret = (struct google_grant){ .state = json_text(o, "state"),
				      .verifier = json_text(o, "verifier"),
				      .nonce = json_text(o, "nonce") };
	return NULL;
}

static const struct json_field token_fields[] = {
	{ "access", JSON_TEXT, JSON_REQUIRED, offsetof(struct google_tokens, access), 1, 8192 },
	{ "refresh", JSON_TEXT, 0, offsetof(struct google_tokens, refresh), 1, 4096 },
	{ "scopes", JSON_TEXT, 0, offsetof(struct google_tokens, scopes), 0, 8192 },
	{ "expires_s", JSON_INT, 0, offsetof(struct google_tokens, expires_s), 0, INT64_MAX },
	{ "refresh_expires_s", JSON_INT, 0, offsetof(struct google_tokens, refresh_expires_s), 0, INT64_MAX },
	{ "sub", JSON_TEXT, JSON_REQUIRED, offsetof(struct google_tokens, sub), 1, 255 },
	{ "email", JSON_TEXT, JSON_REQUIRED, offsetof(struct google_tokens, email), 1, 320 },
	{ 0 },
};

static NODISCARD err_t *tokens_read(struct req *req, const char *sealed, struct google_tokens *ret)
{
	const char *text;
	struct json *o;
	uint64_t seen;

	ERR(google_unseal(req, "tokens", sealed, &text));
	ERR(json_read(req->pool, text, strlen(text), &o));
	return json_decode(req->pool, o, token_fields, ret, &seen);
}

/* --- the chat --- */

/* To the chat that asked, once for each consent and step. */
static NODISCARD err_t *tell(struct tx *tx, int64_t id, const struct rows *where, int bot, int chat,
			     const char *step, const struct outcome *o)
{
	struct req *req = tx_req(tx);

	req->bot_id = rows_int(where, 0, bot);
	req->chat_id = rows_int(where, 0, chat);
	return outbox_put(tx,
			  &(struct outgoing){ .dedupe = mem_fmt(req->pool, "consent:%lld:%lld:%s",
								(long long)req->user_id, (long long)id, step),
					      .method = "send",
					      .text = o->html,
					      .markup = markup_json(req->pool, o->buttons, o->buttons_n),
					      .class = "reply" });
}

/* The right number among two others, in no order. */
static void numbers(struct req *req, int64_t id, int64_t right, struct outcome *o)
{
	int64_t v[3] = { right, right, right };
	uint32_t place = crypt_random_below(3);

	while (v[1] == right)
		v[1] = 10 + crypt_random_below(90);
	while (v[2] == right || v[2] == v[1])
		v[2] = 10 + crypt_random_below(90);
	v[0] = v[place];
	v[place] = right;
	for (int i = 0; i < 3; i++)
		outcome_button(req, o, 0, mem_fmt(req->pool, "%d", (int)v[i]),
			       button_act(req->pool, "confirm_google", SLOT_I("id", id),
					  SLOT_I("number", v[i])));
	outcome_button(req, o, 1, tr(req->pool, req->lang, "google.button.not_me"),
		       button_act(req->pool, "confirm_google", SLOT_I("id", id), SLOT_I("number", 0)));
}

/* --- public --- */

err_t *consent_offer(struct tx *tx, unsigned features, int64_t account_id, const char **ret_link)
{
	struct req *req = tx_req(tx);
	const char *token;
	struct rows *rows;
	int64_t session;

	ERR(session_consent(tx, CONSENT_LIFE_S, NULL, &token, &session));
	ERR(tx_exec(tx, STMT_CONSENT_PUT,
		    PG_ARGS(PG_INT(features), PG_INT(account_id), PG_INT(req->bot_id), PG_INT(req->chat_id),
			    PG_INT(session), PG_INT(CONSENT_LIFE_S)),
		    &rows));
	*ret_link = mem_fmt(req->pool, "%s/oauth/google/start?k=%s", req->config->public_url, token);
	return NULL;
}

err_t *consent_find(struct tx *tx, int64_t session_id, struct consent *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_CONSENT_FIND, PG_ARGS(PG_INT(session_id)), &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "no such consent");
	*ret = consent_of(tx_req(tx)->pool, rows, COL_CONSENT_FIND_CONSENT);
	return NULL;
}

static NODISCARD err_t *browser_session(struct tx *tx, const struct rows *rows, enum consent_state state,
					const char *browser, int64_t *ret_session, const char **ret_cookie)
{
	int64_t session = rows_int(rows, 0, COL_CONSENT_FIND_BROWSER_SESSION);
	struct rows *same;

	*ret_cookie = browser;
	if (state == CONSENT_OFFERED)
		return session_consent(tx, CONSENT_LIFE_S, browser, ret_cookie, ret_session);
	if (state != CONSENT_BEGUN)
		return err_new(ERR_CONFLICT, "the consent has gone on");
	ERR(tx_exec(tx, STMT_CONSENT_BROWSER, PG_ARGS(PG_TEXT(browser ? browser : ""), PG_INT(session)),
		    &same));
	if (!rows_bool(same, 0, COL_CONSENT_BROWSER_SAME))
		return err_new(ERR_CONFLICT, "another browser began it");
	*ret_session = session;
	return NULL;
}

err_t *consent_begin(struct tx *tx, int64_t session_id, const char *browser, const char **ret_url,
		     const char **ret_cookie)
{
	struct req *req = tx_req(tx);
	struct google_grant ask = { .state = crypt_random_hex(req->pool, 32),
				    .verifier = crypt_random_hex(req->pool, 32),
				    .nonce = crypt_random_hex(req->pool, 16) };
	const char *sealed, *cookie;
	struct consent c;
	struct rows *rows;
	int64_t session = 0;

	ERR(tx_exec(tx, STMT_CONSENT_FIND, PG_ARGS(PG_INT(session_id)), &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "no such consent");
	c = consent_of(req->pool, rows, COL_CONSENT_FIND_CONSENT);
	ERR(browser_session(tx, rows, c.state, browser, &session, &cookie));
	ask.features = c.features;
	ask.email = *c.email ? c.email : NULL;
	ERR(google_account_consents(tx, c.account_id, c.features, &ask.consent));
	ERR(google_seal(req, "ask", ask_json(req->pool, &ask), &sealed));
	ERR(tx_defer(tx, STMT_CONSENT_BEGIN,
		     PG_ARGS(PG_INT(c.id), PG_INT(session), PG_TEXT(sealed), PG_INT(CONSENT_LIFE_S))));
	*ret_url = google_oauth_url(req->pool, req->config, &ask);
	*ret_cookie = cookie;
	return NULL;
}

err_t *consent_take(struct tx *tx, int64_t session_id, const char *state, struct consent *ret,
		    struct google_grant *ret_ask)
{
	struct req *req = tx_req(tx);
	struct rows *rows;

	ERR(tx_exec(tx, STMT_CONSENT_FIND, PG_ARGS(PG_INT(session_id)), &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "no such consent");
	*ret = consent_of(req->pool, rows, COL_CONSENT_FIND_CONSENT);
	if (ret->state != CONSENT_BEGUN || rows_int(rows, 0, COL_CONSENT_FIND_BROWSER_SESSION) != session_id)
		return err_new(ERR_NOT_FOUND, "nobody was sent there");
	ERR(ask_read(req, rows_text(rows, 0, COL_CONSENT_FIND_ASK), ret_ask));
	if (!crypt_equal(state, ret_ask->state))
		return err_new(ERR_DENIED, "another state");
	return tx_defer(tx, STMT_CONSENT_TAKE, PG_ARGS(PG_INT(ret->id)));
}

err_t *consent_wait(struct tx *tx, const struct consent *consent, const struct google_tokens *tokens,
		    int64_t *ret_number)
{
	struct req *req = tx_req(tx);
	struct outcome o = { .html = tr(req->pool, req->lang, "google.which_number",
					SLOT_S("email", tokens->email)) };
	int64_t number = 10 + crypt_random_below(90);
	const char *sealed;
	struct rows *rows;

	ERR(google_seal(req, "tokens", json_write(req->pool, json_encode(req->pool, token_fields, tokens)),
			&sealed));
	ERR(tx_exec(tx, STMT_CONSENT_WAIT,
		    PG_ARGS(PG_INT(consent->id), PG_TEXT(sealed), PG_INT(number), PG_INT(CONSENT_LIFE_S)),
		    &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "the consent is over");
	numbers(req, consent->id, number, &o);
	*ret_number = number;
	return tell(tx, consent->id, rows, COL_CONSENT_WAIT_BOT_ID, COL_CONSENT_WAIT_CHAT_ID, "number", &o);
}

/* A button has no room for all of them. */
static const char *first_of(unsigned features)
{
	for (unsigned f = 0; f < GOOGLE_FEATURES; f++)
		if (features & 1U << f)
			return google_feature_name(f);
	return "";
}

err_t *consent_fail(struct tx *tx, const struct consent *consent, const char *key)
{
	struct req *req = tx_req(tx);
	struct outcome o = { .html = tr(req->pool, req->lang, key, SLOT_S("email", consent->email)) };
	struct rows *rows;

	ERR(tx_exec(tx, STMT_CONSENT_OVER, PG_ARGS(PG_INT(consent->id)), &rows));
	if (!rows_count(rows))
		return NULL;
	outcome_button(req, &o, 0, tr(req->pool, req->lang, "google.button.again"),
		       button_act(req->pool, "connect_google", SLOT_S("for", first_of(consent->features)),
				  SLOT_S("account",
					 consent->account_id
						 ? mem_fmt(req->pool, "%lld", (long long)consent->account_id)
						 : "new")));
	return tell(tx, consent->id, rows, COL_CONSENT_OVER_BOT_ID, COL_CONSENT_OVER_CHAT_ID, "failed", &o);
}

err_t *consent_confirm(struct tx *tx, int64_t id, int64_t number, struct consent *ret,
		       struct google_tokens *ret_tokens, bool *ret_right, int64_t *ret_account)
{
	struct req *req = tx_req(tx);
	struct rows *rows;

	*ret_right = false;
	*ret_account = 0;
	ERR(tx_exec(tx, STMT_CONSENT_TAP, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "nothing waits");
	*ret = consent_of(req->pool, rows, COL_CONSENT_TAP_CONSENT);
	ERR(tokens_read(req, rows_text(rows, 0, COL_CONSENT_TAP_TOKENS), ret_tokens));
	*ret_right = number == rows_int(rows, 0, COL_CONSENT_TAP_NUMBER);
	if (!*ret_right)
		return NULL;
	return google_account_put(tx, ret_tokens, ret->account_id, ret_account);
}
