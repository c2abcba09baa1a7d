#include "tests/e2e/product.h"

#include "core/clock.h"
#include "core/text.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READY_MS = 20000, LOG_MAX = 64 * 1024 * 1024, TICK_MS = 5, SETTINGS_MAX = 48 };

static const char secret[] = "e2e-secret";

static void tick(void)
{
	poll(NULL, 0, TICK_MS);
}

static void clean_up(void *ctx)
{
	struct product *p = ctx;

	if (p->pid > 0) {
		kill(p->pid, SIGKILL);
		waitpid(p->pid, NULL, 0);
	}
	unlink(p->log_path);
	rmdir(p->dir);
}

err_t *product_new(struct test *t, bool webhook, const char *const *pairs, struct product **ret)
{
	struct product *p = MEM_NEW(t->pool, struct product);
	char *dir = mem_text(t->pool, "/tmp/lembra-e2e-XXXXXX");

	p->t = t;
	p->webhook = webhook;
	p->pairs = pairs;
	if (!mkdtemp(dir))
		return err_new(ERR_INTERNAL, "cannot make a folder in /tmp");
	p->dir = dir;
	p->log_path = mem_fmt(t->pool, "%s/log", dir);
	mem_cleanup(t->pool, p, clean_up);
	ERR(fixture_db(t, &p->db));
	ERR(standin_start(t, &p->s));
	ERR(standin_retry_ms(p->s, 20));
	ERR(fixture_port(t, &p->port));
	*ret = p;
	return NULL;
}

static char **settings(struct product *p)
{
	apr_pool_t *pool = p->t->pool;
	char **env = mem_alloc(pool, sizeof *env * SETTINGS_MAX);
	int n = 0;

	env[n++] = mem_fmt(pool, "PATH=%s", getenv("PATH"));
	env[n++] = mem_fmt(pool, "DATABASE_URL=%s", p->db.owner_url);
	env[n++] = mem_fmt(pool, "DATABASE_APP_URL=%s", p->db.app_url);
	env[n++] = mem_fmt(pool, "DATABASE_QUEUE_URL=%s", p->db.queue_url);
	env[n++] = mem_fmt(pool, "TELEGRAM_BOT_TOKEN=%s", p->s->token);
	env[n++] = mem_fmt(pool, "TELEGRAM_API_BASE=%s", p->s->base);
	env[n++] = mem_fmt(pool, "HTTP_LISTEN=127.0.0.1:%d", p->port);
	env[n++] = mem_text(pool, "ENV=test");
	env[n++] = mem_text(pool, "ACCESS=open");
	env[n++] = mem_text(pool, "TELEGRAM_RATE_PER_S=0");
	env[n++] = mem_text(pool, "RATE_LIMIT_PER_HOUR=0");
	env[n++] = mem_text(pool, "ADMIN_TOKEN=e2e-admin");
	if (p->webhook) {
		env[n++] = mem_fmt(pool, "PUBLIC_URL=http://127.0.0.1:%d", p->port);
		env[n++] = mem_fmt(pool, "TELEGRAM_WEBHOOK_SECRET=%s", secret);
	}
	for (const char *const *pair = p->pairs; pair && *pair && n < SETTINGS_MAX - 8; pair++)
		env[n++] = mem_text(pool, *pair); /* of two with one name, see below */
	if (getenv("ASAN_OPTIONS"))
		env[n++] = mem_fmt(pool, "ASAN_OPTIONS=%s", getenv("ASAN_OPTIONS"));
	if (getenv("UBSAN_OPTIONS"))
		env[n++] = mem_fmt(pool, "UBSAN_OPTIONS=%s", getenv("UBSAN_OPTIONS"));
	/* getenv finds the first of two: a test's own setting must replace the default. */
	for (int i = 0; i < n; i++)
		for (int k = i + 1; k < n; k++)
			if (strncmp(env[i], env[k], strcspn(env[i], "=") + 1) == 0)
				env[i] = env[k];
	return env;
}

static const char *binary(struct product *p)
{
	const char *dir = getenv("TEST_BUILD_DIR");

	if (p->program)
		return p->program;
	return mem_fmt(p->t->pool, "%s/lembra", dir ? dir : "build");
}

static int spawn(struct product *p, const char *const *args, int in, int out, int err_fd)
{
	const char *program = binary(p), *argv[16] = { "lembra" };
	char **env = settings(p);
	int pid;

	for (int i = 0; args[i] && i < 14; i++)
		argv[i + 1] = args[i];
	pid = fork();
	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (chdir(p->dir))
		_exit(126);
	dup2(in, 0);
	dup2(out, 1);
	dup2(err_fd, 2);
	execve(program, (char *const *)argv, env);
	_exit(127);
}

err_t *product_log(struct product *p, const char **ret_text)
{
	FILE *f = fopen(p->log_path, "r");
	struct buf out = buf_new(p->t->pool, LOG_MAX);
	char part[4096];
	size_t n;

	buf_text(&out, "");
	while (f && (n = fread(part, 1, sizeof part, f)) > 0)
		buf_put(&out, part, n);
	if (f)
		fclose(f);
	*ret_text = out.p ? out.p : "";
	return buf_check(&out);
}

int product_count(const char *text, const char *part)
{
	int n = 0;

	for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
		n++;
	return n;
}

