/* Events inserted, changed, moved and deleted; which mails that would have sent. */
#include "tests/standins/google_calendar.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/text.h"
#include <stdlib.h>
#include <string.h>

static const char id_letters[] = "0123456789abcdefghijklmnopqrstuv";

/* --- mails --- */

/* To each guest, as sendUpdates says; externalOnly: to those who have no account here. */
static void mail_guests(struct ask *ask, const struct calendar *c, const struct event *e, const char *kind)
{
	const char *updates = param(ask, "sendUpdates");
	const struct json *list = json_at(json_of(ask->pool, e->text), "attendees");

	if (!updates || text_same(updates, "none"))
		return;
	for (size_t i = 0; i < json_len(list); i++) {
		const char *to = json_text(json_item(list, i), "email");

		if (text_same(to, c->account->email) ||
		    (text_same(updates, "externalOnly") && world_account(to)))
			continue;
		invitation_add(c, e, kind, to, updates);
	}
}

/* --- what all writes share --- */

static bool write_params(struct ask *ask)
{
	const char *updates = param(ask, "sendUpdates");
	int64_t ignored;

	if (updates && !text_has_word("all externalOnly none", updates))
		return deny(ask, 400, "invalid", "Invalid value for: sendUpdates");
	return param_int(ask, "maxAttendees", 1, 1, 10000, &ignored) &&
	       param_bools(ask, "supportsAttachments") &&
	       (!param(ask, "conferenceDataVersion") ||
		text_has_word("0 1", param(ask, "conferenceDataVersion")) ||
		deny(ask, 400, "invalid", "Invalid value for: conferenceDataVersion"));
}

static struct calendar *writable(struct ask *ask)
{
	struct calendar *c = write_params(ask) ? calendar_find(ask, ask->part[0]) : NULL;

	if (c && !text_has_word("owner writer", c->role)) {
		deny(ask, 403, "forbidden", "You need to have writer access to this calendar.");
		return NULL;
	}
	return c;
}

static bool id_good(const char *id)
{
	size_t n = strlen(id);

	return n >= 5 && n <= 1024 && strspn(id, id_letters) == n;
}

/* Of each guest, what Google adds. */
static void fill_guests(struct ask *ask, const struct calendar *c, struct json *j)
{
	const struct json *list = json_at(j, "attendees");
	const char *organizer = json_text(j, "organizer.email");
	struct json *to = json_array(ask->pool);

	if (!list)
		return;
	for (size_t i = 0; i < json_len(list); i++) {
		struct json *o = json_without(ask->pool, json_item(list, i), "self organizer id");
		const char *email = json_text(o, "email");

		if (!json_text(o, "responseStatus"))
			json_set_text(o, "responseStatus", "needsAction");
		if (text_same(email, organizer))
			json_set_bool(o, "organizer", true);
		if (text_same(email, c->account->email))
			json_set_bool(o, "self", true);
		json_push(to, o);
	}
	json_set(j, "attendees", to);
}

/* A conference that is asked for takes a while; without the version it is dropped without a word. */
static struct json *with_conference(struct ask *ask, struct json *j, const struct json *old)
{
	const struct json *create = json_at(j, "conferenceData.createRequest");
	const char *id = json_text(create, "requestId");
	struct json *status = json_object(ask->pool), *request;

	if (!text_same(param(ask, "conferenceDataVersion"), "1") ||
	    (id && text_same(id, json_text(old, "conferenceData.createRequest.requestId")))) {
		j = json_without(ask->pool, j, "conferenceData");
		if (json_at(old, "conferenceData"))
			json_set(j, "conferenceData", json_at(old, "conferenceData"));
		return j;
	}
	if (!create || json_text(create, "status.statusCode"))
		return j;
	json_set_text(status, "statusCode", "pending");
	request = json_without(ask->pool, create, "status");
	json_set(request, "status", status);
	j = json_without(ask->pool, j, "conferenceData");
	json_set(j, "conferenceData", json_object(ask->pool));
	json_set(json_at(j, "conferenceData"), "createRequest", request);
	return j;
}

static void conference_ready(struct ask *ask, struct calendar *c, struct event *e)
{
	struct json *j = json_of(ask->pool, e->text), *data = json_at(j, "conferenceData"), *points, *point;

	json_set_text(json_at(data, "createRequest.status"), "statusCode",
		      conference_setting.fail ? "failure" : "success");
	if (!conference_setting.fail) {
		const char *uri = "https://meet.google.com/abc-defg-hij";

		points = json_array(ask->pool);
		point = json_object(ask->pool);
		json_set_text(point, "entryPointType", "video");
		json_set_text(point, "uri", uri);
		json_push(points, point);
		json_set(data, "entryPoints", points);
		json_set_text(data, "conferenceId", "abc-defg-hij");
		json_set_text(j, "hangoutLink", uri);
	}
	event_write(c, e, j);
}

