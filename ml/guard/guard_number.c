#include "ml/guard/guard_part.h"
#include <string.h>

enum { DIGITS_MAX = 20, GROUPS_MAX = 20, GAP_MAX = 3, SHORTEST = 8, CPF = 11, CNPJ = 14 };

/* What stands between the groups of a number. */
enum gap { GAP_SPACE = 1, GAP_DOT = 2, GAP_DASH = 4, GAP_SLASH = 8, GAP_PAREN = 16 };

/* Digits in groups as they stand: "(11) 91234-5678" is 11, 91234, 5678. */
struct groups {
	char d[DIGITS_MAX];
	char lens[GROUPS_MAX];
	size_t ends[GROUPS_MAX];
	int n; /* groups */
	unsigned gaps;
};

/* The first of them, as one number. */
struct number {
	const char *d;
	const char *lens;
	int n, groups;
	unsigned gaps; /* of all groups, which only makes it stricter */
	bool ones;     /* each group is one digit */
	bool plus, phone, money;
};

static const char area_codes[] =
	"11 12 13 14 15 16 17 18 19 21 22 24 27 28 31 32 33 34 35 37 38 41 42 43 44 45 46 47 48 49 "
	"51 53 54 55 61 62 63 64 65 66 67 68 69 71 73 74 75 77 79 81 82 83 84 85 86 87 88 89 "
	"91 92 93 94 95 96 97 98 99 ";
static const char *const phone_words[] = { "tel",   "fone", "phone", "cel",    "whats", "zap",    "liga",
					   "ligue", "call", "conta", "mobile", "sms",   "numero", "number" };

static enum gap gap_of(char c)
{
	switch (c) {
	case ' ': return GAP_SPACE;
	case '.': return GAP_DOT;
	case '-': return GAP_DASH;
	case '/': return GAP_SLASH;
	case '(':
	case ')': return GAP_PAREN;
	default: return 0;
	}
}

/* Reads as many groups as there are; false when a run has more digits than any number. */
static bool groups_read(const struct guard_view *v, size_t i, struct groups *ret)
{
	int n = 0;

	for (;;) {
		size_t from = i, gap;
		unsigned gaps = 0;

		while (guard_digit(v->c[i])) {
			if (i - from >= DIGITS_MAX)
				return false;
			i++;
		}
		if (n + (int)(i - from) > DIGITS_MAX)
			return ret->n > 0;
		memcpy(ret->d + n, v->c + from, i - from);
		n += (int)(i - from);
		ret->lens[ret->n] = (char)(i - from);
		ret->ends[ret->n++] = i;
		for (gap = 0; gap < GAP_MAX && gap_of(v->c[i + gap]); gap++)
			gaps |= gap_of(v->c[i + gap]);
		if (!gap || !guard_digit(v->c[i + gap]) || ret->n == GROUPS_MAX)
			return true;
		ret->gaps |= gaps;
		i += gap;
	}
}

static void last_group_off(struct number *number)
{
	number->n -= number->lens[--number->groups];
	number->ones = true;
	for (int i = 0; i < number->groups; i++)
		number->ones = number->ones && number->lens[i] == 1;
	if (number->groups == 1)
		number->gaps &= GAP_PAREN;
}

/* Whether the groups are these: "3332" is 529.982.247-25; one digit each is also taken. */
static bool grouped(const struct number *number, const char *lens)
{
	if (number->ones)
		return true;
	for (int i = 0; i < number->groups; i++, lens++)
		if (number->lens[i] != (*lens >= 'a' ? *lens - 'a' + 10 : *lens - '0'))
			return false;
	return !*lens;
}

static bool grouped_any(const struct number *number, const char *const *forms)
{
	for (; *forms; forms++)
		if (grouped(number, *forms))
			return true;
	return false;
}

static bool all_same(const char *d, int n)
{
	for (int i = 1; i < n; i++)
		if (d[i] != d[0])
			return false;
	return true;
}

/* Receita Federal: two digits, each 11 less the weighted sum modulo 11; 10 and 11 are 0. */
static bool cpf_ok(const char *d)
{
	for (int check = 9; check <= 10; check++) {
		int sum = 0, rest;

		for (int i = 0; i < check; i++)
			sum += (d[i] - '0') * (check + 1 - i);
		rest = sum % 11;
		if (d[check] - '0' != (rest < 2 ? 0 : 11 - rest))
			return false;
	}
	return !all_same(d, CPF);
}

/* The same with weights 2 to 9; a letter counts as its ASCII code less 48 (Instrução Normativa RFB 2.229/2024). */
static bool cnpj_ok(const char *d)
{
	for (int check = 12; check <= 13; check++) {
		int sum = 0, rest;

		for (int i = 0; i < check; i++)
			sum += (d[i] - '0') * (2 + (check - 1 - i) % 8);
		rest = sum % 11;
		if (d[check] - '0' != (rest < 2 ? 0 : 11 - rest))
			return false;
	}
	return !all_same(d, CNPJ);
}

