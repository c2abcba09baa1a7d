#include "integrations/google/google_sync.h"

#include "core/clock.h"
#include "core/fiber.h"
#include "core/log.h"
#include "core/text.h"
#include "integrations/google/google_account.h"
#include "integrations/google/google_calendar.h"
#include <string.h>

enum {
	LEASE_MS =
		10000, /* what a reader that died leaves to wait for; it is renewed meanwhile, four times in that time */
	PAGES_MAX = 200,
	CALENDARS_MAX = 30,
	BUSY_LOOK_MS = 100,
};
static int64_t lease_ms = LEASE_MS;
static const int64_t behind_us = 35 * DAY_US, ahead_us = 400 * DAY_US;

/* A calendar as its row has it. */
struct kept {
	int64_t id, generation, from, until;
	const char *calendar, *sync, *page;
	bool reading, due;
};

struct syncing {
	struct req *req;
	int64_t account, token;
	bool list; /* the calendars themselves are to be listed */
	struct kept kept[CALENDARS_MAX];
	int n;
};

/* --- events on their way into the cache --- */

struct sorting {
	struct json *put, *guests;
	const char **drop;
	size_t drop_n;
};

static bool is_wanted(const struct google_event *e, int64_t from, int64_t until)
{
	return !text_same(e->status, "cancelled") && !text_same(e->my_response, "declined") &&
	       e->start.instant < until && e->end.instant > from && text_same(e->kind, "default");
}

static struct json *row_of(apr_pool_t *pool, const struct google_event *e)
{
	struct json *row = json_object(pool), *guests = json_array(pool);

	for (size_t i = 0; i < e->guests_n && i < 50; i++)
		if (!e->guests[i].self && !e->guests[i].resource)
			json_push_text(guests, *e->guests[i].name ? e->guests[i].name : e->guests[i].email);
	json_set_text(row, "google_id", e->id);
	json_set_text(row, "series", e->series);
	json_set_text(row, "uid", e->uid);
	json_set_text(row, "etag", e->etag);
	json_set_text(row, "title", e->summary);
	json_set_text(row, "place", e->place);
	json_set(row, "guests", guests);
	json_set_bool(row, "all_day", e->start.all_day);
	json_set_text(row, "start_at", clock_iso(pool, e->start.instant));
	json_set_text(row, "end_at", clock_iso(pool, e->end.instant));
	json_set_bool(row, "free", e->transparent);
	json_set_bool(row, "outside", !e->own);
	json_set_text(row, "link", e->link);
	json_set_text(row, "meet", e->meet);
	return row;
}

/* What of them is kept, and what goes; one that cannot be read is left out. */
static void sort_out(apr_pool_t *pool, const struct json *items, int64_t from, int64_t until,
		     struct sorting *s)
{
	size_t n = json_len(items);

	s->put = json_array(pool);
	s->drop = mem_alloc(pool, sizeof *s->drop * (n + 1));
	for (size_t i = 0; i < n; i++) {
		struct google_event e;
		err_t *err = google_event_read(pool, json_item(items, i), &e);

		if (err)
			log_error("google_event_unread", err);
		else if (is_wanted(&e, from, until))
			json_push(s->put, row_of(pool, &e));
		else
			s->drop[s->drop_n++] = e.id;
	}
}

static NODISCARD err_t *cache(struct tx *tx, const struct kept *k, const struct json *items)
{
	apr_pool_t *pool = tx_req(tx)->pool;
	struct sorting s = { 0 };
	const char *rows;

	sort_out(pool, items, k->from, k->until, &s);
	if (s.drop_n)
		ERR(tx_defer(tx, STMT_CACHE_DROP, PG_ARGS(PG_INT(k->id), PG_TEXTS(s.drop, s.drop_n))));
	if (!json_len(s.put))
		return NULL;
	rows = json_write(pool, s.put);
	ERR(tx_defer(tx, STMT_CACHE_UPDATE, PG_ARGS(PG_INT(k->id), PG_TEXT(rows), PG_INT(k->generation))));
	return tx_defer(tx, STMT_CACHE_PUT, PG_ARGS(PG_INT(k->id), PG_TEXT(rows), PG_INT(k->generation)));
}

/* --- the lease --- */

