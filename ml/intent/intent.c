#include "ml/intent/intent.h"

#include "core/limits.h"
#include "core/text.h"
#include "ml/intent/intent_args.h"
#include "ml/intent/intent_pairs.h"
#include <string.h>

/* Only the beginning of a message asks for something; what follows may be a pasted article. */
enum { LOOK_BYTES = 700, LONG_BYTES = 400, MAX_SENTENCES = 4, MAX_TOKENS = 64 };

const char *const intent_names[] = {
#define INTENT(name, rest, time) #name,
#include "ml/intent/intent_names.def"
#undef INTENT
	NULL,
};

struct candidate {
	double confidence;
	struct intent_match match;
	struct intent_sentence sentence;
	struct date_found date;
	bool has_date;
	int finish; /* bytes of text up to the sentence's end */
	bool any;
};

/* --- sentences ---------------------------------------------------------------------------------- */

static bool is_short_word(const char *text, int begin, int end)
{
	static const char *const shorts[] = { "dr",  "dra", "sr",  "sra", "prof", "profa", "av", "mr",
					      "mrs", "ms",  "st",  "tel", "etc",  "obs",   "ex", "p",
					      "a",   "m",   "hrs", "min", "no",   NULL };
	int i = end;

	while (i > begin && !strchr(" \t\n(", text[i - 1]))
		i--;
	for (int k = 0; shorts[k]; k++)
		if ((int)strlen(shorts[k]) == end - i &&
		    strncasecmp(shorts[k], text + i, (size_t)(end - i)) == 0)
			return true;
	return false;
}

static bool ends_sentence(const char *text, int begin, int i)
{
	char c = text[i], next = text[i + 1];

	if (c == '\n')
		return true;
	if (!strchr(".!?;", c) || (next && !strchr(" \t\n\r)", next)))
		return false;
	return c != '.' || !is_short_word(text, begin, i);
}

/* One past the sentence that begins at begin. */
static int sentence_end(const char *text, int begin, int n)
{
	int i = begin;

	while (i < n && !ends_sentence(text, begin, i))
		i++;
	while (i < n && strchr(".!?;", text[i]))
		i++;
	return i;
}

/* --- the way it is said ------------------------------------------------------------------------- */

static bool is_thing(const struct intent_token *t)
{
	for (int c = IC_TASK; c <= IC_BILL; c++)
		if (intent_has(t, c))
			return true;
	return false;
}

static unsigned said_plainly(const struct intent_token *t)
{
	unsigned said = 0;

	if (intent_form(t, IF_IMP) || intent_form(t, IF_BASE))
		said |= SAID_IMPERATIVE;
	if (intent_form(t, IF_INF) || intent_form(t, IF_BASE))
		said |= SAID_INFINITIVE;
	if (!said || is_thing(t))
		said |= SAID_PLAIN;
	return said;
}

static bool is_opening(const struct intent_token *t)
{
	if (intent_has(t, IC_ALREADY) || intent_has(t, IC_QUOTE))
		return false;
	return intent_has(t, IC_GREET) || intent_has(t, IC_POLITE) || intent_has(t, IC_FILL) ||
	       intent_has(t, IC_COMMA) || intent_has(t, IC_PUNCT) || intent_has(t, IC_LAUGH) ||
	       intent_has(t, IC_COLON) || t->dated;
}

/* "ok,", "e ", "não, cria", "Lembra, cria": openings only before something else. */
static bool is_opening_pair(const struct intent_token *v, int i, int n)
{
	if (i + 1 >= n)
		return false;
	if (intent_has(&v[i], IC_AND))
		return true;
	if (intent_has(&v[i], IC_IFSEE))
		return said_plainly(&v[i + 1]) & (SAID_IMPERATIVE | SAID_INFINITIVE) &&
		       !intent_has(&v[i + 1], IC_BE); /* "vê se anota" */
	if (intent_has(&v[i], IC_NEG) && intent_has(&v[i + 1], IC_FILL) && i + 2 < n &&
	    intent_has(&v[i + 2], IC_COMMA))
		return true; /* "agora não," and "not now," */
	if (intent_has(&v[i + 1], IC_COMMA))
		return intent_has(&v[i], IC_NEG) || intent_has(&v[i], IC_THANKS) ||
		       text_same(v[i].text, "lembra");
	if ((intent_has(&v[i], IC_IN) || intent_has(&v[i], IC_TO) || intent_has(&v[i], IC_WITH) ||
	     intent_has(&v[i], IC_OF)) &&
	    (intent_has(&v[i + 1], IC_QWHAT) || intent_has(&v[i + 1], IC_QWHO)))
		return true; /* "em que horário" */
	return intent_has(&v[i], IC_THANKS) && intent_has(&v[i + 1], IC_PUNCT);
}

