#include "integrations/google/google_oauth.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/http.h"
#include "core/json.h"
#include "core/query.h"
#include "core/text.h"
#include <string.h>

enum { TOKEN_MS = 15000, REPLY_MAX = 64 * 1024, ID_SKEW_S = 300 };

bool google_configured(const struct config *config)
{
	return config && *config->google_client_id && *config->public_url;
}

/* "https://PUBLIC_URL/oauth/google/callback": what is registered at Google. */
static const char *redirect_of(apr_pool_t *pool, const struct config *config)
{
	return mem_fmt(pool, "%s/oauth/google/callback", config->public_url);
}

const char *google_oauth_url(apr_pool_t *pool, const struct config *config, const struct google_grant *ask)
{
	return mem_fmt(pool, "%s/o/oauth2/v2/auth?%s", config->google_auth_base,
		       query_with(pool, "client_id", config->google_client_id, "redirect_uri",
				  redirect_of(pool, config), "response_type", "code", "scope",
				  google_scopes(pool, ask->features), "access_type", "offline",
				  "include_granted_scopes", "true", "prompt", ask->consent ? "consent" : NULL,
				  "state", ask->state, "nonce", ask->nonce, "login_hint", ask->email,
				  "code_challenge", crypt_sha256_base64url(pool, ask->verifier),
				  "code_challenge_method", "S256", NULL));
}

/* --- the token endpoint --- */

static NODISCARD err_t *post(apr_pool_t *pool, const char *url, const char *form,
			     struct http_reply *ret_reply, struct json **ret_body)
{
	struct http_request request = { .method = "POST",
					.url = url,
					.content_type = "application/x-www-form-urlencoded",
					.body = form,
					.body_n = strlen(form),
					.timeout_ms = TOKEN_MS,
					.reply_max = REPLY_MAX };

	ERR(err_wrap(http_send(pool, &request, ret_reply), "google token"));
	*ret_body = NULL;
	if (ret_reply->n)
		err_clear(json_read(pool, ret_reply->body, ret_reply->n, ret_body));
	return NULL;
}

static bool is_one_of(const char *word, const char *words)
{
	return word && text_has_word(words, word);
}

/* What a status other than 200 means; dead: the code of an invalid_grant. Google's own words stay out: only the error's
 * name, when it is one that we know. */
static err_t *refused(const struct http_reply *reply, const struct json *body, enum err_code dead)
{
	const char *error = body ? json_text(body, "error") : NULL;

	if (reply->status == 429 || reply->status >= 500)
		return err_new(ERR_UNAVAILABLE, "google token: status %ld", reply->status);
	if (is_one_of(error, "invalid_grant"))
		return err_new(dead, "google token: invalid_grant");
	if (is_one_of(error, "admin_policy_enforced org_internal access_denied"))
		return err_new(ERR_DENIED, "google token: %s", error);
	if (is_one_of(error, "invalid_client deleted_client unauthorized_client redirect_uri_mismatch "
			     "invalid_scope invalid_request unsupported_grant_type"))
		return err_new(ERR_CONFIG, "google token: %s", error);
	return err_new(ERR_UNAVAILABLE, "google token: status %ld", reply->status);
}

static NODISCARD err_t *tokens_read(apr_pool_t *pool, const struct json *body, struct google_tokens *ret)
{
	struct google_tokens t = { 0 };

	if (body) {
		t.access = mem_text(pool, json_text(body, "access_token"));
		t.refresh = mem_text(pool, json_text(body, "refresh_token"));
		t.scopes = mem_text(pool, json_text(body, "scope"));
	}
	if (!t.access || !*t.access || !json_int(body, "expires_in", &t.expires_s) || t.expires_s <= 0)
		return err_new(ERR_UNAVAILABLE, "google token: an answer without a token");
	if (!json_int(body, "refresh_token_expires_in", &t.refresh_expires_s) || t.refresh_expires_s < 0)
		t.refresh_expires_s = 0;
	*ret = t;
	return NULL;
}

/* --- the id token --- */

