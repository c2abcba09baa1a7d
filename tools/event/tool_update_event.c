#include "core/limits.h"
#include "core/text.h"
#include "integrations/google/google.h"
#include "tools/event/event_change.h"
#include "tools/event/event_settle.h"
#include "tools/event/event_draft.h"
#include "tools/which.h"
#include "tools/words.h"

struct args {
	int64_t id;
	const char *event_id, *title, *new_title, *start, *end, *place, *description, *scope;
	struct json_texts attendees;
	int64_t shift; /* minutes; 0: none */
	/* What fetch finds. */
	struct event_far *far; /* NULL: it is kept here, or nowhere */
	const char *note;      /* what may be missing */
	struct json_texts guests;
	const char *unknown;
};

enum { SHIFT_MAX = 366 * 24 * 60 };

static const struct json_field params[] = {
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the event's number; give it or the title" },
	{ "event_id", JSON_TEXT, 0, offsetof(struct args, event_id), 0, 200, NULL,
	  "the same, as it was listed" },
	{ "title", JSON_TEXT, 0, offsetof(struct args, title), 0, LIMIT_TEXT_IN, NULL,
	  "part of its title, when the number is not known" },
	{ "new_title", JSON_TEXT, 0, offsetof(struct args, new_title), 0, LIMIT_TEXT_IN, NULL,
	  "a new title" },
	{ "start", JSON_TEXT, 0, offsetof(struct args, start), 0, 40, NULL,
	  "the new start, local: 2026-11-30T14:00:00; a day alone keeps the time of day, a time alone (14:00) the day" },
	{ "end", JSON_TEXT, 0, offsetof(struct args, end), 0, 40, NULL,
	  "the new end, likewise; it keeps its length when left out" },
	{ "shift", JSON_INT, 0, offsetof(struct args, shift), -SHIFT_MAX, SHIFT_MAX, NULL,
	  "instead of start: by how many minutes it moves, earlier when negative" },
	{ "place", JSON_TEXT, 0, offsetof(struct args, place), 0, 500, NULL, "where, from now on" },
	{ "description", JSON_TEXT, 0, offsetof(struct args, description), 0, 5000, NULL,
	  "details, from now on" },
	{ "attendees", JSON_TEXTS, 0, offsetof(struct args, attendees), 0, 50, NULL,
	  "names or mails of who is invited, too" },
	{ "scope", JSON_TEXT, 0, offsetof(struct args, scope), 0, 20, EVENT_SCOPES,
	  "of one that repeats: this one, it and the following, or all; only when the person said so" },
	{ 0 },
};

struct updated {
	const struct event_data *event;
	struct json_list candidates;
};

static const struct json_field result[] = {
	{ "event", JSON_OBJECT, JSON_REQUIRED, offsetof(struct updated, event), .of = event_fields },
	WHICH_CANDIDATES(offsetof(struct updated, candidates), event_fields, event_data),
	{ 0 },
};

static const int64_t day_s = 86400;
enum { WAIT_MS = 3000 };

static int64_t clock_of(int64_t wall)
{
	return ((wall % day_s) + day_s) % day_s;
}

/* By minutes, of whole days by days. */
static NODISCARD err_t *shifted(int64_t minutes, struct event_row *e)
{
	if (e->all_day && minutes % (day_s / 60) != 0)
		return err_new(ERR_INVALID, "\"shift\": whole days of an event of whole days");
	e->start += minutes * 60;
	e->end += minutes * 60;
	return NULL;
}

/* A time alone is of that day. */
static bool time_read(struct req *req, const char *iso, int64_t day, struct when *ret)
{
	struct when on = { .wall = day };

	if (strlen(iso) > 2 && iso[2] == ':')
		iso = mem_fmt(req->pool, "%sT%s", when_date(req, &on), iso);
	return when_read(req, iso, ret);
}

