#include "bot/web/polling.h"

#include "bot/web/ingest.h"
#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/log.h"
#include "core/text.h"
#include "integrations/telegram/telegram.h"

#include <string.h>

enum {
	TIMEOUT_S = 25,
	BATCH = 100,          /* Telegram's most */
	FEW = 10,             /* after a failure: the answer may have been too large to take */
	HASTY_MS = 500,       /* an empty answer that comes sooner has not waited for updates */
	FIRST_WAIT_MS = 1000, /* doubled up to MOST_WAIT_MS */
	MOST_WAIT_MS = 60000,
	OTHER_POLLER_MS = 5000, /* the first wait after another poller showed up */
	WEBHOOK_WAIT_MS = 30000,
	REFUSED_WAIT_MS = 60000,
	WATCHDOG_MS = 120000,
	TEST_TIMEOUT_S = 2,
	TEST_WATCHDOG_MS = 5000,
};

/* update_id may start again anywhere after a week without updates: then an old offset would hide the new ones. */
#define OFFSET_LIFE_US (6 * DAY_US)

static struct {
	struct telegram *tg;
	int64_t timeout_s, watchdog_ms;
	int64_t offset;     /* 0: where Telegram itself says that we are */
	int64_t updates_at; /* when the last update came, real time */
	int64_t call_began; /* monotonic ms; 0: no call is under way */
	int64_t wait_ms;    /* grows while calls fail */
	struct fiber *fiber, *watchdog;
	bool stopping, round_over, running;
} poll;

/* The updates of one call, on their way to the commit. */
struct batch {
	struct fiber *fiber;
	size_t left;
	bool failed;
};

static void on_committed(void *ctx, bool ok)
{
	struct batch *b = ctx;

	b->failed = b->failed || !ok;
	if (--b->left == 0)
		fiber_wake(b->fiber);
}

static void park(apr_pool_t *pool, const struct json *item, struct batch *b)
{
	struct update_in *update = MEM_NEW(pool, struct update_in);
	const char *body = json_write(pool, item);

	if (ingest_classify(pool, body, strlen(body), update) != INGEST_KEEP)
		return;
	b->left++;
	if (!ingest_park(update, on_committed, b)) {
		b->left--;
		b->failed = true;
	}
}

/* False when something was not committed. Shielded: the updates are the writer's until it is done. */
static bool commit(apr_pool_t *pool, const struct json *list)
{
	struct batch b = { .fiber = fiber_self() };

	fiber_shield(+1);
	for (size_t i = 0; i < json_len(list) && !b.failed; i++)
		park(pool, json_item(list, i), &b);
	while (b.left)
		err_clear(fiber_wait(0));
	fiber_shield(-1);
	return !b.failed;
}

static int64_t highest(const struct json *list)
{
	int64_t id, most = -1;

	for (size_t i = 0; i < json_len(list); i++)
		if (json_int(json_item(list, i), "update_id", &id) && id > most)
			most = id;
	return most;
}

/* Between 3/4 and 5/4 of ms, so that pollers do not march in step. */
static int64_t jitter(int64_t ms)
{
	return ms * 3 / 4 + (int64_t)crypt_random_below((uint32_t)(ms / 2 + 1));
}

static int64_t backoff(int64_t first_ms)
{
	poll.wait_ms = poll.wait_ms ? poll.wait_ms * 2 : first_ms;
	if (poll.wait_ms < first_ms)
		poll.wait_ms = first_ms;
	if (poll.wait_ms > MOST_WAIT_MS)
		poll.wait_ms = MOST_WAIT_MS;
	return jitter(poll.wait_ms);
}

static int64_t conflict(const struct tg_result *result)
{
	if (strstr(result->description, "webhook")) {
		log_event(LOG_ERROR, "polling_webhook_active", KV_S("telegram", result->description),
			  KV_S("cure",
			       "remove it with `lembra webhook delete`, or set TELEGRAM_MODE=webhook"));
		return WEBHOOK_WAIT_MS;
	}
	log_event(LOG_ERROR, "polling_another_poller", KV_S("telegram", result->description),
		  KV_S("cure", "another process polls with this TELEGRAM_BOT_TOKEN: stop one of them"));
	return backoff(OTHER_POLLER_MS);
}

