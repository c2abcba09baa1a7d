#include "ml/date/date_part.h"

#include <string.h>

static struct part week_part(int64_t monday)
{
	return (struct part){ .has = HAS_SPAN, .span_a = monday, .span_b = monday + 7 };
}

static int64_t this_week(const struct scan *s)
{
	return s->today - (civil_weekday(s->today) - 1);
}

static int64_t quarter_start(int y, int quarter)
{
	return civil_days(y, 3 * quarter - 2, 1);
}

/* A calendar unit, `by` of them from now. */
static bool unit_part(const struct scan *s, enum unit unit, int by, struct part *ret)
{
	int y, m, d;
	int64_t a;

	switch (unit) {
	case UNIT_WEEK: *ret = week_part(this_week(s) + 7 * (int64_t)by); return true;
	case UNIT_WEEKEND:
		a = this_week(s) + 5 + 7 * (int64_t)by;
		*ret = (struct part){ .has = HAS_SPAN, .span_a = a, .span_b = a + 2 };
		return true;
	case UNIT_MONTH:
		civil_of(civil_add_months(civil_days(s->y, s->m, 1), by), &y, &m, &d);
		*ret = (struct part){ .has = HAS_DAY, .day = { .y = y, .m = m } };
		return true;
	case UNIT_YEAR: *ret = (struct part){ .has = HAS_DAY, .day = { .y = s->y + by } }; return true;
	case UNIT_QUARTER:
	case UNIT_HALF:
	case UNIT_BIMESTER: {
		int months = unit == UNIT_QUARTER ? 3 : unit == UNIT_HALF ? 6 : 2;

		a = civil_add_months(civil_days(s->y, (s->m - 1) / months * months + 1, 1),
				     (int64_t)by * months);
		*ret = (struct part){ .has = HAS_SPAN, .span_a = a, .span_b = civil_add_months(a, months) };
		return true;
	}
	default: return false;
	}
}

/* "fim de semana", "weekend", "week-end", or any unit's word. */
static int unit_word(const struct scan *s, int i, int *ret_unit)
{
	if (is_texts(s, i, "fim", "de") && is_text(s, i + 2, "semana")) {
		*ret_unit = UNIT_WEEKEND;
		return i + 3;
	}
	if (is_texts(s, i, "final", "de") && is_text(s, i + 2, "semana")) {
		*ret_unit = UNIT_WEEKEND;
		return i + 3;
	}
	if (is_texts(s, i, "week", "-") && is_text(s, i + 2, "end")) {
		*ret_unit = UNIT_WEEKEND;
		return i + 3;
	}
	return is_word(s, i, W_UNIT, ret_unit) ? i + 1 : 0;
}

/* "this week", "próximo mês", "semana que vem", "ano passado", "the week", "no fim de semana". */
static int calendar_unit(const struct scan *s, int i, struct part *ret)
{
	int from = i, by = 0, unit, next, value;
	bool led = false, article = false;

	if (is_word(s, from, W_THE, NULL)) {
		article = true;
		from++;
	}
	if (is_word(s, from, W_THIS, NULL))
		led = true, from++;
	if (is_word(s, from, W_NEXT, NULL))
		led = true, by = 1, from++;
	else if (is_word(s, from, W_LAST, &value) && value < 0)
		led = true, by = -1, from++;
	next = unit_word(s, from, &unit);
	if (!next || (from == i && i > 0 && s->v[i].glued))
		return 0;
	if (!led && is_texts(s, next, "que", "vem"))
		led = true, by = 1, next += 2;
	else if (!led && is_texts(s, next, "after", "next"))
		led = true, by = 2, next += 2;
	else if (!led && s->lang == LANG_PT && is_word(s, next, W_LAST, NULL))
		led = true, by = -1, next++;
	else if (!led && s->lang == LANG_PT && is_word(s, next, W_NEXT, NULL))
		led = true, by = 1, next++;
	else if (!led && s->lang == LANG_PT && is_word(s, next, W_THIS, NULL))
		led = true, next++;
	if (unit == UNIT_WEEKEND && !led &&
	    (is_word(s, i - 1, W_ON, NULL) || is_word(s, i - 1, W_OF, NULL) || article || i == 0))
		led = true;
	if (!led) { /* "of the month", "do ano", "the week" alone */
		bool of = s->lang == LANG_PT
				  ? is_text(s, i - 1, "do") || is_text(s, i - 1, "da") ||
					    is_text(s, i - 1, "no")
				  : article && (is_word(s, i - 1, W_OF, NULL) || (i == 0 && next == s->n));

		if (!of || is_word(s, i - 2, W_UNIT, NULL))
			return 0;
	}
	if (is_word(s, from, W_UNIT, NULL) && unit <= UNIT_DAY)
		return 0;
	if (!unit_part(s, (enum unit)unit, by, ret))
		return 0;
	if (is_text(s, from, "workweek"))
		ret->span_b = ret->span_a + 5;
	return next;
}

