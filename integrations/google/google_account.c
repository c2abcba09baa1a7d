#include "integrations/google/google_account.h"

#include "core/clock.h"
#include "core/fiber.h"
#include "core/json.h"
#include "core/log.h"
#include "core/seal.h"
#include "core/text.h"
#include "db/outbox.h"
#include <string.h>

enum {
	LEASE_S = 20,    /* longer than a refresh takes (TOKEN_MS of google_oauth.c, and a commit) */
	LOOK_MS = 100,   /* between looks while another process refreshes */
	WAIT_MS = 22000, /* for that */
};

err_t *google_seal(struct req *req, const char *what, const char *secret, const char **ret_sealed)
{
	return seal_close(req->pool, req->config,
			  mem_fmt(req->pool, "google:%lld:%s", (long long)req->user_id, what), secret,
			  ret_sealed);
}

err_t *google_unseal(struct req *req, const char *what, const char *sealed, const char **ret_secret)
{
	return seal_open(req->pool, req->config,
			 mem_fmt(req->pool, "google:%lld:%s", (long long)req->user_id, what), sealed,
			 ret_secret);
}

/* --- which --- */

static struct google_account account_of(apr_pool_t *pool, const struct rows *rows, int row)
{
	unsigned allowed = google_scopes_allow(rows_text(rows, row, COL_GOOGLE_ACCOUNTS_SCOPES));
	struct google_account a = { .id = rows_int(rows, row, COL_GOOGLE_ACCOUNTS_ID) };

	a.email = mem_text(pool, rows_text(rows, row, COL_GOOGLE_ACCOUNTS_EMAIL));
	a.broken = text_same(rows_text(rows, row, COL_GOOGLE_ACCOUNTS_STATE), "broken");
	a.usual = rows_bool(rows, row, COL_GOOGLE_ACCOUNTS_USUAL);
	for (unsigned f = 0; f < GOOGLE_FEATURES; f++)
		a.may[f] = allowed & 1U << f;
	return a;
}

err_t *google_account_list(struct tx *tx, size_t *ret_n, struct google_account **ret_accounts)
{
	apr_pool_t *pool = tx_req(tx)->pool;
	struct google_account *list;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_GOOGLE_ACCOUNTS, PG_ARGS(), &rows));
	list = mem_alloc(pool, sizeof *list * (size_t)(rows_count(rows) + 1));
	for (int i = 0; i < rows_count(rows); i++)
		list[i] = account_of(pool, rows, i);
	*ret_n = (size_t)rows_count(rows);
	*ret_accounts = list;
	return NULL;
}

static enum google_standing standing_of(const struct google_account *a, enum google_feature feature)
{
	if (!a->may[feature])
		return GOOGLE_UNASKED;
	return a->broken ? GOOGLE_BROKEN : GOOGLE_READY;
}

err_t *google_account_for(struct tx *tx, enum google_feature feature, int64_t id,
			  struct google_account *ret_account, enum google_standing *ret_standing)
{
	enum google_standing best = GOOGLE_NONE;
	struct google_account *list;
	size_t n;

	*ret_account = (struct google_account){ .email = "" };
	*ret_standing = GOOGLE_ABSENT;
	if (!google_configured(tx_req(tx)->config))
		return NULL;
	ERR(google_account_list(tx, &n, &list));
	for (size_t i = 0; i < n && best != GOOGLE_READY; i++) {
		enum google_standing standing = standing_of(&list[i], feature);

		if (id && list[i].id != id)
			continue;
		/* Ready is best, then one that only has to be connected anew, then one to ask. */
		if (best == GOOGLE_NONE || standing == GOOGLE_READY ||
		    (standing == GOOGLE_BROKEN && best == GOOGLE_UNASKED)) {
			best = standing;
			*ret_account = list[i];
		}
	}
	*ret_standing = best;
	return NULL;
}

/* --- keeping --- */

