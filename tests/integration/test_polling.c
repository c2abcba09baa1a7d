#include "bot/web/ingest.h"
#include "bot/web/polling.h"
#include "core/clock.h"
#include "core/fiber.h"
#include "core/log.h"
#include "core/metrics.h"
#include "db/db.h"
#include "integrations/telegram/telegram.h"
#include "tests/integration/fixture.h"
#include "tests/standins/client.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ANA 42
#define UPDATES "SELECT count(*) FROM updates"
#define LOCK "BEGIN; LOCK TABLE updates IN ACCESS EXCLUSIVE MODE"
#define LOCKED_OUT "SELECT count(*) FROM pg_locks WHERE NOT granted"
#define WAIT_MS 30000

struct scene {
	struct test *t;
	struct fixture f;
	struct standin *s;
	struct telegram *tg;
	struct config *config;
	int log; /* what is logged from the start on */
	err_t *(*play)(struct scene *c);
};

/* Blocks, aside of the loop. */
static err_t *await(struct scene *c, const char *sql, int64_t n)
{
	int64_t end = clock_mono_ms() + WAIT_MS, value = -1;

	while (value != n && clock_mono_ms() < end)
		ERR(fixture_int(&c->f, sql, &value));
	CHECK_INT(value, n);
	return NULL;
}

/* What Telegram still holds for us: an update leaves it when it is confirmed. */
static err_t *pending(struct scene *c, int64_t *ret_n)
{
	struct json *info;

	ERR(standin_api(c->s, "getWebhookInfo", NULL, &info));
	CHECK(json_int(info, "result.pending_update_count", ret_n));
	return NULL;
}

static err_t *await_confirmed(struct scene *c)
{
	int64_t end = clock_mono_ms() + WAIT_MS, n = 1;

	while (n && clock_mono_ms() < end)
		ERR(pending(c, &n));
	CHECK_INT(n, 0);
	return NULL;
}

