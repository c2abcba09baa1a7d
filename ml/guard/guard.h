/* guard: keeps personal data away from models, and what a model makes up away from people.
 * Needs: text, json, crypt, config. Used by: ml/guard, ml/reader, agent_part, bot/turn.
 * One guard a turn. Personal values (CPF, CNPJ, phones, e-mails, Pix keys, documents, accounts) become placeholders that carry a nonce of the
 * turn and are put back here, in arguments and answers; secrets (passwords, API keys, card numbers) become placeholders
 * too and are never put back. The same value under the same seed gives the same placeholder, so that a replay of the
 * turn understands what was stored. */
#ifndef ML_GUARD_GUARD_H
#define ML_GUARD_GUARD_H

#include "core/config.h"
#include "core/json.h"

enum guard_kind {
	GUARD_CPF = 1,
	GUARD_CNPJ = 2,
	GUARD_PHONE = 4,
	GUARD_EMAIL = 8,
	GUARD_PIX = 16, /* a random Pix key; the other forms are the kinds above */
	GUARD_CARD = 32,
	GUARD_SECRET = 64,
	GUARD_DOCUMENT = 128, /* RG, CNH, passport and the like, where they are named */
	GUARD_ACCOUNT = 256,  /* a bank's branch and account, where they are named; IBAN */
	GUARD_NEVER_BACK = GUARD_CARD | GUARD_SECRET,
};

struct guard;

/* seed: the turn's trace. Lives in the pool. With PRIVACY_OFF nothing is masked but secrets are still scrubbed. */
struct guard *guard_new(apr_pool_t *pool, const char *seed, enum config_privacy policy);

/* What a model may read: only ever of raw text, for placeholders in it, our own too, count as look-alikes. Numbers of the
 * right form with wrong check digits are nobody's and stay, and so does a UUID inside a link. Look-alikes of placeholders in the text are defused. An error means that the model must not be
 * asked: ERR_DENIED when the policy is block and there was something to mask (GUARD_*, see guard_found). */
NODISCARD err_t *guard_mask(struct guard *guard, const char *text, const char **ret_text);
/* Each string value inside, keys left alone. An integer that is a CPF, CNPJ, phone or card becomes a placeholder too, as text.
 * A key says what its value is: "phone", and "password" or "senha", whose whole value is a secret. */
NODISCARD err_t *guard_mask_json(struct guard *guard, const struct json *j, struct json **ret_json);

/* Placeholders back to what they stand for; those of secrets, unknown ones, and those in
 * a link that is not the person's own become "•••". */
const char *guard_restore(const struct guard *guard, apr_pool_t *pool, const char *text);
struct json *guard_restore_json(const struct guard *guard, apr_pool_t *pool, const struct json *j);

/* Text of the person's own rows or of this turn: values in it may stand in an answer (guard_mask does this too). */
void guard_know(struct guard *guard, const char *text);
/* What a person may read of a model's answer: placeholders put back, and whatever looks personal and is not known here
 * masked. An error means that the answer must not be shown. */
NODISCARD err_t *guard_answer(struct guard *guard, apr_pool_t *pool, const char *text, const char **ret_text);

/* Kinds found so far, as bits. */
unsigned guard_found(const struct guard *guard);

/* A copy without secrets ("senha: •••"), for whatever is stored; *ret_kinds: what was taken out, 0 when nothing. */
const char *guard_scrub(apr_pool_t *pool, const char *text, unsigned *ret_kinds);

#endif
