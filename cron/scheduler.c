#include "cron/scheduler.h"

#include "core/crypt.h"
#include "core/fiber.h"
#include "core/log.h"
#include "core/text.h"
#include "cron/runner.h"
#include "db/pg_listen.h"

enum {
	KINDS_MAX = 64,
	AT_ONCE = 4,
	LEASE_S = 60,
	POLL_MS = 1000, /* a look without a wake-up */
	TICK_MS = 5000, /* between looks at what is running, or a quarter of the lease */
	RECALL_MS = 60000,
	SLOT_MS = 200, /* between looks whether to stop, while a slot is awaited */
};
static const int64_t limit_us = 10 * MINUTE_US;

/* One claimed row: waiting for its turn, then running. */
struct item {
	struct runner runner;
	struct batch *batch;
	struct item *next;
	struct fiber *fiber; /* while it runs */
	int64_t started_us;  /* monotonic */
};

/* What one claim brought: freed with its last. */
struct batch {
	apr_pool_t *pool;
	size_t left;
};

/* A kind, with its own places, so that none waits behind another. */
struct lane {
	const struct job *job;
	struct item *first, **last; /* waiting */
	struct item *running;
	int waiting, busy, fibers; /* how many wait, run, and fibers for them */
	bool more;                 /* the last claim filled its room: there may be more */
};

static struct scheduler_opts opts;
static struct lane lanes[KINDS_MAX];
static size_t lanes_n;
static struct fiber *self, *keeper;
static bool due, stopping, idle, seeded;
static int64_t paced_us;            /* monotonic: when the next run of a kind with messages may begin */
static int64_t last_now, recall_ms; /* product time of the last look; when to look for parked jobs next */
static int32_t owner;

static int at_once(const struct job *job)
{
	return job->at_once ? job->at_once : AT_ONCE;
}

static void wake(void)
{
	due = true;
	fiber_wake(self);
}

/* --- what is running ---------------------------------------------------------------------------- */

static struct item *take(struct lane *lane)
{
	struct item *item = lane->first;

	if (!item)
		return NULL;
	lane->first = item->next;
	if (!lane->first)
		lane->last = &lane->first;
	lane->waiting--;
	item->next = lane->running;
	lane->running = item;
	lane->busy++;
	item->fiber = fiber_self();
	item->started_us = clock_mono_us();
	return item;
}

static void finished(struct lane *lane, struct item *item)
{
	struct item **at = &lane->running;
	struct batch *batch = item->batch;

	while (*at != item)
		at = &(*at)->next;
	*at = item->next;
	lane->busy--;
	if (--batch->left == 0)
		pool_free(batch->pool);
	/* A job of a wall is to be planned again; and there may be room for more. */
	if (!lane->job->follows || (lane->more && lane->waiting < at_once(lane->job)))
		wake();
}

/* Waits for its slot: messages go out at five sixths of what Telegram takes, the rest is for reminders and answers. A row
 * that is only to be planned puts none; and who is asked to stop keeps nobody waiting. */
static void await_slot(const struct item *item)
{
	int64_t rate = opts.config->telegram_rate_per_s, now = clock_mono_us(), slot, left;
	err_t *err = NULL;

	if (!item->runner.job->messages || !rate || (item->runner.claim.local && !item->runner.claim.due))
		return;
	slot = paced_us > now ? paced_us : now;
	paced_us = slot + item->runner.job->messages * SECOND_US * 6 / (rate * 5);
	while (!err && !stopping && (left = (slot - clock_mono_us()) / 1000) > 0)
		err = fiber_sleep(left < SLOT_MS ? left : SLOT_MS);
	err_clear(err); /* a cancelled one ends by itself */
}

static void lane_main(void *arg)
{
	struct lane *lane = arg;
	struct item *item;

	/* A cancelled fiber is of no more use. */
	while (!fiber_cancelled() && (item = take(lane))) {
		await_slot(item);
		if (!item->runner.lost)
			runner_run(&item->runner);
		finished(lane, item);
	}
	lane->fibers--;
	wake();
	if (stopping)
		fiber_wake(keeper);
}

/* Fibers for those that wait, as far as the kind's places go. */
static void lane_fill(struct lane *lane)
{
	while (lane->fibers < at_once(lane->job) && lane->fibers < lane->busy + lane->waiting &&
	       fiber_go(lane->job->kind, lane_main, lane))
		lane->fibers++;
}

static struct lane *lane_of(const char *kind)
{
	for (size_t i = 0; i < lanes_n; i++)
		if (text_same(lanes[i].job->kind, kind))
			return &lanes[i];
	return NULL;
}

static void lane_put(struct lane *lane, const struct jobs_claim *claim, struct batch *batch)
{
	struct item *item = MEM_NEW(batch->pool, struct item);

	item->runner = (struct runner){ .config = opts.config, .job = lane->job, .claim = *claim };
	item->batch = batch;
	batch->left++;
	*lane->last = item;
	lane->last = &item->next;
	lane->waiting++;
}