/* ISO/IEC 7812-1, annex B. */
static bool luhn_ok(const char *d, int n)
{
	int sum = 0;

	for (int i = 0; i < n; i++) {
		int digit = d[n - 1 - i] - '0';

		if (i % 2)
			digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
		sum += digit;
	}
	return sum % 10 == 0;
}

/* First digits and lengths that issuers use; order numbers begin with others. */
static bool issued(const char *d, int n)
{
	int four = (d[0] - '0') * 1000 + (d[1] - '0') * 100 + (d[2] - '0') * 10 + (d[3] - '0');

	if (n == 13)
		return d[0] == '4';
	if (n == 14)
		return four / 10 == 309 || (four >= 3000 && four <= 3059) || four / 100 == 36 ||
		       four / 100 == 38 || four / 100 == 39;
	if (n == 15)
		return four / 100 == 34 || four / 100 == 37 || four / 100 == 35;
	return d[0] == '4' || d[0] == '5' || d[0] == '6' || (four >= 2221 && four <= 2720) ||
	       (four >= 3528 && four <= 3589) || (n > 15 && (four / 100 == 36 || four / 100 == 38));
}

static bool is_card(const struct number *number)
{
	static const char *const forms[] = { "465", "464", "88", "4c", "6a", NULL };
	bool fours = true;

	if (number->n < 13 || number->n > 19 || (number->gaps & ~(unsigned)(GAP_SPACE | GAP_DASH | GAP_DOT)))
		return false;
	for (int i = 0; i + 1 < number->groups; i++)
		fours = fours && number->lens[i] == 4;
	if (fours && number->groups > 1 && number->lens[number->groups - 1] > 4)
		fours = false;
	return (number->groups == 1 || fours || grouped_any(number, forms)) && issued(number->d, number->n) &&
	       luhn_ok(number->d, number->n) && !all_same(number->d, number->n);
}

static bool is_cpf(const struct number *number)
{
	static const char *const forms[] = { "b", "3332", "92", "335", "353", "38", "65", NULL };

	return number->n == CPF && !(number->gaps & GAP_PAREN) && grouped_any(number, forms) &&
	       cpf_ok(number->d);
}

static bool is_cnpj(const struct number *number)
{
	static const char *const forms[] = { "e", "23342", "c2", "842", "86", "2336", "2362", NULL };

	return number->n == CNPJ && !(number->gaps & GAP_PAREN) && grouped_any(number, forms) &&
	       cnpj_ok(number->d);
}

static bool area_ok(const char *d)
{
	for (const char *p = area_codes; *p; p += 3)
		if (p[0] == d[0] && p[1] == d[1])
			return true;
	return false;
}

/* Area code and number: 9 digits of a mobile phone, 8 of a fixed one. */
static bool national_ok(const char *d, int n)
{
	return area_ok(d) && ((n == 11 && d[2] == '9') || (n == 10 && d[2] >= '2' && d[2] <= '5'));
}

/* 0800 and the like; the long forms with 0, 00, 0 and a carrier, or 55 in front. */
static bool long_phone(const struct number *number)
{
	const char *d = number->d;
	int n = number->n;

	if (d[0] == '0' && strchr("3589", d[1]) && d[2] == '0' && d[3] == '0' && (n == 10 || n == 11) && d[1])
		return true;
	if (d[0] == '5' && d[1] == '5' && (n == 12 || n == 13) &&
	    (number->groups == 1 || number->lens[0] <= 4))
		return national_ok(d + 2, n - 2);
	if (d[0] == '0' && d[1] == '0')
		return n >= 11 && n <= 17 && d[2] != '0' && number->groups > 1;
	if (d[0] != '0' || (number->groups == 1 && !number->phone))
		return false;
	return (n <= 12 && n >= 11 && national_ok(d + 1, n - 1)) ||
	       (n >= 13 && n <= 14 && national_ok(d + 3, n - 3));
}

/* North America: 3-3-4, neither part begins with 0 or 1. */
static bool american(const struct number *number)
{
	const char *d = number->d;

	return number->n == 10 && grouped(number, "334") && d[0] > '1' && d[3] > '1' && number->lens[0] == 3;
}

static bool is_phone(const struct number *number)
{
	static const char *const mobile[] = { "b", "29", "254", "74", "218", "2144", "344", "245", NULL };
	static const char *const fixed[] = { "28", "244", "64", NULL };
	const char *d = number->d;
	bool spaced = grouped(number, "2333") && !(number->gaps & GAP_DOT);

	if (number->money || (number->gaps & GAP_SLASH))
		return false;
	if (number->plus)
		return number->n >= 8 && number->n <= 15 && d[0] != '0';
	if (long_phone(number) || american(number))
		return true;
	switch (number->n) {
	case 11: return national_ok(d, 11) && (spaced || grouped_any(number, mobile));
	case 10:
		if (grouped_any(number, fixed) && national_ok(d, 10))
			return (number->gaps & (GAP_DASH | GAP_PAREN)) || number->phone;
		return number->phone && area_ok(d) && number->groups == 1;
	case 9:
		return d[0] == '9' && ((grouped(number, "54") && (number->gaps & GAP_DASH)) ||
				       (number->phone && (number->groups == 1 || grouped(number, "54") ||
							  grouped(number, "144") || grouped(number, "333"))));
	case 8: return number->phone && d[0] > '1' && (number->groups == 1 || grouped(number, "44"));
	default: return false;
	}
}

