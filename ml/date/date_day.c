#include "ml/date/date_part.h"

#include <string.h>

static struct day known(int64_t n)
{
	return (struct day){ .known = true, .n = n };
}

static int pt(const struct scan *s, int i, const char *text)
{
	return s->lang == LANG_PT && is_text(s, i, text);
}

/* "amanhã", "depois de amanhã", "the day before yesterday", "dia seguinte", "next day". */
static int relative_read(const struct scan *s, int i, struct part *ret)
{
	int value, next = 0;
	int64_t n = 0;

	if (is_word(s, i, W_REL_DAY, &value)) {
		n = s->today + value - 10;
		next = i + 1;
	} else if (s->lang == LANG_PT) {
		int from = is_text(s, i, "dia") ? i + 1 : i;

		if ((is_text(s, from, "depois") || is_text(s, from, "dps") || is_text(s, from, "antes")) &&
		    (is_text(s, from + 1, "de") || is_text(s, from + 1, "d")) &&
		    is_word(s, from + 2, W_REL_DAY, &value) && value != 10) {
			n = s->today + value - 10 + (is_text(s, from, "antes") ? -1 : 1);
			next = from + 3;
		} else if (is_texts(s, i, "dia", "seguinte") || is_texts(s, i, "proximo", "dia")) {
			n = s->today + 1;
			next = i + 2;
		}
	} else {
		int from = is_text(s, i, "the") ? i + 1 : i;

		if (is_text(s, from, "day") &&
		    (is_text(s, from + 1, "after") || is_text(s, from + 1, "before")) &&
		    is_word(s, from + 2, W_REL_DAY, &value)) {
			n = s->today + value - 10 + (is_text(s, from + 1, "after") ? 1 : -1);
			next = from + 3;
		} else if (is_texts(s, from, "next", "day") && !is_word(s, from + 2, W_AND, NULL)) {
			n = s->today + 1;
			next = from + 2;
		}
	}
	if (!next)
		return 0;
	*ret = (struct part){ .has = HAS_DAY, .day = known(n) };
	return next;
}

/* "segunda-feira", "2a feira"; *ret_shy when the word may also mean something else. */
static int weekday_word(const struct scan *s, int i, int *ret_weekday, bool *ret_shy)
{
	struct number number;
	int next;

	*ret_shy = false;
	if (is_word(s, i, W_WDAY, ret_weekday)) {
		*ret_shy = is_shy(s, i, W_WDAY);
		next = i + 1;
	} else if (s->lang == LANG_PT && i < s->n && s->v[i].kind == TOKEN_NUMBER) {
		next = number_read(s, i, &number);
		if (!next || !number.ordinal || number.whole < 2 || number.whole > 6 ||
		    is_text(s, i + 1, "o"))
			return 0;
		*ret_weekday = number.whole - 1;
		*ret_shy = !is_word(s, i - 1, W_ON, NULL);
	} else {
		return 0;
	}
	if (s->lang == LANG_PT) {
		int after = is_text(s, next, "-") ? next + 1 : next;

		if (is_text(s, after, "feira") || is_text(s, after, "f")) {
			*ret_shy = false;
			return after + 1;
		}
	}
	if (is_text(s, next, ".") && s->v[next].glued && s->v[i].end - s->v[i].begin <= 4) {
		if (s->lang == LANG_PT || next + 1 == s->n)
			*ret_shy = false;
		next++;
	}
	return next;
}

static bool is_verb(const char *text)
{
	size_t n = strlen(text);

	return n > 2 && text[n - 1] == 'r' && strchr("aei", text[n - 2]);
}

/* "a segunda reunião", "pela quinta vez": a number, not a day. */
static bool is_ordinal_use(const struct scan *s, int i, int next)
{
	if (s->lang != LANG_PT || !is_word(s, i, W_ORD, NULL) || next != i + 1)
		return false;
	if (is_word(s, next, W_ORDINAL_NOUN, NULL))
		return true;
	return (is_text(s, i - 1, "a") || is_text(s, i - 1, "uma") || is_text(s, i - 1, "minha") ||
		is_text(s, i - 1, "sua") || is_text(s, i - 1, "as")) &&
	       next < s->n && s->v[next].kind == TOKEN_WORD && !s->v[next].n_words &&
	       !is_verb(s->v[next].text) && !is_text(s, next, "que");
}