/* --- looking for what is due -------------------------------------------------------------------- */

/* Kinds that could take more, and how many of each. */
struct room {
	const char *kinds[KINDS_MAX];
	int64_t room[KINDS_MAX];
	size_t n;
};

static void find_room(struct room *ret)
{
	ret->n = 0;
	for (size_t i = 0; i < lanes_n; i++) {
		const struct lane *lane = &lanes[i];
		int places = at_once(lane->job), room = places - lane->busy - lane->waiting;

		if (lane->job->batch)
			room = lane->waiting < places ? lane->job->batch - lane->waiting : 0;
		if (room <= 0)
			continue;
		ret->kinds[ret->n] = lane->job->kind;
		ret->room[ret->n++] = room;
	}
}

static void claimed(apr_pool_t *pool, const struct jobs_claim *list, size_t n, const struct room *room)
{
	struct batch *batch = MEM_NEW(pool, struct batch);
	size_t taken[KINDS_MAX] = { 0 };

	batch->pool = pool;
	for (size_t i = 0; i < n; i++) {
		struct lane *lane = lane_of(list[i].kind);

		lane_put(lane, &list[i], batch);
		taken[lane - lanes]++;
	}
	for (size_t i = 0; i < room->n; i++) {
		struct lane *lane = lane_of(room->kinds[i]);

		lane->more = taken[lane - lanes] >= (size_t)room->room[i];
	}
}

static NODISCARD err_t *claim(const struct room *room)
{
	apr_pool_t *pool = pool_root();
	struct jobs_claim *list;
	size_t n = 0;
	err_t *err = jobs_claim(pool, room->kinds, room->room, room->n, owner, opts.lease_s, &n, &list);

	if (!err && n)
		claimed(pool, list, n, room);
	else
		pool_free(pool);
	for (size_t i = 0; i < lanes_n; i++)
		lane_fill(&lanes[i]);
	return err;
}

static NODISCARD err_t *look(apr_pool_t *pool, int64_t *ret_next)
{
	struct room room;

	find_room(&room);
	if (room.n)
		ERR(claim(&room));
	find_room(&room);
	*ret_next = clock_now() + HOUR_US;
	return room.n ? jobs_next(pool, room.kinds, room.n, ret_next) : NULL;
}

static void all_kinds(struct room *ret)
{
	for (ret->n = 0; ret->n < lanes_n; ret->n++)
		ret->kinds[ret->n] = lanes[ret->n].job->kind;
}

/* Clocks that were wrong park nothing: looked for at the start, each minute, and when our own goes back. */
static NODISCARD err_t *recall(apr_pool_t *pool)
{
	const struct job *jobs[KINDS_MAX];
	int64_t now = clock_now();
	bool went_back = now < last_now - SECOND_US;

	last_now = now;
	if (!went_back && clock_mono_ms() < recall_ms)
		return NULL;
	for (size_t i = 0; i < lanes_n; i++)
		jobs[i] = lanes[i].job;
	ERR(jobs_recall(pool, jobs, lanes_n, went_back || !recall_ms));
	recall_ms = clock_mono_ms() + RECALL_MS;
	return NULL;
}

static NODISCARD err_t *seed(apr_pool_t *pool)
{
	const struct job *jobs[KINDS_MAX];

	if (seeded)
		return NULL;
	for (size_t i = 0; i < lanes_n; i++)
		jobs[i] = lanes[i].job;
	ERR(jobs_seed(pool, jobs, lanes_n));
	seeded = true;
	return NULL;
}

static NODISCARD err_t *turn(apr_pool_t *pool, int64_t *ret_next)
{
	ERR(seed(pool));
	ERR(recall(pool));
	return look(pool, ret_next);
}

static void sleep_until(int64_t next)
{
	int64_t ms = clock_wait_ms(next), until = clock_mono_ms() + (ms < POLL_MS ? ms : POLL_MS);
	err_t *err = NULL;

	idle = true;
	while (!due && !stopping && !err)
		err = ms ? fiber_wait(until) : err_new(ERR_TIMEOUT, "due");
	err_clear(err);
	due = idle = false;
}

static void scheduler_main(void *arg)
{
	apr_pool_t *pool = pool_root();

	(void)arg;
	self = fiber_self();
	while (!stopping) {
		int64_t next = clock_now() + SECOND_US;

		log_error("scheduler_failed", turn(pool, &next));
		pool_clear(pool);
		sleep_until(next);
	}
	idle = true;
	self = NULL;
	pool_free(pool);
}

/* --- keeping what is held ----------------------------------------------------------------------- */

/* What we hold: waiting or running. */
struct held {
	int64_t *ids, *tokens;
	size_t n, max;
};

static void hold(struct held *held, const struct item *item)
{
	for (; item && held->n < held->max; item = item->next) {
		held->ids[held->n] = item->runner.claim.id;
		held->tokens[held->n++] = item->runner.claim.token;
	}
}

