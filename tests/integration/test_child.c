/* Other programs, run out of a fiber: they end in time, are heard no longer than wanted, and leave nothing behind. */
#include "core/child.h"
#include "core/clock.h"
#include "core/fiber.h"
#include "tests/integration/fixture.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WAIT_MS = 10000 };

static void remove_file(void *path)
{
	unlink(path);
}

/* A program of these lines of shell. */
static NODISCARD err_t *script(struct test *t, const char *lines, const char **ret_path)
{
	char *path = mem_text(t->pool, "/tmp/lembra-child-XXXXXX");
	int fd = mkstemp(path);
	const char *text = mem_fmt(t->pool, "#!/bin/sh\n%s\n", lines);

	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	CHECK(fchmod(fd, 0700) == 0 && close(fd) == 0);
	mem_cleanup(t->pool, path, remove_file);
	*ret_path = path;
	return NULL;
}

static NODISCARD err_t *run(struct test *t, const char *lines, const char *in, const char **ret_out)
{
	struct child_call call = { .in = in, .in_n = strlen(in), .timeout_ms = WAIT_MS, .out_max = 100000 };
	size_t n;

	ERR(script(t, lines, &call.path));
	return child_run(t->pool, &call, ret_out, &n);
}

static size_t descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	while (dir && readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/* What the loop keeps from its first program on is not counted. */
static NODISCARD err_t *begin(struct test *t, size_t *ret_fds)
{
	const char *out;

	signal(SIGPIPE, SIG_IGN); /* as in every process that runs one */
	ERR(run(t, "exit 0", "", &out));
	*ret_fds = descriptors();
	return NULL;
}

/* Nobody of ours is running or waits to be buried. */
static NODISCARD err_t *check_alone(size_t fds)
{
	CHECK_INT(waitpid(-1, NULL, WNOHANG), -1);
	CHECK_INT(descriptors(), fds);
	return NULL;
}

static err_t *play(void *ctx)
{
	struct test *t = ctx;
	struct buf big = buf_new(t->pool, 512 * 1024);
	size_t fds, n;
	const char *out;

	ERR(begin(t, &fds));
	ERR(run(t, "cat", "eins\nzwei", &out));
	CHECK_TEXT(out, "eins\nzwei");
	ERR(run(t, "exec >&-; exit 0", "", &out));
	CHECK_TEXT(out, "");
	for (int i = 0; i < 40000; i++)
		buf_text(&big, "0123456789");
	ERR(run(t, "wc -c | tr -d ' \\n'", big.p, &out)); /* more than a pipe takes at once */
	CHECK_TEXT(out, "400000");
	ERR(run(t, "exit 0", big.p, &out)); /* it does not listen */
	CHECK_ERR(run(t, "cat; exit 3", "x", &out), ERR_INVALID);
	CHECK_ERR(run(t, "kill -SEGV $$", "x", &out), ERR_INTERNAL);
	CHECK_ERR(run(t, "exec cat /dev/zero", "x", &out), ERR_TOO_LARGE);
	CHECK_ERR(child_run(t->pool, &(struct child_call){ .path = "/nowhere/lembra-chart", .in = "" }, &out,
			    &n),
		  ERR_NOT_FOUND);
	return check_alone(fds);
}

TEST(what_a_program_says_is_heard_and_how_it_ended)
{
	return fixture_loop(play, t);
}

/* No argument, no environment of ours. */
static err_t *play_bare(void *ctx)
{
	struct test *t = ctx;
	const char *out;

	signal(SIGPIPE, SIG_IGN);
	CHECK(setenv("DATABASE_URL", "postgresql:///secret", 1) == 0);
	ERR(run(t, "echo $#; tr '\\0' ' ' < /proc/$$/environ; pwd", "", &out));
	CHECK_TEXT(out, "0\nLANG=C.UTF-8 /\n");
	return NULL;
}

TEST(a_program_is_told_nothing_but_its_input)
{
	return fixture_loop(play_bare, t);
}

static err_t *play_late(void *ctx)
{
	struct test *t = ctx;
	struct child_call call = { .in = "", .timeout_ms = 60, .out_max = 100 };
	int64_t begun = clock_mono_ms();
	size_t fds, n;
	const char *out;

	ERR(script(t, "exec sleep 60", &call.path));
	ERR(begin(t, &fds));
	CHECK_ERR(child_run(t->pool, &call, &out, &n), ERR_TIMEOUT);
	CHECK(clock_mono_ms() - begun < WAIT_MS);
	return check_alone(fds);
}

TEST(a_program_that_takes_too_long_is_ended)
{
	return fixture_loop(play_late, t);
}

struct stopping {
	struct test *t;
	struct fiber *waiting;
	enum err_code code;
	bool ended;
};

static void run_long(void *arg)
{
	struct stopping *s = arg;
	const char *out;
	err_t *err = run(s->t, "exec sleep 60", "", &out);

	s->code = err ? err->code : ERR_INTERNAL;
	err_clear(err);
	s->ended = true;
	fiber_wake(s->waiting);
}

static err_t *play_cancel(void *ctx)
{
	struct stopping s = { .t = ctx, .waiting = fiber_self() };
	struct fiber *f;
	size_t fds;

	ERR(begin(s.t, &fds));
	f = fiber_go("child", run_long, &s);
	ERR(fiber_sleep(5));
	fiber_cancel(f);
	while (!s.ended)
		ERR(fiber_wait(0));
	CHECK_INT(s.code, ERR_CANCELLED);
	return check_alone(fds);
}

TEST(a_cancelled_wait_ends_the_program)
{
	return fixture_loop(play_cancel, t);
}

/* lembra-chart with a stdin that never ends, started by somebody who is killed. Who it is goes to the pipe. */
static void begin_and_wait(int in, int tell, const char *program)
{
	int pid = fork();

	if (pid == 0) {
		dup2(in, 0);
		execl(program, program, (char *)NULL);
		_exit(127);
	}
	if (write(tell, &pid, sizeof pid) != sizeof pid)
		_exit(1);
	for (;;)
		pause();
}

static bool is_drawing(struct test *t, int pid)
{
	char line[128] = { 0 };
	FILE *f = fopen(mem_fmt(t->pool, "/proc/%d/stat", pid), "r");
	/* Z: nobody has buried it yet */
	bool is = f && fgets(line, sizeof line, f) && strstr(line, "(lembra-chart)") && !strstr(line, ") Z");

	if (f)
		fclose(f);
	return is;
}

/* Its wish to be killed with its parent is not seen from outside: it reads, so its first lines are behind it. */
static bool is_reading(struct test *t, int pid)
{
	char text[64] = { 0 };
	FILE *f = fopen(mem_fmt(t->pool, "/proc/%d/syscall", pid), "r");
	bool is = f && fgets(text, sizeof text, f) && strncmp(text, "0 0x0 ", 6) == 0;

	if (f)
		fclose(f);
	return is;
}

TEST(a_picture_is_not_drawn_for_the_dead)
{
	int in[2], tell[2], parent, pid = 0;
	int64_t until = clock_mono_ms() + WAIT_MS;
	const char *program;

	ERR(child_find(t->pool, "lembra-chart", &program));
	CHECK(pipe(in) == 0 && pipe(tell) == 0);
	parent = fork();
	if (parent == 0)
		begin_and_wait(in[0], tell[1], program);
	CHECK(read(tell[0], &pid, sizeof pid) == sizeof pid);
	while (!(is_drawing(t, pid) && is_reading(t, pid)) && clock_mono_ms() < until)
		poll(NULL, 0, 2);
	CHECK(is_drawing(t, pid));
	kill(parent, SIGKILL);
	waitpid(parent, NULL, 0);
	while (is_drawing(t, pid) && clock_mono_ms() < until)
		poll(NULL, 0, 2);
	CHECK(!is_drawing(t, pid));
	return NULL;
}

TEST(a_program_that_is_not_installed_is_not_found)
{
	const char *path;

	CHECK_ERR(child_find(t->pool, "lembra-nothing", &path), ERR_NOT_FOUND);
	return NULL;
}
