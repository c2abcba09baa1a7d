#include "ml/date/date_part.h"

#include <string.h>

#define HOUR 3600
#define NOON (12 * HOUR)

static const struct {
	int from, to;
} pods[] = {
	[POD_NONE] = { 0, 0 },
	[POD_MORNING] = { 8 * HOUR, NOON },
	[POD_AFTERNOON] = { NOON, 18 * HOUR },
	[POD_EVENING] = { 18 * HOUR, 22 * HOUR },
	[POD_NIGHT] = { 20 * HOUR, 24 * HOUR - 1 },
	[POD_DAWN] = { 4 * HOUR, 8 * HOUR },
	[POD_LUNCH] = { 11 * HOUR, 13 * HOUR },
	[POD_DAY] = { 8 * HOUR, 18 * HOUR },
};

void pod_range(enum pod pod, int *ret_from, int *ret_to)
{
	*ret_from = pods[pod].from;
	*ret_to = pods[pod].to;
}

void pod_apply(enum pod pod, struct tod *tod)
{
	int hour = tod->s / HOUR;
	bool twelve = hour == 12;

	if (!tod->open || pod == POD_NONE || pod == POD_DAY)
		return;
	tod->open = false;
	if (pod == POD_MORNING || pod == POD_DAWN)
		tod->s -= twelve && pod == POD_DAWN ? NOON : 0;
	else if (pod == POD_NIGHT && (twelve || (hour < 5 && tod->s > 0)))
		tod->s += twelve ? NOON : 0; /* midnight ends the day */
	else if (pod == POD_LUNCH)
		tod->s += hour < 6 ? NOON : 0;
	else if (!twelve || pod == POD_EVENING)
		tod->s += NOON;
}

/* am, pm, a.m., p. m., and p or a glued to the digits. */
static int ampm_read(const struct scan *s, int i, bool bare_letter, int *ret_add)
{
	bool letter = is_text(s, i, "a") || is_text(s, i, "p");
	int next = i + 1;

	if (i >= s->n)
		return 0;
	if (letter) {
		bool spelled = false;

		*ret_add = is_text(s, i, "p") ? 12 : 0;
		if (is_text(s, next, "."))
			next++;
		if (is_text(s, next, "m")) {
			next++;
			spelled = true;
		}
		if (!spelled && !(bare_letter && s->v[i].glued && s->lang == LANG_EN))
			return 0;
		if (spelled && !s->v[i].glued && s->lang == LANG_PT && !is_text(s, i + 1, "."))
			return 0;
		if (is_text(s, next, ".") && is_text(s, next - 2, "."))
			next++;
		return next;
	}
	if (!is_word(s, i, W_AMPM, ret_add))
		return 0;
	return next;
}

static bool add_ampm(struct tod *tod, int add)
{
	int hour = tod->s / HOUR;

	if (hour > 12)
		return false;
	if (hour == 0 && tod->open)
		return false;
	if (hour == 12)
		tod->s -= add ? 0 : NOON;
	else
		tod->s += add * HOUR;
	tod->open = false;
	return true;
}

static void set_tod(struct tod *tod, int h, int m, int s, bool open)
{
	*tod = (struct tod){ .s = h * HOUR + m * 60 + s, .open = open && h >= 1 && h <= 12 };
}

/* Two glued digits below 60. */
static bool is_minutes(const struct scan *s, int i)
{
	return i < s->n && s->v[i].kind == TOKEN_NUMBER && s->v[i].glued && s->v[i].digits == 2 &&
	       s->v[i].value < 60 && !s->v[i].blocked;
}

