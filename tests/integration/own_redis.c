#include "tests/integration/own_redis.h"

#include "core/clock.h"
#include "tests/integration/fixture.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { START_MS = 10000, TICK_MS = 5 };

static void clean_up(void *ctx)
{
	struct own_redis *r = ctx;

	if (r->pid > 0) {
		kill(r->pid, SIGKILL);
		waitpid(r->pid, NULL, 0);
	}
	unlink(r->socket);
	rmdir(r->dir);
}

err_t *own_redis_new(struct test *t, const char *password, struct own_redis **ret)
{
	struct own_redis *r = MEM_NEW(t->pool, struct own_redis);
	char *dir = mem_text(t->pool, "/tmp/lembra-redis-XXXXXX");

	if (!mkdtemp(dir))
		return err_new(ERR_INTERNAL, "cannot make a folder in /tmp");
	r->dir = dir;
	r->password = password;
	r->socket = mem_fmt(t->pool, "%s/s", dir);
	r->url = mem_fmt(t->pool, "unix://%s", r->socket);
	ERR(fixture_port(t, &r->port));
	r->tcp_url = *password ? mem_fmt(t->pool, "redis://:%s@localhost:%d/3", password, r->port)
			       : mem_fmt(t->pool, "redis://localhost:%d", r->port);
	mem_cleanup(t->pool, r, clean_up);
	*ret = r;
	return own_redis_start(r);
}

static void become_redis(const struct own_redis *r)
{
	char port[16];
	const char *argv[] = { "redis-server",
			       "--port",
			       port,
			       "--bind",
			       "127.0.0.1",
			       "--unixsocket",
			       r->socket,
			       "--save",
			       "",
			       "--appendonly",
			       "no",
			       "--dir",
			       r->dir,
			       *r->password ? "--requirepass" : NULL,
			       r->password,
			       NULL };
	int null = open("/dev/null", O_RDWR);

	snprintf(port, sizeof port, "%d", r->port);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

static bool answers(const struct own_redis *r)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	char reply[8] = "";
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok;

	snprintf(at.sun_path, sizeof at.sun_path, "%s", r->socket);
	ok = !connect(fd, (struct sockaddr *)&at, sizeof at) && send(fd, "PING\r\n", 6, MSG_NOSIGNAL) == 6 &&
	     read(fd, reply, 1) == 1; /* or -NOAUTH, which will do */
	close(fd);
	return ok;
}

err_t *own_redis_start(struct own_redis *r)
{
	int64_t deadline = clock_mono_ms() + START_MS;

	unlink(r->socket);
	r->pid = fork();
	if (!r->pid)
		become_redis(r);
	while (!answers(r)) {
		if (waitpid(r->pid, NULL, WNOHANG) || clock_mono_ms() > deadline)
			return err_new(ERR_INTERNAL, "redis-server did not start");
		poll(NULL, 0, TICK_MS);
	}
	return NULL;
}

err_t *own_redis_signal(struct own_redis *r, int signal)
{
	if (r->pid <= 0 || kill(r->pid, signal))
		return err_new(ERR_INTERNAL, "redis-server does not run");
	if (signal == SIGSTOP)
		waitpid(r->pid, NULL, WUNTRACED);
	if (signal == SIGKILL) {
		waitpid(r->pid, NULL, 0);
		r->pid = 0;
	}
	return NULL;
}

err_t *own_redis_ask(struct test *t, struct own_redis *r, const char *command, const char **ret_answer)
{
	const char *line = mem_fmt(t->pool, "redis-cli --no-auth-warning -s %s %s %s %s 2>&1", r->socket,
				   *r->password ? "-a" : "", r->password, command);
	FILE *p = popen(line, "r");
	struct buf b = buf_new(t->pool, 1 << 20);
	char *part = mem_alloc(t->pool, 1024);
	size_t n;

	if (!p)
		return err_new(ERR_INTERNAL, "redis-cli does not start");
	while ((n = fread(part, 1, 1024, p)) > 0)
		buf_put(&b, part, n);
	pclose(p);
	while (b.n && b.p[b.n - 1] == '\n')
		b.p[--b.n] = '\0';
	*ret_answer = b.p ? b.p : "";
	return NULL;
}
