#include "tools/mail/mail_seen.h"

#include "core/text.h"
#include "tools/when.h"
#include "tools/words.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { SENDER_CHARS = 100, SUBJECT_CHARS = 200 };

const struct json_field mail_fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct mail_row, id) },
	{ "from", JSON_TEXT, JSON_WORDS, offsetof(struct mail_row, sender) },
	{ "address", JSON_TEXT, JSON_WORDS, offsetof(struct mail_row, address) },
	{ "subject", JSON_TEXT, JSON_WORDS, offsetof(struct mail_row, subject) },
	{ "at", JSON_TEXT, JSON_REQUIRED, offsetof(struct mail_row, when) },
	{ "unread", JSON_BOOL, 0, offsetof(struct mail_row, unread) },
	{ "outside", JSON_BOOL, JSON_REQUIRED, offsetof(struct mail_row, outside) },
	{ 0 },
};

static void finish(struct req *req, struct mail_row *row)
{
	struct when when = { .wall = when_wall(req, row->at), .has_time = true };

	row->when = when_iso(req, &when);
	row->outside = true;
}

static struct mail_row row_read(struct req *req, const struct rows *rows, int i, int col)
{
	struct mail_row row = { .id = rows_int(rows, i, col + COL_MAIL_ID),
				.account = rows_int(rows, i, col + COL_MAIL_ACCOUNT_ID),
				.gmail_id = rows_text(rows, i, col + COL_MAIL_GMAIL_ID),
				.thread_id = rows_text(rows, i, col + COL_MAIL_THREAD_ID),
				.sender = rows_text(rows, i, col + COL_MAIL_SENDER),
				.address = rows_text(rows, i, col + COL_MAIL_ADDRESS),
				.subject = rows_text(rows, i, col + COL_MAIL_SUBJECT),
				.at = rows_int(rows, i, col + COL_MAIL_AT),
				.unread = rows_bool(rows, i, col + COL_MAIL_UNREAD) };

	finish(req, &row);
	return row;
}

err_t *mail_seen_put(struct req *req, struct tx *tx, int64_t account, const struct gmail_mail *mail,
		     int64_t place, struct mail_row *ret)
{
	struct mail_row row = { .account = account,
				.gmail_id = mail->id,
				.thread_id = mail->thread_id,
				.sender = text_cut(req->pool, mail->from.name, SENDER_CHARS),
				.address = text_cut(req->pool, mail->from.address, SENDER_CHARS),
				.subject = text_cut(req->pool, mail->subject, SUBJECT_CHARS),
				.at = mail->at,
				.unread = mail->unread };
	const struct pg_val *args = PG_ARGS(PG_INT(account), PG_TEXT(row.gmail_id), PG_TEXT(row.thread_id),
					    PG_TEXT(row.sender), PG_TEXT(row.address), PG_TEXT(row.subject),
					    PG_TIME(row.at), PG_BOOL(row.unread), PG_INT(place));
	struct rows *rows;

	ERR(tx_exec(tx, STMT_MAIL_SEEN_AGAIN, args, &rows));
	if (rows_count(rows)) {
		row.id = rows_int(rows, 0, COL_MAIL_SEEN_AGAIN_ID);
	} else {
		ERR(tx_exec(tx, STMT_MAIL_SEEN_PUT, args, &rows));
		row.id = rows_int(rows, 0, COL_MAIL_SEEN_PUT_ID);
	}
	finish(req, &row);
	*ret = row;
	return NULL;
}

err_t *mail_seen_clear(struct tx *tx)
{
	return tx_defer(tx, STMT_MAIL_SEEN_CLEAR, PG_ARGS());
}

err_t *mail_seen_get(struct req *req, struct tx *tx, int64_t id, struct mail_row *ret, bool *ret_found)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_MAIL_SEEN_GET, PG_ARGS(PG_INT(id)), &rows));
	*ret_found = rows_count(rows) > 0;
	if (*ret_found)
		*ret = row_read(req, rows, 0, COL_MAIL_SEEN_GET_MAIL);
	return NULL;
}