static NODISCARD err_t *lease_body(struct syncing *s, struct tx *tx)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_SYNC_LEASE, PG_ARGS(PG_INT(s->account), PG_DOUBLE((double)lease_ms / 1000)),
		    &rows));
	s->token = rows_count(rows) ? rows_int(rows, 0, COL_SYNC_LEASE_TOKEN) : 0;
	s->list = s->token && rows_bool(rows, 0, COL_SYNC_LEASE_LIST);
	return NULL;
}

static NODISCARD err_t *lease(struct syncing *s)
{
	struct tx *tx;

	ERR(tx_begin_user(s->req, &tx));
	return tx_end(tx, lease_body(s, tx));
}

/* At the beginning of each transaction that writes: whoever has lost the lease writes nothing. */
static NODISCARD err_t *hold(const struct syncing *s, struct tx *tx)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_SYNC_HOLD,
		    PG_ARGS(PG_INT(s->account), PG_INT(s->token), PG_DOUBLE((double)lease_ms / 1000)),
		    &rows));
	return rows_count(rows) ? NULL : err_new(ERR_LEASE_LOST, "another process reads the account");
}

static NODISCARD err_t *over(const struct syncing *s, bool done)
{
	struct tx *tx;

	ERR(tx_begin_user(s->req, &tx));
	return tx_end(tx, tx_defer(tx, STMT_SYNC_OVER,
				   PG_ARGS(PG_INT(s->account), PG_INT(s->token), PG_BOOL(done))));
}

/* --- the list of calendars --- */

struct listing {
	struct syncing *s;
	struct google_calendar *v;
	const char **ids;
	size_t n;
};

static void list_add(struct listing *l, const struct json *items)
{
	size_t more = json_len(items);
	apr_pool_t *pool = l->s->req->pool;
	struct google_calendar *v = mem_alloc(pool, sizeof *v * (l->n + more + 1));

	if (l->n)
		memcpy(v, l->v, sizeof *v * l->n);
	for (size_t i = 0; i < more; i++) {
		err_t *err = google_calendar_read(pool, json_item(items, i), &v[l->n]);

		l->n += !err && !v[l->n].gone;
		log_error("google_calendar_unread", err); /* one is no reason to leave out the others */
	}
	l->v = v;
}

static NODISCARD err_t *list_body(struct listing *l, struct tx *tx)
{
	int64_t account = l->s->account;

	ERR(hold(l->s, tx));
	for (size_t i = 0; i < l->n; i++) {
		const struct google_calendar *c = &l->v[i];
		const struct pg_val args[] = { PG_INT(account),      PG_TEXT(c->id),
					       PG_TEXT(c->name),     PG_TEXT(c->zone),
					       PG_TEXT(c->role),     PG_BOOL(c->primary),
					       PG_BOOL(c->selected), { 0 } };

		l->ids[i] = c->id;
		ERR(tx_defer(tx, STMT_CALENDAR_UPDATE, args));
		ERR(tx_defer(tx, STMT_CALENDAR_PUT, args));
	}
	ERR(tx_defer(tx, STMT_CALENDAR_KEEP, PG_ARGS(PG_INT(account), PG_TEXTS(l->ids, l->n))));
	return tx_defer(tx, STMT_CALENDAR_LISTED, PG_ARGS(PG_INT(account)));
}

static NODISCARD err_t *list_read(struct syncing *s)
{
	struct listing l = { .s = s };
	const char *next = NULL;
	struct tx *tx;

	for (int i = 0; i < PAGES_MAX; i++) {
		struct google_request request = google_calendar_list(s->req->pool, next);
		struct google_reply reply;
		struct google_page page;

		ERR(google_call(s->req, s->account, &request, &reply));
		if (reply.status != 200)
			return err_new(ERR_UNAVAILABLE, "google: no list of calendars");
		ERR(google_page_read(s->req->pool, reply.body, &page));
		list_add(&l, page.items);
		next = page.next;
		if (!next)
			break;
	}
	l.ids = mem_alloc(s->req->pool, sizeof *l.ids * (l.n + 1));
	ERR(tx_begin_user(s->req, &tx));
	return tx_end(tx, list_body(&l, tx));
}

/* --- one calendar --- */