err_t *google_account_put(struct tx *tx, const struct google_tokens *t, int64_t must_be, int64_t *ret_id)
{
	struct req *req = tx_req(tx);
	const char *refresh = NULL, *access;
	struct rows *rows;

	if (t->refresh)
		ERR(google_seal(req, "refresh", t->refresh, &refresh));
	ERR(google_seal(req, "access", t->access, &access));
	ERR(tx_exec(tx, STMT_GOOGLE_ACCOUNT_PUT,
		    PG_ARGS(PG_TEXT(t->sub), PG_TEXT(t->email), PG_TEXT(t->scopes ? t->scopes : ""),
			    PG_TEXT(refresh), PG_INT(t->refresh_expires_s), PG_INT(t->expires_s),
			    PG_INT(must_be), PG_TEXT(access), PG_INT(req->bot_id), PG_INT(req->chat_id)),
		    &rows));
	*ret_id = rows_count(rows) ? rows_int(rows, 0, COL_GOOGLE_ACCOUNT_PUT_ID) : 0;
	return NULL;
}

err_t *google_account_consents(struct tx *tx, int64_t id, unsigned features, bool *ret_consents)
{
	struct rows *rows;

	*ret_consents = true;
	if (!id)
		return NULL;
	ERR(tx_exec(tx, STMT_GOOGLE_GRANT, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "no such account");
	*ret_consents = rows_bool(rows, 0, COL_GOOGLE_GRANT_OVER) ||
			(features & ~google_scopes_allow(rows_text(rows, 0, COL_GOOGLE_GRANT_SCOPES)));
	return NULL;
}

err_t *google_account_forget(struct tx *tx, int64_t id, const char **ret_refresh, const char **ret_email,
			     const char **ret_sub)
{
	struct req *req = tx_req(tx);
	struct rows *rows;

	ERR(tx_exec(tx, STMT_GOOGLE_FORGET, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "no such account");
	*ret_email = mem_text(req->pool, rows_text(rows, 0, COL_GOOGLE_FORGET_EMAIL));
	*ret_refresh = mem_text(req->pool, rows_text(rows, 0, COL_GOOGLE_FORGET_REFRESH));
	*ret_sub = mem_text(req->pool, rows_text(rows, 0, COL_GOOGLE_FORGET_SUB));
	return tx_defer(tx, STMT_GOOGLE_USUAL_NEXT, PG_ARGS());
}

err_t *google_account_has(struct tx *tx, const char *sub, bool *ret_has)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_GOOGLE_HAS, PG_ARGS(PG_TEXT(sub)), &rows));
	*ret_has = rows_bool(rows, 0, COL_GOOGLE_HAS_HAS);
	return NULL;
}

err_t *google_account_usual(struct tx *tx, int64_t id, const char **ret_email)
{
	struct rows *rows;

	ERR(tx_defer(tx, STMT_GOOGLE_USUAL_NONE, PG_ARGS()));
	ERR(tx_exec(tx, STMT_GOOGLE_USUAL, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "no such account");
	*ret_email = mem_text(tx_req(tx)->pool, rows_text(rows, 0, COL_GOOGLE_USUAL_EMAIL));
	return NULL;
}

/* --- a token --- */

/* One account's token on its way. */
struct getting {
	struct req *req;
	int64_t id;
	const char *stale;   /* as it was refused, or NULL */
	const char *refresh; /* sealed */
	const char *token;
	bool leased; /* we refresh it */
	bool broken;
};

/* Whether what is kept is another token than the refused one, and young enough. */
static NODISCARD err_t *kept_read(struct getting *g, const char *sealed, bool fresh)
{
	const char *token;

	if (!*sealed || !fresh)
		return NULL;
	ERR(google_unseal(g->req, "access", sealed, &token));
	if (!text_same(token, g->stale))
		g->token = token;
	return NULL;
}

static NODISCARD err_t *look_body(struct getting *g, struct tx *tx)
{
	const char *access;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_GOOGLE_TOKEN, PG_ARGS(PG_INT(g->id)), &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "no such account");
	if (text_same(rows_text(rows, 0, COL_GOOGLE_TOKEN_STATE), "broken"))
		return err_new(ERR_AUTH_ERROR, "the account is to be connected anew");
	g->refresh = mem_text(g->req->pool, rows_text(rows, 0, COL_GOOGLE_TOKEN_REFRESH));
	access = rows_text(rows, 0, COL_GOOGLE_TOKEN_ACCESS);
	ERR(kept_read(g, access, rows_bool(rows, 0, COL_GOOGLE_TOKEN_FRESH)));
	if (g->token)
		return NULL;
	ERR(tx_exec(tx, STMT_GOOGLE_LEASE, PG_ARGS(PG_INT(g->id), PG_DOUBLE(LEASE_S), PG_TEXT(access)),
		    &rows));
	g->leased = rows_count(rows) > 0;
	return NULL;
}