static void conference_read(struct ask *ask, struct calendar *c, struct event *e)
{
	if (!text_same(json_text(json_of(ask->pool, e->text),
				 "conferenceData.createRequest.status.statusCode"),
		       "pending"))
		return;
	if (e->conference > 0)
		e->conference--;
	else
		conference_ready(ask, c, e);
}

static void say_event(struct ask *ask, const struct calendar *c, struct event *e)
{
	say_json(ask, event_show(ask, c, e));
	say_header(ask, "ETag", etag_of(ask->pool, e));
}

/* If-Match and If-None-Match, quotes included. */
static bool matches(struct ask *ask, const char *etag)
{
	const char *must = json_text(ask->headers, "if-match"),
		   *not = json_text(ask->headers, "if-none-match");

	if (must && !text_same(must, "*") && !text_same(must, etag))
		return deny(ask, 412, "conditionNotMet", "Precondition Failed");
	if (not &&text_same(not, etag) && text_same(ask->method, "GET")) {
		say_nothing(ask, 304);
		say_header(ask, "ETag", etag);
		return false;
	}
	return true;
}

/* --- insert --- */

static struct json *organizer_of(apr_pool_t *pool, const struct calendar *c)
{
	struct json *o = json_object(pool);

	json_set_text(o, "email", c->primary ? c->account->email : c->id);
	if (!c->primary)
		json_set_text(o, "displayName", c->summary);
	json_set_bool(o, "self", true);
	return o;
}

/* The zone that a time without one is in. */
static void fill_zones(const struct calendar *c, struct json *j)
{
	const char *names[] = { "start", "end" };

	for (size_t i = 0; i < 2; i++)
		if (json_text(json_at(j, names[i]), "dateTime") &&
		    !json_text(json_at(j, names[i]), "timeZone"))
			json_set_text(json_at(j, names[i]), "timeZone", c->zone);
}

static struct json *to_insert(struct ask *ask, const struct calendar *c, const char *id)
{
	struct json *j = event_writable(ask->pool, json_copy(ask->pool, ask->body)), *reminders;
	const char *uid = json_text(ask->body, "iCalUID"), *type = json_text(ask->body, "eventType");

	if (!json_text(j, "status"))
		json_set_text(j, "status", "confirmed");
	if (!json_at(j, "reminders")) {
		reminders = json_object(ask->pool);
		json_set_bool(reminders, "useDefault", true);
		json_set(j, "reminders", reminders);
	}
	json_set(j, "creator", organizer_of(ask->pool, c));
	json_set(j, "organizer", organizer_of(ask->pool, c));
	json_set_text(j, "iCalUID", uid ? uid : mem_fmt(ask->pool, "%s@google.com", id));
	json_set_text(j, "eventType", type ? type : "default");
	json_set_int(j, "sequence", 0);
	fill_guests(ask, c, j);
	return with_conference(ask, j, NULL);
}

void serve_insert(struct ask *ask)
{
	struct calendar *c = writable(ask);
	const char *id;
	struct json *j;
	struct event *e;

	if (!c || !body_needed(ask) || !event_fields(ask, ask->body))
		return;
	id = json_text(ask->body, "id");
	if (json_at(ask->body, "id") && (!id || !id_good(id))) {
		deny(ask, 400, "invalid", "Invalid resource id value.");
		return;
	}
	if (id && json_at(ask->body, "iCalUID")) {
		deny(ask, 400, "invalid", "Only one of id and iCalUID may be given.");
		return;
	}
	if (id && event_find(c, id)) {
		deny(ask, 409, "duplicate", "The requested identifier already exists.");
		return;
	}
	if (!id)
		id = crypt_random_hex(ask->pool, 13);
	if (!event_check(ask, c, ask->body))
		return;
	j = to_insert(ask, c, id);
	fill_zones(c, j);
	e = event_new(c, id, j);
	e->conference = conference_setting.pending;
	c->inserts++;
	mail_guests(ask, c, e, "invite");
	say_event(ask, c, e);
}

/* --- one that is there --- */

/* The event of the path, or the occurrence of a series that no one touched yet. */
struct target {
	struct calendar *calendar;
	struct event *event; /* NULL: an occurrence */
	struct item item;
	struct json *json;
	const char *etag;
};