static NODISCARD err_t *calendars_body(struct syncing *s, struct tx *tx)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_CALENDARS, PG_ARGS(PG_INT(s->account)), &rows));
	for (s->n = 0; s->n < rows_count(rows) && s->n < CALENDARS_MAX; s->n++) {
		int i = s->n;

		s->kept[i] = (struct kept){ .id = rows_int(rows, i, COL_CALENDARS_ID),
					    .generation = rows_int(rows, i, COL_CALENDARS_GENERATION),
					    .from = rows_int(rows, i, COL_CALENDARS_FROM),
					    .until = rows_int(rows, i, COL_CALENDARS_UNTIL),
					    .calendar = rows_text(rows, i, COL_CALENDARS_CALENDAR),
					    .sync = rows_text(rows, i, COL_CALENDARS_SYNC),
					    .page = rows_text(rows, i, COL_CALENDARS_PAGE),
					    .reading = rows_bool(rows, i, COL_CALENDARS_READING),
					    .due = rows_bool(rows, i, COL_CALENDARS_DUE) };
	}
	return NULL;
}

static NODISCARD err_t *whole_body(struct syncing *s, struct tx *tx, struct kept *k)
{
	struct rows *rows;

	ERR(hold(s, tx));
	ERR(tx_exec(tx, STMT_CALENDAR_READING, PG_ARGS(PG_INT(k->id), PG_TIME(k->from), PG_TIME(k->until)),
		    &rows));
	if (!rows_count(rows))
		return err_new(ERR_LEASE_LOST, "the calendar is gone");
	k->generation = rows_int(rows, 0, COL_CALENDAR_READING_GENERATION);
	return NULL;
}

/* From the beginning: what was kept is shown until the end of it. */
static NODISCARD err_t *whole_begin(struct syncing *s, struct kept *k)
{
	struct tx *tx;

	k->from = s->req->now - behind_us;
	k->until = s->req->now + ahead_us;
	k->reading = true;
	k->sync = k->page = "";
	ERR(tx_begin_user(s->req, &tx));
	return tx_end(tx, whole_body(s, tx, k));
}

static NODISCARD err_t *page_body(struct syncing *s, struct tx *tx, const struct kept *k,
				  const struct google_page *page)
{
	ERR(hold(s, tx));
	ERR(cache(tx, k, page->items));
	if (page->next)
		return tx_defer(tx, STMT_CALENDAR_PAGE, PG_ARGS(PG_INT(k->id), PG_TEXT(page->next)));
	if (k->reading)
		ERR(tx_defer(tx, STMT_CALENDAR_SWEEP, PG_ARGS(PG_INT(k->id), PG_INT(k->generation))));
	return tx_defer(tx, STMT_CALENDAR_READ, PG_ARGS(PG_INT(k->id), PG_TEXT(page->sync)));
}

static NODISCARD err_t *page_keep(struct syncing *s, struct kept *k, const struct google_page *page)
{
	struct tx *tx;

	if (!page->next && !page->sync)
		return err_new(ERR_UNAVAILABLE, "google: a list without an end");
	if (page->next && text_same(page->next, k->page))
		return err_new(ERR_UNAVAILABLE, "google: a page that leads to itself");
	ERR(tx_begin_user(s->req, &tx));
	ERR(tx_end(tx, page_body(s, tx, k, page)));
	k->page = page->next ? page->next : "";
	return NULL;
}

static NODISCARD err_t *gone_body(struct syncing *s, struct tx *tx, const struct kept *k)
{
	ERR(hold(s, tx));
	return tx_defer(tx, STMT_CALENDAR_GONE, PG_ARGS(PG_INT(k->id)));
}

static NODISCARD err_t *gone(struct syncing *s, const struct kept *k)
{
	struct tx *tx;

	ERR(tx_begin_user(s->req, &tx));
	return tx_end(tx, gone_body(s, tx, k));
}

/* One page. *ret_over: that was the last. *ret_dead: the tokens are, and it begins anew. */
static NODISCARD err_t *page_read(struct syncing *s, struct kept *k, bool *ret_over, bool *ret_dead)
{
	apr_pool_t *pool = s->req->pool;
	struct google_listing listing = { .calendar = k->calendar,
					  .from = k->from,
					  .until = k->until,
					  .sync = k->reading ? NULL : k->sync,
					  .next = *k->page ? k->page : NULL };
	struct google_request request = google_calendar_events(pool, &listing);
	struct google_reply reply;
	struct google_page page;
	err_t *err = google_call(s->req, s->account, &request, &reply);

	*ret_over = *ret_dead = false;
	if (err && err->code == ERR_INVALID && (listing.sync || listing.next)) {
		err_clear(err); /* tokens that have become too old for it to read */
		*ret_dead = true;
		return NULL;
	}
	if (err)
		return err;
	*ret_dead = reply.status == 410;
	*ret_over = reply.status == 404;
	if (*ret_over)
		return gone(s, k);
	if (*ret_dead)
		return NULL;
	ERR(google_page_read(pool, reply.body, &page));
	ERR(page_keep(s, k, &page));
	*ret_over = !page.next;
	return NULL;
}

