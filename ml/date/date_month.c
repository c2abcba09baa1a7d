#include "ml/date/date_part.h"

int mday_number(const struct scan *s, int i, struct number *ret)
{
	int next = number_read(s, i, ret);

	if (!next || ret->whole < 1 || ret->digits > 2 || (ret->whole > 31 && ret->digits == 0))
		return 0;
	if (!number_ends(s, next) && !is_text(s, next, "/") && !is_text(s, next, "."))
		return 0;
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
