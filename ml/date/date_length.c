#include "ml/date/date_part.h"

double length_seconds(const struct length *length)
{
	int64_t years = length->months / 12, months = length->months % 12;

	return (double)((years * 365 + months * 30 + length->days) * DAY_S) + length->seconds;
}

static void add(struct length *length, double value, enum unit unit)
{
	static const struct {
		int months, days;
		double seconds;
	} units[] = {
		[UNIT_SECOND] = { 0, 0, 1 },     [UNIT_MINUTE] = { 0, 0, 60 }, [UNIT_HOUR] = { 0, 0, 3600 },
		[UNIT_DAY] = { 0, 1, 0 },        [UNIT_WEEK] = { 0, 7, 0 },    [UNIT_MONTH] = { 1, 0, 0 },
		[UNIT_YEAR] = { 12, 0, 0 },      [UNIT_WEEKEND] = { 0, 2, 0 }, [UNIT_QUARTER] = { 3, 0, 0 },
		[UNIT_FORTNIGHT] = { 0, 14, 0 }, [UNIT_HALF] = { 6, 0, 0 },    [UNIT_BIMESTER] = { 2, 0, 0 },
		[UNIT_WORKDAY] = { 0, 1, 0 },
	};
	int64_t whole = (int64_t)value;
	double part = value - (double)whole;

	length->months += units[unit].months * whole;
	length->days += units[unit].days * whole;
	length->seconds += units[unit].seconds * value;
	length->clock = length->clock || unit <= UNIT_HOUR;
	if (part > 0 && units[unit].months == 12)
		length->seconds += (double)(365 * DAY_S) * part;
	else if (part > 0 && units[unit].months)
		length->days += (int64_t)(30 * units[unit].months * part + 0.5);
	else if (part > 0 && units[unit].days) {
		length->seconds += (double)DAY_S * units[unit].days * part;
		length->clock = true;
	}
}

static int unit_at(const struct scan *s, int i, int *ret_unit)
{
	if (is_text(s, i, "-"))
		i++;
	if (is_word(s, i, W_UNIT, ret_unit))
		return i + 1;
	if (is_text(s, i, "\"") && s->v[i].glued) {
		*ret_unit = UNIT_SECOND;
		return i + 1;
	}
	if ((is_text(s, i, "fim") || is_text(s, i, "fins")) && is_texts(s, i + 1, "de", "semana")) {
		*ret_unit = UNIT_WEEKEND;
		return i + 3;
	}
	if (is_text(s, i, "dia") && is_text(s, i + 1, "util")) {
		*ret_unit = UNIT_DAY;
		return i + 2;
	}
	return 0;
}

/* "e meia", "e meio", "and a half" after the unit. */
static int half_after(const struct scan *s, int i)
{
	if (is_texts(s, i, "e", "meia") || is_texts(s, i, "e", "meio"))
		return i + 2;
	return is_texts(s, i, "and", "a") && is_text(s, i + 2, "half") ? i + 3 : 0;
}

