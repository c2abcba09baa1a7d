#include "bot/work/worker.h"

#include "bot/turn/progress.h"
#include "bot/work/person_web.h"
#include "bot/work/sender.h"
#include "bot/talk/talk.h"
#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/metrics.h"
#include "core/text.h"
#include "db/pg_listen.h"
#include "tools/remote.h"
#include <stdlib.h>
#include <string.h>

enum {
	CONTROL_SLOTS = 64, /* of their own: what pre-empts must not wait for a flight */
	CLAIM_MAX = 256,
	POLL_MS = 1000, /* a look without a wake-up, for what became ready by time */
	SWEEP_AGAIN_MS = 4000,
	RENEW_MS = 10000, /* a third of the lease */
	CROWD = 64,       /* as many turns in flight: from here on statements gather company before they go */
	GATHER_CLAIM_MS = 2,
	GATHER_COMPLETE_MS = 4,
	TYPING_TICK_MS = 500,
	TYPING_AFTER_MS = 700, /* quick answers need no "typing" */
	TYPING_EVERY_MS = 4000,
	TYPING_MAX = 16, /* in flight; more are dropped */
};

/* One turn in flight; lives in its request's pool. */
struct flight {
	struct flight *next, **link; /* among all, until completed or given back */
	struct flight *ended;        /* among the ended */
	struct turn turn;
	struct fiber *fiber;
	int64_t started_ms, typed_ms;
};

/* A lane's dispatcher. */
struct lane_state {
	enum lane lane;
	int slots;
	bool due;
	struct fiber *fiber;
};

static const struct channel *channel;
static int32_t owner;
static struct lane_state talk = { .lane = LANE_TALK },
			 control = { .lane = LANE_CONTROL, .slots = CONTROL_SLOTS };
static struct flight *running, *ended;
static struct fiber *completer, *renewer, *typist;
static size_t busy, typing;
static bool listening, stopping, closing;

static void lane_kick(struct lane_state *lane)
{
	lane->due = true;
	fiber_wake(lane->fiber);
}

static struct lane_state *lane_state(const struct flight *flight)
{
	return flight->turn.claim->lane == LANE_CONTROL ? &control : &talk;
}

static void flight_link(struct flight *flight)
{
	flight->next = running;
	flight->link = &running;
	if (running)
		running->link = &flight->next;
	running = flight;
}

static void flight_unlink(struct flight *flight)
{
	*flight->link = flight->next;
	if (flight->next)
		flight->next->link = flight->link;
}

static void flight_free(struct flight *flight)
{
	flight_unlink(flight);
	lane_state(flight)->slots++;
	busy--;
	req_end(flight->turn.req);
}

/* What is not to be completed is given back here, in the turn's own fiber. */
static void give_back(struct flight *flight, enum talk_end end, const char *error)
{
	const struct claim *claim = flight->turn.claim;
	apr_pool_t *each = pool_root(); /* of one try */
	err_t *err;

	if (end == TALK_BURY) {
		metric_add(METRIC_DEAD_LETTERS, NULL, NULL, NULL, 1);
		log_event(LOG_ERROR, "dead_letter", KV_I("update_id", claim->update_id),
			  KV_S("error", error));
	}
	/* Until it is known our lease would be renewed for ever; a lost lease makes either a no-op. */
	for (;;) {
		if (end == TALK_RETRY)
			err = queue_retry(each, claim, true, talk_backoff_s(claim->attempts));
		else
			err = queue_bury(each, claim, error, clock_now());
		if (!err)
			break;
		log_error("give_back_failed", err);
		err_clear(fiber_sleep(POLL_MS / 4));
		pool_clear(each);
	}
	pool_free(each);
}

static void turn_main(void *arg)
{
	struct flight *flight = arg;
	const char *error = "";
	enum talk_end end;

	flight->fiber = fiber_self();
	end = talk_run(&flight->turn, &error);
	fiber_shield(+1);
	progress_end(&flight->turn); /* nothing of the turn is used after it */
	flight->fiber = NULL;
	sender_kick();
	if (end == TALK_DONE) {
		flight->ended = ended;
		ended = flight;
		fiber_wake(completer);
		return;
	}
	give_back(flight, end, error);
	fiber_set_trace(NULL);
	flight_free(flight);
}

static void turn_start(apr_pool_t *pool, const struct claim *claim)
{
	struct req *req = req_begin(claim->trace);
	struct flight *flight = MEM_NEW(req->pool, struct flight);

	req->bot_id = claim->bot_id;
	req->chat_id = claim->chat_id;
	req->update_id = claim->update_id;
	flight->turn = (struct turn){ .req = req,
				      .claim = claim_dup(req->pool, claim),
				      .channel = channel,
				      .progress.watcher = typist };
	flight->started_ms = clock_mono_ms();
	flight_link(flight);
	lane_state(flight)->slots--;
	busy++;
	if (!fiber_go("turn", turn_main, flight)) {
		flight_free(flight);
		log_error("no_fiber", queue_retry(pool, claim, false, 1));
	}
}