static bool log_has(struct scene *c, const char *word)
{
	enum { MOST = 65536 };
	static char text[MOST];
	ssize_t n = pread(c->log, text, MOST - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	return strstr(text, word) != NULL;
}

static err_t *await_log(struct scene *c, const char *word)
{
	int64_t end = clock_mono_ms() + WAIT_MS;

	while (!log_has(c, word))
		if (clock_mono_ms() > end)
			return err_new(ERR_TIMEOUT, "no \"%s\" in the log", word);
	CHECK(!log_has(c, "abc")); /* the token's secret half */
	return NULL;
}

static err_t *play_aside(void *ctx)
{
	struct scene *c = ctx;

	return c->play(c);
}

static err_t *in_loop(void *ctx)
{
	struct scene *c = ctx;
	err_t *err;

	ingest_start(c->config, c->tg->bot_id, true);
	polling_start(c->config, c->tg->bot_id, c->tg);
	err = fixture_aside(play_aside, c);
	while (!polling_stop() || !ingest_stop())
		ERR(fiber_sleep(5));
	http_shutdown();
	return err;
}

/* The log goes to a file that the test reads. */
static int log_open(struct test *t)
{
	char *path = mem_text(t->pool, "/tmp/lembra-polling-XXXXXX");
	int fd = mkstemp(path);

	unlink(path);
	dup2(fd, STDERR_FILENO);
	log_init("web", LOG_INFO);
	return fd;
}

static err_t *run(struct test *t, err_t *(*before)(struct scene *c), err_t *(*play)(struct scene *c))
{
	struct scene c = { .t = t, .play = play };

	ERR(fixture_db(t, &c.f));
	ERR(fixture_config(&c.f, NULL, &c.config));
	ERR(standin_start(t, &c.s));
	ERR(telegram_new(t->pool, c.s->base, c.s->token, &c.tg));
	ERR(fixture_sql(&c.f, "SELECT person_add('user', 42, 1234, 'Ana', NULL, 'en', now())"));
	metrics_init();
	c.log = log_open(t);
	db_open(t->pool, c.config, DB_QUEUE);
	if (before)
		ERR(before(&c));
	ERR(fixture_loop(in_loop, &c));
	db_close();
	return NULL;
}

static err_t *play_arrive(struct scene *c)
{
	for (int i = 0; i < 5; i++)
		ERR(standin_say(c->s, ANA, "hi", NULL));
	ERR(await(c, UPDATES, 5));
	ERR(await(c, "SELECT count(*) FROM queue", 5));
	ERR(await_confirmed(c));
	ERR(standin_say(c->s, 99, "who are you", NULL));
	ERR(standin_say(c->s, 99, "who are you", NULL));
	ERR(await(c, UPDATES " WHERE kind = 'stranger'", 1));
	return await(c, "SELECT n FROM strangers WHERE login_id = 99", 2);
}

TEST(updates_arrive_and_are_confirmed)
{
	return run(t, NULL, play_arrive);
}

static err_t *say_early(struct scene *c)
{
	for (int i = 0; i < 3; i++)
		ERR(standin_say(c->s, ANA, "hi", NULL));
	return fixture_sql(&c->f, LOCK);
}

static err_t *play_uncommitted(struct scene *c)
{
	int64_t left;

	ERR(await(c, LOCKED_OUT, 1));
	ERR(pending(c, &left));
	CHECK_INT(left, 3);
	ERR(fixture_sql(&c->f, "COMMIT"));
	ERR(await(c, UPDATES, 3));
	return await_confirmed(c);
}

TEST(what_is_not_committed_is_not_confirmed)
{
	return run(t, say_early, play_uncommitted);
}

static err_t *break_table(struct scene *c)
{
	ERR(standin_say(c->s, ANA, "hi", NULL));
	return fixture_sql(&c->f, "ALTER TABLE updates RENAME TO elsewhere");
}

static err_t *play_failed(struct scene *c)
{
	int64_t left;

	ERR(await_log(c, "ingest_failed"));
	ERR(pending(c, &left));
	CHECK_INT(left, 1);
	ERR(fixture_sql(&c->f, "ALTER TABLE elsewhere RENAME TO updates"));
	ERR(await(c, UPDATES, 1));
	return await_confirmed(c);
}

TEST(a_failed_commit_is_fetched_again)
{
	return run(t, break_table, play_failed);
}

static err_t *play_restarted(struct scene *c)
{
	struct json *body = json_object(c->t->pool);
	int64_t id;

	ERR(standin_say(c->s, ANA, "hi", &id));
	ERR(await(c, UPDATES, 1));
	ERR(await_confirmed(c));
	json_set_int(body, "chat_id", ANA);
	json_set_text(body, "text", "hi again");
	json_set_int(body, "update_id", id + 1000);
	ERR(standin_control(c->s, "message", body, NULL));
	ERR(await(c, mem_fmt(c->t->pool, UPDATES " WHERE update_id = %lld", (long long)id + 1000), 1));
	return await_confirmed(c);
}

TEST(ids_may_jump)
{
	return run(t, NULL, play_restarted);
}

static err_t *set_webhook(struct scene *c)
{
	struct json *params = json_object(c->t->pool), *reply;

	json_set_text(params, "url", "https://elsewhere.example/");
	ERR(standin_api(c->s, "setWebhook", params, &reply));
	CHECK(json_true(reply, "ok"));
	return NULL;
}

static err_t *play_webhook(struct scene *c)
{
	ERR(await_log(c, "polling_webhook_active"));
	return await_log(c, "lembra webhook delete");
}

TEST(an_active_webhook_is_left_alone_and_named)
{
	return run(t, set_webhook, play_webhook);
}

static err_t *play_other(struct scene *c)
{
	struct json *params = json_object(c->t->pool), *reply;
	bool told = false;

	json_set_int(params, "timeout", 0);
	while (!told) { /* whoever asks last wins, and the one that waits is sent away */
		ERR(standin_api(c->s, "getUpdates", params, &reply));
		CHECK(json_true(reply, "ok"));
		told = log_has(c, "polling_another_poller");
	}
	ERR(standin_say(c->s, ANA, "hi", NULL));
	return await(c, UPDATES, 1); /* and it comes back */
}

TEST(another_poller_is_named_and_outlasted)
{
	return run(t, NULL, play_other);
}

static err_t *fault_first(struct scene *c)
{
	ERR(standin_fault(c->s, "getUpdates", "500", 1));
	ERR(standin_fault(c->s, "getUpdates", "429", 1));
	ERR(standin_fault(c->s, "getUpdates", "lost", 1));
	return standin_say(c->s, ANA, "hi", NULL);
}

static err_t *play_faults(struct scene *c)
{
	ERR(await(c, UPDATES, 1));
	CHECK(log_has(c, "\"server\"") && log_has(c, "polling_held_back") && log_has(c, "\"unknown\""));
	return await(c, "SELECT count(*) FROM queue", 1);
}

TEST(it_goes_on_after_failures)
{
	return run(t, fault_first, play_faults);
}

static err_t *hang_first(struct scene *c)
{
	ERR(standin_fault(c->s, "getUpdates", "hang", 1));
	return standin_say(c->s, ANA, "hi", NULL);
}

static err_t *play_hang(struct scene *c)
{
	ERR(await_log(c, "polling_stuck"));
	return await(c, UPDATES, 1);
}

TEST(a_call_that_hangs_is_begun_anew)
{
	return run(t, hang_first, play_hang);
}

static err_t *wrong_token(struct scene *c)
{
	return telegram_new(c->t->pool, c->s->base, "1234:wrong", &c->tg);
}

static err_t *play_refused(struct scene *c)
{
	return await_log(c, "polling_token_refused");
}

TEST(a_refused_token_is_named)
{
	return run(t, wrong_token, play_refused);
}
