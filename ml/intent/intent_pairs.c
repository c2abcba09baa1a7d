#include "ml/intent/intent_pairs.h"

enum { LONGEST = 16, IC_ASKED = IC_COUNT };

static const struct {
	short verb, thing;
	enum intent_id intent;
} pairs[] = {
#define PAIR(verb, thing, intent) { IC_##verb, IC_##thing, INTENT_##intent },
#include "ml/intent/intent_pairs.def"
#undef PAIR
};

static bool is_question_word(const struct intent_token *t)
{
	return intent_has(t, IC_QWHAT) || intent_has(t, IC_QWHEN) || intent_has(t, IC_QWHERE) ||
	       intent_has(t, IC_QMANY) || intent_has(t, IC_QHOW) || intent_has(t, IC_QWHO);
}

static bool does(const struct intent_token *t, int verb)
{
	return verb == IC_ASKED ? is_question_word(t) : intent_set_has(&t->asks, verb);
}

/* Where the first token that does verb stands, other than not; -1 when none does. */
static int verb_at(const struct intent_sentence *s, int verb, int not )
{
	for (int i = s->head; i < s->n; i++)
		if (i != not &&!s->v[i].dated && does(&s->v[i], verb))
			return i;
	return -1;
}

static bool says(const struct intent_sentence *s, enum intent_class c)
{
	for (int i = s->head; i < s->n; i++)
		if (intent_has(&s->v[i], c))
			return true;
	return false;
}

/* The words after both, or between them. */
static void point_at_rest(const struct intent_sentence *s, int verb, int thing, struct intent_match *ret)
{
	int last = verb > thing ? verb : thing, first = verb > thing ? thing : verb;

	ret->begin = last + 1 < s->n ? last + 1 : first + 1;
	ret->end = last + 1 < s->n ? s->n : last;
}

bool intent_pair_find(const struct intent_sentence *s, struct intent_match *ret)
{
	if (s->finite_any || s->n - s->head > LONGEST || says(s, IC_HEDGE))
		return false;

	bool own = says(s, IC_POSS) || says(s, IC_HAVE); /* a question about the person's own things */

	for (int thing = s->head; thing < s->n; thing++)
		for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
			int verb;

			if (s->v[thing].dated || !intent_has(&s->v[thing], pairs[k].thing))
				continue;
			if (pairs[k].verb == IC_ASKED && !(s->question && own))
				continue;
			verb = verb_at(s, pairs[k].verb, thing);
			if (verb < 0)
				continue;
			*ret = (struct intent_match){ .intent = pairs[k].intent,
						      .confidence = 0.55,
						      .reach = s->n };
			point_at_rest(s, verb, thing, ret);
			return true;
		}
	return false;
}