/* Moves it: a day alone keeps the hour, a time alone the day, a start alone the length. */
static NODISCARD err_t *move(struct req *req, const struct args *args, struct event_row *e)
{
	int64_t length = e->end - e->start;
	struct when when;

	if (args->shift && !args->start && !args->end)
		return shifted(args->shift, e);
	if (args->start) {
		if (!time_read(req, args->start, e->start - clock_of(e->start), &when))
			return err_new(ERR_INVALID, "\"start\": not a local time like 2026-11-30T14:00:00");
		if (when.has_time && e->all_day) {
			e->all_day = false;
			length = EVENT_MINUTES * 60;
		}
		e->start = when.has_time || e->all_day ? when.wall : when.wall + clock_of(e->start);
		e->end = e->start + length;
	}
	if (!args->end || (args->start && !when.has_time && !e->all_day))
		return NULL; /* "next week" as a start and an end says one day, not a length */
	if (!time_read(req, args->end, e->start - clock_of(e->start), &when))
		return err_new(ERR_INVALID, "\"end\": not a local time like 2026-11-30T15:00:00");
	e->end = e->all_day ? when.wall + day_s : when.wall;
	return e->end > e->start ? NULL : err_new(ERR_INVALID, "\"end\": not after the start");
}

static NODISCARD err_t *change(struct req *req, struct tx *tx, const struct args *args,
			       const struct event_row *e, struct outcome *ret)
{
	struct when start = { .wall = e->start, .has_time = true },
		    end = { .wall = e->end, .has_time = true };
	const char *title = args->new_title ? words_line(req->pool, args->new_title) : NULL;
	struct event_data data;
	struct event_row now;
	struct rows *rows;

	if (title && (!*title || words_chars(title) > EVENT_TITLE_CHARS))
		return err_new(ERR_INVALID, "\"new_title\": 1 to %d characters", EVENT_TITLE_CHARS);
	ERR(tx_exec(tx, STMT_EVENT_UPDATE,
		    PG_ARGS(PG_INT(e->id), PG_TEXT(title), PG_TEXT(args->place), PG_TEXT(args->description),
			    PG_TEXT(when_iso(req, &start)), PG_TEXT(when_iso(req, &end)),
			    PG_TIME(when_instant(req, e->start)), PG_TIME(when_instant(req, e->end)),
			    PG_TEXT(req->zone), PG_BOOL(e->all_day)),
		    &rows));
	now = event_row(req, rows, 0, COL_EVENT_UPDATE_EVENT);
	data = event_data(req, &now);
	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "event", .object_id = now.id, .outside = now.outside
	};
	outcome_data(req, ret, result, &(struct updated){ .event = &data });
	ret->html = tr(req->pool, req->lang, "event.updated", SLOT_S("title", now.title),
		       SLOT_I("id", now.id), SLOT_S("when", event_when(req, &now)));
	return NULL;
}

/* --- before --- */

static const char *number_of(struct req *req, const struct args *args)
{
	return args->id ? mem_fmt(req->pool, "%lld", (long long)args->id) : args->event_id;
}

static NODISCARD err_t *guests_find(struct req *req, struct args *args)
{
	struct tx *tx;

	if (!args->attendees.n)
		return NULL;
	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, event_guests(req, tx, &args->attendees, &args->guests, &args->unknown));
}

static err_t *fetch(struct req *req, void *p, struct outcome *ret)
{
	struct args *args = p;

	if (!google_configured(req->config))
		return NULL;
	if (!number_of(req, args))
		ERR(event_fresh(req, WAIT_MS, &args->note));
	ERR(event_far_find(req, number_of(req, args), args->title, "", &args->far, ret));
	if (!args->far || ret->html)
		return NULL;
	if (!args->far->event.organized && !args->far->event.guests_may) {
		ret->outside = true;
		outcome_refuse(req, ret, "not_yours",
			       tr(req->pool, req->lang, "event.not_yours",
				  SLOT_S("title", args->far->row.title)));
		return NULL;
	}
	return guests_find(req, args);
}

static bool card_when(const void *p)
{
	const struct args *args = p;

	return args->far && (event_far_is_shared(args->far) || args->guests.n);
}

/* --- what changes --- */

static bool changes(const struct args *args)
{
	return args->start || args->end || args->shift || args->new_title || args->place ||
	       args->description || args->guests.n;
}

/* *ret_row: as it will be, of the occurrence that was meant. */
static NODISCARD err_t *change_of(struct req *req, const struct args *args, struct event_change *ret,
				  struct event_row *ret_row)
{
	struct event_row e = event_of_google(req, &args->far->event);
	const char *title = args->new_title ? words_line(req->pool, args->new_title) : NULL;

	if (title && (!*title || words_chars(title) > EVENT_TITLE_CHARS))
		return err_new(ERR_INVALID, "\"new_title\": 1 to %d characters", EVENT_TITLE_CHARS);
	ERR(move(req, args, &e));
	*ret = (struct event_change){ .title = title,
				      .place = args->place,
				      .description = args->description,
				      .times = args->start || args->end || args->shift,
				      .start = e.start,
				      .end = e.end,
				      .all_day = e.all_day,
				      .guests = args->guests };
	if (title)
		e.title = title;
	e.rrule = "";
	e.id = args->far->row.id;
	*ret_row = e;
	return NULL;
}

