#include "tools/event/event_google.h"

#include "core/clock.h"
#include "core/log.h"
#include "core/text.h"
#include "integrations/google/google.h"
#include "integrations/google/google_calendar.h"
#include "integrations/google/google_sync.h"
#include "tools/google/google_say.h"

enum { FRESH_S = 60, OLD_S = 900, LIVE_PAGES = 4, LIVE_MAX = 200 };

/* --- fresh --- */

struct accounts {
	struct google_account *v;
	size_t n;
};

static NODISCARD err_t *accounts_read(struct req *req, struct accounts *a)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, google_account_list(tx, &a->n, &a->v));
}

static const char *age_note(struct req *req, const char *note, int64_t age_s)
{
	if (age_s < 0)
		return tr(req->pool, req->lang, "event.note.reading");
	if (age_s > OLD_S && !*note)
		return tr(req->pool, req->lang, "event.note.old", SLOT_I("minutes", age_s / 60));
	return note;
}

err_t *event_fresh(struct req *req, int64_t wait_ms, const char **ret_note)
{
	struct accounts a = { 0 };

	*ret_note = "";
	if (!google_configured(req->config))
		return NULL;
	ERR(accounts_read(req, &a));
	for (size_t i = 0; i < a.n; i++) {
		int64_t age = 0;

		if (!a.v[i].may[GOOGLE_CALENDAR])
			continue;
		if (a.v[i].broken) {
			*ret_note =
				tr(req->pool, req->lang, "event.note.broken", SLOT_S("email", a.v[i].email));
			continue;
		}
		ERR(google_sync_fresh(req, a.v[i].id, FRESH_S, wait_ms, &age));
		*ret_note = age_note(req, *ret_note, age);
	}
	return NULL;
}

/* --- where new ones go --- */

err_t *event_home_find(struct req *req, struct tx *tx, int64_t account, struct event_home *ret)
{
	struct google_account a;
	struct rows *rows;

	*ret = (struct event_home){ .calendar = "primary", .email = "" };
	ERR(google_account_for(tx, GOOGLE_CALENDAR, account, &a, &ret->standing));
	ret->account = a.id;
	ret->email = a.email ? a.email : "";
	if (ret->standing != GOOGLE_READY)
		return NULL;
	ERR(tx_exec(tx, STMT_EVENT_PRIMARY, PG_ARGS(PG_INT(a.id)), &rows));
	if (!rows_count(rows))
		return NULL;
	ret->calendar_id = rows_int(rows, 0, COL_EVENT_PRIMARY_ID);
	ret->calendar = mem_text(req->pool, rows_text(rows, 0, COL_EVENT_PRIMARY_CALENDAR));
	return NULL;
}

/* --- one event --- */

struct event_row event_of_google(struct req *req, const struct google_event *g)
{
	struct event_row e = { .title = *g->summary ? g->summary : tr(req->pool, req->lang, "event.untitled"),
			       .rrule = google_event_rule(g),
			       .place = g->place,
			       .attendees = "",
			       .link = g->link,
			       .all_day = g->start.all_day,
			       .outside = !g->own,
			       .free = g->transparent,
			       .google = true };

	e.start = g->start.all_day ? g->start.instant / SECOND_US : when_wall(req, g->start.instant);
	e.end = g->start.all_day ? g->end.instant / SECOND_US : when_wall(req, g->end.instant);
	return event_shown(req, e);
}

static NODISCARD err_t *far_body(struct req *req, struct tx *tx, const char *event_id, const char *title,
				 const char *day, struct event_far **ret)
{
	struct outcome unsaid;
	struct event_row row;
	struct event_far *far;
	struct rows *rows;
	bool found;

	ERR(event_pick(req, tx, event_id, title, day, &row, &found, &unsaid));
	if (!found || !row.google)
		return NULL;
	ERR(tx_exec(tx, STMT_EVENT_FAR, PG_ARGS(PG_INT(row.id)), &rows));
	if (!rows_count(rows))
		return NULL;
	far = MEM_NEW(req->pool, struct event_far);
	far->row = row;
	far->account = rows_int(rows, 0, COL_EVENT_FAR_ACCOUNT_ID);
	far->calendar_id = rows_int(rows, 0, COL_EVENT_FAR_CALENDAR_ID);
	far->calendar = rows_text(rows, 0, COL_EVENT_FAR_CALENDAR);
	far->event.id = rows_text(rows, 0, COL_EVENT_FAR_GOOGLE_ID);
	far->event.series = rows_text(rows, 0, COL_EVENT_FAR_SERIES);
	*ret = far;
	return NULL;
}

/* *ret_json NULL: ret_outcome refuses. */
static NODISCARD err_t *get(struct req *req, const struct event_far *far, const char *id,
			    struct google_event *ret, const struct json **ret_json, struct outcome *outcome)
{
	struct google_request request = { .api = GOOGLE_CALENDAR_API,
					  .method = "GET",
					  .path = google_calendar_path(req->pool, far->calendar, id, "") };
	struct google_reply reply;
	err_t *err = google_call(req, far->account, &request, &reply);

