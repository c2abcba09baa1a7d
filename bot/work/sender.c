#include "bot/work/sender.h"

#include "core/clock.h"
#include "core/fiber.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/metrics.h"
#include "core/text.h"
#include "db/people.h"
#include "db/queue.h"
#include <stdlib.h>

enum {
	SEND_SLOTS = 256, /* messages in flight */
	POLL_MS = 1000,   /* a look without a wake-up, for what became due by time */
	RETRY_MS = 1000,  /* first wait after a failure; doubles up to RETRY_MAX_MS */
	RETRY_MAX_MS = 60000,
	UNSURE_TRIES = 12, /* sends whose answer was lost: each may be a visible repeat */
	FLOOD_CHATS = 3,   /* as many chats refused in a row: the whole bot is being limited */
	UNAUTHORIZED_MS = 60000,
	CLAIM_MAX = 64,
	CROWD = 8, /* as many in flight: from here on statements gather company before they go */
	GATHER_CLAIM_MS = 2,
	GATHER_RECORD_MS = 4,
	NO_FIBER_MS = 10,
};

/* One message under way; owns its pool. */
struct delivery {
	struct delivery *next;         /* among the settled */
	struct delivery *live, **link; /* among all, until recorded */
	apr_pool_t *pool;
	struct sending sending;
	int64_t since_ms; /* when it was claimed */
};

static const struct channel *channel;
static int32_t owner;
static struct fiber *claimer, *recorder;
static struct delivery *settled, *all;
static size_t busy;
static bool due, stopping, closing, ready;
static int64_t refused_chat, refused_n; /* 429s in a row over different chats */
static double hold_s;                   /* to add before the next sends of the whole bot */

static int64_t backoff_ms(int64_t attempts)
{
	int64_t ms = RETRY_MS;

	while (attempts-- > 0 && ms < RETRY_MAX_MS)
		ms *= 2;
	return ms < RETRY_MAX_MS ? ms : RETRY_MAX_MS;
}

/* It will not arrive, or not for certain: the one place where that is said. */
static void set_failed(struct sending *s, const char *error, int code)
{
	s->state = "failed";
	s->error = error;
	metric_add(METRIC_OUTBOX_FAILED, NULL, NULL, NULL, 1);
	log_event(LOG_ERROR, "send_failed", KV_I("outbox_id", s->id), KV_S("error", error),
		  KV_I("code", code), KV_I("attempts", s->attempts + 1));
}

static void set_retry(struct sending *s, const char *error, int64_t wait_ms)
{
	if (s->attempts + 1 >= LIMIT_SEND_ATTEMPTS) {
		set_failed(s, error, 0);
		return;
	}
	s->state = "pending";
	s->error = error;
	s->wait_ms = wait_ms;
}

static void set_rate(struct sending *s, const struct tg_result *r)
{
	set_retry(s, "rate", r->retry_after_s * 1000);
	if (refused_chat != s->chat_id)
		refused_n++;
	refused_chat = s->chat_id;
	if (refused_n >= FLOOD_CHATS) {
		hold_s = (double)r->retry_after_s;
		refused_n = 0;
		log_event(LOG_WARN, "bot_rate_limited", KV_I("retry_after_s", r->retry_after_s));
	}
}

/* The answer was lost: a plain message goes again (at least once), a card never does blindly. */
static void set_unsure(struct sending *s)
{
	bool harmless = !text_same(s->method, "send") && !text_same(s->method, "document") &&
			!text_same(s->method, "photo");

	s->lost = true;
	if (!harmless && (text_same(s->class, "card") || s->lost_before >= UNSURE_TRIES)) {
		set_failed(s, "unsure", 0);
		return;
	}
	/* The waits grow fast: what did arrive is not repeated by the dozen. */
	set_retry(s, "unsure", backoff_ms(2 * s->lost_before));
	log_event(LOG_WARN, "send_repeated", KV_I("outbox_id", s->id));
}

static void set_sent(struct sending *s, const struct tg_result *r)
{
	s->state = "sent";
	s->message_id = r->message_id ? r->message_id : s->target_id;
	refused_n = 0;
	metric_add(METRIC_OUTBOX_SENT, NULL, NULL, NULL, 1);
	if (s->accepted_at && s->part == 0)
		metric_observe(METRIC_TURN_DURATION, NULL, NULL, NULL,
			       (double)(clock_now() - s->accepted_at) / 1e6);
	log_event(LOG_INFO, "reply_sent", KV_I("outbox_id", s->id), KV_I("message_id", s->message_id));
}

