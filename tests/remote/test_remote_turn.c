/* A turn that waits for something outside, as its person sees it: a line after a second, /stop, a card's press, a worker that
 * is drained. The worker runs in this process, with the tools of the tests. */
#include "bot/web/ingest.h"
#include "bot/work/channel_telegram.h"
#include "bot/work/sender.h"
#include "bot/work/worker.h"
#include "core/clock.h"
#include "core/fiber.h"
#include "core/http.h"
#include "core/text.h"
#include "db/db.h"
#include "db/pg_listen.h"
#include "tests/integration/fixture.h"
#include "tests/remote/far.h"
#include "tests/standins/client.h"
#include "tools/remote.h"
#include <stdlib.h>
#include <string.h>

enum { CHAT = 42, WAIT_MS = 15000 };

struct scene {
	struct test *t;
	struct fixture f;
	struct standin *s;
	struct far *far;
	struct config *config;
	struct telegram *tg;
	int64_t update_id;
	err_t *(*play)(struct scene *c);
};

static err_t *update(struct scene *c, const char *rest)
{
	apr_pool_t *pool = c->t->pool;
	const char *body = mem_fmt(pool, "{\"update_id\":%lld,%s}", (long long)++c->update_id + 1000, rest);
	struct update_in in;

	CHECK_INT(ingest_classify(pool, body, strlen(body), &in), INGEST_KEEP);
	ERR(ingest_wait(&in));
	worker_kick();
	return NULL;
}

#define PERSON                                                         \
	"\"from\":{\"id\":42,\"is_bot\":false,\"first_name\":\"Ana\"," \
	"\"language_code\":\"pt\"}"

static err_t *say(struct scene *c, const char *text)
{
	return update(
		c,
		mem_fmt(c->t->pool,
			"\"message\":{\"message_id\":%lld,\"date\":1,\"chat\":{\"id\":42,\"type\":\"private\"}," PERSON
			",\"text\":\"%s\"}",
			(long long)c->update_id + 5000, text));
}

static err_t *press(struct scene *c, const char *data, const char *message_id)
{
	return update(
		c,
		mem_fmt(c->t->pool,
			"\"callback_query\":{\"id\":\"cb%lld\"," PERSON
			",\"chat_instance\":\"1\",\"data\":\"%s\",\"message\":{\"message_id\":%s,\"date\":1,"
			"\"chat\":{\"id\":42,\"type\":\"private\"}}}",
			(long long)c->update_id, data, message_id));
}

struct asking {
	struct scene *c;
	const char *sql, *text;
};

static err_t *ask(void *ctx)
{
	struct asking *a = ctx;

	return fixture_text(&a->c->f, a->sql, &a->text);
}

/* Until the query gives this. */
static err_t *await(struct scene *c, const char *sql, const char *wanted)
{
	struct asking asking = { c, sql, NULL };
	int64_t until = clock_mono_ms() + WAIT_MS;

	for (;;) {
		ERR(fixture_aside(ask, &asking));
		if (text_same(asking.text, wanted))
			return NULL;
		if (clock_mono_ms() > until)
			return err_new(ERR_TIMEOUT, "\"%s\", not \"%s\": %s",
				       asking.text ? asking.text : "(none)", wanted, sql);
		ERR(fiber_sleep(10));
	}
}

static err_t *text_of(struct scene *c, const char *sql, const char **ret)
{
	struct asking asking = { c, sql, NULL };

	ERR(fixture_aside(ask, &asking));
	*ret = asking.text;
	return NULL;
}

/* What the person was sent, in order, by class and method. */
static const char sent[] =
	"SELECT string_agg(class || ' ' || method || ': ' || split_part(text, ':', 1), ' | ' ORDER BY id) "
	"FROM outbox WHERE state = 'sent' AND text NOT LIKE '%lembra%' AND id > (SELECT max(id) FROM outbox "
	"WHERE dedupe LIKE 'u1001:%')";

