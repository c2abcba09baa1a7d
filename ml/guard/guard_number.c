#include "ml/guard/guard_group.h"
#include <string.h>

enum { SHORTEST = 8, CPF = 11, CNPJ = 14 };

/* The first groups, as one number. */
struct number {
	const char *d;
	char lens[GROUP_DIGITS_MAX];
	int n, groups;
	unsigned gaps; /* of these groups */
	bool ones;     /* each group is one digit */
	bool spelled;  /* in words, in which digits are grouped in any way */
	bool joined;   /* groups of several lines were put together */
	bool plus, phone, money, card;
};

static const char area_codes[] =
	"11 12 13 14 15 16 17 18 19 21 22 24 27 28 31 32 33 34 35 37 38 41 42 43 44 45 46 47 48 49 "
	"51 53 54 55 61 62 63 64 65 66 67 68 69 71 73 74 75 77 79 81 82 83 84 85 86 87 88 89 "
	"91 92 93 94 95 96 97 98 99 ";
static const char *const phone_words[] = { "tel",   "fone", "phone", "cel",    "whats", "zap",    "liga",
					   "ligue", "call", "conta", "mobile", "sms",   "numero", "number" };
static const char *const card_words[] = { "cart", "card", "credit", "debit", "visa", "master" };

/* The first `count` groups; joined: those that only a line break parts are one. */
static void number_of(const struct guard_groups *groups, int count, bool joined, struct number *number)
{
	number->n = number->groups = 0;
	number->gaps = 0;
	number->ones = true;
	number->joined = joined;
	for (int i = 0; i < count; i++) {
		unsigned gaps = i ? groups->gaps[i] : 0;

		number->n += groups->lens[i];
		if (joined && i && (gaps & GAP_LINE) && !(gaps & ~(unsigned)(GAP_LINE | GAP_SPACE))) {
			number->lens[number->groups - 1] += groups->lens[i];
			continue;
		}
		number->lens[number->groups++] = groups->lens[i];
		number->gaps |= gaps;
	}
	for (int i = 0; i < number->groups; i++)
		number->ones = number->ones && number->lens[i] == 1;
}

/* Whether the groups are these: "3332" is 529.982.247-25; one digit each is also taken. */
static bool grouped(const struct number *number, const char *lens)
{
	if (number->ones || number->spelled)
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
	static const char *const forms[] = { "465", "464", "88", "4c", "6a", "4444", "44443", NULL };
	bool fours = number->groups > 1;

	if (number->n < 13 || number->n > 19 || !issued(number->d, number->n) ||
	    !luhn_ok(number->d, number->n) || all_same(number->d, number->n))
		return false;
	for (int i = 0; i + 1 < number->groups; i++)
		fours = fours && number->lens[i] == 4;
	if (fours && number->lens[number->groups - 1] > 4)
		fours = false;
	return number->groups == 1 || fours || grouped_any(number, forms) ||
	       (number->card && grouped(number, "22222222"));
}

static bool is_cpf(const struct number *number)
{
	static const char *const forms[] = { "b", "3332", "92", "335", "353", "38", "65", NULL };

	return number->n == CPF && grouped_any(number, forms) && cpf_ok(number->d);
}

