#include "ml/intent/intent_match.h"

#include "core/text.h"
#include <ctype.h>
#include <string.h>

enum element_kind { EL_ONE, EL_GAP, EL_OPEN, EL_CLOSE, EL_END };
enum reading { READ_ASKS, READ_PAST, READ_ANY };
#define WAYS "IBNWCP" /* as in enum intent_said */
#define CONDITIONS "dtnquxyasv12el"
enum { FEW = 4, MANY = 40, SHORT = 9, VERY_SHORT = 3, MAX_ELEMENTS = 5120, MAX_CHOICES = 12288 };

/* A class, or a word when text is set. */
struct choice {
	const char *text;
	short n, class;
	unsigned char reading;
};

struct element {
	enum element_kind kind;
	int most; /* of a gap */
	bool optional;
	int n;
	const struct choice *choices;
};

struct pattern {
	enum intent_id intent;
	int weight;
	const char *conditions, *source;
	const struct element *elements;
	int n;
};

static struct pattern patterns[] = {
#define PATTERN(intent, weight, conditions, source) { INTENT_##intent, weight, conditions, source, NULL, 0 },
#include "ml/intent/intent_patterns.def"
#undef PATTERN
};
enum { PATTERNS = sizeof patterns / sizeof *patterns };

static const char *bad_pattern;

/* Room for all patterns, filled once a process. */
static struct element elements[MAX_ELEMENTS];
static struct choice choices[MAX_CHOICES];
static int n_elements, n_choices;

static struct choice choice_read(const char *s, size_t n)
{
	struct choice choice = { .reading = READ_ASKS };

	if (*s == '+' || *s == '=') {
		choice.reading = *s == '+' ? READ_PAST : READ_ANY;
		s++;
		n--;
	}
	choice.class = -1;
	if (*s >= 'A' && *s <= 'Z') {
		choice.class = (short)intent_class_of(s, n);
		if (choice.class < 0)
			choice.n = -1;
		return choice;
	}
	bool met = intent_word_folded(s, n) || (n == 1 && ispunct((unsigned char)*s));

	choice.text = s;
	choice.n = met ? (short)n : -1;
	return choice;
}

static struct element element_read(const char *s, size_t n)
{
	struct element element = { .kind = EL_ONE, .choices = &choices[n_choices] };

	if (*s == '.') {
		element.kind = EL_GAP;
		element.most = n == 2 ? FEW : MANY;
		return element;
	}
	if (n == 1 && strchr("<>$", *s)) {
		element.kind = *s == '>' ? EL_OPEN : *s == '<' ? EL_CLOSE : EL_END;
		return element;
	}
	element.optional = s[n - 1] == '?';
	n -= element.optional;
	for (size_t i = 0, len; i < n && n_choices < MAX_CHOICES; i += len + 1) {
		const char *bar = memchr(s + i, '|', n - i);

		len = bar ? (size_t)(bar - s) - i : n - i;
		if (len == 1 && s[i] == '$') /* "or the end" */
			choices[n_choices++] = (struct choice){ .class = -2 };
		else
			choices[n_choices++] = choice_read(s + i, len);
	}
	element.n = (int)(&choices[n_choices] - element.choices);
	return element;
}

static bool is_bad(const struct element *e)
{
	for (int k = 0; k < e->n; k++)
		if (e->choices[k].n < 0)
			return true;
	return e->kind == EL_ONE && !e->n;
}

bool intent_conditions_known(const char *conditions)
{
	return !conditions[strspn(conditions, WAYS CONDITIONS)];
}

static void pattern_read(struct pattern *p)
{
	p->elements = &elements[n_elements];
	for (const char *s = p->source; *s;) {
		size_t n = strcspn(s, " ");

		if (!n || n_elements == MAX_ELEMENTS) {
			bad_pattern = p->source;
			break;
		}
		elements[n_elements] = element_read(s, n);
		if (is_bad(&elements[n_elements]))
			bad_pattern = p->source;
		n_elements++;
		s += n;
		s += *s == ' ' && s[1];
	}
	p->n = (int)(&elements[n_elements] - p->elements);
	if (!intent_conditions_known(p->conditions))
		bad_pattern = p->source;
}

