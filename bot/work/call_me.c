/* me and session_end: who a session's person is, and the session's end. */
#include "bot/work/person_web.h"
#include "db/session.h"

static NODISCARD err_t *me_run(struct tx *tx, struct person_ask *ask)
{
	struct json *body = json_object(ask->pool);
	struct rows *rows;

	ERR(tx_exec(tx, STMT_ME, PG_ARGS(), &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "nobody");
	json_set_int(body, "user_id", rows_int(rows, 0, COL_ME_USER_ID));
	json_set_text(body, "lang", rows_text(rows, 0, COL_ME_LANG));
	json_set_text(body, "zone", rows_text(rows, 0, COL_ME_ZONE));
	json_set_text(body, "role", rows_text(rows, 0, COL_ME_ROLE));
	person_web_json(ask, 200, body);
	return NULL;
}

static NODISCARD err_t *session_end_run(struct tx *tx, struct person_ask *ask)
{
	struct json *body = json_object(ask->pool);

	ERR(session_end(tx, ask->session_id));
	json_set_text(body, "status", "ok");
	person_web_json(ask, 200, body);
	return NULL;
}

const struct person_call calls_me[] = {
	{ "me", me_run },
	{ "session_end", session_end_run },
	{ 0 },
};
