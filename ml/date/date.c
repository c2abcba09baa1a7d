#include "ml/date/date.h"

#include "core/text.h"
#include "ml/date/date_part.h"
#include <stdlib.h>
#include <string.h>

#define HOUR 3600
#define NOON (12 * HOUR)
#define MAX_PHRASES 16

struct phrase {
	struct part part;
	int begin, end; /* tokens */
};

/* How much a phrase says: what the others must go with. */
static int weight(const struct part *part)
{
	unsigned has = part->has;

	return (has & HAS_SET ? 64 : 0) + (has & (HAS_AT | HAS_AT_SPAN) ? 24 : 0) +
	       (has & HAS_DAY2 ? 24 : 0) + (has & (HAS_DAY | HAS_SPAN | HAS_DAY_END) ? 16 : 0) +
	       (has & HAS_TIME ? 12 : 0) + (has & HAS_TIME2 ? 8 : 0) + (has & HAS_POD ? 4 : 0) +
	       (has & HAS_LENGTH ? 3 : 0);
}

static int phrases_read(const struct scan *s, struct phrase *ret)
{
	int n = 0;

	for (int i = 0; i < s->n && n < MAX_PHRASES;) {
		struct phrase phrase = { .begin = i, .end = phrase_read(s, i, &phrase.part) };

		if (!phrase.end) {
			i++;
			continue;
		}
		if (phrase.part.has & HAS_WEAK) { /* from the next word on there may be more to it */
			i = phrase.part.has & HAS_LENGTH ? phrase.end : i + 1;
			continue;
		}
		ret[n++] = phrase;
		i = phrase.end;
	}
	return n;
}

/* A naked 1..7 is the afternoon's; with today and already past, the evening's. */
static int afternoon(const struct scan *s, struct tod tod, int64_t day)
{
	int hour = tod.s / HOUR;

	if (!tod.open || tod.h24)
		return tod.s;
	if (hour < 8)
		return tod.s + NOON;
	if (day == s->today && hour < 12 && day * DAY_S + tod.s <= s->ref &&
	    day * DAY_S + tod.s + NOON > s->ref)
		return tod.s + NOON;
	return tod.s;
}

static void with_times(const struct scan *s, struct part *part, int64_t day, int64_t last, bool said,
		       struct date_found *f)
{
	int from, to = 0;

	if (part->has & HAS_POD) {
		pod_apply(part->pod, &part->tod);
		pod_apply(part->pod, &part->tod2);
	}
	f->has_time = true;
	if (!(part->has & HAS_TIME)) { /* a part of the day alone */
		pod_range(part->pod, &from, &to);
		f->start = day * DAY_S + from;
		f->end = last * DAY_S + to;
		f->has_end = true;
		if (!said && f->end <= s->ref)
			f->start += DAY_S, f->end += DAY_S;
		return;
	}
	from = afternoon(s, part->tod, said ? day : -1);
	if (part->has & HAS_TIME2)
		to = part->tod2.open ? (part->tod2.s % NOON > from % NOON ? from / NOON * NOON
									  : (from / NOON + 1) * NOON) +
					       part->tod2.s % NOON
				     : part->tod2.s;
	f->start = day * DAY_S + from;
	if (!said && f->start <= s->ref && !(part->has & HAS_SET)) {
		day++, last++, f->start += DAY_S;
		f->rolled = true;
	}
	if (!(part->has & HAS_TIME2))
		return;
	f->end = last * DAY_S + to;
	if (f->end <= f->start)
		f->end += DAY_S;
	f->has_end = true;
}

static bool resolve_set(apr_pool_t *pool, const struct scan *s, struct part *part, struct date_found *f)
{
	int64_t day = set_first(&part->set, s->today);

	f->rrule = set_rrule(pool, &part->set);
	if (part->set.freq == SET_HOURLY && !(part->has & HAS_TIME)) {
		f->start = s->ref + (int64_t)part->set.interval * HOUR;
		f->has_time = true;
		return true;
	}
	if (part->has & HAS_TIME) {
		with_times(s, part, day, day, true, f);
		if (f->start <= s->ref) {
			struct part again = *part;

			day = set_first(&part->set, day + 1);
			with_times(s, &again, day, day, true, f);
		}
		return true;
	}
	if (part->has & HAS_POD) {
		with_times(s, part, day, day, true, f);
		return true;
	}
	f->start = day * DAY_S;
	f->allday = true;
	return true;
}

