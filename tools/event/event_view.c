#include "tools/event/event_view.h"

#include "core/ical.h"
#include "core/limits.h"
#include "core/text.h"
#include "ml/date/date.h"
#include "ml/reader/reader.h"
#include "tools/rule_text.h"
#include "tools/which.h"
#include "tools/words.h"
#include <stdlib.h>
#include <string.h>

static const int64_t day_s = 86400;
enum { CHOICES = 8 };

struct event_row event_shown(struct req *req, struct event_row e)
{
	if (!e.outside)
		return e;
	e.title = reader_defang(req->pool, e.title);
	e.place = reader_defang(req->pool, e.place);
	return e;
}

struct event_row event_row(struct req *req, const struct rows *rows, int row, int col)
{
	struct event_row e = { .id = rows_int(rows, row, col + COL_EVENT_ID),
			       .title = rows_text(rows, row, col + COL_EVENT_TITLE),
			       .all_day = rows_bool(rows, row, col + COL_EVENT_ALL_DAY),
			       .rrule = rows_text(rows, row, col + COL_EVENT_RRULE),
			       .place = rows_text(rows, row, col + COL_EVENT_PLACE),
			       .attendees = rows_text(rows, row, col + COL_EVENT_ATTENDEES),
			       .outside = rows_bool(rows, row, col + COL_EVENT_OUTSIDE),
			       .google = rows_bool(rows, row, col + COL_EVENT_GOOGLE),
			       .link = rows_text(rows, row, col + COL_EVENT_LINK),
			       .free = rows_bool(rows, row, col + COL_EVENT_FREE) };

	if (!date_parse_iso(rows_text(rows, row, col + COL_EVENT_START), &e.start) ||
	    !date_parse_iso(rows_text(rows, row, col + COL_EVENT_END), &e.end))
		e.end = e.start;
	if (!*e.title)
		e.title = tr(req->pool, req->lang, "event.untitled");
	return event_shown(req, e);
}

const struct json_field event_fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct event_data, id) },
	{ "title", JSON_TEXT, JSON_REQUIRED | JSON_WORDS, offsetof(struct event_data, title) },
	{ "start", JSON_TEXT, JSON_REQUIRED, offsetof(struct event_data, start),
	  .doc = "local: 2026-11-30T14:00:00, of whole days 2026-11-30" },
	{ "end", JSON_TEXT, JSON_REQUIRED, offsetof(struct event_data, end),
	  .doc = "of whole days the last one" },
	{ "all_day", JSON_BOOL, 0, offsetof(struct event_data, all_day) },
	{ "rrule", JSON_TEXT, 0, offsetof(struct event_data, rrule) },
	{ "place", JSON_TEXT, JSON_WORDS, offsetof(struct event_data, place) },
	{ "attendees", JSON_TEXT, JSON_WORDS, offsetof(struct event_data, attendees) },
	{ "link", JSON_TEXT, 0, offsetof(struct event_data, link) },
	{ "google", JSON_BOOL, 0, offsetof(struct event_data, google), .doc = "in a calendar at Google" },
	{ "outside", JSON_BOOL, 0, offsetof(struct event_data, outside) },
	{ 0 },
};

struct event_data event_data(struct req *req, const struct event_row *e)
{
	struct when start = { .wall = e->start, .has_time = !e->all_day },
		    end = { .wall = e->end - (e->all_day ? day_s : 0), .has_time = !e->all_day };

	return (struct event_data){ .id = e->id,
				    .title = e->title,
				    .start = when_iso(req, &start),
				    .end = when_iso(req, &end),
				    .rrule = e->rrule,
				    .place = e->place,
				    .attendees = e->attendees,
				    .link = e->link,
				    .google = e->google,
				    .all_day = e->all_day,
				    .outside = e->outside };
}

struct json_list event_list(struct req *req, const struct event_row *events, size_t n)
{
	struct event_data *v = mem_alloc(req->pool, sizeof *v * (n + 1));

	for (size_t i = 0; i < n; i++)
		v[i] = event_data(req, &events[i]);
	return (struct json_list){ .n = n, .v = v };
}

