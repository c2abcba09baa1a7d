#include "ml/date/date_part.h"

#include "core/text.h"
#include <string.h>

bool is_text(const struct scan *s, int i, const char *text)
{
	return i >= 0 && i < s->n && strcmp(s->v[i].text, text) == 0;
}

bool is_texts(const struct scan *s, int i, const char *first, const char *second)
{
	return is_text(s, i, first) && is_text(s, i + 1, second);
}

bool is_word(const struct scan *s, int i, enum word_class class, int *ret_value)
{
	if (i < 0 || i >= s->n)
		return false;
	for (int k = 0; k < s->v[i].n_words; k++) {
		if (s->v[i].words[k].class != class)
			continue;
		if (ret_value)
			*ret_value = s->v[i].words[k].value;
		return true;
	}
	return false;
}

bool is_shy(const struct scan *s, int i, enum word_class class)
{
	for (int k = 0; k < s->v[i].n_words; k++)
		if (s->v[i].words[k].class == class)
			return s->v[i].words[k].flags & W_SHY;
	return false;
}

int skip_words(const struct scan *s, int i, enum word_class class)
{
	while (is_word(s, i, class, NULL))
		i++;
	return i;
}

bool number_starts(const struct scan *s, int i)
{
	if (s->v[i].blocked)
		return false;
	if (i == 0 || !s->v[i].glued || s->v[i - 1].kind == TOKEN_WORD)
		return true;
	if (*s->v[i - 1].text == '%')
		return false;
	/* "(14h", "-14h": fine; "1.14", "3/14": part of something else. */
	return i == 1 || !strchr(".,/:", *s->v[i - 1].text) || s->v[i - 2].kind != TOKEN_NUMBER;
}

bool number_ends(const struct scan *s, int next)
{
	return !(next + 1 < s->n && s->v[next].glued && s->v[next].kind == TOKEN_PUNCT &&
		 strchr(".,/:", *s->v[next].text) && s->v[next + 1].glued &&
		 s->v[next + 1].kind == TOKEN_NUMBER);
}

/* "1st", "1o", "1º", "2a": the mark after the digits. */
static int ordinal_mark(const struct scan *s, int i)
{
	static const char *const marks[] = { "st", "nd", "rd", "th", "\xC2\xBA", "\xC2\xAA" };

	if (i >= s->n || !s->v[i].glued)
		return 0;
	for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
		if (is_text(s, i, marks[k]))
			return i + 1;
	return s->lang == LANG_PT && (is_text(s, i, "o") || is_text(s, i, "a")) ? i + 1 : 0;
}

static int digits_read(const struct scan *s, int i, struct number *ret)
{
	int mark = ordinal_mark(s, i + 1);

	if (!number_starts(s, i) || s->v[i].value < 0)
		return 0;
	*ret = (struct number){ .whole = (int)s->v[i].value, .digits = s->v[i].digits, .ordinal = mark };
	ret->value = ret->whole;
	return mark ? mark : i + 1;
}

/* The ones after "twenty": "-one", " and one", " e um", "-first". */
static int ones_read(const struct scan *s, int i, int *ret_value, bool *ret_ordinal)
{
	int value;

	if (is_text(s, i, "-") || is_word(s, i, W_AND, NULL))
		i++;
	else if (s->lang == LANG_PT && !is_word(s, i, W_ORD, NULL))
		return 0;
	if (is_word(s, i, W_NUM, &value) && value > 0 && value < 10) {
		*ret_value = value;
		*ret_ordinal = false;
		return i + 1;
	}
	if (is_word(s, i, W_ORD, &value) && value > 0 && value < 10) {
		*ret_value = value;
		*ret_ordinal = true;
		return i + 1;
	}
	return 0;
}

int number_read(const struct scan *s, int i, struct number *ret)
{
	int value, more, next;
	bool ordinal;

	if (i >= s->n)
		return 0;
	if (s->v[i].kind == TOKEN_NUMBER)
		return digits_read(s, i, ret);
	if (is_word(s, i, W_ORD, &value) && value > 0) {
		ordinal = true;
		next = value == 10 || value == 20 ? ones_read(s, i + 1, &more, &ordinal) : 0;
		if (next && !ordinal)
			next = 0;
		*ret = (struct number){ .ordinal = true, .whole = value + (next ? more : 0) };
	} else if (is_word(s, i, W_NUM, &value)) {
		ordinal = false;
		next = value >= 20 && value < 100 ? ones_read(s, i + 1, &more, &ordinal) : 0;
		*ret = (struct number){ .ordinal = next && ordinal, .whole = value + (next ? more : 0) };
	} else {
		return 0;
	}
	ret->value = ret->whole;
	return next ? next : i + 1;
}

static bool is_glued_number(const struct scan *s, int i)
{
	return i < s->n && s->v[i].glued && s->v[i].kind == TOKEN_NUMBER && !s->v[i].blocked &&
	       s->v[i].value >= 0;
}

