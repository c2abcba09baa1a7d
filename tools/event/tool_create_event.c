#include "core/ical.h"
#include "core/limits.h"
#include "core/text.h"
#include "core/zone_city.h"
#include "integrations/google/google.h"
#include "integrations/google/google_mime.h"
#include "tools/event/event_draft.h"
#include "tools/event/event_google.h"
#include "tools/event/event_settle.h"
#include "tools/event/event_write.h"
#include "tools/google/google_say.h"
#include "tools/pending.h"
#include "tools/words.h"
#include <string.h>
#include <strings.h>

struct args {
	const char *title, *start, *end, *or_start, *description, *place, *rrule, *zone;
	struct json_texts attendees;
	bool meet;
	int64_t reminder, account;
	/* What fetch finds. */
	struct event_home home;
	struct json_texts guests; /* mails that are invited */
	const char *unknown;      /* names without one, "" when none */
};

static const struct json_field params[] = {
	{ "title", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, title), 0, LIMIT_TEXT_IN, NULL,
	  "what it is, in the person's words" },
	{ "start", JSON_TEXT, 0, offsetof(struct args, start), 0, 40, NULL,
	  "local: 2026-11-30T14:00:00, or 2026-11-30 for a whole day" },
	{ "end", JSON_TEXT, 0, offsetof(struct args, end), 0, 40, NULL,
	  "local; of whole days the last one; an hour after the start when left out" },
	{ "description", JSON_TEXT, 0, offsetof(struct args, description), 0, 5000, NULL, "details" },
	{ "place", JSON_TEXT, 0, offsetof(struct args, place), 0, 500, NULL, "where" },
	{ "attendees", JSON_TEXTS, 0, offsetof(struct args, attendees), 0, 50, NULL,
	  "names or mails of who takes part" },
	{ "rrule", JSON_TEXT, 0, offsetof(struct args, rrule), 0, 500, NULL,
	  "how it repeats, RFC 5545 without RRULE:, as FREQ=WEEKLY;BYDAY=MO" },
	{ "zone", JSON_TEXT, 0, offsetof(struct args, zone), 0, 100, NULL,
	  "IANA zone or city of start and end, when it is not the person's own" },
	{ "meet", JSON_BOOL, 0, offsetof(struct args, meet), 0, 0, NULL,
	  "with a Google Meet link; only when asked for" },
	{ "reminder", JSON_INT, 0, offsetof(struct args, reminder), 0, 40320, NULL,
	  "minutes before it, when asked for; 0: as the calendar does" },
	{ "account", JSON_INT, 0, offsetof(struct args, account), 0, INT64_MAX, NULL,
	  "which of several Google accounts; the usual one when left out" },
	{ "or_start", JSON_TEXT, 0, offsetof(struct args, or_start), 0, 40, NULL,
	  "another reading of an ambiguous start, offered to the person as one tap" },
	{ 0 },
};

/* What was kept, and what else there is at that time. */
struct created {
	const struct event_data *event, *clash;
};

static const struct json_field result[] = {
	{ "event", JSON_OBJECT, JSON_REQUIRED, offsetof(struct created, event), .of = event_fields },
	{ "clash", JSON_OBJECT, 0, offsetof(struct created, clash), .of = event_fields },
	{ 0 },
};

static const int64_t day_s = 86400;
enum { CLASH_WAIT_MS = 2000, HINT_EACH = 5 };

/* Addresses in the title are of who is invited. */
static void put_guests(apr_pool_t *pool, struct json *args, const char *title)
{
	struct json *guests = json_array(pool);

	while (*title) {
		size_t n = strcspn(title, " ,;");
		const char *word = mem_textn(pool, title, n);

		if (google_mime_is_address(word))
			json_push_text(guests, word);
		title += n + strspn(title + n, " ,;");
	}
	if (json_len(guests))
		json_set(args, "attendees", guests);
}

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	struct json *args;
	struct when when;
	const char *rest;

	if (!*text_trim(req->pool, text))
		return NULL;
	args = json_object(req->pool);
	if (when_find(req, text, &when, &rest)) {
		json_set_text(args, "start", when_iso(req, &when));
		if (when.has_end) {
			struct when end = { .wall = when.has_time ? when.end : when.end - day_s,
					    .has_time = when.has_time };

			json_set_text(args, "end", when_iso(req, &end));
		}
		if (when.rrule)
			json_set_text(args, "rrule", when.rrule);
		if (when.has_other)
			json_set_text(args, "or_start", when_other_iso(req, &when));
		text = rest;
	}
	text = words_line(req->pool, text);
	json_set_text(args, "title", text);
	put_guests(req->pool, args, text);
	*ret_args = args;
	return NULL;
}

