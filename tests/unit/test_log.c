#include "core/json.h"
#include "core/limits.h"
#include "core/log.h"
#include "tests/test.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Puts stderr on the writing end of a pipe; returns the reading end. */
static int capture(void)
{
	int ends[2];

	if (pipe(ends) < 0 || dup2(ends[1], STDERR_FILENO) < 0)
		return -1;
	close(ends[1]);
	return ends[0];
}

static err_t *read_line(struct test *t, int fd, struct json **ret_json)
{
	char *text = mem_alloc(t->pool, 2 * LIMIT_LOG_LINE);
	ssize_t n = read(fd, text, 2 * LIMIT_LOG_LINE);

	CHECK(n > 0 && text[n - 1] == '\n' && strchr(text, '\n') == text + n - 1);
	return json_read(t->pool, text, (size_t)n, ret_json);
}

TEST(a_line_is_one_json_object)
{
	int fd = capture();
	struct json *j;
	int64_t n = 0;

	log_init("worker", LOG_INFO);
	log_event(LOG_INFO, "update_accepted", KV_I("update_id", -12), KV_S("kind", "a\"b\\c\n\x01\xFF é"),
		  KV_S("none", NULL));
	ERR(read_line(t, fd, &j));
	CHECK_TEXT(json_text(j, "level"), "info");
	CHECK_TEXT(json_text(j, "event"), "update_accepted");
	CHECK_TEXT(json_text(j, "role"), "worker");
	CHECK_TEXT(json_text(j, "kind"), "a\"b\\c\n\x01\uFFFD é");
	CHECK_TEXT(json_text(j, "none"), "");
	CHECK(json_int(j, "update_id", &n) && n == -12);
	CHECK(json_int(j, "pid", &n) && n == getpid());
	CHECK_INT(strlen(json_text(j, "ts")), strlen("2026-11-21T04:31:44.000Z"));
	CHECK(json_at(j, "trace_id") == NULL);
	return NULL;
}

TEST(lines_carry_the_trace)
{
	int fd = capture();
	struct json *j;

	log_init("worker", LOG_INFO);
	log_trace("7KQ2M9PD");
	log_event(LOG_INFO, "traced");
	ERR(read_line(t, fd, &j));
	CHECK_TEXT(json_text(j, "trace_id"), "7KQ2M9PD");
	log_trace(NULL);
	log_event(LOG_INFO, "untraced");
	ERR(read_line(t, fd, &j));
	CHECK(json_at(j, "trace_id") == NULL);
	return NULL;
}

/* What is in the pipe now, without waiting. */
static size_t pending(int fd)
{
	char text[8 * LIMIT_LOG_LINE];
	ssize_t n;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	n = read(fd, text, sizeof(text));
	return n < 0 ? 0 : (size_t)n;
}

TEST(lines_are_held_until_the_turn_ends)
{
	int fd = capture();

	log_init("web", LOG_INFO);
	log_hold(true);
	log_event(LOG_INFO, "held");
	log_event(LOG_INFO, "held");
	CHECK_INT(pending(fd), 0);
	log_flush();
	CHECK(pending(fd) > 100);
	log_flush();
	CHECK_INT(pending(fd), 0);
	log_event(LOG_INFO, "held");
	log_event(LOG_WARN, "takes_the_others_along");
	CHECK(pending(fd) > 150);
	for (int i = 0; i < 100; i++)
		log_event(LOG_INFO, "too_many_to_hold");
	CHECK(pending(fd) > 5000);
	log_hold(false);
	log_event(LOG_INFO, "at_once");
	CHECK(pending(fd) > 0);
	CHECK_INT(log_dropped(), 0);
	return NULL;
}

TEST(texts_are_cut_between_characters)
{
	int fd = capture();
	struct json *j;
	char *text = mem_alloc(t->pool, 1001);

	for (int i = 1; i < 1000; i += 2)
		memcpy(text + i, "\xC3\xA9", 2); /* é at odd places: byte 200 is in the middle of one */
	text[0] = 'x';
	text[999] = '\0';
	log_init("web", LOG_INFO);
	log_event(LOG_INFO, "long", KV_S("text", text));
	ERR(read_line(t, fd, &j));
	CHECK_INT(strlen(json_text(j, "text")), 199);
	return NULL;
}

TEST(a_line_never_outgrows_its_limit)
{
	int fd = capture();
	struct json *j;
	char quotes[201];

	memset(quotes, 1, 200); /* each byte takes six */
	quotes[200] = '\0';
	log_init("web", LOG_INFO);
	log_event(LOG_INFO, "wide", KV_S("a", quotes), KV_S("b", quotes), KV_S("c", quotes),
		  KV_S("d", quotes), KV_I("e", 1));
	ERR(read_line(t, fd, &j));
	CHECK(json_at(j, "c") != NULL);
	CHECK(json_at(j, "d") == NULL);
	return NULL;
}

TEST(levels_below_are_silent)
{
	int fd = capture();
	struct json *j;

	log_init("web", LOG_WARN);
	log_event(LOG_INFO, "quiet");
	log_event(LOG_ERROR, "loud");
	ERR(read_line(t, fd, &j));
	CHECK_TEXT(json_text(j, "event"), "loud");
	return NULL;
}

TEST(an_error_is_logged_with_its_chain)
{
	int fd = capture();
	struct json *j;

	log_init("web", LOG_INFO);
	log_error("turn_failed", err_wrap(err_new(ERR_HTTP, "refused"), "llm"));
	log_error("turn_failed", NULL);
	ERR(read_line(t, fd, &j));
	CHECK_TEXT(json_text(j, "code"), "HTTP");
	CHECK_TEXT(json_text(j, "message"), "llm: refused");
	CHECK_TEXT(json_text(j, "level"), "warn");
	return NULL;
}

TEST(a_stuck_pipe_drops_and_counts)
{
	int fd = capture();

	log_init("web", LOG_INFO);
	for (int i = 0; i < 20000; i++)
		log_event(LOG_INFO, "flood", KV_I("i", i));
	CHECK(log_dropped() > 1000);
	CHECK(!(fcntl(STDERR_FILENO, F_GETFL) & O_NONBLOCK)); /* shared with others */
	close(fd);
	return NULL;
}

TEST(a_stuck_socket_drops_and_counts)
{
	int ends[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && dup2(ends[1], STDERR_FILENO) >= 0);
	log_init("web", LOG_INFO);
	for (int i = 0; i < 20000; i++)
		log_event(LOG_INFO, "flood", KV_I("i", i));
	CHECK(log_dropped() > 1000);
	return NULL;
}
