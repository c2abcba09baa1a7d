#include "core/ical.h"

#include "core/text.h"
#include <ctype.h>
#include <libical/ical.h>
#include <string.h>

enum {
	RULE_BYTES = 500,
	COUNT_MAX = 100000,
	INTERVAL_MAX = 9999,
	ERA_YEARS = 400, /* the calendar repeats, weekdays too */
	ERA_DAYS = 146097,
	/* libical looks for the next occurrence up to the year 2582, which takes it half a second when there is none:
	 * rules are followed in the last era that leaves them this many years. 29 February comes again on the same
	 * weekday within 40. */
	LAST_YEAR = 2582,
	YEARS_AHEAD = 40,
	DAY_S = 86400,
	YEAR_S = 366 * DAY_S,
};

static const char *const parts_known[] = { "FREQ",     "INTERVAL",   "COUNT",     "UNTIL",    "BYDAY",
					   "BYMONTH",  "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYHOUR",
					   "BYMINUTE", "BYSETPOS",   "WKST",      NULL };
/* Of an hourly rule: others could let it look through millions of hours. */
static const char *const parts_hourly[] = { "FREQ",   "INTERVAL", "COUNT", "UNTIL", "BYDAY",
					    "BYHOUR", "BYMINUTE", "WKST",  NULL };

/* The library's iterator at work. */
struct walk {
	struct icalrecurrencetype rule;
	icalrecur_iterator *iterator;
	int64_t shift_s; /* added to walls on the way in */
};