/* "14:30", "8:00:31", "14h30", "14h", "14hs", "8.30pm" (dot only before pm or after a word that asks for a time). */
static int digits_clock(const struct scan *s, int i, bool asked, struct tod *ret)
{
	const struct token *hour = &s->v[i];
	int next, add, minutes = 0, seconds = 0, after;
	bool h24 = false, open = hour->digits == 1 || hour->value > 9;

	if (hour->kind != TOKEN_NUMBER || !number_starts(s, i) || hour->digits > 2 || hour->value > 24)
		return 0;
	next = i + 1;
	if (next < s->n && s->v[next].glued && is_text(s, next, ":") && is_minutes(s, next + 1)) {
		minutes = (int)s->v[next + 1].value;
		next += 2;
		if (s->v[next].glued && is_text(s, next, ":") && is_minutes(s, next + 1)) {
			seconds = (int)s->v[next + 1].value;
			next += 2;
		}
		if (is_text(s, next, "h") && s->v[next].glued)
			next++;
	} else if (is_text(s, next, "h") || is_text(s, next, "hs") || is_text(s, next, "hrs") ||
		   is_text(s, next, "hr")) {
		if (!s->v[next].glued && s->lang == LANG_EN)
			return 0;
		next++;
		h24 = true;
		open = open && s->lang == LANG_PT && hour->digits == 1;
		if (is_minutes(s, next)) {
			minutes = (int)s->v[next].value;
			next++;
			if (s->v[next].glued && (is_text(s, next, "min") || is_text(s, next, "m")))
				next++;
		}
	} else if (next < s->n && s->v[next].glued && is_text(s, next, ".") && is_minutes(s, next + 1)) {
		if (!asked && !ampm_read(s, next + 2, true, &add) &&
		    !(s->lang == LANG_PT && hour->value > 12))
			return 0;
		if (s->lang == LANG_EN && asked && !ampm_read(s, next + 2, true, &add) && hour->value < 10)
			return 0; /* "at 4.22" is a price or a version */
		minutes = (int)s->v[next + 1].value;
		next += 2;
	} else {
		return 0;
	}
	if (!number_ends(s, next) || (hour->value == 24 && minutes))
		return 0;
	set_tod(ret, (int)hour->value, minutes, seconds, open);
	ret->h24 = h24;
	after = ampm_read(s, next, true, &add);
	if (after)
		return add_ampm(ret, add) ? after : 0;
	return next;
}

/* A bare number as an hour. */
static int hour_read(const struct scan *s, int i, struct tod *ret)
{
	struct number number;
	int next = number_read(s, i, &number), add, after;

	if (!next || number.ordinal || number.whole > 24 || number.digits > 2 || !number_ends(s, next))
		return 0;
	set_tod(ret, number.whole, 0, 0, number.digits < 2 || number.whole > 9);
	ret->bare = true;
	after = ampm_read(s, next, true, &add);
	if (!after)
		return next;
	ret->bare = false;
	return add_ampm(ret, add) ? after : 0;
}

/* "meia", "quinze", "trinta e cinco", "fifty five", "15": the minutes after an hour. */
static int minutes_read(const struct scan *s, int i, int *ret_minutes)
{
	struct number number;
	int next;

	if (s->lang == LANG_PT && is_text(s, i, "meia")) {
		*ret_minutes = 30;
		return i + 1;
	}
	if (s->lang == LANG_PT && is_texts(s, i, "um", "quarto")) {
		*ret_minutes = 15;
		return i + 2;
	}
	next = number_read(s, i, &number);
	if (!next || number.ordinal || number.whole > 59 || number.whole < 1 ||
	    (number.digits && number.digits != 2) || !number_ends(s, next))
		return 0;
	if (s->lang == LANG_EN && number.whole < 10 && !number.digits)
		return 0;
	*ret_minutes = number.whole;
	return next;
}

/* After a full hour: "o'clock", "oclock", "horas", "em ponto", "sharp", "ish". */
static int clock_tail(const struct scan *s, int i)
{
	if (is_text(s, i, "o") && is_text(s, i + 1, "'") && is_text(s, i + 2, "clock"))
		return i + 3;
	if (is_text(s, i, "oclock") || is_text(s, i, "o'clock") || is_text(s, i, "horas") ||
	    is_text(s, i, "hora") || is_text(s, i, "ish") || is_text(s, i, "hrs"))
		return i + 1;
	return is_texts(s, i, "-", "ish") || is_texts(s, i, "o", "clock") ? i + 2 : 0;
}

static int sharp(const struct scan *s, int i)
{
	if (is_texts(s, i, "em", "ponto"))
		return i + 2;
	return is_text(s, i, "sharp") ? i + 1 : i;
}

