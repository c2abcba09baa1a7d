#include "ml/date/date_part.h"

#include <string.h>

#define HOUR 3600
#define NOON (12 * HOUR)

/* One side of a range: a day, a time, both, or a naked number that the other side explains. */
struct side {
	bool is_number;
	struct number number;
	struct part part;
	bool day_word; /* the number stood after "dia" or had an ordinal mark */
};

static int skip_glue(const struct scan *s, int i)
{
	if (is_text(s, i, ","))
		i++;
	if (is_word(s, i, W_ON, NULL) || is_word(s, i, W_OF, NULL))
		i++;
	if (is_word(s, i, W_THE, NULL))
		i++;
	return i;
}

/* A day and what of time goes with it, in either order. */
static int dated_side(const struct scan *s, int i, struct part *ret)
{
	struct part part, more;
	int next, after;

	next = day_read(s, i, &part);
	if (next && (part.has & (HAS_SPAN | HAS_AT_SPAN)))
		return 0;
	if (next) {
		after = day_read(s, skip_glue(s, next), &more);
		if (after && more.has == HAS_DAY && part.has == HAS_DAY && part_merge(&part, &more))
			next = after;
		after = time_read(s, skip_glue(s, next), &more);
		if (after && !(more.has & HAS_WEAK) && part_merge(&part, &more))
			next = after;
		*ret = part;
		return next;
	}
	return 0;
}

static int side_read(const struct scan *s, int i, struct side *ret)
{
	struct side side = { 0 };
	int timed, day, number, after;
	struct part time, dated;

	i = is_word(s, i, W_THE, NULL) ? i + 1 : i;
	if (is_word(s, i, W_NOW, NULL)) {
		side.part = (struct part){ .has = HAS_AT, .at = s->ref };
		*ret = side;
		return i + 1;
	}
	timed = time_read(s, i, &time);
	if (timed && time.has & HAS_WEAK)
		timed = 0;
	day = dated_side(s, i, &dated);
	if (!day && (after = year_read(s, i, false, &dated.day.y))) {
		day = after;
		dated = (struct part){ .has = HAS_DAY, .day = { .y = dated.day.y } };
	}
	if (timed > day) {
		side.part = time;
		after = skip_glue(s, timed);
		int to = day_read(s, after, &dated);

		if (to && (dated.has == HAS_DAY) && part_merge(&side.part, &dated))
			timed = to;
		*ret = side;
		return timed;
	}
	number = number_read(s, i, &side.number);
	if (day && dated.day.y && !dated.day.m)
		number = 0;
	if (day && s->lang == LANG_PT && is_word(s, i, W_WDAY, NULL))
		number = 0; /* "segunda" is Monday before it is the second */
	if (day > number || (day && !number)) {
		side.part = dated;
		*ret = side;
		return day;
	}
	if (!number || side.number.digits > 4 || (side.number.digits > 2 && side.number.whole / 100 > 23))
		return 0;
	side.is_number = true;
	side.day_word = side.number.ordinal;
	*ret = side;
	return number;
}

/* The word or dash between the sides. */
static int separator(const struct scan *s, int i, bool between)
{
	if (between && (is_word(s, i, W_AND, NULL) || is_text(s, i, "-") || is_word(s, i, W_TO, NULL)))
		return i + 1;
	if (between)
		return 0;
	if (is_text(s, i, "-"))
		return i + 1;
	if (is_text(s, i, "ate")) {
		i++;
		return is_text(s, i, "as") || is_text(s, i, "ao") || is_text(s, i, "o") ||
				       is_text(s, i, "a") || is_text(s, i, "dia")
			       ? i + !is_text(s, i, "dia")
			       : i;
	}
	if (is_word(s, i, W_TO, NULL))
		return is_word(s, i + 1, W_AT, NULL) || is_texts(s, i + 1, "o", "dia") ? i + 2 : i + 1;
	return 0;
}

static int opener(const struct scan *s, int i, bool *ret_between, bool *ret_clock)
{
	int next = i;

	*ret_between = *ret_clock = false;
	if (is_word(s, next, W_BETWEEN, NULL)) {
		*ret_between = true;
		next++;
	} else if (is_texts(s, next, "a", "partir")) {
		next += 2;
		next += is_word(s, next, W_OF, NULL) ? 1 : 0;
	} else if (is_word(s, next, W_FROM, NULL)) {
		*ret_clock = is_text(s, next, "das");
		next++;
		if (is_text(s, next, "from"))
			next++;
	} else if (is_text(s, next, "at") || is_text(s, next, "on")) {
		next++;
	}
	if (next > i && (is_text(s, next, "as") || is_text(s, next, "a"))) {
		*ret_clock = is_text(s, next, "as");
		next++;
	}
	if (next > i && is_word(s, next, W_THE, NULL))
		next++;
	return next;
}

static bool number_time(const struct side *side, struct part *ret)
{
	int n = side->number.whole, h = n, m = 0;

	if (side->number.ordinal)
		return false;
	if (side->number.digits > 2) {
		h = n / 100;
		m = n % 100;
	}
	if (h > 24 || m > 59)
		return false;
	*ret = (struct part){ .has = HAS_TIME,
			      .tod = { .s = h * HOUR + m * 60,
				       .open = h >= 1 && h <= 12 && (side->number.digits < 2 || h > 9) } };
	return true;
}