/* One amount with its unit; all, full, whole and "inteiro" make it one. */
static int piece_read(const struct scan *s, int i, struct length *ret)
{
	struct number number = { .value = 1 };
	int unit, after, next, short_of;

	if (s->lang == LANG_EN && (is_text(s, i, "all") || is_text(s, i, "full") || is_text(s, i, "whole")))
		next = i + 1;
	else
		next = amount_read(s, i, &number);
	if (!next || (i < s->n && s->v[i].kind == TOKEN_NUMBER && !number_starts(s, i)))
		return 0;
	if (s->lang == LANG_EN && (is_text(s, next, "of") || is_text(s, next, "more")))
		next++;
	if (number.value == 0.5 && (is_text(s, next, "an") || is_text(s, next, "a")))
		next++;
	after = unit_at(s, next, &unit);
	if (!after || number.value > 100000 || is_word(s, next, W_ORDINAL_NOUN, NULL))
		return 0;
	/* a single letter is a unit only glued to its digits, or after a space for h */
	short_of = s->v[after - 1].end - s->v[after - 1].begin;
	if (short_of == 1 && !s->v[after - 1].glued && !is_text(s, after - 1, "h"))
		return 0;
	if (s->v[i].kind != TOKEN_NUMBER && short_of == 1)
		return 0;
	if (after < s->n && short_of == 1 && s->v[after].glued && s->v[after].kind == TOKEN_NUMBER &&
	    s->v[after].digits != 2)
		return 0; /* 2016H2 */
	if (unit == UNIT_QUARTER && (is_text(s, after, "past") || is_text(s, after, "to")))
		return 0;
	next = after;
	if (is_text(s, next, ".") && s->v[next].glued && short_of <= 3 && next + 1 < s->n)
		next += is_word(s, next - 1, W_UNIT, &unit) && unit == UNIT_MINUTE ? 1 : 0;
	after = half_after(s, next);
	if (after && !number.fraction)
		number.value += 0.5;
	add(ret, number.value, (enum unit)unit);
	if (!after && unit == UNIT_HOUR && is_text(s, next - 1, "h") && s->v[next].glued &&
	    s->v[next].kind == TOKEN_NUMBER && s->v[next].digits == 2) { /* 1h30 */
		ret->seconds += (double)s->v[next].value * 60;
		after = next + 1;
		if (is_text(s, after, "min") || is_text(s, after, "m"))
			after++;
	}
	return after ? after : next;
}

static int length_read(const struct scan *s, int i, struct length *ret)
{
	struct length length = { 0 };
	int next = i < s->n ? piece_read(s, i, &length) : 0, best = next;

	while (next) {
		int more = next;

		if (is_text(s, more, ","))
			more++;
		if (is_word(s, more, W_AND, NULL))
			more++;
		next = piece_read(s, more, &length);
		if (next)
			best = next;
	}
	if (best)
		*ret = length;
	return best;
}

/* Where a length counted from a day or an instant ends. */
static void count(const struct scan *s, const struct length *length, int sign, int64_t day, struct part *ret)
{
	int64_t to = civil_add_months(day, sign * length->months) + sign * length->days;

	if (!length->clock)
		*ret = (struct part){ .has = HAS_DAY, .day = { .known = true, .n = to } };
	else
		*ret = (struct part){ .has = HAS_AT,
				      .at = to * DAY_S + (s->ref - s->today * DAY_S) +
					    sign * (int64_t)length->seconds };
}

/* After the length: "ago", "atrás", "from now", "later", "after Christmas", "antes de hoje". */
static int after_length(const struct scan *s, int i, const struct length *length, struct part *ret)
{
	struct part anchor;
	int64_t day, after;
	int next, sign = 0;

	if (is_word(s, i, W_AGO, NULL)) {
		count(s, length, -1, s->today, ret);
		return i + 1;
	}
	if (is_texts(s, i, "from", "now") || is_texts(s, i, "no", "futuro")) {
		count(s, length, 1, s->today, ret);
		return i + 2;
	}
	if (is_text(s, i, "from") || is_text(s, i, "after") || is_text(s, i, "depois") ||
	    is_text(s, i, "apos") || is_texts(s, i, "a", "partir"))
		sign = 1;
	else if (is_text(s, i, "before") || is_text(s, i, "antes"))
		sign = -1;
	next = i + (is_text(s, i, "a") ? 2 : 1);
	if (sign && s->lang == LANG_PT && is_word(s, next, W_OF, NULL))
		next++;
	if (sign && is_word(s, next, W_NOW, NULL)) {
		count(s, length, sign, s->today, ret);
		return next + 1;
	}
	next = sign ? day_read(s, next, &anchor) : 0;
	if (next && anchor.has == HAS_DAY && day_resolve(s, &anchor.day, s->today, &day, &after) &&
	    !length->clock) {
		count(s, length, sign, day, ret);
		return next;
	}
	if (is_word(s, i, W_LATER, NULL) && s->lang == LANG_EN) {
		count(s, length, 1, s->today, ret);
		return i + 1;
	}
	if (is_word(s, i, W_LATER, NULL) && (i + 1 == s->n || s->v[i + 1].kind == TOKEN_PUNCT)) {
		count(s, length, 1, s->today, ret);
		return i + 1;
	}
	if (s->lang == LANG_EN && is_word(s, i, W_BEFORE, NULL) &&
	    (i + 1 == s->n || s->v[i + 1].kind == TOKEN_PUNCT)) {
		count(s, length, -1, s->today, ret);
		return i + 1;
	}
	return 0;
}