/* Those under way to a window. */
struct window {
	int64_t start, end;
	struct event_row *v;
	size_t n;
};

static void add(struct window *w, struct event_row e)
{
	int64_t end = e.end > e.start ? e.end : e.start + 1; /* a moment is there, too */

	if (w->n < EVENT_MAX && e.start < w->end && end > w->start)
		w->v[w->n++] = e;
}

/* Each time that it repeats within the window. */
static void add_each(struct window *w, const struct event_row *e)
{
	int64_t length = e->end - e->start, at = w->start - length - 1;
	bool found = true;

	while (w->n < EVENT_MAX) {
		struct event_row one = *e;
		err_t *err = ical_rule_next(e->rrule, e->start, at, &one.start, &found);

		if (err || !found || one.start >= w->end) {
			err_clear(err);
			return;
		}
		one.end = one.start + length;
		at = one.start;
		add(w, one);
	}
}

static int by_start(const void *a, const void *b)
{
	const struct event_row *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

void event_sort(struct event_row *events, size_t n)
{
	qsort(events, n, sizeof *events, by_start);
}

err_t *event_window(struct req *req, struct tx *tx, int64_t start, int64_t end, const char *words,
		    size_t *ret_n, struct event_row **ret_events)
{
	struct window w = { .start = start, .end = end, .v = mem_alloc(req->pool, sizeof *w.v * EVENT_MAX) };
	struct rows *rows;

	ERR(tx_exec(tx, STMT_EVENT_WINDOW,
		    PG_ARGS(PG_TEXT(date_iso(req->pool, start)), PG_TEXT(date_iso(req->pool, end)),
			    PG_TEXT(words), PG_TEXT(req->zone)),
		    &rows));
	for (int i = 0; i < rows_count(rows); i++) {
		struct event_row e = event_row(req, rows, i, COL_EVENT_WINDOW_EVENT);

		if (*e.rrule)
			add_each(&w, &e);
		else
			add(&w, e);
	}
	event_sort(w.v, w.n);
	*ret_n = w.n;
	*ret_events = w.v;
	return NULL;
}

static const char *clock_text(struct req *req, int64_t wall)
{
	struct when when = { .wall = wall, .has_time = true };

	return when_time(req, &when);
}

const char *event_hours(struct req *req, const struct event_row *e)
{
	struct when first = { .wall = e->start }, last = { .wall = e->end - day_s };

	if (e->all_day && last.wall > first.wall)
		return tr(req->pool, req->lang, "event.days", SLOT_S("first", when_text(req, &first)),
			  SLOT_S("last", when_text(req, &last)));
	if (e->all_day)
		return tr(req->pool, req->lang, "event.all_day");
	return mem_fmt(req->pool, "%s–%s", clock_text(req, e->start), clock_text(req, e->end));
}

const char *event_when(struct req *req, const struct event_row *e)
{
	struct when first = { .wall = e->start }, last = { .wall = e->end - (e->all_day ? day_s : 0) };
	const char *text = when_text(req, &first);

	if (e->all_day && last.wall > first.wall)
		text = tr(req->pool, req->lang, "event.days", SLOT_S("first", text),
			  SLOT_S("last", when_text(req, &last)));
	else if (!e->all_day && e->end - e->start >= day_s)
		text = mem_fmt(req->pool, "%s, %s → %s, %s", text, clock_text(req, e->start),
			       when_text(req, &last), clock_text(req, e->end));
	else if (!e->all_day)
		text = mem_fmt(req->pool, "%s, %s", text, event_hours(req, e));
	return *e->rrule ? mem_fmt(req->pool, "%s · %s", text, rule_text(req, e->rrule)) : text;
}

static NODISCARD err_t *pick_id(struct req *req, struct tx *tx, const char *event_id, struct event_row *ret,
				bool *ret_found, struct outcome *outcome)
{
	struct rows *rows;
	int64_t id = 0;

	if (text_int(event_id + (*event_id == '#'), &id)) {
		ERR(tx_exec(tx, STMT_EVENT_GET, PG_ARGS(PG_INT(id)), &rows));
		if (!rows_count(rows))
			ERR(tx_exec(tx, STMT_EVENT_CACHED, PG_ARGS(PG_INT(id), PG_TEXT(req->zone)), &rows));
		*ret_found = rows_count(rows) > 0;
		if (*ret_found) /* both have the same columns */
			*ret = event_row(req, rows, 0, COL_EVENT_GET_EVENT);
	}
	if (!*ret_found)
		outcome_refuse(req, outcome, "not_found",
			       tr(req->pool, req->lang, "event.no_id",
				  SLOT_S("id", text_cut(req->pool, event_id, 20))));
	return NULL;
}

static void say_which(struct req *req, const char *title, const struct rows *rows, struct outcome *outcome)
{
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	struct event_row v[CHOICES];
	struct json_list list;
	int n = 0;

	buf_text(&html,
		 tr(req->pool, req->lang, "event.which", SLOT_S("title", text_cut(req->pool, title, 80))));
	for (; n < rows_count(rows) && n < CHOICES; n++) {
		v[n] = event_row(req, rows, n, COL_EVENT_MATCH_EVENT);
		buf_fmt(&html, "\n%s",
			tr(req->pool, req->lang, "event.line", SLOT_I("id", v[n].id),
			   SLOT_S("title", v[n].title), SLOT_S("when", event_when(req, &v[n]))));
		outcome->outside = outcome->outside || v[n].outside;
	}
	list = event_list(req, v, (size_t)n);
	which_refuse(req, outcome, html.p, event_fields, sizeof(struct event_data), &list);
}

void event_choose(struct req *req, const struct event_row *events, size_t n, struct outcome *outcome)
{
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	size_t shown = n < CHOICES ? n : CHOICES;
	struct json_list list = event_list(req, events, shown);

	if (!n) {
		outcome_refuse(req, outcome, "not_found", tr(req->pool, req->lang, "event.none_then"));
		return;
	}
	buf_text(&html, tr(req->pool, req->lang, "event.choose"));
	for (size_t i = 0; i < shown; i++) {
		buf_fmt(&html, "\n%s",
			tr(req->pool, req->lang, "event.line", SLOT_I("id", events[i].id),
			   SLOT_S("title", events[i].title), SLOT_S("when", event_when(req, &events[i]))));
		outcome->outside = outcome->outside || events[i].outside;
		if (events[i].id)
			outcome_button(req, outcome, (int)i / 4,
				       mem_fmt(req->pool, "🗑 %lld", (long long)events[i].id),
				       mem_fmt(req->pool, "t:delete_event:%lld", (long long)events[i].id));
	}
	if (n > shown)
		buf_fmt(&html, "\n%s",
			tr(req->pool, req->lang, "event.more", SLOT_I("n", (int64_t)(n - shown))));
	which_refuse(req, outcome, html.p, event_fields, sizeof(struct event_data), &list);
}

err_t *event_pick(struct req *req, struct tx *tx, const char *event_id, const char *title, const char *day,
		  struct event_row *ret, bool *ret_found, struct outcome *outcome)
{
	const char *words = title ? words_line(req->pool, title) : "";
	struct rows *rows;

	*outcome = (struct outcome){ .kind = OUTCOME_SAY };
	*ret_found = false;
	if (event_id && *event_id)
		return pick_id(req, tx, event_id, ret, ret_found, outcome);
	if (!*words) {
		outcome_refuse(req, outcome, "empty", tr(req->pool, req->lang, "usage.delete_event"));
		return NULL;
	}
	ERR(tx_exec(tx, STMT_EVENT_MATCH,
		    PG_ARGS(PG_TEXT(words), PG_TEXT(date_iso(req->pool, when_now(req))),
			    PG_TEXT(day ? day : ""), PG_TEXT(req->zone)),
		    &rows));
	*ret_found = rows_count(rows) == 1;
	if (*ret_found)
		*ret = event_row(req, rows, 0, COL_EVENT_MATCH_EVENT);
	else if (!rows_count(rows))
		outcome_refuse(req, outcome, "not_found",
			       tr(req->pool, req->lang, "event.no_title",
				  SLOT_S("title", text_cut(req->pool, words, 80))));
	else
		say_which(req, words, rows, outcome);
	return NULL;
}
