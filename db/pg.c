#include "db/pg.h"

#include "core/clock.h"
#include "core/fault.h"
#include "core/fiber.h"
#include "core/metrics.h"
#include "db/pg_connect.h"
#include "db/pg_wire.h"
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
	ITEMS_MAX = 64, /* statements queued up to one Sync */
	LEASE_WAIT_MS = 10000,
	REPLY_WAIT_MS = 40000, /* over the server's own statement_timeout */
	ITEM_PREPARE = 0x8000, /* an item is a statement id, or'ed with this when it prepares */
	ITEM_PLAIN = 0x7fff,   /* not a named statement: the ROLLBACK of a release */
};

/* Everything up to one Sync. On the heap, because it outlives a fiber that was cancelled. */
struct unit {
	struct unit *next;
	struct fiber *fiber;
	PGresult *last, *failed;
	int items_n, at, failed_item;
	bool done, lost, abandoned, releases, got;
	uint16_t items[ITEMS_MAX];
};

struct pg_conn {
	struct pg_pool *pool;
	PGconn *c; /* NULL: closed */
	uv_poll_t *poll;
	struct unit *head, **tail; /* sent, waiting for results, in order */
	struct unit *open;         /* being filled */
	int depth;
	bool opening, leased, writing;
	uint8_t prepared[(STMT_COUNT + 7) / 8];
};

struct waiter {
	struct waiter *next, **link;
	struct fiber *fiber;
	bool woken;
};

struct pg_pool {
	char *url, *options;
	int size, depth;
	struct waiter *wait, **wait_end;
	struct pg_conn conns[];
};

static void on_io(uv_poll_t *poll, int status, int events);

static bool is_prepared(const struct pg_conn *conn, int id)
{
	return conn->prepared[id / 8] & (1 << (id % 8));
}

static void set_prepared(struct pg_conn *conn, int id, bool on)
{
	if (on)
		conn->prepared[id / 8] |= (uint8_t)(1 << (id % 8));
	else
		conn->prepared[id / 8] &= (uint8_t) ~(1 << (id % 8));
}

static void wake_waiter(struct pg_pool *pool)
{
	struct waiter *w = pool->wait;

	while (w && w->woken)
		w = w->next;
	if (w) {
		w->woken = true;
		fiber_wake(w->fiber);
	}
}

static void unit_free(struct unit *unit)
{
	PQclear(unit->last);
	PQclear(unit->failed);
	free(unit);
}

static void conn_free(struct pg_conn *conn)
{
	conn->leased = false;
	wake_waiter(conn->pool);
}

static void unit_done(struct pg_conn *conn, struct unit *unit)
{
	bool releases = unit->releases;

	unit->done = true;
	if (unit->abandoned)
		unit_free(unit);
	else
		fiber_wake(unit->fiber);
	if (releases)
		conn_free(conn);
}

/* Closes the connection; whoever waits on it hears that it was lost. It reopens when next taken. */
static void conn_fail(struct pg_conn *conn)
{
	struct unit *unit = conn->head, *next;

	if (!conn->c)
		return;
	pg_unwatch(conn->poll);
	conn->poll = NULL;
	PQfinish(conn->c);
	conn->c = NULL;
	conn->writing = false;
	memset(conn->prepared, 0, sizeof conn->prepared);
	conn->head = NULL;
	conn->tail = &conn->head;
	conn->depth = 0;
	for (; unit; unit = next) {
		next = unit->next;
		unit->lost = true;
		unit_done(conn, unit);
	}
	wake_waiter(conn->pool);
}

static void conn_flush(struct pg_conn *conn)
{
	int left = PQflush(conn->c);

	if (left < 0) {
		conn_fail(conn);
		return;
	}
	if ((left == 1) != conn->writing) {
		conn->writing = left == 1;
		uv_poll_start(conn->poll, UV_READABLE | (conn->writing ? UV_WRITABLE : 0), on_io);
	}
}

