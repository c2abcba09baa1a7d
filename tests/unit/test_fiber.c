#include "core/fiber.h"
#include "core/log.h"
#include "tests/test.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void traced(void *arg)
{
	fiber_set_trace(arg);
	for (int i = 0; i < 2; i++) {
		log_event(LOG_INFO, "turn");
		fiber_wake(fiber_self());
		err_clear(fiber_wait(0));
	}
	fiber_stop();
}

static void on_async(uv_async_t *async)
{
	(void)async;
	log_event(LOG_INFO, "loop");
}

/* The trace ids of n bytes of lines, "-" for none, joined by spaces. */
static const char *traces_of(apr_pool_t *pool, const char *lines, size_t n)
{
	static const char member[] = "\"trace_id\":\"";
	const char *traces = "";

	for (const char *line = lines, *end; line < lines + n; line = end + 1) {
		end = memchr(line, '\n', n - (size_t)(line - lines));
		const char *at = memmem(line, (size_t)(end - line), member, strlen(member));

		traces = mem_fmt(pool, "%s%.1s ", traces, at ? at + strlen(member) : "-");
	}
	return traces;
}

TEST(lines_carry_the_trace_of_the_fiber_that_runs)
{
	char lines[4096], a[] = "a", b[] = "b";
	uv_async_t async;
	int fds[2];
	ssize_t n;

	CHECK(pipe2(fds, O_CLOEXEC) == 0 && dup2(fds[1], STDERR_FILENO) == STDERR_FILENO);
	log_init("worker", LOG_INFO);
	fiber_init();
	uv_async_init(uv_default_loop(), &async, on_async);
	uv_async_send(&async);
	CHECK(fiber_go("a", traced, a) && fiber_go("b", traced, b));
	fiber_run(); /* fibers, what is polled, fibers */
	n = read(fds[0], lines, sizeof lines);
	CHECK(n > 0 && lines[n - 1] == '\n');
	CHECK_TEXT(traces_of(t->pool, lines, (size_t)n), "a b - a b ");
	return NULL;
}
