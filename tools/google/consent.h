/* consent: how an account at Google comes to be connected: a link out of the chat, a browser at Google, a number in the chat.
 * Needs: google_account, session. Used by: tools/google, call_consent.
 * Each step happens once, ten minutes apart at most. What a browser holds names a consent, never a person; the account that a
 * browser brings becomes the person's only by the tap on the number which that browser shows: a link that went astray plants
 * nobody's account with anybody. */
#ifndef TOOLS_GOOGLE_CONSENT_H
#define TOOLS_GOOGLE_CONSENT_H

#include "integrations/google/google_account.h"
#include "tools/outcome.h"

enum { CONSENT_LIFE_S = 600 };

enum consent_state {
	CONSENT_OFFERED, /* a link was given */
	CONSENT_BEGUN,   /* a browser was sent to Google */
	CONSENT_TAKEN,   /* it came back with a code */
	CONSENT_WAITING, /* its number waits for a tap */
	CONSENT_OVER,
};

struct consent {
	int64_t id;
	enum consent_state state;
	unsigned features;  /* asked for; bits 1 << enum google_feature */
	int64_t account_id; /* that must be it; 0: a new one */
	const char *email;  /* of that, or "" */
	const char *name;   /* whose: as the person is called here */
};

/* In the transaction that answers with the link. account_id 0: any account. *ret_link: an address. */
NODISCARD err_t *consent_offer(struct tx *tx, unsigned features, int64_t account_id, const char **ret_link);

/* What the session's page shows. ERR_NOT_FOUND: there is none. */
NODISCARD err_t *consent_find(struct tx *tx, int64_t session_id, struct consent *ret);
/* The button: *ret_url leads to Google. browser: the token of the cookie that came along, or NULL; the same browser may press
 * again. *ret_cookie: the token that it is to hold. ERR_CONFLICT: another browser was there before. */
NODISCARD err_t *consent_begin(struct tx *tx, int64_t session_id, const char *browser, const char **ret_url,
			       const char **ret_cookie);
/* The browser is back: once. *ret_ask: what it was sent with. ERR_NOT_FOUND: it was not sent, or was here before;
 * ERR_DENIED: of another state. */
NODISCARD err_t *consent_take(struct tx *tx, int64_t session_id, const char *state, struct consent *ret,
			      struct google_grant *ret_ask);
/* The tokens wait for a tap: *ret_number is for the page, and the buttons are put on their way to the chat. */
NODISCARD err_t *consent_wait(struct tx *tx, const struct consent *consent,
			      const struct google_tokens *tokens, int64_t *ret_number);
/* It ends without an account; key: a text that tells the chat, with {email}. */
NODISCARD err_t *consent_fail(struct tx *tx, const struct consent *consent, const char *key);

/* A tap, which ends it. *ret_right: of the right number. *ret_account 0: nothing was connected, since it was not, or since the
 * account that it must be is gone, or is another one; *ret_tokens is what it would have been. ERR_NOT_FOUND: nothing waits. */
NODISCARD err_t *consent_confirm(struct tx *tx, int64_t id, int64_t number, struct consent *ret,
				 struct google_tokens *ret_tokens, bool *ret_right, int64_t *ret_account);

#endif