/* Tokens of the leases that we have held for at least min_ms, of one lane. */
static int64_t *tokens_held(apr_pool_t *pool, enum lane lane, int64_t min_ms, size_t *ret_n)
{
	int64_t latest = clock_mono_ms() - min_ms;
	int64_t *tokens = mem_alloc(pool, sizeof *tokens * (busy + 1));
	size_t n = 0;

	for (struct flight *f = running; f; f = f->next)
		if (f->turn.claim->lane == lane && f->started_ms <= latest)
			tokens[n++] = f->turn.claim->token;
	*ret_n = n;
	return tokens;
}

/* A claim that failed may still have leased what it did not tell us. */
static void disown(apr_pool_t *pool, enum lane lane)
{
	size_t n;
	int64_t *tokens = tokens_held(pool, lane, 0, &n);

	log_error("disown_failed", queue_disown(pool, channel->bot_id, lane, owner, tokens, n));
}

static NODISCARD err_t *renew(apr_pool_t *pool)
{
	size_t n[3];
	/* A younger lease lasts until the next round, and then some. */
	int64_t *tokens[3] = {
		tokens_held(pool, LANE_TALK, RENEW_MS, &n[0]),
		tokens_held(pool, LANE_CONTROL, RENEW_MS, &n[1]),
		sender_tokens(pool, RENEW_MS, &n[2]),
	};

	for (int i = 0; i < 3; i++)
		if (n[i])
			ERR(queue_renew(pool, owner, tokens[i], n[i]));
	return NULL;
}

static NODISCARD err_t *claim_some(apr_pool_t *pool, struct lane_state *lane)
{
	int ask = lane->slots < CLAIM_MAX ? lane->slots : CLAIM_MAX;
	struct claim *claims;
	size_t n;

	ERR(queue_claim(pool, channel->bot_id, lane->lane, ask, owner, channel->only_chat, &n, &claims));
	if (n == (size_t)ask)
		lane->due = true;
	for (size_t i = 0; i < n; i++)
		turn_start(pool, &claims[i]);
	return NULL;
}

static void dispatcher_main(void *arg)
{
	struct lane_state *lane = arg;
	apr_pool_t *pool = pool_root();

	lane->fiber = fiber_self();
	while (!stopping) {
		int64_t until = clock_mono_ms() + POLL_MS;
		err_t *err = NULL;

		while (!stopping && (lane->slots <= 0 || !listening))
			err_clear(fiber_wait(0));
		while (!stopping && !lane->due && !err)
			err = fiber_wait(until);
		err_clear(err);
		if (stopping)
			break;
		if (busy > CROWD)
			err_clear(fiber_sleep(GATHER_CLAIM_MS));
		lane->due = false;
		err = claim_some(pool, lane);
		if (err) {
			log_error("claim_failed", err);
			err_clear(fiber_sleep(POLL_MS / 4));
			disown(pool, lane->lane);
			lane->due = true;
		}
		pool_clear(pool);
	}
	lane->fiber = NULL;
	pool_free(pool);
}

static size_t ended_take(apr_pool_t *pool, struct flight **ret_list, const struct claim ***ret_claims)
{
	size_t n = 0, i = 0;

	*ret_list = ended;
	ended = NULL;
	for (struct flight *s = *ret_list; s; s = s->ended)
		n++;
	*ret_claims = mem_alloc(pool, sizeof **ret_claims * n);
	for (struct flight *s = *ret_list; s; s = s->ended)
		(*ret_claims)[i++] = s->turn.claim;
	return n;
}

static void completer_main(void *arg)
{
	apr_pool_t *pool = pool_root(), *each = pool_root(); /* each: of one try */

	(void)arg;
	completer = fiber_self();
	for (;;) {
		const struct claim **claims;
		struct flight *list, *next;
		bool more = false;
		err_t *err;
		size_t n;

		while (!ended && !closing)
			err_clear(fiber_wait(0));
		if (!ended)
			break;
		if (busy > CROWD)
			err_clear(fiber_sleep(GATHER_COMPLETE_MS));
		n = ended_take(pool, &list, &claims);
		/* Until it is known our leases would be renewed for ever; a lost lease makes it a no-op. */
		while ((err = queue_complete(each, channel->bot_id, claims, n, clock_now(), &more))) {
			log_error("complete_failed", err);
			err_clear(fiber_sleep(POLL_MS / 4));
			pool_clear(each);
		}
		pool_clear(each);
		for (; list; list = next) {
			next = list->ended;
			if (more)
				lane_state(list)->due = true;
			flight_free(list);
		}
		fiber_wake(talk.fiber);
		fiber_wake(control.fiber);
		pool_clear(pool);
	}
	completer = NULL;
	pool_free(each);
	pool_free(pool);
}

