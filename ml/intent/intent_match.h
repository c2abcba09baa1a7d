/* intent_match: matches a sentence against the patterns of intent_patterns.def.
 * Needs: intent_words. Used by: intent_pairs, intent_rest. */
#ifndef ML_INTENT_INTENT_MATCH_H
#define ML_INTENT_INTENT_MATCH_H

#include "ml/intent/intent_words.h"

enum intent_id {
#define INTENT(name, rest, time) INTENT_##name,
#include "ml/intent/intent_names.def"
#undef INTENT
	INTENT_none,
	INTENT_COUNT
};

/* How something is said, bits: "cria", "criar", "preciso criar", "quero criar", "pode criar", no verb. */
enum intent_said {
	SAID_IMPERATIVE = 1,
	SAID_INFINITIVE = 2,
	SAID_NEED = 4,
	SAID_WANT = 8,
	SAID_CAN = 16,
	SAID_PLAIN = 32,
};

/* The part of a sentence that patterns are held against: tokens [head, n). */
struct intent_sentence {
	const struct intent_token *v;
	int head, n;
	unsigned said; /* enum intent_said */
	bool dated, timed, question, english;
	bool finite;     /* the main clause has a verb of its own */
	bool finite_any; /* so has any clause, or something is denied */
};

struct intent_match {
	enum intent_id intent;
	double confidence;
	int begin, end; /* tokens between > and <; begin is -1 when the pattern has none */
	bool long_text; /* what is kept may go on over sentences */
	int reach;      /* tokens that the pattern's own elements took, up to here */
};

/* The best match; false when nothing fits. */
bool intent_match_find(const struct intent_sentence *s, struct intent_match *ret);

/* For each intent, in hundredths, how well the words at hand, in any order, go with its best pattern. */
void intent_match_loosely(const struct intent_token *v, int n, int *scores);

/* Whether intent_patterns.def says what each of these letters means. */
bool intent_conditions_known(const char *conditions);

/* How many patterns there are; each is well formed (see the unit test). NULL: all are, else the first bad one. */
const char *intent_patterns_check(size_t *ret_count);

#endif
