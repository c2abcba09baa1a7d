#include "core/ical_read.h"

#include "core/ical.h"
#include "core/text.h"
#include "core/zone.h"
#include <libical/ical.h>
#include <string.h>
#include <strings.h>

enum {
	TITLE_CHARS = 500,
	TEXT_CHARS = 5000,
	PLACE_CHARS = 500,
	NAME_CHARS = 120,
	MAIL_BYTES = 254,
	DEPTH = 6, /* of components in each other: the library walks them by recursion */
	DAY_S = 86400,
};

static const struct {
	const char *name, *zone;
} windows[] = {
#define WINDOWS(name, zone) { name, zone },
#include "core/ical_zones.def"
#undef WINDOWS
};

const char *ical_windows_zone(const char *name)
{
	for (size_t i = 0; i < sizeof windows / sizeof *windows; i++)
		if (strcasecmp(windows[i].name, name) == 0)
			return windows[i].zone;
	return NULL;
}

/* --- words --- */

static const char *words(apr_pool_t *pool, const char *s, size_t max, bool line)
{
	char *copy;

	if (!s)
		return "";
	copy = mem_text(pool, text_trim(pool, text_utf8_clean(pool, s, strlen(s))));
	for (char *c = copy; *c; c++)
		if ((unsigned char)*c < ' ' && (line || *c != '\n'))
			*c = ' ';
	return text_cut(pool, copy, max);
}

/* "mailto:ana@example.org" */
static const char *mail(apr_pool_t *pool, const char *address)
{
	if (!address)
		return "";
	if (strncasecmp(address, "mailto:", 7) == 0)
		address += 7;
	if (!strchr(address, '@') || strlen(address) > MAIL_BYTES || strpbrk(address, " \t\r\n,;<>\"") ||
	    !text_utf8_valid(address, strlen(address)))
		return "";
	return mem_text(pool, address);
}

/* --- times --- */

static bool is_zone(const char *name)
{
	const struct zone *zone;
	err_t *err = zone_find(name, &zone);

	err_clear(err);
	return !err;
}

/* "America/Sao_Paulo", with whatever a program puts before it ("/mozilla.org/20050126_1/America/Sao_Paulo"). */
static const char *named(apr_pool_t *pool, const char *tzid)
{
	const char *known = ical_windows_zone(tzid);

	if (known)
		return known;
	for (const char *at = tzid; at; at = strchr(at, '/')) {
		at += *at == '/';
		if (*at && strchr(at, '/') && is_zone(at))
			return mem_text(pool, at);
	}
	return is_zone(tzid) ? mem_text(pool, tzid) : NULL;
}

/* What the file itself says of a zone: where it is, by Apple's and libical's word. */
static const char *located(apr_pool_t *pool, icalcomponent *calendar, const char *tzid)
{
	/* Of its own: the calendar's place among its events is the caller's. */
	icalcompiter at = icalcomponent_begin_component(calendar, ICAL_VTIMEZONE_COMPONENT);

	for (icalcomponent *zone; (zone = icalcompiter_deref(&at)); icalcompiter_next(&at)) {
		icalproperty *id = icalcomponent_get_first_property(zone, ICAL_TZID_PROPERTY);
		icalproperty *x = icalcomponent_get_first_property(zone, ICAL_X_PROPERTY);

		if (!id || !icalproperty_get_tzid(id) || strcmp(icalproperty_get_tzid(id), tzid) != 0)
			continue;
		for (; x; x = icalcomponent_get_next_property(zone, ICAL_X_PROPERTY))
			if (icalproperty_get_x_name(x) &&
			    strcasecmp(icalproperty_get_x_name(x), "X-LIC-LOCATION") == 0 &&
			    icalproperty_get_x(x))
				return named(pool, icalproperty_get_x(x));
	}
	return NULL;
}

/* A DTSTART or DTEND as a wall of zone. False: it is none. */
static bool time_read(apr_pool_t *pool, icalcomponent *calendar, icalproperty *p, int64_t *ret_wall,
		      bool *ret_day, const char **ret_zone)
{
	icalparameter *param = p ? icalproperty_get_first_parameter(p, ICAL_TZID_PARAMETER) : NULL;
	const char *tzid = param ? icalparameter_get_tzid(param) : NULL;
	struct icaltimetype t = p ? icalvalue_get_datetime(icalproperty_get_value(p)) : icaltime_null_time();

	if (icaltime_is_null_time(t) || !icaltime_is_valid_time(t) || t.year < 1900 || t.year > 2200)
		return false;
	*ret_day = t.is_date;
	*ret_zone = t.is_date ? "" : icaltime_is_utc(t) ? "Etc/UTC" : "";
	if (!t.is_date && !**ret_zone && tzid) {
		const char *zone = named(pool, tzid);

		if (!zone)
			zone = located(pool, calendar, tzid);
		*ret_zone = zone ? zone : "";
	}
	t.zone = NULL;
	*ret_wall = (int64_t)icaltime_as_timet(t);
	return true;
}

static int64_t duration_of(icalcomponent *event)
{
	icalproperty *p = icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY);
	struct icaldurationtype d = p ? icalproperty_get_duration(p) : icaldurationtype_null_duration();
	int64_t s = icaldurationtype_is_bad_duration(d) ? 0 : icaldurationtype_as_int(d);

	return s > 0 && s < 400 * (int64_t)DAY_S ? s : 0;
}

