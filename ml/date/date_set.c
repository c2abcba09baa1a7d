#include "ml/date/date_part.h"

#include <string.h>

#define WORKDAYS 0x3E /* bits 1..5 */
#define WEEKEND 0xC0

static const char *const freqs[] = { "DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY" };
static const char *const days[] = { "", "MO", "TU", "WE", "TH", "FR", "SA", "SU" };

static void part_of_set(struct part *part, struct set set)
{
	if (!set.interval)
		set.interval = 1;
	*part = (struct part){ .has = HAS_SET, .set = set };
}

static int one_weekday(const struct scan *s, int i, int *ret_weekday, bool *ret_plural)
{
	*ret_plural = is_word(s, i, W_WDAYS, ret_weekday);
	if (!*ret_plural && !is_word(s, i, W_WDAY, ret_weekday))
		return 0;
	i++;
	if (is_text(s, i, "-") && (is_text(s, i + 1, "feira") || is_text(s, i + 1, "feiras")))
		return i + 2;
	if (is_text(s, i, "feira") || is_text(s, i, "feiras"))
		return i + 1;
	return is_text(s, i, ".") && s->v[i].glued && i + 1 < s->n && s->v[i - 1].end - s->v[i - 1].begin < 5
		       ? i + 1
		       : i;
}

/* "terça e quinta", "mon, wed and fri", "segunda a sexta". */
static int weekday_list(const struct scan *s, int i, unsigned *ret_mask, bool *ret_plural)
{
	int weekday, last, next = one_weekday(s, i, &weekday, ret_plural), more, best;
	unsigned mask;
	bool plural;

	if (!next)
		return 0;
	mask = 1U << weekday;
	best = next;
	if (is_word(s, next, W_TO, NULL) || is_text(s, next, "-")) {
		more = one_weekday(s, next + 1, &last, &plural);
		if (more && last > weekday) {
			for (int day = weekday; day <= last; day++)
				mask |= 1U << day;
			*ret_mask = mask;
			return more;
		}
	}
	for (;;) {
		more = next;
		while (is_text(s, more, ",") || is_word(s, more, W_AND, NULL) || is_text(s, more, "/") ||
		       is_text(s, more, "&"))
			more++;
		if (more == next)
			break;
		while (is_word(s, more, W_ON, NULL) || is_word(s, more, W_THE, NULL) ||
		       is_word(s, more, W_EVERY, NULL) || is_word(s, more, W_AT, NULL))
			more++;
		next = one_weekday(s, more, &weekday, &plural);
		if (!next)
			break;
		mask |= 1U << weekday;
		*ret_plural = *ret_plural || plural;
		best = next;
	}
	*ret_mask = mask;
	return best;
}

static bool unit_set(enum unit unit, int n, struct set *ret)
{
	static const struct {
		int freq, times;
	} of[] = { [UNIT_HOUR] = { SET_HOURLY, 1 }, [UNIT_DAY] = { 0, 1 },       [UNIT_WEEK] = { 1, 1 },
		   [UNIT_MONTH] = { 2, 1 },         [UNIT_YEAR] = { 3, 1 },      [UNIT_WEEKEND] = { 1, 1 },
		   [UNIT_QUARTER] = { 2, 3 },       [UNIT_FORTNIGHT] = { 1, 2 }, [UNIT_HALF] = { 2, 6 },
		   [UNIT_BIMESTER] = { 2, 2 },      [UNIT_WORKDAY] = { 1, 1 } };

	if (unit < UNIT_HOUR)
		return false;
	*ret = (struct set){ .freq = of[unit].freq, .interval = n * of[unit].times };
	if (unit == UNIT_WEEKEND)
		ret->weekdays = WEEKEND;
	if (unit == UNIT_WORKDAY)
		ret->weekdays = WORKDAYS;
	return true;
}

/* "do mês", "of every month", "of the month", "de cada mês". */
static int of_month(const struct scan *s, int i)
{
	int from = i;

	if (is_word(s, i, W_OF, NULL) || is_word(s, i, W_ON, NULL))
		i++;
	if (is_word(s, i, W_EVERY, NULL))
		i++;
	if (is_word(s, i, W_THE, NULL))
		i++;
	return i > from && (is_text(s, i, "mes") || is_text(s, i, "meses") || is_text(s, i, "month")) ? i + 1
												      : 0;
}