static void set_result(struct sending *s, const struct tg_result *r)
{
	switch (r->outcome) {
	case TG_OK:
	case TG_NOT_MODIFIED: set_sent(s, r); return;
	case TG_RATE: set_rate(s, r); return;
	case TG_SERVER:
	case TG_UNSENT:
	case TG_CONFLICT: set_retry(s, tg_outcome_name(r->outcome), backoff_ms(s->attempts)); return;
	case TG_UNAUTHORIZED:
		set_retry(s, "unauthorized", UNAUTHORIZED_MS);
		log_event(LOG_ERROR, "token_refused", KV_I("code", r->error_code));
		return;
	case TG_UNKNOWN: set_unsure(s); return;
	default: set_failed(s, tg_outcome_name(r->outcome), r->error_code);
	}
}

/* A message that can no longer be edited is said anew, rather than not at all. */
static err_t *send_again_as_new(struct delivery *d, struct tg_result *ret)
{
	d->sending.method = "send"; /* in this try, and in how a lost answer to it is judged */
	d->sending.target_id = 0;
	*ret = (struct tg_result){ .outcome = TG_UNKNOWN };
	return channel->send(channel->ctx, d->pool, &d->sending, ret);
}

static void deliver(void *arg)
{
	struct delivery *d = arg;
	struct sending *s = &d->sending;
	struct tg_result r = { .outcome = TG_UNKNOWN };
	err_t *err;

	fiber_set_trace(s->trace);
	err = channel->send(channel->ctx, d->pool, s, &r);
	if (!err && text_same(s->method, "edit") && (r.outcome == TG_GONE || r.outcome == TG_REFUSED))
		err = send_again_as_new(d, &r);
	log_error("send_error", err);
	set_result(s, &r);
	if (r.outcome == TG_BLOCKED) {
		log_error("send_error", people_blocked(d->pool, s->bot_id, s->chat_id));
		log_error("send_error",
			  outbox_chat_dead(d->pool, s->bot_id, s->chat_id, "blocked", clock_now()));
	}
	d->next = settled;
	settled = d;
	fiber_wake(recorder);
}

static void live_add(struct delivery *d)
{
	d->live = all;
	d->link = &all;
	if (all)
		all->link = &d->live;
	all = d;
}

static void live_remove(struct delivery *d)
{
	*d->link = d->live;
	if (d->live)
		d->live->link = d->link;
}

static struct delivery *delivery_new(const struct sending *s)
{
	struct delivery *d = calloc(1, sizeof *d);
	apr_pool_t *own = pool_root();

	if (!d)
		abort();
	d->pool = own;
	d->since_ms = clock_mono_ms();
	d->sending = *s;
	d->sending.method = mem_text(own, s->method);
	d->sending.text = mem_text(own, s->text);
	d->sending.markup = mem_text(own, s->markup);
	d->sending.class = mem_text(own, s->class);
	d->sending.trace = mem_text(own, s->trace);
	d->sending.chart = mem_text(own, s->chart);
	d->sending.dedupe = NULL;
	live_add(d);
	busy++;
	return d;
}

static NODISCARD err_t *pace(apr_pool_t *pool, size_t n, int64_t *ret_ms)
{
	double hold = hold_s;

	*ret_ms = 0;
	if (!n || channel->pace_s <= 0)
		return NULL;
	hold_s = 0;
	return outbox_pace(pool, channel->bot_id, n, channel->pace_s, hold, ret_ms);
}

static NODISCARD err_t *claim_some(apr_pool_t *pool)
{
	size_t room = SEND_SLOTS - busy, ask = room < CLAIM_MAX ? room : CLAIM_MAX, n;
	struct sending *sendings;
	struct delivery **made;
	int64_t wait_ms;

	ERR(outbox_claim(pool, channel->bot_id, (int)ask, owner, channel->only_chat, &n, &sendings));
	due = !stopping && (due || n == ask);
	made = mem_alloc(pool, sizeof *made * (n + 1));
	for (size_t i = 0; i < n; i++)
		made[i] = delivery_new(&sendings[i]);
	/* Without a slot of their own they go now: Telegram's 429 is obeyed all the same. */
	log_error("pace_failed", pace(pool, n, &wait_ms));
	for (size_t i = 0; i < n; i++) {
		int64_t ms = i ? (int64_t)(channel->pace_s * 1000) : wait_ms;

		if (ms > 0)
			err_clear(fiber_sleep(ms));
		while (!fiber_go("send", deliver, made[i]))
			err_clear(fiber_sleep(NO_FIBER_MS));
	}
	return NULL;
}