static NODISCARD err_t *look(struct getting *g)
{
	struct tx *tx;

	ERR(tx_begin_user(g->req, &tx));
	return tx_end(tx, look_body(g, tx));
}

const char *google_account_button(struct req *req, int64_t id)
{
	struct json *markup = json_object(req->pool), *rows = json_array(req->pool),
		    *row = json_array(req->pool), *button = json_object(req->pool);

	json_set_text(button, "text", tr(req->pool, req->lang, "google.button.reconnect"));
	json_set_text(button, "callback_data",
		      mem_fmt(req->pool, "t:connect_google:account=%lld", (long long)id));
	json_push(row, button);
	json_push(rows, row);
	json_set(markup, "inline_keyboard", rows);
	return json_write(req->pool, markup);
}

/* The person hears it once, with a way out. */
static NODISCARD err_t *broken_tell(struct tx *tx, int64_t id, const char *email)
{
	struct req *req = tx_req(tx);

	return outbox_put(tx, &(struct outgoing){ .dedupe = mem_fmt(req->pool, "google-broken:%lld:%lld",
								    (long long)id, (long long)req->now),
						  .method = "send",
						  .text = tr(req->pool, req->lang, "google.broken",
							     SLOT_S("email", email)),
						  .markup = google_account_button(req, id),
						  .class = "reply" });
}

static NODISCARD err_t *broken_body(struct getting *g, struct tx *tx)
{
	struct req *req = g->req;
	int64_t bot = req->bot_id, chat = req->chat_id;
	struct rows *rows;
	err_t *err;

	ERR(tx_exec(tx, STMT_GOOGLE_BREAK, PG_ARGS(PG_INT(g->id), PG_TEXT(g->refresh)), &rows));
	if (!rows_count(rows))
		return NULL;
	log_event(LOG_WARN, "google_account_broken", KV_I("account", g->id));
	req->bot_id = rows_int(rows, 0, COL_GOOGLE_BREAK_BOT_ID);
	req->chat_id = rows_int(rows, 0, COL_GOOGLE_BREAK_CHAT_ID);
	err = broken_tell(tx, g->id, rows_text(rows, 0, COL_GOOGLE_BREAK_EMAIL));
	req->bot_id = bot;
	req->chat_id = chat;
	return err;
}

static NODISCARD err_t *refreshed_body(struct getting *g, struct tx *tx, const struct google_tokens *t)
{
	struct req *req = g->req;
	const char *access, *refresh = NULL;

	ERR(google_seal(req, "access", t->access, &access));
	if (t->refresh)
		ERR(google_seal(req, "refresh", t->refresh, &refresh));
	if (t->scopes)
		ERR(tx_defer(tx, STMT_GOOGLE_SCOPES,
			     PG_ARGS(PG_INT(g->id), PG_TEXT(t->scopes), PG_TEXT(g->refresh))));
	return tx_defer(tx, STMT_GOOGLE_REFRESHED,
			PG_ARGS(PG_INT(g->id), PG_TEXT(access), PG_INT(t->expires_s), PG_TEXT(refresh),
				PG_TEXT(g->refresh)));
}

