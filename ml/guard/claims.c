#include "ml/guard/claims.h"

#include "core/text.h"
#include <string.h>

/* Folded. stem: the word may end in o, a, os, as. */
struct word {
	const char *text;
	unsigned kind;
};

/* What the assistant says of itself, in the first person. */
static const struct word first_person[] = {
	{ "anotei", CLAIM_MAKE },        { "criei", CLAIM_MAKE },       { "marquei", CLAIM_DONE },
	{ "agendei", CLAIM_MAKE },       { "adicionei", CLAIM_MAKE },   { "salvei", CLAIM_MAKE },
	{ "guardei", CLAIM_MAKE },       { "registrei", CLAIM_MAKE },   { "coloquei", CLAIM_DONE },
	{ "inclui", CLAIM_MAKE },        { "cadastrei", CLAIM_MAKE },   { "programei", CLAIM_MAKE },
	{ "botei", CLAIM_MAKE },         { "lembrarei", CLAIM_MAKE },   { "avisarei", CLAIM_MAKE },
	{ "enviei", CLAIM_SEND },        { "mandei", CLAIM_SEND },      { "encaminhei", CLAIM_SEND },
	{ "convidei", CLAIM_SEND },      { "apaguei", CLAIM_REMOVE },   { "exclui", CLAIM_REMOVE },
	{ "removi", CLAIM_REMOVE },      { "deletei", CLAIM_REMOVE },   { "cancelei", CLAIM_REMOVE },
	{ "arquivei", CLAIM_REMOVE },    { "tirei", CLAIM_REMOVE },     { "conclui", CLAIM_COMPLETE },
	{ "finalizei", CLAIM_COMPLETE }, { "atualizei", CLAIM_CHANGE }, { "mudei", CLAIM_CHANGE },
	{ "alterei", CLAIM_CHANGE },     { "movi", CLAIM_CHANGE },      { "remarquei", CLAIM_CHANGE },
	{ "adiei", CLAIM_CHANGE },       { "troquei", CLAIM_CHANGE },   { "corrigi", CLAIM_CHANGE },
	{ "renomeei", CLAIM_CHANGE },    { "fiz", CLAIM_DONE },         { "avisei", CLAIM_SEND },
	{ "risquei", CLAIM_COMPLETE },   { "reservei", CLAIM_MAKE },    { "ativei", CLAIM_MAKE },
	{ "confirmei", CLAIM_DONE },
};

/* Participles in Portuguese, without their ending, and in English. */
static const struct word stems[] = {
	{ "avisad", CLAIM_SEND },       { "convidad", CLAIM_SEND },      { "ativad", CLAIM_MAKE },
	{ "reservad", CLAIM_MAKE },     { "confirmad", CLAIM_DONE },     { "anotadinh", CLAIM_MAKE },
	{ "feit", CLAIM_DONE },         { "anotad", CLAIM_MAKE },        { "criad", CLAIM_MAKE },
	{ "marcad", CLAIM_MAKE },       { "agendad", CLAIM_MAKE },       { "adicionad", CLAIM_MAKE },
	{ "salv", CLAIM_MAKE },         { "guardad", CLAIM_MAKE },       { "registrad", CLAIM_MAKE },
	{ "cadastrad", CLAIM_MAKE },    { "programad", CLAIM_MAKE },     { "enviad", CLAIM_SEND },
	{ "mandad", CLAIM_SEND },       { "apagad", CLAIM_REMOVE },      { "excluid", CLAIM_REMOVE },
	{ "removid", CLAIM_REMOVE },    { "cancelad", CLAIM_REMOVE },    { "arquivad", CLAIM_REMOVE },
	{ "concluid", CLAIM_COMPLETE }, { "finalizad", CLAIM_COMPLETE }, { "atualizad", CLAIM_CHANGE },
	{ "alterad", CLAIM_CHANGE },    { "movid", CLAIM_CHANGE },       { "remarcad", CLAIM_CHANGE },
	{ "adiad", CLAIM_CHANGE },
};
static const struct word english[] = {
	{ "added", CLAIM_MAKE },       { "created", CLAIM_MAKE },      { "scheduled", CLAIM_MAKE },
	{ "saved", CLAIM_MAKE },       { "noted", CLAIM_MAKE },        { "logged", CLAIM_MAKE },
	{ "recorded", CLAIM_MAKE },    { "booked", CLAIM_MAKE },       { "set", CLAIM_MAKE },
	{ "put", CLAIM_DONE },         { "sent", CLAIM_SEND },         { "emailed", CLAIM_SEND },
	{ "invited", CLAIM_SEND },     { "forwarded", CLAIM_SEND },    { "deleted", CLAIM_REMOVE },
	{ "removed", CLAIM_REMOVE },   { "cancelled", CLAIM_REMOVE },  { "canceled", CLAIM_REMOVE },
	{ "archived", CLAIM_REMOVE },  { "erased", CLAIM_REMOVE },     { "completed", CLAIM_COMPLETE },
	{ "marked", CLAIM_DONE },      { "finished", CLAIM_COMPLETE }, { "updated", CLAIM_CHANGE },
	{ "changed", CLAIM_CHANGE },   { "moved", CLAIM_CHANGE },      { "rescheduled", CLAIM_CHANGE },
	{ "postponed", CLAIM_CHANGE }, { "renamed", CLAIM_CHANGE },
};
static const char *const done_words[] = { "pronto", "prontinho", "feito", "done", "resolvido", "sorted" };
static const char *const negations[] = { "nao",    "nunca",  "sem",  "not",  "never", "n't",
					 "cannot", "couldn", "didn", "wasn", "hasn",  "haven" };
