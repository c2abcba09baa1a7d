/* guard_part: what the parts of the guard share: a text as its look-alikes fold it, and what is found in it.
 * Needs: mem, guard. Used by: ml/guard. */
#ifndef ML_GUARD_GUARD_PART_H
#define ML_GUARD_GUARD_PART_H

#include "ml/guard/guard.h"
#include <stddef.h>
#include <stdint.h>

/* Characters [from, to) of a view. */
struct guard_span {
	enum guard_kind kind; /* 0: the underscore of a look-alike of a placeholder */
	size_t from, to;
};

/* A text character by character as ASCII: full-width and other digits, look-alike letters, odd spaces, dashes and dots folded,
 * invisible characters left out, case kept. begin and end are bytes of the text; what was left out behind a character belongs to it. */
struct guard_view {
	const char *text;
	size_t n;
	char *c; /* c[n] is 0 */
	uint32_t *begin, *end;
	struct guard_span *later; /* a secret that stands behind an address, once it is known */
};
#define GUARD_SYMBOL '\x02' /* a character that is neither letter, digit nor space */
#define GUARD_LETTER '\x03' /* a letter of another script */
#define GUARD_IDEOGRAPH \
	'\x04' /* one of a script without spaces, in which a word ends where another script begins */
struct guard_view guard_fold(apr_pool_t *pool, const char *text);

/* Finds the next from *pos on and moves *pos past it; false at the end. phone: numbers are said to be phones. */
bool guard_scan(const struct guard_view *v, bool phone, size_t *pos, struct guard_span *ret);

/* Whether what begins at i is one; i is the beginning of a word. seen: where the last one found ended. */
bool guard_number(const struct guard_view *v, size_t i, size_t seen, bool phone, struct guard_span *ret);
bool guard_mail(const struct guard_view *v, size_t i, size_t seen, struct guard_span *ret);
bool guard_document(const struct guard_view *v, size_t i, struct guard_span *ret);
bool guard_token(const struct guard_view *v, size_t i, struct guard_span *ret);
bool guard_said_secret(const struct guard_view *v, size_t i, struct guard_span *ret);
/* Where the lower-case phrase that begins at i ends, a whole word; '_' in it is a space, a sign or nothing. 0: none. */
size_t guard_phrase(const struct guard_view *v, size_t i, const char *phrase);
/* Whether a member of this name holds a secret, or a phone. */
bool guard_key_secret(const char *key);
bool guard_key_phone(const char *key);

/* "CPF", ..., in the order of the bits; ends with NULL. */
extern const char *const guard_names[];

static inline bool guard_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline char guard_low(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static inline bool guard_alpha(char c)
{
	return guard_low(c) >= 'a' && guard_low(c) <= 'z';
}

static inline bool guard_alnum(char c)
{
	return guard_alpha(c) || guard_digit(c);
}

static inline bool guard_hex(char c)
{
	return guard_digit(c) || (guard_low(c) >= 'a' && guard_low(c) <= 'f');
}

/* Neither space nor end. */
static inline bool guard_visible(char c)
{
	return (unsigned char)c > ' ' || c == GUARD_LETTER || c == GUARD_SYMBOL || c == GUARD_IDEOGRAPH;
}

/* Whether the view has this lower-case word at i, in any case. */
bool guard_at(const struct guard_view *v, size_t i, const char *word);

#endif
