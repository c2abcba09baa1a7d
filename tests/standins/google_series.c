/* The occurrences of recurring events. */
#include "tests/standins/google_calendar.h"

#include "core/clock.h"
#include "core/ical.h"
#include "core/text.h"
#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>

#define WALKED_MAX 20000 /* occurrences that one look follows */

void items_add(apr_pool_t *pool, struct items *to, const struct item *item)
{
	if (to->n == to->cap) {
		struct item *v;

		to->cap = to->cap ? 2 * to->cap : 64;
		v = mem_alloc(pool, to->cap * sizeof *v);
		if (to->n)
			memcpy(v, to->v, to->n * sizeof *v);
		to->v = v;
	}
	to->v[to->n++] = *item;
}

void event_times(const struct calendar *c, const struct json *j, struct when *ret_start, struct when *ret_end)
{
	struct ask quiet = { .pool = pool_root() };

	*ret_start = *ret_end = (struct when){ 0 };
	when_read(&quiet, c, j, "start", ret_start);
	when_read(&quiet, c, j, "end", ret_end);
	pool_free(quiet.pool);
}

/* --- the lines --- */

/* "20261207", "20261207T090000", "20261207T120000Z" as seconds; *ret_utc: it ended in Z. */
static bool stamp_read(const char *s, size_t n, int64_t *ret, bool *ret_utc, bool *ret_date)
{
	apr_pool_t *pool = pool_root();
	int64_t instant = 0;
	bool good = n == 8 || (n >= 15 && n <= 16 && s[8] == 'T' && (n == 15 || s[15] == 'Z'));

	if (good) {
		const char *iso = n == 8 ? mem_fmt(pool, "%.4s-%.2s-%.2sT00:00:00Z", s, s + 4, s + 6)
					 : mem_fmt(pool, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", s, s + 4, s + 6,
						   s + 9, s + 11, s + 13);
		err_t *err = clock_parse(iso, &instant);

		good = !err;
		err_clear(err);
	}
	pool_free(pool);
	*ret = instant / SECOND_US;
	*ret_utc = n == 16;
	*ret_date = n == 8;
	return good;
}

/* Each date of "EXDATE;TZID=X:A,B": a wall time of the zone. fn gets them; false: malformed, or of the wrong kind. */
static bool dates_each(const char *line, const struct when *start, bool all_day, struct list *to)
{
	const char *at = strchr(line, ':');
	size_t n;

	for (at = at ? at + 1 : NULL; at && *at; at += n + (at[n] == ',')) {
		int64_t *wall = malloc(sizeof *wall);
		bool utc, date;

		n = strcspn(at, ",");
		if (!wall)
			abort();
		if (!stamp_read(at, n, wall, &utc, &date) || date != all_day) {
			free(wall);
			return false;
		}
		if (utc && start)
			*wall = zone_wall(start->zone, *wall * SECOND_US);
		if (to)
			list_add(to, wall);
		else
			free(wall);
	}
	return at != NULL;
}

/* Of an RRULE: its UNTIL, and the rule without it. */
static const char *until_of(apr_pool_t *pool, const char *rule, const char **ret_rest)
{
	const char *at = strstr(rule, "UNTIL="), *end;

	*ret_rest = rule;
	if (!at)
		return NULL;
	end = at + strcspn(at, ";");
	*ret_rest = mem_fmt(pool, "%.*s%s", (int)(at - rule), rule, *end ? end + 1 : "");
	if (!*end && at > rule)
		*ret_rest = mem_textn(pool, rule, (size_t)(at - rule) - 1);
	return mem_textn(pool, at + 6, (size_t)(end - at) - 6);
}

static bool rule_good(apr_pool_t *pool, const char *rule, bool all_day, const char **ret_why)
{
	const char *rest, *until = until_of(pool, rule, &rest);
	bool utc = false, date = false, good;
	int64_t ignored;
	err_t *err = ical_rule_check(rest);

	good = !err;
	err_clear(err);
	if (good && until)
		good = stamp_read(until, strlen(until), &ignored, &utc, &date) && (all_day ? date : utc);
	if (good && until && strstr(rest, "COUNT="))
		good = false;
	if (!good)
		*ret_why = "Invalid recurrence rule.";
	return good;
}

