/* pg_wire: parameters to the wire, results to rows, server errors to err_t.
 * Needs: libpq. Used by: pg, pg_admin. */
#ifndef DB_PG_WIRE_H
#define DB_PG_WIRE_H

#include "db/pg.h"
#include <libpq-fe.h>

enum { PG_PARAMS_MAX = 32 };

struct pg_params {
	int n;
	const char *values[PG_PARAMS_MAX];
	int lengths[PG_PARAMS_MAX];
	int formats[PG_PARAMS_MAX];
};

/* Encodes args after the statement's types, in pool. ERR_INTERNAL when they do not agree. */
NODISCARD err_t *pg_encode(apr_pool_t *pool, const struct stmt *stmt, const struct pg_val *args,
			   struct pg_params *ret);
/* Types to declare when preparing; 0 lets the server infer. */
void pg_oids(const struct stmt *stmt, Oid oids[PG_PARAMS_MAX]);
/* Wraps res, which is cleared with the pool. */
struct rows *rows_new(apr_pool_t *pool, PGresult *res);
/* The error of a failed result, by its SQLSTATE. */
NODISCARD err_t *pg_error(const PGresult *res, const char *what);

#endif
