#include "db/people_admin.h"

#include "core/cache.h"
#include "core/crypt.h"
#include "db/db.h"
#include "db/rate.h"
#include <string.h>

#define RECEIPT_BYTES 16

/* One row of the list. */
static void person_read(const struct rows *rows, int i, struct person *p)
{
	*p = (struct person){
		.user_id = rows_int(rows, i, COL_PERSON_LIST_USER_ID),
		.role = role_of(rows_text(rows, i, COL_PERSON_LIST_ROLE)),
		.lang = rows_text(rows, i, COL_PERSON_LIST_LANG),
		.zone = rows_text(rows, i, COL_PERSON_LIST_ZONE),
		.created_at = rows_int(rows, i, COL_PERSON_LIST_CREATED_AT),
		.logins = rows_text(rows, i, COL_PERSON_LIST_LOGINS),
		.blocked = rows_bool(rows, i, COL_PERSON_LIST_BLOCKED),
	};
}

err_t *people_invite(apr_pool_t *pool, enum role role, int64_t now, int64_t life_us, const char **ret_code)
{
	const char *code = crypt_code(pool), *canon = crypt_code_canon(pool, code);
	const char *kind = role == ROLE_OWNER ? "owner" : "invite";

	if (role == ROLE_NONE)
		return err_new(ERR_INVALID, "an invitation needs a role");
	ERR(db_exec(pool, STMT_CODE_PUT,
		    PG_ARGS(PG_TEXT(crypt_hash_hex(pool, canon, strlen(canon))), PG_TEXT(kind),
			    PG_TEXT(role_name(role)), PG_TIME(now), PG_TIME(now + life_us)),
		    NULL));
	*ret_code = code;
	return NULL;
}

err_t *people_owner_missing(apr_pool_t *pool, bool *ret_missing)
{
	struct rows *rows;

	ERR(db_exec(pool, STMT_OWNER_MISSING, PG_ARGS(), &rows));
	*ret_missing = rows_bool(rows, 0, COL_OWNER_MISSING_MISSING);
	return NULL;
}

err_t *people_list(apr_pool_t *pool, size_t *ret_n, struct person **ret_people)
{
	struct rows *rows;

	ERR(db_exec(pool, STMT_PERSON_LIST, PG_ARGS(), &rows));

	struct person *people = mem_alloc(pool, (size_t)rows_count(rows) * sizeof(*people));
	for (int i = 0; i < rows_count(rows); i++)
		person_read(rows, i, &people[i]);
	*ret_n = (size_t)rows_count(rows);
	*ret_people = people;
	return NULL;
}

/* What the cache holds of a person: their own keys, and counts under their ids. */
static void uncache(apr_pool_t *pool, int64_t user_id, const struct rows *logins)
{
	cache_drop_prefix(mem_fmt(pool, "user:%lld:", (long long)user_id));
	rate_forget(pool, user_id);
	for (int i = 0; i < rows_count(logins); i++)
		rate_forget(pool, rows_int(logins, i, COL_PERSON_LOGINS_LOGIN_ID));
}

const char *people_receipt(apr_pool_t *pool)
{
	return crypt_random_hex(pool, 16);
}

err_t *people_leave(struct req *req, const char *receipt, const char *goodbye, int64_t *ret_rows)
{
	struct rows *rows, *logins;

	ERR(db_exec(req->pool, STMT_PERSON_LOGINS, PG_ARGS(PG_INT(req->user_id)), &logins));
	ERR(db_exec(req->pool, STMT_PERSON_LEAVE,
		    PG_ARGS(PG_INT(req->user_id), PG_TEXT(receipt), PG_TIME(req->now), PG_INT(req->bot_id),
			    PG_INT(req->chat_id), PG_TEXT(goodbye), PG_TEXT(req->trace)),
		    &rows));
	uncache(req->pool, req->user_id, logins);
	*ret_rows = rows_int(rows, 0, COL_PERSON_LEAVE_ERASED);
	return NULL;
}

err_t *people_remove(apr_pool_t *pool, int64_t user_id, int64_t now, const char **ret_receipt,
		     int64_t *ret_rows)
{
	const char *receipt = crypt_random_hex(pool, RECEIPT_BYTES);
	struct rows *rows, *logins;

	ERR(db_exec(pool, STMT_PERSON_LOGINS, PG_ARGS(PG_INT(user_id)), &logins));
	ERR(db_exec(pool, STMT_PERSON_REMOVE, PG_ARGS(PG_INT(user_id), PG_TEXT(receipt), PG_TIME(now)),
		    &rows));
	uncache(pool, user_id, logins);
	*ret_rows = rows_int(rows, 0, COL_PERSON_REMOVE_ERASED);
	*ret_receipt = receipt;
	return NULL;
}

err_t *people_set_role(apr_pool_t *pool, int64_t user_id, enum role role, int64_t now)
{
	if (role == ROLE_NONE)
		return err_new(ERR_INVALID, "no such role");
	return db_exec(pool, STMT_PERSON_ROLE,
		       PG_ARGS(PG_INT(user_id), PG_TEXT(role_name(role)), PG_TIME(now)), NULL);
}

err_t *people_ready(apr_pool_t *pool)
{
	return db_exec(pool, STMT_READY, PG_ARGS(), NULL);
}