err_t *product_await(struct product *p, const char *event, int n, int64_t timeout_ms)
{
	const char *wanted = mem_fmt(p->t->pool, "\"event\":\"%s\"", event), *text;
	int64_t deadline = clock_mono_ms() + timeout_ms;

	for (;;) {
		ERR(product_log(p, &text));
		if (product_count(text, wanted) >= n)
			return NULL;
		if (clock_mono_ms() > deadline)
			return err_new(ERR_TIMEOUT, "\"%s\" was logged %d times, not %d", event,
				       product_count(text, wanted), n);
		tick();
	}
}

static bool answers(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok = connect(fd, (struct sockaddr *)&to, sizeof to) == 0;

	close(fd);
	return ok;
}

static err_t *await_port(struct product *p)
{
	int64_t deadline = clock_mono_ms() + READY_MS;
	const char *text;

	while (!answers(p->port)) {
		int status;

		if (waitpid(p->pid, &status, WNOHANG) == p->pid || clock_mono_ms() > deadline) {
			p->pid = 0;
			ERR(product_log(p, &text));
			return err_new(ERR_INTERNAL, "the product did not start: %s", text);
		}
		tick();
	}
	return NULL;
}

/* Telegram refuses a second setWebhook within a second. */
static err_t *deliver_here(struct product *p)
{
	struct json *params = json_object(p->t->pool), *reply;
	int64_t deadline = clock_mono_ms() + READY_MS;

	json_set_text(params, "url", mem_fmt(p->t->pool, "http://127.0.0.1:%d/webhook/telegram", p->port));
	json_set_text(params, "secret_token", secret);
	do {
		ERR(standin_api(p->s, "setWebhook", params, &reply));
		if (!json_true(reply, "ok"))
			tick();
	} while (!json_true(reply, "ok") && clock_mono_ms() < deadline);
	return json_true(reply, "ok") ? NULL
				      : err_new(ERR_HTTP, "setWebhook: %s", json_write(p->t->pool, reply));
}

err_t *product_start(struct product *p)
{
	const char *args[] = { "run", NULL };
	int log = open(p->log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600),
	    null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	p->pid = spawn(p, args, null, log, log);
	close(log);
	close(null);
	ERR(await_port(p));
	return p->webhook ? deliver_here(p) : NULL;
}

/* A sanitizer remarks "==123==WARNING: ..." that it half knows swapcontext; that is not the product speaking. */
static const char *without_remarks(apr_pool_t *pool, const char *text)
{
	struct buf out = buf_new(pool, LOG_MAX);

	buf_text(&out, "");
	while (*text) {
		size_t n = strcspn(text, "\n") + (strchr(text, '\n') != NULL);

		if (!text_starts(text, "==") ||
		    !memmem(text, n, "==WARNING: ASan", strlen("==WARNING: ASan")))
			buf_put(&out, text, n);
		text += n;
	}
	return out.p;
}

err_t *product_command(struct product *p, const char *input, const char *const *args, const char **ret_output,
		       int *ret_code)
{
	int in[2], out[2], status, pid;
	struct buf text = buf_new(p->t->pool, LOG_MAX);
	char part[4096];
	ssize_t n;

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		return err_new(ERR_INTERNAL, "no pipe");
	pid = spawn(p, args, in[0], out[1], out[1]);
	close(in[0]);
	close(out[1]);
	if (input && write(in[1], input, strlen(input)) != (ssize_t)strlen(input))
		return err_new(ERR_INTERNAL, "the program does not read");
	close(in[1]);
	buf_text(&text, "");
	while ((n = read(out[0], part, sizeof part)) > 0)
		buf_put(&text, part, (size_t)n);
	close(out[0]);
	waitpid(pid, &status, 0);
	*ret_output = without_remarks(p->t->pool, text.p);
	*ret_code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
	return buf_check(&text);
}

/* The pid in the last "child_started" line of the role. */
static int role_pid(const char *log, const char *role, apr_pool_t *pool)
{
	const char *wanted = mem_fmt(pool, "\"event\":\"child_started\""),
		   *child = mem_fmt(pool, "\"child\":\"%s\"", role);
	int pid = 0;

	for (const char *at = log; (at = strstr(at, wanted)); at++) {
		const char *end = strchr(at, '\n'), *who = strstr(at, child),
			   *number = strstr(at, "\"child_pid\":");

		if (end && who && who < end && number && number < end)
			pid = (int)strtol(number + strlen("\"child_pid\":"), NULL, 10);
	}
	return pid;
}

err_t *product_kill(struct product *p, const char *role, int number)
{
	const char *text;
	int pid = p->pid;

	if (!text_same(role, "supervisor")) {
		ERR(product_log(p, &text));
		pid = role_pid(text, role, p->t->pool);
	}
	if (pid <= 0 || kill(pid, number))
		return err_new(ERR_INTERNAL, "no \"%s\" to kill", role);
	if (text_same(role, "supervisor")) {
		waitpid(p->pid, NULL, 0);
		p->pid = 0;
	}
	return NULL;
}

err_t *product_stop(struct product *p, int *ret_code)
{
	int status;

	kill(p->pid, SIGTERM);
	waitpid(p->pid, &status, 0);
	p->pid = 0;
	*ret_code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
	return NULL;
}