/* The arguments that mean exactly this event; e: as it will be. A yes moves it to the times that the card shows, not by a length once more. */
static struct json *exact_of(struct req *req, const struct args *args, const struct event_row *e)
{
	struct args exact = *args;
	struct when start = { .wall = e->start, .has_time = !e->all_day },
		    end = { .wall = e->end - (e->all_day ? day_s : 0), .has_time = !e->all_day };

	exact.id = args->far->row.id;
	exact.event_id = exact.title = NULL;
	exact.attendees = args->guests;
	if (args->shift) {
		exact.start = when_iso(req, &start);
		exact.end = when_iso(req, &end);
		exact.shift = 0;
	}
	return json_encode(req->pool, params, &exact);
}

static const char *told(struct req *req, const struct args *args)
{
	const char *guests = event_far_is_shared(args->far) ? event_far_guests(req, args->far) : "";

	for (size_t i = 0; i < args->guests.n; i++)
		guests = mem_fmt(req->pool, "%s%s%s", guests, *guests ? ", " : "", args->guests.v[i]);
	return *guests ? mem_fmt(req->pool, "\n\n%s",
				 tr(req->pool, req->lang, "event.card.tell", SLOT_S("guests", guests)))
		       : "";
}

static const char *before_text(struct req *req, const struct args *args)
{
	if (!args->start && !args->end && !args->shift)
		return "";
	return mem_fmt(req->pool, "\n<i>%s</i>",
		       tr(req->pool, req->lang, "event.card.change",
			  SLOT_S("when", event_when(req, &args->far->row))));
}

static NODISCARD err_t *refuse_nothing(struct req *req, const char *title, bool outside, struct outcome *ret)
{
	*ret = (struct outcome){ .kind = OUTCOME_SAY, .outside = outside };
	outcome_refuse(req, ret, "nothing_to_change",
		       tr(req->pool, req->lang, "event.what_change", SLOT_S("title", title)));
	return NULL;
}

/* What else there is at the new time, as a line. */
static NODISCARD err_t *clash_line(struct req *req, struct tx *tx, const struct event_row *e,
				   const char **ret)
{
	struct event_row other;
	bool is_clash;

	*ret = "";
	ERR(event_clash(req, tx, e, &is_clash, &other));
	if (is_clash)
		*ret = mem_fmt(req->pool, "\n\n%s",
			       tr(req->pool, req->lang, "event.clash", SLOT_S("title", other.title),
				  SLOT_S("hours", event_hours(req, &other))));
	return NULL;
}

/* "Which ones?" is the card of what repeats, with or without guests. *ret_asked. */
static NODISCARD err_t *ask_scope(struct req *req, struct tx *tx, const struct args *args,
				  const struct event_row *e, bool *ret_asked, struct outcome *ret)
{
	*ret_asked = event_scope_of(args->far, args->scope) == SCOPE_UNSAID;
	if (!*ret_asked)
		return NULL;
	return event_scope_ask(req, tx, "update_event", exact_of(req, args, e), args->far,
			       "event.scope.update",
			       mem_fmt(req->pool, "\n→ <b>%s</b>\n%s%s", text_html(req->pool, e->title),
				       event_when(req, e), told(req, args)),
			       ret);
}

static NODISCARD err_t *preview(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct event_change c;
	struct event_row e;
	const char *clash;
	bool asked;

	if (!args->far) { /* the person wants to be asked about everything */
		ret->html = tr(req->pool, req->lang, "pending.ask",
			       SLOT_S("what",
				      tr(req->pool, req->lang, "ask.update_event",
					 SLOT_S("what",
						args->title ? mem_fmt(req->pool, " “%s”", args->title) : ""),
					 SLOT_S("when", ""))));
		ret->card = true;
		return NULL;
	}
	if (!changes(args))
		return refuse_nothing(req, args->far->row.title, !args->far->event.own, ret);
	ERR(change_of(req, args, &c, &e));
	ERR(ask_scope(req, tx, args, &e, &asked, ret));
	if (asked)
		return NULL;
	ERR(clash_line(req, tx, &e, &clash));
	*ret = (struct outcome){ .card = true,
				 .outside = !args->far->event.own,
				 .exact = exact_of(req, args, &e) };
	ret->html = mem_fmt(req->pool, "%s%s%s%s",
			    tr(req->pool, req->lang, "event.card.update", SLOT_S("title", e.title),
			       SLOT_S("when", event_when(req, &e))),
			    before_text(req, args), told(req, args), clash);
	return NULL;
}

