/* tx: a transaction on one person's data, under row security.
 * Needs: pg, req. Used by: db, integrations/google, tools, cron, bot, features. */
#ifndef DB_TX_H
#define DB_TX_H

#include "core/req.h"
#include "db/pg.h"

struct tx;

/* The only way to a struct tx for a person's data: BEGIN and the person's id, which row security
 * reads. ERR_DENIED when req is nobody's. Rows live in req->pool. End it on every way out:
 *     struct tx *tx;
 *     ERR(tx_begin_user(req, &tx));
 *     return tx_end(tx, body(tx)); */
NODISCARD err_t *tx_begin_user(struct req *req, struct tx **ret_tx);

/* Commits when err is NULL, else rolls back and gives err. A lost answer to COMMIT is an error too:
 * whether it happened is for the replay to find out (turn_steps). */
NODISCARD err_t *tx_end(struct tx *tx, err_t *err);

NODISCARD err_t *tx_exec(struct tx *tx, enum stmt_id id, const struct pg_val *args, struct rows **ret_rows);
/* A statement whose rows nobody needs; it travels with the next tx_exec or tx_end. */
NODISCARD err_t *tx_defer(struct tx *tx, enum stmt_id id, const struct pg_val *args);

struct req *tx_req(struct tx *tx);

#endif
