#include "ml/date/date_lex.h"

#include "core/text.h"
#include <string.h>

#define MAX_BYTES 16384

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(uint32_t c)
{
	/* ª and º are ordinal marks of their own; U+2000..2BFF are signs, arrows and pictures. */
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (c >= 0xB5 && c != 0xBA && c != 0xB7 && c != 0xBB && c != 0xBF && c != 0xD7 &&
		!(c >= 0x2000 && c <= 0x2BFF) && c < 0x1F000);
}

static bool is_space(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x202F || c == 0x2009;
}

/* The fullest stretch of one kind that starts at s; punctuation comes one character at a time. */
static size_t stretch(const char *s, enum token_kind *ret_kind)
{
	uint32_t c;
	size_t n = text_utf8_next(s, &c);

	if (is_digit(*s)) {
		*ret_kind = TOKEN_NUMBER;
		return strspn(s, "0123456789");
	}
	*ret_kind = TOKEN_PUNCT;
	if (!is_letter(c))
		return n;
	*ret_kind = TOKEN_WORD;
	for (size_t len; (len = text_utf8_next(s + n, &c)) && is_letter(c);)
		n += len;
	return n;
}

/* Dashes of every length become '-', the ordinal marks 'o' and 'a', curly quotes straight ones. */
static const char *punct_text(apr_pool_t *pool, const char *s, size_t n)
{
	uint32_t c;

	text_utf8_next(s, &c);
	if (c >= 0x2010 && c <= 0x2015)
		return "-";
	if (c == 0x2019 || c == 0x2018)
		return "'";
	return c == 0xBA || c == 0xB0 ? "\xC2\xBA" : c == 0xAA ? "\xC2\xAA" : mem_textn(pool, s, n);
}

static int64_t number(const char *s, size_t n)
{
	int64_t value = 0;

	if (n > 9)
		return -1;
	for (size_t i = 0; i < n; i++)
		value = value * 10 + (s[i] - '0');
	return value;
}

static void fill(apr_pool_t *pool, struct token *token, const char *s, size_t n, enum lang lang)
{
	int count;

	token->text = "";
	if (token->kind == TOKEN_NUMBER) {
		token->digits = (int)(n < 99 ? n : 99);
		token->value = number(s, n);
	} else if (token->kind == TOKEN_PUNCT) {
		token->text = punct_text(pool, s, n);
	} else {
		token->text = text_fold(pool, mem_textn(pool, s, n));
		token->words = word_find(lang, token->text, &count);
		token->n_words = (short)count;
	}
}

static bool punct_in(const struct token *token, const char *set)
{
	return token->kind == TOKEN_PUNCT && *token->text && strchr(set, *token->text) && !token->text[1];
}

static bool is_one_of(const struct token *token, const char *const *texts)
{
	for (; *texts; texts++)
		if (token->kind != TOKEN_END && text_same(token->text, *texts))
			return true;
	return false;
}

/* Numbers joined without a space by . , - / : form a cluster. [begin, end) of tokens. */
static int cluster_end(const struct token *v, int begin, int *ret_groups)
{
	int i = begin;

	*ret_groups = 1;
	/* "28/2-1/3" and "3:30-6:00" are two */
	while (v[i + 1].glued &&
	       punct_in(&v[i + 1], i > begin && *v[begin + 1].text != '-' ? ".,/:" : ".,-/:") &&
	       v[i + 2].glued && v[i + 2].kind == TOKEN_NUMBER) {
		i += 2;
		++*ret_groups;
	}
	return i + 1;
}

