#include "bot/web/ingest.h"
#include "core/fiber.h"
#include "core/limits.h"
#include "core/metrics.h"
#include "tests/integration/web_scene.h"

#include <stdlib.h>
#include <string.h>

#define ANA 42
#define HEAD "POST /webhook/telegram HTTP/1.1\r\nHost: test\r\n"
#define UPDATES "SELECT count(*) FROM updates"
/* Holds back every commit of updates until the same session says COMMIT. */
#define LOCK "BEGIN; LOCK TABLE updates IN ACCESS EXCLUSIVE MODE"
#define LOCKED_OUT "SELECT count(*) FROM pg_locks WHERE NOT granted"

static double rejected(const char *reason)
{
	return metric_get(METRIC_WEBHOOK_REJECTED, reason, NULL, NULL);
}

static err_t *check_count(struct scene *s, const char *sql, int64_t expected)
{
	int64_t n;

	ERR(fixture_int(&s->f, sql, &n));
	CHECK_INT(n, expected);
	return NULL;
}

/* Sends the text on a connection of its own, reads one answer, and leaves the connection open. */
static err_t *send_status(struct scene *s, const char *text, int *ret_status)
{
	struct reply reply;
	int fd;

	ERR(raw_open(s, &fd));
	ERR(raw_text(fd, text));
	ERR(raw_read(s, fd, &reply));
	*ret_status = reply.status;
	return NULL;
}

static err_t *play_secret(struct scene *s)
{
	int status;

	ERR(send_status(s, HEAD "Content-Length: 100\r\n\r\n", &status));
	CHECK_INT(status, 401); /* and none of the 100 bytes was sent */
	ERR(send_status(s, HEAD "X-Telegram-Bot-Api-Secret-Token: s3creT\r\nContent-Length: 100\r\n\r\n",
			&status));
	CHECK_INT(status, 401);
	ERR(send_status(s, HEAD "X-Telegram-Bot-Api-Secret-Token: \r\nContent-Length: 100\r\n\r\n", &status));
	CHECK_INT(status, 401);
	CHECK(rejected("secret_missing") + rejected("secret_wrong") == 3);
	CHECK(metric_get(METRIC_HTTP_REQUESTS, "webhook", "401", NULL) >= 2);
	return check_count(s, UPDATES, 0);
}

TEST(without_the_secret_nothing_is_read)
{
	return scene_run(t, NULL, NULL, play_secret);
}

static err_t *play_unconfigured(struct scene *s)
{
	struct reply reply;

	ERR(raw_call(s, "POST", "/webhook/telegram", SCENE_SECRET, "{\"update_id\":1}", &reply));
	CHECK_INT(reply.status, 404);
	ERR(raw_call(s, "POST", "/webhook/telegram", "X-Telegram-Bot-Api-Secret-Token:\r\n",
		     "{\"update_id\":1}", &reply));
	CHECK_INT(reply.status, 404);
	return NULL;
}

TEST(without_a_token_there_is_no_webhook)
{
	static const char *const pairs[] = { "TELEGRAM_BOT_TOKEN=", "TELEGRAM_WEBHOOK_SECRET=", NULL };

	return scene_run(t, pairs, NULL, play_unconfigured);
}

TEST(without_a_secret_of_ours_there_is_no_webhook)
{
	static const char *const pairs[] = { "TELEGRAM_MODE=polling", "TELEGRAM_WEBHOOK_SECRET=", NULL };

	return scene_run(t, pairs, NULL, play_unconfigured);
}

static err_t *play_too_large(struct scene *s)
{
	size_t n = 3 * (size_t)LIMIT_WEBHOOK_BODY;
	char *body = mem_alloc(s->pool, n);
	struct reply reply;
	int status, fd;

	ERR(send_status(s, HEAD SCENE_SECRET "Content-Length: 1048577\r\n\r\n", &status));
	CHECK_INT(status, 413);
	ERR(send_status(s, HEAD SCENE_SECRET "Content-Length: 99999999999999999999999\r\n\r\n", &status));
	CHECK(status == 413 || status == 400);
	memset(body, 'x', n);
	ERR(raw_open(s, &fd)); /* a client that sends everything before it reads still hears why */
	ERR(raw_text(fd, mem_fmt(s->pool, HEAD SCENE_SECRET "Content-Length: %zu\r\n\r\n", n)));
	ERR(raw_send(fd, body, n));
	ERR(raw_read(s, fd, &reply));
	CHECK_INT(reply.status, 413);
	CHECK_TEXT(reply.body, "{\"error\":\"too large\"}");
	CHECK_INT(rejected("too_large"), 2);
	return NULL;
}

TEST(a_body_that_says_it_is_too_large_is_refused_at_once)
{
	return scene_run(t, NULL, NULL, play_too_large);
}

