/* intent_words: a sentence as tokens, each with all it can be to the rules (intent_classes.def).
 * Needs: text, i18n. Used by: intent_match.
 * Words are looked up folded, verbs by stem and ending, sayings of several words as one token. */
#ifndef ML_INTENT_INTENT_WORDS_H
#define ML_INTENT_INTENT_WORDS_H

#include "core/i18n.h"
#include "core/mem.h"
#include <stdbool.h>
#include <stdint.h>

enum intent_class {
#define CLASS(name) IC_##name,
#include "ml/intent/intent_classes.def"
#undef CLASS
	IC_COUNT
};

/* What a verb's ending says. The first three ask for something. */
enum intent_form { IF_NONE, IF_IMP, IF_INF, IF_BASE, IF_PAST, IF_PRES, IF_THIRD, IF_OTHER };

struct intent_set {
	uint64_t bits[3];
};

struct intent_token {
	const char *text; /* folded; words of a saying joined by _; one character for punctuation */
	int begin, end;   /* bytes of the original */
	struct intent_set classes, asks, past; /* all; verbs in a form that asks; verbs in "I did" */
	unsigned forms;                        /* 1 << enum intent_form of each reading as a verb */
	bool dated;                            /* said of a time */
	bool fuzzy;                            /* found by mending a slip */
	bool known;
	bool plain; /* a word, not punctuation or a number */
};

struct intent_tokens {
	struct intent_token *v;
	int n;
};

static inline bool intent_set_has(const struct intent_set *set, enum intent_class c)
{
	return set->bits[c / 64] >> (c % 64) & 1;
}

static inline bool intent_has(const struct intent_token *t, enum intent_class c)
{
	return intent_set_has(&t->classes, c);
}

static inline bool intent_form(const struct intent_token *t, enum intent_form form)
{
	return t->forms >> form & 1;
}

/* The first max tokens of n bytes of text at offset from. */
struct intent_tokens intent_tokens_read(apr_pool_t *pool, const char *text, int from, int n, enum lang lang,
					int max);

/* Whether the folded word is in the list, which ends with NULL. */
bool intent_word_in(const char *const *list, const char *word);

/* The class of that name; -1 when there is none. */
int intent_class_of(const char *name, size_t n);

/* Whether the n bytes are as words are looked up: small letters without accents, digits, and _ for a space. */
bool intent_word_folded(const char *word, size_t n);

/* NULL when all words of the tables are folded, else the first row with one that no text can match. */
const char *intent_words_check(void);

/* Whether the table of words has room left: entries, and how many fit. */
size_t intent_words_count(size_t *ret_room);

#endif
