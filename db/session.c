#include "db/session.h"

#include "core/crypt.h"
#include "db/db.h"

err_t *session_new(struct tx *tx, int64_t life_s, const char **ret_token)
{
	const char *token = crypt_random_hex(tx_req(tx)->pool, SESSION_TOKEN / 2);
	struct rows *rows;

	ERR(tx_exec(tx, STMT_SESSION_NEW, PG_ARGS(PG_TEXT(token), PG_INT(life_s)), &rows));
	*ret_token = token;
	return NULL;
}

err_t *session_consent(struct tx *tx, int64_t life_s, const char *token, const char **ret_token,
		       int64_t *ret_id)
{
	const char *fresh = crypt_random_hex(tx_req(tx)->pool, SESSION_TOKEN / 2);
	struct rows *rows;

	*ret_token = token && strlen(token) == SESSION_TOKEN ? token : fresh;
	ERR(tx_exec(tx, STMT_SESSION_CONSENT, PG_ARGS(PG_TEXT(*ret_token), PG_INT(life_s)), &rows));
	if (!rows_count(rows)) {
		*ret_token = fresh;
		ERR(tx_exec(tx, STMT_SESSION_CONSENT, PG_ARGS(PG_TEXT(fresh), PG_INT(life_s)), &rows));
	}
	*ret_id = rows_int(rows, 0, COL_SESSION_CONSENT_ID);
	return NULL;
}

err_t *session_end(struct tx *tx, int64_t session_id)
{
	return tx_defer(tx, STMT_SESSION_END, PG_ARGS(PG_INT(session_id)));
}

err_t *session_find(apr_pool_t *pool, const char *token, struct session_person *ret_person)
{
	struct rows *rows;

	ERR(db_exec(pool, STMT_SESSION_FIND, PG_ARGS(PG_TEXT(token)), &rows));
	*ret_person = (struct session_person){ 0 };
	if (!rows_count(rows))
		return NULL;
	ret_person->user_id = rows_int(rows, 0, COL_SESSION_FIND_USER_ID);
	ret_person->role = rows_text(rows, 0, COL_SESSION_FIND_ROLE);
	ret_person->lang = rows_text(rows, 0, COL_SESSION_FIND_LANG);
	ret_person->zone = rows_text(rows, 0, COL_SESSION_FIND_ZONE);
	return NULL;
}
