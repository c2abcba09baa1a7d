/* The tests' side of calendars: what others did, and what is there. */
#include "tests/standins/google_calendar.h"

#include "core/crypt.h"
#include "core/text.h"
#include <stdlib.h>

struct conference_setting conference_setting = { .pending = 1 };

struct invitation {
	char *calendar, *event, *kind, *to, *updates;
};
static struct list invitations;

void invitation_add(const struct calendar *c, const struct event *e, const char *kind, const char *to,
		    const char *updates)
{
	struct invitation *i = calloc(1, sizeof *i);

	if (!i)
		abort();
	i->calendar = world_keep(c->id);
	i->event = world_keep(e->id);
	i->kind = world_keep(kind);
	i->to = world_keep(to);
	i->updates = world_keep(updates);
	list_add(&invitations, i);
}

static struct calendar *calendar_of(struct ask *ask)
{
	const char *id = json_text(ask->body, "calendar");

	return calendar_find(ask, id ? id : "primary");
}

/* Who is oneself, on the list of guests and as organizer. */
static void mark_self(struct ask *ask, const struct calendar *c, struct json *j)
{
	struct json *list = json_at(j, "attendees");

	for (size_t i = 0; i < json_len(list); i++)
		if (text_same(json_text(json_item(list, i), "email"), c->account->email))
			json_set_bool(json_item(list, i), "self", true);
	if (!json_at(j, "organizer")) {
		json_set(j, "organizer", json_object(ask->pool));
		json_set_text(json_at(j, "organizer"), "email", c->account->email);
	}
	if (text_same(json_text(j, "organizer.email"), c->account->email))
		json_set_bool(json_at(j, "organizer"), "self", true);
	if (!json_at(j, "creator"))
		json_set(j, "creator", json_at(j, "organizer"));
}

static void say_id(struct ask *ask, const char *id)
{
	struct json *o = json_object(ask->pool);

	json_set_text(o, "id", id);
	say_json(ask, o);
}

/* {"account"?,"calendar"?,"event":{...}} -> {"id"}; one that is there is written over. */
static void plant(struct ask *ask)
{
	struct calendar *c = calendar_of(ask);
	struct json *j = json_copy(ask->pool, json_at(ask->body, "event"));
	const char *id = json_text(j, "id") ? json_text(j, "id") : crypt_random_hex(ask->pool, 13);
	struct items before = { 0 };
	struct event *e;

	if (!c || !j || !event_check(ask, c, j))
		return;
	if (!json_text(j, "status"))
		json_set_text(j, "status", "confirmed");
	if (!json_text(j, "eventType"))
		json_set_text(j, "eventType", "default");
	if (!json_text(j, "iCalUID"))
		json_set_text(j, "iCalUID", mem_fmt(ask->pool, "%s@google.com", id));
	mark_self(ask, c, j);
	j = json_without(ask->pool, j, "id");
	e = event_find(c, id);
	if (e) {
		before = series_around(ask->pool, c, e);
		e->dead = false;
		event_write(c, e, j);
	} else {
		e = event_new(c, id, j);
	}
	series_changed(ask->pool, c, e, &before);
	say_id(ask, id);
}

/* {"account"?,"calendar"?,"id","patch"?}: somebody else changed it, or without a patch deleted it. */
static void outside(struct ask *ask)
{
	struct calendar *c = calendar_of(ask);
	const char *id = json_text(ask->body, "id");
	struct event *e = c && id ? event_find(c, id) : NULL;
	struct items before;
	struct json *j;

	if (!e) {
		deny(ask, 404, "notFound", "no such event");
		return;
	}
	before = series_around(ask->pool, c, e);
	j = json_merged(ask->pool, json_of(ask->pool, e->text), json_at(ask->body, "patch"));
	if (!json_at(ask->body, "patch"))
		event_kill(c, e);
	else if (event_check(ask, c, j))
		event_write(c, e, j);
	series_changed(ask->pool, c, e, &before);
}

/* {"account"?,"calendar"?} -> {"inserts","events":[...]}: the deleted ones too, with "status":"cancelled". */
static void list_events(struct ask *ask)
{
	struct calendar *c = calendar_of(ask);
	struct json *o = json_object(ask->pool), *list = json_array(ask->pool);

	if (!c)
		return;
	for (size_t i = 0; i < c->events.n; i++) {
		struct event *e = c->events.v[i];

		if (!e->tomb)
			json_push(list, event_show(ask, c, e));
	}
	json_set_int(o, "inserts", c->inserts);
	json_set(o, "events", list);
	say_json(ask, o);
}

static void list_invitations(struct ask *ask)
{
	struct json *list = json_array(ask->pool);

	for (size_t i = 0; i < invitations.n; i++) {
		const struct invitation *v = invitations.v[i];
		struct json *o = json_object(ask->pool);

		json_set_text(o, "calendar", v->calendar);
		json_set_text(o, "event", v->event);
		json_set_text(o, "kind", v->kind);
		json_set_text(o, "to", v->to);
		json_set_text(o, "sendUpdates", v->updates);
		json_push(list, o);
	}
	say_json(ask, list);
}

bool event_control(struct ask *ask, const char *name)
{
	if (text_same(name, "event")) {
		plant(ask);
	} else if (text_same(name, "event_change")) {
		outside(ask);
	} else if (text_same(name, "events")) {
		list_events(ask);
	} else if (text_same(name, "invitations")) {
		list_invitations(ask);
	} else if (text_same(name, "conference")) {
		json_int(ask->body, "pending", &conference_setting.pending);
		conference_setting.fail = json_true(ask->body, "fail");
	} else {
		return false;
	}
	return true;
}
