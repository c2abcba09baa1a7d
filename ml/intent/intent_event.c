#include "ml/intent/intent_event.h"

#include "core/text.h"
#include <string.h>

/* --- who comes --- */

static bool is_article(const struct intent_token *t)
{
	static const char *const articles[] = { "o", "a", "os", "as", "the", NULL };

	return intent_word_in(articles, t->text);
}

/* "para", "para o" (one token: it also says "stop it"), "to", "na". */
static bool is_into(const struct intent_token *t)
{
	static const char *const into[] = { "para",   "pra",    "pro",     "pras",  "pros", "p",  "to",
					    "for",    "na",     "no",      "em",    "into", "in", "ao",
					    "para_o", "para_a", "para_os", "pra_o", NULL };

	return intent_word_in(into, t->text);
}

static void add_name(apr_pool_t *pool, const struct intent_reading *r, int begin, int end, struct json *list)
{
	while (begin < end && is_article(&r->sentence->v[begin]))
		begin++;
	if (begin < end)
		json_push_text(list, intent_words_between(pool, r, begin, end));
}

/* "a Ana, o Pedro e joao@example.org" */
static struct json *names_read(apr_pool_t *pool, const struct intent_reading *r, int begin, int end)
{
	struct json *list = json_array(pool);
	int from = begin;

	for (int i = begin; i < end; i++)
		if (intent_has(&r->sentence->v[i], IC_COMMA) || intent_has(&r->sentence->v[i], IC_AND)) {
			add_name(pool, r, from, i, list);
			from = i + 1;
		}
	add_name(pool, r, from, end, list);
	return list;
}

/* The verb that brings people to something; -1: there is none. */
static int inviting(const struct intent_reading *r)
{
	const struct intent_sentence *s = r->sentence;

	for (int i = s->head; i < s->n; i++)
		if (text_starts(s->v[i].text, "convid") || text_starts(s->v[i].text, "invit") ||
		    text_starts(s->v[i].text, "cham"))
			return i;
	if (r->match->intent == INTENT_update_event && r->match->begin > s->head && r->match->end < s->n &&
	    is_into(&s->v[r->match->end]))
		return r->match->begin - 1; /* "adiciona a Ana na reunião" */
	return -1;
}

bool intent_event_guests(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	const struct intent_sentence *s = r->sentence;
	int verb = inviting(r), into, begin;
	struct json *names;
	const char *title;

	if (verb < 0)
		return false;
	for (into = verb + 2; into < s->n && (s->v[into].dated || !is_into(&s->v[into])); into++)
		;
	for (begin = into + 1; begin < s->n && is_article(&s->v[begin]); begin++)
		;
	names = names_read(pool, r, verb + 1, into);
	/* "convida a Ana amanhã às 10h": to what, nobody said */
	title = intent_words_between(pool, r, begin < s->n ? begin : verb + 1, s->n);
	if (begin >= s->n)
		title = intent_without_article(pool, title, r->lang, r->match->intent);
	if (!json_len(names) || !*title)
		return false;
	json_set_text(args, "title", title);
	json_set(args, "attendees", names);
	return true;
}

/* --- by how much it moves --- */

struct length {
	int begin, end; /* tokens, with the words that join it: "em uma hora", "by 30 minutes" */
	int64_t minutes;
};

static const struct {
	const char *words;
	int64_t minutes;
} units[] = {
	{ " minuto minutos min mins minute minutes minutinho minutinhos ", 1 },
	{ " hora horas h hr hrs hour hours horinha ", 60 },
	{ " dia dias day days ", 24 * 60 },
	{ " semana semanas week weeks ", 7 * 24 * 60 },
};

static bool among(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = n ? strstr(words, word) : NULL; at; at = strstr(at + 1, word))
		if (at[-1] == ' ' && at[n] == ' ')
			return true;
	return false;
}

static int64_t unit_of(const char *word)
{
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (among(units[i].words, word))
			return units[i].minutes;
	return 0;
}