/* "Q3", "2016 Q3", "2017 q1", "Q1 2016", "2016H2", "2019-Q1". */
static int quarter_read(const struct scan *s, int i, struct part *ret)
{
	int year = 0, next = i, after, number;
	bool half;

	if (s->v[i].kind == TOKEN_NUMBER) {
		if (!number_starts(s, i) || !(next = year_read(s, i, false, &year)))
			return 0;
		if (is_text(s, next, "-"))
			next++;
	}
	half = is_text(s, next, "h") || is_text(s, next, "s");
	if ((!half && !is_text(s, next, "q") && !is_text(s, next, "t")) || next + 1 >= s->n ||
	    s->v[next + 1].kind != TOKEN_NUMBER || !s->v[next + 1].glued || s->v[next + 1].digits != 1)
		return 0;
	number = (int)s->v[next + 1].value;
	if (number < 1 || number > (half ? 2 : 4) || (half && !year) ||
	    ((is_text(s, next, "t") || is_text(s, next, "s")) && !year))
		return 0;
	next += 2;
	after = year ? 0 : year_read(s, is_word(s, next, W_OF, NULL) ? next + 1 : next, false, &year);
	if (!year) {
		year = s->y;
		if (civil_add_months(quarter_start(year, number), 3) <= s->today ||
		    quarter_start(year, number) <= s->today)
			year++;
	}
	int64_t a = half ? civil_days(year, number == 1 ? 1 : 7, 1) : quarter_start(year, number);

	*ret = (struct part){ .has = HAS_SPAN, .span_a = a, .span_b = civil_add_months(a, half ? 6 : 3) };
	return after ? after : next;
}

/* The month or year after "of": "de 2013", "of Jan 2015", "of last month", "2013". Gives what is known. */
static int whole_after(const struct scan *s, int i, struct part *ret)
{
	int year, next = i;

	if (is_word(s, next, W_OF, NULL) || is_text(s, next, "-") || is_text(s, next, ","))
		next++;
	int after = year_read(s, next, false, &year);

	if (after) {
		*ret = (struct part){ .has = HAS_DAY, .day = { .y = year } };
		return after;
	}
	after = month_day_read(s, next, ret);
	if (after && ret->day.d)
		return 0;
	if (!after && (is_word(s, next, W_THE, NULL) || next > i))
		after = calendar_unit(s, next, ret);
	return after && ret->has == HAS_DAY ? after : 0;
}

static void year_month_of(const struct scan *s, const struct day *day, int *ret_y, int *ret_m)
{
	*ret_m = day->m ? day->m : 1;
	*ret_y = day->y ? day->y : s->y + (day->m && day->m < s->m);
}

/* Whole weeks of a month or a year; the first one holds its first Thursday (ISO 8601). n < 0 counts from its end. */
static int64_t nth_week(int y, int m, bool of_year, int n)
{
	int64_t first = civil_days(y, m, 1),
		last = of_year ? civil_days(y, 12, 31) : first + civil_month_len(y, m) - 1;

	if (n > 0)
		return civil_on_or_after(first, 4) - 3 + 7 * (int64_t)(n - 1);
	return last - (civil_weekday(last) + 3) % 7 - 3 + 7 * (int64_t)(n + 1);
}