/* A shy word counts after a preposition, beside a number, or alone. */
static bool has_company(const struct scan *s, int i, int next)
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

static int64_t week_of(const struct scan *s, int weeks)
{
	return s->today - (civil_weekday(s->today) - 1) + 7 * (int64_t)weeks;
}

/* "que vem", "que passou", "passada", "after next", "desta semana" after a weekday. */
static int weekday_tail(const struct scan *s, int i, int weekday, struct day *ret)
{
	int64_t nearest = civil_on_or_after(s->today + 1, weekday);

	if (is_texts(s, i, "que", "vem")) {
		*ret = known(week_of(s, 1) + weekday - 1);
		return i + 2;
	}
	if (is_texts(s, i, "after", "next")) {
		*ret = known(nearest + 7);
		return i + 2;
	}
	if (pt(s, i, "passada") || pt(s, i, "passado")) {
		*ret = known(nearest - 7 < s->today ? nearest - 7 : nearest - 14);
		return i + 1;
	}
	if ((pt(s, i, "proxima") || pt(s, i, "proximo")) && !is_word(s, i + 1, W_UNIT, NULL)) {
		*ret = known(week_of(s, 1) + weekday - 1);
		return i + 1;
	}
	return i;
}

/* -1 last, -2 past, 0 none, 1 next, 2 this, 3 coming. */
static int modifier_read(const struct scan *s, int i, int *ret_modifier)
{
	int value, next = i;

	*ret_modifier = 0;
	if (s->lang == LANG_EN && is_text(s, next, "the"))
		next++;
	if (is_word(s, next, W_THIS, NULL)) {
		*ret_modifier = 2;
		next++;
	}
	if (is_word(s, next, W_NEXT, NULL)) {
		*ret_modifier =
			*ret_modifier == 2 || (s->lang == LANG_EN && !is_text(s, next, "next")) ? 3 : 1;
		next++;
	} else if (is_word(s, next, W_LAST, &value) && value < 0) {
		*ret_modifier = value == -2 || *ret_modifier == 2 ? -2 : -1;
		next++;
	}
	return *ret_modifier ? next : i;
}

static int weekday_read(const struct scan *s, int i, struct part *ret)
{
	struct part part = { .has = HAS_DAY };
	int modifier, weekday, word = modifier_read(s, i, &modifier), next;
	bool shy;

	if (word == i && s->lang == LANG_EN && is_text(s, i, "the"))
		word = i;
	next = weekday_word(s, word, &weekday, &shy);
	if (!next || is_ordinal_use(s, word, next) || (shy && !modifier && !has_company(s, word, next)))
		return 0;
	if (shy && s->lang == LANG_PT && (is_text(s, word - 1, "em") || modifier) && is_text(s, word, "ter"))
		return 0;
	int64_t nearest = civil_on_or_after(s->today + 1, weekday);

	if (modifier == 1)
		part.day = known(week_of(s, 1) + weekday - 1);
	else if (modifier == -1)
		part.day = known(week_of(s, -1) + weekday - 1);
	else if (modifier == -2)
		part.day = known(nearest - 7 < s->today ? nearest - 7 : nearest - 14);
	else
		part.day = (struct day){ .wd = weekday };
	if (modifier && part.day.known)
		part.day.wd = weekday;
	/* "sexta 13", "Sunday 31": over 12 it is no hour */
	if (!modifier && next < s->n && s->v[next].kind == TOKEN_NUMBER && s->v[next].digits == 2 &&
	    number_starts(s, next) && number_ends(s, next + 1) && s->v[next].value > 12 &&
	    s->v[next].value < 32 &&
	    (next + 1 == s->n || is_word(s, next + 1, W_AT, NULL) ||
	     (s->v[next + 1].kind == TOKEN_PUNCT && !is_text(s, next + 1, "-") &&
	      !(is_text(s, next + 1, ":"))))) {
		part.day.d = (int)s->v[next].value;
		*ret = part;
		return next + 1;
	}
	if (!modifier)
		next = weekday_tail(s, next, weekday, &part.day);
	*ret = part;
	return next;
}

