#include "tests/integration/web_scene.h"

#include "bot/web/web.h"
#include "bot/work/person_web.h"
#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/log.h"
#include "core/metrics.h"
#include "core/req.h"
#include "db/db.h"
#include "db/pg_listen.h"
#include "integrations/telegram/telegram.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_MS 20000
#define REPLY_MAX (8 * 1024 * 1024)

static err_t *play_aside(void *ctx)
{
	struct scene *s = ctx;

	return s->play(s);
}

static err_t *in_loop(void *ctx)
{
	struct scene *s = ctx;
	err_t *err;

	ERR(web_start(s->config, SCENE_BOT, s->tg));
	s->port = web_port();
	if (s->before)
		ERR(s->before(s));
	err = fixture_aside(play_aside, s);
	web_stop();
	while (!err && (web_busy() || !person_web_stop()))
		ERR(fiber_sleep(5));
	if (!err)
		web_close();
	http_shutdown();
	return err;
}

static err_t *scene_main(struct scene *s, const char *const *pairs, const char *base)
{
	ERR(fixture_db(s->t, &s->f));
	setenv("TELEGRAM_BOT_TOKEN", "1234:abc", 1);
	setenv("TELEGRAM_WEBHOOK_SECRET", "s3cret", 1);
	setenv("ADMIN_TOKEN", "adm1n", 1);
	ERR(fixture_config(&s->f, pairs, &s->config));
	if (*s->config->telegram_bot_token)
		ERR(telegram_new(s->pool, base ? base : "http://127.0.0.1:9", s->config->telegram_bot_token,
				 &s->tg));
	metrics_init();
	log_init("web", (enum log_level)s->config->log_level);
	db_open(s->pool, s->config, s->people ? DB_QUEUE | DB_APP : DB_QUEUE);
	ERR(fixture_loop(in_loop, s));
	pg_listen_stop();
	db_close();
	return NULL;
}

err_t *scene_run(struct test *t, const char *const *pairs, const char *base, err_t *(*play)(struct scene *s))
{
	struct scene s = { .t = t, .pool = t->pool, .play = play };

	return scene_main(&s, pairs, base);
}

static void on_handover(void *ctx, const char *name, const char *payload)
{
	(void)ctx;
	(void)name;
	(void)payload;
	person_web_kick();
}

static err_t *worker_start(struct scene *s)
{
	static const char *const names[] = { HANDOVER_CHANNEL, NULL };

	req_serve(s->config);
	person_web_start(s->config);
	pg_listen(&(struct pg_listen_opts){
		.url = s->f.queue_url, .channels = names, .on_notify = on_handover });
	return NULL;
}

err_t *scene_run_people(struct test *t, const char *const *pairs, err_t *(*play)(struct scene *s))
{
	struct scene s = { .t = t, .pool = t->pool, .play = play, .before = worker_start, .people = true };

	return scene_main(&s, pairs, NULL);
}

err_t *scene_run_after(struct test *t, err_t *(*before)(struct scene *s), err_t *(*play)(struct scene *s))
{
	struct scene s = { .t = t, .pool = t->pool, .play = play, .before = before };

	return scene_main(&s, NULL, NULL);
}

static void close_fd(void *p)
{
	if (*(int *)p >= 0)
		close(*(int *)p);
}

err_t *raw_open(struct scene *s, int *ret_fd)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)s->port) };
	int *fd = MEM_NEW(s->pool, int);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	mem_cleanup(s->pool, fd, close_fd);
	if (connect(*fd, (struct sockaddr *)&a, sizeof(a)))
		return err_new(ERR_HTTP, "connect: %s", strerror(errno));
	*ret_fd = *fd;
	return NULL;
}

/* The number stays taken, so that the cleanup closes nothing else. */
void raw_close(int fd)
{
	shutdown(fd, SHUT_RDWR);
}

err_t *raw_send(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n) {
		ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);

		if (sent < 0)
			return err_new(ERR_HTTP, "send: %s", strerror(errno));
		at += sent;
		n -= (size_t)sent;
	}
	return NULL;
}

err_t *raw_text(int fd, const char *text)
{
	return raw_send(fd, text, strlen(text));
}

bool raw_ready(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

static err_t *read_byte(int fd, struct buf *b)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char c;

	if (poll(&p, 1, WAIT_MS) <= 0)
		return err_new(ERR_TIMEOUT, "no answer");
	ssize_t n = recv(fd, &c, 1, 0);
	if (n < 0)
		return err_new(ERR_HTTP, "recv: %s", strerror(errno));
	if (n == 0)
		return err_new(ERR_HTTP, "closed after \"%s\"", b->p ? b->p : "");
	buf_char(b, c);
	return NULL;
}

const char *raw_header(struct scene *s, const struct reply *reply, const char *name)
{
	const char *at = strcasestr(reply->head, mem_fmt(s->pool, "\n%s:", name));

	if (!at)
		return NULL;
	at += strlen(name) + 2;
	at += strspn(at, " ");
	return mem_textn(s->pool, at, strcspn(at, "\r\n"));
}

