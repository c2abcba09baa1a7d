#include "core/ical.h"
#include "core/limits.h"
#include "core/text.h"
#include "core/zone_city.h"
#include "tools/pending.h"
#include "tools/event/event_view.h"
#include "tools/words.h"

struct args {
	const char *title, *start, *end, *or_start, *description, *place, *rrule;
	struct json_texts attendees;
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
	json_set_text(args, "title", words_line(req->pool, text));
	*ret_args = args;
	return NULL;
}

/* Start and end on the wall. */
struct span {
	int64_t start, end;
	bool all_day;
};

static NODISCARD err_t *span_read(struct req *req, const struct args *args, struct span *ret)
{
	struct when start, end;

	if (!when_read(req, args->start, &start))
		return err_new(ERR_INVALID, "\"start\": not a local time like 2026-11-30T14:00:00");
	*ret = (struct span){ .start = start.wall, .all_day = !start.has_time };
	ret->end = start.wall + (start.has_time ? EVENT_MINUTES * 60 : day_s);
	if (!args->end)
		return NULL;
	if (!when_read(req, args->end, &end))
		return err_new(ERR_INVALID, "\"end\": not a local time like 2026-11-30T15:00:00");
	ret->end = end.wall + (start.has_time ? 0 : day_s);
	if (ret->end <= ret->start)
		return err_new(ERR_INVALID, "\"end\": not after the start");
	return NULL;
}

/* What else is there at that time; and the data. */
static NODISCARD err_t *clash(struct req *req, struct tx *tx, const struct event_row *e, struct outcome *ret)
{
	const struct event_data event = event_data(req, e);
	struct event_data other;
	struct event_row *others;
	size_t n = 0, i = 0;

	if (!e->all_day)
		ERR(event_window(req, tx, e->start, e->end, "", &n, &others));
	while (i < n && (others[i].id == e->id || others[i].all_day))
		i++;
	if (i < n) {
		other = event_data(req, &others[i]);
		ret->outside = other.outside;
		ret->html = mem_fmt(req->pool, "%s\n\n%s", ret->html,
				    tr(req->pool, req->lang, "event.clash", SLOT_S("title", other.title),
				       SLOT_S("hours", event_hours(req, &others[i]))));
	}
	outcome_data(req, ret, result, &(struct created){ &event, i < n ? &other : NULL });
	return NULL;
}

static NODISCARD err_t *put(struct req *req, struct tx *tx, const struct args *args, const char *title,
			    const struct span *span, struct outcome *ret)
{
	apr_pool_t *pool = req->pool;
	struct when start = { .wall = span->start, .has_time = true },
		    end = { .wall = span->end, .has_time = true }, other;
	struct event_row e;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_EVENT_PUT,
		    PG_ARGS(PG_TEXT(title), PG_TEXT(args->description ? args->description : ""),
			    PG_TEXT(args->place ? args->place : ""),
			    PG_TEXTS(args->attendees.v, args->attendees.n), PG_BOOL(span->all_day),
			    PG_TEXT(when_iso(req, &start)), PG_TEXT(when_iso(req, &end)), PG_TEXT(req->zone),
			    PG_TIME(when_instant(req, span->start)), PG_TIME(when_instant(req, span->end)),
			    PG_TEXT(args->rrule)),
		    &rows));
	e = event_row(req, rows, 0, COL_EVENT_PUT_EVENT);
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "event", .object_id = e.id };
	ret->html = tr(pool, req->lang, "event.created", SLOT_S("title", e.title), SLOT_I("id", e.id),
		       SLOT_S("when", event_when(req, &e)),
		       SLOT_S("zone", zone_place(req->pool, req->lang, req->zone)));
	if (*e.place)
		ret->html = mem_fmt(pool, "%s\n📍 %s", ret->html, text_html(pool, e.place));
	if (*e.attendees)
		ret->html = mem_fmt(pool, "%s\n👥 %s", ret->html, text_html(pool, e.attendees));
	if (args->or_start && when_read(req, args->or_start, &other))
		outcome_button(req, ret, 0, when_other_label(req, &start, &other),
			       button_act(pool, "update_event", SLOT_I("id", e.id),
					  SLOT_S("start", when_iso(req, &other))));
	return clash(req, tx, &e, ret);
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

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *title = words_line(req->pool, args->title);
	struct span span = { 0 };

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
	ERR(span_read(req, args, &span));
	return put(req, tx, args, title, &span, ret);
}

const struct tool tool_create_event = {
	.name = "create_event",
	.description =
		"Puts an appointment into the person's calendar: something that happens at a time, with or without others.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_MAKE,
	.always_offered = true,
	.words = { .what = "title", .when = "start" },
	.min_role = ROLE_USER,
	.commands = "agendar schedule",
	.from_text = from_text,
	.run = run,
};