/* What may follow the whole number: ",5", "/2". */
static int fraction_read(const struct scan *s, int i, struct number *ret)
{
	static const double tens[] = { 1, 10, 100, 1000, 10000 };

	if (!s->v[i].glued || !is_glued_number(s, i + 1))
		return i;
	if ((is_text(s, i, ".") || is_text(s, i, ",")) && s->v[i + 1].digits < 5) {
		ret->value += (double)s->v[i + 1].value / tens[s->v[i + 1].digits];
	} else if (is_text(s, i, "/") && s->v[i + 1].value > 0) {
		ret->value /= (double)s->v[i + 1].value;
	} else {
		return i;
	}
	ret->fraction = true;
	return i + 2;
}

static int few_read(const struct scan *s, int i, struct number *ret)
{
	int value;

	if (s->lang == LANG_EN ? is_text(s, i, "a") || is_text(s, i, "an")
			       : is_text(s, i, "um") || is_text(s, i, "uma") || is_text(s, i, "uns"))
		i++;
	if (!is_word(s, i, W_FEW, &value))
		return 0;
	*ret = (struct number){ .value = value, .whole = value };
	i++;
	return is_text(s, i, "of") || is_text(s, i, "de") ? i + 1 : i;
}

int amount_read(const struct scan *s, int i, struct number *ret)
{
	struct number number;
	int next = few_read(s, i, ret);

	if (next)
		return next;
	if (is_word(s, i, W_HALF, NULL)) {
		*ret = (struct number){ .value = 0.5, .fraction = true };
		return i + (is_text(s, i + 1, "a") || is_text(s, i + 1, "an") ? 2 : 1);
	}
	if (s->lang == LANG_EN && (is_text(s, i, "a") || is_text(s, i, "an"))) {
		*ret = (struct number){ .value = 1, .whole = 1 };
		return i + 1;
	}
	next = number_read(s, i, &number);
	if (!next || number.ordinal)
		return 0;
	next = fraction_read(s, next, &number);
	if (s->lang == LANG_EN && is_texts(s, next, "and", "a") && is_text(s, next + 2, "half")) {
		number.value += 0.5;
		number.fraction = true;
		next += 3;
	}
	*ret = number;
	return next;
}

int year_read(const struct scan *s, int i, bool two_digits, int *ret_year)
{
	struct number number, more;
	int next;

	if (i >= s->n)
		return 0;
	if (s->v[i].kind == TOKEN_NUMBER) {
		const struct token *token = &s->v[i];

		if (token->blocked || !number_ends(s, i + 1) || (is_text(s, i + 1, ":") && s->v[i + 1].glued))
			return 0;
		if (token->digits == 4 && token->value >= 1800 && token->value < 2300) {
			*ret_year = (int)token->value;
			return i + 1;
		}
		if (!two_digits || token->digits != 2 ||
		    (i + 1 < s->n && s->v[i + 1].glued && s->v[i + 1].kind == TOKEN_WORD))
			return 0;
		*ret_year = (int)token->value + (token->value < 70 ? 2000 : 1900);
		return i + 1;
	}
	if (!(is_text(s, i, "dois") || is_text(s, i, "two")) ||
	    !(is_text(s, i + 1, "mil") || is_text(s, i + 1, "thousand")))
		return 0;
	next = i + 2;
	*ret_year = 2000;
	int after = number_read(s, is_word(s, next, W_AND, NULL) ? next + 1 : next, &more);
	number = more;
	if (after && !number.ordinal && number.whole < 100) {
		*ret_year += number.whole;
		next = after;
	}
	return next;
}

bool has_company(const struct scan *s, int i, int next)
{
	if (i == 0 && next == s->n)
		return true;
	if (next < s->n && s->v[next].kind == TOKEN_NUMBER && !s->v[next].blocked && s->v[next].digits <= 4)
		return true;
	if (i > 0 && s->v[i - 1].kind == TOKEN_NUMBER && !s->v[i - 1].blocked && s->v[i - 1].digits <= 2)
		return true;
	if (is_word(s, next, W_ORD, NULL) || is_word(s, i - 1, W_NEXT, NULL))
		return true;
	if (is_word(s, i - 1, W_THIS, NULL)) /* "this may take long" */
		return next >= s->n || s->v[next].kind == TOKEN_PUNCT || s->v[next].n_words;
	if ((is_word(s, i - 1, W_ORD, NULL) || is_word(s, i - 2, W_ORD, NULL)) &&
	    is_word(s, i, W_MONTH, NULL))
		return true;
	if (s->lang == LANG_EN && is_text(s, i - 1, "the"))
		return false;
	return is_word(s, i - 1, W_IN, NULL) || is_word(s, i - 1, W_LAST, NULL) ||
	       is_word(s, i - 1, W_BY, NULL) ||
	       (s->lang == LANG_EN && (is_text(s, i - 1, "on") || is_text(s, i - 1, "of") ||
				       (is_text(s, i - 1, "to") && is_word(s, i - 2, W_MONTH, NULL)) ||
				       is_text(s, i - 1, "from") || is_text(s, i - 1, "until")));
}