static err_t *send_chunks(int fd, struct scene *s, size_t total)
{
	size_t piece = 65536;
	char *body = mem_alloc(s->pool, piece);

	memset(body, 'x', piece);
	ERR(raw_text(fd, HEAD SCENE_SECRET "Transfer-Encoding: chunked\r\n\r\n"));
	for (size_t n = 0; n < total; n += piece) {
		ERR(raw_text(fd, "10000\r\n"));
		ERR(raw_send(fd, body, piece));
		ERR(raw_text(fd, "\r\n"));
	}
	return raw_text(fd, "0\r\n\r\n");
}

static err_t *play_chunked(struct scene *s)
{
	const char *update = scene_message(s, 7, ANA, "hi");
	struct reply reply;
	int fd;

	ERR(scene_person(s, ANA, "user"));
	ERR(raw_open(s, &fd));
	ERR(raw_text(fd, HEAD SCENE_SECRET "Transfer-Encoding: chunked\r\n\r\n"));
	ERR(raw_text(fd, mem_fmt(s->pool, "5\r\n%.5s\r\n%zx\r\n%s\r\n0\r\n\r\n", update, strlen(update) - 5,
				 update + 5)));
	ERR(raw_read(s, fd, &reply));
	CHECK_INT(reply.status, 200);
	ERR(check_count(s, UPDATES, 1));
	ERR(raw_open(s, &fd));
	ERR(send_chunks(fd, s, LIMIT_WEBHOOK_BODY + 65536));
	ERR(raw_read(s, fd, &reply));
	CHECK_INT(reply.status, 413);
	ERR(raw_open(s, &fd));
	err_clear(send_chunks(fd, s, 16 * LIMIT_WEBHOOK_BODY)); /* cut off: nobody listens so long */
	CHECK_ERR(raw_read(s, fd, &reply), ERR_HTTP);
	return NULL;
}

TEST(chunked_bodies_are_taken_up_to_the_limit)
{
	return scene_run(t, NULL, NULL, play_chunked);
}

static err_t *play_malformed(struct scene *s)
{
	static const char *const bodies[] = { "",
					      "x",
					      "[]",
					      "{}",
					      "null",
					      "{\"update_id\":\"7\"}",
					      "{\"update_id\":7",
					      "{\"update_id\":7}}",
					      "{\"update_id\":-1}",
					      "{\"update_id\":7.5}",
					      "\xff\xfe" };
	struct reply reply;

	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		ERR(raw_call(s, "POST", "/webhook/telegram", SCENE_SECRET, bodies[i], &reply));
		CHECK_INT(reply.status, 400);
	}
	CHECK_INT(rejected("malformed"), sizeof(bodies) / sizeof(*bodies));
	return check_count(s, UPDATES, 0);
}

TEST(what_is_no_update_is_refused)
{
	return scene_run(t, NULL, NULL, play_malformed);
}

static err_t *play_kinds(struct scene *s)
{
	static const char *const ignored[] = {
		"{\"update_id\":1}",
		"{\"update_id\":2,\"poll\":{\"id\":\"1\"}}",
		"{\"update_id\":3,\"channel_post\":{\"message_id\":1,\"chat\":{\"id\":-100,\"type\":\"channel\"},\"text\":\"x\"}}",
		"{\"update_id\":4,\"something_new\":{\"deep\":[1,2,3]}}",
	};
	struct reply reply;
	int status;

	ERR(scene_person(s, ANA, "user"));
	for (size_t i = 0; i < sizeof(ignored) / sizeof(*ignored); i++) {
		ERR(raw_call(s, "POST", "/webhook/telegram", SCENE_SECRET, ignored[i], &reply));
		CHECK_INT(reply.status, 200);
	}
	ERR(check_count(s, UPDATES, 0));
	ERR(scene_deliver(s, 5, ANA, &status));
	CHECK_INT(status, 200);
	ERR(check_count(
		s,
		UPDATES
		" WHERE bot_id = 1234 AND update_id = 5 AND chat_id = 42 AND state = 'queued' AND payload IS NOT NULL",
		1));
	return check_count(s, "SELECT count(*) FROM queue WHERE chat_id = 42", 1);
}

TEST(updates_are_kept_and_other_kinds_acknowledged)
{
	return scene_run(t, NULL, NULL, play_kinds);
}

static err_t *play_durable(struct scene *s)
{
	struct reply reply;
	int fd;

	ERR(scene_person(s, ANA, "user"));
	ERR(fixture_sql(&s->f, LOCK));
	ERR(raw_open(s, &fd));
	ERR(raw_text(fd, scene_post(s, scene_message(s, 1, ANA, "hi"))));
	ERR(scene_await(s, LOCKED_OUT, 1));
	CHECK(!raw_ready(fd));
	ERR(fixture_sql(&s->f, "COMMIT"));
	ERR(raw_read(s, fd, &reply));
	CHECK_INT(reply.status, 200);
	return check_count(s, UPDATES, 1);
}

