#include "tools/pending.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/text.h"
#include <string.h>

static const int64_t life_us = 30 * MINUTE_US, question_us = 10 * MINUTE_US;

static const char *hash_of(apr_pool_t *pool, const char *tool, const char *args)
{
	const char *both = mem_fmt(pool, "%s\n%s", tool, args);

	return crypt_hash_hex(pool, both, strlen(both));
}

/* kind: act, question, words or erase; see the migration. */
static NODISCARD err_t *put(struct tx *tx, const char *kind, const char *id, const char *tool,
			    struct json *args, const char *no_tool, struct json *no_args, const char *wants)
{
	struct req *req = tx_req(tx);
	const char *text = json_write(req->pool, args);

	return tx_defer(tx, STMT_PENDING_PUT,
			PG_ARGS(PG_TEXT(id), PG_INT(req->bot_id), PG_INT(req->chat_id), PG_TEXT(tool),
				PG_TEXT(text), PG_TEXT(hash_of(req->pool, tool ? tool : "", text)),
				PG_TEXT(no_tool), PG_TEXT(no_args ? json_write(req->pool, no_args) : NULL),
				PG_TIME(req->now + (text_same(kind, "act") ? life_us : question_us)),
				PG_TEXT(wants), PG_TEXT(kind)));
}

err_t *pending_put(struct tx *tx, const char *tool, struct json *args, const char *no_tool,
		   struct json *no_args, const char **ret_id)
{
	*ret_id = crypt_random_hex(tx_req(tx)->pool, 16);
	return put(tx, "act", *ret_id, tool, args, no_tool, no_args, NULL);
}

err_t *pending_question(struct tx *tx, const char *tool, struct json *args, const char *wants)
{
	return put(tx, "question", crypt_random_hex(tx_req(tx)->pool, 16), tool, args, NULL, NULL, wants);
}

err_t *pending_words(struct tx *tx, const char *tool, struct json *args, const char *wants)
{
	return put(tx, "words", crypt_random_hex(tx_req(tx)->pool, 16), tool, args, NULL, NULL, wants);
}

err_t *pending_erase(struct tx *tx)
{
	apr_pool_t *pool = tx_req(tx)->pool;

	return put(tx, "erase", crypt_random_hex(pool, 16), NULL, json_object(pool), NULL, NULL, NULL);
}

/* The latest that words answer, of one of these kinds; NULL: none. */
static NODISCARD err_t *asked(struct tx *tx, const char *kinds, struct rows **ret_rows)
{
	struct req *req = tx_req(tx);
	struct rows *rows;

	*ret_rows = NULL;
	ERR(tx_exec(tx, STMT_PENDING_ASKED, PG_ARGS(PG_INT(req->bot_id), PG_INT(req->chat_id)), &rows));
	if (rows_count(rows) && text_has_word(kinds, rows_text(rows, 0, COL_PENDING_ASKED_KIND)))
		*ret_rows = rows;
	return NULL;
}

err_t *pending_erase_asked(struct tx *tx, bool *ret_asked)
{
	struct rows *rows;

	ERR(asked(tx, "erase", &rows));
	*ret_asked = rows != NULL;
	return NULL;
}

err_t *pending_asked(struct tx *tx, const char **ret_id, const char **ret_wants, bool *ret_words,
		     struct pending *ret)
{
	struct req *req = tx_req(tx);
	struct rows *rows;

	ERR(asked(tx, "question words", &rows));
	*ret_id = NULL;
	if (!rows)
		return NULL;
	*ret_wants = rows_text(rows, 0, COL_PENDING_ASKED_WANTS);
	*ret_words = text_same(rows_text(rows, 0, COL_PENDING_ASKED_KIND), "words");
	ret->tool = rows_text(rows, 0, COL_PENDING_ASKED_TOOL);
	ret->hash = rows_text(rows, 0, COL_PENDING_ASKED_HASH);
	ERR(json_read(req->pool, rows_text(rows, 0, COL_PENDING_ASKED_ARGS),
		      strlen(rows_text(rows, 0, COL_PENDING_ASKED_ARGS)), &ret->args));
	*ret_id = rows_text(rows, 0, COL_PENDING_ASKED_ID);
	return NULL;
}

err_t *pending_latest(struct tx *tx, const char **ret_id)
{
	struct req *req = tx_req(tx);
	struct rows *rows;

	ERR(tx_exec(tx, STMT_PENDING_LATEST,
		    PG_ARGS(PG_INT(req->bot_id), PG_INT(req->chat_id), PG_INT(req->update_id)), &rows));
	*ret_id = rows_count(rows) ? rows_text(rows, 0, COL_PENDING_LATEST_ID) : NULL;
	return NULL;
}

err_t *pending_get(struct tx *tx, const char *id, bool yes, struct pending *ret)
{
	struct req *req = tx_req(tx);
	const char *text;
	struct rows *rows;
	int tool = yes ? COL_PENDING_GET_TOOL : COL_PENDING_GET_NO_TOOL;
	int args = yes ? COL_PENDING_GET_ARGS : COL_PENDING_GET_NO_ARGS;

	ERR(tx_exec(tx, STMT_PENDING_GET, PG_ARGS(PG_TEXT(id), PG_INT(req->bot_id), PG_INT(req->chat_id)),
		    &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "nothing put aside");
	ret->hash = rows_text(rows, 0, COL_PENDING_GET_HASH);
	if (!text_same(ret->hash, hash_of(req->pool, rows_text(rows, 0, COL_PENDING_GET_TOOL),
					  rows_text(rows, 0, COL_PENDING_GET_ARGS))))
		return err_new(ERR_DENIED, "what was put aside has changed");
	ret->tool = rows_text_or_null(rows, 0, tool);
	text = rows_text_or_null(rows, 0, args);
	return text ? json_read(req->pool, text, strlen(text), &ret->args) : NULL;
}

err_t *pending_settle(struct tx *tx, const char *id, bool yes, const char *hash)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_PENDING_SETTLE,
		    PG_ARGS(PG_TEXT(id), PG_TEXT(yes ? "yes" : "no"), PG_INT(tx_req(tx)->update_id)), &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "settled before, or too old");
	if (!text_same(rows_text(rows, 0, COL_PENDING_SETTLE_HASH), hash))
		return err_new(ERR_DENIED, "not what was put aside");
	return NULL;
}
