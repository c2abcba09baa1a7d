/* pg_connect: opens a connection and waits on its socket out of fibers.
 * Needs: libpq, fiber. Used by: pg, pg_listen. */
#ifndef DB_PG_CONNECT_H
#define DB_PG_CONNECT_H

#include "core/err.h"
#include <libpq-fe.h>
#include <stdint.h>
#include <uv.h>

/* Opens one in at most 5 s. Non-blocking, UTF-8, with our timeouts. Not cancellable. */
NODISCARD err_t *pg_connect(const char *url, const char *options, PGconn **ret_conn);

/* A heap uv_poll on the connection's socket; pg_unwatch closes it (before PQfinish). */
uv_poll_t *pg_watch(PGconn *conn, void *data);
void pg_unwatch(uv_poll_t *poll);

#endif