/* "uma", "two", "30"; 0: none. */
static int64_t number_of(const char *word)
{
	static const struct {
		const char *words;
		int64_t n;
	} numbers[] = { { " um uma a an one ", 1 }, { " dois duas two ", 2 },   { " tres three ", 3 },
			{ " quatro four ", 4 },     { " cinco five ", 5 },      { " seis six ", 6 },
			{ " dez ten ", 10 },        { " quinze fifteen ", 15 }, { " vinte twenty ", 20 },
			{ " trinta thirty ", 30 },  { " quarenta forty ", 40 } };
	int64_t n = 0;

	if (text_int(word, &n))
		return n > 0 && n < 1000 ? n : 0;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (among(numbers[i].words, word))
			return numbers[i].n;
	return 0;
}

/* "2h", "30min", "2h30", "1h30min" */
static int64_t short_of(const char *word)
{
	int64_t first = 0, second = 0;
	const char *s = word;

	for (; *s >= '0' && *s <= '9' && first < 1000; s++)
		first = first * 10 + (*s - '0');
	if (s == word)
		return 0;
	if (text_same(s, "min") || text_same(s, "mins") || text_same(s, "m"))
		return first;
	if (*s++ != 'h')
		return 0;
	for (; *s >= '0' && *s <= '9' && second < 60; s++)
		second = second * 10 + (*s - '0');
	return !*s || text_same(s, "min") || text_same(s, "r") || text_same(s, "rs") ? 60 * first + second
										     : 0;
}

static const char *word_at(const struct intent_sentence *s, int i)
{
	return i >= 0 && i < s->n ? s->v[i].text : "";
}

/* "e meia", "and a half": 30 minutes of an hour, and so on; *i goes past it. */
static int64_t half_more(const struct intent_sentence *s, int *i, int64_t unit)
{
	static const char *const half[] = { "meia", "meio", "half", NULL };
	int k = *i;

	if (!text_same(word_at(s, k), "e") && !text_same(word_at(s, k), "and"))
		return 0;
	k += text_same(word_at(s, k + 1), "a") ? 2 : 1;
	if (!intent_word_in(half, word_at(s, k)))
		return 0;
	*i = k + 1;
	return unit / 2;
}

/* A length that begins at token i. */
static bool length_at(const struct intent_sentence *s, int i, struct length *ret)
{
	static const char *const half[] = { "meia", "half", "meio", NULL };
	int64_t n = number_of(word_at(s, i)), unit, minutes = short_of(word_at(s, i));
	int k = i + 1;

	if (text_same(word_at(s, i), "um_dia")) /* a saying, too: "some day" */
		minutes = 24 * 60;
	*ret = (struct length){ .begin = i, .end = k, .minutes = minutes };
	if (minutes)
		return true;
	if (intent_word_in(half, word_at(s, i))) {
		k += text_same(word_at(s, k), "an") || text_same(word_at(s, k), "a");
		unit = unit_of(word_at(s, k));
		*ret = (struct length){ .begin = i, .end = k + 1, .minutes = unit / 2 };
		return unit > 0;
	}
	k += text_same(word_at(s, k), "mais") || text_same(word_at(s, k), "more");
	unit = unit_of(word_at(s, k));
	if (!n || !unit)
		return false;
	k++;
	*ret = (struct length){ .begin = i, .minutes = n * unit + half_more(s, &k, unit) };
	ret->end = k;
	return true;
}

/* Words before a length that make it the end of the way, a time of day or the thing's own length, and no distance. */
static bool is_place_in_time(const struct intent_sentence *s, const struct length *l)
{
	static const char *const to[] = { "para", "pra",  "pro",  "p",     "to",      "until",     "till",
					  "ate",  "as",   "at",   "de",    "da",      "do",        "das",
					  "dos",  "of",   "from", "daqui", "daqui_a", "em_vez_de", "the",
					  "this", "essa", "esta", "essas", NULL };
	static const char *const by[] = { "em", "por", "by", "for", "in", "mais", "another", NULL };
	const char *before = word_at(s, l->begin - 1);

	if (intent_word_in(to, before) || text_same(word_at(s, l->begin - 2), "daqui"))
		return true;
	if (text_same(word_at(s, l->end), "from"))
		return true; /* "from now" */
	/* "adia o almoço 15h": an hour of the day, where no word says otherwise */
	return short_of(word_at(s, l->begin)) > 4 * 60 && !intent_word_in(by, before);
}

