#include "tools/event/event_change.h"

#include "core/clock.h"
#include "core/ical.h"
#include "core/text.h"
#include "core/zone.h"
#include "tools/event/event_draft.h"
#include "tools/pending.h"
#include <string.h>
#include <strings.h>

enum { DAY_S = 86400, COUNT_MAX = 100000 };

static bool repeats(const struct event_far *far)
{
	return far->series_json != NULL;
}

static bool is_first(const struct event_far *far)
{
	const struct google_time *own =
		far->event.original.instant ? &far->event.original : &far->event.start;

	return own->instant <= far->series.start.instant;
}

enum event_scope event_scope_of(const struct event_far *far, const char *word)
{
	if (!repeats(far))
		return SCOPE_THIS;
	if (text_same(word, "this"))
		return SCOPE_THIS;
	if (text_same(word, "all"))
		return SCOPE_ALL;
	if (text_same(word, "following"))
		return is_first(far) ? SCOPE_ALL : SCOPE_FOLLOWING;
	return SCOPE_UNSAID;
}

/* --- bodies --- */

static struct json *guests_json(struct req *req, const struct json *old, const struct json_texts *more)
{
	apr_pool_t *pool = req->pool;
	struct json *list = event_copy(pool, old);

	if (!list)
		list = json_array(pool);
	for (size_t i = 0; i < more->n; i++) {
		struct json *guest = json_object(pool);
		bool there = false;

		for (size_t k = 0; k < json_len(list); k++) {
			const char *mail = json_text(json_item(list, k), "email");

			there = there || (mail && strcasecmp(mail, more->v[i]) == 0);
		}
		json_set_text(guest, "email", more->v[i]);
		if (!there)
			json_push(list, guest);
	}
	return list;
}

/* An event without a zone of its own is in the person's. */
static const char *zone_of(struct req *req, const struct google_event *event)
{
	return *event->start.zone && !event->start.all_day ? event->start.zone : req->zone;
}

static void words_put(struct req *req, const struct event_change *c, const struct json *was,
		      struct json *body)
{
	if (c->title)
		json_set_text(body, "summary", c->title);
	if (c->place)
		json_set_text(body, "location", c->place);
	if (c->description)
		json_set_text(body, "description", c->description);
	if (c->guests.n)
		json_set(body, "attendees", guests_json(req, json_at(was, "attendees"), &c->guests));
}

/* A wall of the person's zone as one of the event's. */
static void times_put(struct req *req, const struct event_change *c, const struct google_event *event,
		      bool over, struct json *body)
{
	struct google_time start = { .all_day = c->all_day, .zone = zone_of(req, event) }, end = start;

	start.instant = c->all_day ? c->start * SECOND_US : when_instant(req, c->start);
	end.instant = c->all_day ? c->end * SECOND_US : when_instant(req, c->end);
	json_set(body, "start",
		 google_time_json(req->pool, &start, over && c->all_day != event->start.all_day));
	json_set(body, "end", google_time_json(req->pool, &end, over && c->all_day != event->start.all_day));
}

/* --- all of a series --- */

static const char *const days[] = {
	"TH", "FR", "SA", "SU", "MO", "TU", "WE"
}; /* 1970-01-01 was a Thursday */

static const char *day_of(int64_t wall)
{
	int64_t day = (wall - ((wall % DAY_S) + DAY_S) % DAY_S) / DAY_S;

	return days[((day % 7) + 7) % 7];
}

/* Its weekday moves along where it names but that one. False: it cannot. */
static bool rule_moved(struct req *req, const char *rule, int64_t old, int64_t now, const char **ret)
{
	const char *by = strstr(rule, "BYDAY="), *days_at = by ? by + 6 : NULL;

	*ret = rule;
	if (text_same(day_of(old), day_of(now)) && old / DAY_S == now / DAY_S)
		return true;
	if (strstr(rule, "BYMONTHDAY") || strstr(rule, "BYSETPOS"))
		return false;
	if (!by)
		return true;
	if (strcspn(days_at, ";") != 2 || strncmp(days_at, day_of(old), 2) != 0 ||
	    !strstr(rule, "FREQ=WEEKLY"))
		return false;
	*ret = mem_fmt(req->pool, "%.*s%s%s", (int)(days_at - rule), rule, day_of(now), days_at + 2);
	return true;
}

static struct json *lines_with(struct req *req, const struct google_event *series, const char *rule)
{
	struct json *lines = json_array(req->pool);

	for (size_t i = 0; i < series->recurrence_n; i++) {
		const char *line = series->recurrence[i];

		json_push_text(lines, strncasecmp(line, "RRULE:", 6) == 0
					      ? mem_fmt(req->pool, "RRULE:%s", rule)
					      : line);
	}
	return lines;
}

/* The series begins as much later as this occurrence does. False: its rule does not follow. */
static bool series_times(struct req *req, const struct event_far *far, const struct event_change *c,
			 struct json *body)
{
	struct event_row first = event_of_google(req, &far->series), one = event_of_google(req, &far->event);
	struct event_change all = *c;
	const char *rule = google_event_rule(&far->series), *moved;

	if (c->all_day != one.all_day)
		return false;
	all.start = first.start + (c->start - one.start);
	all.end = all.start + (c->end - c->start);
	if (!rule_moved(req, rule, first.start, all.start, &moved))
		return false;
	times_put(req, &all, &far->series, true, body);
	if (moved != rule)
		json_set(body, "recurrence", lines_with(req, &far->series, moved));
	return true;
}

/* --- this and the following --- */

static int64_t occurrence(const struct event_far *far)
{
	return far->event.original.instant ? far->event.original.instant : far->event.start.instant;
}