static int skip_opening(const struct intent_token *v, int i, int n)
{
	while (i < n && (is_opening(&v[i]) || is_opening_pair(v, i, n)))
		i++;
	return i;
}

/* "você pode", "eu preciso que você", "quero que": one past them; *ret_said tells which. */
static int skip_modal(const struct intent_token *v, int i, int n, unsigned *ret_said)
{
	int k = i;

	/* "você pode" asks; what "you need" is advice */
	if (k + 1 < n &&
	    ((intent_has(&v[k + 1], IC_CAN) && (intent_has(&v[k], IC_ME) || intent_has(&v[k], IC_YOU))) ||
	     (intent_has(&v[k], IC_ME) &&
	      (intent_has(&v[k + 1], IC_NEED) || intent_has(&v[k + 1], IC_WANT)))))
		k++;
	if (k >= n)
		return i;
	*ret_said = intent_has(&v[k], IC_NEED)   ? SAID_NEED
		    : intent_has(&v[k], IC_WANT) ? SAID_WANT
		    : intent_has(&v[k], IC_CAN)  ? SAID_CAN
						 : 0;
	if (!*ret_said)
		return i;
	for (k++; k < n && (intent_has(&v[k], IC_YOU) || intent_has(&v[k], IC_FILL) ||
			    intent_has(&v[k], IC_POLITE) || intent_has(&v[k], IC_THAT) ||
			    intent_has(&v[k], IC_ALREADY) || intent_has(&v[k], IC_COMMA) ||
			    (text_same(v[k].text, "to") && !intent_has(&v[k], IC_BE)) || v[k].dated);
	     k++)
		;
	return k;
}

/* --- what spoils a reading ---------------------------------------------------------------------- */

static bool ends_finite(const char *s)
{
	static const char *const endings[] = {
		"ou", "aram", "eram", "iram", "avam", "ava", "iu", "am", NULL
	};
	size_t n = strlen(s);

	for (int i = 0; endings[i]; i++) {
		size_t m = strlen(endings[i]);

		if (n > m + 2 && strcmp(s + n - m, endings[i]) == 0)
			return true;
	}
	return false;
}

static bool is_finite(const struct intent_token *t, enum lang lang)
{
	if (t->dated || intent_has(t, IC_DET) || intent_has(t, IC_OF))
		return false;
	if ((intent_form(t, IF_PAST) || intent_form(t, IF_THIRD)) && !intent_form(t, IF_IMP) &&
	    !intent_form(t, IF_BASE) && !is_thing(t))
		return true;
	return intent_has(t, IC_FINITE) || intent_has(t, IC_BE) || intent_has(t, IC_REPORT) ||
	       (lang == LANG_PT && t->plain && !t->known && ends_finite(t->text));
}

/* The main clause says something by itself: "comer bem é importante". */
static bool has_finite(const struct intent_token *v, int from, int n, enum lang lang)
{
	for (int i = from; i < n; i++) {
		if (intent_has(&v[i], IC_THAT) || intent_has(&v[i], IC_QWHO) || intent_has(&v[i], IC_QWHERE))
			return false;
		if (is_finite(&v[i], lang))
			return true;
	}
	return false;
}

static bool has_finite_any(const struct intent_token *v, int from, int n, enum lang lang)
{
	for (int i = from; i < n; i++)
		if (is_finite(&v[i], lang) || intent_has(&v[i], IC_NEG) || intent_has(&v[i], IC_THEY))
			return true;
	return false;
}

