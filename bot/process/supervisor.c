#include "bot/process/supervisor.h"

#include "bot/process/role.h"
#include "core/clock.h"
#include "core/log.h"
#include "core/metrics.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	CHILDREN_MAX = 66, /* web, scheduler, up to 64 workers */
	BACKOFF_FIRST_MS = 100,
	BACKOFF_MAX_MS = 30000,
	HEALTHY_MS = 60000, /* a child that lived this long starts its back-off anew */
	STOP_MS = 22000,    /* the children's own 20 s, and a little */
};

struct child {
	enum config_role role;
	pid_t pid; /* 0: not running */
	int64_t started_ms, start_at_ms, backoff_ms;
};

static struct child children[CHILDREN_MAX];
static int children_n;
static sigset_t watched;
static bool stopping;

static void child_body(struct config *config, apr_pool_t *pool, enum config_role role, pid_t parent)
{
	int code;

	sigprocmask(SIG_UNBLOCK, &watched, NULL);
	/* SIGTERM drains; and a parent that died before prctl took hold shows by its pid. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	code = role_run(config, pool, role);
	pool_free(pool);
	exit(code);
}

static void child_start(struct config *config, apr_pool_t *pool, struct child *child)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0)
		child_body(config, pool, child->role, parent);
	child->started_ms = clock_mono_ms();
	if (pid < 0) {
		child->start_at_ms = child->started_ms + BACKOFF_MAX_MS;
		log_event(LOG_ERROR, "fork_failed", KV_S("child", role_title(child->role)),
			  KV_I("errno", errno));
		return;
	}
	child->pid = pid;
	log_event(LOG_INFO, "child_started", KV_S("child", role_title(child->role)), KV_I("child_pid", pid));
}

static void child_ended(struct child *child, int status)
{
	int64_t now = clock_mono_ms(), lived = now - child->started_ms;

	child->pid = 0;
	/* One that was only just forked has no handler yet, and nothing under way: our SIGTERM ends it. */
	if (stopping && ((WIFEXITED(status) && !WEXITSTATUS(status)) ||
			 (WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM))) {
		log_event(LOG_INFO, "child_stopped", KV_S("child", role_title(child->role)),
			  KV_I("lived_ms", lived));
		return;
	}
	if (lived >= HEALTHY_MS || !child->backoff_ms)
		child->backoff_ms = BACKOFF_FIRST_MS;
	child->start_at_ms = now + child->backoff_ms;
	log_event(LOG_WARN, "child_ended", KV_S("child", role_title(child->role)),
		  KV_I("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0),
		  KV_I("code", WIFEXITED(status) ? WEXITSTATUS(status) : 0), KV_I("lived_ms", lived),
		  KV_I("restart_in_ms", child->backoff_ms));
	child->backoff_ms = child->backoff_ms * 2 < BACKOFF_MAX_MS ? child->backoff_ms * 2 : BACKOFF_MAX_MS;
}

static void children_reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (int i = 0; i < children_n; i++)
			if (children[i].pid == pid)
				child_ended(&children[i], status);
}

static int64_t children_start(struct config *config, apr_pool_t *pool)
{
	int64_t now = clock_mono_ms(), next = now + HEALTHY_MS;

	for (int i = 0; i < children_n; i++) {
		struct child *child = &children[i];

		if (!child->pid && child->start_at_ms <= now)
			child_start(config, pool, child);
		if (!child->pid && child->start_at_ms < next)
			next = child->start_at_ms;
	}
	return next > now ? next - now : 1;
}

/* The signal that came, or 0 when ms have passed. */
static int wait_signal(int64_t ms)
{
	struct timespec wait = { ms / 1000, ms % 1000 * 1000000 };
	int number = sigtimedwait(&watched, NULL, &wait);

	return number > 0 ? number : 0;
}

static int children_alive(void)
{
	int n = 0;

	for (int i = 0; i < children_n; i++)
		n += children[i].pid > 0;
	return n;
}

static void children_signal(int number)
{
	for (int i = 0; i < children_n; i++)
		if (children[i].pid > 0)
			kill(children[i].pid, number);
}

static void children_stop(void)
{
	int64_t deadline = clock_mono_ms() + STOP_MS;

	children_signal(SIGTERM);
	while (children_alive() && clock_mono_ms() < deadline) {
		wait_signal(deadline - clock_mono_ms());
		children_reap();
	}
	if (children_alive())
		log_event(LOG_ERROR, "children_killed", KV_I("n", children_alive()));
	children_signal(SIGKILL);
	while (children_alive()) {
		wait_signal(1000);
		children_reap();
	}
}

static void child_add(enum config_role role)
{
	children[children_n++].role = role;
}

static void signals_block(void)
{
	sigemptyset(&watched);
	sigaddset(&watched, SIGTERM);
	sigaddset(&watched, SIGINT);
	sigaddset(&watched, SIGCHLD);
	sigprocmask(SIG_BLOCK, &watched, NULL);
}

int supervisor_aside(int (*fn)(struct config *config, apr_pool_t *pool), struct config *config,
		     apr_pool_t *pool)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		int code = fn(config, pool);

		pool_free(pool);
		exit(code);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 1;
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int supervisor_run(struct config *config, apr_pool_t *pool)
{
	int number = 0;

	log_init("supervisor", (enum log_level)config->log_level);
	metrics_init();
	signals_block();
	child_add(CONFIG_WEB);
	for (int64_t i = 0; i < config->workers; i++)
		child_add(CONFIG_WORKER);
	child_add(CONFIG_SCHEDULER);
	while (number != SIGTERM && number != SIGINT) {
		int64_t wait_ms = children_start(config, pool);

		number = wait_signal(wait_ms);
		children_reap();
	}
	stopping = true;
	log_event(LOG_INFO, "stopping");
	children_stop();
	return 0;
}
