/* pg: PostgreSQL out of fibers: pools of pipelined connections, named statements, rows.
 * Needs: libpq (this is its only door, with pg_admin), fiber. Used by: db, look_back, context.
 *
 * Two kinds of pool. A shared pool takes single statements from many fibers, several deep on each
 * connection, each its own implicit transaction up to its Sync. A leased pool gives one fiber one
 * connection for BEGIN ... COMMIT. Connections open when first needed and reopen after a loss. */
#ifndef DB_PG_H
#define DB_PG_H

#include "core/mem.h"
#include "stmts.h"
#include <stdint.h>

/* From the .sql files. types: one letter a parameter: i int8, s text (the server infers the type),
 * b bool, d float8, x bytea, t timestamptz; I int8[], S text[], X bytea[], T timestamptz[].
 * columns: the names of the rows' columns, separated by spaces; each is a constant COL_NAME_COLUMN. */
struct stmt {
	const char *name, *types, *columns, *sql;
};
extern const struct stmt stmts[];

struct bytes {
	const void *p;
	size_t n;
};

struct pg_val {
	char type; /* a letter of struct stmt.types */
	bool null;
	size_t n; /* of arrays and bytes */
	union {
		int64_t i;
		double d;
		const void *p;
	} v;
};
#define PG_INT(x) ((struct pg_val){ .type = 'i', .v.i = (x) })
#define PG_INT_NULL ((struct pg_val){ .type = 'i', .null = true })
#define PG_BOOL(x) ((struct pg_val){ .type = 'b', .v.i = (x) })
#define PG_DOUBLE(x) ((struct pg_val){ .type = 'd', .v.d = (x) })
#define PG_TEXT(x) pg_text_(x) /* NULL is SQL NULL */
#define PG_BYTES(ptr, len) ((struct pg_val){ .type = 'x', .n = (len), .v.p = (ptr) })
#define PG_TIME(us) ((struct pg_val){ .type = 't', .v.i = (us) })
#define PG_TIME_NULL ((struct pg_val){ .type = 't', .null = true })
#define PG_INTS(ptr, len) ((struct pg_val){ .type = 'I', .n = (len), .v.p = (ptr) })  /* const int64_t * */
#define PG_TIMES(ptr, len) ((struct pg_val){ .type = 'T', .n = (len), .v.p = (ptr) }) /* const int64_t * */
#define PG_TEXTS(ptr, len) \
	((struct pg_val){ .type = 'S', .n = (len), .v.p = (ptr) }) /* const char *const *, NULL allowed */
#define PG_BLOBS(ptr, len) \
	((struct pg_val){ .type = 'X', .n = (len), .v.p = (ptr) }) /* const struct bytes *, NULL p = NULL */
struct pg_val pg_text_(const char *s);
#define PG_ARGS(...) ((const struct pg_val[]){ __VA_ARGS__ __VA_OPT__(, ){ 0 } })

/* A result, in the pool it was asked in. col is one of the statement's COL_ constants. */
struct rows;
int rows_count(const struct rows *rows);
const char *rows_tag(const struct rows *rows); /* "COMMIT", "INSERT 0 1" ... */
bool rows_null(const struct rows *rows, int row, int col);
/* Valid as long as rows; "" for NULL (see rows_text_or_null). */
const char *rows_text(const struct rows *rows, int row, int col);
const char *rows_text_or_null(const struct rows *rows, int row, int col);
int64_t rows_int(const struct rows *rows, int row, int col); /* 0 for NULL */
double rows_double(const struct rows *rows, int row, int col);
bool rows_bool(const struct rows *rows, int row, int col);
/* A bytea column, decoded into pool; p is NUL-terminated past n. */
struct bytes rows_bytes(apr_pool_t *pool, const struct rows *rows, int row, int col);

struct pg_pool;
struct pg_conn;

/* url: a libpq URL or conninfo with a socket directory or an address (a name would block while it
 * resolves). options: for the server's start ("-c synchronous_commit=off"), or NULL. depth: statements in flight on one connection; 0 makes a leased pool. */
struct pg_pool *pg_pool_new(const char *url, const char *options, int size, int depth);
void pg_pool_close(struct pg_pool *pool);

/* One statement on a shared pool. ret_rows may be NULL. */
NODISCARD err_t *pg_exec(struct pg_pool *pg, apr_pool_t *pool, enum stmt_id id, const struct pg_val *args,
			 struct rows **ret_rows);

/* Leased connections. Waits for a free one at most 10 s (ERR_UNAVAILABLE). */
NODISCARD err_t *pg_lease(struct pg_pool *pg, struct pg_conn **ret_conn);
/* Queues a statement whose rows nobody needs; its error comes out of the next pg_conn_exec. */
NODISCARD err_t *pg_conn_defer(struct pg_conn *conn, apr_pool_t *pool, enum stmt_id id,
			       const struct pg_val *args);
/* Queues a statement, sends all that is queued, waits, and gives this one's rows. */
NODISCARD err_t *pg_conn_exec(struct pg_conn *conn, apr_pool_t *pool, enum stmt_id id,
			      const struct pg_val *args, struct rows **ret_rows);
/* Gives it back. clean = false: whatever is under way is drained and rolled back first, without the caller. */
void pg_release(struct pg_conn *conn, bool clean);

/* Longest wait for a connection goes to db_pool_wait_seconds. Details of server messages may hold
 * content and are left out of errors unless this is set (ENV=test, development). */
void pg_verbose_errors(bool on);

/* For tests: connections alive, and whether every one of them is idle and outside a transaction. */
bool pg_pool_idle(const struct pg_pool *pg);

#endif