/* --- here, or at Google --- */

static NODISCARD err_t *local(struct req *req, struct tx *tx, const struct args *args, struct outcome *ret)
{
	struct event_row e;
	bool found;

	ERR(event_pick(req, tx, number_of(req, args), args->title, "", &e, &found, ret));
	if (!found && args->note && *args->note)
		ret->html = mem_fmt(req->pool, "%s\n\n%s", ret->html, args->note);
	if (!found)
		return NULL;
	if (e.google) { /* Google was asked for it, and did not say */
		outcome_refuse(req, ret, "not_known", tr(req->pool, req->lang, "event.unread"));
		return NULL;
	}
	if (!changes(args))
		return refuse_nothing(req, e.title, e.outside, ret);
	ERR(move(req, args, &e));
	return change(req, tx, args, &e, ret);
}

static NODISCARD err_t *plan(struct req *req, struct tx *tx, const void *p, struct json **ret_request,
			     struct outcome *ret)
{
	const struct args *args = p;
	const struct event_far *far = args->far;
	struct event_writes w;
	struct event_change c;
	struct event_row e;
	bool asked, ok;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (!far)
		return local(req, tx, args, ret);
	if (!changes(args))
		return refuse_nothing(req, far->row.title, !far->event.own, ret);
	ERR(change_of(req, args, &c, &e));
	ERR(ask_scope(req, tx, args, &e, &asked, ret));
	if (asked)
		return NULL;
	w = event_writes_new(req->pool, far->account, far->calendar_id, far->calendar,
			     event_far_is_shared(far) || args->guests.n);
	ERR(event_change_patch(req, far, event_scope_of(far, args->scope), &c, &w, &ok, ret));
	if (!ok)
		return NULL;
	*ret_request = event_writes_request(req->pool, &w);
	json_set_int(*ret_request, "start", e.start);
	json_set_int(*ret_request, "end", e.end);
	json_set_bool(*ret_request, "series", event_scope_of(far, args->scope) != SCOPE_THIS);
	return NULL;
}

static NODISCARD err_t *settle(struct req *req, struct tx *tx, const struct operation *op,
			       struct outcome *ret)
{
	struct google_event g;
	struct event_row e;
	struct event_data data;
	int64_t number;
	const char *clash;
	bool done;

	ERR(event_settle(req, tx, op, &done, &g, &number, ret));
	if (!done)
		return NULL;
	if (!g.id)
		return err_new(ERR_INTERNAL, "an event that was changed is not known");
	e = event_of_google(req, &g);
	e.id = number;
	if (json_true(op->request, "series")) { /* what was meant, and not when the series began */
		json_int(op->request, "start", &e.start);
		json_int(op->request, "end", &e.end);
	}
	ret->html = tr(req->pool, req->lang, "event.updated_google", SLOT_S("title", e.title),
		       SLOT_S("when", event_when(req, &e)), SLOT_S("zone", event_zone_text(req, e.start)),
		       SLOT_S("number", number ? tr(req->pool, req->lang, "event.number",
						    SLOT_S("separator", " · "), SLOT_I("id", number))
					       : ""));
	ERR(clash_line(req, tx, &e, &clash));
	ret->html = mem_fmt(req->pool, "%s%s%s", ret->html, event_more_text(req, e.place, "", ""), clash);
	if (*e.link)
		outcome_button(req, ret, 0, tr(req->pool, req->lang, "event.open"), e.link);
	data = event_data(req, &e);
	outcome_data(req, ret, result, &(struct updated){ .event = &data });
	return NULL;
}

static const struct remote remote = {
	.ids = true, .plan = plan, .send = event_write_send, .look = event_write_look, .settle = settle
};

const struct tool tool_update_event = {
	.name = "update_event",
	.description =
		"Moves or changes an appointment (Google's too), by its number or part of its title, or invites more people. Of one "
		"that repeats the app asks which occurrences are meant.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.card_when = card_when,
	.claim = CLAIM_CHANGE,
	.words = { .what = "title id", .when = "start" },
	.clock_alone = true,
	.min_role = ROLE_USER,
	.preview = preview,
	.fetch = fetch,
	.remote = &remote,
};