	*ret_json = NULL;
	if (err)
		return google_trouble(req, err, &reply, outcome);
	if (reply.status == 200) {
		ERR(google_event_read(req->pool, reply.body, ret));
		*ret_json = reply.body;
	}
	if (reply.status == 200 && !text_same(ret->status, "cancelled"))
		return NULL;
	*ret_json = NULL;
	outcome_refuse(req, outcome, "gone",
		       tr(req->pool, req->lang, "event.gone", SLOT_S("title", far->row.title)));
	return NULL;
}

static NODISCARD err_t *stale(struct req *req, int64_t account)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, google_sync_stale(tx, account));
}

err_t *event_far_find(struct req *req, const char *event_id, const char *title, const char *day,
		      struct event_far **ret, struct outcome *outcome)
{
	struct event_far *far = NULL;
	const char *series;
	struct tx *tx;

	*ret = NULL;
	if (!google_configured(req->config))
		return NULL;
	ERR(tx_begin_user(req, &tx));
	ERR(tx_end(tx, far_body(req, tx, event_id, title, day, &far)));
	if (!far)
		return NULL;
	series = far->event.series;
	ERR(get(req, far, far->event.id, &far->event, &far->json, outcome));
	if (far->json && *series)
		ERR(get(req, far, series, &far->series, &far->series_json, outcome));
	if (outcome->html)
		return stale(req, far->account);
	*ret = far;
	return NULL;
}

bool event_far_is_shared(const struct event_far *far)
{
	bool others = !far->event.own || far->event.guests_left_out;

	for (size_t i = 0; i < far->event.guests_n; i++)
		others = others || !(far->event.guests[i].self || far->event.guests[i].resource);
	return others;
}

const char *event_far_guests(struct req *req, const struct event_far *far)
{
	struct buf b = buf_new(req->pool, 4096);
	size_t shown = 0;

	for (size_t i = 0; i < far->event.guests_n && shown < 20; i++)
		if (!far->event.guests[i].self && !far->event.guests[i].resource)
			buf_fmt(&b, "%s%s", shown++ ? ", " : "", far->event.guests[i].email);
	if (!shown)
		buf_text(&b, far->event.organizer);
	return b.p ? b.p : "";
}

/* --- days that are not kept --- */

struct live {
	struct req *req;
	struct event_row *v;
	size_t n;
};

static NODISCARD err_t *live_page(struct live *l, const struct json *items)
{
	for (size_t i = 0; i < json_len(items) && l->n < LIVE_MAX; i++) {
		struct google_event g;
		err_t *err = google_event_read(l->req->pool, json_item(items, i), &g);

		if (err) {
			log_error("google_event_unread", err);
			continue;
		}
		if (!text_same(g.status, "cancelled") && !text_same(g.my_response, "declined"))
			l->v[l->n++] = event_of_google(l->req, &g);
	}
	return NULL;
}

static NODISCARD err_t *live_calendar(struct live *l, int64_t account, struct google_listing *listing,
				      struct outcome *outcome)
{
	for (int i = 0; i < LIVE_PAGES; i++) {
		struct google_request request = google_calendar_events(l->req->pool, listing);
		struct google_reply reply;
		struct google_page page;
		err_t *err = google_call(l->req, account, &request, &reply);

		if (err)
			return google_trouble(l->req, err, &reply, outcome);
		if (reply.status != 200)
			return NULL; /* a calendar that is gone by now */
		ERR(google_page_read(l->req->pool, reply.body, &page));
		ERR(live_page(l, page.items));
		listing->next = page.next;
		if (!page.next)
			return NULL;
	}
	return NULL;
}

static NODISCARD err_t *calendars(struct req *req, struct rows **ret_rows)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, tx_exec(tx, STMT_EVENT_CALENDARS, PG_ARGS(), ret_rows));
}

err_t *event_live(struct req *req, int64_t start, int64_t end, const char *words, size_t *ret_n,
		  struct event_row **ret_events, struct outcome *outcome)
{
	struct live l = { .req = req, .v = mem_alloc(req->pool, sizeof *l.v * LIVE_MAX) };
	struct rows *rows;

	ERR(calendars(req, &rows));
	for (int i = 0; i < rows_count(rows) && !outcome->html; i++) {
		struct google_listing listing = { .calendar =
							  rows_text(rows, i, COL_EVENT_CALENDARS_CALENDAR),
						  .from = when_instant(req, start),
						  .until = when_instant(req, end),
						  .words = words };

		ERR(live_calendar(&l, rows_int(rows, i, COL_EVENT_CALENDARS_ACCOUNT_ID), &listing, outcome));
	}
	*ret_n = l.n;
	*ret_events = l.v;
	return NULL;
}
