#include "db/pg_connect.h"

#include "core/clock.h"
#include "core/fiber.h"
#include <stdio.h>
#include <stdlib.h>

enum { CONNECT_MS = 5000 };

static const char server_options[] =
	"-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s -c client_min_messages=error";

struct wait {
	struct fiber *fiber;
	bool ready;
};

static void on_ready(uv_poll_t *poll, int status, int events)
{
	struct wait *wait = poll->data;

	(void)status;
	(void)events;
	uv_poll_stop(poll);
	wait->ready = true;
	fiber_wake(wait->fiber);
}

static void poll_closed(uv_handle_t *handle)
{
	free(handle);
}

uv_poll_t *pg_watch(PGconn *conn, void *data)
{
	uv_poll_t *poll = calloc(1, sizeof *poll);

	if (!poll)
		abort();
	if (uv_poll_init(uv_default_loop(), poll, PQsocket(conn))) {
		free(poll);
		return NULL;
	}
	poll->data = data;
	return poll;
}

void pg_unwatch(uv_poll_t *poll)
{
	if (!poll)
		return;
	uv_poll_stop(poll);
	uv_close((uv_handle_t *)poll, poll_closed);
}

/* The socket may change between steps of a connect, so each step watches anew. */
static err_t *wait_socket(PGconn *conn, int events, int64_t deadline)
{
	struct wait wait = { .fiber = fiber_self() };
	uv_poll_t *poll = pg_watch(conn, &wait);
	err_t *err = NULL;

	if (!poll)
		return err_new(ERR_UNAVAILABLE, "no socket to watch");
	uv_poll_start(poll, events, on_ready);
	while (!wait.ready && !err)
		err = fiber_wait(deadline);
	pg_unwatch(poll);
	return err;
}

static err_t *connect_poll(PGconn *conn)
{
	int64_t deadline = clock_mono_ms() + CONNECT_MS;
	PostgresPollingStatusType step = PGRES_POLLING_WRITING;

	while (step != PGRES_POLLING_OK) {
		if (step == PGRES_POLLING_FAILED)
			return err_new(ERR_UNAVAILABLE, "database refused the connection");
		ERR(wait_socket(conn, step == PGRES_POLLING_READING ? UV_READABLE : UV_WRITABLE, deadline));
		step = PQconnectPoll(conn);
	}
	return NULL;
}

err_t *pg_connect(const char *url, const char *options, PGconn **ret_conn)
{
	char all[512];
	const char *keys[] = { "dbname", "options", "application_name", "client_encoding", NULL };
	const char *values[] = { url, all, "lembra", "UTF8", NULL };
	PGconn *conn;
	err_t *err;

	snprintf(all, sizeof all, "%s %s", server_options, options ? options : "");
	conn = PQconnectStartParams(keys, values, 1);
	if (!conn || PQstatus(conn) == CONNECTION_BAD) {
		PQfinish(conn);
		return err_new(ERR_UNAVAILABLE, "database cannot be reached");
	}
	fiber_shield(+1);
	err = connect_poll(conn);
	fiber_shield(-1);
	if (!err && PQsetnonblocking(conn, 1))
		err = err_new(ERR_UNAVAILABLE, "connection cannot be made non-blocking");
	if (err) {
		PQfinish(conn);
		return err;
	}
	*ret_conn = conn;
	return NULL;
}