bool recurrence_good(const struct json *lines, bool all_day, const char **ret_why)
{
	apr_pool_t *pool = pool_root();
	bool good = json_is_array(lines), rule = false;

	*ret_why = "Invalid recurrence rule.";
	for (size_t i = 0; good && i < json_len(lines); i++) {
		const char *line = json_text(json_item(lines, i), NULL);

		if (line && (text_starts(line, "RRULE:") || text_starts(line, "EXRULE:"))) {
			good = rule_good(pool, strchr(line, ':') + 1, all_day, ret_why);
			rule = true;
		} else if (line && (text_starts(line, "EXDATE") || text_starts(line, "RDATE"))) {
			good = dates_each(line, NULL, all_day, NULL);
			rule = rule || *line == 'R';
		} else {
			good = false;
		}
	}
	pool_free(pool);
	return good && (rule || !json_len(lines));
}

/* --- following them --- */

struct series {
	apr_pool_t *pool;
	struct when start, end;
	int64_t length; /* seconds on the wall, or microseconds of a timed one */
	struct list out, extra;
	const struct json *lines;
};

static void series_read(apr_pool_t *pool, const struct calendar *c, const struct event *e, struct series *ret)
{
	const struct json *j = json_of(pool, e->text);

	*ret = (struct series){ .pool = pool };
	event_times(c, j, &ret->start, &ret->end);
	ret->length =
		ret->start.all_day ? ret->end.wall - ret->start.wall : ret->end.instant - ret->start.instant;
	ret->lines = json_at(j, "recurrence");
	for (size_t i = 0; i < json_len(ret->lines); i++) {
		const char *line = json_text(json_item(ret->lines, i), NULL);

		if (text_starts(line, "EXDATE"))
			dates_each(line, &ret->start, ret->start.all_day, &ret->out);
		else if (text_starts(line, "RDATE"))
			dates_each(line, &ret->start, ret->start.all_day, &ret->extra);
	}
}

static void series_end(struct series *s)
{
	for (size_t i = 0; i < s->out.n; i++)
		free(s->out.v[i]);
	for (size_t i = 0; i < s->extra.n; i++)
		free(s->extra.v[i]);
	free(s->out.v);
	free(s->extra.v);
}

static bool listed(const struct list *l, int64_t wall)
{
	for (size_t i = 0; i < l->n; i++)
		if (*(int64_t *)l->v[i] == wall)
			return true;
	return false;
}

static struct item item_at(const struct series *s, struct event *e, int64_t wall)
{
	struct item item = { .event = e, .occurrence = true, .wall = wall };

	item.start = zone_instant(s->start.zone, wall);
	item.end = s->start.all_day ? zone_instant(s->start.zone, wall + s->length) : item.start + s->length;
	return item;
}

static bool has(const struct items *to, size_t from, int64_t wall)
{
	for (size_t i = from; i < to->n; i++)
		if (to->v[i].wall == wall)
			return true;
	return false;
}

/* One after the other, in one walk: rules were checked by ical_rule_check. */
static icalrecur_iterator *walk_begin(const struct series *s, const char *rule)
{
	struct icalrecurrencetype parsed = icalrecurrencetype_from_string(rule);

	return icalrecur_iterator_new(parsed, icaltime_from_timet_with_zone((time_t)s->start.wall, 0, NULL));
}

