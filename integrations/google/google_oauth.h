/* google_oauth: consent and tokens of Google, on the wire.
 * Needs: http, json, query, config. Used by: google_account, call_consent.
 * Source: Google, "Using OAuth 2.0 for web server applications"; RFC 7636. No secret is in a URL or a log. Not inside a
 * transaction. */
#ifndef INTEGRATIONS_GOOGLE_GOOGLE_OAUTH_H
#define INTEGRATIONS_GOOGLE_GOOGLE_OAUTH_H

#include "core/config.h"
#include "integrations/google/google_scope.h"

struct google_grant {
	unsigned features; /* bits 1 << enum google_feature: what is asked for */
	const char *state, *verifier, *nonce;
	const char *email; /* of an account that is connected anew, or NULL */
	bool consent;      /* no refresh token is stored: only a consent screen gives one */
};

struct google_tokens {
	const char *access;
	const char *refresh;       /* NULL: none came, and an old one stays good */
	const char *scopes;        /* as granted, separated by spaces */
	int64_t expires_s;         /* of access */
	int64_t refresh_expires_s; /* 0: no end that is known */
	const char *sub, *email;   /* of the id token; NULL in a refresh */
};

/* Whether this house has a client at Google, and an address for it to come back to. NULL: none. */
bool google_configured(const struct config *config);

/* Where the browser is sent. */
const char *google_oauth_url(apr_pool_t *pool, const struct config *config, const struct google_grant *ask);

/* A code becomes tokens, once. now: product time, for the id token. ERR_DENIED: the code is used, old or not ours;
 * ERR_CONFIG: the client is refused; ERR_INVALID: an id token that is not for us; ERR_UNAVAILABLE, ERR_HTTP, ERR_TIMEOUT: no
 * answer worth the name. */
NODISCARD err_t *google_oauth_exchange(apr_pool_t *pool, const struct config *config, const char *code,
				       const struct google_grant *ask, int64_t now,
				       struct google_tokens *ret);
/* A new access token. ERR_AUTH_ERROR: the refresh token is dead for ever; the others as above. */
NODISCARD err_t *google_oauth_refresh(apr_pool_t *pool, const struct config *config, const char *refresh,
				      struct google_tokens *ret);
/* NULL: it is revoked, or was before. */
NODISCARD err_t *google_oauth_revoke(apr_pool_t *pool, const struct config *config, const char *token);

/* What an id token says, when it is for this client, not too old, and of this nonce. Its signature is not looked at: it
 * comes from Google's own token endpoint, over TLS (OpenID Connect Core, 3.1.3.7). ERR_INVALID otherwise. */
NODISCARD err_t *google_oauth_claims(apr_pool_t *pool, const struct config *config, const char *id_token,
				     const char *nonce, int64_t now, struct google_tokens *ret);

#endif