static void item_result(struct pg_conn *conn, struct unit *unit, PGresult *res)
{
	ExecStatusType status = PQresultStatus(res);
	bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
	int item = unit->at < unit->items_n ? unit->items[unit->at] : ITEM_PLAIN;

	unit->got = true;
	if ((item & ITEM_PREPARE) && !ok)
		set_prepared(conn, item & ~ITEM_PREPARE, false);
	if (!ok && !unit->failed && status != PGRES_PIPELINE_ABORTED) {
		unit->failed = res;
		unit->failed_item = item & ~ITEM_PREPARE;
		return;
	}
	PQclear(unit->last);
	unit->last = res;
}

static void conn_read(struct pg_conn *conn)
{
	int nulls = 0;

	while (conn->head && !PQisBusy(conn->c) && nulls < 2) {
		struct unit *unit = conn->head;
		PGresult *res = PQgetResult(conn->c);

		if (!res) {
			nulls++;
			unit->at += unit->got; /* a NULL ends an item */
			unit->got = false;
			continue;
		}
		nulls = 0;
		if (PQresultStatus(res) != PGRES_PIPELINE_SYNC) {
			item_result(conn, unit, res);
			continue;
		}
		PQclear(res);
		if (!(conn->head = unit->next))
			conn->tail = &conn->head;
		conn->depth--;
		unit_done(conn, unit);
		if (conn->pool->depth)
			wake_waiter(conn->pool);
	}
}

static void on_io(uv_poll_t *poll, int status, int events)
{
	struct pg_conn *conn = poll->data;

	if (status < 0) {
		conn_fail(conn);
		return;
	}
	if (events & UV_WRITABLE)
		conn_flush(conn);
	if (!conn->c || !(events & UV_READABLE))
		return;
	if (PQconsumeInput(conn->c))
		conn_read(conn);
	/* What was read before the loss is still good; then the loss shows. */
	if (conn->c && PQstatus(conn->c) == CONNECTION_BAD)
		conn_fail(conn);
}

static NODISCARD err_t *conn_open(struct pg_conn *conn)
{
	err_t *err;

	conn->opening = true;
	err = pg_connect(conn->pool->url, conn->pool->options, &conn->c);
	conn->opening = false;
	if (!err && !PQenterPipelineMode(conn->c))
		err = err_new(ERR_UNAVAILABLE, "pipeline mode refused");
	if (!err && !(conn->poll = pg_watch(conn->c, conn)))
		err = err_new(ERR_UNAVAILABLE, "no socket to watch");
	if (err) {
		PQfinish(conn->c);
		conn->c = NULL;
		wake_waiter(conn->pool);
		return err;
	}
	uv_poll_start(conn->poll, UV_READABLE, on_io);
	return NULL;
}

/* A shared connection with room, an open idle leased one, or one to be opened; NULL when all are taken. */
static struct pg_conn *pick(struct pg_pool *pool)
{
	struct pg_conn *best = NULL, *closed = NULL;

	for (int i = 0; i < pool->size; i++) {
		struct pg_conn *conn = &pool->conns[i];

		if (conn->opening || conn->leased)
			continue;
		if (!conn->c)
			closed = closed ? closed : conn;
		else if (!pool->depth)
			return conn;
		else if (conn->depth < pool->depth && (!best || conn->depth < best->depth))
			best = conn;
	}
	return best && (!closed || best->depth < 2) ? best : closed ? closed : best;
}

static void waiter_add(struct pg_pool *pool, struct waiter *w)
{
	w->next = NULL;
	w->link = pool->wait_end;
	*pool->wait_end = w;
	pool->wait_end = &w->next;
}

static void waiter_remove(struct pg_pool *pool, struct waiter *w)
{
	*w->link = w->next;
	if (w->next)
		w->next->link = w->link;
	else
		pool->wait_end = w->link;
}

static NODISCARD err_t *wait_for_conn(struct pg_pool *pool, struct pg_conn **ret_conn)
{
	struct waiter w = { .fiber = fiber_self() };
	int64_t start = clock_mono_us(), deadline = start / 1000 + LEASE_WAIT_MS;
	err_t *err = NULL;

	waiter_add(pool, &w);
	while (!err && !(w.woken && (*ret_conn = pick(pool)))) {
		w.woken = false;
		err = fiber_wait(deadline);
	}
	waiter_remove(pool, &w);
	if (err) {
		if (w.woken)
			wake_waiter(pool); /* the place that we were woken for goes to the next */
		return err_wrap(err, "no database connection");
	}
	if (pool->depth)
		wake_waiter(pool); /* there may be room for one more */
	metric_observe(METRIC_DB_POOL_WAIT, NULL, NULL, NULL, (double)(clock_mono_us() - start) / 1e6);
	return NULL;
}