/* "three fridays from now", "2 thursdays back". */
static int weekdays_read(const struct scan *s, int i, struct part *ret)
{
	struct number number;
	int weekday, next = number_read(s, i, &number);

	if (!next || number.ordinal || number.whole < 1 || number.whole > 60 ||
	    !is_word(s, next, W_WDAYS, &weekday))
		return 0;
	int64_t nearest = civil_on_or_after(s->today + 1, weekday);
	if (is_texts(s, next + 1, "from", "now")) {
		*ret = (struct part){ .has = HAS_DAY,
				      .day = { .known = true, .n = nearest + 7 * (number.whole - 1) } };
		return next + 3;
	}
	if (!is_word(s, next + 1, W_AGO, NULL))
		return 0;
	nearest = civil_on_or_after(s->today - 7, weekday);
	*ret = (struct part){ .has = HAS_DAY,
			      .day = { .known = true, .n = nearest - 7 * (number.whole - 1) } };
	return next + 2;
}

static void around(const struct scan *s, const struct length *length, int sign, struct part *ret)
{
	struct part to;

	count(s, length, sign, sign > 0 ? s->today + !length->clock : s->today, &to);
	if (to.has & HAS_AT)
		*ret = (struct part){ .has = HAS_AT_SPAN,
				      .at = sign > 0 ? s->ref : to.at,
				      .at2 = sign > 0 ? to.at : s->ref };
	else
		*ret = (struct part){ .has = HAS_SPAN,
				      .span_a = sign > 0 ? s->today + 1 : to.day.n,
				      .span_b = sign > 0 ? to.day.n : s->today };
}

/* Whole weeks, months or quarters from the next one on, or up to the last one. */
static bool aligned(const struct scan *s, int n, enum unit unit, int sign, struct part *ret)
{
	int64_t a, b;

	if (unit == UNIT_WEEK) {
		a = s->today - (civil_weekday(s->today) - 1);
		b = sign > 0 ? a + 7 * (int64_t)(n + 1) : a;
		a = sign > 0 ? a + 7 : a - 7 * (int64_t)n;
	} else {
		int months = unit == UNIT_QUARTER    ? 3
			     : unit == UNIT_HALF     ? 6
			     : unit == UNIT_BIMESTER ? 2
			     : unit == UNIT_YEAR     ? 12
						     : 1;

		if (unit < UNIT_MONTH || unit == UNIT_WEEKEND || unit == UNIT_FORTNIGHT ||
		    unit == UNIT_WORKDAY)
			return false;
		a = civil_days(s->y, (s->m - 1) / months * months + 1, 1);
		b = sign > 0 ? civil_add_months(a, (int64_t)months * (n + 1)) : a;
		a = civil_add_months(a, sign > 0 ? months : -(int64_t)months * n);
	}
	*ret = (struct part){ .has = HAS_SPAN, .span_a = a, .span_b = b };
	return true;
}