err_t *mail_seen_place(struct req *req, struct tx *tx, int64_t place, struct mail_row *ret, bool *ret_found)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_MAIL_SEEN_PLACE, PG_ARGS(PG_INT(place)), &rows));
	*ret_found = rows_count(rows) > 0;
	if (*ret_found)
		*ret = row_read(req, rows, 0, COL_MAIL_SEEN_PLACE_MAIL);
	return NULL;
}

err_t *mail_seen_from(struct req *req, struct tx *tx, const char *sender, struct mail_row *ret,
		      bool *ret_found)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_MAIL_SEEN_FROM, PG_ARGS(PG_TEXT(sender)), &rows));
	*ret_found = rows_count(rows) > 0;
	if (*ret_found)
		*ret = row_read(req, rows, 0, COL_MAIL_SEEN_FROM_MAIL);
	return NULL;
}

/* --- words --- */

static const struct {
	const char *words;
	int64_t place;
} ordinals[] = {
	{ "primeiro primeira first 1o 1a 1st", 1 },
	{ "segundo segunda second 2o 2a 2nd", 2 },
	{ "terceiro terceira third 3o 3a 3rd", 3 },
	{ "quarto quarta fourth 4o 4a 4th", 4 },
	{ "quinto quinta fifth 5o 5a 5th", 5 },
	{ "sexto sexta sixth 6o 6a 6th", 6 },
	{ "setimo setima seventh 7o 7a 7th", 7 },
	{ "oitavo oitava eighth 8o 8a 8th", 8 },
	{ "nono nona ninth 9o 9a 9th", 9 },
	{ "decimo decima tenth 10o 10a 10th", 10 },
	{ "ultimo ultima last", -1 },
	{ "esse essa este esta ele isso this that it", 0 },
};

/* Words that say nothing of which. */
static const char filler[] =
	"o a os as e-mail email e-mails emails mail mensagem message the one da do de lista list of number numero n";

static bool ordinal(const char *word, int64_t *ret)
{
	for (size_t i = 0; i < sizeof ordinals / sizeof *ordinals; i++)
		if (text_has_word(ordinals[i].words, word)) {
			*ret = ordinals[i].place;
			return true;
		}
	return false;
}

enum mail_pointer mail_seen_words(apr_pool_t *pool, const char *words, int64_t *ret_n)
{
	const char *s = words_line(pool, text_fold(pool, words));
	enum mail_pointer pointer = MAIL_WORDS;

	while (*s) {
		size_t n = strcspn(s, " ");
		const char *word = mem_textn(pool, s, strcspn(s, " .,!?"));

		s += n + (s[n] == ' ');
		if (!*word || text_has_word(filler, word))
			continue;
		if (pointer != MAIL_WORDS)
			return MAIL_WORDS; /* more than which one */
		if (ordinal(word, ret_n))
			pointer = MAIL_PLACE;
		else if (text_int(word + (*word == '#'), ret_n) && *ret_n > 0)
			pointer = *word == '#' || *ret_n > 10 ? MAIL_NUMBER : MAIL_PLACE;
		else
			return MAIL_WORDS;
	}
	return pointer;
}

static NODISCARD err_t *which_body(struct req *req, struct tx *tx, enum mail_pointer pointer, int64_t n,
				   struct mail_row *ret, bool *ret_found)
{
	return pointer == MAIL_NUMBER ? mail_seen_get(req, tx, n, ret, ret_found)
				      : mail_seen_place(req, tx, n, ret, ret_found);
}

err_t *mail_seen_which(struct req *req, int64_t id, const char *words, struct mail_row *ret, bool *ret_found,
		       struct outcome *ret_outcome)
{
	enum mail_pointer pointer = MAIL_NUMBER;
	int64_t n = id;
	struct tx *tx;

	*ret_found = false;
	if (!id)
		pointer = words && *words ? mail_seen_words(req->pool, words, &n) : MAIL_PLACE;
	if (pointer == MAIL_WORDS)
		return NULL;
	ERR(tx_begin_user(req, &tx));
	ERR(tx_end(tx, which_body(req, tx, pointer, n, ret, ret_found)));
	if (!*ret_found)
		outcome_refuse(req, ret_outcome, "not_found", tr(req->pool, req->lang, "mail.which_gone"));
	return NULL;
}