static bool number_day(const struct side *side, struct part *ret)
{
	if (side->number.whole < 1 || side->number.whole > 31 || side->number.digits > 2)
		return false;
	*ret = (struct part){ .has = HAS_DAY, .day = { .d = side->number.whole } };
	return true;
}

/* am and pm that only one side says hold for the other; a bare end follows its start within 12 hours. */
static void settle(struct tod *a, struct tod *b)
{
	if (a->open && !b->open) {
		int twelve = a->s % NOON;

		if (b->s > NOON ? twelve + NOON < b->s : twelve >= b->s)
			a->s = twelve + NOON;
		a->open = false;
	} else if (!a->open && b->open) {
		int twelve = b->s % NOON;

		b->s = twelve > a->s ? twelve : twelve + NOON;
		if (b->s <= a->s)
			b->s = twelve;
		b->open = false;
	}
}

static bool join_times(const struct part *a, const struct part *b, struct part *ret)
{
	*ret = *a;
	ret->tod2 = b->tod;
	ret->has |= HAS_TIME2;
	settle(&ret->tod, &ret->tod2);
	if (b->has & HAS_DAY) {
		if (a->has & HAS_DAY) {
			ret->day2 = b->day;
			ret->has |= HAS_DAY2;
		} else {
			ret->day = b->day;
			ret->has |= HAS_DAY;
		}
	}
	return true;
}

static bool join(struct side *a, struct side *b, bool may_be_time, const struct scan *s, struct part *ret)
{
	if (a->is_number && b->is_number) {
		bool day = a->day_word || b->day_word;

		if (day)
			return number_day(a, &a->part) && number_day(b, &b->part) &&
			       (*ret = a->part, ret->day2 = b->part.day, ret->has |= HAS_DAY2, true);
		if (!may_be_time || !number_time(a, &a->part) || !number_time(b, &b->part))
			return false;
	} else if (a->is_number) {
		if (!(b->part.has & HAS_TIME ? number_time(a, &a->part)
					     : (b->part.has & HAS_DAY) && number_day(a, &a->part)))
			return false;
	} else if (b->is_number) {
		if (!(a->part.has & HAS_TIME
			      ? number_time(b, &b->part)
			      : (a->part.has & HAS_DAY) && a->part.day.d && number_day(b, &b->part)))
			return false;
	}
	if ((a->part.has & HAS_AT) && (b->part.has & HAS_TIME)) {
		int now = (int)(s->ref - s->today * DAY_S);

		if (b->part.tod.open && b->part.tod.s <= now)
			b->part.tod.s += NOON;
		*ret = (struct part){ .has = HAS_AT_SPAN,
				      .at = s->ref,
				      .at2 = s->today * DAY_S + b->part.tod.s };
		return true;
	}
	if ((a->part.has & HAS_TIME) && (b->part.has & HAS_TIME))
		return join_times(&a->part, &b->part, ret);
	if ((a->part.has & (HAS_TIME | HAS_AT)) || (b->part.has & (HAS_TIME | HAS_AT)) ||
	    !(a->part.has & HAS_DAY) || !(b->part.has & HAS_DAY))
		return false;
	*ret = a->part;
	ret->day2 = b->part.day;
	ret->has |= HAS_DAY2;
	return true;
}

int range_read(const struct scan *s, int i, struct part *ret)
{
	struct side a, b;
	struct part part;
	bool between, clock;
	int from = opener(s, i, &between, &clock), next, after, pod_end;

	next = side_read(s, from, &a);
	if (!next)
		return 0;
	after = separator(s, next, between);
	if (!after)
		return 0;
	/* "-" glued between bare numbers is a code unless something asked for a range */
	bool dash = is_text(s, after - 1, "-");

	/* "dia 15 às 18": the day's time, no end */
	if (s->lang == LANG_PT && is_word(s, next, W_AT, NULL) && !a.is_number &&
	    !(a.part.has & (HAS_TIME | HAS_AT)))
		return 0;

	if (is_word(s, after, W_AT, NULL) && s->lang == LANG_PT)
		after++;
	next = side_read(s, after, &b);
	if (!next)
		return 0;
	if (b.is_number && a.is_number &&
	    (is_word(s, next, W_UNIT, NULL) || (dash && from == i && i > 0 && s->v[i].glued)))
		return 0;
	if (b.is_number && !number_ends(s, next))
		return 0;
	struct part pod;
	pod_end = pod_read(s, next, &pod);
	bool says_pod = pod_end && pod.has == HAS_POD;
	bool opened = from > i || clock;
	bool small = a.is_number && b.is_number && a.number.whole <= 24 && b.number.whole <= 24;

	if (!join(&a, &b, opened || says_pod || small, s, &part))
		return 0;
	if (a.is_number && b.is_number && !opened && !says_pod && part.has & HAS_TIME)
		part.has |= HAS_WEAK;
	if (says_pod && part.has & HAS_TIME2) {
		pod_apply(pod.pod, &part.tod2);
		settle(&part.tod, &part.tod2);
		next = pod_end;
	}
	if (is_text(s, next, "em") && is_text(s, next + 1, "ponto"))
		next += 2;
	*ret = part;
	return next;
}
