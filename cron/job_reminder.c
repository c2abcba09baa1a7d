#include "cron/job.h"

#include "core/ical.h"
#include "core/log.h"
#include "core/metrics.h"
#include "core/text.h"
#include "db/db.h"
#include "db/outbox.h"
#include "db/tx.h"
#include "ml/date/date.h"
#include "tools/markup.h"
#include "tools/reminder/reminder_view.h"

enum {
	BATCH = 256,
	FIRING_MAX = 6, /* at once; two connections stay for others */
	NAG_S = 600,
	NAGS = 6,
	MISSED_MAX = 1000,
};
static const int64_t late_us = 60 * SECOND_US;

/* One at its hour. */
struct fire {
	struct reminder_row row;
	const char *now_state, *zone;
	int64_t start, now_wall; /* on its own wall */
	int64_t due, nags, missed;
	/* What comes of it. */
	const char *state;
	int64_t next_wall, next_nags, next_at; /* next_at 0: by the wall */
};

static void fire_read(struct req *req, const struct rows *rows, struct fire *ret)
{
	*ret = (struct fire){ .row = reminder_row(req, rows, 0, COL_REMINDER_GET_REMINDER),
			      .now_state = rows_text(rows, 0, COL_REMINDER_GET_STATE),
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

	*ret_fired = false;
	ERR(tx_exec(tx, STMT_REMINDER_GET, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows))
		return NULL; /* gone meanwhile, and its job with it */
	fire_read(req, rows, &f);
	if (!text_same(f.now_state, "pending"))
		return NULL; /* done meanwhile, or fired by another scheduler */
	if (f.due > req->now)
		return err_new(ERR_UNAVAILABLE, "not due"); /* moved meanwhile, or the clock was */
	*ret_fired = true;
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

static NODISCARD err_t *fire(struct req *req, int64_t id, bool *ret_fired, int64_t *ret_due)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, fire_body(req, tx, id, ret_fired, ret_due));
}

/* Within a second of its hour, once, and never through a model. Its row, locked, says whether it is still to ring. */
static err_t *reminder_run(struct req *req, const struct job_run *run)
{
	bool fired = false;
	int64_t id, due = 0;

	if (!text_int(run->ref, &id))
		return err_new(ERR_INVALID, "\"%s\" is no reminder", run->ref);
	ERR(fire(req, id, &fired, &due));
	if (!fired)
		return NULL;
	metric_add(METRIC_REMINDERS_FIRED, NULL, NULL, NULL, 1);
	metric_observe(METRIC_REMINDER_LATENESS, NULL, NULL, NULL, (double)(clock_now() - due) / 1e6);
	log_event(LOG_INFO, "reminder_fired", KV_I("reminder_id", id), KV_I("late_us", clock_now() - due));
	log_error("notify_failed",
		  outbox_notify(req->pool, req->bot_id)); /* it is in the outbox all the same */
	return NULL;
}

const struct job job_reminder = {
	.kind = "reminder",
	.when = JOB_AT,
	.catch_up = CATCH_UP_LATE,
	.at_once = FIRING_MAX,
	.batch = BATCH,
	.follows = true,
	.run = reminder_run,
};
