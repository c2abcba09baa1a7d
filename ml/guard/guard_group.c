#include "ml/guard/guard_group.h"
#include <string.h>

enum { GAP_MAX = 8, SYMBOLS_MAX = 2, SPELLED_MAX = 12, HUNDRED = 100, TWICE = 1000, THRICE = 1001 };

static const struct {
	char word[SPELLED_MAX + 1];
	short value;
} spelled[] = {
	{ "zero", 0 },
	{ "oh", 0 },
	{ "um", 1 },
	{ "uma", 1 },
	{ "one", 1 },
	{ "dois", 2 },
	{ "duas", 2 },
	{ "two", 2 },
	{ "tres", 3 },
	{ "three", 3 },
	{ "quatro", 4 },
	{ "four", 4 },
	{ "cinco", 5 },
	{ "five", 5 },
	{ "seis", 6 },
	{ "meia", 6 },
	{ "six", 6 },
	{ "sete", 7 },
	{ "seven", 7 },
	{ "oito", 8 },
	{ "eight", 8 },
	{ "nove", 9 },
	{ "nine", 9 },
	{ "dez", 10 },
	{ "ten", 10 },
	{ "onze", 11 },
	{ "eleven", 11 },
	{ "doze", 12 },
	{ "twelve", 12 },
	{ "treze", 13 },
	{ "thirteen", 13 },
	{ "quatorze", 14 },
	{ "catorze", 14 },
	{ "fourteen", 14 },
	{ "quinze", 15 },
	{ "fifteen", 15 },
	{ "dezesseis", 16 },
	{ "sixteen", 16 },
	{ "dezessete", 17 },
	{ "seventeen", 17 },
	{ "dezoito", 18 },
	{ "eighteen", 18 },
	{ "dezenove", 19 },
	{ "nineteen", 19 },
	{ "vinte", 20 },
	{ "twenty", 20 },
	{ "trinta", 30 },
	{ "thirty", 30 },
	{ "quarenta", 40 },
	{ "forty", 40 },
	{ "cinquenta", 50 },
	{ "fifty", 50 },
	{ "sessenta", 60 },
	{ "sixty", 60 },
	{ "setenta", 70 },
	{ "seventy", 70 },
	{ "oitenta", 80 },
	{ "eighty", 80 },
	{ "noventa", 90 },
	{ "ninety", 90 },
	{ "cem", 100 },
	{ "cento", 100 },
	{ "duzentos", 200 },
	{ "trezentos", 300 },
	{ "quatrocentos", 400 },
	{ "quinhentos", 500 },
	{ "seiscentos", 600 },
	{ "setecentos", 700 },
	{ "oitocentos", 800 },
	{ "novecentos", 900 },
	{ "double", TWICE },
	{ "triple", THRICE },
};

static bool letter(char c)
{
	return guard_alpha(c) || c == GUARD_LETTER;
}

/* The value of the word at i, -1 when it is no number; *ret_end: where it ends. */
static int word_value(const struct guard_view *v, size_t i, size_t *ret_end)
{
	char first = guard_low(v->c[i]);
	size_t n = 0;

	if (!guard_alpha(first) || !strchr("zoudtqfcsmenv", first))
		return -1;
	while (n <= SPELLED_MAX && letter(v->c[i + n]))
		n++;
	if (n < 2 || n > SPELLED_MAX || guard_digit(v->c[i + n]))
		return -1;
	for (size_t k = 0; k < sizeof spelled / sizeof spelled[0]; k++)
		if (spelled[k].word[0] == first && strlen(spelled[k].word) == n &&
		    guard_at(v, i, spelled[k].word)) {
			*ret_end = i + n;
			return spelled[k].value;
		}
	return -1;
}

/* " e ", "-", " ", " and " between the parts of one number. */
static size_t joint(const struct guard_view *v, size_t i)
{
	if (v->c[i] == '-')
		return i + 1;
	if (v->c[i] != ' ')
		return 0;
	if (guard_at(v, i, " e "))
		return i + 3;
	return guard_at(v, i, " and ") ? i + 5 : i + 1;
}

/* A further part below `below`, added to *value. */
static size_t add_part(const struct guard_view *v, size_t i, int below, int *value, int *ret_part)
{
	size_t next = joint(v, i), end = 0;
	int part = next ? word_value(v, next, &end) : -1;

	*ret_part = part;
	if (part <= 0 || part >= below)
		return i;
	*value += part;
	return end;
}

