#include "bot/web/ingest.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/metrics.h"
#include "core/text.h"
#include "integrations/telegram/telegram_update.h"
#include <stdlib.h>

struct parked {
	struct parked *next;
	const struct update_in *update;
	void (*done)(void *ctx, bool ok);
	void *ctx;
};

static struct parked *head, **tail = &head, *spare;
static size_t parked_n;
static struct fiber *writer;
static int64_t bot;
static bool open_to_all, notify_others, stopping;

/* What may not wait behind a running turn. */
static const char *const control_commands[] = { "/stop", "/parar", "/status", "/cancelar", "/cancel", NULL };

static enum lane lane_of(const struct tg_head *h)
{
	for (const char *const *c = control_commands; h->command && *c; c++)
		if (text_same(h->command, *c))
			return LANE_CONTROL;
	/* A mail that leaves in seconds. */
	if (h->callback_data && text_starts(h->callback_data, "t:cancel_email:"))
		return LANE_CONTROL;
	return LANE_TALK;
}

static enum ingest_fate ignore(const char *reason)
{
	metric_add(METRIC_UPDATES_DROPPED, reason, NULL, NULL, 1);
	return INGEST_IGNORE;
}

static const char *kind_of(const struct tg_head *h)
{
	if (h->kind == TG_CALLBACK)
		return "callback";
	if (h->kind == TG_MEMBER)
		return "member";
	return h->code ? "code" : "message";
}

enum ingest_fate ingest_classify(apr_pool_t *pool, const char *body, size_t n, struct update_in *ret_update)
{
	struct tg_head h;
	err_t *err = tg_head_decode(pool, body, n, &h);

	if (err) {
		err_clear(err);
		return INGEST_BAD;
	}
	*ret_update = (struct update_in){ .update_id = h.update_id, .chat_id = h.chat_id, .lane = LANE_TALK };
	ret_update->trace = crypt_random_hex(pool, 16);
	if (h.kind == TG_OTHER || h.kind == TG_EDITED)
		return ignore("kind");
	if (h.from_is_bot && h.kind != TG_MEMBER)
		return ignore("bot");
	if (!h.chat_private) {
		if (h.kind != TG_MESSAGE || !h.chat_id)
			return ignore("group");
		ret_update->kind = "group"; /* what groups say is not kept */
		ret_update->ref = h.language_code;
		return INGEST_KEEP;
	}
	if (h.chat_id != h.from_id)
		return ignore("sender");
	ret_update->kind = kind_of(&h);
	ret_update->ref = h.kind == TG_CALLBACK ? h.callback_id : h.language_code;
	ret_update->lane = lane_of(&h);
	ret_update->payload = body;
	ret_update->payload_n = n;
	return INGEST_KEEP;
}

static size_t batch_take(struct update_in *batch, struct parked **ret_list)
{
	struct parked *last = NULL;
	size_t n = 0;

	*ret_list = head;
	for (struct parked *p = head; p && n < LIMIT_INGEST_BATCH; p = p->next) {
		batch[n++] = *p->update;
		last = p;
	}
	head = last->next;
	last->next = NULL;
	if (!head)
		tail = &head;
	parked_n -= n;
	return n;
}

static bool batch_commit(apr_pool_t *pool, const struct update_in *batch, size_t n)
{
	struct ingest_counts counts;
	err_t *err = queue_ingest(pool, bot, batch, n, clock_now(), open_to_all, notify_others, &counts);

	if (err) {
		log_error("ingest_failed", err);
		return false;
	}
	metric_add(METRIC_UPDATES_RECEIVED, NULL, NULL, NULL, (double)counts.kept);
	metric_add(METRIC_UPDATES_DUPLICATE, NULL, NULL, NULL,
		   (double)(counts.passed - counts.kept) + (double)n - (double)counts.given);
	metric_add(METRIC_UPDATES_DROPPED, "stranger", NULL, NULL, (double)(counts.given - counts.passed));
	for (size_t i = 0; i < n; i++) {
		fiber_set_trace(batch[i].trace);
		log_event(LOG_INFO, "update_accepted", KV_I("update_id", batch[i].update_id),
			  KV_S("kind", batch[i].kind));
	}
	fiber_set_trace(NULL);
	return true;
}

static void writer_main(void *arg)
{
	apr_pool_t *pool = pool_root();
	struct update_in *batch = calloc(LIMIT_INGEST_BATCH, sizeof *batch);

	(void)arg;
	if (!batch)
		abort();
	while (head || !stopping) {
		struct parked *list, *next;
		size_t n;
		bool ok;

		if (!head) {
			err_clear(fiber_wait(0));
			continue;
		}
		n = batch_take(batch, &list);
		ok = batch_commit(pool, batch, n);
		for (; list; list = next) {
			next = list->next;
			list->done(list->ctx, ok);
			list->next = spare;
			spare = list;
		}
		pool_clear(pool);
	}
	writer = NULL;
	free(batch);
	pool_free(pool);
}

void ingest_start(const struct config *config, int64_t bot_id, bool notify)
{
	bot = bot_id;
	open_to_all = config->access == ACCESS_OPEN;
	notify_others = notify;
	stopping = false;
	writer = fiber_go("ingest", writer_main, NULL);
}

bool ingest_park(const struct update_in *update, void (*done)(void *ctx, bool ok), void *ctx)
{
	struct parked *p = spare;

	if (parked_n >= LIMIT_PARKED)
		return false;
	if (p)
		spare = p->next;
	else if (!(p = calloc(1, sizeof *p)))
		return false;
	*p = (struct parked){ .update = update, .done = done, .ctx = ctx };
	*tail = p;
	tail = &p->next;
	parked_n++;
	fiber_wake(writer);
	return true;
}

struct waiting {
	struct fiber *fiber;
	bool done, ok;
};

static void on_done(void *ctx, bool ok)
{
	struct waiting *w = ctx;

	w->ok = ok;
	w->done = true;
	fiber_wake(w->fiber);
}

err_t *ingest_wait(const struct update_in *update)
{
	struct waiting w = { .fiber = fiber_self() };
	err_t *err = NULL;

	if (!ingest_park(update, on_done, &w))
		return err_new(ERR_UNAVAILABLE, "too many updates wait");
	fiber_shield(+1); /* `w` and the update are the writer's until it is done */
	while (!w.done && !err)
		err = fiber_wait(0);
	fiber_shield(-1);
	ERR(err);
	return w.ok ? NULL : err_new(ERR_UNAVAILABLE, "update was not committed");
}

bool ingest_stop(void)
{
	stopping = true;
	fiber_wake(writer);
	return !writer;
}

size_t ingest_parked(void)
{
	return parked_n;
}
