#include "bot/web/web_linger.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

enum {
	LINGERING_MAX = 64,
	LINGER_MS = 3000,
	LINGER_BYTES = 16 * 1024 * 1024,
	PIECE = 16384,
};

struct linger_socket {
	uv_poll_t poll;
	uv_timer_t timer;
	int fd, handles;
	size_t left;
};

static int lingering;

static void on_closed(uv_handle_t *handle)
{
	struct linger_socket *l = handle->data;

	if (--l->handles)
		return;
	close(l->fd);
	free(l);
	lingering--;
}

static void end(struct linger_socket *l)
{
	uv_close((uv_handle_t *)&l->poll, on_closed);
	uv_close((uv_handle_t *)&l->timer, on_closed);
}

static void on_time(uv_timer_t *timer)
{
	end(timer->data);
}

static void on_bytes(uv_poll_t *poll, int status, int events)
{
	struct linger_socket *l = poll->data;
	static char piece[PIECE]; /* nobody reads it */
	ssize_t n = status < 0 ? 0 : recv(l->fd, piece, sizeof(piece), MSG_DONTWAIT);

	(void)events;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || (size_t)n > l->left)
		end(l);
	else
		l->left -= (size_t)n;
}

void web_linger(int fd)
{
	struct linger_socket *l;
	int copy;

	shutdown(fd, SHUT_WR);
	if (lingering >= LINGERING_MAX)
		return;
	l = calloc(1, sizeof(*l));
	copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (!l || copy < 0 || uv_poll_init(uv_default_loop(), &l->poll, copy)) {
		if (copy >= 0)
			close(copy);
		free(l);
		return;
	}
	lingering++;
	l->fd = copy;
	l->handles = 2;
	l->left = LINGER_BYTES;
	uv_timer_init(uv_default_loop(), &l->timer);
	l->poll.data = l->timer.data = l;
	uv_poll_start(&l->poll, UV_READABLE, on_bytes);
	uv_timer_start(&l->timer, on_time, LINGER_MS, 0);
}
