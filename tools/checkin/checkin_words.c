#include "tools/checkin/checkin_words.h"

#include "core/text.h"
#include "ml/date/date.h"
#include "tools/when.h"
#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400, TOKENS = 64, REACH = 5 };

enum about { ABOUT_NOTHING, ABOUT_ENERGY, ABOUT_MOOD, ABOUT_SLEEP, ABOUT_WORKOUT, ABOUT_NOT };

static const struct {
	enum about about;
	const char *words; /* folded, between spaces; one that ends in * is a beginning */
} known[] = {
	{ ABOUT_ENERGY, "energia energy disposicao" },
	{ ABOUT_MOOD, "humor mood animo" },
	{ ABOUT_SLEEP, "sono sleep dormi slept dormido dormir" },
	{ ABOUT_WORKOUT,
	  "treino treinei treinar workout treinamos malhei malhar academia gym corri corrida ran pedalei "
	  "nadei caminhei caminhada swam cycled walked exercised trained exercitei musculacao yoga pilates "
	  "meditei_nao jogged worked_out exercise exercicio exercicios" },
	{ ABOUT_NOT, "nao n no not didn't didnt nunca sem without skipped pulei faltei" },
};

/* Moods from 1 to 10, as the card shows them, and a few more that people send. */
static const struct {
	const char *emoji;
	double mood;
} faces[] = {
	{ "😭", 1 }, { "😢", 2 }, { "😞", 2 },    { "😡", 2 },    { "😟", 3 },     { "☹", 3 }, { "🙁", 4 },
	{ "😕", 4 }, { "😔", 3 }, { "😐", 5 },    { "🙂", 6 }, { "😊", 7 },     { "😌", 7 }, { "😀", 7 },
	{ "😄", 8 }, { "😁", 9 }, { "🥳", 9 }, { "😍", 9 },    { "🤩", 10 },
};

static const char *const numerals[][2] = { { "zero", "" },      { "um", "one" },      { "dois", "two" },
					   { "tres", "three" }, { "quatro", "four" }, { "cinco", "five" },
					   { "seis", "six" },   { "sete", "seven" },  { "oito", "eight" },
					   { "nove", "nine" },  { "dez", "ten" } };

struct token {
	enum about about;
	double number; /* below 0: none */
	bool half;     /* "e meia": half an hour more; "and a half" */
	bool minutes;  /* "30 min" */
};

static bool in_words(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = words; n && (at = strstr(at, word)); at += n)
		if ((at == words || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
	return false;
}

static enum about about_of(const char *word)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (in_words(known[i].words, word))
			return known[i].about;
	return ABOUT_NOTHING;
}

/* "7", "6,5", "6h30", "7:15", "8/10", "7h", "sete"; below 0: none. */
static double number_of(const char *word)
{
	char *end;
	double n;

	for (int i = 0; i < 11; i++)
		if (text_same(word, numerals[i][0]) || (*numerals[i][1] && text_same(word, numerals[i][1])))
			return i;
	if (*word < '0' || *word > '9' || strspn(word, "0123456789") > 6)
		return -1;
	n = (double)strtol(word, &end, 10);
	if (*end == '/')
		return strspn(end + 1, "0123456789") == strlen(end + 1) ? n : -1;
	if ((*end == ',' || *end == '.') && end[1] >= '0' && end[1] <= '9')
		return n + (end[1] - '0') / 10.0 +
		       (end[2] >= '0' && end[2] <= '9' ? (end[2] - '0') / 100.0 : 0);
	if ((*end == 'h' || *end == ':') && end[1] >= '0' && end[1] <= '9')
		return n + (double)strtol(end + 1, NULL, 10) / 60;
	return !*end || in_words("h hs hrs hr horas", end) ? n : -1;
}

/* Words of folded text; punctuation that ends one is left out. */
static int tokens_read(apr_pool_t *pool, const char *s, struct token *tokens)
{
	static const char gaps[] = " \t\r\n;!?()\"'=";
	int n = 0;

	while (n < TOKENS && *(s += strspn(s, gaps))) {
		size_t k = strcspn(s, gaps), end = k;
		const char *word;

		while (end && strchr(".,:", s[end - 1]))
			end--;
		word = mem_textn(pool, s, end);
		tokens[n] = (struct token){ .about = about_of(word), .number = number_of(word) };
		tokens[n].half = in_words("meia half", word);
		tokens[n].minutes = in_words("min minutos minutes mins", word);
		n++;
		s += k;
	}
	return n;
}