static bool resolve(apr_pool_t *pool, const struct scan *s, struct part *part, struct date_found *f)
{
	int64_t a = s->today, b = s->today + 1;
	bool said = part->has & (HAS_DAY | HAS_SPAN);

	if (part->has & (HAS_AT | HAS_AT_SPAN)) {
		f->start = part->at;
		f->end = part->at2;
		f->has_end = part->has & HAS_AT_SPAN;
		f->has_time = true;
		return true;
	}
	if (part->has & HAS_SET)
		return resolve_set(pool, s, part, f);
	if (said && !day_range(s, part, &a, &b))
		return false;
	if (part->has & (HAS_TIME | HAS_POD)) {
		with_times(s, part, a, part->has & HAS_DAY2 ? b - 1 : a, said, f);
		f->dayless = !said && part->has & HAS_TIME;
	} else if (part->has & HAS_DAY_END) {
		f->start = (part->has & HAS_DAY ? a : s->today) * DAY_S + DAY_S - 1;
		f->has_time = true;
	} else if (said) {
		f->start = a * DAY_S;
		f->end = b * DAY_S;
		f->has_end = b > a + 1;
		f->allday = true;
	} else { /* a length alone */
		f->start = s->ref;
		f->has_time = true;
	}
	return true;
}

static void add_length(const struct part *part, struct date_found *f)
{
	f->duration_s = length_seconds(&part->length);
	f->has_duration = true;
	if (part->has & (HAS_DAY2 | HAS_SPAN))
		return;
	if (f->has_end && (f->has_time || f->rrule))
		if (!(part->has & HAS_POD) || part->has & HAS_TIME2)
			return;
	int64_t day = civil_floor(f->start);

	f->end = civil_add_months(day, part->length.months) * DAY_S + part->length.days * DAY_S +
		 (f->start - day * DAY_S) + (int64_t)part->length.seconds;
	f->has_end = true;
}

/* "by Friday": from now until then. */
static void until(const struct scan *s, struct date_found *f)
{
	int64_t end = f->has_end ? f->end : f->allday ? f->start + DAY_S : f->start;

	if (end <= s->ref || f->rrule)
		return;
	f->deadline = true;
	f->start = s->ref;
	f->end = end;
	f->has_end = true;
	f->has_time = true;
	f->allday = false;
}

/* Prepositions and articles that only lead to the phrase go with it. */
static int lead(const struct scan *s, int begin)
{
	for (int k = 0; k < 3 && begin > 0; k++) {
		const struct token *token = &s->v[begin - 1];
		bool glue_word = is_word(s, begin - 1, W_ON, NULL) || is_word(s, begin - 1, W_AT, NULL) ||
				 is_word(s, begin - 1, W_OF, NULL) || is_word(s, begin - 1, W_THE, NULL) ||
				 is_word(s, begin - 1, W_IN, NULL) || is_word(s, begin - 1, W_FOR, NULL) ||
				 is_word(s, begin - 1, W_BY, NULL) || is_word(s, begin - 1, W_THIS, NULL) ||
				 is_text(s, begin - 1, "@") || is_word(s, begin - 1, W_FROM, NULL) ||
				 is_word(s, begin - 1, W_ABOUT, NULL) ||
				 (s->lang == LANG_PT && is_text(s, begin - 1, "dia") &&
				  s->v[begin].kind == TOKEN_NUMBER);

		if (!glue_word || token->kind == TOKEN_NUMBER || is_word(s, begin - 1, W_NUM, NULL))
			break;
		begin--;
	}
	return begin;
}