/* "..., disse minha mãe", "he said" */
static bool is_reported(const struct intent_token *v, int head, int n)
{
	for (int i = head + 1; i < n; i++)
		if (intent_has(&v[i], IC_REPORT) &&
		    (intent_has(&v[i - 1], IC_COMMA) || intent_has(&v[i - 1], IC_QUOTE) ||
		     intent_has(&v[i - 1], IC_THEY) || intent_has(&v[i - 1], IC_PUNCT) ||
		     intent_has(&v[i - 1], IC_NAME)))
			return i + 4 >= n;
	return false;
}

static bool fuzzy_within(const struct intent_token *v, int begin, int end)
{
	for (int i = begin; i < end; i++)
		if (v[i].fuzzy)
			return true;
	return false;
}

/* Nothing is planned for yesterday. */
static bool is_past_plan(const struct candidate *c, int64_t reference)
{
	const struct date_found *d = &c->date;

	if (!c->has_date || (d->has_end ? d->end : d->start + 86400) > reference - reference % 86400)
		return false;
	return c->match.intent == INTENT_create_task || c->match.intent == INTENT_complete_task ||
	       c->match.intent == INTENT_create_reminder || c->match.intent == INTENT_create_event;
}

static double weigh(const struct candidate *c, int index, bool greeted, size_t whole, int64_t reference)
{
	const struct intent_sentence *s = &c->sentence;
	const struct intent_match *m = &c->match;
	double confidence = m->confidence;

	if (s->head > 0 && intent_has(&s->v[s->head - 1], IC_QUOTE))
		return 0.3;
	if (is_reported(s->v, s->head, s->n) || is_past_plan(c, reference))
		return 0.3;
	if (s->n > 0 && intent_has(&s->v[s->n - 1], IC_NEG) && s->n - s->head > 1)
		confidence -= 0.3;
	if (fuzzy_within(s->v, s->head, m->reach))
		confidence -= 0.06;
	if (index > 0 && !greeted)
		confidence -= 0.06;
	if (!m->long_text && s->n - s->head > 30)
		confidence -= 0.15;
	if (!m->long_text && whole > LONG_BYTES)
		confidence -= 0.2 + (whole > 3 * LONG_BYTES ? 0.3 : 0);
	return confidence;
}

/* --- one sentence ------------------------------------------------------------------------------- */

static void mark_dates(struct intent_tokens *tokens, const struct date_found *date)
{
	for (int i = 0; i < tokens->n; i++)
		for (int k = 0; k < date->n_spans; k++)
			if (tokens->v[i].begin >= date->spans[k].begin &&
			    tokens->v[i].end <= date->spans[k].finish)
				tokens->v[i].dated = true;
	for (int i = 1; i < tokens->n; i++) /* "tomorrow's" */
		if (tokens->v[i - 1].dated && text_same(tokens->v[i].text, "s"))
			tokens->v[i].dated = true;
}

static bool names_by_number(const struct intent_token *t)
{
	return intent_has(t, IC_TASK) || intent_has(t, IC_REM) || intent_has(t, IC_NOTE) ||
	       intent_has(t, IC_PROJ) || intent_has(t, IC_IDEA) || intent_has(t, IC_DONEADJ) ||
	       text_same(t->text, "#");
}

/* A number that names a thing is no date: in "tarefa 4 pra sexta" it becomes spaces. */
static char *without_numbers(apr_pool_t *pool, const char *text, int begin, int end,
			     const struct intent_tokens *tokens)
{
	char *own = mem_textn(pool, text + begin, (size_t)(end - begin));
	int64_t value;

	for (int i = 1; i < tokens->n; i++) {
		const struct intent_token *t = &tokens->v[i];

		if (t->begin >= begin && intent_has(t, IC_NUM) && text_int(t->text, &value) &&
		    names_by_number(t - 1))
			memset(own + t->begin - begin, ' ', (size_t)(t->end - t->begin));
	}
	return own;
}

static void find_date(apr_pool_t *pool, const char *text, int begin, int end,
		      const struct intent_tokens *tokens, enum lang lang, int64_t reference,
		      struct candidate *c)
{
	const char *own = without_numbers(pool, text, begin, end, tokens);