/* What stands after "every": a day of the month, "primeira segunda do mês", a date. */
static int dated(const struct scan *s, int i, struct set *ret)
{
	struct number number;
	struct part part;
	int next, n, weekday, value, after;

	next = numeric_read(s, i, &part);
	if (!next)
		next = month_day_read(s, i, &part);
	if (!next && is_text(s, i, "dia"))
		next = month_day_read(s, i + 1, &part);
	if (next && part.day.m && part.day.d && !part.day.y) {
		*ret = (struct set){ .freq = 3, .month = part.day.m, .month_day = part.day.d };
		return next;
	}
	if (next && part.day.m && !part.day.d && !part.day.y) {
		*ret = (struct set){ .freq = 3, .month = part.day.m };
		return next;
	}
	if (is_word(s, i, W_LAST, &value) && value == -1) {
		n = -1;
		next = i + 1;
	} else {
		bool dia = is_text(s, i, "dia");

		next = number_read(s, dia ? i + 1 : i, &number);
		if (!next || (!number.ordinal && !dia))
			return 0;
		n = number.whole;
		if (dia || (number.ordinal && number.digits && !is_word(s, next, W_WDAY, NULL) &&
			    !is_text(s, next, "day"))) {
			if (n < 1 || n > 31)
				return 0;
			*ret = (struct set){ .freq = 2, .month_day = n };
			after = of_month(s, next);
			return after ? after : next;
		}
	}
	if (is_text(s, next, "dia") || is_text(s, next, "day")) {
		bool work = is_text(s, next + 1, "util");

		after = of_month(s, next + 1 + work);
		if (!after || n > 31)
			return 0;
		*ret = (struct set){ .freq = 2,
				     .month_day = work ? 0 : n,
				     .weekdays = work ? WORKDAYS : 0,
				     .nth = work ? n : 0 };
		return after;
	}
	bool plural;
	next = one_weekday(s, next, &weekday, &plural);
	after = next ? of_month(s, next) : 0;
	if (!after || n > 5)
		return 0;
	*ret = (struct set){ .freq = 2, .weekdays = 1U << weekday, .nth = n };
	return after;
}

/* Working days and weekends of more than one word. */
static int days_phrase(const struct scan *s, int next, struct part *ret)
{
	if ((is_text(s, next, "dia") && is_text(s, next + 1, "util")) ||
	    (is_text(s, next, "dias") && is_text(s, next + 1, "uteis")) ||
	    (is_text(s, next, "business") && is_text(s, next + 1, "day")) ||
	    (is_text(s, next, "work") && is_text(s, next + 1, "day"))) {
		part_of_set(ret, (struct set){ .freq = 1, .weekdays = WORKDAYS });
		return next + 2;
	}
	if ((is_text(s, next, "fim") || is_text(s, next, "final") || is_text(s, next, "fins") ||
	     is_text(s, next, "finais")) &&
	    is_texts(s, next + 1, "de", "semana")) {
		part_of_set(ret, (struct set){ .freq = 1, .weekdays = WEEKEND });
		return next + 3;
	}
	return 0;
}

/* A unit after "every", and on which of its days: "todo mês no dia 5", "every week on tuesday". */
static int every_unit(const struct scan *s, int next, int n, struct part *ret)
{
	struct number number;
	struct set set = { 0 };
	int unit, after;
	bool plural;

	if (!is_word(s, next, W_UNIT, &unit))
		return 0;
	if (!unit_set((enum unit)unit, n, &set))
		return 0;
	next++;
	/* "todo mês no dia 5", "todos os dias de segunda a sexta", "every week on tuesday" */
	int on = is_word(s, next, W_ON, NULL) || is_word(s, next, W_FROM, NULL) || is_text(s, next, ",") ||
				 is_text(s, next, "as")
			 ? next + 1
			 : next;

	if (is_word(s, on, W_THE, NULL))
		on++;
	if ((set.freq == 1 || (set.freq == 0 && n == 1)) &&
	    (after = weekday_list(s, on, &set.weekdays, &plural))) {
		set.freq = 1;
		next = after;
	} else if (set.freq == 2 && on > next) {
		int day = is_text(s, on, "dia") ? on + 1 : on;

		after = number_read(s, day, &number);
		if (after && number.whole > 0 && number.whole < 32 && (day > on || number.ordinal)) {
			set.month_day = number.whole;
			next = after;
		}
	}
	part_of_set(ret, set);
	return next;
}