static struct held all_held(apr_pool_t *pool)
{
	struct held held = { 0 };

	for (size_t i = 0; i < lanes_n; i++)
		held.max += (size_t)(lanes[i].busy + lanes[i].waiting);
	held.ids = mem_alloc(pool, sizeof *held.ids * (held.max + 1));
	held.tokens = mem_alloc(pool, sizeof *held.tokens * (held.max + 1));
	for (size_t i = 0; i < lanes_n; i++) {
		hold(&held, lanes[i].first);
		hold(&held, lanes[i].running);
	}
	return held;
}

static bool is_lost(const struct held *held, const bool *lost, const struct item *item)
{
	for (size_t i = 0; i < held->n; i++)
		if (held->tokens[i] == item->runner.claim.token)
			return lost[i];
	return false;
}

/* One whose row another has taken, or that takes too long, is cancelled. */
static void check_running(const struct lane *lane, const struct held *held, const bool *lost)
{
	int64_t limit = lane->job->limit_us ? lane->job->limit_us : limit_us;

	for (struct item *item = lane->running; item; item = item->next) {
		bool taken = !lane->job->follows && is_lost(held, lost, item),
		     slow = clock_mono_us() - item->started_us > limit;

		if ((!taken && !slow) || item->runner.lost)
			continue;
		item->runner.lost = taken;
		log_event(LOG_WARN, taken ? "job_lost" : "job_too_slow", KV_S("job", lane->job->kind),
			  KV_I("user_id", item->runner.claim.user_id));
		fiber_cancel(item->fiber);
	}
}

static NODISCARD err_t *keep(apr_pool_t *pool)
{
	struct held held = all_held(pool);
	bool *lost = mem_alloc(pool, held.n + 1);
	struct room all;
	int freed;

	if (held.n)
		ERR(jobs_renew(pool, held.ids, held.tokens, held.n, opts.lease_s, lost));
	for (size_t i = 0; i < lanes_n; i++) {
		for (struct item *item = lanes[i].first; item; item = item->next)
			item->runner.lost = is_lost(&held, lost, item);
		check_running(&lanes[i], &held, lost);
	}
	all_kinds(&all);
	ERR(jobs_orphans(pool, all.kinds, all.n, owner, opts.lease_s, &freed));
	if (freed) {
		log_event(LOG_WARN, "jobs_freed", KV_I("n", freed));
		wake();
	}
	return NULL;
}

static bool all_done(void)
{
	for (size_t i = 0; i < lanes_n; i++)
		if (lanes[i].fibers || lanes[i].waiting)
			return false;
	return true;
}

static void keeper_main(void *arg)
{
	apr_pool_t *pool = pool_root();
	int64_t tick = (int64_t)(opts.lease_s * 250);

	(void)arg;
	while (!stopping || !all_done()) {
		log_error("jobs_unkept", keep(pool));
		pool_clear(pool);
		/* Woken by the end; any other wake-up only makes it look sooner. */
		if (!stopping || !all_done())
			err_clear(fiber_wait(clock_mono_ms() + (tick < TICK_MS ? tick : TICK_MS)));
	}
	keeper = NULL;
	pool_free(pool);
}

/* --- start and end ------------------------------------------------------------------------------ */

static void on_notify(void *ctx, const char *channel, const char *payload)
{
	(void)ctx;
	(void)channel;
	(void)payload;
	wake();
}

static void lanes_open(void)
{
	const struct job *const *jobs = opts.jobs ? opts.jobs : jobs_all;

	for (lanes_n = 0; *jobs && lanes_n < KINDS_MAX; jobs++) {
		struct lane *lane = &lanes[lanes_n];

		if (opts.people_only && (*jobs)->house)
			continue;
		*lane = (struct lane){ .job = *jobs };
		lane->last = &lane->first;
		lanes_n++;
	}
}

void scheduler_start(const struct scheduler_opts *with)
{
	static const char *const channels[] = { "lembra_jobs", NULL };

	opts = *with;
	opts.lease_s = opts.lease_s > 0 ? opts.lease_s : LEASE_S;
	stopping = seeded = false;
	last_now = recall_ms = paced_us = 0;
	owner = opts.queue_url ? (int32_t)(1 + crypt_random_below(INT32_MAX - 1)) : 0;
	lanes_open();
	fiber_go("scheduler", scheduler_main, NULL);
	keeper = fiber_go("keeper", keeper_main, NULL);
	if (opts.queue_url)
		pg_listen(&(struct pg_listen_opts){ .url = opts.queue_url,
						    .channels = channels,
						    .lock_class = JOBS_LOCK_CLASS,
						    .lock_id = owner,
						    .on_notify = on_notify });
}

void scheduler_stop(void)
{
	stopping = true;
	fiber_wake(self);
	fiber_wake(keeper);
}

bool scheduler_idle(void)
{
	return idle && all_done() && !keeper;
}
