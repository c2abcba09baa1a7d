#include "ml/date/date.h"
#include "ml/date/date_part.h"

enum { HALF_DAY_S = 12 * 3600, WEEK_S = 7 * 86400 };

static int64_t clock_of(int64_t wall)
{
	return wall - civil_floor(wall) * DAY_S;
}

/* Day and month the other way round, at the same time of day. */
static bool swapped(const struct scan *s, const struct part *part, const struct date_found *f, int64_t *ret)
{
	struct day day = { .y = part->day.y, .m = part->day.d, .d = part->day.m };
	int64_t first, after;

	if (!part->day.either || !day_resolve(s, &day, s->today, &first, &after))
		return false;
	*ret = first * DAY_S + clock_of(f->start);
	return true;
}

/* "Friday", said on a Friday: a week on, or today. */
static bool today_as_well(const struct scan *s, const struct part *part, const struct date_found *f,
			  int64_t *ret)
{
	if (!(part->has & HAS_DAY) || !part->day.wd || part->day.d || part->day.known ||
	    civil_floor(f->start) != s->today + 7)
		return false;
	*ret = f->start - WEEK_S;
	return f->allday || *ret > s->ref;
}

/* "at 5": in the afternoon, or in the morning. */
static bool half_a_day_off(const struct scan *s, const struct part *part, const struct date_found *f,
			   int64_t *ret)
{
	if (!(part->has & HAS_TIME) || !part->tod.open || part->tod.h24 || (part->has & HAS_POD))
		return false;
	if (clock_of(f->start) % HALF_DAY_S == 0)
		return false; /* nobody means midnight by 12 */
	*ret = clock_of(f->start) >= HALF_DAY_S ? f->start - HALF_DAY_S : f->start + HALF_DAY_S;
	if (*ret <= s->ref && !(part->has & HAS_DAY))
		*ret += DAY_S;
	return *ret > s->ref;
}

void other_reading(const struct scan *s, const struct part *part, struct date_found *f)
{
	if (f->has_end)
		return;
	if (f->rrule) {
		f->has_other = half_a_day_off(s, part, f, &f->other);
		return;
	}
	f->has_other = swapped(s, part, f, &f->other) || today_as_well(s, part, f, &f->other) ||
		       half_a_day_off(s, part, f, &f->other);
}
