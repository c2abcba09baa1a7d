#include "ml/guard/guard_said.h"
#include <string.h>

enum { LOOKALIKE_HEX = 6, PREFIX_LETTERS = 12, KEY_WORD_NEAR = 40, UUID_HEX = 32, UUID_GAP = 3 };

const char *const guard_names[] = { "CPF",  "CNPJ",   "PHONE",    "EMAIL",   "PIX",
				    "CARD", "SECRET", "DOCUMENT", "ACCOUNT", NULL };

/* Whether i stands in a link, whose own ids are left alone: they name a page, not a Pix key. */
static bool in_url(const struct guard_view *v, size_t i)
{
	for (size_t n = 0; i-- > 0 && n < 300; n++) {
		if (!guard_visible(v->c[i]))
			return false;
		if (v->c[i] == '/' && i >= 2 && v->c[i - 1] == '/' && v->c[i - 2] == ':')
			return true;
	}
	return false;
}

/* "pix" or "chave" shortly before, on this line or the one before. */
static bool said_key(const struct guard_view *v, size_t i)
{
	for (size_t n = 0; i-- > 0 && n < KEY_WORD_NEAR; n++)
		if (guard_at(v, i, "pix") || guard_at(v, i, "chave"))
			return true;
	return false;
}

/* Banco Central, DICT: a random key is a UUID; with its dashes, or without them where a key is spoken of. */
static bool random_key(const struct guard_view *v, size_t i, struct guard_span *ret)
{
	size_t at = i;
	int hex = 0, dashes = 0;

	while (hex < UUID_HEX) {
		size_t gap = at;

		if (guard_hex(v->c[at])) {
			hex++;
			at++;
			continue;
		}
		while (gap - at < UUID_GAP && v->c[gap] && !guard_alnum(v->c[gap]) &&
		       v->c[gap] != GUARD_LETTER)
			gap++;
		if (gap == at || hex < 8 || hex % 4 || hex > 20)
			return false;
		dashes += gap == at + 1 && v->c[at] == '-';
		at = gap;
	}
	if (guard_alnum(v->c[at]) || in_url(v, i) || (dashes != 4 && !said_key(v, i)))
		return false;
	*ret = (struct guard_span){ GUARD_PIX, i, at };
	return true;
}

/* Whether the letters before end are, or end like, the name of a kind. */
static bool kind_before(const struct guard_view *v, size_t end)
{
	for (const char *const *name = guard_names; *name; name++) {
		size_t n = 0;

		while ((*name)[n])
			n++;
		for (size_t i = end; n && i && guard_low(v->c[i - 1]) == guard_low((*name)[n - 1]); i--)
			n--;
		if (!n)
			return true;
	}
	return false;
}

/* The underscore of what a model could take for a placeholder, and give back as one. */
static bool lookalike(const struct guard_view *v, size_t mark, struct guard_span *ret)
{
	size_t at = mark + 1, from, end = mark;

	while (v->c[at] == ' ' || v->c[at] == '\\' || v->c[at] == '_')
		at++;
	for (from = at; guard_hex(v->c[at]); at++)
		;
	if (at - from < LOOKALIKE_HEX)
		return false;
	while (end && (v->c[end - 1] == ' ' || v->c[end - 1] == '\\' || v->c[end - 1] == '_'))
		end--;
	if (!kind_before(v, end))
		return false;
	*ret = (struct guard_span){ 0, mark, from };
	return true;
}

/* "cpf52998224725": a number may stand right behind a word, not within a mixed one. */
static bool behind_word(const struct guard_view *v, size_t i)
{
	size_t from = i;

	while (from && guard_alpha(v->c[from - 1]) && i - from <= PREFIX_LETTERS)
		from--;
	return i - from >= 2 && i - from <= PREFIX_LETTERS && (!from || !guard_alnum(v->c[from - 1]));
}

static bool scan_at(const struct guard_view *v, bool phone, size_t i, size_t seen, struct guard_span *ret)
{
	char c = v->c[i], before = (char)(i ? v->c[i - 1] : ' ');
	bool begins = !guard_alnum(before);

	if (c == '_' && lookalike(v, i, ret))
		return true;
	if (c == '-' || c == ':')
		return guard_token(v, i, ret) || (c == '-' && guard_mail(v, i, seen, ret));
	if (c == '+' || c == '(')
		return begins &&
		       (guard_number(v, i, seen, phone, ret) || (c == '+' && guard_mail(v, i, seen, ret)));
	if (guard_digit(c) && !begins)
		return guard_alpha(before) && behind_word(v, i) && guard_number(v, i, seen, phone, ret);
	if (c == '"' || c == GUARD_IDEOGRAPH)
		return before != GUARD_IDEOGRAPH && guard_mail(v, i, seen, ret);
	if (!begins ||
	    (!guard_alnum(c) && c != GUARD_LETTER && c != '.' && c != '_' && c != '%' && c != '\''))
		return false;
	if (guard_alnum(c) &&
	    (guard_token(v, i, ret) || guard_said_secret(v, i, ret) || guard_bare_secret(v, i, ret) ||
	     guard_swapped_secret(v, i, ret) || random_key(v, i, ret) || guard_document(v, i, ret)))
		return true;
	return guard_mail(v, i, seen, ret) || (guard_alnum(c) && guard_number(v, i, seen, phone, ret));
}

bool guard_scan(const struct guard_view *v, bool phone, size_t *pos, struct guard_span *ret)
{
	size_t seen = *pos;

	for (size_t i = *pos; i < v->n; i++) {
		if (v->later->to && i == v->later->from)
			*ret = *v->later;
		else if (!scan_at(v, phone, i, seen, ret))
			continue;
		*pos = ret->to;
		return true;
	}
	*pos = v->n;
	return false;
}