static const char *const was[] = { "foi", "foram", "was", "were", "been" };
static const char *const state[] = { "esta", "estao", "ta", "ficou", "ficaram", "is", "are" };

enum { WORDS_MAX = 40, WORD_BYTES = 24 };

struct words {
	char w[WORDS_MAX][WORD_BYTES];
	int n;
};

static bool among(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, list[i]) == 0)
			return true;
	return false;
}
#define AMONG(word, list) among(word, list, sizeof(list) / sizeof *(list))

static unsigned kind_in(const char *word, const struct word *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, list[i].text) == 0)
			return list[i].kind;
	return 0;
}
#define KIND_IN(word, list) kind_in(word, list, sizeof(list) / sizeof *(list))

static unsigned participle(const char *word)
{
	for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
		size_t n = strlen(stems[i].text);

		if (strncmp(word, stems[i].text, n) == 0 && (word[n] == 'o' || word[n] == 'a') &&
		    (!word[n + 1] || (word[n + 1] == 's' && !word[n + 2])))
			return stems[i].kind;
	}
	return KIND_IN(word, english);
}

static struct words split(apr_pool_t *pool, const char *sentence, size_t n)
{
	const char *s = text_fold(pool, mem_textn(pool, sentence, n));
	struct words words = { .n = 0 };

