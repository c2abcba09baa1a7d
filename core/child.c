#include "core/child.h"

#include "core/clock.h"
#include "core/fiber.h"
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { STDIN, STDOUT, PIPES, CHUNK = 16 * 1024 };

/* On the stack of the fiber that waits: its handles are closed, and that is awaited, before it returns. */
struct child {
	struct fiber *waiting;
	uv_process_t process;
	uv_pipe_t pipes[PIPES];
	uv_write_t write;
	int open; /* handles that are not closed yet */
	struct buf out;
	char *chunk;
	bool exited, out_ended;
	int64_t code;
	int signal;
};

static struct child *child_of(uv_handle_t *handle)
{
	return handle->data;
}

static void on_close(uv_handle_t *handle)
{
	struct child *c = child_of(handle);

	c->open--;
	fiber_wake(c->waiting);
}

static void close_once(void *handle)
{
	if (!uv_is_closing(handle))
		uv_close(handle, on_close);
}

static void on_exit(uv_process_t *process, int64_t code, int signal)
{
	struct child *c = child_of((uv_handle_t *)process);

	c->exited = true;
	c->code = code;
	c->signal = signal;
	fiber_wake(c->waiting);
}

/* Written or refused: it reads no more, and what it makes of that it tells by its exit code. */
static void on_written(uv_write_t *write, int status)
{
	(void)status;
	close_once(write->handle);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *ret)
{
	(void)suggested;
	*ret = uv_buf_init(child_of(handle)->chunk, CHUNK);
}

static void on_bytes(uv_stream_t *stream, ssize_t n, const uv_buf_t *bytes)
{
	struct child *c = child_of((uv_handle_t *)stream);

	if (n > 0)
		buf_put(&c->out, bytes->base, (size_t)n);
	if (n < 0 || c->out.over) {
		c->out_ended = true;
		uv_read_stop(stream);
		fiber_wake(c->waiting);
	}
}

static NODISCARD err_t *spawn(struct child *c, const struct child_call *call)
{
	char *args[] = { (char *)call->path, NULL }, *env[] = { (char *)"LANG=C.UTF-8", NULL };
	uv_stdio_container_t stdio[3] = {
		{ .flags = UV_CREATE_PIPE | UV_READABLE_PIPE,
		  .data.stream = (uv_stream_t *)&c->pipes[STDIN] },
		{ .flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
		  .data.stream = (uv_stream_t *)&c->pipes[STDOUT] },
		{ .flags = UV_IGNORE },
	};
	uv_process_options_t options = { .exit_cb = on_exit,
					 .file = call->path,
					 .args = args,
					 .env = env,
					 .cwd = "/",
					 .stdio = stdio,
					 .stdio_count = 3 };
	int status;

	for (int i = 0; i < PIPES; i++) {
		uv_pipe_init(uv_default_loop(), &c->pipes[i], 0);
		c->pipes[i].data = c;
		c->open++;
	}
	status = uv_spawn(uv_default_loop(), &c->process, &options);
	c->process.data = c; /* uv_spawn sets it up */
	c->open++;
	if (status == 0)
		return NULL;
	c->exited = true; /* it never was */
	return err_new(status == UV_ENOENT || status == UV_EACCES ? ERR_NOT_FOUND : ERR_UNAVAILABLE,
		       "\"%s\": %s", call->path, uv_strerror(status));
}

static NODISCARD err_t *talk(struct child *c, const struct child_call *call)
{
	uv_buf_t in = uv_buf_init((char *)call->in, (unsigned)call->in_n);
	int64_t until = clock_mono_ms() + call->timeout_ms;

	if (uv_read_start((uv_stream_t *)&c->pipes[STDOUT], on_room, on_bytes) ||
	    uv_write(&c->write, (uv_stream_t *)&c->pipes[STDIN], &in, 1, on_written))
		return err_new(ERR_INTERNAL, "\"%s\": no pipe", call->path);
	while (!c->out.over && !(c->exited && c->out_ended))
		ERR(fiber_wait(until));
	return buf_check(&c->out);
}

/* Ends it if it has not ended, and takes back what libuv holds of it. */
static void finish(struct child *c)
{
	fiber_shield(+1);
	if (!c->exited)
		uv_process_kill(&c->process, SIGKILL);
	while (!c->exited)
		err_clear(fiber_wait(0));
	for (int i = 0; i < PIPES; i++)
		close_once(&c->pipes[i]);
	close_once(&c->process);
	while (c->open)
		err_clear(fiber_wait(0));
	fiber_shield(-1);
}

err_t *child_run(apr_pool_t *pool, const struct child_call *call, const char **ret_out, size_t *ret_n)
{
	struct child c = { .waiting = fiber_self(), .out = buf_new(pool, call->out_max) };
	err_t *err;

	c.chunk = mem_alloc(pool, CHUNK);
	err = spawn(&c, call);
	if (!err)
		err = talk(&c, call);
	finish(&c);
	ERR(err);
	if (c.signal)
		return err_new(ERR_INTERNAL, "\"%s\": ended by signal %d", call->path, c.signal);
	if (c.code)
		return err_new(ERR_INVALID, "\"%s\": exit code %d", call->path, (int)c.code);
	*ret_out = c.out.p ? c.out.p : "";
	*ret_n = c.out.n;
	return NULL;
}

err_t *child_find(apr_pool_t *pool, const char *name, const char **ret_path)
{
	static const char *const places[] = { "", "../", "../lib/lembra/" };
	char *own = mem_alloc(pool, PATH_MAX + 1), *slash;
	ssize_t n = readlink("/proc/self/exe", own, PATH_MAX);

	slash = n > 0 ? strrchr(own, '/') : NULL;
	if (!slash)
		return err_new(ERR_NOT_FOUND, "where this program is");
	slash[1] = '\0';
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const char *path = mem_fmt(pool, "%s%s%s", own, places[i], name);

		if (access(path, X_OK) == 0) {
			*ret_path = path;
			return NULL;
		}
	}
	return err_new(ERR_NOT_FOUND, "no program \"%s\"", name);
}
