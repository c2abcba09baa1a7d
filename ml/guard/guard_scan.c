#include "ml/guard/guard_part.h"
#include <string.h>

enum { LOOKALIKE_HEX = 6, PREFIX_LETTERS = 12 };

const char *const guard_names[] = { "CPF", "CNPJ", "PHONE", "EMAIL", "PIX", "CARD", "SECRET", NULL };

static bool local_char(char c)
{
	return guard_alnum(c) || c == GUARD_LETTER || (c && strchr("._%+-'", c));
}

static bool label_char(char c)
{
	return guard_alnum(c) || c == GUARD_LETTER || c == '-';
}

/* Labels with dots between them, the last of letters; where they end, 0 when there is no such thing. */
static size_t domain(const struct guard_view *v, size_t i)
{
	size_t end = 0;

	for (;;) {
		size_t from = i, letters = 0;

		for (; label_char(v->c[i]); i++)
			letters += guard_alpha(v->c[i]) || v->c[i] == GUARD_LETTER;
		if (i == from)
			return end;
		if (from > 0 && v->c[from - 1] == '.' && letters >= 2)
			end = i;
		if (v->c[i] != '.')
			return end;
		i++;
	}
}

static bool email(const struct guard_view *v, size_t i, size_t seen, struct guard_span *ret)
{
	size_t at = i, end;

	if (i > seen && local_char(v->c[i - 1]))
		return false;
	while (local_char(v->c[at]))
		at++;
	if (at == i || v->c[at] != '@' || !(end = domain(v, at + 1)))
		return false;
	*ret = (struct guard_span){ GUARD_EMAIL, i, end };
	return true;
}

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

/* Banco Central, DICT: a random key is a UUID with its dashes. */
static bool random_key(const struct guard_view *v, size_t i, struct guard_span *ret)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t n = sizeof form - 1;

	if (i + n > v->n)
		return false;
	for (size_t k = 0; k < n; k++)
		if (form[k] == '-' ? v->c[i + k] != '-' : !guard_hex(v->c[i + k]))
			return false;
	if (guard_alnum(v->c[i + n]) || in_url(v, i))
		return false;
	*ret = (struct guard_span){ GUARD_PIX, i, i + n };
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
		return guard_token(v, i, ret) || (c == '-' && email(v, i, seen, ret));
	if (c == '+' || c == '(')
		return begins &&
		       (guard_number(v, i, seen, phone, ret) || (c == '+' && email(v, i, seen, ret)));
	if (guard_digit(c) && !begins)
		return guard_alpha(before) && behind_word(v, i) && guard_number(v, i, seen, phone, ret);
	if (!begins || (!guard_alnum(c) && c != GUARD_LETTER && !(c && strchr("._%'", c))))
		return false;
	if (guard_alnum(c) &&
	    (guard_token(v, i, ret) || guard_said_secret(v, i, ret) || random_key(v, i, ret)))
		return true;
	return email(v, i, seen, ret) || (guard_alnum(c) && guard_number(v, i, seen, phone, ret));
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
