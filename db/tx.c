#include "db/tx.h"

#include "core/fiber.h"
#include "core/text.h"
#include "db/db.h"

struct tx {
	struct req *req;
	struct pg_conn *conn;
};

err_t *tx_begin_user(struct req *req, struct tx **ret_tx)
{
	struct tx *tx = MEM_NEW(req->pool, struct tx);
	err_t *err;

	if (req->user_id <= 0)
		return err_new(ERR_DENIED, "transaction for nobody");
	tx->req = req;
	ERR(pg_lease(db_app(), &tx->conn));
	err = pg_conn_defer(tx->conn, req->pool, STMT_TX_BEGIN, PG_ARGS());
	if (!err)
		err = pg_conn_defer(tx->conn, req->pool, STMT_TX_USER,
				    PG_ARGS(PG_INT(req->user_id), PG_INT(req->now), PG_TEXT(req->undo_ref),
					    PG_TEXT(req->trace)));
	if (err) {
		pg_release(tx->conn, false);
		return err;
	}
	++*fiber_open_tx();
	*ret_tx = tx;
	return NULL;
}

err_t *tx_end(struct tx *tx, err_t *err)
{
	struct pg_conn *conn = tx->conn;
	struct rows *rows = NULL;

	if (!conn)
		return err ? err : err_new(ERR_INTERNAL, "transaction ended twice");
	tx->conn = NULL;
	--*fiber_open_tx();
	if (!err)
		err = pg_conn_exec(conn, tx->req->pool, STMT_TX_COMMIT, PG_ARGS(), &rows);
	/* COMMIT of a transaction that failed before answers ROLLBACK, politely. */
	if (!err && !text_same(rows_tag(rows), "COMMIT"))
		err = err_new(ERR_DB, "transaction was rolled back");
	pg_release(conn, !err);
	return err;
}

err_t *tx_exec(struct tx *tx, enum stmt_id id, const struct pg_val *args, struct rows **ret_rows)
{
	return pg_conn_exec(tx->conn, tx->req->pool, id, args, ret_rows);
}

err_t *tx_defer(struct tx *tx, enum stmt_id id, const struct pg_val *args)
{
	return pg_conn_defer(tx->conn, tx->req->pool, id, args);
}

struct req *tx_req(struct tx *tx)
{
	return tx->req;
}