/* What came of it is written down in a transaction of its own: new tokens, a dead account, or only that the lease is free. */
static NODISCARD err_t *write_down(struct getting *g, const struct google_tokens *t)
{
	struct tx *tx;
	err_t *err;

	ERR(tx_begin_user(g->req, &tx));
	if (t)
		err = refreshed_body(g, tx, t);
	else if (g->broken)
		err = broken_body(g, tx);
	else
		err = tx_defer(tx, STMT_GOOGLE_LET, PG_ARGS(PG_INT(g->id)));
	return tx_end(tx, err);
}

static NODISCARD err_t *refresh(struct getting *g)
{
	struct google_tokens t = { 0 };
	const char *secret;
	err_t *err = google_unseal(g->req, "refresh", g->refresh, &secret), *lost;

	/* /stop does not come between a refresh and its row: the lease would stay. */
	fiber_shield(+1);
	if (!err)
		err = google_oauth_refresh(g->req->pool, g->req->config, secret, &t);
	g->broken = err && err->code == ERR_AUTH_ERROR;
	lost = write_down(g, err ? NULL : &t);
	fiber_shield(-1);
	if (err) {
		log_error("google_refresh_unsettled", lost);
		return err;
	}
	g->token = t.access;
	return lost;
}

err_t *google_account_token(struct req *req, int64_t id, const char *stale, const char **ret_token)
{
	struct getting g = { .req = req, .id = id, .stale = stale };
	int64_t until = clock_mono_ms() + WAIT_MS;

	for (;;) {
		ERR(look(&g));
		if (g.leased)
			ERR(refresh(&g));
		if (g.token)
			break;
		if (clock_mono_ms() >= until)
			return err_new(ERR_UNAVAILABLE, "another process has refreshed it for too long");
		ERR(fiber_sleep(LOOK_MS));
	}
	*ret_token = g.token;
	return NULL;
}

/* --- leaving --- */

static NODISCARD err_t *secrets(struct req *req, struct rows **ret_rows)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, tx_exec(tx, STMT_GOOGLE_SECRETS, PG_ARGS(), ret_rows));
}

err_t *google_account_revoke_all(struct req *req, int *ret_left)
{
	struct rows *rows;

	*ret_left = 0;
	ERR(secrets(req, &rows));
	for (int i = 0; i < rows_count(rows); i++) {
		const char *refresh;
		err_t *err = google_unseal(req, "refresh", rows_text(rows, i, COL_GOOGLE_SECRETS_REFRESH),
					   &refresh);

		if (!err)
			err = google_oauth_revoke(req->pool, req->config, refresh);
		*ret_left += err != NULL;
		log_error("google_revoke_failed", err);
	}
	return NULL;
}

/* --- keys --- */

static NODISCARD err_t *reseal_one(struct req *req, const char *what, const char *sealed, const char **ret)
{
	const char *secret;

	*ret = NULL;
	if (!sealed)
		return NULL;
	ERR(google_unseal(req, what, sealed, &secret));
	return google_seal(req, what, secret, ret);
}

static NODISCARD err_t *reseal_body(struct tx *tx)
{
	struct req *req = tx_req(tx);
	struct rows *rows;

	ERR(tx_defer(tx, STMT_GOOGLE_CONSENTS_FORGET, PG_ARGS()));
	ERR(tx_exec(tx, STMT_GOOGLE_SECRETS, PG_ARGS(), &rows));
	for (int i = 0; i < rows_count(rows); i++) {
		const char *refresh, *access;

		ERR(reseal_one(req, "refresh", rows_text(rows, i, COL_GOOGLE_SECRETS_REFRESH), &refresh));
		ERR(reseal_one(req, "access", rows_text_or_null(rows, i, COL_GOOGLE_SECRETS_ACCESS),
			       &access));
		ERR(tx_defer(tx, STMT_GOOGLE_RESEAL,
			     PG_ARGS(PG_INT(rows_int(rows, i, COL_GOOGLE_SECRETS_ID)), PG_TEXT(refresh),
				     PG_TEXT(access))));
	}
	return NULL;
}

err_t *google_account_reseal(struct req *req)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, reseal_body(tx));
}
