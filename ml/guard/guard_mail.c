#include "ml/guard/guard_part.h"
#include <string.h>

enum { SIGN_GAP = 3, LABEL_MAX = 63, LABELS_MAX = 8, LOCAL_PARTS = 5 };

/* How people write @ and the dot so that machines do not see it; ' ' stands for one or more spaces. */
struct sign {
	const char *text;
	bool loose; /* a word of everyday talk: both sides must say more */
};
static const struct sign ats[] = {
	{ "@", false },        { "%40", false },        { "&#64;", false },      { "(at)", false },
	{ "[at]", false },     { "{at}", false },       { "<at>", false },       { "(a)", false },
	{ "(@)", false },      { "[@]", false },        { "{@}", false },        { "(arroba)", false },
	{ "[arroba]", false }, { "{arroba}", false },   { "_at_", false },       { "-at-", false },
	{ "-arroba-", false }, { "_arroba_", false },   { "arroba", false },     { "aroba", false },
	{ "at", true },        { "[ arroba ]", false }, { "( arroba )", false }, { "[ at ]", false },
	{ "( at )", false },   { "\\u0040", false },
};
static const struct sign dots[] = {
	{ ".", false },     { "(ponto)", false }, { "[ponto]", false }, { "{ponto}", false },
	{ "(dot)", false }, { "[dot]", false },   { "{dot}", false },   { "<dot>", false },
	{ "[.]", false },   { "(.)", false },     { "{.}", false },     { "%2e", false },
	{ "-dot-", false }, { "_dot_", false },   { "-ponto-", false }, { "_ponto_", false },
	{ "ponto", true },  { "dot", true },
};
static const struct sign joints[] = {
	{ "ponto", true },    { "dot", true },    { "underline", true }, { "underscore", true },
	{ "traco", true },    { "hifen", true },  { "dash", true },      { "hyphen", true },
	{ "(ponto)", false }, { "(dot)", false }, { "[ponto]", false },  { "[dot]", false },
	{ "%2e", false },     { "-dot-", false }, { "_dot_", false },
};
/* What a domain may end with when it stands apart from its sign. */
static const char ends[] =
	" com net org br io co app dev info biz edu gov me tv us uk de pt es fr it eu jp ru ar mx "
	"exemplo example test cloud online site tech email mail ai ";

static bool local_char(char c)
{
	return guard_alnum(c) || c == GUARD_LETTER || (c && strchr("._%+-'", c));
}

static bool label_char(char c)
{
	return guard_alnum(c) || c == GUARD_LETTER || c == GUARD_IDEOGRAPH || c == '-';
}

/* Labels with dots between them, the last of letters; where they end, 0 when there is no such thing. */
static size_t domain(const struct guard_view *v, size_t i)
{
	size_t end = 0;

	for (;;) {
		size_t from = i, letters = 0;

		for (; label_char(v->c[i]); i++)
			letters +=
				guard_alpha(v->c[i]) || v->c[i] == GUARD_LETTER || v->c[i] == GUARD_IDEOGRAPH;
		if (i == from)
			return end;
		if (from > 0 && v->c[from - 1] == '.' && letters >= 2)
			end = i;
		if (v->c[i] != '.')
			return end;
		i++;
	}
}

static size_t blanks(const struct guard_view *v, size_t i)
{
	size_t n = 0;

	while (n < SIGN_GAP && (v->c[i + n] == ' ' || v->c[i + n] == '\n'))
		n++;
	return i + n;
}

/* Past the sign at i and the blanks around it; 0 when none stands there. */
static size_t sign_at(const struct guard_view *v, size_t i, const struct sign *signs, size_t n,
		      const struct sign **ret)
{
	size_t at = blanks(v, i);
	char first = guard_low(v->c[at]);

	for (size_t k = 0; k < n; k++) {
		bool word = guard_alpha(*signs[k].text);
		size_t end;

		if (*signs[k].text != first || !guard_at(v, at, signs[k].text))
			continue;
		end = at + strlen(signs[k].text);
		if (word && guard_alnum(v->c[end]))
			continue;
		if (signs[k].loose && (at == i || blanks(v, end) == end))
			continue;
		*ret = &signs[k];
		return blanks(v, end);
	}
	return 0;
}
#define SIGN_AT(v, i, signs, ret) sign_at(v, i, signs, sizeof(signs) / sizeof(signs)[0], ret)