static NODISCARD err_t *payload_of(apr_pool_t *pool, const char *jwt, struct json **ret)
{
	const char *from = strchr(jwt, '.'), *to = from ? strchr(from + 1, '.') : NULL, *bytes = NULL;
	size_t n = 0;

	if (to)
		bytes = crypt_base64url_read(pool, from + 1, (size_t)(to - from) - 1, &n);
	if (!bytes)
		return err_new(ERR_INVALID, "id token: no JWT");
	return err_wrap(json_read(pool, bytes, n, ret), "id token");
}

err_t *google_oauth_claims(apr_pool_t *pool, const struct config *config, const char *id_token,
			   const char *nonce, int64_t now, struct google_tokens *ret)
{
	int64_t expires = 0, issued = 0, now_s = now / SECOND_US;
	const char *issuer, *sub, *email;
	struct json *claims;

	ERR(payload_of(pool, id_token, &claims));
	issuer = json_text(claims, "iss");
	sub = json_text(claims, "sub");
	email = json_text(claims, "email");
	if (!is_one_of(issuer, "https://accounts.google.com accounts.google.com") &&
	    !text_same(issuer, config->google_auth_base)) /* a stand-in names itself */
		return err_new(ERR_INVALID, "id token: of another issuer");
	if (!text_same(json_text(claims, "aud"), config->google_client_id))
		return err_new(ERR_INVALID, "id token: for another client");
	if (!json_int(claims, "exp", &expires) || !json_int(claims, "iat", &issued) ||
	    expires < now_s - ID_SKEW_S || issued > now_s + ID_SKEW_S)
		return err_new(ERR_INVALID, "id token: not of this time");
	if (!text_same(json_text(claims, "nonce"), nonce))
		return err_new(ERR_INVALID, "id token: of another nonce");
	if (!sub || !*sub || strlen(sub) > 255 || !email || !*email || strlen(email) > 320)
		return err_new(ERR_INVALID, "id token: of nobody");
	ret->sub = mem_text(pool, sub);
	ret->email = mem_text(pool, email);
	return NULL;
}

/* --- public --- */

err_t *google_oauth_exchange(apr_pool_t *pool, const struct config *config, const char *code,
			     const struct google_grant *ask, int64_t now, struct google_tokens *ret)
{
	const char *form =
		query_with(pool, "grant_type", "authorization_code", "code", code, "client_id",
			   config->google_client_id, "client_secret", config->google_client_secret,
			   "redirect_uri", redirect_of(pool, config), "code_verifier", ask->verifier, NULL);
	struct http_reply reply = { 0 };
	const char *id_token;
	struct json *body;

	ERR(post(pool, mem_fmt(pool, "%s/token", config->google_token_base), form, &reply, &body));
	if (reply.status != 200)
		return refused(&reply, body, ERR_DENIED);
	ERR(tokens_read(pool, body, ret));
	id_token = json_text(body, "id_token");
	if (!id_token)
		return err_new(ERR_INVALID, "google token: no id token");
	return google_oauth_claims(pool, config, id_token, ask->nonce, now, ret);
}

err_t *google_oauth_refresh(apr_pool_t *pool, const struct config *config, const char *refresh,
			    struct google_tokens *ret)
{
	const char *form =
		query_with(pool, "grant_type", "refresh_token", "refresh_token", refresh, "client_id",
			   config->google_client_id, "client_secret", config->google_client_secret, NULL);
	struct http_reply reply = { 0 };
	struct json *body;

	ERR(post(pool, mem_fmt(pool, "%s/token", config->google_token_base), form, &reply, &body));
	if (reply.status != 200)
		return refused(&reply, body, ERR_AUTH_ERROR);
	return tokens_read(pool, body, ret);
}

err_t *google_oauth_revoke(apr_pool_t *pool, const struct config *config, const char *token)
{
	struct http_reply reply = { 0 };
	struct json *body;

	ERR(post(pool, mem_fmt(pool, "%s/revoke", config->google_token_base),
		 query_with(pool, "token", token, NULL), &reply, &body));
	if (reply.status == 200 || (reply.status == 400 && body &&
				    is_one_of(json_text(body, "error"), "invalid_token invalid_grant")))
		return NULL;
	return refused(&reply, body, ERR_AUTH_ERROR);
}
