#include "core/limits.h"
#include "core/text.h"
#include "integrations/google/google.h"
#include "tools/event/event_change.h"
#include "tools/event/event_settle.h"
#include "tools/which.h"

struct args {
	int64_t id;
	const char *event_id, *title, *start, *end, *scope;
	bool several;
	struct event_far *far; /* of fetch; NULL: it is kept here, or nowhere */
	const char *note;      /* of fetch: what may be missing */
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
	{ "scope", JSON_TEXT, 0, offsetof(struct args, scope), 0, 20, EVENT_SCOPES,
	  "of one that repeats: this one, it and the following, or all; only when the person said so" },
	{ "several", JSON_BOOL, 0, offsetof(struct args, several), 0, 0, NULL,
	  "the person spoke of more than one: nothing is deleted, those of the time are shown to choose from" },
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

enum { WAIT_MS = 3000, DAY_S = 86400, DAYS = 7 };

/* --- before --- */

static const char *number_of(struct req *req, const struct args *args)
{
	return args->id ? mem_fmt(req->pool, "%lld", (long long)args->id) : args->event_id;
}

static bool is_several(const struct args *args)
{
	return args->several && !args->id && !(args->event_id && *args->event_id);
}

static NODISCARD err_t *day_of(struct req *req, const struct args *args, const char **ret_day)
{
	struct when day;

	*ret_day = "";
	if (!args->start)
		return NULL;
	if (!when_read(req, args->start, &day))
		return err_new(ERR_INVALID, "\"start\": not a local day like 2026-11-30");
	*ret_day = when_date(req, &day);
	return NULL;
}

static err_t *fetch(struct req *req, void *p, struct outcome *ret)
{
	struct args *args = p;
	const char *day;

	if (!google_configured(req->config))
		return NULL;
	ERR(day_of(req, args, &day));
	if (!number_of(req, args))
		ERR(event_fresh(req, WAIT_MS, &args->note));
	if (is_several(args))
		return NULL;
	return event_far_find(req, number_of(req, args), args->title, day, &args->far, ret);
}

static bool card_when(const void *p)
{
	const struct args *args = p;

	return args->far && event_far_is_shared(args->far);
}

static struct json *exact_of(struct req *req, const struct args *args)
{
	struct args exact = *args;

	exact.id = args->far->row.id;
	exact.event_id = exact.title = exact.start = exact.end = NULL;
	return json_encode(req->pool, params, &exact);
}

static const char *told(struct req *req, const struct args *args)
{
	const struct event_far *far = args->far;

	if (!far->event.organized || !event_far_is_shared(far))
		return "";
	return mem_fmt(req->pool, "\n\n%s",
		       tr(req->pool, req->lang, "event.card.tell",
			  SLOT_S("guests", event_far_guests(req, far))));
}

/* "Which ones?" is the card of what repeats, with or without guests. *ret_asked. */
static NODISCARD err_t *ask_scope(struct req *req, struct tx *tx, const struct args *args, bool *ret_asked,
				  struct outcome *ret)
{
	*ret_asked = event_scope_of(args->far, args->scope) == SCOPE_UNSAID;
	if (!*ret_asked)
		return NULL;
	return event_scope_ask(req, tx, "delete_event", exact_of(req, args), args->far, "event.scope.delete",
			       told(req, args), ret);
}

/* More than one was spoken of: they are shown, each with a button, and none is taken. Of the next days where none was said. */
static NODISCARD err_t *choose(struct req *req, struct tx *tx, const struct args *args, struct outcome *ret)
{
	int64_t now = when_now(req), start = now, end;
	struct event_row *v;
	struct when when;
	size_t n;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (args->start && !when_read(req, args->start, &when))
		return err_new(ERR_INVALID, "\"start\": not a local day like 2026-11-30");
	if (args->start)
		start = when.wall;
	end = start - ((start % DAY_S) + DAY_S) % DAY_S + (args->start ? 1 : DAYS) * (int64_t)DAY_S;
	if (args->end && when_read(req, args->end, &when))
		end = when.has_time ? when.wall : when.wall + DAY_S;
	if (end <= start)
		return err_new(ERR_INVALID, "\"end\": not after the start");
	ERR(event_window(req, tx, start, end, "", &n, &v));
	event_choose(req, v, n, ret);
	if (args->note && *args->note)
		ret->html = mem_fmt(req->pool, "%s\n\n%s", ret->html, args->note);
	return NULL;
}

static NODISCARD err_t *preview(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const struct event_far *far = args->far;
	bool asked;

	if (is_several(args))
		return choose(req, tx, args, ret);
	if (!far) { /* the person wants to be asked about everything */
		ret->html = tr(req->pool, req->lang, "pending.ask",
			       SLOT_S("what",
				      tr(req->pool, req->lang, "ask.delete_event",
					 SLOT_S("what",
						args->title ? mem_fmt(req->pool, " “%s”", args->title) : ""),
					 SLOT_S("when", ""))));
		ret->card = true;
		return NULL;
	}
	ERR(ask_scope(req, tx, args, &asked, ret));
	if (asked)
		return NULL;
	*ret = (struct outcome){ .card = true, .outside = !far->event.own, .exact = exact_of(req, args) };
	ret->html = mem_fmt(req->pool, "%s%s",
			    tr(req->pool, req->lang,
			       far->event.organized ? "event.card.delete" : "event.card.leave",
			       SLOT_S("title", far->row.title), SLOT_S("when", event_when(req, &far->row)),
			       SLOT_S("organizer", far->event.organizer)),
			    told(req, args));
	return NULL;
}

/* --- here, or at Google --- */

static void gone(struct req *req, const struct event_row *e, struct outcome *ret)
{
	outcome_data(req, ret, result,
		     &(struct deleted){ .id = e->id, .title = e->title, .outside = e->outside });
	ret->html = tr(req->pool, req->lang, "event.deleted", SLOT_S("title", e->title),
		       SLOT_S("when", event_when(req, e)));
}

static NODISCARD err_t *local(struct req *req, struct tx *tx, const struct args *args, struct outcome *ret)
{
	struct event_row e;
	struct rows *rows;
	const char *day;
	bool found;

	ERR(day_of(req, args, &day));
	ERR(event_pick(req, tx, number_of(req, args), args->title, day, &e, &found, ret));
	if (!found && args->note && *args->note)
		ret->html = mem_fmt(req->pool, "%s\n\n%s", ret->html, args->note);
	if (!found)
		return NULL;
	if (e.google) { /* Google was asked for it, and did not say */
		outcome_refuse(req, ret, "not_known", tr(req->pool, req->lang, "event.unread"));
		return NULL;
	}
	ERR(tx_exec(tx, STMT_EVENT_DELETE, PG_ARGS(PG_INT(e.id)), &rows));
	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "event", .object_id = e.id, .outside = e.outside
	};
	gone(req, &e, ret);
	return NULL;
}