static int noon_read(const struct scan *s, int i, struct tod *ret)
{
	int hour, next = 0;

	if (is_word(s, i, W_NOON, &hour))
		next = i + 1;
	if (!next && (is_text(s, i, "meio") || is_text(s, i, "meia") || is_text(s, i, "mid"))) {
		int word = is_text(s, i + 1, "-") ? i + 2 : i + 1;

		hour = is_text(s, word, "dia") || is_text(s, word, "day")       ? 12
		       : is_text(s, word, "noite") || is_text(s, word, "night") ? 0
		       : is_text(s, word, "morning")                            ? 10
		       : is_text(s, word, "afternoon")                          ? 14
										: -1;
		next = hour < 0 ? 0 : word + 1;
	}
	if (!next)
		return 0;
	*ret = (struct tod){ .s = hour * HOUR };
	if (is_texts(s, next, "e", "meia")) {
		ret->s += 1800;
		next += 2;
	}
	return next;
}

/* An hour in words or digits with what makes it a clock's: minutes, o'clock, pm. */
static int words_clock(const struct scan *s, int i, bool asked, struct tod *ret)
{
	struct tod tod;
	int next = hour_read(s, i, &tod), minutes, after, add;
	bool in_words = s->v[i].kind == TOKEN_WORD;

	if (!next)
		return 0;
	if (!tod.bare) {
		*ret = tod;
		return next;
	}
	if (tod.s >= 24 * HOUR)
		return 0;
	after = clock_tail(s, next);
	if (after) {
		/* "2 horas" is also a length: only 7 o'clock and what is asked for is a time */
		bool length =
			is_text(s, next, "horas") || is_text(s, next, "hora") || is_text(s, next, "hrs");
		int more;

		tod.bare = length && !asked &&
			   (s->lang == LANG_EN || tod.s < 13 * HOUR || is_word(s, after, W_OF, NULL));
		next = after;
		after = is_word(s, next, W_AND, NULL) ? minutes_read(s, next + 1, &more) : 0;
		if (after && (!length || asked)) {
			tod.s += more * 60;
			next = after;
			if (is_text(s, next, "minutos"))
				next++;
		}
	} else if (s->lang == LANG_PT && is_word(s, next, W_AND, NULL) &&
		   (after = minutes_read(s, next + 1, &minutes))) {
		tod.s += minutes * 60;
		tod.bare = !asked && !is_text(s, next + 1, "meia") && minutes % 5;
		next = after;
		if (is_text(s, next, "minutos"))
			next++;
	} else if (s->lang == LANG_EN && (in_words || asked) && !is_text(s, next, "-") && tod.open &&
		   (s->v[next].kind == TOKEN_WORD) == in_words && (after = minutes_read(s, next, &minutes))) {
		tod.s += minutes * 60;
		tod.bare = !asked && !is_text(s, i - 1, "for");
		next = after;
	}
	after = ampm_read(s, next, false, &add);
	if (!after && (is_texts(s, next, "in", "the") || is_text(s, next, "in")))
		after = ampm_read(s, next + (is_text(s, next + 1, "the") ? 2 : 1), false, &add);
	if (after) {
		if (!add_ampm(&tod, add))
			return 0;
		tod.bare = false;
		next = after;
	}
	*ret = tod;
	return next;
}

/* 730, 0730, 1030: only where a time is asked for. */
static int military(const struct scan *s, int i, struct tod *ret)
{
	const struct token *token = &s->v[i];
	int add, after;

	if (token->kind != TOKEN_NUMBER || token->digits < 3 || token->digits > 4 || !number_starts(s, i) ||
	    !number_ends(s, i + 1) || token->value / 100 > 23 || token->value % 100 > 59)
		return 0;
	if (token->value >= 1900 && token->value < 2100 && token->digits == 4)
		return 0;
	set_tod(ret, (int)(token->value / 100), (int)(token->value % 100), 0,
		*token->text != '0' && token->digits == 3);
	after = ampm_read(s, i + 1, true, &add);
	if (after)
		return add_ampm(ret, add) ? after : 0;
	return i + 1;
}

