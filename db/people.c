#include "db/people.h"

#include "core/crypt.h"
#include "db/db.h"
#include <string.h>

err_t *people_open(apr_pool_t *pool, const struct person_seen *seen, int64_t now, int64_t *ret_user)
{
	struct rows *rows;

	ERR(db_exec(pool, STMT_PERSON_OPEN,
		    PG_ARGS(PG_INT(seen->login_id), PG_INT(seen->bot_id), PG_TEXT(seen->name),
			    PG_TEXT(seen->username), PG_TEXT(seen->lang), PG_TIME(now)),
		    &rows));
	*ret_user = rows_int(rows, 0, COL_PERSON_OPEN_USER_ID);
	return NULL;
}

err_t *people_pair(apr_pool_t *pool, const char *code, const struct person_seen *seen, int64_t now,
		   int64_t *ret_user)
{
	struct rows *rows;

	ERR(db_exec(pool, STMT_PERSON_PAIR,
		    PG_ARGS(PG_TEXT(crypt_hash_hex(pool, code, strlen(code))), PG_INT(seen->login_id),
			    PG_INT(seen->bot_id), PG_TEXT(seen->name), PG_TEXT(seen->username),
			    PG_TEXT(seen->lang), PG_TIME(now)),
		    &rows));
	*ret_user = rows_int(rows, 0, COL_PERSON_PAIR_USER_ID);
	return NULL;
}

err_t *people_chat(apr_pool_t *pool, const struct person_seen *seen, int64_t now)
{
	return db_exec(pool, STMT_PERSON_CHAT,
		       PG_ARGS(PG_INT(seen->login_id), PG_INT(seen->bot_id), PG_TEXT(seen->name),
			       PG_TEXT(seen->username), PG_TIME(now)),
		       NULL);
}

err_t *people_blocked(apr_pool_t *pool, int64_t bot_id, int64_t login_id)
{
	return db_exec(pool, STMT_PERSON_BLOCKED, PG_ARGS(PG_INT(bot_id), PG_INT(login_id)), NULL);
}

err_t *people_find(apr_pool_t *pool, int64_t login_id, struct directory_entry *ret_entry)
{
	struct rows *rows;

	ERR(db_exec(pool, STMT_DIRECTORY_FIND, PG_ARGS(PG_INT(login_id)), &rows));
	*ret_entry = (struct directory_entry){ 0 };
	if (!rows_count(rows))
		return NULL;
	ret_entry->user_id = rows_int(rows, 0, COL_DIRECTORY_FIND_USER_ID);
	ret_entry->role = rows_text(rows, 0, COL_DIRECTORY_FIND_ROLE);
	ret_entry->lang = rows_text(rows, 0, COL_DIRECTORY_FIND_LANG);
	ret_entry->zone = rows_text(rows, 0, COL_DIRECTORY_FIND_ZONE);
	return NULL;
}

err_t *people_group_first(apr_pool_t *pool, int64_t bot_id, int64_t chat_id, int64_t now, bool *ret_first)
{
	struct rows *rows;

	ERR(db_exec(pool, STMT_GROUP_NOTICE, PG_ARGS(PG_INT(bot_id), PG_INT(chat_id), PG_TIME(now)), &rows));
	*ret_first = rows_count(rows) == 1;
	return NULL;
}