/* What is left of a rule with COUNT from that occurrence on. */
static NODISCARD err_t *rule_left(struct req *req, const struct event_far *far, const char **ret_rule)
{
	const char *rule = google_event_rule(&far->series), *count = strstr(rule, "COUNT=");
	const struct zone *zone = NULL;
	int64_t n = 0, all = 0, start, until;
	const char *rest;

	*ret_rule = rule;
	if (!count)
		return NULL;
	err_clear(zone_find(*far->series.start.zone ? far->series.start.zone : req->zone, &zone));
	start = zone && !far->series.start.all_day ? zone_wall(zone, far->series.start.instant)
						   : far->series.start.instant / SECOND_US;
	until = zone && !far->series.start.all_day ? zone_wall(zone, occurrence(far))
						   : occurrence(far) / SECOND_US;
	ERR(ical_rule_count(rule, start, start - 1, until - 1, COUNT_MAX, &n));
	if (!text_int(mem_textn(req->pool, count + 6, strcspn(count + 6, ";")), &all))
		return err_new(ERR_INVALID, "a count that is none");
	rest = count + 6 + strcspn(count + 6, ";");
	*ret_rule = mem_fmt(req->pool, "%.*sCOUNT=%lld%s", (int)(count - rule), rule,
			    (long long)(all - n > 1 ? all - n : 1), rest);
	return NULL;
}

static NODISCARD err_t *following(struct req *req, const struct event_far *far, const struct event_change *c,
				  struct event_writes *w, bool *ret_ok)
{
	static const char *const same[] = { "summary",   "description",  "location",   "attendees",
					    "reminders", "transparency", "visibility", NULL };
	struct json *body = json_object(req->pool), *until = json_object(req->pool);
	struct event_row one = event_of_google(req, &far->event);
	struct event_change all = *c;
	const char *rule, *moved;

	for (const char *const *m = same; *m; m++) {
		struct json *copy = event_copy(req->pool, json_at(far->series_json, *m));

		if (copy)
			json_set(body, *m, copy);
	}
	words_put(req, c, far->series_json, body);
	if (!c->times) {
		all.start = one.start;
		all.end = one.end;
		all.all_day = one.all_day;
	}
	times_put(req, &all, &far->series, false, body);
	ERR(rule_left(req, far, &rule));
	*ret_ok = rule_moved(req, rule, one.start, all.start, &moved);
	if (!*ret_ok)
		return NULL;
	json_set(body, "recurrence", lines_with(req, &far->series, moved));
	json_set(until, "recurrence", google_event_until(req->pool, &far->series, occurrence(far)));
	/* The new one first: whoever fails between has two, and not none. */
	event_write_insert(req->pool, w, NULL, body);
	event_write_patch(req->pool, w, &far->series, far->series_json, until);
	return NULL;
}

err_t *event_change_patch(struct req *req, const struct event_far *far, enum event_scope scope,
			  const struct event_change *change, struct event_writes *w, bool *ret_ok,
			  struct outcome *ret)
{
	bool all = scope == SCOPE_ALL && repeats(far);
	const struct google_event *event = all ? &far->series : &far->event;
	const struct json *was = all ? far->series_json : far->json;
	struct json *body = json_object(req->pool);

	*ret_ok = true;
	if (scope == SCOPE_FOLLOWING) {
		ERR(following(req, far, change, w, ret_ok));
	} else {
		words_put(req, change, was, body);
		if (change->times && all)
			*ret_ok = series_times(req, far, change, body);
		else if (change->times)
			times_put(req, change, event, true, body);
		event_write_patch(req->pool, w, event, was, body);
	}
	if (!*ret_ok)
		outcome_refuse(req, ret, "series_days", tr(req->pool, req->lang, "event.series_days"));
	return NULL;
}

void event_change_delete(struct req *req, const struct event_far *far, enum event_scope scope,
			 struct event_writes *w)
{
	struct json *body;

	if (scope == SCOPE_FOLLOWING) {
		body = json_object(req->pool);
		json_set(body, "recurrence", google_event_until(req->pool, &far->series, occurrence(far)));
		event_write_patch(req->pool, w, &far->series, far->series_json, body);
	} else if (scope == SCOPE_ALL && repeats(far)) {
		event_write_delete(req->pool, w, &far->series, far->series_json);
	} else {
		event_write_delete(req->pool, w, &far->event, far->json);
	}
}

/* --- asking --- */

err_t *event_scope_ask(struct req *req, struct tx *tx, const char *tool, const struct json *args,
		       const struct event_far *far, const char *question, const char *lines,
		       struct outcome *ret)
{
	static const char *const words[] = { "this", "following", "all" };
	apr_pool_t *pool = req->pool;
	const char *id = NULL;

	*ret = (struct outcome){ .kind = OUTCOME_SAY, .card = true, .outside = !far->event.own };
	ret->html = tr(pool, req->lang, "event.scope", SLOT_S("title", far->row.title),
		       SLOT_S("when", event_when(req, &far->row)),
		       SLOT_S("question", tr(pool, req->lang, question)));
	ret->html = mem_fmt(pool, "%s%s", ret->html, lines);
	for (int i = 0; i < 3; i++) {
		struct json *copy = event_copy(pool, args);

		if (i == 1 && !far->event.organized) /* whose series it is not cannot end it early */
			continue;
		json_set_text(copy, "scope", words[i]);
		ERR(pending_put(tx, tool, copy, NULL, NULL, &id));
		outcome_button(req, ret, i, tr(pool, req->lang, mem_fmt(pool, "event.scope.%s", words[i])),
			       mem_fmt(pool, "y:%s", id));
	}
	outcome_button(req, ret, 3, tr(pool, req->lang, "button.cancel"), mem_fmt(pool, "n:%s", id));
	return NULL;
}