/* "week 27 of last year"; from stands at "week". */
static int week_numbered(const struct scan *s, int from, struct part *ret)
{
	struct part whole;
	int next, n;

	if (from + 1 >= s->n || s->v[from + 1].kind != TOKEN_NUMBER || s->v[from + 1].blocked)
		return 0;
	n = (int)s->v[from + 1].value;
	if (n < 1 || n > 53 || s->v[from + 1].digits > 2)
		return 0;
	next = whole_after(s, from + 2, &whole);
	*ret = week_part(civil_week(next && whole.day.y ? whole.day.y : s->y, n));
	return next ? next : from + 2;
}

/* "week 27 of last year", "first week of Jan 2015", "primeiro mês de 2013". */
static int nth_span(const struct scan *s, int i, struct part *ret)
{
	struct number number;
	struct part whole;
	int from = is_word(s, i, W_THE, NULL) ? i + 1 : i, unit, next, n, y, m, last = 0, after;

	if (is_text(s, from, "week") || is_text(s, from, "semana"))
		return week_numbered(s, from, ret);
	next = number_read(s, from, &number);
	if (next && !number.ordinal)
		return 0;
	n = next ? number.whole : 1;
	if (is_word(s, next ? next : from, W_LAST, &last) && last == -1) {
		n = -n;
		next = (next ? next : from) + 1;
	}
	after = next ? unit_word(s, next, &unit) : 0;
	if (!after || (unit != UNIT_WEEK && unit != UNIT_MONTH && unit != UNIT_QUARTER && unit != UNIT_HALF &&
		       unit != UNIT_WEEKEND))
		return 0;
	next = whole_after(s, after, &whole);
	if (!next || n > 53)
		return 0;
	year_month_of(s, &whole.day, &y, &m);
	if (unit == UNIT_WEEK) {
		*ret = week_part(nth_week(y, m, !whole.day.m, n));
	} else if (unit == UNIT_WEEKEND) {
		int64_t saturday;

		if (!civil_nth(y, n < 0 && !whole.day.m ? 12 : m, 6, n, &saturday))
			return 0;
		*ret = (struct part){ .has = HAS_SPAN, .span_a = saturday, .span_b = saturday + 2 };
	} else if (whole.day.m || n < 1 || n > (unit == UNIT_MONTH ? 12 : unit == UNIT_QUARTER ? 4 : 2)) {
		return 0;
	} else if (unit == UNIT_MONTH) {
		*ret = (struct part){ .has = HAS_DAY, .day = { .y = y, .m = n } };
	} else {
		int months = unit == UNIT_QUARTER ? 3 : 6;
		int64_t a = civil_days(y, (n - 1) * months + 1, 1);

		*ret = (struct part){ .has = HAS_SPAN, .span_a = a, .span_b = civil_add_months(a, months) };
	}
	return next;
}

/* Begin, middle or end of a stretch of whole days. */
static void third(const struct part *whole, int which, const struct scan *s, struct part *ret)
{
	int64_t a = whole->span_a, b = whole->span_b, from, to;
	int y, m;

	if (whole->has & HAS_DAY) {
		year_month_of(s, &whole->day, &y, &m);
		a = civil_days(y, m, 1);
		b = civil_add_months(a, whole->day.m ? 1 : 12);
		from = whole->day.m ? (which == 2 ? a + 20
				       : which    ? a + 10
						  : a)
				    : civil_add_months(a, which == 2 ? 8
							  : which    ? 4
								     : 0);
		to = which == 2     ? b
		     : whole->day.m ? (which ? a + 20 : a + 10)
				    : civil_add_months(a, which ? 8 : 3);
	} else {
		from = which == 2 ? a + 4 : which ? a + 2 : a;
		to = which == 2 ? b : which ? a + 5 : a + 3;
	}
	*ret = (struct part){ .has = HAS_SPAN, .span_a = from, .span_b = to };
}