static err_t *play_main(void *ctx)
{
	struct scene *c = ctx;
	err_t *err;

	db_open_urls(c->f.app_url, c->f.queue_url, 4);
	ingest_start(c->config, c->tg->bot_id, false);
	req_serve(c->config);
	worker_start(c->f.queue_url, channel_telegram(c->t->pool, c->config, c->tg), 8);
	ERR(say(c, "/start"));
	ERR(await(c, "SELECT count(*) FROM outbox WHERE state = 'sent'", "1"));
	err = c->play(c);
	worker_stop();
	while (!worker_drained())
		ERR(fiber_sleep(5));
	/* Drained means that nothing goes on alone either. */
	CHECK_INT(remote_busy(), 0);
	worker_close();
	while (!ingest_stop())
		ERR(fiber_sleep(5));
	return err;
}

static err_t *scene_run(struct test *t, err_t *(*play)(struct scene *c))
{
	struct scene c = { .t = t, .play = play };
	const char *pairs[] = { "ACCESS=open", "RATE_LIMIT_PER_HOUR=0", "TELEGRAM_RATE_PER_S=0", NULL };

	ERR(fixture_db(t, &c.f));
	ERR(fixture_config(&c.f, pairs, &c.config));
	ERR(far_start(t, &c.far));
	CHECK(setenv("FAR_BASE", far_base(c.far), 1) == 0);
	ERR(standin_start(t, &c.s));
	ERR(standin_say(c.s, CHAT, "known to the stand-in", NULL));
	ERR(telegram_new(t->pool, c.s->base, c.s->token, &c.tg));
	ERR(fixture_loop(play_main, &c));
	pg_listen_stop();
	http_shutdown();
	return NULL;
}

static err_t *play_done(struct scene *c)
{
	ERR(say(c, "/farput compras"));
	ERR(await(c, "SELECT count(*) FROM memories WHERE fact = 'compras'", "1"));
	ERR(await(c, sent, "reply edit: Feito"));
	CHECK_INT(far_effects(c->far, "compras"), 1);
	/* Nothing of what was sent is kept with the operation. */
	return await(
		c,
		"SELECT concat_ws(' ', state, args, request, result, (SELECT count(*) FROM jobs WHERE kind = 'operation')) "
		"FROM operations",
		"done 0");
}

TEST(an_act_outside_is_told_from_its_row)
{
	return scene_run(t, play_done);
}

static err_t *play_refused(struct scene *c)
{
	ERR(say(c, "/farput nada"));
	ERR(await(c, sent, "reply send: Nada a fazer."));
	return await(c, "SELECT count(*) FROM operations", "0");
}

TEST(a_plan_may_answer_instead)
{
	return scene_run(t, play_refused);
}

/* Slow: a line after a second, which the answer then replaces. */
static err_t *play_slow(struct scene *c)
{
	ERR(say(c, "/farput devagar slow"));
	ERR(await(c, "SELECT count(*) FROM outbox WHERE class = 'progress' AND state = 'sent'", "1"));
	ERR(await(c,
		  "SELECT count(*) FROM outbox WHERE class = 'reply' AND method = 'edit' AND state = 'sent'",
		  "1"));
	CHECK_INT(far_effects(c->far, "devagar"), 1);
	return NULL;
}

TEST(a_line_shows_that_it_takes_a_while)
{
	return scene_run(t, play_slow);
}

/* /stop ends the waiting and not the act, says so, and the end is told when it comes. */
static err_t *play_stop(struct scene *c)
{
	const char *told;

	ERR(say(c, "/farput aviso slow"));
	ERR(await(c, "SELECT count(*) FROM operations WHERE state <> 'done'", "1"));
	ERR(say(c, "/stop"));
	ERR(await(c, "SELECT count(*) FROM outbox WHERE dedupe LIKE 'op:%' AND state = 'sent'", "1"));
	CHECK_INT(far_effects(c->far, "aviso"), 1);
	ERR(text_of(
		c,
		"SELECT string_agg(split_part(text, ' ', 1) || ' ' || split_part(text, ' ', 2), ' | ' ORDER BY id) FROM outbox "
		"WHERE text LIKE 'Parei%' OR text LIKE 'Feito%'",
		&told));
	CHECK_TEXT(told, "Parei de | Feito: aviso");
	return await(c, "SELECT count(*) FROM memories WHERE fact = 'aviso'", "1");
}