/* --- before --- */

static NODISCARD err_t *look(struct req *req, struct tx *tx, struct args *args)
{
	ERR(event_home_find(req, tx, args->account, &args->home));
	return event_guests(req, tx, &args->attendees, &args->guests, &args->unknown);
}

static NODISCARD err_t *look_alone(struct req *req, struct args *args)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, look(req, tx, args));
}

static err_t *fetch(struct req *req, void *p, struct outcome *ret)
{
	struct args *args = p;
	const char *note;

	(void)ret;
	if (!args->start || !google_configured(req->config))
		return NULL;
	ERR(look_alone(req, args));
	if (args->home.standing != GOOGLE_READY)
		return NULL;
	ERR(event_fresh(req, CLASH_WAIT_MS, &note)); /* for what else is there at that time */
	return args->home.calendar_id ? NULL : look_alone(req, args);
}

static bool is_google(const struct args *args)
{
	return args->home.account && args->home.standing == GOOGLE_READY;
}

static bool card_when(const void *p)
{
	const struct args *args = p;

	return is_google(args) && args->guests.n > 0;
}

/* --- what it is --- */

/* Title without the last words, which one of these is. */
static const char *without(apr_pool_t *pool, const char *title, const char *const *said, bool *ret_said)
{
	size_t n = strlen(title);

	for (; *said; said++) {
		size_t m = strlen(*said);

		if (n > m && strcasecmp(title + n - m, *said) == 0) {
			*ret_said = true;
			return mem_textn(pool, title, n - m);
		}
	}
	return title;
}

/* "aniversário da Bia, o dia todo": what is of a day has it all, and its title does not say so. */
static const char *without_day(apr_pool_t *pool, const char *title)
{
	static const char *const said[] = { ", o dia todo",       " o dia todo",
					    " o dia inteiro",     " dia inteiro",
					    " for the whole day", " the whole day",
					    " all day",           NULL };
	bool is_said;

	return without(pool, title, said, &is_said);
}

/* "..., com link do meet": said at the end of a title, it is no part of it. */
static const char *without_meet(apr_pool_t *pool, const char *title, bool *ret_meet)
{
	static const char *const said[] = { " com link do google meet",
					    " com link do meet",
					    " com google meet",
					    " com meet",
					    " por google meet",
					    " pelo google meet",
					    " pelo meet",
					    " via google meet",
					    " via meet",
					    " no google meet",
					    " no meet",
					    " com videochamada",
					    " por videochamada",
					    " with a google meet link",
					    " with a meet link",
					    " with google meet",
					    " with meet",
					    " on google meet",
					    " on meet",
					    " over google meet",
					    NULL };

	return without(pool, title, said, ret_meet);
}

static NODISCARD err_t *span_read(struct req *req, const struct args *args, struct event_draft *d)
{
	struct when start, end;

	if (!when_read(req, args->start, &start))
		return err_new(ERR_INVALID, "\"start\": not a local time like 2026-11-30T14:00:00");
	d->start = start.wall;
	d->all_day = !start.has_time;
	d->end = start.wall + (start.has_time ? EVENT_MINUTES * 60 : day_s);
	if (!args->end)
		return NULL;
	if (!when_read(req, args->end, &end))
		return err_new(ERR_INVALID, "\"end\": not a local time like 2026-11-30T15:00:00");
	d->end = end.wall + (start.has_time ? 0 : day_s);
	if (d->end <= d->start)
		return err_new(ERR_INVALID, "\"end\": not after the start");
	return NULL;
}

