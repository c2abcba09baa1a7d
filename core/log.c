#include "core/log.h"
#include "core/clock.h"
#include "core/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TEXT_MAX 200
#define MESSAGE_MAX 1000 /* an error's chain */
#define TAIL 2           /* "}\n" */

static const char *const level_names[] = { "debug", "info", "warn", "error" };

static struct {
	char who[64]; /* ,"role":"web","pid":7 */
	enum log_level level;
	int fd;      /* 2, or a description of our own of the same pipe */
	mode_t kind; /* S_IFMT of fd */
} to = { .level = LOG_INFO, .fd = STDERR_FILENO };

/* Lines of the present turn of this thread's loop. Never over PIPE_BUF, like a line. */
static _Thread_local struct {
	char p[LIMIT_LOG_LINE];
	size_t n, lines;
	bool on;
} held;

static _Thread_local const char *trace;

static atomic_uint_fast64_t dropped;

/* A line under construction; what does not fit leaves `full` set and the rest out. */
struct line {
	char p[LIMIT_LOG_LINE];
	size_t n;
	bool full;
};

static void put(struct line *l, const char *s, size_t n)
{
	if (l->full || n > sizeof(l->p) - TAIL - l->n) {
		l->full = true;
		return;
	}
	memcpy(l->p + l->n, s, n);
	l->n += n;
}

static PRINTF(2, 3) void put_fmt(struct line *l, const char *fmt, ...)
{
	char text[192];
	va_list args;

	va_start(args, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	put(l, text, n < (int)sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

/* Bytes of s that are whole ASCII or plausible UTF-8, at most max: a cut never splits a character. */
static size_t cut(const char *s, size_t max)
{
	size_t n = strnlen(s, max + 1);

	if (n <= max)
		return n;
	for (n = max; n && ((unsigned char)s[n] & 0xC0) == 0x80; n--)
		;
	return n;
}

/* Length of the UTF-8 character at s (never read past NUL), 0 when invalid. */
static size_t utf8_len(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t len = u[0] < 0x80   ? 1
		     : u[0] < 0xC2 ? 0
		     : u[0] < 0xE0 ? 2
		     : u[0] < 0xF0 ? 3
		     : u[0] < 0xF5 ? 4
				   : 0;

	for (size_t i = 1; i < len; i++)
		if ((u[i] & 0xC0) != 0x80)
			return 0;
	return len;
}

/* Bytes from s on that a JSON string holds as they are. */
static size_t plain_len(const char *s, const char *end)
{
	const char *p = s;

	while (p < end && (unsigned char)*p >= 0x20 && (unsigned char)*p < 0x7F && *p != '"' && *p != '\\')
		p++;
	return (size_t)(p - s);
}

static void put_text(struct line *l, const char *s, size_t max)
{
	const char *end = s + cut(s, max);

	put(l, "\"", 1);
	while (s < end) {
		size_t plain = plain_len(s, end);
		if (plain) {
			put(l, s, plain);
			s += plain;
			continue;
		}
		size_t n = utf8_len(s);
		if (*s == '"' || *s == '\\')
			put_fmt(l, "\\%c", *s);
		else if ((unsigned char)*s < 0x20 || *s == 0x7F)
			put_fmt(l, "\\u%04x", (unsigned)*s);
		else if (n)
			put(l, s, n);
		else
			put(l, "\\ufffd", 6);
		s += n ? n : 1;
	}
	put(l, "\"", 1);
}

static void put_time(struct line *l)
{
	int64_t now = clock_real();
	time_t t = (time_t)(now / SECOND_US);
	struct tm tm;

	gmtime_r(&t, &tm);
	put_fmt(l, "{\"ts\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\"", tm.tm_year + 1900, tm.tm_mon + 1,
		tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(now % SECOND_US / 1000));
}

static void put_member(struct line *l, const struct log_kv *kv, size_t max)
{
	size_t before = l->n;

	put(l, ",", 1);
	put_text(l, kv->key, TEXT_MAX);
	put(l, ":", 1);
	if (kv->text)
		put_text(l, kv->text, max);
	else
		put_fmt(l, "%lld", (long long)kv->number);
	if (l->full)
		l->n = before;
}

/* Our own description of a pipe may be non-blocking without changing that of whoever shares stderr. */
static int open_target(mode_t kind)
{
	int fd = S_ISFIFO(kind) ? open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_CLOEXEC) : -1;

	return fd < 0 ? STDERR_FILENO : fd;
}

static ssize_t send_bytes(const char *p, size_t n)
{
	struct pollfd poller = { .fd = to.fd, .events = POLLOUT };

	if (S_ISSOCK(to.kind))
		return send(to.fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (!S_ISREG(to.kind) && poll(&poller, 1, 0) <= 0) {
		errno = EAGAIN;
		return -1;
	}
	return write(to.fd, p, n);
}

/* Whole lines of at most PIPE_BUF together, so that a pipe takes them whole or not at all. */
static void write_lines(const char *p, size_t n, size_t lines)
{
	ssize_t done;

	do
		done = send_bytes(p, n);
	while (done < 0 && errno == EINTR);
	if (done != (ssize_t)n)
		atomic_fetch_add(&dropped, lines);
}

static void keep_line(const struct line *l)
{
	if (held.n + l->n > sizeof(held.p))
		log_flush();
	memcpy(held.p + held.n, l->p, l->n);
	held.n += l->n;
	held.lines++;
}

static void put_line(enum log_level level, const char *event, const struct log_kv *kv, size_t max)
{
	static _Thread_local struct line l; /* too large for a fiber's stack frame */

	if (level < to.level)
		return;
	l.n = 0;
	l.full = false;
	put_time(&l);
	put_member(&l, &KV_S("level", level_names[level]), max);
	put_member(&l, &KV_S("event", event), max);
	put(&l, to.who, strlen(to.who));
	if (trace && *trace)
		put_member(&l, &KV_S("trace_id", trace), max);
	for (; kv->key; kv++)
		put_member(&l, kv, max);
	memcpy(l.p + l.n, "}\n", TAIL);
	l.n += TAIL;
	if (!held.on) {
		write_lines(l.p, l.n, 1);
		return;
	}
	keep_line(&l);
	if (level >= LOG_WARN)
		log_flush();
}

static void set_who(const char *role)
{
	snprintf(to.who, sizeof(to.who), ",\"role\":\"%s\",\"pid\":%lld", role, (long long)getpid());
}

void log_init(const char *role, enum log_level level)
{
	struct stat st;

	if (to.fd != STDERR_FILENO)
		close(to.fd);
	set_who(role);
	to.level = level;
	to.kind = fstat(STDERR_FILENO, &st) == 0 ? st.st_mode & S_IFMT : 0;
	to.fd = open_target(to.kind);
}

void log_trace(const char *now)
{
	trace = now;
}

void log_hold(bool on)
{
	held.on = on;
	log_flush();
}

void log_flush(void)
{
	size_t n = held.n;

	held.n = 0;
	if (n)
		write_lines(held.p, n, held.lines);
	held.lines = 0;
}

void log_put(enum log_level level, const char *event, const struct log_kv *kv)
{
	put_line(level, event, kv, TEXT_MAX);
}

void log_error(const char *event, err_t *err)
{
	if (!err)
		return;

	const struct log_kv kv[] = { KV_S("code", err_name(err->code)),
				     KV_S("message", err_message(err)),
				     { NULL, NULL, 0 } };
	put_line(err_retryable(err) ? LOG_WARN : LOG_ERROR, event, kv, MESSAGE_MAX);
	err_clear(err);
}

uint64_t log_dropped(void)
{
	return atomic_load(&dropped);
}