static bool occurrence_of(struct ask *ask, struct target *t, const char *id)
{
	const char *under = strrchr(id, '_');
	struct event *series =
		under ? event_find(t->calendar, mem_textn(ask->pool, id, (size_t)(under - id))) : NULL;

	if (!series || series->dead || !series->recurring ||
	    !occurrence_find(ask->pool, t->calendar, series, under + 1, &t->item))
		return deny(ask, 404, "notFound", "Not Found");
	t->json = occurrence_json(ask->pool, t->calendar, &t->item);
	t->etag = etag_of(ask->pool, series);
	return true;
}

static bool target_find(struct ask *ask, struct calendar *c, struct target *ret)
{
	const char *id = ask->part[1];

	*ret = (struct target){ .calendar = c };
	if (!c)
		return false;
	ret->event = event_find(c, id);
	if (ret->event && ret->event->tomb)
		ret->event = NULL;
	if (!ret->event)
		return occurrence_of(ask, ret, id);
	ret->json = json_of(ask->pool, ret->event->text);
	ret->etag = etag_of(ask->pool, ret->event);
	return true;
}

/* An occurrence that is written to becomes an event of its own. */
static struct event *target_event(struct ask *ask, struct target *t, const struct json *j)
{
	if (t->event)
		event_write(t->calendar, t->event, j);
	else
		t->event = event_new(t->calendar, ask->part[1], j);
	return t->event;
}

void serve_get(struct ask *ask)
{
	struct target t;

	if (!target_find(ask, calendar_find(ask, ask->part[0]), &t))
		return;
	if (t.event && !t.event->dead)
		conference_read(ask, t.calendar, t.event);
	if (t.event)
		t.etag = etag_of(ask->pool, t.event);
	if (!matches(ask, t.etag))
		return;
	say_json(ask, t.event ? event_show(ask, t.calendar, t.event) : item_show(ask, t.calendar, &t.item));
	say_header(ask, "ETag", t.etag);
}

/* --- change --- */

static bool same(apr_pool_t *pool, const struct json *a, const struct json *b, const char *key)
{
	return text_same(json_write(pool, json_at(a, key)), json_write(pool, json_at(b, key)));
}

static bool any_differs(apr_pool_t *pool, const struct json *a, const struct json *b, const char *const *keys)
{
	for (; *keys; keys++)
		if (!same(pool, a, b, *keys))
			return true;
	return false;
}

/* What a guest may not do to somebody else's event. */
static bool may_change(struct ask *ask, const struct calendar *c, const struct json *old,
		       const struct json *j)
{
	static const char *const shared[] = {
		"summary",         "description",    "location",   "start",       "end", "recurrence",
		"guestsCanModify", "conferenceData", "visibility", "attachments", NULL
	};
	static const char *const of_guests[] = { "email", "responseStatus", "optional", NULL };
	const struct json *was = json_at(old, "attendees"), *is = json_at(j, "attendees");

	if (json_true(old, "organizer.self") || json_true(old, "guestsCanModify"))
		return true;
	if (any_differs(ask->pool, old, j, shared) || json_len(was) != json_len(is))
		return deny(ask, 403, "forbiddenForNonOrganizer",
			    "Shared properties can only be changed by the organizer of the event.");
	for (size_t i = 0; i < json_len(was); i++)
		if (!text_same(json_text(json_item(was, i), "email"), c->account->email) &&
		    any_differs(ask->pool, json_item(was, i), json_item(is, i), of_guests))
			return deny(ask, 403, "forbiddenForNonOrganizer",
				    "Shared properties can only be changed by the organizer of the event.");
	return true;
}

/* attendeesOmitted with oneself alone: only one's own answer is meant. */
static struct json *own_answer(struct ask *ask, const struct calendar *c, const struct json *old,
			       struct json *j)
{
	const struct json *was = json_at(old, "attendees"), *given = json_at(j, "attendees");
	struct json *to = json_array(ask->pool);

	if (!json_true(j, "attendeesOmitted") || json_len(given) != 1 ||
	    !text_same(json_text(given, "0.email"), c->account->email))
		return j;
	for (size_t i = 0; i < json_len(was); i++)
		json_push(to, text_same(json_text(json_item(was, i), "email"), c->account->email)
				      ? json_item(given, 0)
				      : json_item(was, i));
	j = json_without(ask->pool, j, "attendeesOmitted attendees");
	json_set(j, "attendees", to);
	return j;
}

static void count_change(const struct json *old, struct json *j, apr_pool_t *pool)
{
	static const char *const relevant[] = { "start", "end", "recurrence", "status", "location", NULL };
	int64_t sequence = 0;

	json_int(old, "sequence", &sequence);
	json_set_int(j, "sequence", sequence + any_differs(pool, old, j, relevant));
}