	c->has_date = date_find(pool, own, lang, reference, &c->date);
	if (!c->has_date)
		return;
	for (int k = 0; k < c->date.n_spans; k++) {
		c->date.spans[k].begin += begin;
		c->date.spans[k].finish += begin;
	}
	c->date.begin += begin;
	c->date.finish += begin;
}

static bool asks(const struct intent_token *v, int head, int n)
{
	if (n > head && intent_has(&v[n - 1], IC_QUESTION))
		return true;
	if (head + 1 < n && (intent_has(&v[head], IC_BE) || intent_has(&v[head], IC_HAVE)) &&
	    (intent_has(&v[head + 1], IC_YOU) || intent_has(&v[head + 1], IC_THEY)))
		return true; /* "do you" */
	return head < n && (intent_has(&v[head], IC_QWHAT) || intent_has(&v[head], IC_QWHEN) ||
			    intent_has(&v[head], IC_QWHO) || intent_has(&v[head], IC_QWHERE) ||
			    intent_has(&v[head], IC_QMANY) || intent_has(&v[head], IC_QHOW) ||
			    intent_has(&v[head], IC_QWHY));
}

static void try_from(struct candidate *c, const struct intent_sentence *s)
{
	struct intent_match match;

	if (s->head < s->n && intent_match_find(s, &match) &&
	    (!c->any || match.confidence > c->match.confidence)) {
		c->any = true;
		c->match = match;
		c->sentence = *s;
	}
}

static bool has_any(const struct intent_token *v, int from, int to, const enum intent_class *classes, int n)
{
	for (int i = from; i < to; i++)
		for (int k = 0; k < n; k++)
			if (intent_has(&v[i], classes[k]))
				return true;
	return false;
}

/* "tenho reunião amanhã, coloca na agenda": what stands after a comma, to be asked about. */
static void try_clauses(struct candidate *c, const struct intent_sentence *s, enum lang lang)
{
	static const enum intent_class told[] = { IC_REPORT, IC_HEDGE, IC_THEY, IC_QUOTE, IC_QWHY };

	for (int i = s->head + 1; i + 1 < s->n; i++) {
		struct intent_sentence clause = *s;
		struct intent_match match;

		if (!intent_has(&s->v[i], IC_COMMA) || has_any(s->v, s->head, i, told, 5))
			continue;
		clause.head = skip_opening(s->v, i + 1, s->n);
		if (clause.head == s->n)
			return;
		clause.said = said_plainly(&s->v[clause.head]) & ~(unsigned)SAID_PLAIN;
		clause.finite_any = has_finite_any(s->v, clause.head, s->n, lang);
		if (!clause.said || !intent_match_find(&clause, &match) || match.confidence < INTENT_ACT ||
		    match.intent == INTENT_none)
			continue;
		match.confidence = INTENT_ACT - 0.05;
		c->any = true;
		c->match = match;
		c->sentence = clause;
		return;
	}
}

static void try_guess(struct candidate *c, const struct intent_sentence *s)
{
	struct intent_match match;

	if (s->head < s->n && intent_pair_find(s, &match)) {
		c->any = true;
		c->match = match;
		c->sentence = *s;
	}
}