static bool is_body(enum about about)
{
	return about == ABOUT_ENERGY || about == ABOUT_MOOD || about == ABOUT_SLEEP;
}

/* The number that is said of the word at i: the next one before another such word, else the last one before it. */
static int number_at(const struct token *v, int n, int i)
{
	for (int k = i + 1; k < n && k <= i + REACH && !is_body(v[k].about); k++)
		if (v[k].number >= 0)
			return k;
	for (int k = i - 1; k >= 0 && k >= i - 3 && !is_body(v[k].about); k--)
		if (v[k].number >= 0)
			return k;
	return -1;
}

/* "6 horas e 30 minutos", "7 e meia". */
static double hours_at(const struct token *v, int n, int i)
{
	double hours = v[i].number;

	for (int k = i + 1; k < n && k <= i + 4 && !is_body(v[k].about); k++) {
		if (v[k].half)
			return hours + 0.5;
		if (v[k].number >= 0 && k + 1 < n && v[k + 1].minutes)
			return hours + v[k].number / 60;
	}
	return hours;
}

static double face_of(const char *text)
{
	for (size_t i = 0; i < sizeof faces / sizeof *faces; i++)
		if (strstr(text, faces[i].emoji))
			return faces[i].mood;
	return -1;
}

static bool denied(const struct token *v, int i)
{
	for (int k = i - 1; k >= 0 && k >= i - 3; k--)
		if (v[k].about == ABOUT_NOT)
			return true;
	return false;
}

struct checkin_words checkin_words_read(apr_pool_t *pool, const char *text)
{
	struct checkin_words w = { -1, -1, -1, -1 };
	struct token *v = mem_alloc(pool, sizeof *v * TOKENS);
	int n = tokens_read(pool, text_fold(pool, text), v);

	for (int i = 0; i < n; i++) {
		int k = is_body(v[i].about) ? number_at(v, n, i) : -1;

		if (v[i].about == ABOUT_WORKOUT && w.workout < 0)
			w.workout = !denied(v, i) && !(i + 1 < n && v[i + 1].about == ABOUT_NOT);
		if (k < 0)
			continue;
		if (v[i].about == ABOUT_ENERGY && w.energy < 0)
			w.energy = v[k].number;
		if (v[i].about == ABOUT_MOOD && w.mood < 0)
			w.mood = v[k].number;
		if (v[i].about == ABOUT_SLEEP && w.sleep < 0)
			w.sleep = hours_at(v, n, k);
	}
	if (w.workout < 0 && strstr(text_fold(pool, text), "worked out"))
		w.workout = !strstr(text, "n't worked");
	if (w.workout < 0 && (strstr(text_fold(pool, text), "work out")))
		w.workout = 0; /* "I didn't work out" */
	if (w.mood < 0)
		w.mood = face_of(text);
	return w;
}

bool checkin_day(struct req *req, const char *text, int64_t *ret_day)
{
	int64_t today = when_now(req), day;
	const char *folded = text_fold(req->pool, text);
	struct date_found found;

	today -= today % DAY_S;
	*ret_day = today;
	if (strstr(folded, "anteontem"))
		*ret_day = today - 2 * DAY_S;
	if (strstr(folded, "amanha") && !strstr(folded, "manha de"))
		return false;
	if (strstr(folded, "tomorrow"))
		return false;
	if (strstr(folded, "anteontem") || strstr(folded, "last night") || strstr(folded, "essa noite") ||
	    !date_find(req->pool, text, req->lang, when_now(req), &found) || found.rolled || found.rrule)
		return true;
	day = found.start - found.start % DAY_S;
	/* Nobody tells how next Monday went: it was the last one. Dates of a day and a month were last year's. */
	if (day > today && day - 7 * DAY_S <= today)
		day -= 7 * DAY_S;
	else if (day > today && day - 366 * DAY_S <= today)
		day -= 365 * DAY_S;
	*ret_day = day;
	return day <= today;
}