/* The same with a request of its own: what a page took is given back before the next one. */
static NODISCARD err_t *page_apart(struct syncing *s, struct kept *k, bool *ret_over, bool *ret_dead)
{
	struct req *whole = s->req;
	err_t *err;

	s->req = req_copy(whole);
	err = page_read(s, k, ret_over, ret_dead);
	k->page = mem_text(whole->pool, k->page);
	req_end(s->req);
	s->req = whole;
	return err;
}

static NODISCARD err_t *calendar_read(struct syncing *s, struct kept *k)
{
	bool is_over = false, dead = false;
	int begun = 0;

	if (!k->reading && (!*k->sync || k->due))
		ERR(whole_begin(s, k));
	for (int i = 0; i < PAGES_MAX && !is_over; i++) {
		ERR(page_apart(s, k, &is_over, &dead));
		if (!dead)
			continue;
		if (begun++ > 1)
			return err_new(ERR_UNAVAILABLE, "google: its own tokens are refused");
		ERR(whole_begin(s, k));
	}
	return is_over ? NULL : err_new(ERR_UNAVAILABLE, "google: too many pages");
}

static NODISCARD err_t *sync_all(struct syncing *s)
{
	struct tx *tx;
	int denied = 0;

	if (s->list)
		ERR(list_read(s));
	ERR(tx_begin_user(s->req, &tx));
	ERR(tx_end(tx, calendars_body(s, tx)));
	for (int i = 0; i < s->n; i++) {
		err_t *err = calendar_read(s, &s->kept[i]);

		if (!err)
			continue;
		if (err->code != ERR_DENIED || ++denied == s->n)
			return err; /* all of them: that is about the account, or the house */
		/* One that is shown and may not be read is no reason to leave out the others. */
		log_error("google_calendar_denied", err);
	}
	return NULL;
}

/* Renews the lease while one call takes its time, in a fiber and with a request of its own. */
struct keeper {
	struct syncing held;
	struct fiber *waiting, *self;
	bool over;
};

static NODISCARD err_t *renew(const struct syncing *s)
{
	struct tx *tx;

	ERR(fiber_sleep(lease_ms / 4));
	ERR(tx_begin_user(s->req, &tx));
	return tx_end(tx, hold(s, tx));
}

static void keeper_main(void *arg)
{
	struct keeper *k = arg;
	struct req *whole = k->held.req;
	err_t *err = NULL;

	fiber_set_trace(whole->trace);
	while (!err) {
		k->held.req = req_copy(whole);
		err = renew(&k->held);
		req_end(k->held.req);
	}
	if (err->code == ERR_CANCELLED)
		err_clear(err);
	else
		log_error("google_sync_unrenewed", err); /* who reads notices it at the next page */
	fiber_set_trace(NULL);
	k->over = true;
	fiber_wake(k->waiting);
}

/* With too many fibers there is none, and a slow page may have to be read again. */
static void keeper_begin(struct keeper *k, const struct syncing *s)
{
	k->held = (struct syncing){ .req = s->req, .account = s->account, .token = s->token };
	k->waiting = fiber_self();
	k->self = fiber_go("google_sync_lease", keeper_main, k);
	k->over = !k->self;
}

static void keeper_end(struct keeper *k)
{
	fiber_shield(+1);
	if (!k->over)
		fiber_cancel(k->self);
	while (!k->over)
		err_clear(fiber_wait(0));
	fiber_shield(-1);
}