static bool read_sentence(apr_pool_t *pool, const char *text, int begin, int end, enum lang lang,
			  int64_t reference, struct candidate *ret)
{
	struct intent_tokens tokens = intent_tokens_read(pool, text, begin, end - begin, lang, MAX_TOKENS);
	struct candidate c = { .finish = end };
	unsigned said = 0;
	int head = 0, main_verb;

	head = skip_opening(tokens.v, 0, tokens.n);
	if (head == tokens.n)
		return false;
	find_date(pool, text, tokens.v[head].begin, end, &tokens, lang, reference, &c);
	if (c.has_date)
		mark_dates(&tokens, &c.date);
	head = skip_opening(tokens.v, head, tokens.n);
	if (head == tokens.n)
		return false;

	struct intent_sentence s = { .v = tokens.v,
				     .head = head,
				     .n = tokens.n,
				     .said = said_plainly(&tokens.v[head]),
				     .dated = c.has_date,
				     .timed = c.has_date && c.date.has_time &&
					      !(c.date.has_duration && c.date.start == reference),
				     .question = asks(tokens.v, head, tokens.n),
				     .finite = has_finite(tokens.v, head + 1, tokens.n, lang),
				     .finite_any = has_finite_any(tokens.v, head, tokens.n, lang),
				     .english = lang == LANG_EN };
	if (head + 1 < tokens.n &&
	    (text_same(tokens.v[head + 1].text, "eh") || text_same(tokens.v[head + 1].text, "is")) &&
	    !is_thing(&tokens.v[head]) && !s.question)
		return false; /* "lembrar é viver" */
	try_from(&c, &s);
	main_verb = skip_modal(tokens.v, head, tokens.n, &said);
	if (said) {
		s.head = main_verb;
		s.said = said;
		s.question = s.question && said != SAID_CAN;
		try_from(&c, &s);
	}
	if (!c.any || c.match.confidence < INTENT_ASK)
		try_clauses(&c, &s, lang);
	if (!c.any)
		try_guess(&c, &s);
	*ret = c;
	return c.any;
}

static bool is_greeting(const char *text, int begin, int end)
{
	return end - begin < 24 && !memchr(text + begin, '?', (size_t)(end - begin)) ? true
										     : end - begin < 12;
}

static bool find(apr_pool_t *pool, const char *text, enum lang lang, int64_t reference, struct candidate *ret)
{
	int n = (int)strnlen(text, LIMIT_TEXT_IN), look = n < LOOK_BYTES ? n : LOOK_BYTES, begin = 0;
	struct candidate best = { 0 };
	bool greeted = true;

	for (int i = 0; i < MAX_SENTENCES && begin < look; i++) {
		int end = sentence_end(text, begin, look);
		struct candidate c = { 0 };

		if (read_sentence(pool, text, begin, end, lang, reference, &c)) {
			c.confidence = weigh(&c, i, greeted, (size_t)n, reference);
			if (c.match.long_text)
				c.finish = n;
			if (!best.any || c.confidence > best.confidence)
				best = c;
		}
		greeted = greeted && is_greeting(text, begin, end);
		begin = end + strspn(text + end, " \t\r\n") > (size_t)look
				? look
				: end + (int)strspn(text + end, " \t\r\n");
	}
	*ret = best;
	return best.any && best.match.intent != INTENT_none && best.confidence >= INTENT_ASK;
}

void intent_find(apr_pool_t *pool, const char *text, enum lang lang, int64_t reference, struct intent *ret)
{
	struct candidate c;

	*ret = (struct intent){ .name = "none", .confidence = 0 };
	if (!find(pool, text, lang, reference, &c)) {
		ret->args = json_object(pool);
		return;
	}
	struct intent_reading r = { .text = text,
				    .finish = c.finish,
				    .lang = lang,
				    .sentence = &c.sentence,
				    .match = &c.match,
				    .reference = reference,
				    .date = c.has_date ? &c.date : NULL,
				    .timed = intent_takes_time(c.match.intent) };
	ret->name = intent_names[c.match.intent];
	ret->confidence = c.confidence;
	ret->date = c.has_date ? mem_dup(pool, &c.date, sizeof c.date) : NULL;
	ret->args = intent_args_read(pool, &r);
}

size_t intent_likely(apr_pool_t *pool, const char *text, enum lang lang, size_t max, const char **ret_names)
{
	int n = (int)strnlen(text, LOOK_BYTES), scores[INTENT_COUNT];
	struct intent_tokens tokens = intent_tokens_read(pool, text, 0, n, lang, MAX_TOKENS);
	struct candidate c;
	size_t count = 0;

	intent_match_loosely(tokens.v, tokens.n, scores);
	if (find(pool, text, lang, 0, &c))
		scores[c.match.intent] += 1000;
	while (count < max) {
		int best = -1;

		for (int i = 0; i < INTENT_none; i++)
			if (scores[i] > 0 && (best < 0 || scores[i] > scores[best]))
				best = i;
		if (best < 0)
			break;
		ret_names[count++] = intent_names[best];
		scores[best] = 0;
	}
	return count;
}