/* How long to wait before the next call. */
static int64_t trouble(const struct tg_result *result)
{
	switch (result->outcome) {
	case TG_CONFLICT: return conflict(result);
	case TG_RATE:
		log_event(LOG_WARN, "polling_held_back", KV_I("retry_after_s", result->retry_after_s));
		return result->retry_after_s * 1000;
	case TG_UNAUTHORIZED:
		log_event(LOG_ERROR, "polling_token_refused",
			  KV_S("cure", "TELEGRAM_BOT_TOKEN is wrong or revoked: ask @BotFather"));
		return REFUSED_WAIT_MS;
	default:
		log_event(LOG_WARN, "polling_failed", KV_S("outcome", tg_outcome_name(result->outcome)),
			  KV_S("telegram", result->description));
		return backoff(FIRST_WAIT_MS);
	}
}

/* One answer with updates, or without; how long to wait before the next call. */
static int64_t take(apr_pool_t *pool, const struct json *list, int64_t took_ms)
{
	int64_t most = highest(list);

	if (most < 0) {
		poll.wait_ms = 0;
		return took_ms < HASTY_MS ? jitter(FIRST_WAIT_MS) : 0;
	}
	poll.updates_at = clock_real();
	if (!commit(pool, list))
		return backoff(FIRST_WAIT_MS);
	poll.wait_ms = 0;
	poll.offset = most + 1;
	return 0;
}

static NODISCARD err_t *call(apr_pool_t *pool)
{
	struct tg_result result;
	int64_t wait_ms, began = clock_mono_ms();
	err_t *err;

	if (poll.offset && clock_real() - poll.updates_at > OFFSET_LIFE_US)
		poll.offset = 0;
	poll.call_began = began;
	err = tg_get_updates(poll.tg, pool, poll.offset, poll.timeout_s, poll.wait_ms ? FEW : BATCH, &result);
	poll.call_began = 0;
	ERR(err);
	wait_ms = result.outcome == TG_OK ? take(pool, result.result, clock_mono_ms() - began)
					  : trouble(&result);
	return wait_ms ? fiber_sleep(wait_ms) : NULL;
}

/* Calls until it is cancelled, by the watchdog or by polling_stop. */
static void round_main(void *arg)
{
	apr_pool_t *pool = pool_root();
	err_t *err = NULL;

	(void)arg;
	while (!err) {
		pool_clear(pool);
		err = call(pool);
		if (err && err->code != ERR_CANCELLED) {
			log_error("polling_failed", err);
			err = fiber_sleep(backoff(FIRST_WAIT_MS));
		}
	}
	err_clear(err);
	pool_free(pool);
	poll.call_began = 0;
	poll.round_over = true;
	poll.fiber = NULL;
	fiber_wake(poll.watchdog);
}

static void round_watch(void)
{
	while (!poll.round_over) {
		err_clear(fiber_wait(clock_mono_ms() + poll.watchdog_ms / 5));
		if (poll.call_began && clock_mono_ms() - poll.call_began > poll.watchdog_ms) {
			log_event(LOG_ERROR, "polling_stuck", KV_I("ms", clock_mono_ms() - poll.call_began));
			poll.call_began = 0;
			fiber_cancel(poll.fiber);
		}
	}
}

/* A cancelled fiber stays cancelled: each round is a fiber of its own. */
static void watchdog_main(void *arg)
{
	(void)arg;
	poll.watchdog = fiber_self();
	while (!poll.stopping) {
		poll.round_over = false;
		poll.fiber = fiber_go("polling", round_main, NULL);
		if (!poll.fiber)
			err_clear(fiber_sleep(FIRST_WAIT_MS));
		else
			round_watch();
	}
	poll.watchdog = NULL;
	poll.running = false;
}

void polling_start(const struct config *config, int64_t bot_id, struct telegram *tg)
{
	bool test = config->env == ENV_TEST;

	memset(&poll, 0, sizeof(poll));
	poll.tg = tg;
	poll.timeout_s = test ? TEST_TIMEOUT_S : TIMEOUT_S;
	poll.watchdog_ms = test ? TEST_WATCHDOG_MS : WATCHDOG_MS;
	log_event(LOG_INFO, "polling", KV_I("bot_id", bot_id));
	poll.running = fiber_go("polling_watchdog", watchdog_main, NULL) != NULL;
}

bool polling_stop(void)
{
	poll.stopping = true;
	fiber_cancel(poll.fiber);
	return !poll.running;
}