/* A month's word; "may", "march", "mar", "set" need company. */
static int month_word(const struct scan *s, int i, int *ret_month, bool *ret_shy)
{
	if (!is_word(s, i, W_MONTH, ret_month))
		return 0;
	*ret_shy = is_shy(s, i, W_MONTH);
	return is_text(s, i + 1, ".") && s->v[i + 1].glued && i + 2 < s->n && s->v[i + 2].kind == TOKEN_NUMBER
		       ? i + 2
		       : i + 1;
}

/* The year after a month: "2016", ", 2016", "de 2016", "of 2016", "in 2019", "do ano que vem" is a span's. */
static int year_after(const struct scan *s, int i, bool two_digits, int *ret_year)
{
	int next = i;

	if (is_text(s, next, ",") || (is_text(s, next, "-") && s->v[next].glued) ||
	    (is_text(s, next, "/") && s->v[next].glued) || is_word(s, next, W_OF, NULL))
		next++;
	return year_read(s, next, two_digits && next == i, ret_year);
}

/* A day of the month as a number: "5", "5th", "twenty-first", "um". */
static int mday_number(const struct scan *s, int i, struct number *ret)
{
	int next = number_read(s, i, ret);

	if (!next || ret->whole < 1 || ret->digits > 2 || (ret->whole > 31 && ret->digits == 0))
		return 0;
	if (!number_ends(s, next) && !is_text(s, next, "/") && !is_text(s, next, "."))
		return 0;
	return next;
}

/* "5 de maio [de 2013]", "15th february", "10 jan", "16. Nov. 2016", "05-Aug-2016". */
static int day_month(const struct scan *s, int i, struct part *ret)
{
	struct number number;
	int month, year = 0, next = mday_number(s, i, &number), after;
	bool shy;

	if (!next ||
	    (s->v[i].kind == TOKEN_WORD && number.whole == 1 && !number.ordinal && s->lang == LANG_EN))
		return 0;
	if (((is_text(s, next, "-") || is_text(s, next, "/") || is_text(s, next, ".")) && s->v[next].glued) ||
	    is_text(s, next, "dias") || is_text(s, next, "dia"))
		next++;
	if (is_word(s, next, W_OF, NULL))
		next += is_text(s, next + 1, "mes") && is_word(s, next + 2, W_OF, NULL) ? 3 : 1;
	next = month_word(s, next, &month, &shy);
	if (!next)
		return 0;
	after = year_after(s, next, number.ordinal || s->lang == LANG_PT, &year);
	if (number.whole > (month == 2 ? 29 : civil_month_len(2000, month)) ||
	    (after && !civil_valid(year, month, number.whole)))
		return 0;
	*ret = (struct part){ .has = HAS_DAY,
			      .day = { .y = after ? year : 0, .m = month, .d = number.whole } };
	return after ? after : next;
}

/* "May twenty one", "Jan 12, 2018", "October. 2", "maio 5", "Jan/3", "february the 15th", "May 5 of this year". */
static int month_first(const struct scan *s, int i, struct part *ret)
{
	struct number number;
	int month, year = 0, after, next;
	bool shy;

	next = month_word(s, i, &month, &shy);
	if (!next)
		return 0;
	after = next;
	if (is_text(s, after, ",") ||
	    ((is_text(s, after, "-") || is_text(s, after, "/")) && s->v[after].glued))
		after++;
	if (is_text(s, after, "the"))
		after++;
	after = mday_number(s, after, &number);
	/* "june 2016", "march 14h30", "may one" */
	if (after && number.whole <= 31 && !(is_text(s, after, ":") && s->v[after].glued) &&
	    !is_word(s, after, W_AMPM, NULL) && !(is_text(s, after, "h") && s->v[after].glued) &&
	    !is_text(s, after, "%")) {
		if (number.whole > (month == 2 ? 29 : civil_month_len(2000, month)))
			return 0;
		next = year_after(s, after, false, &year);
		if (next && (!civil_valid(year, month, number.whole)))
			return 0;
		if (next && is_text(s, next, ":") && s->v[next].glued)
			next = 0;
		*ret = (struct part){ .has = HAS_DAY,
				      .day = { .y = next ? year : 0, .m = month, .d = number.whole } };
		return next ? next : after;
	}
	after = year_after(s, next, false, &year);
	if (!after && shy && !has_company(s, i, next))
		return 0;
	*ret = (struct part){ .has = HAS_DAY, .day = { .y = after ? year : 0, .m = month } };
	return after ? after : next;
}