/* "vinte e um" is 21, "nine hundred and eighty-two" 982, "double four" 44; its digits into d. */
static size_t read_spelled(const struct guard_view *v, size_t i, char d[4], size_t *ret_end)
{
	size_t end = 0;
	int value = word_value(v, i, &end), part = -1, times = 1;
	size_t n = 0;

	if (value == TWICE || value == THRICE) {
		times = value - TWICE + 2;
		value = v->c[end] == ' ' ? word_value(v, end + 1, &end) : -1;
		if (value > 9)
			return 0;
	}
	if (value < 0)
		return 0;
	if (value > 0 && value < 10 && guard_at(v, end, " hundred")) {
		value *= HUNDRED;
		end += 8;
	}
	if (value >= HUNDRED)
		end = add_part(v, end, HUNDRED, &value, &part);
	if (value >= 20 && value < HUNDRED)
		end = add_part(v, end, 10, &value, &part);
	else if (value >= HUNDRED && part >= 20)
		end = add_part(v, end, 10, &value, &part);
	if (value >= HUNDRED)
		d[n++] = (char)('0' + value / HUNDRED);
	if (value >= 10)
		d[n++] = (char)('0' + value / 10 % 10);
	d[n++] = (char)('0' + value % 10);
	for (; times > 1; times--, n++)
		d[n] = d[0];
	*ret_end = end;
	return n;
}

static enum gap gap_of(char c)
{
	switch (c) {
	case ' ': return GAP_SPACE;
	case '.': return GAP_DOT;
	case '-': return GAP_DASH;
	case '/': return GAP_SLASH;
	case '(':
	case ')': return GAP_PAREN;
	case '\n': return GAP_LINE;
	case '$':
	case '%':
	case '@':
	case GUARD_LETTER:
	case GUARD_IDEOGRAPH:
	case 0: return 0;
	default: return guard_alnum(c) ? 0 : GAP_ODD;
	}
}

/* Signs in words: "529 ponto 982"; behind them, without the last space. */
static size_t past_sign_word(const struct guard_view *v, size_t i, bool words)
{
	static const char *const names[] = { " ponto ", " traco ", " hifen ", " barra ",
					     " dot ",   " dash ",  " xx " };

	if (words && guard_at(v, i, " e "))
		return i + 2;
	for (size_t k = 0; v->c[i] == ' ' && k < sizeof names / sizeof names[0]; k++)
		if (names[k][1] == guard_low(v->c[i + 1]) && guard_at(v, i, names[k]))
			return i + strlen(names[k]) - 1;
	return guard_at(v, i, "xx") ? i + 2 : i;
}

/* What stands between two groups; where the second begins, 0 when none does. */
static size_t read_gap(const struct guard_view *v, size_t i, bool words, unsigned *ret_gaps)
{
	size_t from = i, symbols = 0;
	unsigned gaps = 0;

	for (i = past_sign_word(v, i, words); i - from < GAP_MAX && gap_of(v->c[i]); i++) {
		gaps |= gap_of(v->c[i]);
		symbols += v->c[i] == GUARD_SYMBOL;
	}
	/* A plus behind a space begins another number. */
	if (i - from > 1 && v->c[i - 1] == '+')
		return 0;
	/* Three bullets are what was hidden before. */
	if (i == from || symbols > SYMBOLS_MAX)
		return 0;
	*ret_gaps = gaps;
	return i;
}

/* The digits at i, as they stand or in words. */
static size_t read_group(const struct guard_view *v, size_t i, char d[GROUP_DIGITS_MAX + 1], bool *ret_word,
			 size_t *ret_end)
{
	size_t n = 0;

	*ret_word = false;
	if (!guard_digit(v->c[i])) {
		n = read_spelled(v, i, d, ret_end);
		*ret_word = n > 0;
		return n;
	}
	while (guard_digit(v->c[i + n]) && n <= GROUP_DIGITS_MAX) {
		if (n < GROUP_DIGITS_MAX)
			d[n] = v->c[i + n];
		n++;
	}
	*ret_end = i + n;
	return n;
}

bool guard_groups_read(const struct guard_view *v, size_t i, struct guard_groups *ret)
{
	for (;;) {
		char d[GROUP_DIGITS_MAX + 1];
		size_t end = i, next, n;
		unsigned gaps = 0;
		bool word;

		n = read_group(v, i, d, &word, &end);
		if (!n || ret->digits + (int)n > GROUP_DIGITS_MAX) {
			ret->cut = n > 0;
			return ret->n > 0;
		}
		memcpy(ret->d + ret->digits, d, n);
		ret->digits += (int)n;
		ret->spelled += word;
		ret->lens[ret->n] = (char)n;
		ret->ends[ret->n++] = end;
		if (ret->n == GROUP_DIGITS_MAX || !(next = read_gap(v, end, ret->spelled > 0, &gaps)))
			return true;
		ret->gaps[ret->n] = (unsigned char)gaps;
		i = next;
	}
}

bool guard_spelled(const struct guard_view *v, size_t i)
{
	size_t end = i, next;

	return word_value(v, i, &end) >= 0 && (next = read_gap(v, end, true, &(unsigned){ 0 })) &&
	       (guard_digit(v->c[next]) || word_value(v, next, &end) >= 0);
}