	while (*s && words.n < WORDS_MAX) {
		size_t len = 0;

		while (*s && !((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9')))
			s++;
		while ((s[len] >= 'a' && s[len] <= 'z') || (s[len] >= '0' && s[len] <= '9'))
			len++;
		if (len && len < WORD_BYTES) {
			memcpy(words.w[words.n], s, len);
			words.w[words.n++][len] = 0;
		}
		s += len;
	}
	return words;
}

static bool negated(const struct words *words, int at)
{
	for (int i = at > 4 ? at - 4 : 0; i < at; i++)
		if (AMONG(words->w[i], negations))
			return true;
	return at > 0 && strcmp(words->w[at - 1], "t") == 0; /* "didn't" */
}

/* "vou te lembrar", "te lembro", "eu te aviso", "I'll remind": a promise that nobody keeps without an act. */
static bool promise(const struct words *words, int at)
{
	static const char *const later[] = { "lembrar", "avisar", "remind" }, *const now[] = { "lembro",
											       "aviso" };
	static const char *const will[] = { "vou", "ll", "will" }, *const you[] = { "te", "voce", "vc",
										    "lhe" };
	const char *w = words->w[at];

	if (AMONG(w, now))
		return (at > 0 && AMONG(words->w[at - 1], you)) ||
		       (at + 1 < words->n && AMONG(words->w[at + 1], you));
	if (!AMONG(w, later))
		return false;
	for (int i = at > 3 ? at - 3 : 0; i < at; i++)
		if (AMONG(words->w[i], will))
			return true;
	return false;
}

/* Sayings: "you're all set", "consider it done", "já tá na sua agenda". */
static unsigned saying(const struct words *words)
{
	static const struct {
		const char *v[4];
		unsigned kind;
	} sayings[] = {
		{ { "all", "set" }, CLAIM_DONE },
		{ { "consider", "it", "done" }, CLAIM_DONE },
		{ { "took", "care", "of" }, CLAIM_DONE },
		{ { "got", "that", "down" }, CLAIM_MAKE },
		{ { "on", "your", "calendar" }, CLAIM_STATE },
		{ { "on", "your", "list" }, CLAIM_STATE },
		{ { "na", "sua", "agenda" }, CLAIM_STATE },
		{ { "na", "sua", "lista" }, CLAIM_STATE },
		{ { "ta", "feito" }, CLAIM_DONE },
		{ { "esta", "feito" }, CLAIM_DONE },
	};
	unsigned found = 0;

	for (size_t k = 0; k < sizeof sayings / sizeof *sayings; k++)
		for (int i = 0; i < words->n; i++) {
			int n = 0;

			while (n < 4 && sayings[k].v[n] && i + n < words->n &&
			       strcmp(words->w[i + n], sayings[k].v[n]) == 0)
				n++;
			if ((n == 4 || !sayings[k].v[n]) && n > 0 && !negated(words, i))
				found |= sayings[k].kind;
		}
	return found;
}

/* Whether the words before say that it was I, or that it was done to the thing. */
static unsigned by_context(const struct words *words, int at, unsigned kind)
{
	for (int i = at > 4 ? at - 4 : 0; i < at; i++) {
		if (AMONG(words->w[i], was))
			return kind;
		if (AMONG(words->w[i], state))
			return CLAIM_STATE;
		if (strcmp(words->w[i], "i") == 0 && i >= at - 3)
			return kind;
	}
	return at < 3 && at == words->n - 1 ? kind
	       : at == 0                    ? kind
					    : 0; /* "Tarefa criada.", "Anotado: ..." */
}

static unsigned word_claims(const struct words *words, int at)
{
	const char *w = words->w[at];
	unsigned kind = KIND_IN(w, first_person);

	if (negated(words, at))
		return 0;
	if (kind)
		return kind;
	if (promise(words, at))
		return CLAIM_MAKE;
	if (at == 0 && AMONG(w, done_words))
		return CLAIM_DONE;
	kind = participle(w);
	return kind ? by_context(words, at, kind) : 0;
}

static unsigned sentence_claims(apr_pool_t *pool, const char *s, size_t n)
{
	struct words words = split(pool, s, n);
	unsigned found = 0;

	if (n && s[n - 1] == '?')
		return 0;
	for (int i = 0; i < words.n; i++)
		found |= word_claims(&words, i);
	return found | saying(&words);
}

/* Bytes of the sentence at s, its end mark included. */
static size_t sentence_length(const char *s)
{
	size_t n = 0;

	while (s[n]) {
		char c = s[n++];

		if (c == '\n')
			break;
		if ((c == '.' || c == '!' || c == '?') && (!s[n] || s[n] == ' ' || s[n] == '\n'))
			break;
	}
	return n;
}

unsigned claims_find(apr_pool_t *pool, const char *text)
{
	unsigned found = 0;

	for (size_t n; *text; text += n) {
		n = sentence_length(text);
		found |= sentence_claims(pool, text, n);
	}
	return found;
}

const char *claims_strip(apr_pool_t *pool, const char *text, unsigned kinds)
{
	struct buf out = buf_new(pool, strlen(text) + 1);

	for (size_t n; *text; text += n) {
		n = sentence_length(text);
		if (!(sentence_claims(pool, text, n) & kinds))
			buf_put(&out, text, n);
	}
	return out.p ? text_trim(pool, out.p) : "";
}