static void renewer_main(void *arg)
{
	apr_pool_t *pool = pool_root();
	int64_t freed, unsure;

	(void)arg;
	renewer = fiber_self();
	while (!listening && !closing)
		err_clear(fiber_sleep(TYPING_TICK_MS / 10));
	/* What a worker that died here left behind: at once what is old enough to tell, and soon after the rest. */
	for (int i = 0; i < 2 && !closing; i++) {
		if (i)
			err_clear(fiber_sleep(SWEEP_AGAIN_MS));
		if (!closing)
			log_error("sweep_failed", queue_sweep(pool, &freed, &unsure));
		worker_kick();
	}
	while (!closing) {
		err_clear(fiber_sleep(RENEW_MS));
		if (!closing)
			log_error("renew_failed", renew(pool));
		pool_clear(pool);
	}
	renewer = NULL;
	pool_free(pool);
}

static void type_main(void *arg)
{
	apr_pool_t *pool = pool_root();
	int64_t chat_id = *(int64_t *)arg;

	free(arg);
	err_clear(channel->typing(channel->ctx, pool, chat_id)); /* a nicety: failing changes nothing */
	typing--;
	pool_free(pool);
}

static void type_start(int64_t chat_id)
{
	int64_t *arg = malloc(sizeof *arg);

	if (!arg)
		return;
	*arg = chat_id;
	typing++;
	if (!fiber_go("typing", type_main, arg)) {
		typing--;
		free(arg);
	}
}

static void typist_main(void *arg)
{
	(void)arg;
	typist = fiber_self();
	while (!closing) {
		int64_t now;

		err_clear(fiber_wait(clock_mono_ms() +
				     TYPING_TICK_MS)); /* or sooner: a turn has begun to think */
		now = clock_mono_ms();
		for (struct flight *s = running; s && typing < TYPING_MAX; s = s->next) {
			if (!s->fiber || s->turn.claim->lane != LANE_TALK)
				continue;
			progress_tick(&s->turn);
			if ((!s->turn.progress.thinking && now - s->started_ms < TYPING_AFTER_MS) ||
			    now - s->typed_ms < TYPING_EVERY_MS)
				continue;
			s->typed_ms = now;
			type_start(s->turn.claim->chat_id);
		}
	}
	typist = NULL;
}

/* "bot:chat": the turn that runs there is to stop. */
static void stop_turn(const char *payload)
{
	const char *colon = strchr(payload, ':');
	int64_t chat_id, bot_id = strtoll(payload, NULL, 10);

	if (!colon || bot_id != channel->bot_id || !text_int(colon + 1, &chat_id))
		return;
	for (struct flight *s = running; s; s = s->next) {
		if (!s->fiber || s->turn.claim->chat_id != chat_id || s->turn.claim->lane != LANE_TALK)
			continue;
		s->turn.stopped = true;
		fiber_cancel(s->fiber);
	}
}

static void on_notify(void *ctx, const char *name, const char *payload)
{
	(void)ctx;
	if (text_same(name, "lembra_stop")) {
		stop_turn(payload);
		return;
	}
	if (!name || text_same(name, HANDOVER_CHANNEL))
		person_web_kick();
	if (text_same(name, HANDOVER_CHANNEL))
		return;
	if (!name && !listening) {
		listening = true; /* from now on our leases show that we live */
		sender_ready();
		log_event(LOG_INFO, "worker_ready", KV_I("owner", owner));
	}
	worker_kick();
}

void worker_start(const char *queue_url, const struct channel *to, int slots)
{
	static const char *const names[] = { "lembra_work", "lembra_out", "lembra_stop", HANDOVER_CHANNEL,
					     NULL };

	channel = to;
	talk.slots = slots;
	talk.due = control.due = true;
	owner = (int32_t)(1 + crypt_random_below(INT32_MAX - 1));
	fiber_go("talk", dispatcher_main, &talk);
	fiber_go("control", dispatcher_main, &control);
	fiber_go("complete", completer_main, NULL);
	fiber_go("renew", renewer_main, NULL);
	fiber_go("typist", typist_main, NULL);
	sender_start(channel, owner);
	pg_listen(&(struct pg_listen_opts){ .url = queue_url,
					    .channels = names,
					    .lock_class = QUEUE_LOCK_CLASS,
					    .lock_id = owner,
					    .on_notify = on_notify });
}

void worker_kick(void)
{
	lane_kick(&talk);
	lane_kick(&control);
	sender_kick();
}

void worker_stop(void)
{
	stopping = true;
	fiber_wake(talk.fiber);
	fiber_wake(control.fiber);
}

void worker_close(void)
{
	closing = true;
	sender_close();
	fiber_wake(completer);
	fiber_cancel(renewer);
	fiber_cancel(typist);
	while (completer || renewer || typist || talk.fiber || control.fiber || typing)
		err_clear(fiber_sleep(1));
}

/* A claim under way still brings turns, and a turn brings replies: first the one ends, then the other. */
bool worker_drained(void)
{
	if (!stopping || busy || remote_busy() || talk.fiber || control.fiber)
		return false;
	sender_stop();
	return sender_stopped();
}

size_t worker_busy(void)
{
	return busy + remote_busy() + sender_busy();
}