static void patterns_make(void)
{
	if (n_elements)
		return;
	for (int i = 0; i < PATTERNS; i++)
		pattern_read(&patterns[i]);
}

static bool choice_fits(const struct choice *choice, const struct intent_token *t)
{
	if (choice->text)
		return strncmp(t->text, choice->text, (size_t)choice->n) == 0 && !t->text[choice->n];
	if (choice->class < 0)
		return false;
	if (choice->class >= IC_VERB_LAST || choice->reading == READ_ANY)
		return intent_has(t, choice->class);
	return intent_set_has(choice->reading == READ_PAST ? &t->past : &t->asks, choice->class);
}

static bool element_fits(const struct element *e, const struct intent_token *t)
{
	for (int k = 0; k < e->n; k++)
		if (choice_fits(&e->choices[k], t))
			return true;
	return false;
}

static bool element_at_end(const struct element *e)
{
	for (int k = 0; k < e->n; k++)
		if (e->choices[k].class == -2)
			return true;
	return false;
}

/* What may stand anywhere without changing what is asked. */
static bool is_passed(const struct intent_token *t)
{
	return t->dated || intent_has(t, IC_ALREADY) || intent_has(t, IC_DET) || intent_has(t, IC_FILL) ||
	       intent_has(t, IC_POLITE) || intent_has(t, IC_COMMA) || intent_has(t, IC_LAUGH) ||
	       intent_has(t, IC_NEW);
}

static bool is_tail(const struct intent_token *t)
{
	return is_passed(t) || intent_has(t, IC_THANKS) || intent_has(t, IC_PUNCT) ||
	       intent_has(t, IC_QUESTION) || intent_has(t, IC_GREET);
}

struct walk {
	const struct intent_sentence *s;
	const struct pattern *p;
	int begin, end, reach;
};

static bool tail_from(const struct intent_sentence *s, int i)
{
	for (; i < s->n; i++)
		if (!is_tail(&s->v[i]))
			return false;
	return true;
}

static bool walk(struct walk *w, int e, int i);

static bool walk_gap(struct walk *w, int e, int i)
{
	for (int k = 0; k <= w->p->elements[e].most && i + k <= w->s->n; k++)
		if (walk(w, e + 1, i + k))
			return true;
	return false;
}

static bool walk_one(struct walk *w, int e, int i)
{
	const struct element *own = &w->p->elements[e];

	for (int k = i; k < w->s->n; k++) {
		if (element_fits(own, &w->s->v[k])) {
			int reach = w->reach;

			w->reach = k + 1;
			if (walk(w, e + 1, k + 1))
				return true;
			w->reach = reach;
		}
		if (!is_passed(&w->s->v[k]))
			break;
	}
	return (own->optional && walk(w, e + 1, i)) ||
	       (element_at_end(own) && tail_from(w->s, i) && walk(w, e + 1, w->s->n));
}

/* Elements from e on against tokens from i on. */
static bool walk(struct walk *w, int e, int i)
{
	int kept;

	if (e == w->p->n)
		return true;
	switch (w->p->elements[e].kind) {
	case EL_GAP: return walk_gap(w, e, i);
	case EL_END: return tail_from(w->s, i) && walk(w, e + 1, i);
	case EL_OPEN:
		kept = w->begin;
		w->begin = i;
		if (walk(w, e + 1, i))
			return true;
		w->begin = kept;
		return false;
	case EL_CLOSE:
		kept = w->end;
		w->end = i;
		if (walk(w, e + 1, i))
			return true;
		w->end = kept;
		return false;
	default: return walk_one(w, e, i);
	}
}

/* The ways of saying it that the capitals name; 0: all. */
static unsigned said_of(const char *conditions)
{
	static const char letters[] = WAYS;
	unsigned said = 0;

	for (; *conditions; conditions++) {
		const char *at = strchr(letters, *conditions);

		said |= at ? 1U << (at - letters) : 0;
	}
	return said;
}