/* Whether one of the words for phones stands shortly before, on the same line. */
static bool said_phone(const struct guard_view *v, size_t i)
{
	size_t from = i > 28 ? i - 28 : 0;

	for (size_t k = i; k-- > from && v->c[k] != '\n';) {
		if (!guard_alpha(v->c[k]))
			continue;
		for (size_t w = 0; w < sizeof phone_words / sizeof phone_words[0]; w++)
			if (*phone_words[w] == guard_low(v->c[k]) && guard_at(v, k, phone_words[w]) &&
			    (!k || !guard_alpha(v->c[k - 1]) || w < 2))
				return true;
	}
	return false;
}

/* A decimal or a longer code, of which this is a later part. */
static bool goes_on(const struct guard_view *v, size_t i, size_t seen)
{
	return i >= 2 && i - 1 > seen && (v->c[i - 1] == '.' || v->c[i - 1] == '-') &&
	       guard_digit(v->c[i - 2]);
}

static bool said_money(const struct guard_view *v, size_t i)
{
	if (i && v->c[i - 1] == ' ')
		i--;
	return i && v->c[i - 1] == '$';
}

static enum guard_kind number_kind(const struct number *number, bool later)
{
	if (is_cpf(number))
		return GUARD_CPF;
	if (is_cnpj(number))
		return GUARD_CNPJ;
	if (is_card(number))
		return GUARD_CARD;
	return !later && is_phone(number) ? GUARD_PHONE : 0;
}

/* A CNPJ with letters: 12 letters or digits and 2 digits; bare, or with its separators in place. */
static bool cnpj_letters(const struct guard_view *v, size_t i, struct guard_span *ret)
{
	char d[CNPJ + 1] = "";
	int n = 0, gaps = 0, letters = 0;
	bool lower = false;
	size_t at = i;

	for (; n < CNPJ; at++) {
		char c = v->c[at];

		if ((n == 2 || n == 5 || n == 8 || n == 12) && at > i && guard_alnum(v->c[at - 1]) &&
		    (c == '.' || c == '/' || c == '-')) {
			gaps++;
			continue;
		}
		if (!guard_alnum(c) || (n >= 12 && !guard_digit(c)))
			return false;
		letters += guard_alpha(c);
		lower = lower || (c >= 'a' && c <= 'z');
		d[n++] = (char)(c >= 'a' ? c - 32 : c);
	}
	if (!letters || guard_alnum(v->c[at]) || (gaps < 4 && (gaps || lower || letters == 12)) ||
	    !cnpj_ok(d))
		return false;
	*ret = (struct guard_span){ GUARD_CNPJ, i, at };
	return true;
}

/* The longest number that the first groups make. */
static bool longest(const struct guard_view *v, size_t i, const struct groups *groups, struct number number,
		    bool later, struct guard_span *ret)
{
	for (; number.n >= SHORTEST; last_group_off(&number)) {
		size_t end = groups->ends[number.groups - 1];
		/* Bare digits that letters follow are part of some code. */
		bool code = number.groups == 1 && guard_alpha(v->c[end]);
		enum guard_kind kind = code ? 0 : number_kind(&number, later);

		if (!kind)
			continue;
		/* A bracket that opens further out is none of it. */
		if (v->c[i] == '(' && !memchr(v->c + i, ')', end - i))
			return false;
		*ret = (struct guard_span){ kind, i, end };
		return true;
	}
	return false;
}

bool guard_number(const struct guard_view *v, size_t i, size_t seen, bool phone, struct guard_span *ret)
{
	struct groups groups = { .n = 0 };
	struct number number = { .d = groups.d, .lens = groups.lens, .ones = true };
	size_t at = i;

	if (guard_alnum(v->c[i]) && cnpj_letters(v, i, ret))
		return true;
	number.plus = v->c[i] == '+';
	at += number.plus;
	if (v->c[at] == ' ' && number.plus)
		at++;
	if (v->c[at] == '(') {
		groups.gaps |= GAP_PAREN;
		at++;
	}
	if (!guard_digit(v->c[at]) || !groups_read(v, at, &groups))
		return false;
	for (int k = 0; k < groups.n; k++) {
		number.n += groups.lens[k];
		number.ones = number.ones && groups.lens[k] == 1;
	}
	if (number.n < SHORTEST)
		return false;
	number.groups = groups.n;
	number.gaps = groups.gaps;
	number.money = said_money(v, i);
	number.phone = phone || said_phone(v, i);
	return longest(v, i, &groups, number, goes_on(v, i, seen), ret);
}
