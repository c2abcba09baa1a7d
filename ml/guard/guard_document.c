#include "ml/guard/guard_part.h"
#include <string.h>

enum {
	WORD_MAX = 16,
	ASIDE_MAX = 6,
	FREE_WORDS = 2,
	GROUPS_MAX = 8,
	IBAN_MIN = 15,
	IBAN_MAX = 34,
	NEAR = 60,
	BRANCH_MOST = 6
};

/* What is a document's or an account's number only where its name is said; '_' stands for a space, a sign or nothing. */
static const struct said {
	const char *word;
	enum guard_kind kind;
	char least, most; /* digits */
	bool letters;     /* may hold letters */
} said[] = {
	{ "rg", GUARD_DOCUMENT, 7, 10, false },
	{ "r_g_", GUARD_DOCUMENT, 7, 10, false },
	{ "registro_geral", GUARD_DOCUMENT, 7, 10, false },
	{ "identidade", GUARD_DOCUMENT, 7, 10, false },
	{ "cnh", GUARD_DOCUMENT, 9, 11, false },
	{ "carteira_de_motorista", GUARD_DOCUMENT, 9, 11, false },
	{ "habilitacao", GUARD_DOCUMENT, 9, 11, false },
	{ "driver_s_license", GUARD_DOCUMENT, 4, 16, true },
	{ "driver_s_licence", GUARD_DOCUMENT, 4, 16, true },
	{ "driving_licence", GUARD_DOCUMENT, 4, 16, true },
	{ "driving_license", GUARD_DOCUMENT, 4, 16, true },
	{ "passaporte", GUARD_DOCUMENT, 5, 9, true },
	{ "passport", GUARD_DOCUMENT, 5, 9, true },
	{ "pasaporte", GUARD_DOCUMENT, 5, 9, true },
	{ "reisepass", GUARD_DOCUMENT, 5, 9, true },
	{ "ssn", GUARD_DOCUMENT, 9, 9, false },
	{ "social_security", GUARD_DOCUMENT, 9, 9, false },
	{ "titulo_de_eleitor", GUARD_DOCUMENT, 12, 12, false },
	{ "titulo_eleitoral", GUARD_DOCUMENT, 12, 12, false },
	{ "pis", GUARD_DOCUMENT, 11, 11, false },
	{ "pasep", GUARD_DOCUMENT, 11, 11, false },
	{ "nit", GUARD_DOCUMENT, 11, 11, false },
	{ "ctps", GUARD_DOCUMENT, 5, 12, false },
	{ "carteira_de_trabalho", GUARD_DOCUMENT, 5, 12, false },
	{ "cartao_do_sus", GUARD_DOCUMENT, 15, 15, false },
	{ "cns", GUARD_DOCUMENT, 15, 15, false },
	{ "agencia", GUARD_ACCOUNT, 3, 6, false },
	{ "ag", GUARD_ACCOUNT, 3, 6, false },
	{ "conta", GUARD_ACCOUNT, 5, 14, false },
	{ "conta_corrente", GUARD_ACCOUNT, 4, 14, false },
	{ "conta_poupanca", GUARD_ACCOUNT, 4, 14, false },
	{ "conta_salario", GUARD_ACCOUNT, 4, 14, false },
	{ "cc", GUARD_ACCOUNT, 5, 14, false },
	{ "c_c", GUARD_ACCOUNT, 5, 14, false },
	{ "c_c_", GUARD_ACCOUNT, 5, 14, false },
	{ "account", GUARD_ACCOUNT, 5, 14, false },
	{ "acct", GUARD_ACCOUNT, 5, 14, false },
	{ "routing_number", GUARD_ACCOUNT, 9, 9, false },
	{ "sort_code", GUARD_ACCOUNT, 6, 6, false },
	{ "branch", GUARD_ACCOUNT, 3, 6, false },
};
static const char aside[] =
	" n no nr num numero number is e eh nº o a meu minha my the dele dela his her novo nova new banco bank "
	"ssp br id registro card corrente ";
static const char prepositions[] = " do da de of for no na ";

static bool listed(const char *list, const char *word, size_t n)
{
	for (const char *p = list; p[1];) {
		size_t k = 0;

		for (p++; k < n && p[k] == word[k]; k++)
			;
		if (k == n && p[k] == ' ')
			return true;
		while (*p != ' ')
			p++;
	}
	return false;
}

static bool sign(char c)
{
	return c == ' ' || c == '_' || c == '-' || c == '.' || c == '\'' || c == '/';
}

size_t guard_phrase(const struct guard_view *v, size_t i, const char *phrase)
{
	for (; *phrase; phrase++) {
		if (*phrase == '_')
			i += sign(v->c[i]);
		else if (guard_low(v->c[i]) == *phrase)
			i++;
		else
			return 0;
	}
	return guard_alnum(v->c[i]) || v->c[i] == GUARD_LETTER ? 0 : i;
}

/* The longest name at i. */
static const struct said *name_at(const struct guard_view *v, size_t i, size_t *ret_end)
{
	const struct said *found = NULL;
	char first = guard_low(v->c[i]);

	*ret_end = i;
	for (size_t k = 0; k < sizeof said / sizeof said[0]; k++) {
		size_t end = *said[k].word == first ? guard_phrase(v, i, said[k].word) : 0;

		if (end > *ret_end) {
			*ret_end = end;
			found = &said[k];
		}
	}
	return found;
}

struct value {
	size_t from, to;
	int digits, letters, groups, lens[GROUPS_MAX];
	bool spaced;
};

