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

/* "the week of April 10th". */
static int week_of_day(const struct scan *s, int i, struct part *ret)
{
	struct part whole;
	int from = is_word(s, i, W_THE, NULL) ? i + 1 : i, next;
	int64_t day, end;

	if ((!is_text(s, from, "week") && !is_text(s, from, "semana")) || !is_word(s, from + 1, W_OF, NULL))
		return 0;
	next = numeric_read(s, from + 2, &whole);
	if (!next)
		next = month_day_read(s, from + 2, &whole);
	if (!next)
		next = day_read(s, from + 2, &whole);
	if (!next || !(whole.has & HAS_DAY) || !(whole.day.d || whole.day.known) ||
	    !day_resolve(s, &whole.day, s->today, &day, &end))
		return 0;
	day -= civil_weekday(day) - 1;
	*ret = (struct part){ .has = HAS_SPAN, .span_a = day, .span_b = day + 7 };
	return next;
}

/* "end of tomorrow", "fim de sexta". */
static int end_of_day(const struct scan *s, int i, struct part *ret)
{
	struct edge edge;
	struct part whole;
	int from = edge_read(s, i, &edge), next;

	if (!from || edge.rest || edge.third != THIRD_END || whole_read(s, from, &whole) ||
	    is_text(s, from, "day") || is_text(s, from, "dia"))
		return 0;
	next = day_read(s, from, &whole);
	if (!next || !(whole.has & HAS_DAY) || !(whole.day.known || whole.day.wd || whole.day.d))
		return 0;
	*ret = whole;
	ret->has |= HAS_DAY_END;
	return next;
}

int day_read(const struct scan *s, int i, struct part *ret)
{
	static int (*const readers[])(const struct scan *, int, struct part *) = {
		numeric_read,   nth_read,  relative_read, holiday_read, weekday_read,
		month_day_read, mday_read, span_read,     week_of_day,  end_of_day,
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