/* A claim that failed may still have leased what it did not tell us. */
static void disown(apr_pool_t *pool)
{
	size_t n;
	int64_t *tokens = sender_tokens(pool, 0, &n);

	log_error("disown_failed", queue_disown(pool, channel->bot_id, LANE_OUT, owner, tokens, n));
}

static void claimer_main(void *arg)
{
	apr_pool_t *pool = pool_root();

	(void)arg;
	claimer = fiber_self();
	/* Stopping, it looks once more if there is something to look for: the last turns' replies. */
	while (!stopping || due) {
		int64_t until = clock_mono_ms() + POLL_MS;
		err_t *err = NULL;

		while (!stopping && (!ready || busy >= SEND_SLOTS))
			err_clear(fiber_wait(0));
		while (!due && !stopping && !err)
			err = fiber_wait(until);
		err_clear(err);
		if (stopping && (!due || !ready))
			break;
		if (busy > CROWD)
			err_clear(fiber_sleep(GATHER_CLAIM_MS));
		due = false;
		err = claim_some(pool);
		if (err) {
			log_error("outbox_claim_failed", err);
			err_clear(fiber_sleep(POLL_MS / 4));
			disown(pool);
			due = !stopping;
		}
		pool_clear(pool);
	}
	pool_free(pool);
	claimer = NULL;
	fiber_wake(recorder);
}

static size_t settled_take(apr_pool_t *pool, struct delivery **ret_list, struct sending ***ret_sendings)
{
	size_t n = 0, i = 0;

	*ret_list = settled;
	settled = NULL;
	for (struct delivery *d = *ret_list; d; d = d->next)
		n++;
	*ret_sendings = mem_alloc(pool, sizeof **ret_sendings * n);
	for (struct delivery *d = *ret_list; d; d = d->next)
		(*ret_sendings)[i++] = &d->sending;
	return n;
}

static void recorder_main(void *arg)
{
	apr_pool_t *pool = pool_root(), *each = pool_root(); /* each: of one try */

	(void)arg;
	recorder = fiber_self();
	for (;;) {
		struct delivery *list, *next;
		struct sending **sendings;
		size_t n;
		bool more;
		err_t *err;

		while (!settled && !(closing && !claimer && !busy))
			err_clear(fiber_wait(0));
		if (!settled)
			break;
		if (busy > CROWD)
			err_clear(fiber_sleep(GATHER_RECORD_MS));
		n = settled_take(pool, &list, &sendings);
		/* What was delivered must be known as delivered: until then nothing else is recorded. */
		while ((err = outbox_done(each, channel->bot_id, sendings, n, clock_now(),
					  channel->chat_pace_s, &more))) {
			log_error("outbox_record_failed", err);
			err_clear(fiber_sleep(POLL_MS / 4));
			pool_clear(each);
		}
		pool_clear(each);
		for (; list; list = next) {
			next = list->next;
			live_remove(list);
			pool_free(list->pool);
			free(list);
		}
		busy -= n;
		due = due || (more && !stopping);
		fiber_wake(claimer);
		pool_clear(pool);
	}
	recorder = NULL;
	pool_free(each);
	pool_free(pool);
}

void sender_start(const struct channel *to, int32_t lock_id)
{
	channel = to;
	owner = lock_id;
	due = true;
	stopping = closing = false;
	fiber_go("send-claim", claimer_main, NULL);
	fiber_go("send-record", recorder_main, NULL);
}

void sender_ready(void)
{
	ready = true;
	fiber_wake(claimer);
}

void sender_kick(void)
{
	due = due || !stopping;
	fiber_wake(claimer);
}

void sender_stop(void)
{
	stopping = true;
	fiber_wake(claimer);
}

void sender_close(void)
{
	sender_stop();
	closing = true;
	fiber_wake(recorder);
	while (claimer || recorder)
		err_clear(fiber_sleep(1));
}

bool sender_stopped(void)
{
	return !claimer && !busy;
}

size_t sender_busy(void)
{
	return busy;
}

int64_t *sender_tokens(apr_pool_t *pool, int64_t min_ms, size_t *ret_n)
{
	int64_t latest = clock_mono_ms() - min_ms;
	int64_t *tokens = mem_alloc(pool, sizeof *tokens * (busy + 1));
	size_t n = 0;

	for (struct delivery *d = all; d; d = d->live)
		if (d->since_ms <= latest)
			tokens[n++] = d->sending.token;
	*ret_n = n;
	return tokens;
}