/* "every other week", "a cada 15 dias", "todas as terças e quintas", "toda manhã", "todo dia útil". */
static int every_read(const struct scan *s, int i, struct part *ret)
{
	struct number number = { .whole = 1 };
	struct set set = { 0 };
	int next = i, unit, after, n = 1;
	bool plural, all;

	if (is_text(s, next, "a") && is_text(s, next + 1, "cada"))
		next++;
	if (!is_word(s, next, W_EVERY, NULL))
		return 0;
	all = is_text(s, next, "all") || is_text(s, next, "any");
	bool plural_every = is_text(s, next, "todos") || is_text(s, next, "todas");

	next++;
	if (is_word(s, next, W_THE, NULL) || (plural_every && is_word(s, next, W_AT, NULL)))
		next++;
	else if (plural_every)
		return 0;
	next += is_text(s, next, "single");
	if (is_text(s, next, "other") || is_texts(s, next, "second", "week") ||
	    is_texts(s, next, "second", "day")) {
		n = 2;
		next++;
	} else if ((after = dated(s, next, &set)) && !all) {
		part_of_set(ret, set);
		return after;
	} else if ((after = number_read(s, next, &number)) && !number.ordinal && number.whole > 0 &&
		   number.whole < 1000 && is_word(s, after, W_UNIT, NULL)) {
		n = number.whole;
		next = after;
	}
	if ((after = days_phrase(s, next, ret)))
		return after;
	if (is_word(s, next, W_UNIT, NULL) &&
	    !(all && !is_text(s, next, "weekend") && !is_text(s, next, "weekends") &&
	      !is_text(s, next, "weekdays")))
		return every_unit(s, next, n, ret);
	if (is_word(s, next, W_POD, &unit) || is_word(s, next, W_PODS, &unit)) {
		part_of_set(ret, (struct set){ .freq = 0, .interval = n });
		ret->pod = (enum pod)unit;
		ret->has |= HAS_POD;
		return next + 1;
	}
	after = weekday_list(s, next, &set.weekdays, &plural);
	if (!after)
		return 0;
	if (s->lang == LANG_PT && is_word(s, after, W_ORDINAL_NOUN, NULL))
		return 0;
	set.freq = 1;
	set.interval = n;
	part_of_set(ret, set);
	if (is_word(s, after, W_POD, &unit)) {
		ret->pod = (enum pod)unit;
		ret->has |= HAS_POD;
		after++;
	}
	return after;
}

/* "às segundas", "on Mondays", "mornings", "weekdays", "aos domingos". */
static int plural_read(const struct scan *s, int i, struct part *ret)
{
	struct set set = { .freq = 1 };
	int from = i, next, pod;
	bool plural;

	if (is_word(s, from, W_ON, NULL) || is_word(s, from, W_AT, NULL))
		from++;
	if (is_word(s, from, W_THE, NULL))
		from++;
	next = weekday_list(s, from, &set.weekdays, &plural);
	if (next && plural) {
		part_of_set(ret, set);
		return next;
	}
	if (is_word(s, from, W_PODS, &pod)) {
		part_of_set(ret, (struct set){ .freq = 0 });
		ret->pod = (enum pod)pod;
		ret->has |= HAS_POD;
		return from + 1;
	}
	if (is_text(s, from, "weekdays") || is_text(s, from, "workdays") ||
	    is_texts(s, from, "dias", "uteis")) {
		bool two_words = is_text(s, from, "dias");

		if (is_word(s, from - 1, W_NUM, NULL) || (from > 0 && s->v[from - 1].kind == TOKEN_NUMBER))
			return 0;
		part_of_set(ret, (struct set){ .freq = 1, .weekdays = WORKDAYS });
		return from + 1 + two_words;
	}
	if (from > i && is_text(s, from, "weekends")) {
		part_of_set(ret, (struct set){ .freq = 1, .weekdays = WEEKEND });
		return from + 1;
	}
	return 0;
}

/* "de segunda a sexta às 7h": with a time it comes again every week. */
static int working_hours(const struct scan *s, int i, struct part *ret)
{
	struct set set = { .freq = 1 };
	struct part time;
	bool plural;
	int from = is_word(s, i, W_FROM, NULL) ? i + 1 : i;
	int next = weekday_list(s, from, &set.weekdays, &plural);
	int after = is_text(s, next, ",") ? next + 1 : next;

	/* two weekdays side by side are a list, not a stretch */
	if (!next || __builtin_popcount(set.weekdays) < 3 || is_word(s, from + 1, W_AND, NULL) ||
	    !time_read(s, after, &time) || (time.has & HAS_WEAK))
		return 0;
	part_of_set(ret, set);
	return next;
}

/* "uma vez por semana", "once a week", "one a day", "de 2 em 2 dias", "dia sim dia não", "de 15 em 15 dias". */
static int times_read(const struct scan *s, int i, struct part *ret)
{
	struct number a, b;
	struct set set;
	int next, unit, from = i;

	if (s->lang == LANG_PT) {
		if (is_texts(s, i, "dia", "sim")) {
			next = is_text(s, i + 2, ",") || is_word(s, i + 2, W_AND, NULL) ? i + 3 : i + 2;
			if (!is_texts(s, next, "dia", "nao") && !is_texts(s, next, "outro", "nao"))
				return 0;
			part_of_set(ret, (struct set){ .freq = 0, .interval = 2 });
			return next + 2;
		}
		if (is_text(s, i, "de") && (next = number_read(s, i + 1, &a)) && is_text(s, next, "em") &&
		    (next = number_read(s, next + 1, &b)) && a.whole == b.whole && a.whole > 0 &&
		    a.whole < 1000 && is_word(s, next, W_UNIT, &unit) &&
		    unit_set((enum unit)unit, a.whole, &set)) {
			part_of_set(ret, set);
			return next + 1;
		}
		if (!is_texts(s, i, "uma", "vez") && !is_texts(s, i, "1", "vez"))
			return 0;
		next = i + 2;
		if (!is_text(s, next, "por") && !is_text(s, next, "ao") && !is_text(s, next, "a"))
			return 0;
	} else {
		next = number_read(s, from, &a);
		if (is_text(s, i, "once"))
			next = i + 1;
		else if (!next || a.ordinal || a.whole != 1)
			return 0;
		if (!is_text(s, next, "a") && !is_text(s, next, "per") && !is_text(s, next, "every"))
			return 0;
	}
	if (!is_word(s, next + 1, W_UNIT, &unit) || !unit_set((enum unit)unit, 1, &set))
		return 0;
	part_of_set(ret, set);
	return next + 2;
}