TEST(the_answer_waits_for_the_commit)
{
	return scene_run(t, NULL, NULL, play_durable);
}

static err_t *play_failed(struct scene *s)
{
	struct reply reply;
	int status, fd;

	ERR(scene_person(s, ANA, "user"));
	ERR(fixture_sql(&s->f, "ALTER TABLE updates RENAME TO elsewhere"));
	ERR(raw_call(s, "POST", "/webhook/telegram", SCENE_SECRET, scene_message(s, 1, ANA, "hi"), &reply));
	CHECK_INT(reply.status, 503);
	CHECK(raw_header(s, &reply, "Retry-After"));
	CHECK_INT(rejected("not_committed"), 1);
	ERR(fixture_sql(&s->f, "ALTER TABLE elsewhere RENAME TO updates"));
	ERR(scene_deliver(s, 1, ANA, &status)); /* as Telegram repeats it */
	CHECK_INT(status, 200);
	ERR(fixture_sql(&s->f, LOCK));
	ERR(raw_open(s, &fd));
	ERR(raw_text(fd, scene_post(s, scene_message(s, 2, ANA, "hi"))));
	ERR(scene_await(s, LOCKED_OUT, 1));
	ERR(check_count(
		s,
		"SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
		"AND pid <> pg_backend_pid() AND usename = current_user) x",
		0)); /* the owner may not end the others: that takes the queue's own role */
	ERR(fixture_sql(&s->f, "ROLLBACK"));
	ERR(raw_read(s, fd, &reply));
	CHECK_INT(reply.status, 200);
	return check_count(s, UPDATES, 2);
}

TEST(a_failed_commit_is_not_acknowledged)
{
	return scene_run(t, NULL, NULL, play_failed);
}

static err_t *play_twice(struct scene *s)
{
	struct reply reply;
	int status, fd;

	ERR(scene_person(s, ANA, "user"));
	for (int i = 0; i < 2; i++) {
		ERR(scene_deliver(s, 9, ANA, &status));
		CHECK_INT(status, 200);
	}
	ERR(raw_open(s, &fd)); /* and both in one group */
	ERR(raw_text(fd, mem_fmt(s->pool, "%s%s", scene_post(s, scene_message(s, 10, ANA, "a")),
				 scene_post(s, scene_message(s, 10, ANA, "a")))));
	ERR(raw_read(s, fd, &reply));
	CHECK_INT(reply.status, 200);
	ERR(raw_read(s, fd, &reply));
	CHECK_INT(reply.status, 200);
	ERR(check_count(s, UPDATES, 2));
	ERR(check_count(s, "SELECT count(*) FROM queue", 2));
	CHECK_INT(metric_get(METRIC_UPDATES_DUPLICATE, NULL, NULL, NULL), 2);
	/* After a week without updates the ids start again anywhere, also below. */
	ERR(scene_deliver(s, 3, ANA, &status));
	CHECK_INT(status, 200);
	return check_count(s, UPDATES, 3);
}

TEST(an_update_counts_once_whatever_its_number)
{
	return scene_run(t, NULL, NULL, play_twice);
}

static err_t *play_strangers(struct scene *s)
{
	int status;

	for (int i = 1; i <= 5; i++) {
		ERR(scene_deliver(s, i, 99, &status));
		CHECK_INT(status, 200);
	}
	ERR(check_count(s, UPDATES, 1)); /* the polite line of the day, without what they said */
	ERR(check_count(s, UPDATES " WHERE kind = 'stranger' AND payload IS NULL", 1));
	ERR(check_count(s, "SELECT n FROM strangers WHERE login_id = 99", 5));
	CHECK_INT(metric_get(METRIC_UPDATES_DROPPED, "stranger", NULL, NULL), 4);
	return NULL;
}

TEST(strangers_are_counted_and_dropped)
{
	return scene_run(t, NULL, NULL, play_strangers);
}