/* The last length that says how far. */
static bool length_find(const struct intent_sentence *s, struct length *ret)
{
	bool found = false;
	struct length l;

	for (int i = s->head + 1; i < s->n; i++) {
		if (!length_at(s, i, &l) || is_place_in_time(s, &l))
			continue;
		*ret = l;
		found = true;
		i = l.end - 1;
	}
	if (found) {
		static const char *const by[] = { "em", "por", "by", "for", "in", "mais", "another", NULL };

		while (ret->begin - 1 > s->head && intent_word_in(by, word_at(s, ret->begin - 1)))
			ret->begin--;
	}
	return found;
}

/* Which way: 1 later, -1 earlier, 0: no such sentence. */
static int way_of(const struct intent_sentence *s)
{
	static const char *const later[] = { "adi",     "posterg", "empurr", "atras",   "prorrog", "delay",
					     "postpon", "push",    "defer",  "put_off", NULL };
	static const char *const earlier[] = { "adiant", "antecip", "puxa", "puxe", "puxar", NULL };
	static const char *const after[] = { "tarde",       "mais_tarde", "later", "frente",
					     "para_frente", "pra_frente", "back",  NULL };
	static const char *const before[] = { "cedo",     "mais_cedo", "earlier", "tras", "para_tras",
					      "pra_tras", "forward",   "sooner",  NULL };
	int way = 0;

	for (int i = s->head; i < s->n; i++) {
		const char *w = s->v[i].text;

		for (const char *const *p = earlier; i < s->head + 3 && !way && *p; p++)
			way = text_starts(w, *p) ? -1 : 0;
		for (const char *const *p = later; i < s->head + 3 && !way && *p; p++)
			way = text_starts(w, *p) ? 1 : 0;
	}
	for (int i = s->head; i < s->n; i++) {
		if (intent_word_in(after, s->v[i].text))
			return 1;
		if (intent_word_in(before, s->v[i].text) || text_same(s->v[i].text, "bring_forward"))
			return text_starts(s->v[s->head].text, "push") ? 1 : -1;
	}
	return way;
}

/* Where words that only say which way begin: they are no title. */
static int without_way(const struct intent_sentence *s, int begin, int end)
{
	static const char *const ways[] = { "mais",       "tarde",     "mais_tarde", "later",  "para_frente",
					    "pra_frente", "para",      "pra",        "frente", "back",
					    "cedo",       "mais_cedo", "earlier",    "tras",   "para_tras",
					    "pra_tras",   "forward",   "sooner",     "up",     NULL };

	while (end > begin && intent_word_in(ways, s->v[end - 1].text))
		end--;
	return end;
}

bool intent_event_shift(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	const struct intent_sentence *s = r->sentence;
	const char *title = "";
	struct length l;
	int way = way_of(s), begin = r->match->begin;

	if (!way || begin < 0 || !length_find(s, &l))
		return false;
	if (l.begin > begin)
		title = intent_words_between(pool, r, begin, without_way(s, begin, l.begin));
	else if (l.end < s->n)
		title = intent_words_between(pool, r, l.end, without_way(s, l.end, s->n));
	if (text_starts(title, "'s ")) /* "tomorrow's meeting" without its day */
		title += 3;
	intent_set_some(args, "title", intent_without_article(pool, title, r->lang, r->match->intent));
	json_set_int(args, "shift", way * l.minutes);
	return true;
}

/* --- several --- */

bool intent_event_several(apr_pool_t *pool, const struct intent_reading *r)
{
	static const char *const all[] = { "todas",      "todos", "all",   "every", "each", "tudo",
					   "everything", "ambas", "ambos", "both",  NULL };
	static const char *const many[] = { "reunioes",   "eventos",      "compromissos",
					    "consultas",  "encontros",    "meetings",
					    "events",     "appointments", "calls",
					    "aulas",      "conversas",    "entrevistas",
					    "interviews", "visitas",      NULL };
	int64_t id;

	if (intent_number_said(r, &id))
		return false;
	if (intent_words_said(r, all) || intent_words_said(r, many))
		return true;
	/* "limpa minha agenda de sexta", "desmarca amanhã": nothing is left that names one. */
	return r->date && (intent_token_of(r, IC_ALLTHINGS) || !*intent_rest(pool, r));
}