/* Occurrences of one rule that the window holds. */
static void rule_items(const struct series *s, struct event *e, const char *rule, int64_t from, int64_t until,
		       size_t max, struct items *to)
{
	const char *rest, *limit = until_of(s->pool, rule, &rest);
	icalrecur_iterator *walk = walk_begin(s, rest);
	int64_t last = INT64_MAX;
	size_t begun = to->n;
	bool utc, date;

	if (limit && stamp_read(limit, strlen(limit), &last, &utc, &date))
		last = utc ? zone_wall(s->start.zone, last * SECOND_US) : last + (date ? 86399 : 0);
	for (int i = 0; walk && i < WALKED_MAX && to->n - begun < max; i++) {
		struct icaltimetype time = icalrecur_iterator_next(walk);
		int64_t wall = (int64_t)icaltime_as_timet(time);
		struct item item;

		if (icaltime_is_null_time(time) || wall > last)
			break;
		item = item_at(s, e, wall);
		if (item.start >= until)
			break;
		if (item.end > from && !listed(&s->out, wall))
			items_add(s->pool, to, &item);
	}
	if (walk)
		icalrecur_iterator_free(walk);
}

static int by_start(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* The first day counts also where no rule names it. */
static void add_one(const struct series *s, struct event *e, int64_t wall, int64_t from, int64_t until,
		    struct items *to, size_t begun)
{
	struct item item = item_at(s, e, wall);

	if (item.start < until && item.end > from && !listed(&s->out, wall) && !has(to, begun, wall))
		items_add(s->pool, to, &item);
}

void series_items(apr_pool_t *pool, const struct calendar *c, const struct event *e, int64_t from,
		  int64_t until, size_t max, struct items *to)
{
	struct event *mine = event_find(c, e->id);
	size_t begun = to->n;
	struct series s;

	series_read(pool, c, e, &s);
	for (size_t i = 0; i < json_len(s.lines); i++) {
		const char *line = json_text(json_item(s.lines, i), NULL);

		if (text_starts(line, "RRULE:"))
			rule_items(&s, mine, line + strlen("RRULE:"), from, until, max, to);
	}
	add_one(&s, mine, s.start.wall, from, until, to, begun);
	for (size_t i = 0; i < s.extra.n; i++)
		add_one(&s, mine, *(int64_t *)s.extra.v[i], from, until, to, begun);
	if (to->n > begun)
		qsort(to->v + begun, to->n - begun, sizeof *to->v, by_start);
	series_end(&s);
}

/* --- their names --- */

const char *occurrence_name(apr_pool_t *pool, const struct when *start)
{
	int64_t seconds = start->all_day ? start->wall : start->instant / SECOND_US;
	const char *iso = clock_iso(pool, seconds * SECOND_US);
	const char *date = mem_fmt(pool, "%.4s%.2s%.2s", iso, iso + 5, iso + 8);

	return start->all_day ? date : mem_fmt(pool, "%sT%.2s%.2s%.2sZ", date, iso + 11, iso + 14, iso + 17);
}

bool occurrence_find(apr_pool_t *pool, const struct calendar *c, const struct event *e, const char *name,
		     struct item *ret)
{
	struct items found = { 0 };
	struct when start, end;
	int64_t seconds, instant;
	bool utc, date;

	event_times(c, json_of(pool, e->text), &start, &end);
	if (!stamp_read(name, strlen(name), &seconds, &utc, &date) || date != start.all_day ||
	    (!date && !utc))
		return false;
	instant = date ? zone_instant(start.zone, seconds) : seconds * SECOND_US;
	series_items(pool, c, e, instant - 1, instant + 1, 4, &found);
	for (size_t i = 0; i < found.n; i++)
		if (found.v[i].start == instant) {
			*ret = found.v[i];
			return true;
		}
	return false;
}

struct json *occurrence_json(apr_pool_t *pool, const struct calendar *c, const struct item *item)
{
	struct json *j = json_without(pool, json_of(pool, item->event->text), "recurrence start end");
	struct when start, end;

	event_times(c, json_of(pool, item->event->text), &start, &end);
	end.wall = start.all_day ? item->wall + end.wall - start.wall : zone_wall(end.zone, item->end);
	start.wall = item->wall;
	start.instant = item->start;
	end.instant = item->end;
	json_set(j, "start", when_show(pool, &start, start.zone));
	json_set(j, "end", when_show(pool, &end, end.zone));
	json_set_text(j, "recurringEventId", item->event->id);
	json_set(j, "originalStartTime", when_show(pool, &start, start.zone));
	return j;
}