static err_t *play_many(struct scene *s)
{
	enum { MANY = 300 };
	int *fds = mem_alloc(s->pool, MANY * sizeof(*fds));
	struct reply reply;

	for (int i = 0; i < MANY; i++)
		ERR(scene_person(s, 1000 + i, "user"));
	ERR(fixture_sql(&s->f, LOCK)); /* so that they wait together */
	for (int i = 0; i < MANY; i++) {
		ERR(raw_open(s, &fds[i]));
		ERR(raw_text(fds[i], scene_post(s, scene_message(s, i, 1000 + i, "hi"))));
	}
	while (metric_get(METRIC_HTTP_IN_PROGRESS, NULL, NULL, NULL) < MANY)
		CHECK(!raw_ready(fds[0]));
	ERR(fixture_sql(&s->f, "COMMIT"));
	for (int i = 0; i < MANY; i++) {
		ERR(raw_read(s, fds[i], &reply));
		CHECK_INT(reply.status, 200);
	}
	ERR(check_count(s, UPDATES, MANY));
	/* The first went alone, or with a few; all others waited for it. */
	return check_count(s, "SELECT count(DISTINCT xmin::text) FROM updates", 2);
}

TEST(many_are_committed_together)
{
	return scene_run(t, NULL, NULL, play_many);
}

static err_t *play_rude(struct scene *s)
{
	const char *update = scene_message(s, 1, ANA, "hi");
	int slow, gone, cut, status;

	ERR(scene_person(s, ANA, "user"));
	ERR(raw_open(s, &slow)); /* one that takes its time */
	ERR(raw_text(slow, mem_fmt(s->pool, HEAD SCENE_SECRET "Content-Length: %zu\r\n\r\n%.9s",
				   strlen(update), update)));
	ERR(raw_open(s, &cut)); /* one that goes in the middle of its body */
	ERR(raw_text(cut, HEAD SCENE_SECRET "Content-Length: 500\r\n\r\n{\"update_id\":77,"));
	raw_close(cut);
	ERR(fixture_sql(&s->f, LOCK)); /* one that goes before its answer */
	ERR(raw_open(s, &gone));
	ERR(raw_text(gone, scene_post(s, scene_message(s, 2, ANA, "hi"))));
	ERR(scene_await(s, LOCKED_OUT, 1));
	raw_close(gone);
	ERR(fixture_sql(&s->f, "COMMIT"));
	ERR(scene_deliver(s, 3, ANA, &status));
	CHECK_INT(status, 200);
	ERR(scene_await(s, UPDATES, 2)); /* what was whole is kept */

	struct reply reply;
	ERR(raw_text(slow, update + 9));
	ERR(raw_read(s, slow, &reply));
	CHECK_INT(reply.status, 200);
	return check_count(s, UPDATES, 3);
}

TEST(rude_clients_disturb_nobody)
{
	return scene_run(t, NULL, NULL, play_rude);
}

static void on_parked(void *ctx, bool ok)
{
	*(int *)ctx += ok;
}

/* As many as may wait, from inside: so many connections there cannot be. */
static err_t *fill(struct scene *s)
{
	struct update_in *updates =
		mem_alloc(s->pool, (LIMIT_PARKED + LIMIT_INGEST_BATCH) * sizeof(*updates));
	static int committed;

	ERR(scene_person(s, ANA, "user"));
	ERR(fixture_sql(&s->f, LOCK));
	for (int i = 0; i < LIMIT_PARKED; i++) {
		updates[i] =
			(struct update_in){ .update_id = i, .chat_id = ANA, .kind = "message", .trace = "" };
		CHECK(ingest_park(&updates[i], on_parked, &committed));
	}
	CHECK(!ingest_park(&updates[0], on_parked, &committed));
	/* The writer takes its first batch, and leaves room for another. */
	while (ingest_parked() == LIMIT_PARKED)
		ERR(fiber_sleep(1));
	for (int i = LIMIT_PARKED; ingest_parked() < LIMIT_PARKED; i++) {
		updates[i] =
			(struct update_in){ .update_id = i, .chat_id = ANA, .kind = "message", .trace = "" };
		CHECK(ingest_park(&updates[i], on_parked, &committed));
	}
	return NULL;
}

static err_t *play_full(struct scene *s)
{
	struct reply reply;
	int status;

	ERR(raw_call(s, "POST", "/webhook/telegram", SCENE_SECRET, scene_message(s, 99999, ANA, "hi"),
		     &reply));
	CHECK_INT(reply.status, 503);
	CHECK(raw_header(s, &reply, "Retry-After"));
	CHECK_INT(rejected("busy"), 1);
	ERR(raw_call(s, "GET", "/readyz", "", NULL, &reply));
	CHECK_INT(reply.status, 503);
	CHECK(strstr(reply.body, "\"ingest\""));
	ERR(fixture_sql(&s->f, "COMMIT"));
	ERR(scene_await(s, UPDATES, LIMIT_PARKED + LIMIT_INGEST_BATCH));
	ERR(scene_deliver(s, 99999, ANA, &status));
	CHECK_INT(status, 200);
	return NULL;
}

TEST(a_full_list_sends_telegram_away_for_a_while)
{
	return scene_run_after(t, fill, play_full);
}
