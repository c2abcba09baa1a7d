#include "ml/date/date_part.h"

#include <string.h>

struct groups {
	int n;
	int64_t v[3];
	int digits[3];
	char sep;
	int next;
};

static bool is_sep(const struct scan *s, int i)
{
	return i < s->n && s->v[i].kind == TOKEN_PUNCT && *s->v[i].text && strchr("/-.,", *s->v[i].text);
}

/* Up to three numbers with one separator; "2016 - 11" and "2016- 11" may have spaces around a year's dash. */
static bool groups_read(const struct scan *s, int i, struct groups *ret)
{
	struct groups g = { .n = 1 };
	int next = i + 1;

	if (i >= s->n || s->v[i].kind != TOKEN_NUMBER || !number_starts(s, i))
		return false;
	g.v[0] = s->v[i].value;
	g.digits[0] = s->v[i].digits;
	while (g.n < 3 && is_sep(s, next) && next + 1 < s->n && s->v[next + 1].kind == TOKEN_NUMBER) {
		bool glued = s->v[next].glued && s->v[next + 1].glued;
		bool wide = g.digits[0] == 4 && g.n == 1 && *s->v[next].text == '-';

		if (!glued && !wide)
			break;
		if (g.n > 1 && *s->v[next].text != g.sep &&
		    !(g.n == 2 && g.sep == '/' && *s->v[next].text == ','))
			break;
		if (*s->v[next].text == ',' && g.n == 1)
			break;
		g.sep = g.n == 1 ? *s->v[next].text : g.sep;
		g.v[g.n] = s->v[next + 1].value;
		g.digits[g.n++] = s->v[next + 1].digits;
		next += 2;
	}
	g.next = next;
	*ret = g;
	return g.n > 1 && number_ends(s, next);
}

static int full_year(int64_t value, int digits)
{
	return digits == 4 ? (int)value : digits == 2 ? (int)value + (value < 70 ? 2000 : 1900) : 0;
}

/* Day and month in the language's order, or the other when only that is a date. */
static bool day_and_month(const struct scan *s, int64_t a, int64_t b, int *ret_d, int *ret_m)
{
	bool day_first = s->lang == LANG_PT;
	int64_t d = day_first ? a : b, m = day_first ? b : a;

	if (!(m >= 1 && m <= 12 && d >= 1 && civil_valid(2000, (int)m, (int)d))) {
		int64_t swap = d;

		d = m;
		m = swap;
	}
	if (!(m >= 1 && m <= 12 && d >= 1 && d <= 31 && civil_valid(2000, (int)m, (int)d)))
		return false;
	*ret_d = (int)d;
	*ret_m = (int)m;
	return true;
}

/* In English, where some write the month first and some the day. */
static bool either(const struct scan *s, const struct groups *g)
{
	return s->lang == LANG_EN && g->v[0] <= 12 && g->v[1] <= 12 && g->v[0] != g->v[1];
}

static bool three(const struct scan *s, const struct groups *g, struct day *ret)
{
	int y, m, d;

	if (g->digits[0] == 4) {
		y = (int)g->v[0];
		m = (int)g->v[1];
		d = (int)g->v[2];
	} else {
		y = full_year(g->v[2], g->digits[2]);
		if (!day_and_month(s, g->v[0], g->v[1], &d, &m))
			return false;
	}
	if (y < 1800 || y > 2299 || !civil_valid(y, m, d))
		return false;
	*ret = (struct day){ .y = y, .m = m, .d = d, .either = g->digits[0] != 4 && either(s, g) };
	return true;
}

static bool two(const struct scan *s, int i, const struct groups *g, struct day *ret)
{
	int d, m;
	bool month_only = g->digits[0] == 4 || g->digits[1] == 4;

	if (month_only) {
		int64_t year = g->digits[0] == 4 ? g->v[0] : g->v[1];
		int64_t month = g->digits[0] == 4 ? g->v[1] : g->v[0];

		if (year < 1800 || year > 2299 || month < 1 || month > 12)
			return false;
		*ret = (struct day){ .y = (int)year, .m = (int)month };
		return true;
	}
	/* "19-20" is a range, "4.22" a number unless "on" or "dia" stands before it */
	if (g->sep == '-' || g->digits[0] > 2 || g->digits[1] > 2)
		return false;
	if (g->sep == '.' && !(s->lang == LANG_EN ? is_text(s, i - 1, "on") : is_text(s, i - 1, "dia")))
		return false;
	if (is_word(s, g->next, W_UNIT, NULL) || !day_and_month(s, g->v[0], g->v[1], &d, &m))
		return false;
	*ret = (struct day){ .m = m, .d = d, .either = either(s, g) };
	return true;
}

/* "2019/aug/01", "2016 10 16", "2016-12-16T": the T belongs to the time. */
static int year_first(const struct scan *s, int i, struct day *ret)
{
	int month;

	if (i + 4 < s->n + 2 && s->v[i].digits == 4 && s->v[i].kind == TOKEN_NUMBER && number_starts(s, i)) {
		const struct token *v = s->v + i;

		if (v[1].glued && is_sep(s, i + 1) && is_word(s, i + 2, W_MONTH, &month) &&
		    is_sep(s, i + 3) && v[4].kind == TOKEN_NUMBER &&
		    civil_valid((int)v->value, month, (int)v[4].value)) {
			*ret = (struct day){ .y = (int)v->value, .m = month, .d = (int)v[4].value };
			return i + 5;
		}
		if (v[1].kind == TOKEN_NUMBER && v[2].kind == TOKEN_NUMBER && v[1].digits == 2 &&
		    v[2].digits == 2 && v->value > 1800 && v->value < 2300 &&
		    civil_valid((int)v->value, (int)v[1].value, (int)v[2].value)) {
			*ret = (struct day){ .y = (int)v->value, .m = (int)v[1].value, .d = (int)v[2].value };
			return i + 3;
		}
	}
	return 0;
}

int numeric_read(const struct scan *s, int i, struct part *ret)
{
	struct part part = { .has = HAS_DAY };
	struct groups g;
	int next = i < s->n && !s->v[i].blocked ? year_first(s, i, &part.day) : 0;

	if (!next) {
		if (!groups_read(s, i, &g) ||
		    !(g.n == 3 ? three(s, &g, &part.day) : two(s, i, &g, &part.day)))
			return 0;
		next = g.next;
	}
	if (is_text(s, next, "t") && s->v[next].glued && next + 1 < s->n && s->v[next + 1].glued)
		next++;
	*ret = part;
	return next;
}