static NODISCARD err_t *zone_read(struct req *req, const struct args *args, struct event_draft *d)
{
	d->zone = req->zone;
	if (!args->zone || !*args->zone)
		return NULL;
	d->zone = zone_of_city(req->pool, args->zone);
	return d->zone ? NULL : err_new(ERR_INVALID, "\"zone\": no zone or city that is known");
}

static NODISCARD err_t *draft_read(struct req *req, const struct args *args, const char *title,
				   struct event_draft *d)
{
	bool meet = args->meet;

	title = without_meet(req->pool, title, &meet);
	*d = (struct event_draft){ .title = title,
				   .description = args->description,
				   .place = args->place,
				   .rrule = args->rrule,
				   .meet = meet,
				   .reminder = args->reminder ? args->reminder : -1,
				   .guests = args->guests.v,
				   .guests_n = args->guests.n };
	if (args->unknown && *args->unknown && is_google(args))
		d->description =
			mem_fmt(req->pool, "%s%s%s", args->description ? args->description : "",
				args->description && *args->description ? "\n" : "",
				tr(req->pool, req->lang, "event.with", SLOT_S("names", args->unknown)));
	ERR(zone_read(req, args, d));
	ERR(span_read(req, args, d));
	if (d->all_day)
		d->title = without_day(req->pool, title);
	return NULL;
}

/* The person's next words say when. */
static NODISCARD err_t *ask_when(struct req *req, struct tx *tx, const char *title, struct outcome *ret)
{
	struct json *args = json_object(req->pool);

	json_set_text(args, "title", title);
	outcome_refuse(req, ret, "when_missing",
		       tr(req->pool, req->lang, "event.no_when",
			  SLOT_S("title", text_cut(req->pool, title, 80))));
	return pending_question(tx, "create_event", args, "start");
}

/* ret->html set: something is missing. */
static NODISCARD err_t *prepare(struct req *req, struct tx *tx, const struct args *args,
				struct event_draft *d, struct outcome *ret)
{
	const char *title = words_line(req->pool, args->title);

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (args->rrule)
		ERR(ical_rule_check(args->rrule));
	if (!*title)
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.create_event"));
	else if (words_chars(title) > EVENT_TITLE_CHARS)
		outcome_refuse(req, ret, "too_long",
			       tr(req->pool, req->lang, "event.title_long",
				  SLOT_I("max", EVENT_TITLE_CHARS)));
	if (ret->html)
		return NULL;
	if (!args->start)
		return ask_when(req, tx, title, ret);
	return draft_read(req, args, title, d);
}

/* --- telling --- */

/* What else is there at that time; and the data. */
static NODISCARD err_t *tell(struct req *req, struct tx *tx, const struct event_row *e, struct outcome *ret)
{
	const struct event_data event = event_data(req, e);
	struct event_data other;
	struct event_row found;
	bool is_clash;

	ERR(event_clash(req, tx, e, &is_clash, &found));
	if (is_clash) {
		other = event_data(req, &found);
		ret->outside = ret->outside || found.outside;
		ret->html = mem_fmt(req->pool, "%s\n\n%s", ret->html,
				    tr(req->pool, req->lang, "event.clash", SLOT_S("title", found.title),
				       SLOT_S("hours", event_hours(req, &found))));
	}
	outcome_data(req, ret, result, &(struct created){ &event, is_clash ? &other : NULL });
	return NULL;
}

static void other_reading(struct req *req, const char *or_start, const struct event_row *e,
			  struct outcome *ret)
{
	struct when start = { .wall = e->start, .has_time = true }, other;

	if (or_start && e->id && when_read(req, or_start, &other))
		outcome_button(req, ret, 0, when_other_label(req, &start, &other),
			       button_act(req->pool, "update_event", SLOT_I("id", e->id),
					  SLOT_S("start", when_iso(req, &other))));
}

