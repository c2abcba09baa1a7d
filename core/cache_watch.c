#include "core/cache_part.h"

#include <hiredis/async.h>
#include <stdlib.h>
#include <uv.h>

/* What hiredis ships for libuv does not look at errors: a connection that was reset would never end. */
struct watch {
	uv_poll_t poll;
	redisAsyncContext *link; /* NULL: freed */
	int events;
};

static void on_io(uv_poll_t *poll, int status, int events)
{
	struct watch *watch = poll->data;

	if (watch->link && (status < 0 || events & UV_READABLE))
		redisAsyncHandleRead(watch->link);
	if (watch->link && events & UV_WRITABLE)
		redisAsyncHandleWrite(watch->link);
}

static void watch_set(struct watch *watch, int events)
{
	watch->events = events;
	if (events)
		uv_poll_start(&watch->poll, events, on_io);
	else
		uv_poll_stop(&watch->poll);
}

static void add_read(void *watch)
{
	watch_set(watch, ((struct watch *)watch)->events | UV_READABLE);
}

static void del_read(void *watch)
{
	watch_set(watch, ((struct watch *)watch)->events & ~UV_READABLE);
}

static void add_write(void *watch)
{
	watch_set(watch, ((struct watch *)watch)->events | UV_WRITABLE);
}

static void del_write(void *watch)
{
	watch_set(watch, ((struct watch *)watch)->events & ~UV_WRITABLE);
}

static void watch_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void watch_end(void *p)
{
	struct watch *watch = p;

	watch->link = NULL;
	uv_close((uv_handle_t *)&watch->poll, watch_closed);
}

bool cache_watch(redisAsyncContext *link)
{
	struct watch *watch = calloc(1, sizeof *watch);

	if (!watch || uv_poll_init(uv_default_loop(), &watch->poll, link->c.fd)) {
		free(watch);
		return false;
	}
	watch->poll.data = watch;
	watch->link = link;
	link->ev.data = watch;
	link->ev.addRead = add_read;
	link->ev.delRead = del_read;
	link->ev.addWrite = add_write;
	link->ev.delWrite = del_write;
	link->ev.cleanup = watch_end;
	return true;
}