static int plain_clock(const struct scan *s, int i, bool asked, struct tod *ret)
{
	int next;

	if (i >= s->n)
		return 0;
	next = noon_read(s, i, ret);
	if (!next)
		next = digits_clock(s, i, asked, ret);
	if (!next)
		next = words_clock(s, i, asked, ret);
	if (!next && asked)
		next = military(s, i, ret);
	return next;
}

/* "quinze para as nove", "quarter past 3", "half past 8", "20 min depois das seis", "ten to nine". */
static int offset_clock(const struct scan *s, int i, struct tod *ret)
{
	struct number number = { .whole = 30 };
	int next, sign, after;

	if (is_text(s, i, "a") && is_word(s, i + 1, W_QUARTER, NULL) && s->lang == LANG_EN)
		i++;
	if (is_word(s, i, W_QUARTER, NULL) && s->lang == LANG_EN)
		next = i + 1, number.whole = 15;
	else if (is_texts(s, i, "um", "quarto"))
		next = i + 2, number.whole = 15;
	else if (is_text(s, i, "half") && is_text(s, i + 1, "past"))
		next = i + 1;
	else
		next = number_read(s, i, &number);
	if (!next || number.ordinal || number.whole < 1 || number.whole > 59 || number.digits > 2)
		return 0;
	if (is_text(s, next, "min") || is_text(s, next, "minutos") || is_text(s, next, "minutes") ||
	    is_text(s, next, "minute") || is_text(s, next, "mins") || is_text(s, next, "minuto"))
		next++;
	if (s->lang == LANG_PT) {
		if (is_text(s, next, "para") || is_text(s, next, "pra") || is_text(s, next, "pras") ||
		    is_text(s, next, "pro"))
			sign = -1;
		else if (is_text(s, next, "depois"))
			sign = 1;
		else
			return 0;
		bool article = is_text(s, next, "pras") || is_text(s, next, "pro");

		next++;
		if (is_text(s, next, "as") || is_text(s, next, "a") || is_text(s, next, "o") ||
		    is_text(s, next, "das") || is_text(s, next, "da") || is_text(s, next, "do"))
			next++;
		else if (!article && !is_text(s, next, "meio") && !is_text(s, next, "meia"))
			return 0;
	} else {
		sign = is_text(s, next, "past") || is_text(s, next, "after") ? 1
		       : is_text(s, next, "to") || is_text(s, next, "till") || is_text(s, next, "before") ||
				       (is_text(s, next, "of") && number.whole == 15)
			       ? -1
			       : 0;
		if (is_text(s, next, "from") && is_word(s, next - 1, W_UNIT, NULL))
			sign = 1;
		/* "10 to 11" is a range, "ten to nine" and "10 minutes to 9" are times */
		if (!sign || (sign < 0 && (number.whole % 5 || is_word(s, i - 1, W_FROM, NULL) ||
					   (number.digits && !is_word(s, next - 1, W_UNIT, NULL) &&
					    !is_text(s, i - 1, "at")))))
			return 0;
		next++;
	}
	after = plain_clock(s, next, true, ret);
	if (!after || ret->s % HOUR)
		return 0;
	ret->s = (ret->s + sign * number.whole * 60 + 24 * HOUR) % (24 * HOUR);
	ret->bare = false;
	return after;
}

/* The words that ask for a time, after which a bare number is an hour. Gives i when there are none. */
static int asking(const struct scan *s, int i)
{
	int next = i;

	while (is_word(s, next, W_ABOUT, NULL) && s->lang == LANG_EN)
		next++;
	if (is_texts(s, next, "por", "volta"))
		next += 2;
	if (is_text(s, next, "@"))
		return next + 1;
	if (s->lang == LANG_PT) {
		if ((is_text(s, next, "para") || is_text(s, next, "pra") || is_text(s, next, "la") ||
		     is_text(s, next, "ate") || is_text(s, next, "depois") || is_text(s, next, "antes") ||
		     is_text(s, next, "a")) &&
		    (is_text(s, next + 1, "as") || is_text(s, next + 1, "pelas") ||
		     is_text(s, next + 1, "das")))
			return next + 2;
		if (is_text(s, next, "as") || is_text(s, next, "pelas") || is_text(s, next, "pras") ||
		    is_text(s, next, "das") || is_text(s, next, "ao") ||
		    (is_text(s, next, "a") && (is_text(s, next + 1, "uma") || is_text(s, next + 1, "1"))))
			return next + 1;
		return next;
	}
	if (is_text(s, next, "at"))
		next = skip_words(s, next + 1, W_ABOUT);
	return next;
}