/* What stands around a cluster makes it money, a share, or a telephone number. */
static bool is_quantity(const struct token *v, int begin, int end)
{
	static const char *const after[] = {
		"$",      "%",       "\xE2\x82\xAC", "\xC2\xA3", "reais", "real", "percent", "points",
		"pontos", "dollars", "dolares",      "euros",    "bucks", "kg",   "km",      "students",
		"people", "k",       "usd",          "brl",      "mil",   NULL
	};
	static const char *const before[] = { "$",        "\xE2\x82\xAC", "\xC2\xA3", "#",    "+",
					      "rs",       "usd",          "brl",      "nota", "version",
					      "versao",   "tel",          "v",        "sala", "room",
					      "capitulo", "chapter",      "artigo",   "cpf",  "cep",
					      "cnpj",     "numero",       NULL };

	/* Of a thing that is counted through, unless an hour is said. */
	static const char *const named[] = { "pagina",    "page",      "parte",    "part",     "fase",
					     "phase",     "passo",     "step",     "volume",   "vol",
					     "item",      "lote",      "linha",    "line",     "onibus",
					     "bus",       "apto",      "bloco",    "andar",    "floor",
					     "questao",   "exercicio", "exercise", "episodio", "episode",
					     "temporada", "season",    NULL };

	if (is_one_of(&v[end], after))
		return true;
	if (begin > 0 && is_one_of(&v[begin - 1], named) && !(v[end].glued && v[end].kind == TOKEN_WORD))
		return true;
	if (begin > 0 && is_one_of(&v[begin - 1], before))
		return true;
	return begin > 1 && punct_in(&v[begin - 1], ":") && !v[begin].glued &&
	       is_one_of(&v[begin - 2], before);
}

/* Two long groups, or more groups than a date and its time have, are nobody's date. */
static bool is_code(const struct token *v, int begin, int end, int groups)
{
	int longs = 0, dots = 0, commas = 0;

	for (int i = begin; i < end; i += 2) {
		bool decimal = groups == 1 || punct_in(&v[begin + 1], ".,");

		dots += i > begin && *v[i - 1].text == '.';
		commas += i > begin && *v[i - 1].text == ',';
		if (v[i].digits > 4 || (v[i].digits == 3 && !decimal))
			return true;
		if (v[i].digits == 4 && groups > 1 && v[i].value >= 2400 && !punct_in(&v[begin + 1], ".,/"))
			return true; /* 4500-3 */
		longs += v[i].digits > 2 && !(v[i].digits == 4 && groups == 2 && v[i].value < 2400 &&
					      punct_in(&v[begin + 1], "-"));
	}
	return longs > 1 || groups > 3 || (dots && commas);
}

/* The 13 of "X13" and of "HDMI2-13": letters before it that are no word of time, nor the h of "14h30". */
static bool is_within_word(const struct token *v, int i)
{
	const struct token *word = &v[i - 1];

	return i > 0 && v[i].glued && word->kind == TOKEN_WORD && !word->n_words &&
	       !(i > 1 && word->glued && v[i - 2].kind == TOKEN_NUMBER);
}

static void block(struct token *v, int n)
{
	int groups;

	for (int i = 0, end; i < n; i = end) {
		end = i + 1;
		if (v[i].kind != TOKEN_NUMBER)
			continue;
		end = cluster_end(v, i, &groups);
		if (!is_quantity(v, i, end) && !is_code(v, i, end, groups) && !is_within_word(v, i) &&
		    !(i > 0 && v[i].glued && punct_in(&v[i - 1], ".,+#_") && i > 1 &&
		      v[i - 2].kind == TOKEN_NUMBER))
			continue;
		for (int k = i; k < end; k++)
			v[k].blocked = true;
	}
}

struct tokens tokens_read(apr_pool_t *pool, const char *text, enum lang lang)
{
	size_t n = strnlen(text, MAX_BYTES);
	struct tokens tokens = { .lang = lang, .v = mem_alloc(pool, (n + 3) * sizeof(struct token)) };
	bool glued = false;
	uint32_t c;

	for (size_t i = 0, len; i < n; i += len) {
		len = text_utf8_next(text + i, &c);
		if (!len)
			break;
		if (is_space(c)) {
			glued = false;
			continue;
		}

		struct token *token = &tokens.v[tokens.n++];
		len = stretch(text + i, &token->kind);
		token->glued = glued;
		token->begin = (int)i;
		token->end = (int)(i + len);
		fill(pool, token, text + i, len, lang);
		glued = true;
	}
	for (int i = tokens.n; i < tokens.n + 3; i++) {
		tokens.v[i].text = "";
		tokens.v[i].begin = tokens.v[i].end = (int)n;
	}
	block(tokens.v, tokens.n);
	return tokens;
}
