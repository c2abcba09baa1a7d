#include "db/pg_listen.h"

#include "core/clock.h"
#include "core/fiber.h"
#include "core/log.h"
#include "db/pg_connect.h"
#include <stdio.h>
#include <stdlib.h>

enum { RETRY_MS = 1000, LISTENERS_MAX = 4, SETUP_MS = 10000 };

struct listener {
	struct pg_listen_opts opts;
	PGconn *conn;
	uv_poll_t *poll;
	struct fiber *fiber;
	bool ready;
	bool served; /* it was up since the last loss */
};

static struct listener *all[LISTENERS_MAX];
static int all_n;
static bool stopping;

static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct listener *l = poll->data;

	(void)status;
	(void)events;
	l->ready = true;
	uv_poll_stop(poll);
	fiber_wake(l->fiber);
}

static NODISCARD err_t *wait_readable(struct listener *l, int64_t deadline)
{
	err_t *err = NULL;

	l->ready = false;
	uv_poll_start(l->poll, UV_READABLE, on_readable);
	while (!l->ready && !stopping && !err)
		err = fiber_wait(deadline);
	if (stopping && !err)
		err = err_new(ERR_CANCELLED, "stopping");
	if (!err && !PQconsumeInput(l->conn))
		err = err_new(ERR_UNAVAILABLE, "listening connection lost");
	return err;
}

static NODISCARD err_t *run(struct listener *l, const char *sql)
{
	int64_t deadline = clock_mono_ms() + SETUP_MS;
	PGresult *res;
	bool ok = true;

	if (!PQsendQuery(l->conn, sql) || PQflush(l->conn))
		return err_new(ERR_UNAVAILABLE, "listening connection lost");
	for (;;) {
		while (PQisBusy(l->conn))
			ERR(wait_readable(l, deadline));
		res = PQgetResult(l->conn);
		if (!res)
			return ok ? NULL : err_new(ERR_UNAVAILABLE, "listening refused");
		ok = ok &&
		     (PQresultStatus(res) == PGRES_COMMAND_OK || PQresultStatus(res) == PGRES_TUPLES_OK);
		PQclear(res);
	}
}

static NODISCARD err_t *set_up(struct listener *l)
{
	char sql[160];

	ERR(pg_connect(l->opts.url, "-c statement_timeout=0", &l->conn));
	l->poll = pg_watch(l->conn, l);
	if (!l->poll)
		return err_new(ERR_UNAVAILABLE, "no socket to watch");
	for (const char *const *c = l->opts.channels; *c; c++) {
		snprintf(sql, sizeof sql, "LISTEN %s", *c);
		ERR(run(l, sql));
	}
	if (l->opts.lock_id) {
		snprintf(sql, sizeof sql, "SELECT pg_advisory_lock(%d, %d)", l->opts.lock_class,
			 l->opts.lock_id);
		ERR(run(l, sql));
	}
	return NULL;
}

static NODISCARD err_t *serve(struct listener *l)
{
	PGnotify *note;

	ERR(set_up(l));
	l->served = true;
	l->opts.on_notify(l->opts.ctx, NULL, "");
	for (;;) {
		while ((note = PQnotifies(l->conn))) {
			l->opts.on_notify(l->opts.ctx, note->relname, note->extra);
			PQfreemem(note);
		}
		ERR(wait_readable(l, 0));
	}
}

static void close_conn(struct listener *l)
{
	pg_unwatch(l->poll);
	PQfinish(l->conn);
	l->poll = NULL;
	l->conn = NULL;
}

static void listener_main(void *arg)
{
	struct listener *l = arg;

	l->fiber = fiber_self();
	while (!stopping) {
		err_t *err = serve(l);

		close_conn(l);
		if (stopping) {
			err_clear(err);
			break;
		}
		log_error("listen_lost", err);
		/* The first try at once: meanwhile our leases look like a dead worker's. */
		if (!l->served)
			err_clear(fiber_sleep(RETRY_MS));
		l->served = false;
	}
	l->fiber = NULL;
}

void pg_listen(const struct pg_listen_opts *opts)
{
	struct listener *l = calloc(1, sizeof *l);

	if (!l || all_n == LISTENERS_MAX)
		abort();
	stopping = false;
	l->opts = *opts;
	all[all_n++] = l;
	fiber_go("listen", listener_main, l);
}

void pg_listen_stop(void)
{
	stopping = true;
	for (int i = 0; i < all_n; i++) {
		close_conn(all[i]);
		fiber_wake(all[i]->fiber);
	}
	all_n = 0; /* each struct stays for its fiber, which may still look at it */
}