err_t *google_sync(struct req *req, int64_t account, bool *ret_busy)
{
	struct keeper *keeper = MEM_NEW(req->pool, struct keeper);
	struct syncing *s = MEM_NEW(req->pool, struct syncing);
	err_t *err, *lost;

	s->req = req;
	s->account = account;
	ERR(lease(s));
	*ret_busy = !s->token;
	if (*ret_busy)
		return NULL;
	keeper_begin(keeper, s);
	err = sync_all(s);
	keeper_end(keeper);
	fiber_shield(+1);
	lost = over(s, !err);
	fiber_shield(-1);
	if (!err)
		return lost;
	log_error("google_sync_unsettled", lost);
	return err;
}

/* --- before an answer --- */

/* A read in a fiber of its own, with a request of its own: it ends with the answer's patience. */
struct reading {
	struct req *req;
	int64_t account;
	struct fiber *waiting, *self;
	bool over, busy;
	err_t *err;
};

static void reading_main(void *arg)
{
	struct reading *r = arg;

	r->self = fiber_self();
	fiber_set_trace(r->req->trace);
	r->err = google_sync(r->req, r->account, &r->busy);
	fiber_set_trace(NULL);
	r->over = true;
	r->self = NULL;
	fiber_wake(r->waiting);
}

/* One try, ended at the deadline. *ret_err: of the wait, which was cancelled. */
static NODISCARD err_t *read_until(struct reading *r, int64_t until)
{
	err_t *err = NULL;

	r->over = r->busy = false;
	r->waiting = fiber_self();
	if (!fiber_go("google_sync", reading_main, r))
		return NULL; /* too much else goes on */
	while (!r->over && !err)
		err = fiber_wait(until);
	fiber_shield(+1);
	if (!r->over)
		fiber_cancel(r->self);
	while (!r->over)
		err_clear(fiber_wait(0));
	fiber_shield(-1);
	log_error("google_sync_failed", r->err);
	r->err = NULL;
	if (err && err->code == ERR_TIMEOUT) {
		err_clear(err);
		return NULL;
	}
	return err;
}

static NODISCARD err_t *age_body(struct req *req, struct tx *tx, int64_t account, int64_t *ret_age)
{
	struct rows *rows;

	(void)req;
	ERR(tx_exec(tx, STMT_SYNC_AGE, PG_ARGS(PG_INT(account)), &rows));
	*ret_age = rows_count(rows) ? rows_int(rows, 0, COL_SYNC_AGE_AGE) : -1;
	return NULL;
}

static NODISCARD err_t *age_of(struct req *req, int64_t account, int64_t *ret_age)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, age_body(req, tx, account, ret_age));
}

static bool is_fresh(int64_t age_s, int64_t max_age_s)
{
	return age_s >= 0 && age_s <= max_age_s;
}

err_t *google_sync_fresh(struct req *req, int64_t account, int64_t max_age_s, int64_t wait_ms,
			 int64_t *ret_age_s)
{
	struct reading r = { .account = account };
	int64_t until = clock_mono_ms() + wait_ms;
	err_t *err = NULL;

	ERR(age_of(req, account, ret_age_s));
	if (is_fresh(*ret_age_s, max_age_s))
		return NULL;
	r.req = req_copy(req);
	do {
		err = read_until(&r, until);
		/* Somebody else reads it: what they find is as good. */
		if (!err && r.busy)
			err = fiber_sleep(BUSY_LOOK_MS);
		if (!err)
			err = age_of(req, account, ret_age_s);
	} while (!err && r.busy && !is_fresh(*ret_age_s, max_age_s) && clock_mono_ms() < until);
	req_end(r.req);
	return err;
}

void google_sync_tune(int64_t ms)
{
	lease_ms = ms ? ms : LEASE_MS;
}

err_t *google_sync_stale(struct tx *tx, int64_t account)
{
	return tx_defer(tx, STMT_SYNC_STALE, PG_ARGS(PG_INT(account)));
}

err_t *google_sync_keep(struct tx *tx, int64_t calendar, const struct json *events)
{
	struct req *req = tx_req(tx);
	struct kept k = { .id = calendar, .from = req->now - behind_us, .until = req->now + ahead_us };
	struct rows *rows;

	ERR(tx_exec(tx, STMT_CALENDAR_GENERATION, PG_ARGS(PG_INT(calendar)), &rows));
	if (!rows_count(rows))
		return NULL; /* it was disconnected meanwhile */
	k.generation = rows_int(rows, 0, COL_CALENDAR_GENERATION_GENERATION);
	return cache(tx, &k, events);
}