/* "next 3 weeks", "os últimos 3 minutos", "3 próximos meses", "past few days", "next hour", "2 upcoming days". */
static int stretch_read(const struct scan *s, int i, struct part *ret)
{
	struct number number = { .value = 1, .whole = 1 };
	struct length length = { 0 };
	int from = is_word(s, i, W_THE, NULL) ? i + 1 : i, sign = 0, value, next, unit, first, after;

	first = number_read(s, from, &number);
	if (first && number.ordinal)
		first = 0;
	next = first ? first : from;
	if (is_word(s, next, W_NEXT, NULL))
		sign = 1;
	else if (is_word(s, next, W_LAST, &value) && value < 0)
		sign = -1;
	bool upcoming = is_text(s, next, "upcoming");
	next++;
	if (first && !sign && is_word(s, first, W_UNIT, &unit) &&
	    (is_texts(s, first + 1, "que", "vem") ||
	     (s->lang == LANG_PT && is_word(s, first + 1, W_NEXT, NULL))))
		return aligned(s, number.whole, (enum unit)unit, 1, ret)
			       ? first + (is_text(s, first + 1, "que") ? 3 : 2)
			       : 0;
	if (!sign)
		return 0;
	if (!first) {
		after = length_read(s, next, &length);
		if (after && is_word(s, after - 1, W_UNIT, &unit) && number_read(s, next, &number) &&
		    unit == UNIT_QUARTER && aligned(s, number.whole, UNIT_QUARTER, sign, ret))
			return after;
		if (!after && is_word(s, next, W_UNIT, &unit) &&
		    (unit <= UNIT_HOUR || is_word(s, next + 1, W_AND, NULL))) {
			int more = is_word(s, next + 1, W_AND, NULL) ? length_read(s, next + 2, &length) : 0;

			if (unit > UNIT_HOUR && !more)
				return 0;
			add(&length, 1, (enum unit)unit);
			after = more ? more : next + 1;
			if (sign < 0 && s->lang == LANG_PT && unit == UNIT_HOUR) {
				*ret = (struct part){ .has = HAS_AT, .at = (s->ref - 3600) / 3600 * 3600 };
				return after;
			}
		}
		if (!after)
			return 0;
		around(s, &length, sign, ret);
		return after;
	}
	if (!is_word(s, next, W_UNIT, &unit))
		return 0;
	if (upcoming && unit == UNIT_DAY) {
		*ret = (struct part){ .has = HAS_DAY,
				      .day = { .known = true, .n = s->today + number.whole } };
		return next + 1;
	}
	if ((s->lang == LANG_PT || unit == UNIT_QUARTER) &&
	    aligned(s, number.whole, (enum unit)unit, sign, ret))
		return next + 1;
	add(&length, number.value, (enum unit)unit);
	around(s, &length, sign, ret);
	return next + 1;
}

/* "now", "agora", "right now", "neste momento", "at the present time". */
static int now_read(const struct scan *s, int i, struct part *ret)
{
	int next = 0;

	if (is_word(s, i, W_NOW, NULL) && (!is_text(s, i, "ja") || s->n == 1))
		next = i + 1;
	else if ((is_text(s, i, "right") && is_word(s, i + 1, W_NOW, NULL)) ||
		 is_texts(s, i, "neste", "momento") || is_texts(s, i, "nesse", "momento"))
		next = i + 2;
	else if (is_texts(s, i, "this", "time") || is_texts(s, i, "present", "time"))
		next = is_text(s, i - 1, "at") || is_texts(s, i - 2, "at", "the") ? i + 2 : 0;
	if (next)
		*ret = (struct part){ .has = HAS_AT, .at = s->ref };
	return next;
}

