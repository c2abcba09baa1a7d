-- tx: the frame of every transaction on a person's data.

-- STMT_TX_BEGIN ()
BEGIN;

-- STMT_TX_USER (iiss) = done
SELECT tx_user($1, $2, $3, $4) AS done;

-- STMT_TX_COMMIT ()
COMMIT;