TEST(stop_ends_the_waiting_and_not_the_act)
{
	return scene_run(t, play_stop);
}

/* /stop ends what is only read. */
static err_t *play_stop_fetch(struct scene *c)
{
	ERR(say(c, "/farswap esperando"));
	ERR(await(c, "SELECT count(*) FROM outbox WHERE class = 'progress' AND state = 'sent'", "1"));
	ERR(say(c, "/stop"));
	ERR(await(c, "SELECT count(*) FROM chats WHERE pending > 0 OR lease_until IS NOT NULL", "0"));
	return await(c, "SELECT count(*) FROM operations", "0");
}

TEST(stop_ends_a_fetch)
{
	return scene_run(t, play_stop_fetch);
}

/* What leaves the house has a card: its press sends, once, however often it is pressed. */
static err_t *play_card(struct scene *c)
{
	const char *yes, *message;

	ERR(update(
		c,
		"\"message\":{\"message_id\":9000,\"date\":1,\"chat\":{\"id\":42,\"type\":\"private\"}," PERSON
		",\"text\":\"/farinvite convite\"}"));
	ERR(await(c, "SELECT count(*) FROM outbox WHERE class = 'card' AND state = 'sent'", "1"));
	CHECK_INT(far_effects(c->far, "convite"), 0);
	ERR(text_of(c, "SELECT 'y:' || id FROM pending_actions WHERE state = 'open'", &yes));
	ERR(text_of(c, "SELECT message_id::text FROM outbox WHERE class = 'card'", &message));
	ERR(press(c, yes, message));
	ERR(press(c, yes, message));
	ERR(await(c, "SELECT count(*) FROM memories WHERE fact = 'convite'", "1"));
	ERR(await(c, "SELECT count(*) FROM chats WHERE pending > 0 OR lease_until IS NOT NULL", "0"));
	CHECK_INT(far_effects(c->far, "convite"), 1);
	return await(c, "SELECT count(*) FROM operations", "1");
}

TEST(a_card_pressed_twice_sends_once)
{
	return scene_run(t, play_card);
}

/* An undo takes back nothing that is outside, and does not say so. */
static err_t *play_undo(struct scene *c)
{
	ERR(say(c, "/farput feito"));
	ERR(await(c, "SELECT count(*) FROM memories WHERE fact = 'feito'", "1"));
	ERR(say(c, "/desfazer"));
	ERR(await(c, "SELECT count(*) FROM outbox WHERE state = 'sent'", "3"));
	ERR(await(c, "SELECT count(*) FROM chats WHERE pending > 0 OR lease_until IS NOT NULL", "0"));
	return await(c, "SELECT count(*) FROM memories WHERE fact = 'feito'", "1");
}

TEST(an_undo_does_not_reach_outside)
{
	return scene_run(t, play_undo);
}

/* "Sim" to a card, and the turn is run again before its end is written: the act goes on, and the word is no news. */
static err_t *play_word(struct scene *c)
{
	const char *told;

	ERR(say(c, "/farinvite almoco slow"));
	ERR(await(c, "SELECT count(*) FROM outbox WHERE class = 'card' AND state = 'sent'", "1"));
	ERR(say(c, "sim"));
	ERR(await(c, "SELECT count(*) FROM operations WHERE state = 'planned'", "1"));
	ERR(text_of(c, "UPDATE operations SET lease_token = nextval('lease_tokens') RETURNING state", &told));
	ERR(await(c, "SELECT count(*) FROM chats WHERE pending > 0 OR lease_until IS NOT NULL", "0"));
	ERR(await(c, "SELECT string_agg(state, ',') FROM operations", "done"));
	CHECK_INT(far_effects(c->far, "almoco"), 1);
	return await(c, "SELECT count(*) FROM inbox_items", "0");
}

TEST(a_yes_in_a_word_is_replayed)
{
	return scene_run(t, play_word);
}