static bool one_of(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static NODISCARD err_t *invalid(const char *what)
{
	return err_new(ERR_INVALID, "recurrence rule: %s", what);
}

/* YYYYMMDD, and THHMMSS with or without Z. */
static bool until_ok(const char *s)
{
	size_t n = strlen(s);

	if (n != 8 && n != 15 && !(n == 16 && s[15] == 'Z'))
		return false;
	for (size_t i = 0; i < n && i < 15; i++)
		if (i == 8 ? s[i] != 'T' : !isdigit((unsigned char)s[i]))
			return false;
	return true;
}

static bool number_ok(const char *s, int64_t max)
{
	int64_t n;

	return isdigit((unsigned char)*s) && text_int(s, &n) && n >= 1 && n <= max;
}

static NODISCARD err_t *part_check(const char *const *known, const char *name, const char *value)
{
	if (!one_of(known, name))
		return invalid("a part that is not followed");
	if (strcmp(name, "COUNT") == 0 && !number_ok(value, COUNT_MAX))
		return invalid("COUNT out of range");
	if (strcmp(name, "INTERVAL") == 0 && !number_ok(value, INTERVAL_MAX))
		return invalid("INTERVAL out of range");
	if (strcmp(name, "UNTIL") == 0 && !until_ok(value))
		return invalid("UNTIL is no date");
	return NULL;
}

/* Upper case, each part known, FREQ one that we follow; what libical would take without a word is refused here. */
static NODISCARD err_t *rule_text(apr_pool_t *pool, const char *rrule, const char **ret_text)
{
	size_t n = rrule ? strnlen(rrule, RULE_BYTES + 1) : 0;
	char *text = n ? mem_textn(pool, rrule, n) : NULL, *part, *next;
	bool hourly;

	if (!n || n > RULE_BYTES)
		return invalid("empty, or over 500 bytes");
	for (char *c = text; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	*ret_text = mem_text(pool, text);
	if (strstr(text, "FREQ=SECONDLY") || strstr(text, "FREQ=MINUTELY") || !strstr(text, "FREQ="))
		return invalid("FREQ is missing or too often");
	hourly = strstr(text, "FREQ=HOURLY");
	for (part = text; part; part = next) {
		char *value = strchr(part, '=');

		next = strchr(part, ';');
		if (next)
			*next++ = '\0';
		if (!value || (next && value > next))
			return invalid("a part without a value");
		*value++ = '\0';
		ERR(part_check(hourly ? parts_hourly : parts_known, part, value));
	}
	return NULL;
}

/* Whether some month of the rule has some day of the rule: 30 February is looked for till the end of time. */
static bool day_exists(const struct icalrecurrencetype *rule)
{
	static const int longest[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (rule->by_month_day[0] == ICAL_RECURRENCE_ARRAY_MAX ||
	    rule->by_month[0] == ICAL_RECURRENCE_ARRAY_MAX)
		return true;
	for (int m = 0; m < ICAL_BY_MONTH_SIZE && rule->by_month[m] != ICAL_RECURRENCE_ARRAY_MAX; m++) {
		int month = rule->by_month[m];

		if (month < 1 || month > 12)
			continue;
		for (int d = 0;
		     d < ICAL_BY_MONTHDAY_SIZE && rule->by_month_day[d] != ICAL_RECURRENCE_ARRAY_MAX; d++)
			if (rule->by_month_day[d] <= longest[month - 1] &&
			    -rule->by_month_day[d] <= longest[month - 1])
				return true;
	}
	return false;
}

static int listed(const short *list, int max)
{
	int n = 0;

	while (n < max && list[n] != ICAL_RECURRENCE_ARRAY_MAX)
		n++;
	return n;
}

/* At most how many days a period holds of these weekdays. */
static int days_within(icalrecurrencetype_frequency freq, int weekdays)
{
	switch (freq) {
	case ICAL_MONTHLY_RECURRENCE: return 4 * weekdays + (weekdays < 3 ? weekdays : 3);
	case ICAL_YEARLY_RECURRENCE: return 52 * weekdays + (weekdays < 2 ? weekdays : 2);
	default: return weekdays;
	}
}

/* Whether a period can hold as many occurrences as BYSETPOS counts: the sixth Monday is looked for likewise. */
static bool position_exists(const struct icalrecurrencetype *rule)
{
	int weekdays = listed(rule->by_day, ICAL_BY_DAY_SIZE),
	    days = listed(rule->by_month_day, ICAL_BY_MONTHDAY_SIZE);
	int hours = listed(rule->by_hour, ICAL_BY_HOUR_SIZE),
	    minutes = listed(rule->by_minute, ICAL_BY_MINUTE_SIZE);
	int positions = listed(rule->by_set_pos, ICAL_BY_SETPOS_SIZE), most = 366;

	if (weekdays)
		most = days_within(rule->freq, weekdays < 7 ? weekdays : 7);
	if (days && rule->freq == ICAL_MONTHLY_RECURRENCE && days < most)
		most = days;
	most *= (hours ? hours : 1) * (minutes ? minutes : 1);
	for (int i = 0; i < positions; i++)
		if (rule->by_set_pos[i] > most || -rule->by_set_pos[i] > most)
			return false;
	return true;
}

static NODISCARD err_t *rule_parse(apr_pool_t *pool, const char *rrule, struct icalrecurrencetype *ret)
{
	const char *text = NULL;

	ERR(rule_text(pool, rrule, &text));
	icalerror_set_errors_are_fatal(0);
	*ret = icalrecurrencetype_from_string(text);
	if (ret->freq == ICAL_NO_RECURRENCE)
		return invalid("malformed");
	if (!day_exists(ret))
		return invalid("a day that no month has");
	if (!position_exists(ret))
		return invalid("BYSETPOS counts too far");
	if (listed(ret->by_month_day, ICAL_BY_MONTHDAY_SIZE) &&
	    icalrecurrencetype_day_position(ret->by_day[0]) && listed(ret->by_day, ICAL_BY_DAY_SIZE))
		return invalid("BYDAY with a number beside BYMONTHDAY");
	/* The last day is meant with all its hours; walls know no Z. */
	if (ret->until.is_date) {
		ret->until.is_date = 0;
		ret->until.hour = 23;
		ret->until.minute = ret->until.second = 59;
	}
	ret->until.zone = NULL;
	return NULL;
}

static struct icaltimetype time_of(int64_t wall)
{
	return icaltime_from_timet_with_zone((time_t)wall, 0, NULL);
}

static int64_t wall_of(struct icaltimetype time)
{
	return (int64_t)icaltime_as_timet(time);
}

static void walk_end(void *p)
{
	icalrecur_iterator_free(p);
}

/* Its own function for its stack: the rule of 3 KB is passed by value. */
static __attribute__((noinline)) icalrecur_iterator *iterator_new(const struct icalrecurrencetype *rule,
								  int64_t start)
{
	return icalrecur_iterator_new(*rule, time_of(start));
}

static int eras_to_shift(int64_t wall)
{
	int room = LAST_YEAR - YEARS_AHEAD - time_of(wall).year;

	return room >= 0 ? room / ERA_YEARS : -1;
}

/* Goes on from a year before `after` instead of from a start long ago. */
static NODISCARD err_t *walk_from(struct walk *walk, int64_t start, int64_t after)
{
	bool leap = !walk->rule.count && after - start > 2 * (int64_t)YEAR_S;
	int64_t period = walk->rule.interval * INT64_C(3600);

	if (leap &&
	    walk->rule.freq == ICAL_HOURLY_RECURRENCE) { /* set_start would forget at which hour it began */
		start += (after - start - YEAR_S) / period * period;
		leap = false;
	}
	walk->iterator = iterator_new(&walk->rule, start + walk->shift_s);
	if (!walk->iterator)
		return invalid("parts that do not go together");
	if (leap)
		icalrecur_iterator_set_start(walk->iterator, time_of(after + walk->shift_s - YEAR_S));
	return NULL;
}

/* Ready to give occurrences from around `after` on; ERR_INVALID for a rule that libical does not follow. */
static NODISCARD err_t *walk_begin(apr_pool_t *pool, const char *rrule, int64_t start, int64_t after,
				   struct walk **ret)
{
	struct walk *walk = MEM_NEW(pool, struct walk);
	const int64_t limit = INT64_C(10000) * YEAR_S;
	int eras;

	if (start < -limit || start > limit || after < -limit || after > limit)
		return invalid("a time out of range");
	ERR(rule_parse(pool, rrule, &walk->rule));
	eras = eras_to_shift(after > start ? after : start);
	if (eras < 0)
		return invalid("too far ahead");
	walk->shift_s = (int64_t)eras * ERA_DAYS * DAY_S;
	if (!icaltime_is_null_time(walk->rule.until))
		walk->rule.until.year += eras * ERA_YEARS;
	ERR(walk_from(walk, start, after));
	mem_cleanup(pool, walk->iterator, walk_end);
	*ret = walk;
	return NULL;
}

static bool walk_next(struct walk *walk, int64_t *ret_wall)
{
	struct icaltimetype time = icalrecur_iterator_next(walk->iterator);

	if (icaltime_is_null_time(time))
		return false;
	*ret_wall = wall_of(time) - walk->shift_s;
	return true;
}

static NODISCARD err_t *next_in(apr_pool_t *pool, const char *rrule, int64_t start, int64_t after,
				int64_t *ret_wall, bool *ret_found)
{
	struct walk *walk = NULL;
	int64_t wall;
	bool found;

	ERR(walk_begin(pool, rrule, start, after, &walk));
	do
		found = walk_next(walk, &wall);
	while (found && wall <= after);
	*ret_found = found;
	if (found)
		*ret_wall = wall;
	return NULL;
}

static NODISCARD err_t *count_in(apr_pool_t *pool, const char *rrule, int64_t start, int64_t after,
				 int64_t until, int64_t max, int64_t *ret_n)
{
	struct walk *walk = NULL;
	int64_t wall, n = 0;

	ERR(walk_begin(pool, rrule, start, after, &walk));
	while (n < max && walk_next(walk, &wall) && wall <= until)
		n += wall > after;
	*ret_n = n;
	return NULL;
}

err_t *ical_rule_check(const char *rrule)
{
	apr_pool_t *pool = pool_root();
	struct walk *walk = NULL;
	err_t *err = walk_begin(pool, rrule, 0, 0, &walk);

	pool_free(pool);
	return err;
}

err_t *ical_rule_next(const char *rrule, int64_t start, int64_t after, int64_t *ret_wall, bool *ret_found)
{
	apr_pool_t *pool = pool_root();
	err_t *err = next_in(pool, rrule, start, after, ret_wall, ret_found);

	pool_free(pool);
	return err;
}

err_t *ical_rule_count(const char *rrule, int64_t start, int64_t after, int64_t until, int64_t max,
		       int64_t *ret_n)
{
	apr_pool_t *pool = pool_root();
	err_t *err = count_in(pool, rrule, start, after, until, max, ret_n);

	pool_free(pool);
	return err;
}

/* ---- calendar files */

static struct icaltimetype written_time(int64_t wall, bool day)
{
	return icaltime_from_timet_with_zone((time_t)wall, day, icaltimezone_get_utc_timezone());
}

/* The zone's rules go into the file once, under the plain name that every calendar knows. */
static bool zone_put(icalcomponent *calendar, const char *name)
{
	icaltimezone *zone = icaltimezone_get_builtin_timezone(name);
	icalcomponent *rules, *have = icalcomponent_get_first_component(calendar, ICAL_VTIMEZONE_COMPONENT);
	icalproperty *id;

	for (; have; have = icalcomponent_get_next_component(calendar, ICAL_VTIMEZONE_COMPONENT)) {
		id = icalcomponent_get_first_property(have, ICAL_TZID_PROPERTY);
		if (id && strcmp(icalproperty_get_tzid(id), name) == 0)
			return true;
	}
	if (!zone)
		return false;
	rules = icalcomponent_new_clone(icaltimezone_get_component(zone));
	id = icalcomponent_get_first_property(rules, ICAL_TZID_PROPERTY);
	if (id)
		icalproperty_set_tzid(id, name);
	icalcomponent_add_component(calendar, rules);
	return id != NULL;
}

static void when_put(icalcomponent *event, const char *zone, icalproperty *property, struct icaltimetype t,
		     bool day)
{
	t.zone = NULL;
	t.is_date = day;
	icalproperty_set_value(property, day ? icalvalue_new_date(t) : icalvalue_new_datetime(t));
	if (zone && !day)
		icalproperty_add_parameter(property, icalparameter_new_tzid(zone));
	icalcomponent_add_property(event, property);
}

/* By way of a value: the library's rule is a struct of several kilobytes, which it takes by copy. */
static void rrule_put(icalcomponent *event, const char *rrule)
{
	icalvalue *rule = icalvalue_new_from_string(ICAL_RECUR_VALUE, rrule);
	icalproperty *property;

	if (!rule)
		return;
	property = icalproperty_new(ICAL_RRULE_PROPERTY);
	icalproperty_set_value(property, rule);
	icalcomponent_add_property(event, property);
}

static void item_put(icalcomponent *calendar, const struct ical_item *item)
{
	icalcomponent *event = icalcomponent_new_vevent();
	const char *zone = zone_put(calendar, item->zone) ? item->zone : NULL;

	icalcomponent_add_property(event, icalproperty_new_uid(item->uid));
	icalcomponent_add_property(event,
				   icalproperty_new_dtstamp(written_time(item->stamp / 1000000, false)));
	icalcomponent_add_property(event, icalproperty_new_summary(item->title));
	if (item->text && *item->text)
		icalcomponent_add_property(event, icalproperty_new_description(item->text));
	if (item->place && *item->place)
		icalcomponent_add_property(event, icalproperty_new_location(item->place));
	when_put(event, zone, icalproperty_new(ICAL_DTSTART_PROPERTY),
		 written_time(item->start, item->all_day), item->all_day);
	if (item->end)
		when_put(event, zone, icalproperty_new(ICAL_DTEND_PROPERTY),
			 written_time(item->end, item->all_day), item->all_day);
	if (item->rrule && *item->rrule)
		rrule_put(event, item->rrule);
	icalcomponent_add_component(calendar, event);
}

const char *ical_calendar(apr_pool_t *pool, const struct ical_item *items, size_t n)
{
	icalcomponent *calendar = icalcomponent_new_vcalendar();
	char *text;
	const char *copy;

	icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
	icalcomponent_add_property(calendar, icalproperty_new_prodid("-//Lembra//lembra//EN"));
	for (size_t i = 0; i < n; i++)
		item_put(calendar, &items[i]);
	text = icalcomponent_as_ical_string_r(calendar);
	copy = mem_text(pool, text);
	icalmemory_free_buffer(text);
	icalcomponent_free(calendar);
	return copy;
}