static bool is_cnpj(const struct number *number)
{
	static const char *const forms[] = { "e", "23342", "c2", "842", "86", "2336", "2362", NULL };

	return number->n == CNPJ && grouped_any(number, forms) && cnpj_ok(number->d);
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

/* Separated in an odd way, in words or over lines: only the usual groups. */
static bool odd_phone(const struct number *number)
{
	static const char *const mobile[] = { "254", "2144", "2254", "154", NULL };
	static const char *const joined[] = { "65", "29", "254", "74", "b", NULL };
	const char *d = number->d;
	int n = number->n;

	if (n > 11 && (number->lens[0] == 2 || number->spelled) && d[0] == '5' && d[1] == '5') {
		d += 2;
		n -= 2;
	}
	if (n < 10 || n > 11 || !national_ok(d, n))
		return false;
	if (number->spelled)
		return n == 11 || number->phone;
	if (number->ones)
		return number->phone;
	if (n == 11)
		return grouped_any(number, mobile) || grouped(number, "254") ||
		       (number->joined && number->phone && grouped_any(number, joined)) ||
		       (number->phone && grouped(number, "29"));
	return number->phone && (grouped(number, "244") || grouped(number, "28") || grouped(number, "64"));
}

static bool is_phone(const struct number *number)
{
	static const char *const mobile[] = { "b", "29", "254", "74", "218", "2144", "344", "245", NULL };
	static const char *const fixed[] = { "28", "244", "64", NULL };
	const char *d = number->d;
	bool spaced = grouped(number, "2333") && !(number->gaps & GAP_DOT);

	if (number->money)
		return false;
	if (number->plus && !(number->gaps & GAP_SLASH))
		return number->n >= (number->gaps & (GAP_ODD | GAP_LINE) ? 10 : 8) && number->n <= 15 &&
		       d[0] != '0';
	if (number->joined || number->spelled || (number->gaps & (GAP_ODD | GAP_LINE | GAP_SLASH)))
		return odd_phone(number);
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

/* Whether one of the words stands shortly before, on the same line. */
static bool said(const struct guard_view *v, size_t i, const char *const *words, size_t n)
{
	size_t from = i > 28 ? i - 28 : 0;

	for (size_t k = i; k-- > from && v->c[k] != '\n';) {
		if (!guard_alpha(v->c[k]))
			continue;
		for (size_t w = 0; w < n; w++)
			if (*words[w] == guard_low(v->c[k]) && guard_at(v, k, words[w]) &&
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

/* A row of four-digit groups that is longer than a card: the key of an invoice, a table. */
static bool in_long_row(const struct guard_view *v, size_t i, const struct guard_groups *groups)
{
	int before = 0;

	for (; i >= 5 && v->c[i - 1] == ' ' && before < 2; i -= 5, before++)
		for (size_t k = i - 5; k < i - 1; k++)
			if (!guard_digit(v->c[k]))
				return false;
	for (int k = 0; k < groups->n; k++)
		if (groups->lens[k] != 4 || (k && groups->gaps[k] != GAP_SPACE))
			return before == 2;
	return before == 2 || (groups->cut && groups->n >= 5);
}

/* The longest number that the first groups make. */
static bool longest(const struct guard_view *v, size_t i, const struct guard_groups *groups,
		    struct number number, bool later, struct guard_span *ret)
{
	for (int count = groups->n; count > 0; count--) {
		size_t end = groups->ends[count - 1];
		enum guard_kind kind;

		number_of(groups, count, false, &number);
		if (number.n < SHORTEST)
			return false;
		/* Bare digits that letters follow are part of some code. */
		if (number.groups == 1 && guard_alpha(v->c[end]))
			continue;
		kind = number_kind(&number, later);
		if (!kind && (number.gaps & GAP_LINE)) {
			number_of(groups, count, true, &number);
			kind = number_kind(&number, later);
		}
		if (!kind || ((kind == GUARD_CARD || kind == GUARD_PHONE) && in_long_row(v, i, groups)))
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
	struct guard_groups groups = { .n = 0 };
	struct number number = { .d = groups.d };
	size_t at = i;

	if (guard_alnum(v->c[i]) && cnpj_letters(v, i, ret))
		return true;
	number.plus = v->c[i] == '+';
	at += number.plus;
	if (v->c[at] == ' ' && number.plus)
		at++;
	at += v->c[at] == '(';
	if (!guard_digit(v->c[at]) && !guard_spelled(v, at))
		return false;
	if (!guard_groups_read(v, at, &groups) || groups.digits < SHORTEST)
		return false;
	number.spelled = groups.spelled > 0;
	number.money = said_money(v, i);
	number.phone = phone || said(v, i, phone_words, sizeof phone_words / sizeof phone_words[0]);
	number.card = said(v, i, card_words, sizeof card_words / sizeof card_words[0]);
	return longest(v, i, &groups, number, goes_on(v, i, seen), ret);
}
