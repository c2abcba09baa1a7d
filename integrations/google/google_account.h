/* google_account: a person's accounts at Google: which, what they allow, and their tokens, sealed.
 * Needs: tx, seal, google_oauth. Used by: integrations/google, tools, cron, bot.
 * Scopes: contracts of Google OAuth; what a person was asked for may be granted in part. */
#ifndef INTEGRATIONS_GOOGLE_GOOGLE_ACCOUNT_H
#define INTEGRATIONS_GOOGLE_GOOGLE_ACCOUNT_H

#include "core/config.h"
#include "db/tx.h"
#include "integrations/google/google_oauth.h"
#include "integrations/google/google_scope.h"

struct google_account {
	int64_t id;
	const char *email;
	bool broken;               /* to be connected anew */
	bool usual;                /* where what names no account goes */
	bool may[GOOGLE_FEATURES]; /* by the scopes that were granted */
};

enum google_standing {
	GOOGLE_READY,
	GOOGLE_ABSENT,  /* no client in this house */
	GOOGLE_NONE,    /* no account connected */
	GOOGLE_UNASKED, /* an account, which does not allow this yet */
	GOOGLE_BROKEN,  /* it does, but must be connected anew */
};

/* The account for this: of that id, or (0) the usual one where it is ready, else the first that is. *ret_account where
 * there is one, else zero. */
NODISCARD err_t *google_account_for(struct tx *tx, enum google_feature feature, int64_t id,
				    struct google_account *ret_account, enum google_standing *ret_standing);
/* All of them, the usual one first. */
NODISCARD err_t *google_account_list(struct tx *tx, size_t *ret_n, struct google_account **ret_accounts);

/* A consent became an account: new, or the one of that sub with more scopes or new tokens. must_be: the account that was to
 * be connected anew, 0: any. *ret_id 0: it gave no refresh token, or is another account than must_be. */
NODISCARD err_t *google_account_put(struct tx *tx, const struct google_tokens *tokens, int64_t must_be,
				    int64_t *ret_id);
/* Whether Google is to show its consent screen, without which it gives no refresh token: for a new account (id 0), for one
 * whose token is dead or has an end, and for features that the stored token does not cover (it stays good for its own scopes
 * alone). ERR_NOT_FOUND: no such account. */
NODISCARD err_t *google_account_consents(struct tx *tx, int64_t id, unsigned features, bool *ret_consents);
/* Erases an account and all that is kept of it; *ret_refresh (sealed), *ret_email, *ret_sub: what it was. ERR_NOT_FOUND: there
 * is none. */
NODISCARD err_t *google_account_forget(struct tx *tx, int64_t id, const char **ret_refresh,
				       const char **ret_email, const char **ret_sub);
/* Whether the person has one of that sub (NULL: no). */
NODISCARD err_t *google_account_has(struct tx *tx, const char *sub, bool *ret_has);
/* From now on what names no account goes there. ERR_NOT_FOUND: there is none. */
NODISCARD err_t *google_account_usual(struct tx *tx, int64_t id, const char **ret_email);

/* A token for calls, good for minutes at least, in req->pool: refreshed where it must be, by one process at a time. stale: one
 * that Google has just refused, or NULL. Not inside a transaction. Errors as of google_call. */
NODISCARD err_t *google_account_token(struct req *req, int64_t id, const char *stale, const char **ret_token);

/* Markup of a message with one button, which leads to connecting that account anew. In req->pool. */
const char *google_account_button(struct req *req, int64_t id);

/* Gives the permissions of all the person's accounts back to Google, before they are erased. *ret_left: how many Google did not
 * take back, so that the person can. Not inside a transaction. */
NODISCARD err_t *google_account_revoke_all(struct req *req, int *ret_left);

/* Seals and opens what is kept of a person: "refresh", "access", "ask" ... In req->pool. */
NODISCARD err_t *google_seal(struct req *req, const char *what, const char *secret, const char **ret_sealed);
NODISCARD err_t *google_unseal(struct req *req, const char *what, const char *sealed,
			       const char **ret_secret);
/* Seals everything of the request's person anew under the first key. */
NODISCARD err_t *google_account_reseal(struct req *req);

#endif