static NODISCARD err_t *take(struct pg_pool *pool, struct pg_conn **ret_conn)
{
	struct pg_conn *conn = pool->wait ? NULL : pick(pool);

	if (!conn)
		ERR(wait_for_conn(pool, &conn));
	if (!conn)
		return err_new(ERR_INTERNAL, "waited for a connection and got none");
	if (!pool->depth)
		conn->leased = true;
	if (!conn->c) {
		err_t *err = conn_open(conn);

		if (err) {
			if (!pool->depth)
				conn_free(conn);
			return err;
		}
	}
	*ret_conn = conn;
	return NULL;
}

static struct unit *unit_open(struct pg_conn *conn)
{
	if (!conn->open && !(conn->open = calloc(1, sizeof *conn->open)))
		abort();
	return conn->open;
}

static NODISCARD err_t *unit_add(struct pg_conn *conn, apr_pool_t *pool, enum stmt_id id,
				 const struct pg_val *args)
{
	const struct stmt *stmt = &stmts[id];
	struct unit *unit = unit_open(conn);
	struct pg_params params;
	int ok = 1;

	if (!conn->c)
		return err_new(ERR_UNAVAILABLE, "\"%s\": connection lost", stmt->name);
	if (unit->items_n + 2 > ITEMS_MAX)
		return err_new(ERR_INTERNAL, "\"%s\": too many statements before a sync", stmt->name);
	ERR(pg_encode(pool, stmt, args, &params));
	if (!is_prepared(conn, id)) {
		Oid oids[PG_PARAMS_MAX];

		pg_oids(stmt, oids);
		ok = PQsendPrepare(conn->c, stmt->name, stmt->sql, params.n, oids);
		if (ok) {
			set_prepared(conn, id, true);
			unit->items[unit->items_n++] = (uint16_t)(id | ITEM_PREPARE);
		}
	}
	if (ok && PQsendQueryPrepared(conn->c, stmt->name, params.n, params.values, params.lengths,
				      params.formats, 0)) {
		unit->items[unit->items_n++] = (uint16_t)id;
		return NULL;
	}
	conn_fail(conn);
	return err_new(ERR_UNAVAILABLE, "\"%s\": connection lost", stmt->name);
}

/* Closes the open unit and hands it over; NULL when the connection is gone (the unit is freed). */
static struct unit *unit_send(struct pg_conn *conn)
{
	struct unit *unit = unit_open(conn);

	conn->open = NULL;
	if (!conn->c || !PQpipelineSync(conn->c)) {
		unit_free(unit);
		conn_fail(conn);
		return NULL;
	}
	unit->fiber = fiber_self();
	*conn->tail = unit;
	conn->tail = &unit->next;
	conn->depth++;
	return unit;
}

static NODISCARD err_t *unit_result(apr_pool_t *pool, struct unit *unit, struct rows **ret_rows)
{
	int item = unit->failed_item;

	if (unit->failed)
		return pg_error(unit->failed, item < STMT_COUNT ? stmts[item].name : "statement");
	if (unit->lost)
		return err_new(ERR_UNAVAILABLE, "connection lost");
	if (ret_rows) {
		*ret_rows = rows_new(pool, unit->last);
		unit->last = NULL;
	}
	return NULL;
}

static NODISCARD err_t *unit_finish(struct pg_conn *conn, apr_pool_t *pool, struct rows **ret_rows)
{
	struct unit *unit = unit_send(conn);
	int64_t deadline = clock_mono_ms() + REPLY_WAIT_MS;
	err_t *err = NULL;

	if (!unit)
		return err_new(ERR_UNAVAILABLE, "connection lost");
	conn_flush(conn);
	if (conn->c && fault_hit(FAULT_SQL_LOST))
		shutdown(PQsocket(conn->c), SHUT_RDWR);
	while (!unit->done && !err)
		err = fiber_wait(deadline);
	if (err && !unit->done) {
		unit->abandoned = true; /* its results are dropped when they come */
		if (err->code == ERR_TIMEOUT)
			conn_fail(conn);
		return err;
	}
	err_clear(err);
	err = unit_result(pool, unit, ret_rows);
	unit_free(unit);
	return err;
}

