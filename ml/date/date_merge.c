#include "ml/date/date_part.h"

static bool is_partial(const struct day *day)
{
	return !day->known;
}

/* A weekday of a week, a day of a month. */
static bool into_span(struct day *day, const struct part *span)
{
	if (span->span_b - span->span_a > 7 || !is_partial(day) || !day->wd || day->d || day->m)
		return day->known && day->wd && span->span_b - span->span_a <= 7 &&
		       (day->n = civil_on_or_after(span->span_a, day->wd), true);
	*day = (struct day){ .known = true, .n = civil_on_or_after(span->span_a, day->wd) };
	return true;
}

static bool merge_day(struct day *a, const struct day *b)
{
	if (a->known && b->known)
		return a->n == b->n || (a->wd && !b->wd && civil_weekday(b->n) == a->wd && (*a = *b, true));
	if (a->known || b->known) {
		struct day known = a->known ? *a : *b, other = a->known ? *b : *a;

		if (other.d && other.m && known.wd) { /* "next friday 5/12" */
			*a = other;
			return true;
		}
		if (other.wd && !other.d && !other.m) {
			*a = known;
			/* "Monday two weeks from now": that week's Monday */
			if (civil_weekday(known.n) != other.wd)
				a->n = known.n - (civil_weekday(known.n) - 1) + other.wd - 1;
			return true;
		}
		if (other.d && !other.m && known.wd) {
			*a = (struct day){ .wd = known.wd, .d = other.d };
			return true;
		}
		return false;
	}
	if ((a->y && b->y) || (a->m && b->m) || (a->d && b->d) || (a->wd && b->wd))
		return false;
	if ((a->wd && !b->d && !a->d && b->m) || (b->wd && !a->d && !b->d && a->m))
		return false;
	a->y += b->y;
	a->m += b->m;
	a->d += b->d;
	a->wd += b->wd;
	return true;
}

static bool merge_days(struct part *into, const struct part *more)
{
	bool had = into->has & HAS_DAY, span = into->has & HAS_SPAN;

	if (more->has & HAS_SPAN) {
		if (span)
			return false;
		if (!had) {
			into->span_a = more->span_a;
			into->span_b = more->span_b;
			into->has |= HAS_SPAN;
			return true;
		}
		if (!into_span(&into->day, more))
			return false;
		return !(into->has & HAS_DAY2) || into_span(&into->day2, more);
	}
	if (!(more->has & HAS_DAY))
		return true;
	if (span) {
		struct part copy = *more;

		if (!into_span(&copy.day, into) || ((copy.has & HAS_DAY2) && !into_span(&copy.day2, into)))
			return false;
		into->day = copy.day;
		into->day2 = copy.day2;
		into->has = (into->has & ~(unsigned)HAS_SPAN) | (copy.has & (HAS_DAY | HAS_DAY2));
		return true;
	}
	if (!had) {
		into->day = more->day;
		into->day2 = more->day2;
		into->has |= more->has & (HAS_DAY | HAS_DAY2);
		return true;
	}
	if ((into->has & HAS_DAY2) && (more->has & HAS_DAY2))
		return false;
	if ((into->has | more->has) & HAS_DAY2) { /* "4 till 23 of this month" */
		struct part range = into->has & HAS_DAY2 ? *into : *more;
		const struct day *rest = into->has & HAS_DAY2 ? &more->day : &into->day;

		if (rest->known || rest->d || !merge_day(&range.day, rest) || !merge_day(&range.day2, rest))
			return false;
		into->day = range.day;
		into->day2 = range.day2;
		into->has |= HAS_DAY2;
		return true;
	}
	return merge_day(&into->day, &more->day);
}

static bool merge_time(struct part *into, const struct part *more)
{
	unsigned times = HAS_TIME | HAS_TIME2;

	if ((into->has & HAS_TIME) && (more->has & HAS_TIME))
		return false;
	if (more->has & HAS_TIME) {
		into->tod = more->tod;
		into->tod2 = more->tod2;
		into->has |= more->has & times;
	}
	if ((into->has & HAS_POD) && (more->has & HAS_POD) && into->pod != more->pod)
		return false;
	if (more->has & HAS_POD) {
		into->pod = more->pod;
		into->has |= HAS_POD;
	}
	return true;
}

bool part_merge(struct part *into, const struct part *more)
{
	struct part both = *into;
	unsigned instants = HAS_AT | HAS_AT_SPAN, days = HAS_DAY | HAS_SPAN, end = HAS_DAY_END | HAS_DEADLINE;

	if ((both.has | more->has) & instants)
		if (((both.has & instants) && (more->has & ~(unsigned)HAS_LENGTH)) ||
		    ((more->has & instants) && (both.has & ~(unsigned)(HAS_LENGTH))))
			return false;
	if ((both.has & HAS_SET) && (more->has & (HAS_SET | days)))
		return false;
	if ((more->has & HAS_SET) && (both.has & days))
		return false;
	if ((both.has & HAS_LENGTH) && (more->has & HAS_LENGTH))
		return false;
	if (!merge_days(&both, more) || !merge_time(&both, more))
		return false;
	if (more->has & HAS_LENGTH)
		both.length = more->length;
	if (more->has & HAS_SET)
		both.set = more->set;
	if (more->has & instants) {
		both.at = more->at;
		both.at2 = more->at2;
	}
	both.has |= more->has & (HAS_LENGTH | HAS_SET | instants | end);
	if (!((into->has & HAS_WEAK) && (more->has & HAS_WEAK)))
		both.has &= ~(unsigned)HAS_WEAK;
	*into = both;
	return true;
}