/* What it begins with may be a name for a thing. */
static bool begins_bare(const struct intent_token *t)
{
	return !intent_has(t, IC_DET) && !intent_has(t, IC_ME) && !intent_has(t, IC_THEY) &&
	       !intent_has(t, IC_YOU) && !t->forms;
}

static bool condition_holds(char c, const struct intent_sentence *s)
{
	switch (c) {
	case 'd': return s->dated;
	case 't': return s->timed;
	case 'n': return !s->dated;
	case 'q': return s->question;
	case 'u': return !s->question;
	case 'v': return s->n - s->head <= VERY_SHORT;
	case 'x': return !s->finite;
	case 'y': return !s->finite_any;
	case 'a': return begins_bare(&s->v[s->head]);
	case '1': return !s->english;
	case '2': return s->english;
	case 's': return s->n - s->head <= SHORT;
	default: return true; /* a way of saying it; "e" and "l" are the words' */
	}
}

static bool conditions_hold(const struct pattern *p, const struct intent_sentence *s)
{
	unsigned said = said_of(p->conditions);

	if (said && !(said & s->said))
		return false;
	for (const char *c = p->conditions; *c; c++)
		if (!condition_holds(*c, s))
			return false;
	return true;
}

/* Something that says a thing stands between begin and end. */
static bool has_words(const struct intent_sentence *s, int begin, int end)
{
	for (int i = begin; i < end; i++)
		if (!is_tail(&s->v[i]) || intent_has(&s->v[i], IC_NUM))
			return true;
	return false;
}

static bool pattern_fits(const struct pattern *p, const struct intent_sentence *s, struct intent_match *ret)
{
	struct walk w = { .s = s, .p = p, .begin = -1, .end = s->n, .reach = s->head };

	if (!conditions_hold(p, s) || !walk(&w, 0, s->head))
		return false;
	if (strchr(p->conditions, 'e') && (w.begin < 0 || !has_words(s, w.begin, w.end)))
		return false;
	*ret = (struct intent_match){ .intent = p->intent,
				      .confidence = p->weight / 100.0,
				      .begin = w.begin,
				      .end = w.end,
				      .reach = w.reach,
				      .long_text = strchr(p->conditions, 'l') };
	return true;
}

bool intent_match_find(const struct intent_sentence *s, struct intent_match *ret)
{
	struct intent_match match, best = { .intent = INTENT_none };
	bool found = false;

	patterns_make();
	for (int i = 0; i < PATTERNS; i++) {
		if (found && patterns[i].weight / 100.0 <= best.confidence)
			continue;
		if (pattern_fits(&patterns[i], s, &match)) {
			best = match;
			found = true;
		}
	}
	if (found)
		*ret = best;
	return found;
}

/* An element's word stands somewhere; verbs in any form. */
static bool stands_somewhere(const struct element *e, const struct intent_token *v, int n)
{
	for (int i = 0; i < n; i++)
		for (int k = 0; k < e->n; k++) {
			struct choice choice = e->choices[k];

			choice.reading = READ_ANY;
			if (choice_fits(&choice, &v[i]))
				return true;
		}
	return false;
}

static int loose_score(const struct pattern *p, const struct intent_token *v, int n)
{
	int all = 0, there = 0;

	for (int e = 0; e < p->n; e++) {
		if (p->elements[e].kind != EL_ONE || p->elements[e].optional)
			continue;
		all++;
		there += stands_somewhere(&p->elements[e], v, n);
	}
	return all ? p->weight * there / (all + (all == 1)) : 0;
}

void intent_match_loosely(const struct intent_token *v, int n, int *scores)
{
	patterns_make();
	memset(scores, 0, INTENT_COUNT * sizeof *scores);
	for (int i = 0; i < PATTERNS; i++) {
		int score = loose_score(&patterns[i], v, n);

		if (score > scores[patterns[i].intent])
			scores[patterns[i].intent] = score;
	}
}

const char *intent_patterns_check(size_t *ret_count)
{
	patterns_make();
	*ret_count = PATTERNS;
	return bad_pattern;
}