struct pg_pool *pg_pool_new(const char *url, const char *options, int size, int depth)
{
	struct pg_pool *pool = calloc(1, sizeof *pool + (size_t)size * sizeof *pool->conns);

	if (!pool)
		abort();
	pool->url = strdup(url);
	pool->options = options ? strdup(options) : NULL;
	pool->size = size;
	pool->depth = depth;
	pool->wait_end = &pool->wait;
	for (int i = 0; i < size; i++) {
		pool->conns[i].pool = pool;
		pool->conns[i].tail = &pool->conns[i].head;
	}
	return pool;
}

void pg_pool_close(struct pg_pool *pool)
{
	if (!pool)
		return;
	for (int i = 0; i < pool->size; i++) {
		conn_fail(&pool->conns[i]);
		if (pool->conns[i].open)
			unit_free(pool->conns[i].open);
	}
	free(pool->url);
	free(pool->options);
	free(pool);
}

err_t *pg_exec(struct pg_pool *pg, apr_pool_t *pool, enum stmt_id id, const struct pg_val *args,
	       struct rows **ret_rows)
{
	struct pg_conn *conn;
	err_t *err;

	if (fault_hit(FAULT_SQL))
		return err_new(ERR_DB_RETRY, "\"%s\": injected", stmts[id].name);
	ERR(take(pg, &conn));
	err = unit_add(conn, pool, id, args);
	if (err) {
		if (conn->open)
			unit_free(conn->open);
		conn->open = NULL;
		return err;
	}
	return unit_finish(conn, pool, ret_rows);
}

err_t *pg_lease(struct pg_pool *pg, struct pg_conn **ret_conn)
{
	return take(pg, ret_conn);
}

err_t *pg_conn_defer(struct pg_conn *conn, apr_pool_t *pool, enum stmt_id id, const struct pg_val *args)
{
	return unit_add(conn, pool, id, args);
}

err_t *pg_conn_exec(struct pg_conn *conn, apr_pool_t *pool, enum stmt_id id, const struct pg_val *args,
		    struct rows **ret_rows)
{
	if (fault_hit(FAULT_SQL))
		return err_new(ERR_DB_RETRY, "\"%s\": injected", stmts[id].name);
	ERR(unit_add(conn, pool, id, args));
	return unit_finish(conn, pool, ret_rows);
}

/* Sends the open unit with nobody waiting; true when it is on its way. */
static bool unit_abandon(struct pg_conn *conn)
{
	struct unit *unit = unit_send(conn);

	if (unit)
		unit->abandoned = true;
	return unit;
}

static bool send_rollback(struct pg_conn *conn)
{
	struct unit *unit;

	/* Statements that were queued get a Sync of their own, or a failed one would abort the ROLLBACK too. */
	if (!conn->c || (conn->open && !unit_abandon(conn)))
		return false;
	unit = unit_open(conn);
	if (!PQsendQueryParams(conn->c, "ROLLBACK", 0, NULL, NULL, NULL, NULL, 0))
		return false;
	unit->items[unit->items_n++] = ITEM_PLAIN;
	unit->releases = true;
	return unit_abandon(conn);
}

void pg_release(struct pg_conn *conn, bool clean)
{
	if (clean && conn->c && !conn->open && !conn->head) {
		conn_free(conn);
	} else if (send_rollback(conn)) {
		conn_flush(conn);
	} else {
		conn_fail(conn);
		if (conn->open)
			unit_free(conn->open);
		conn->open = NULL;
		conn_free(conn);
	}
}

bool pg_pool_idle(const struct pg_pool *pg)
{
	for (int i = 0; i < pg->size; i++) {
		const struct pg_conn *conn = &pg->conns[i];

		if (conn->leased || conn->head || conn->open)
			return false;
		if (conn->c && PQtransactionStatus(conn->c) != PQTRANS_IDLE)
			return false;
	}
	return true;
}