/* "2016 june", "2015 May". */
static int year_month(const struct scan *s, int i, struct part *ret)
{
	struct part part;
	int year, month, next;
	bool shy;

	if (i >= s->n || s->v[i].kind != TOKEN_NUMBER || !number_starts(s, i) || s->v[i].digits != 4)
		return 0;
	next = year_read(s, i, false, &year);
	if (!next || !(next = month_word(s, next, &month, &shy)))
		return 0;
	part = (struct part){ .has = HAS_DAY, .day = { .y = year, .m = month } };
	*ret = part;
	return next;
}

int month_day_read(const struct scan *s, int i, struct part *ret)
{
	int next = day_month(s, i, ret);

	if (!next)
		next = month_first(s, i, ret);
	return next ? next : year_month(s, i, ret);
}

/* "dia 5", "no dia 5", "the 15th", "on the 4th", "the thirty", "for the 27", "5th". */
static int mday_read(const struct scan *s, int i, struct part *ret)
{
	struct number number;
	int next, from = i;
	bool led = false;

	if (s->lang == LANG_PT) {
		if (is_text(s, from, "dia"))
			led = true, from++;
		if (!led)
			return 0;
	} else if (is_text(s, from, "the")) {
		led = true;
		from++;
	}
	next = mday_number(s, from, &number);
	if (!next || number.whole > 31 || !number_ends(s, next))
		return 0;
	if (s->lang == LANG_EN) {
		bool prep = is_word(s, i - 1, W_ON, NULL) || is_word(s, i - 1, W_AT, NULL) ||
			    is_word(s, i - 1, W_BY, NULL) || is_word(s, i - 1, W_FROM, NULL) ||
			    is_word(s, i - 1, W_OF, NULL) || is_word(s, i - 1, W_TO, NULL) ||
			    is_word(s, i - 1, W_AND, NULL);
		bool weekday = is_word(s, i - 1, W_WDAY, NULL);
		bool ends = next >= s->n || s->v[next].kind == TOKEN_PUNCT ||
			    (s->v[next].n_words && !is_word(s, next, W_ORDINAL_NOUN, NULL) &&
			     !is_word(s, next, W_UNIT, NULL) && !is_word(s, next, W_WDAY, NULL));

		if (!number.ordinal && !(led && prep && ends))
			return 0;
		if (!number.digits && number.ordinal && !weekday && !(led && prep && ends))
			return 0;
		if (number.ordinal && !led && !prep && !weekday && i > 0)
			return 0;
		if (!ends && !weekday && !(number.digits && prep))
			return 0;
		if (number.ordinal && led && !prep && !weekday && i > 0 && !is_word(s, next, W_OF, NULL) &&
		    !is_word(s, next, W_BETWEEN, NULL))
			return 0;
	}
	*ret = (struct part){ .has = HAS_DAY, .day = { .d = number.whole } };
	return next;
}

int day_read(const struct scan *s, int i, struct part *ret)
{
	static int (*const readers[])(const struct scan *, int, struct part *) = {
		numeric_read, nth_read,       relative_read, holiday_read,
		weekday_read, month_day_read, mday_read,     span_read,
	};
	struct part part;
	int best = 0;

	if (i >= s->n)
		return 0;
	for (size_t k = 0; k < sizeof readers / sizeof *readers; k++) {
		int next = readers[k](s, i, &part);

		if (next > best) {
			best = next;
			*ret = part;
		}
	}
	return best;
}