/* "EOM", "by EOY", "the BOM", "EOD". */
static int short_form(const struct scan *s, int i, int from, struct part *ret)
{
	static const struct {
		const char *text;
		enum unit unit;
		int which;
	} short_forms[] = { { "eom", UNIT_MONTH, 2 },
			    { "bom", UNIT_MONTH, 0 },
			    { "eoy", UNIT_YEAR, 2 },
			    { "boy", UNIT_YEAR, 0 },
			    { "eow", UNIT_WEEK, 2 } };
	struct part whole;

	for (size_t k = 0; k < sizeof short_forms / sizeof *short_forms; k++)
		if (is_text(s, from, short_forms[k].text) &&
		    (from > i || (i == 0 && s->n == 1) || is_text(s, i - 1, "by") ||
		     is_text(s, i - 1, "at")) &&
		    unit_part(s, short_forms[k].unit, 0, &whole)) {
			third(&whole, short_forms[k].which, s, ret);
			return from + 1;
		}
	if (is_text(s, from, "eod")) {
		*ret = (struct part){ .has = HAS_DAY | HAS_DAY_END, .day = { .known = true, .n = s->today } };
		return from + 1;
	}
	return 0;
}

int edge_read(const struct scan *s, int i, struct edge *ret)
{
	struct edge edge = { .third = THIRD_BEGIN };
	int next = is_word(s, i, W_THE, NULL) ? i + 1 : i;

	edge.rest = is_text(s, next, "rest") || is_text(s, next, "resto");
	if (!edge.rest && !is_word(s, next, W_BEGIN, &edge.third))
		return 0;
	next++;
	if (!is_word(s, next, W_OF, NULL))
		return 0;
	next++;
	next = s->lang == LANG_EN ? skip_words(s, next, W_ABOUT) : next;
	*ret = edge;
	return is_word(s, next, W_THE, NULL) ? next + 1 : next;
}

int whole_read(const struct scan *s, int i, struct part *ret)
{
	int unit, year, next = unit_word(s, i, &unit);

	if (next && unit_part(s, (enum unit)unit, 0, ret) && !is_texts(s, next, "que", "vem") &&
	    !is_word(s, next, W_LAST, NULL))
		return next;
	if ((next = calendar_unit(s, i, ret)) || ((next = month_day_read(s, i, ret)) && !ret->day.d))
		return next;
	next = year_read(s, i, false, &year);
	if (next)
		*ret = (struct part){ .has = HAS_DAY, .day = { .y = year } };
	return next;
}

/* "rest of the year": from today on. */
static bool rest_of(const struct scan *s, struct part *whole, struct part *ret)
{
	int64_t a, b;

	if (!day_range(s, whole, &a, &b) || b <= s->today)
		return false;
	*ret = (struct part){ .has = HAS_SPAN, .span_a = a > s->today ? a : s->today, .span_b = b };
	return true;
}

/* "fim do mês", "end of April", "beginning of next week", "rest of the year", "end of the day", "EOM". */
static int part_of_span(const struct scan *s, int i, struct part *ret)
{
	struct part whole;
	struct edge edge;
	int from = is_word(s, i, W_THE, NULL) ? i + 1 : i, next;

	next = s->lang == LANG_EN ? short_form(s, i, from, ret) : 0;
	if (next)
		return next;
	from = edge_read(s, i, &edge);
	if (!from)
		return 0;
	if (is_text(s, from, "day") || is_text(s, from, "dia")) {
		if (edge.rest)
			*ret = (struct part){ .has = HAS_AT_SPAN,
					      .at = s->ref,
					      .at2 = (s->today + 1) * DAY_S - 1 };
		else if (edge.third == THIRD_END)
			*ret = (struct part){ .has = HAS_DAY_END };
		if (edge.rest || edge.third == THIRD_END)
			return from + 1;
	}
	next = whole_read(s, from, &whole);
	if (!next)
		return 0;
	if (edge.rest)
		return rest_of(s, &whole, ret) ? next : 0;
	third(&whole, edge.third, s, ret);
	return next;
}

int span_read(const struct scan *s, int i, struct part *ret)
{
	struct part part;
	int best = 0, next;
	static int (*const readers[])(const struct scan *, int, struct part *) = { calendar_unit,
										   quarter_read, nth_span,
										   part_of_span };

	for (size_t k = 0; k < sizeof readers / sizeof *readers; k++) {
		next = readers[k](s, i, &part);
		if (next > best) {
			best = next;
			*ret = part;
		}
	}
	return best;
}