/* Once in a while, and where something does not go without it. */
static void hint(struct req *req, const struct args *args, int64_t id, struct outcome *ret)
{
	const struct event_home *home = &args->home;
	bool guests = args->attendees.n > 0;
	const char *text = NULL;

	if (!google_configured(req->config) || home->standing == GOOGLE_ABSENT ||
	    home->standing == GOOGLE_READY)
		return;
	if (home->standing == GOOGLE_BROKEN)
		text = tr(req->pool, req->lang, "event.hint_reconnect", SLOT_S("email", home->email));
	else if (guests)
		text = tr(req->pool, req->lang, "event.not_invited_local");
	else if (id % HINT_EACH == 1)
		text = tr(req->pool, req->lang, "event.hint_connect");
	if (!text)
		return;
	ret->html = mem_fmt(req->pool, "%s\n\n%s", ret->html, text);
	if (home->standing == GOOGLE_BROKEN)
		google_button_again(req, ret, GOOGLE_CALENDAR, home->account);
	else
		google_button(req, ret, GOOGLE_CALENDAR, home->account);
}

/* --- here --- */

static NODISCARD err_t *put(struct req *req, struct tx *tx, const struct args *args,
			    const struct event_draft *d, struct outcome *ret)
{
	struct event_row e = event_draft_row(req, d);
	struct when start = { .wall = e.start, .has_time = true }, end = { .wall = e.end, .has_time = true };
	struct rows *rows;

	ERR(tx_exec(tx, STMT_EVENT_PUT,
		    PG_ARGS(PG_TEXT(d->title), PG_TEXT(d->description ? d->description : ""),
			    PG_TEXT(e.place), PG_TEXTS(args->attendees.v, args->attendees.n),
			    PG_BOOL(d->all_day), PG_TEXT(when_iso(req, &start)), PG_TEXT(when_iso(req, &end)),
			    PG_TEXT(req->zone), PG_TIME(when_instant(req, e.start)),
			    PG_TIME(when_instant(req, e.end)), PG_TEXT(args->rrule)),
		    &rows));
	e = event_row(req, rows, 0, COL_EVENT_PUT_EVENT);
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "event", .object_id = e.id };
	ret->html = tr(req->pool, req->lang, "event.created", SLOT_S("title", e.title), SLOT_I("id", e.id),
		       SLOT_S("when", event_when(req, &e)),
		       SLOT_S("zone", zone_place(req->pool, req->lang, req->zone)));
	ret->html = mem_fmt(req->pool, "%s%s", ret->html, event_more_text(req, e.place, e.attendees, ""));
	other_reading(req, args->or_start, &e, ret);
	ERR(tell(req, tx, &e, ret));
	hint(req, args, e.id, ret);
	return NULL;
}

/* --- at Google --- */

static const char *joined(apr_pool_t *pool, const struct json_texts *list)
{
	struct buf b = buf_new(pool, 8192);

	for (size_t i = 0; i < list->n; i++)
		buf_fmt(&b, "%s%s", i ? ", " : "", list->v[i]);
	return b.p && !b.over ? b.p : "";
}

static NODISCARD err_t *preview(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct args exact = *args;
	struct event_draft d;
	struct event_row e;

	ERR(prepare(req, tx, args, &d, ret));
	if (ret->html)
		return NULL;
	e = event_draft_row(req, &d);
	if (!is_google(args)) { /* the person wants to be asked about everything */
		ret->html = tr(req->pool, req->lang, "event.card.put", SLOT_S("title", e.title),
			       SLOT_S("when", event_when(req, &e)));
		ret->card = true;
		return NULL;
	}
	ret->html = mem_fmt(req->pool, "%s%s",
			    tr(req->pool, req->lang, d.guests_n ? "event.card.create" : "event.card.put",
			       SLOT_S("title", e.title), SLOT_S("when", event_when(req, &e)),
			       SLOT_S("zone", event_zone_text(req, e.start))),
			    event_more_text(req, e.place, "", ""));
	if (d.meet)
		ret->html = mem_fmt(req->pool, "%s\n🎥 Google Meet", ret->html);
	if (d.guests_n)
		ret->html = mem_fmt(req->pool, "%s\n\n%s", ret->html,
				    tr(req->pool, req->lang, "event.card.tell",
				       SLOT_S("guests", joined(req->pool, &args->guests))));
	if (*args->unknown)
		ret->html = mem_fmt(req->pool, "%s\n%s", ret->html,
				    tr(req->pool, req->lang, "event.not_invited",
				       SLOT_S("names", args->unknown)));
	ERR(tell(req, tx, &e, ret));
	/* Who is invited is who was shown, whatever a name means by then. */
	exact.attendees = args->guests;
	exact.description = d.description;
	exact.account = args->home.account;
	ret->exact = json_encode(req->pool, params, &exact);
	ret->data = NULL;
	ret->card = true;
	return NULL;
}