static bool known_end(const struct guard_view *v, size_t from, size_t to)
{
	for (const char *p = ends; p[1]; p = strchr(p + 1, ' ')) {
		size_t n = strcspn(p + 1, " ");

		if (n == to - from && strncasecmp(p + 1, v->c + from, n) == 0)
			return true;
	}
	return false;
}

/* As domain(), with any of the dots; *ret_plain: only bare ones; the last label is one of ends unless all is bare. */
static size_t odd_domain(const struct guard_view *v, size_t i, bool *ret_said)
{
	const struct sign *dot = NULL;
	size_t end = 0;

	*ret_said = false;
	for (int label = 0; label < LABELS_MAX; label++) {
		size_t from = i, next;
		bool said;

		while (label_char(v->c[i]) && i - from < LABEL_MAX &&
		       !(v->c[i] == '-' && SIGN_AT(v, i, dots, &dot)))
			i++;
		if (i == from)
			return end;
		if (label && known_end(v, from, i))
			end = i;
		next = SIGN_AT(v, i, dots, &dot);
		if (!next)
			return end;
		said = dot->text[0] != '.';
		/* ". " ends a sentence, unless what follows can end a domain. */
		if (!said && end && next > i + 1 && !guard_alpha(v->c[next]))
			return end;
		*ret_said = *ret_said || said;
		i = next;
	}
	return end;
}

/* Where the part before the sign ends, in whose place words may stand: "ana ponto souza". */
static size_t local_end(const struct guard_view *v, size_t i)
{
	const struct sign *sign;

	for (int part = 0; part < LOCAL_PARTS; part++) {
		size_t from = i, next;

		while (local_char(v->c[i]) && i - from < LABEL_MAX &&
		       !(strchr("-_%", v->c[i]) &&
			 (SIGN_AT(v, i, ats, &sign) || SIGN_AT(v, i, joints, &sign))))
			i++;
		if (i == from)
			return 0;
		next = SIGN_AT(v, i, joints, &sign);
		if (!next)
			return i;
		i = next;
	}
	return i;
}

/* "ana arroba exemplo ponto com", "ana (at) exemplo.com", "ana%40exemplo.com". */
static bool odd_mail(const struct guard_view *v, size_t i, struct guard_span *ret)
{
	const struct sign *sign = NULL;
	size_t local = local_end(v, i), at, end;
	bool said;

	if (!local)
		return false;
	at = SIGN_AT(v, local, ats, &sign);
	/* "anaarroba exemplo.com" */
	if (!at && local - i > 6 && guard_at(v, local - 6, "arroba"))
		at = blanks(v, local);
	if (!at || !(end = odd_domain(v, at, &said)))
		return false;
	if (sign && sign->loose && (!said || guard_digit(v->c[at])))
		return false;
	*ret = (struct guard_span){ GUARD_EMAIL, i, end };
	return true;
}

/* "ana souza"@exemplo.com, and names in scripts that have no case. */
static bool quoted_mail(const struct guard_view *v, size_t i, struct guard_span *ret)
{
	size_t at = i, end;

	if (v->c[i] == '"') {
		for (at++; at - i < LABEL_MAX && v->c[at] && v->c[at] != '"' && v->c[at] != '\n'; at++)
			;
		if (v->c[at++] != '"')
			return false;
	} else {
		while (v->c[at] == GUARD_IDEOGRAPH && at - i < LABEL_MAX)
			at++;
	}
	if (at == i || v->c[at] != '@' || !(end = domain(v, at + 1)))
		return false;
	*ret = (struct guard_span){ GUARD_EMAIL, i, end };
	return true;
}

bool guard_mail(const struct guard_view *v, size_t i, size_t seen, struct guard_span *ret)
{
	size_t at = i, end;

	if (v->c[i] == '"' || v->c[i] == GUARD_IDEOGRAPH)
		return quoted_mail(v, i, ret);
	if (i > seen && local_char(v->c[i - 1]))
		return false;
	while (local_char(v->c[at]))
		at++;
	if (at > i && v->c[at] == '@' && (end = domain(v, at + 1))) {
		*ret = (struct guard_span){ GUARD_EMAIL, i, end };
		return true;
	}
	return guard_alnum(v->c[i]) && at - i <= LABEL_MAX && odd_mail(v, i, ret);
}