static NODISCARD err_t *plan(struct req *req, struct tx *tx, const void *p, struct json **ret_request,
			     struct outcome *ret)
{
	const struct args *args = p;
	const struct event_far *far = args->far;
	struct event_writes w;
	bool asked;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (is_several(args))
		return choose(req, tx, args, ret);
	if (!far)
		return local(req, tx, args, ret);
	ERR(ask_scope(req, tx, args, &asked, ret));
	if (asked)
		return NULL;
	w = event_writes_new(req->pool, far->account, far->calendar_id, far->calendar,
			     event_far_is_shared(far));
	event_change_delete(req, far, event_scope_of(far, args->scope), &w);
	*ret_request = event_writes_request(req->pool, &w);
	json_set_int(*ret_request, "number", far->row.id);
	json_set_int(*ret_request, "start", far->row.start);
	json_set_int(*ret_request, "end", far->row.end);
	json_set_bool(*ret_request, "all_day", far->row.all_day);
	json_set_text(*ret_request, "title", far->row.title);
	json_set_bool(*ret_request, "outside", far->row.outside);
	return NULL;
}

static NODISCARD err_t *settle(struct req *req, struct tx *tx, const struct operation *op,
			       struct outcome *ret)
{
	struct event_row e = { .rrule = "", .title = json_text(op->request, "title") };
	struct google_event unread;
	int64_t number;
	bool done;

	ERR(event_settle(req, tx, op, &done, &unread, &number, ret));
	if (!done)
		return NULL;
	json_int(op->request, "number", &e.id);
	json_int(op->request, "start", &e.start);
	json_int(op->request, "end", &e.end);
	e.all_day = json_true(op->request, "all_day");
	e.outside = ret->outside = json_true(op->request, "outside");
	ret->object_id = e.id;
	if (e.outside) { /* only its organizer can bring it back */
		ret->reverse_tool = NULL;
		ret->reverse_args = NULL;
		ret->lasting = true;
	}
	gone(req, &e, ret);
	return NULL;
}

static const struct remote remote = {
	.ids = true, .plan = plan, .send = event_write_send, .look = event_write_look, .settle = settle
};

const struct tool tool_delete_event = {
	.name = "delete_event",
	.description =
		"Takes an appointment out of the calendar (Google's too), by its number or part of its title. Of one that repeats the "
		"app asks which occurrences are meant.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.card_when = card_when,
	.claim = CLAIM_REMOVE,
	.words = { .what = "title id", .when = "start" },
	.min_role = ROLE_USER,
	.preview = preview,
	.fetch = fetch,
	.remote = &remote,
};