static bool times_read(apr_pool_t *pool, icalcomponent *calendar, icalcomponent *event, struct ical_event *e)
{
	icalproperty *start = icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY),
		     *end = icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY);
	const char *zone;
	bool day;

	if (!time_read(pool, calendar, start, &e->start, &e->all_day, &e->zone))
		return false;
	e->end = e->start + duration_of(event);
	if (time_read(pool, calendar, end, &e->end, &day, &zone) &&
	    (day != e->all_day || !text_same(zone, e->zone) || e->end < e->start))
		e->end = e->start; /* another zone's: how long it is is not worth guessing */
	if (e->all_day && e->end <= e->start)
		e->end = e->start + DAY_S;
	return true;
}

/* --- events --- */

static const char *rule_of(apr_pool_t *pool, icalcomponent *event)
{
	icalproperty *p = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
	const char *rule = "";
	char *text;
	err_t *err;

	if (!p)
		return "";
	text = icalproperty_get_value_as_string_r(p);
	if (text)
		rule = mem_text(pool, text);
	icalmemory_free_buffer(text);
	err = ical_rule_check(rule);
	err_clear(err);
	return err ? "" : rule;
}

static void guests_read(apr_pool_t *pool, icalcomponent *event, struct ical_event *e)
{
	icalproperty *p = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);

	for (; p && e->guests_n < ICAL_GUESTS;
	     p = icalcomponent_get_next_property(event, ICAL_ATTENDEE_PROPERTY)) {
		const char *address = mail(pool, icalproperty_get_attendee(p));

		if (*address)
			e->guests[e->guests_n++] = address;
	}
}

static const char *organizer_of(apr_pool_t *pool, icalcomponent *event)
{
	icalproperty *p = icalcomponent_get_first_property(event, ICAL_ORGANIZER_PROPERTY);
	icalparameter *name = p ? icalproperty_get_first_parameter(p, ICAL_CN_PARAMETER) : NULL;

	if (name && icalparameter_get_cn(name))
		return words(pool, icalparameter_get_cn(name), NAME_CHARS, true);
	return p ? mail(pool, icalproperty_get_organizer(p)) : "";
}

static bool event_read(apr_pool_t *pool, icalcomponent *calendar, icalcomponent *event, struct ical_event *e)
{
	*e = (struct ical_event){ 0 };
	if (!times_read(pool, calendar, event, e))
		return false;
	e->uid = words(pool, icalcomponent_get_uid(event), TITLE_CHARS, true);
	e->title = words(pool, icalcomponent_get_summary(event), TITLE_CHARS, true);
	e->text = words(pool, icalcomponent_get_description(event), TEXT_CHARS, false);
	e->place = words(pool, icalcomponent_get_location(event), PLACE_CHARS, true);
	e->organizer = organizer_of(pool, event);
	e->rrule = rule_of(pool, event);
	e->cancelled = icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED;
	e->exception = icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY) != NULL;
	guests_read(pool, event, e);
	return true;
}

/* Whether components are too deep in each other. */
static bool is_deep(const char *text)
{
	int depth = 0;

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncasecmp(line, "BEGIN:", 6) == 0 && ++depth > DEPTH)
			return true;
		if (strncasecmp(line, "END:", 4) == 0)
			depth -= depth > 0;
	}
	return false;
}

static void component_free(void *p)
{
	icalcomponent_free(p);
}

static icalcomponent *calendar_of(icalcomponent *root)
{
	if (icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT)
		return root;
	return icalcomponent_get_first_component(root, ICAL_VCALENDAR_COMPONENT);
}

static NODISCARD err_t *parse(apr_pool_t *pool, const char *bytes, size_t n, icalcomponent **ret)
{
	const char *text = text_utf8_clean(pool, bytes, n);
	icalcomponent *root;

	if (is_deep(text))
		return err_new(ERR_INVALID, "components too deep in each other");
	icalerror_set_errors_are_fatal(0);
	root = icalparser_parse_string(text);
	if (!root)
		return err_new(ERR_INVALID, "no calendar");
	mem_cleanup(pool, root, component_free);
	*ret = calendar_of(root);
	return *ret ? NULL : err_new(ERR_INVALID, "no calendar");
}

err_t *ical_read(apr_pool_t *pool, const char *bytes, size_t n, size_t *ret_n, struct ical_event **ret_events,
		 size_t *ret_more)
{
	struct ical_event *events = mem_alloc(pool, sizeof *events * ICAL_EVENTS);
	icalcomponent *calendar = NULL, *event;
	size_t count = 0, more = 0;

	if (n > ICAL_BYTES)
		return err_new(ERR_TOO_LARGE, "a calendar of over 1 MB");
	ERR(parse(pool, bytes, n, &calendar));
	event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
	for (; event; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
		if (count == ICAL_EVENTS)
			more++;
		else
			count += event_read(pool, calendar, event, &events[count]);
	}
	*ret_n = count;
	*ret_events = events;
	*ret_more = more;
	return NULL;
}
