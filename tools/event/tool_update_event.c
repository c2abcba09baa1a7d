#include "core/text.h"
#include "core/limits.h"
#include "tools/event/event_view.h"
#include "tools/which.h"
#include "tools/words.h"

struct args {
	int64_t id;
	const char *event_id, *title, *new_title, *start, *end, *place, *description;
};

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
	  "the new start, local: 2026-11-30T14:00:00; a day alone keeps the time of day" },
	{ "end", JSON_TEXT, 0, offsetof(struct args, end), 0, 40, NULL,
	  "the new end; it keeps its length when left out" },
	{ "place", JSON_TEXT, 0, offsetof(struct args, place), 0, 500, NULL, "where, from now on" },
	{ "description", JSON_TEXT, 0, offsetof(struct args, description), 0, 5000, NULL,
	  "details, from now on" },
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

static int64_t clock_of(int64_t wall)
{
	return ((wall % day_s) + day_s) % day_s;
}

/* Moves it: a day alone keeps the hour, a start alone the length. */
static NODISCARD err_t *move(struct req *req, const struct args *args, struct event_row *e)
{
	int64_t length = e->end - e->start;
	struct when when;

	if (args->start) {
		if (!when_read(req, args->start, &when))
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
	if (!when_read(req, args->end, &when))
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

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct event_row e;
	bool found;

	ERR(event_pick(req, tx, args->id ? mem_fmt(req->pool, "%lld", (long long)args->id) : args->event_id,
		       args->title, "", &e, &found, ret));
	if (!found)
		return NULL;
	if (!args->start && !args->end && !args->new_title && !args->place && !args->description) {
		ret->outside = e.outside;
		outcome_refuse(req, ret, "nothing_to_change",
			       tr(req->pool, req->lang, "event.what_change", SLOT_S("title", e.title)));
		return NULL;
	}
	ERR(move(req, args, &e));
	return change(req, tx, args, &e, ret);
}

const struct tool tool_update_event = {
	.name = "update_event",
	.description =
		"Moves or changes an appointment, by its number or part of its title. One that repeats is changed as a whole.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_CHANGE,
	.words = { .what = "title id", .when = "start" },
	.min_role = ROLE_USER,
	.run = run,
};