/* Letters, then digits in groups; a check digit may be X. */
static bool value_at(const struct guard_view *v, size_t i, bool letters, struct value *ret)
{
	size_t at = i;

	*ret = (struct value){ .from = i };
	while (guard_alpha(v->c[at]) && at - i < 3)
		at++;
	ret->letters = (int)(at - i);
	if (at > i && (v->c[at] == '-' || v->c[at] == ' '))
		at++;
	if (letters && guard_alnum(v->c[at]) && !guard_digit(v->c[at]))
		at = i;
	while (ret->groups < GROUPS_MAX) {
		size_t from = at;

		for (; guard_digit(v->c[at]) || (letters && guard_alpha(v->c[at])); at++)
			ret->digits += guard_digit(v->c[at]);
		if (at == from)
			break;
		ret->lens[ret->groups++] = (int)(at - from);
		ret->to = at;
		if (!v->c[at] || !strchr(".- /", v->c[at]) || (v->c[at] == '/' && ret->groups > 1))
			break;
		ret->spaced = ret->spaced || (v->c[at] == ' ' && guard_digit(v->c[at + 1]));
		at++;
		if (v->c[at - 1] == '-' && guard_low(v->c[at]) == 'x' && !guard_alnum(v->c[at + 1])) {
			ret->to = at + 1;
			break;
		}
		if (!guard_digit(v->c[at]))
			break;
	}
	return ret->groups > 0 && !guard_alnum(v->c[ret->to]);
}

static bool date_like(const struct value *value)
{
	const int *l = value->lens;

	return value->groups == 3 &&
	       ((l[0] <= 2 && l[1] <= 2 && l[2] == 4) || (l[0] == 4 && l[1] <= 2 && l[2] <= 2));
}

static bool account_near(const struct guard_view *v, size_t i)
{
	size_t from = i > NEAR ? i - NEAR : 0;

	for (size_t k = from; k < i + NEAR && k < v->n; k++)
		if (guard_at(v, k, "conta") || guard_at(v, k, "account") || guard_at(v, k, "c/c") ||
		    guard_at(v, k, "cc ") || guard_at(v, k, "c.c") || guard_at(v, k, "banco") ||
		    guard_at(v, k, "nubank") || guard_at(v, k, "itau"))
			return true;
	return false;
}

static bool fits(const struct guard_view *v, const struct said *name, const struct value *value)
{
	char after = v->c[value->to];

	if (value->digits < name->least || value->digits > name->most || date_like(value) || after == '%' ||
	    (after == ',' && guard_digit(v->c[value->to + 1]))) /* 1.234,56 is money */
		return false;
	if (name->kind != GUARD_ACCOUNT)
		return name->letters || value->letters <= 2;
	if (value->letters || (value->spaced && value->lens[0] < 3))
		return false;
	return name->most > BRANCH_MOST || name->least == name->most || account_near(v, value->from);
}

/* Past a space, a sign or a line break, and a word that belongs to the name. */
static bool step(const struct guard_view *v, size_t *i, int *free_words)
{
	char word[WORD_MAX + 1];
	size_t n = 0;

	for (; n < WORD_MAX && (guard_alpha(v->c[*i + n]) || v->c[*i + n] == GUARD_LETTER); n++)
		word[n] = guard_low(v->c[*i + n]);
	if (!n || n == WORD_MAX)
		return false;
	if (listed(prepositions, word, n))
		*free_words = FREE_WORDS;
	else if (!listed(aside, word, n) && (*free_words)-- <= 0)
		return false;
	*i += n;
	return true;
}

static size_t signs(const struct guard_view *v, size_t i)
{
	size_t from = i;

	while (v->c[i] && strchr(" :=#_-\n.\"'*(", v->c[i]) && i - from < 5)
		i++;
	return i;
}

/* ISO 13616: country, check digits, up to 30 letters and digits; the number of all modulo 97 is 1. */
static bool iban(const struct guard_view *v, size_t i, struct guard_span *ret)
{
	char d[IBAN_MAX + 1];
	size_t at = i, n = 0;
	int rest = 0;

	if (!guard_alpha(v->c[i]) || !guard_alpha(v->c[i + 1]) || !guard_digit(v->c[i + 2]) ||
	    !guard_digit(v->c[i + 3]))
		return false;
	for (; n < IBAN_MAX; at++) {
		if (guard_alnum(v->c[at]))
			d[n++] = guard_low(v->c[at]);
		else if (v->c[at] != ' ' || n % 4 || !guard_alnum(v->c[at + 1]))
			break;
		if (n >= IBAN_MIN && !guard_alnum(v->c[at + 1])) {
			rest = 0;
			for (size_t k = 0; k < n; k++) {
				char c = d[(k + 4) % n];

				rest = guard_digit(c) ? (rest * 10 + c - '0') % 97
						      : (rest * 100 + c - 'a' + 10) % 97;
			}
			if (rest == 1) {
				*ret = (struct guard_span){ GUARD_ACCOUNT, i, at + 1 };
				return true;
			}
		}
	}
	return false;
}

bool guard_document(const struct guard_view *v, size_t i, struct guard_span *ret)
{
	size_t at;
	const struct said *name;
	struct value value;
	int free_words = 0;

	if (iban(v, i, ret))
		return true;
	if (!(name = name_at(v, i, &at)))
		return false;
	for (int words = 0; words < ASIDE_MAX; words++) {
		size_t next = signs(v, at);

		if (next > at && value_at(v, next, name->letters, &value) && fits(v, name, &value)) {
			*ret = (struct guard_span){ name->kind, value.from, value.to };
			return true;
		}
		at = next;
		if (!step(v, &at, &free_words))
			return false;
	}
	return false;
}
