#include "core/limits.h"
#include "tools/event/event_view.h"
#include "tools/which.h"

struct args {
	int64_t id;
	const char *event_id, *title, *start, *end;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the event's number; give it or the title" },
	{ "event_id", JSON_TEXT, 0, offsetof(struct args, event_id), 0, 200, NULL,
	  "the same, as it was listed" },
	{ "title", JSON_TEXT, 0, offsetof(struct args, title), 0, LIMIT_TEXT_IN, NULL,
	  "part of its title, when the number is not known" },
	{ "start", JSON_TEXT, 0, offsetof(struct args, start), 0, 40, NULL,
	  "the day it is on, to tell it from others" },
	{ "end", JSON_TEXT, 0, offsetof(struct args, end), 0, 40, NULL, NULL },
	{ 0 },
};

struct deleted {
	int64_t id;
	const char *title;
	bool outside;
	struct json_list candidates;
};

static const struct json_field result[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct deleted, id) },
	{ "title", JSON_TEXT, JSON_REQUIRED | JSON_WORDS, offsetof(struct deleted, title) },
	{ "outside", JSON_BOOL, 0, offsetof(struct deleted, outside) },
	WHICH_CANDIDATES(offsetof(struct deleted, candidates), event_fields, event_data),
	{ 0 },
};

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct event_row e;
	struct rows *rows;
	struct when day;
	bool found;

	if (args->start && !when_read(req, args->start, &day))
		return err_new(ERR_INVALID, "\"start\": not a local day like 2026-11-30");
	ERR(event_pick(req, tx, args->id ? mem_fmt(req->pool, "%lld", (long long)args->id) : args->event_id,
		       args->title, args->start ? when_date(req, &day) : "", &e, &found, ret));
	if (!found)
		return NULL;
	ERR(tx_exec(tx, STMT_EVENT_DELETE, PG_ARGS(PG_INT(e.id)), &rows));
	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "event", .object_id = e.id, .outside = e.outside
	};
	outcome_data(req, ret, result,
		     &(struct deleted){ .id = e.id, .title = e.title, .outside = e.outside });
	ret->html = tr(req->pool, req->lang, "event.deleted", SLOT_S("title", e.title),
		       SLOT_S("when", event_when(req, &e)));
	return NULL;
}

const struct tool tool_delete_event = {
	.name = "delete_event",
	.description =
		"Takes an appointment out of the calendar, by its number or part of its title. One that repeats goes as a whole.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_REMOVE,
	.words = { .what = "title id", .when = "start" },
	.min_role = ROLE_USER,
	.run = run,
};