err_t *raw_read_head(struct scene *s, int fd, struct reply *ret)
{
	struct buf head = buf_new(s->pool, 65536);

	while (!head.p || head.n < 4 || strcmp(head.p + head.n - 4, "\r\n\r\n") != 0)
		ERR(read_byte(fd, &head));
	if (strncmp(head.p, "HTTP/1.1 ", 9) != 0)
		return err_new(ERR_HTTP, "not an answer: %s", head.p);
	*ret = (struct reply){ .head = head.p, .body = "", .status = (int)strtol(head.p + 9, NULL, 10) };
	return NULL;
}

err_t *raw_await(struct scene *s, int fd, const char *text, const char **ret_seen)
{
	struct buf seen = buf_new(s->pool, REPLY_MAX);

	while (!seen.p || !strstr(seen.p, text))
		ERR(read_byte(fd, &seen));
	*ret_seen = seen.p;
	return NULL;
}

err_t *raw_await_end(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char piece[4096];

	while (poll(&p, 1, WAIT_MS) > 0)
		if (recv(fd, piece, sizeof piece, 0) <= 0)
			return NULL;
	return err_new(ERR_TIMEOUT, "still open");
}

err_t *raw_read(struct scene *s, int fd, struct reply *ret)
{
	struct buf body = buf_new(s->pool, REPLY_MAX);
	const char *length;

	ERR(raw_read_head(s, fd, ret));
	length = raw_header(s, ret, "Content-Length");
	for (long left = length ? strtol(length, NULL, 10) : 0; left > 0; left--)
		ERR(read_byte(fd, &body));
	ret->body = body.p ? body.p : "";
	return ret->status == 100 ? raw_read(s, fd, ret) : NULL;
}

err_t *raw_call(struct scene *s, const char *method, const char *path, const char *headers, const char *body,
		struct reply *ret)
{
	const char *length = body ? mem_fmt(s->pool, "Content-Length: %zu\r\n", strlen(body)) : "";
	int fd;
	err_t *err;

	ERR(raw_open(s, &fd));
	ERR(raw_text(fd, mem_fmt(s->pool, "%s %s HTTP/1.1\r\nHost: test\r\nConnection: close\r\n%s%s\r\n%s",
				 method, path, headers, length, body ? body : "")));
	err = raw_read(s, fd, ret);
	raw_close(fd);
	return err_wrap(err, "%s %s", method, path);
}

const char *scene_post(struct scene *s, const char *body)
{
	return mem_fmt(s->pool,
		       "POST /webhook/telegram HTTP/1.1\r\nHost: test\r\n" SCENE_SECRET
		       "Content-Length: %zu\r\n\r\n%s",
		       strlen(body), body);
}

const char *scene_message(struct scene *s, int64_t update_id, int64_t chat_id, const char *text)
{
	return mem_fmt(
		s->pool,
		"{\"update_id\":%lld,\"message\":{\"message_id\":1,\"date\":1795000000,\"chat\":{\"id\":%lld,\"type\":\"private\"},"
		"\"from\":{\"id\":%lld,\"is_bot\":false,\"first_name\":\"Ana\",\"language_code\":\"en\"},\"text\":\"%s\"}}",
		(long long)update_id, (long long)chat_id, (long long)chat_id, text);
}

err_t *scene_deliver(struct scene *s, int64_t update_id, int64_t chat_id, int *ret_status)
{
	struct reply reply = { 0 };

	ERR(raw_call(s, "POST", "/webhook/telegram", SCENE_SECRET, scene_message(s, update_id, chat_id, "hi"),
		     &reply));
	*ret_status = reply.status;
	return NULL;
}

err_t *scene_person(struct scene *s, int64_t login_id, const char *role)
{
	return fixture_sql(&s->f,
			   mem_fmt(s->pool, "SELECT person_add('%s', %lld, %d, 'Ana', NULL, 'en', now())",
				   role, (long long)login_id, SCENE_BOT));
}

err_t *scene_session(struct scene *s, int64_t login_id, const char *life, const char **ret_token)
{
	*ret_token = crypt_random_hex(s->pool, 32);
	return fixture_sql(
		&s->f,
		mem_fmt(s->pool,
			"INSERT INTO web_sessions (user_id, hash, expires_at) SELECT user_id, sha256('%s'), "
			"clock_timestamp() + interval '%s' FROM directory WHERE login_id = %lld",
			*ret_token, life, (long long)login_id));
}

err_t *scene_await(struct scene *s, const char *sql, int64_t n)
{
	int64_t end = clock_mono_ms() + WAIT_MS, value = 0;

	do
		ERR(fixture_int(&s->f, sql, &value));
	while (value < n && clock_mono_ms() < end);
	if (value < n)
		return err_new(ERR_TIMEOUT, "%lld instead of %lld: %s", (long long)value, (long long)n, sql);
	return NULL;
}
