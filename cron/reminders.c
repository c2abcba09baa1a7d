#include "cron/reminders.h"

#include "core/clock.h"
#include "core/fiber.h"
#include "core/log.h"
#include "core/metrics.h"
#include "core/ical.h"
#include "core/text.h"
#include "db/db.h"
#include "db/outbox.h"
#include "ml/date/date.h"
#include "tools/markup.h"
#include "tools/reminder/reminder_view.h"

enum {
	BATCH = 256,
	FIRING_MAX = 6, /* at once; two connections stay for others */
	LEASE_S = 60,
	POLL_MS = 1000, /* a look without a wake-up */
	RETRY_S = 2,
	NAG_S = 600,
	NAGS = 6,
	MISSED_MAX = 1000,
};
static const int64_t late_us = 60 * SECOND_US;

/* One that is claimed. */
struct due {
	int64_t job, user_id, id, token, attempts;
	const char *role, *lang, *zone;
};

static const struct config *config;
static struct fiber *self;
static bool due_again, stopping;
static int firing;

/* A request as if the person had made it. */
static struct req *req_of(const struct due *due)
{
	struct req *req = req_begin(NULL);

	req->config = config;
	req->user_id = due->user_id;
	req->role = role_of(due->role);
	req->lang = lang_of(due->lang);
	req->zone = mem_text(req->pool, due->zone);
	return req;
}

/* One at its hour. */
struct fire {
	struct reminder_row row;
	const char *zone;
	int64_t start, now_wall; /* on its own wall */
	int64_t due, nags, missed;
	/* What comes of it. */
	const char *state;
	int64_t next_wall, next_nags, next_at; /* next_at 0: by the wall */
};

static void fire_read(struct req *req, const struct rows *rows, struct fire *ret)
{
	*ret = (struct fire){ .row = reminder_row(req, rows, 0, COL_REMINDER_GET_REMINDER),
			      .zone = rows_text(rows, 0, COL_REMINDER_GET_ZONE),
			      .nags = rows_int(rows, 0, COL_REMINDER_GET_NAGS),
			      .due = rows_int(rows, 0, COL_REMINDER_GET_FIRE_AT) };
	if (!date_parse_iso(rows_text(rows, 0, COL_REMINDER_GET_START_WALL), &ret->start))
		ret->start = ret->row.when.wall;
	ret->now_wall = when_now_in(req, ret->zone);
	req->bot_id = rows_int(rows, 0, COL_REMINDER_GET_BOT_ID);
	req->chat_id = rows_int(rows, 0, COL_REMINDER_GET_CHAT_ID);
}

/* Occurrences that went by since it was due, unheard: the service was down. */
static int64_t count_missed(const struct fire *f)
{
	int64_t n = 0;

	if (*f->row.rrule)
		err_clear(ical_rule_count(f->row.rrule, f->start, f->row.when.wall, f->now_wall, MISSED_MAX,
					  &n));
	return n;
}

/* When it rings again, if it does. One that insists comes back until it is done, but gives up in the end. */
static void plan(struct fire *f, int64_t now)
{
	bool repeats =
		*f->row.rrule &&
		reminder_next(f->row.rrule, f->start,
			      f->row.when.wall > f->now_wall ? f->row.when.wall : f->now_wall, &f->next_wall);
	int64_t nag_wall = f->now_wall + NAG_S;

	f->state = repeats ? "pending" : "fired";
	if (!repeats)
		f->next_wall = f->row.when.wall;
	if (f->row.nag && f->nags < NAGS && (!repeats || nag_wall < f->next_wall)) {
		f->state = "pending";
		f->next_at = now + NAG_S * SECOND_US;
		f->next_wall = nag_wall;
		f->next_nags = f->nags + 1;
	}
}

static NODISCARD err_t *tell(struct req *req, struct tx *tx, const struct fire *f)
{
	struct outcome card;

	reminder_card(req, &f->row, req->now - f->due > late_us, f->missed, &card);
	return outbox_put(tx, &(struct outgoing){
				      .dedupe = mem_fmt(req->pool, "r%lld:%lld:%lld", (long long)req->user_id,
							(long long)f->row.id, (long long)f->due),
				      .method = "send",
				      .text = card.html,
				      .markup = markup_json(req->pool, card.buttons, card.buttons_n),
				      .class = "reminder" });
}

static NODISCARD err_t *fire_body(struct req *req, struct tx *tx, int64_t id, bool *ret_fired,
				  int64_t *ret_due)
{
	struct when next = { .has_time = true };
	struct fire f;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_REMINDER_GET, PG_ARGS(PG_INT(id)), &rows));
	*ret_fired = rows_count(rows) && text_same(rows_text(rows, 0, COL_REMINDER_GET_STATE), "pending") &&
		     rows_int(rows, 0, COL_REMINDER_GET_FIRE_AT) <= req->now;
	if (!*ret_fired)
		return NULL; /* done, moved or fired by another scheduler meanwhile */
	fire_read(req, rows, &f);
	f.missed = count_missed(&f);
	plan(&f, req->now);
	next.wall = f.next_wall;
	ERR(tell(req, tx, &f));
	*ret_due = f.due;
	return tx_defer(tx, STMT_REMINDER_FIRED,
			PG_ARGS(PG_INT(id), PG_TEXT(f.state), PG_TEXT(when_iso(req, &next)),
				PG_TIME(f.next_at ? f.next_at : when_instant_in(req, f.zone, f.next_wall)),
				PG_INT(f.next_nags)));
}

