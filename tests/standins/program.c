#include "tests/standins/program.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_MS 10000

static void stop(void *p)
{
	const int *pid = p;

	kill(*pid, SIGTERM);
	while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static void close_fd(void *p)
{
	close(*(int *)p);
}

/* Until the port file is there: it is moved into the watched folder whole. */
static err_t *await_port(apr_pool_t *pool, int watch, const char *path, unsigned *ret_port)
{
	struct pollfd event = { .fd = watch, .events = POLLIN };
	char *line = mem_alloc(pool, 16);
	FILE *f = fopen(path, "re");

	while (!f && poll(&event, 1, START_MS) > 0) {
		char events[1024];

		if (read(watch, events, sizeof(events)) < 0)
			break;
		f = fopen(path, "re");
	}
	if (!f)
		return err_new(ERR_TIMEOUT, "the stand-in did not start");
	if (fgets(line, 16, f))
		*ret_port = (unsigned)strtoul(line, NULL, 10);
	fclose(f);
	return NULL;
}

static err_t *spawn(apr_pool_t *pool, const char *program, const char *port_file, const char *option,
		    const char *value, int *ret_pid)
{
	char *argv[] = { mem_text(pool, program), mem_text(pool, "--port-file"), mem_text(pool, port_file),
			 mem_text(pool, option),  mem_text(pool, value),         NULL };
	int error = posix_spawn(ret_pid, program, NULL, NULL, argv, environ);

	if (error)
		return err_new(ERR_INTERNAL, "cannot run \"%s\": %s", program, strerror(error));
	return NULL;
}

err_t *program_start(struct test *t, const char *name, const char *override, const char *option,
		     const char *value, int *ret_pid, const char **ret_base)
{
	const char *program = getenv(override), *build = getenv("TEST_BUILD_DIR"), *port_file;
	char *folder = mem_text(t->pool, "/tmp/lembra-standin-XXXXXX");
	int *watch = MEM_NEW(t->pool, int), *pid = MEM_NEW(t->pool, int);
	unsigned port = 0;
	err_t *err;

	if (!program)
		program = mem_fmt(t->pool, "%s/tests/standin-%s", build ? build : "build", name);
	if (!mkdtemp(folder))
		return err_new(ERR_INTERNAL, "cannot make a folder in /tmp");
	port_file = mem_fmt(t->pool, "%s/port", folder);
	*watch = inotify_init1(IN_CLOEXEC);
	mem_cleanup(t->pool, watch, close_fd);
	inotify_add_watch(*watch, folder, IN_MOVED_TO);
	ERR(spawn(t->pool, program, port_file, option, value, pid));
	mem_cleanup(t->pool, pid, stop);
	err = await_port(t->pool, *watch, port_file, &port);
	unlink(port_file);
	rmdir(folder);
	ERR(err);
	*ret_pid = *pid;
	*ret_base = mem_fmt(t->pool, "http://127.0.0.1:%u", port);
	return NULL;
}