/* What leads to a counted length; gives i when nothing does. */
static int counted_lead(const struct scan *s, int i, int *ret_sign, bool *ret_within)
{
	int from = i;

	if (s->lang == LANG_PT) {
		if (is_text(s, from, "daqui"))
			from += is_text(s, from + 1, "a") || is_text(s, from + 1, "ha") ||
						is_text(s, from + 1, "uns")
					? 2
					: 1;
		else if (is_texts(s, from, "dentro", "de"))
			from += 2;
		else if (is_text(s, from, "em"))
			from++;
		else if (is_text(s, from, "ha") || is_text(s, from, "faz") || is_text(s, from, "fazem"))
			*ret_sign = -1, from++;
		if (is_text(s, from, "mais") || is_text(s, from, "cerca"))
			from += is_text(s, from, "mais") ? 1 : 2;
		from = from > i ? skip_words(s, from, W_ABOUT) : from;
	} else {
		if (is_text(s, from, "in") || is_text(s, from, "within"))
			*ret_within = is_text(s, from, "within"), from++;
		from = from > i ? skip_words(s, from, W_ABOUT) : from;
		if (*ret_within && is_text(s, from, "the"))
			from++;
		if (*ret_within && is_word(s, from, W_NEXT, NULL))
			from++;
		if (is_texts(s, from, "set", "a") && is_texts(s, from + 2, "timer", "for"))
			from += 4;
	}
	return from;
}

/* "in 20 minutes", "daqui a 20 min", "há duas horas", "within two weeks", "3 days ago", "2 weeks from Monday". */
int counted_read(const struct scan *s, int i, struct part *ret)
{
	struct length length;
	int next = 0, after, from = i, sign = 1;
	bool within = false;

	next = now_read(s, i, ret);
	if (!next)
		next = weekdays_read(s, i, ret);
	if (!next)
		next = stretch_read(s, i, ret);
	if (next)
		return next;
	from = counted_lead(s, i, &sign, &within);
	next = length_read(s, from, &length);
	if (!next) {
		int unit;

		if (!within || !is_word(s, from, W_UNIT, &unit))
			return 0;
		length = (struct length){ 0 };
		add(&length, 1, (enum unit)unit);
		next = is_word(s, from + 1, W_AND, NULL) ? length_read(s, from + 2, &length) : from + 1;
		add(&length, 1, (enum unit)unit);
		if (!next)
			return 0;
	}
	if (from == i) {
		if (is_texts(s, next, "in", "the") && is_text(s, next + 2, "future")) {
			around(s, &length, 1, ret);
			return next + 3;
		}
		after = after_length(s, next, &length, ret);
		return after;
	}
	if (within) {
		struct part to;

		count(s, &length, 1, s->today, &to);
		*ret = (struct part){ .has = HAS_DEADLINE | to.has, .day = to.day, .at = to.at };
		return next;
	}
	count(s, &length, sign, s->today, ret);
	return is_word(s, next, W_AGO, NULL) ? next + 1 : next;
}

/* A length: after "for", "por", "durante" anywhere; naked it is weak unless it stands for all there is. */
int for_read(const struct scan *s, int i, struct part *ret)
{
	struct part part = { .has = HAS_LENGTH };
	int from = i, next;

	if (is_word(s, from, W_FOR, NULL) || is_text(s, from, "lasting") || is_text(s, from, "lasts"))
		from++;
	if (from > i && is_word(s, from, W_THE, NULL) && s->lang == LANG_EN)
		from++;
	from = from > i ? skip_words(s, from, W_ABOUT) : from;
	next = length_read(s, from, &part.length);
	if (!next && from > i && is_texts(s, from, "all", "-") && is_text(s, from + 2, "day"))
		part.length.days = 1, next = from + 3;
	if (!next && from > i && is_texts(s, from, "full", "-") && is_text(s, from + 2, "month"))
		part.length.months = 1, next = from + 3;
	if (!next || (part.length.clock && part.length.seconds <= 1 && s->v[from].kind == TOKEN_WORD))
		return 0; /* "for a second" is no length */
	if (from == i) {
		if (s->v[i].kind == TOKEN_WORD && part.length.days == 1 && !part.length.clock)
			return 0; /* "a day", "um dia" */
		if (is_text(s, i, "all") || is_text(s, i, "a") || is_text(s, i, "um") || is_text(s, i, "uma"))
			part.has |= HAS_WEAK;
		if (i == 0 && next == s->n)
			part.has |= HAS_WEAK;
	}
	*ret = part;
	return next;
}