static NODISCARD err_t *plan(struct req *req, struct tx *tx, const void *p, struct json **ret_request,
			     struct outcome *ret)
{
	const struct args *args = p;
	const struct event_home *home = &args->home;
	struct event_writes w;
	struct event_draft d;

	ERR(prepare(req, tx, args, &d, ret));
	if (ret->html)
		return NULL;
	if (!is_google(args))
		return put(req, tx, args, &d, ret);
	w = event_writes_new(req->pool, home->account, home->calendar_id, home->calendar, d.guests_n > 0);
	event_write_insert(req->pool, &w, NULL, event_draft_json(req, &d));
	*ret_request = event_writes_request(req->pool, &w);
	if (args->unknown && *args->unknown)
		json_set_text(*ret_request, "unknown", args->unknown);
	return NULL;
}

/* From what Google answered, not from what it was asked. */
static void created_html(struct req *req, const struct operation *op, const struct google_event *g,
			 const struct event_row *e, struct outcome *ret)
{
	apr_pool_t *pool = req->pool;
	struct buf guests = buf_new(pool, 8192);
	const char *number = "", *unknown = json_text(op->request, "unknown");

	if (e->id)
		number = tr(pool, req->lang, "event.number", SLOT_S("separator", " · "), SLOT_I("id", e->id));
	for (size_t i = 0; i < g->guests_n; i++)
		if (!g->guests[i].self)
			buf_fmt(&guests, "%s%s", guests.n ? ", " : "", g->guests[i].email);
	ret->html = tr(pool, req->lang, "event.created_google", SLOT_S("title", e->title),
		       SLOT_S("when", event_when(req, e)), SLOT_S("zone", event_zone_text(req, e->start)),
		       SLOT_S("number", number));
	ret->html = mem_fmt(pool, "%s%s", ret->html,
			    event_more_text(req, e->place, guests.n ? guests.p : "", g->meet));
	if (guests.n)
		ret->html = mem_fmt(pool, "%s\n%s", ret->html, tr(pool, req->lang, "event.invited"));
	if (unknown)
		ret->html = mem_fmt(pool, "%s\n%s", ret->html,
				    tr(pool, req->lang, "event.not_invited", SLOT_S("names", unknown)));
	if (*e->link)
		outcome_button(req, ret, 0, tr(pool, req->lang, "event.open"), e->link);
}

static NODISCARD err_t *settle(struct req *req, struct tx *tx, const struct operation *op,
			       struct outcome *ret)
{
	struct google_event g;
	struct event_row e;
	int64_t number;
	bool done;

	ERR(event_settle(req, tx, op, &done, &g, &number, ret));
	if (!done)
		return NULL;
	if (!g.id) /* made, and gone before it was looked for */
		return err_new(ERR_INTERNAL, "an event that was made is not known");
	e = event_of_google(req, &g);
	e.id = number;
	created_html(req, op, &g, &e, ret);
	other_reading(req, json_text(op->args, "or_start"), &e, ret);
	return tell(req, tx, &e, ret);
}

static const struct remote remote = {
	.ids = true, .plan = plan, .send = event_write_send, .look = event_write_look, .settle = settle
};

const struct tool tool_create_event = {
	.name = "create_event",
	.description =
		"Puts an appointment into the person's calendar (Google's when it is connected): something that happens at a "
		"time, with or without others. Guests with a mail address are invited after the person's yes.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.card_when = card_when,
	.claim = CLAIM_MAKE,
	.always_offered = true,
	.words = { .what = "title", .when = "start" },
	.min_role = ROLE_USER,
	.commands = "agendar schedule",
	.from_text = from_text,
	.preview = preview,
	.fetch = fetch,
	.remote = &remote,
};
