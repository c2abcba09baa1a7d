#include "ml/date/date_part.h"

/* First month from y-m on in which day d exists, on the weekday when one is given, not before `from`. */
static bool by_month_day(const struct day *day, int64_t from, int64_t *ret_day)
{
	int y, m, d;

	civil_of(from, &y, &m, &d);
	for (int k = 0; k < 60; k++, m = m == 12 ? 1 : m + 1, y += m == 1) {
		if (day->d > civil_month_len(y, m))
			continue;
		int64_t n = civil_days(y, m, day->d);

		if (n >= from && (!day->wd || civil_weekday(n) == day->wd)) {
			*ret_day = n;
			return true;
		}
	}
	return false;
}

static bool by_date(const struct day *day, int64_t from, int64_t *ret_day)
{
	int y, m, d;

	civil_of(from, &y, &m, &d);
	for (int k = 0; k < 9; k++, y++) {
		if (!civil_valid(y, day->m, day->d) || civil_days(y, day->m, day->d) < from)
			continue;
		*ret_day = civil_days(y, day->m, day->d);
		/* "Jul 18, Fri": the next year when only that one's is a Friday */
		if (day->wd && civil_weekday(*ret_day) != day->wd && civil_valid(y + 1, day->m, day->d) &&
		    civil_weekday(civil_days(y + 1, day->m, day->d)) == day->wd)
			*ret_day = civil_days(y + 1, day->m, day->d);
		return true;
	}
	return false;
}

/* The day, and the one after what was said (of a month, the first of the next). `from` is the earliest allowed. */
bool day_resolve(const struct scan *s, const struct day *day, int64_t from, int64_t *ret_day,
		 int64_t *ret_after)
{
	int64_t n;
	int y, m, d;

	civil_of(from, &y, &m, &d);
	if (day->known) {
		n = day->n;
	} else if (day->d && day->m && day->y) {
		if (!civil_valid(day->y, day->m, day->d))
			return false;
		n = civil_days(day->y, day->m, day->d);
	} else if (day->d && day->m) {
		if (!by_date(day, from, &n))
			return false;
	} else if (day->d) {
		if (!by_month_day(day, from, &n))
			return false;
	} else if (day->m) {
		y = day->y ? day->y : y + (day->m < m);
		*ret_day = civil_days(y, day->m, 1);
		*ret_after = civil_add_months(*ret_day, 1);
		return true;
	} else if (day->y) {
		*ret_day = civil_days(day->y, 1, 1);
		*ret_after = civil_days(day->y + 1, 1, 1);
		return true;
	} else if (day->wd) {
		n = civil_on_or_after(from == s->today ? from + 1 : from, day->wd);
	} else {
		return false;
	}
	*ret_day = n;
	*ret_after = n + 1;
	return true;
}

/* What one side leaves out and the other says. */
static void share(struct day *a, struct day *b)
{
	if (a->known || b->known)
		return;
	if (a->d && !a->m && b->m) {
		a->m = b->m;
		a->y = a->y ? a->y : b->y;
	}
	if (b->d && !b->m && a->m && b->d >= a->d) {
		b->m = a->m;
		b->y = b->y ? b->y : a->y;
	}
	if (a->d && a->wd)
		a->wd = a->m ? 0 : a->wd;
	if (b->d && b->m)
		b->wd = 0;
}

/* Days [a, b) of the part's day, days or span. A range ends in the future and starts as late before that as it can. */
bool day_range(const struct scan *s, struct part *part, int64_t *ret_a, int64_t *ret_b)
{
	struct day *a = &part->day, *b = &part->day2;
	int64_t first, first_after, last, last_after;

	if (part->has & HAS_SPAN) {
		*ret_a = part->span_a;
		*ret_b = part->span_b;
		return true;
	}
	if (!(part->has & HAS_DAY2))
		return day_resolve(s, a, s->today, ret_a, ret_b);
	share(a, b);
	bool month_b = b->known || b->m || b->y;

	if (!month_b || a->known || (a->y && !b->y)) {
		if (!day_resolve(s, a, s->today, &first, &first_after) ||
		    !day_resolve(s, b, first, &last, &last_after))
			return false;
	} else {
		if (!day_resolve(s, b, s->today, &last, &last_after))
			return false;
		if (!a->known && a->m && !a->y) { /* the latest such date that is not after the end */
			struct day guess = *a;
			int y, m, d;

			civil_of(last, &y, &m, &d);
			for (guess.y = y + 1; guess.y > y - 9; guess.y--)
				if (day_resolve(s, &guess, s->today, &first, &first_after) && first <= last)
					break;
			if (guess.y <= y - 9)
				return false;
		} else if (!day_resolve(s, a, s->today, &first, &first_after)) {
			return false;
		}
	}
	if (last < first)
		return false;
	*ret_a = first;
	/* English ends with a bare month or year where it begins: "from March to May" is up to May */
	*ret_b = s->lang == LANG_EN && !b->known && !b->d && !b->wd && last > first ? last : last_after;
	return true;
}