int set_read(const struct scan *s, int i, struct part *ret)
{
	struct set set;
	int value, next, hyphen = is_text(s, i + 1, "-") ? i + 2 : i + 1;

	if ((is_text(s, i, "semi") || is_text(s, i, "bi")) && is_word(s, hyphen, W_FREQ, &value)) {
		bool semi = is_text(s, i, "semi");

		part_of_set(ret, semi && value == 301
					 ? (struct set){ .freq = 2, .interval = 6 }
					 : (struct set){ .freq = value / 100, .interval = semi ? 1 : 2 });
		return hyphen + 1;
	}
	if (is_word(s, i, W_FREQ, &value)) {
		part_of_set(ret, (struct set){ .freq = value / 100, .interval = value % 100 });
		return i + 1;
	}
	next = every_read(s, i, ret);
	if (!next)
		next = working_hours(s, i, ret);
	if (!next)
		next = plural_read(s, i, ret);
	if (!next)
		next = times_read(s, i, ret);
	if (next)
		return next;
	/* "on 19th of every month", "no último dia de cada mês" */
	int from = is_word(s, i, W_ON, NULL) ? i + 1 : i;

	from = is_word(s, from, W_THE, NULL) ? from + 1 : from;
	next = dated(s, from, &set);
	if (!next || set.freq != 2 ||
	    !(is_text(s, next - 2, "every") || is_text(s, next - 2, "each") || is_text(s, next - 2, "cada") ||
	      is_text(s, next - 2, "todo") || is_text(s, next - 3, "todos")))
		return 0;
	part_of_set(ret, set);
	return next;
}

const char *set_rrule(apr_pool_t *pool, const struct set *set)
{
	struct buf b = buf_new(pool, 256);
	const char *sep = ";BYDAY=";

	buf_fmt(&b, "FREQ=%s", freqs[set->freq]);
	if (set->interval > 1)
		buf_fmt(&b, ";INTERVAL=%d", set->interval);
	if (set->month)
		buf_fmt(&b, ";BYMONTH=%d", set->month);
	if (set->month_day)
		buf_fmt(&b, ";BYMONTHDAY=%d", set->month_day);
	bool many = set->weekdays & (set->weekdays - 1);

	for (int day = 1; day <= 7; day++) {
		if (!(set->weekdays & 1U << day))
			continue;
		buf_text(&b, sep);
		if (set->nth && !many)
			buf_fmt(&b, "%d", set->nth);
		buf_text(&b, days[day]);
		sep = ",";
	}
	if (set->nth && many)
		buf_fmt(&b, ";BYSETPOS=%d", set->nth);
	return b.p;
}

/* The month's day of an nth rule, 0 when it has none. */
static int64_t nth_of_month(const struct set *set, int y, int m)
{
	int64_t first = civil_days(y, m, 1), day;
	int len = civil_month_len(y, m), left = set->nth < 0 ? -set->nth : set->nth;

	for (int k = 0; k < len; k++) {
		day = set->nth < 0 ? first + len - 1 - k : first + k;
		if (set->weekdays & 1U << civil_weekday(day) && !--left)
			return day;
	}
	return INT64_MIN;
}

static bool falls_on(const struct set *set, int64_t day)
{
	int y, m, d;

	civil_of(day, &y, &m, &d);
	if (set->month && m != set->month)
		return false;
	if (set->month && !set->month_day && d != 1)
		return false;
	if (set->month_day > 0 && d != set->month_day)
		return false;
	if (set->month_day < 0 && d != civil_month_len(y, m) + 1 + set->month_day)
		return false;
	if (set->nth)
		return nth_of_month(set, y, m) == day;
	return !set->weekdays || set->weekdays & 1U << civil_weekday(day);
}

int64_t set_first(const struct set *set, int64_t from)
{
	for (int64_t day = from; day < from + 3000; day++)
		if (falls_on(set, day))
			return day;
	return from;
}