static bool is_spacing(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The text without the spans: runs of white space become one blank, punctuation that lost its phrase goes. */
static const char *rest_of(apr_pool_t *pool, const char *text, const struct date_found *f)
{
	size_t n = strlen(text);
	char *out = mem_alloc(pool, n + 2);
	size_t m = 0, i = 0;

	for (int k = 0; k <= f->n_spans; k++) {
		size_t stop = k < f->n_spans ? (size_t)f->spans[k].begin : n;

		for (; i < stop; i++) {
			char c = is_spacing(text[i]) ? ' ' : text[i];

			if ((c == ' ' || strchr(",;:-", c)) && m == 0)
				continue;
			if (m > 0 && out[m - 1] == ' ' && (c == ' ' || strchr(",.;:!?)", c)))
				m--;
			if (m > 0 && c == ',' && out[m - 1] == ',')
				continue;
			out[m++] = c;
		}
		if (k < f->n_spans) {
			i = (size_t)f->spans[k].finish;
			if (m > 0 && out[m - 1] != ' ')
				out[m++] = ' ';
		}
	}
	while (m > 0 && (out[m - 1] == ' ' || strchr(",;:-", out[m - 1])))
		m--;
	out[m] = '\0';
	if (strspn(out, ".!?()") == m)
		out[0] = '\0';
	return out;
}

static int by_begin(const void *a, const void *b)
{
	return ((const struct date_span *)a)->begin - ((const struct date_span *)b)->begin;
}

static void add_span(const struct scan *s, const struct phrase *phrase, struct date_found *f)
{
	if (f->n_spans == DATE_MAX_SPANS)
		return;
	f->spans[f->n_spans++] = (struct date_span){ .begin = s->v[lead(s, phrase->begin)].begin,
						     .finish = s->v[phrase->end - 1].end };
}

static void close_spans(apr_pool_t *pool, const char *text, struct date_found *f)
{
	qsort(f->spans, (size_t)f->n_spans, sizeof *f->spans, by_begin);
	for (int k = 1; k < f->n_spans; k++) /* a lead may reach back into the phrase before */
		if (f->spans[k].begin < f->spans[k - 1].finish)
			f->spans[k].begin = f->spans[k - 1].finish;
	f->begin = f->spans[0].begin;
	f->finish = f->spans[f->n_spans - 1].finish;
	f->rest = rest_of(pool, text, f);
}

/* "todo dia útil às 9h até 18 de dezembro": the last day of what repeats. */
static void set_until(apr_pool_t *pool, const struct scan *s, struct phrase *phrase, struct date_found *f)
{
	struct part *part = &phrase->part;
	bool is_said = phrase->begin > 0 &&
		       (is_text(s, phrase->begin - 1, "until") || is_text(s, phrase->begin - 1, "till"));
	int64_t first, after;

	if (!(part->has & HAS_DEADLINE || is_said) || !(part->has & (HAS_DAY | HAS_SPAN)) ||
	    part->has & HAS_TIME || strstr(f->rrule, "UNTIL=") || !day_range(s, part, &first, &after) ||
	    after * DAY_S <= f->start)
		return;

	int y, m, d;

	civil_of(after - 1, &y, &m, &d);
	f->rrule = mem_fmt(pool, "%s;UNTIL=%04d%02d%02dT235959", f->rrule, y, m, d);
	phrase->begin -= is_said;
	add_span(s, phrase, f);
}

bool date_find(apr_pool_t *pool, const char *text, enum lang lang, int64_t reference,
	       struct date_found *ret_found)
{
	struct tokens tokens = tokens_read(pool, text, lang);
	struct scan s = {
		.v = tokens.v, .n = tokens.n, .lang = lang, .ref = reference, .today = civil_floor(reference)
	};
	struct phrase *phrases = mem_alloc(pool, MAX_PHRASES * sizeof *phrases);
	struct date_found found = { 0 };
	int n, best = 0;

	civil_of(s.today, &s.y, &s.m, &s.d);
	n = phrases_read(&s, phrases);
	if (!n)
		return false;
	for (int k = 1; k < n; k++)
		if (weight(&phrases[k].part) > weight(&phrases[best].part))
			best = k;

	struct part part = phrases[best].part;

	add_span(&s, &phrases[best], &found);
	for (int k = 0; k < n; k++) {
		struct part with = part;

		/* what stands apart adds what is missing, it does not bend what was said */
		if (k == best || ((part.has & phrases[k].part.has) & (HAS_DAY | HAS_SPAN | HAS_TIME)) ||
		    ((part.has | phrases[k].part.has) & HAS_DEADLINE) || !part_merge(&with, &phrases[k].part))
			continue;
		part = with;
		add_span(&s, &phrases[k], &found);
	}
	if (!resolve(pool, &s, &part, &found))
		return false;
	other_reading(&s, &part, &found);
	if (part.has & HAS_LENGTH)
		add_length(&part, &found);
	if (part.has & HAS_DEADLINE)
		until(&s, &found);
	for (int k = 0; k < n && found.rrule; k++)
		if (k != best)
			set_until(pool, &s, &phrases[k], &found);
	close_spans(pool, text, &found);
	*ret_found = found;
	return true;
}

const char *date_iso(apr_pool_t *pool, int64_t wall)
{
	int64_t day = civil_floor(wall);
	int y, m, d, s = (int)(wall - day * DAY_S);

	civil_of(day, &y, &m, &d);
	return mem_fmt(pool, "%04d-%02d-%02dT%02d:%02d:%02d", y, m, d, s / HOUR, s / 60 % 60, s % 60);
}

/* n digits at s; -1 when there are fewer. */
static int digits(const char *s, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		value = value * 10 + s[i] - '0';
	}
	return value;
}

bool date_parse_iso(const char *iso, int64_t *ret_wall)
{
	size_t n = strlen(iso);
	int y, m, d, h = 0, minute = 0, s = 0;

	if ((n != 10 && n != 16 && n != 19) || iso[4] != '-' || iso[7] != '-')
		return false;
	y = digits(iso, 4);
	m = digits(iso + 5, 2);
	d = digits(iso + 8, 2);
	if (n > 10) {
		if ((iso[10] != 'T' && iso[10] != ' ') || iso[13] != ':')
			return false;
		h = digits(iso + 11, 2);
		minute = digits(iso + 14, 2);
	}
	if (n == 19) {
		if (iso[16] != ':')
			return false;
		s = digits(iso + 17, 2);
	}
	if (y < 1 || !civil_valid(y, m, d) || h < 0 || h > 23 || minute < 0 || minute > 59 || s < 0 || s > 59)
		return false;
	*ret_wall = civil_days(y, m, d) * DAY_S + h * HOUR + minute * 60 + s;
	return true;
}