static NODISCARD err_t *fire(struct req *req, const struct due *due, bool *ret_fired, int64_t *ret_due)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, fire_body(req, tx, due->id, ret_fired, ret_due));
}

static void retry(struct req *req, const struct due *due, const char *error)
{
	log_error("reminder_unsettled",
		  db_exec(req->pool, STMT_JOB_RETRY,
			  PG_ARGS(PG_INT(due->job), PG_INT(due->token),
				  PG_TIME(clock_now() + RETRY_S * due->attempts * SECOND_US), PG_TEXT(error)),
			  NULL));
}

static void fire_one(const struct due *due)
{
	struct req *req = req_of(due);
	bool fired = false;
	int64_t was = 0;
	err_t *err;

	fiber_set_trace(req->trace);
	err = fire(req, due, &fired, &was);
	if (!err && fired) {
		metric_add(METRIC_REMINDERS_FIRED, NULL, NULL, NULL, 1);
		metric_observe(METRIC_REMINDER_LATENESS, NULL, NULL, NULL, (double)(clock_now() - was) / 1e6);
		log_event(LOG_INFO, "reminder_fired", KV_I("reminder_id", due->id),
			  KV_I("late_us", clock_now() - was));
		log_error("notify_failed", outbox_notify(req->pool, req->bot_id));
	} else if (err || !fired) {
		retry(req, due, err ? err_name(err->code) : "not due");
	}
	log_error("reminder_failed", err);
	fiber_set_trace(NULL);
	req_end(req);
}

/* The claimed ones, taken one after the other by several fibers. */
struct batch {
	struct due *list;
	size_t n, next;
	int workers;
	struct fiber *waiting;
};

static void firing_main(void *arg)
{
	struct batch *batch = arg;

	while (batch->next < batch->n)
		fire_one(&batch->list[batch->next++]);
	batch->workers--;
	fiber_wake(batch->waiting);
}

static void fire_all(struct batch *batch)
{
	batch->waiting = fiber_self();
	for (int i = 0; i < FIRING_MAX && (size_t)i < batch->n; i++)
		if (fiber_go("remind", firing_main, batch))
			batch->workers++;
	if (!batch->workers)
		while (batch->next < batch->n)
			fire_one(&batch->list[batch->next++]);
	while (batch->workers)
		err_clear(fiber_wait(0));
}

static NODISCARD err_t *look(apr_pool_t *pool, int64_t *ret_next)
{
	struct batch batch = { 0 };
	struct rows *rows, *next;

	ERR(db_exec(pool, STMT_REMINDER_CLAIM,
		    PG_ARGS(PG_TIME(clock_now()), PG_INT(BATCH), PG_DOUBLE(LEASE_S)), &rows));
	batch.n = (size_t)rows_count(rows);
	batch.list = mem_alloc(pool, sizeof *batch.list * (batch.n + 1));
	for (int i = 0; i < rows_count(rows); i++)
		batch.list[i] = (struct due){ rows_int(rows, i, COL_REMINDER_CLAIM_ID),
					      rows_int(rows, i, COL_REMINDER_CLAIM_USER_ID),
					      rows_int(rows, i, COL_REMINDER_CLAIM_REF),
					      rows_int(rows, i, COL_REMINDER_CLAIM_TOKEN),
					      rows_int(rows, i, COL_REMINDER_CLAIM_ATTEMPTS),
					      rows_text(rows, i, COL_REMINDER_CLAIM_ROLE),
					      rows_text(rows, i, COL_REMINDER_CLAIM_LANG),
					      rows_text(rows, i, COL_REMINDER_CLAIM_ZONE) };
	firing = (int)batch.n;
	fire_all(&batch);
	firing = 0;
	ERR(db_exec(pool, STMT_REMINDER_NEXT, PG_ARGS(), &next));
	*ret_next = rows_count(next) ? rows_int(next, 0, COL_REMINDER_NEXT_RUN_AT) : clock_now() + HOUR_US;
	return NULL;
}

static void sleep_until(int64_t next)
{
	int64_t ms = clock_wait_ms(next), until = clock_mono_ms() + (ms < POLL_MS ? ms : POLL_MS);
	err_t *err = NULL;

	while (!due_again && !stopping && !err)
		err = ms ? fiber_wait(until) : err_new(ERR_TIMEOUT, "due");
	err_clear(err);
	due_again = false;
}

static void reminders_main(void *arg)
{
	apr_pool_t *pool = pool_root();

	(void)arg;
	self = fiber_self();
	while (!stopping) {
		int64_t next = clock_now() + SECOND_US;

		log_error("reminders_failed", look(pool, &next));
		pool_clear(pool);
		sleep_until(next);
	}
	self = NULL;
	pool_free(pool);
}

void reminders_start(const struct config *cfg)
{
	config = cfg;
	stopping = false;
	fiber_go("reminders", reminders_main, NULL);
}

void reminders_kick(void)
{
	due_again = true;
	fiber_wake(self);
}

void reminders_stop(void)
{
	stopping = true;
	fiber_wake(self);
}

bool reminders_idle(void)
{
	return !firing;
}