int time_read(const struct scan *s, int i, struct part *ret)
{
	struct part part = { .has = HAS_TIME }, pod;
	int from = asking(s, i), next, after;
	bool asked = from > i;

	next = offset_clock(s, from, &part.tod);
	if (!next)
		next = plain_clock(s, from, asked, &part.tod);
	if (!next)
		return 0;
	if (part.tod.bare && asked && s->lang == LANG_PT && is_text(s, from - 1, "as") &&
	    s->v[from].kind == TOKEN_WORD &&
	    (is_word(s, next, W_UNIT, NULL) ||
	     (next < s->n && s->v[next].kind == TOKEN_WORD && !s->v[next].n_words)))
		return 0; /* "as duas meninas", "as tres semanas" */
	if (part.tod.bare && asked && is_word(s, next, W_UNIT, NULL) && !is_text(s, next, "h"))
		return 0;
	part.tod.bare = part.tod.bare && !asked;
	if (sharp(s, next) > next)
		part.tod.bare = false;
	next = sharp(s, next);
	after = pod_read(s, next, &pod);
	if (after && !(pod.has & (HAS_DAY | HAS_WEAK)) && pod.pod != POD_DAY) {
		part.tod.bare = false;
		pod_apply(pod.pod, &part.tod);
		next = after;
	}
	if (part.tod.bare)
		part.has |= HAS_WEAK;
	*ret = part;
	return sharp(s, next);
}

/* "de manhã", "à tarde", "da noite", "in the morning", "this evening", "tonight", "at night". */
int pod_read(const struct scan *s, int i, struct part *ret)
{
	struct part part = { .has = HAS_POD };
	int next = i, pod;
	bool leads = false;

	if (is_text(s, i, "tonight")) {
		part.pod = POD_NIGHT;
		part.day = (struct day){ .known = true, .n = s->today };
		part.has |= HAS_DAY;
		*ret = part;
		return i + 1;
	}
	if (s->lang == LANG_PT ? is_word(s, i, W_OF, NULL) || is_text(s, i, "a") || is_text(s, i, "na") ||
					 is_text(s, i, "no") || is_text(s, i, "pela") || is_text(s, i, "em")
			       : is_text(s, i, "in") || is_text(s, i, "at") || is_text(s, i, "on") ||
					 is_text(s, i, "during"))
		leads = true, next++;
	if (is_text(s, next, "the"))
		leads = true, next++;
	if (is_text(s, next, "early") || is_text(s, next, "late"))
		next++;
	if (is_word(s, next, W_THIS, NULL)) {
		part.day = (struct day){ .known = true, .n = s->today };
		part.has |= HAS_DAY;
		leads = true;
		next++;
	} else if (s->lang == LANG_EN && is_text(s, next, "last") && is_text(s, next + 1, "night")) {
		part.day = (struct day){ .known = true, .n = s->today - 1 };
		part.has |= HAS_DAY;
		leads = true;
		next++;
	}
	if (!is_word(s, next, W_POD, &pod))
		return 0;
	if (is_text(s, next + 1, "demais") || is_text(s, i - 1, "mais") || is_text(s, i - 1, "muito") ||
	    is_text(s, i - 1, "boa") || is_text(s, i - 1, "good"))
		return 0;
	part.pod = (enum pod)pod;
	if (pod == POD_LUNCH && !is_text(s, next, "lunchtime") && (!leads || (part.has & HAS_DAY)))
		return 0; /* a meal to be had */
	if (!leads)
		part.has |= HAS_WEAK;
	*ret = part;
	return next + 1;
}