/* j is what it shall be, apart from what Google alone writes. */
static void change(struct ask *ask, struct target *t, struct json *j)
{
	const char *kept =
		"creator organizer recurringEventId originalStartTime iCalUID eventType hangoutLink";
	struct calendar *c = t->calendar;
	const char *asked = "conferenceData.createRequest.requestId";
	struct items before = { 0 };
	struct event *e;

	j = json_merged(ask->pool, event_writable(ask->pool, j), json_only(ask->pool, t->json, kept));
	j = own_answer(ask, c, t->json, j);
	j = with_conference(ask, j, t->json);
	if (!event_check(ask, c, j))
		return;
	fill_zones(c, j);
	fill_guests(ask, c, j);
	if (!json_text(j, "status"))
		json_set_text(j, "status", "confirmed");
	if (!may_change(ask, c, t->json, j))
		return;
	count_change(t->json, j, ask->pool);
	if (t->event)
		before = series_around(ask->pool, c, t->event);
	e = target_event(ask, t, j);
	e->dead = false;
	if (!text_same(json_text(t->json, asked), json_text(j, asked)))
		e->conference = conference_setting.pending;
	if (text_same(json_text(j, "status"), "cancelled"))
		event_kill(c, e);
	if (before.n)
		series_changed(ask->pool, c, e, &before);
	mail_guests(ask, c, e, e->dead ? "cancel" : "update");
	say_event(ask, c, e);
}

/* Whether a write of this body may begin. What is deleted comes back only by a status. */
static bool change_begin(struct ask *ask, struct target *t)
{
	const char *status;

	if (!target_find(ask, writable(ask), t) || !body_needed(ask) || !event_fields(ask, ask->body) ||
	    !matches(ask, t->etag))
		return false;
	status = json_text(ask->body, "status");
	if (json_text(ask->body, "id") && !text_same(json_text(ask->body, "id"), ask->part[1]))
		return deny(ask, 400, "invalid", "The id of an event cannot be changed.");
	if (t->event && t->event->dead && (!status || text_same(status, "cancelled")))
		return deny(ask, 410, "deleted", "Resource has been deleted");
	return true;
}

void serve_patch(struct ask *ask)
{
	struct target t;

	if (change_begin(ask, &t))
		change(ask, &t, json_merged(ask->pool, t.json, event_writable(ask->pool, ask->body)));
}

void serve_put(struct ask *ask)
{
	struct target t;
	struct json *j, *reminders = json_object(ask->pool);

	if (!change_begin(ask, &t))
		return;
	j = json_copy(ask->pool, ask->body);
	json_set_bool(reminders, "useDefault", true);
	if (!json_at(j, "reminders"))
		json_set(j, "reminders", reminders);
	change(ask, &t, j);
}

void serve_delete(struct ask *ask)
{
	struct target t;
	struct items before = { 0 };

	if (!target_find(ask, writable(ask), &t))
		return;
	if (t.event && t.event->dead) {
		deny(ask, 410, "deleted", "Resource has been deleted");
		return;
	}
	if (!matches(ask, t.etag))
		return;
	if (!t.event)
		target_event(ask, &t, t.json);
	before = series_around(ask->pool, t.calendar, t.event);
	event_kill(t.calendar, t.event);
	if (before.n)
		series_changed(ask->pool, t.calendar, t.event, &before);
	if (json_true(t.json, "organizer.self"))
		mail_guests(ask, t.calendar, t.event, "cancel");
	say_nothing(ask, 204);
}

void serve_move(struct ask *ask)
{
	struct calendar *c = writable(ask), *to;
	struct target t;
	struct event *e;

	if (!target_find(ask, c, &t) || !matches(ask, t.etag))
		return;
	if (!param(ask, "destination")) {
		deny(ask, 400, "required", "Required parameter: destination");
		return;
	}
	to = calendar_find(ask, param(ask, "destination"));
	if (!to)
		return;
	if (!text_has_word("owner writer", to->role)) {
		deny(ask, 403, "forbidden", "You need to have writer access to this calendar.");
	} else if (!t.event || t.event->series) {
		deny(ask, 400, "cannotChangeOrganizerOfInstance",
		     "Cannot change the organizer of an instance.");
	} else if (t.event->dead || event_find(to, t.event->id)) {
		deny(ask, t.event->dead ? 410 : 409, t.event->dead ? "deleted" : "duplicate", "not movable");
	} else if (!json_true(t.json, "organizer.self")) {
		deny(ask, 403, "forbiddenForNonOrganizer", "Only the organizer can move an event.");
	} else {
		event_kill(c, t.event);
		json_set(t.json, "organizer", organizer_of(ask->pool, to));
		e = event_new(to, t.event->id, t.json);
		mail_guests(ask, to, e, "update");
		say_event(ask, to, e);
	}
}