/* Day n of the month; of a weekday; or (8) of its working days, holidays not counted out. */
static bool nth_in_month(int y, int m, int weekday, int n, int64_t *ret_day)
{
	int len = civil_month_len(y, m), left = n < 0 ? -n : n;
	int64_t first = civil_days(y, m, 1), day = n < 0 ? first + len - 1 : first;

	if (weekday == 8) {
		if (left > 20)
			return false;
		while (civil_weekday(day) > 5 || --left)
			day += n < 0 ? -1 : 1;
		*ret_day = day;
		return true;
	}
	if (weekday)
		return left <= 5 && civil_nth(y, m, weekday, n, ret_day);
	if (left > len)
		return false;
	*ret_day = n > 0 ? first + n - 1 : first + len + n;
	return true;
}

/* The month or year that is counted in; *ret_passing when it is just "the month". */
static int nth_of(const struct scan *s, int after, struct part *ret, bool *ret_passing)
{
	int y;
	int unit, unit_at = is_word(s, after, W_THE, NULL) ? after + 1 : after, to;

	if ((to = unit_word(s, unit_at, &unit)) && unit == UNIT_MONTH && !is_texts(s, to, "que", "vem") &&
	    !is_word(s, to, W_LAST, NULL) && !(s->lang == LANG_PT && is_word(s, to, W_NEXT, NULL))) {
		unit_part(s, UNIT_MONTH, 0, ret);
		*ret_passing = true;
		after = to;
	} else if (((to = calendar_unit(s, after, ret)) && (ret->has & HAS_DAY)) ||
		   ((to = month_day_read(s, after, ret)) && !ret->day.d)) {
		after = to;
	} else if ((to = year_read(s, after, false, &y))) {
		*ret = (struct part){ .has = HAS_DAY, .day = { .y = y } };
		after = to;
	} else {
		return 0;
	}
	return after;
}

/* "primeira segunda do mês", "last day of october 2015", "second monday of next month", "third Tuesday". */
int nth_read(const struct scan *s, int i, struct part *ret)
{
	struct number number;
	struct part whole;
	int from = is_word(s, i, W_THE, NULL) ? i + 1 : i, n, weekday = 0, next, after, value, y, m;
	int64_t day;
	bool passing = false, is_last = is_word(s, from, W_LAST, &value) && value == -1;

	if (is_last || (is_word(s, from, W_ORD, &value) && value == -2)) {
		n = value;
		next = from + 1;
	} else {
		next = number_read(s, from, &number);
		if (!next || !number.ordinal || number.whole > 31)
			return 0;
		n = number.whole;
		if (is_word(s, next, W_LAST, &value) && value == -1)
			n = -n, next++, is_last = true;
	}
	if (is_word(s, next, W_WDAY, &weekday) && !is_shy(s, next, W_WDAY)) {
		next++;
		if (is_text(s, next, "-") && is_text(s, next + 1, "feira"))
			next += 2;
		else if (is_text(s, next, "feira"))
			next++;
	} else if (is_text(s, next, "dia") || is_text(s, next, "day")) {
		next++;
		if (is_text(s, next, "util"))
			weekday = 8, next++;
	} else {
		return 0;
	}
	after = is_word(s, next, W_OF, NULL) || is_word(s, next, W_ON, NULL) ? next + 1
		: is_word(s, next, W_THIS, NULL)                             ? next
									     : 0;
	if (after) {
		after = nth_of(s, after, &whole, &passing);
		if (!after)
			return 0;
	} else if (weekday && weekday < 8 && !is_last && s->lang == LANG_EN && n > 1) {
		unit_part(s, UNIT_MONTH, 0, &whole);
		after = next;
	} else {
		return 0;
	}
	year_month_of(s, &whole.day, &y, &m);
	if (!whole.day.m && n < 0)
		m = 12;
	if (!nth_in_month(y, m, weekday, n, &day))
		return 0;
	/* "the first monday of the month" that is over: next month's, unless the month was named */
	if (passing && day < s->today && !nth_in_month(m == 12 ? y + 1 : y, m % 12 + 1, weekday, n, &day))
		return 0;
	*ret = (struct part){ .has = HAS_DAY, .day = { .known = true, .n = day } };
	return after;
}
