#include "tools/mail/mail_pick.h"

#include "core/text.h"
#include "tools/google/google_say.h"
#include "tools/mail/mail_call.h"
#include "tools/mail/mail_query.h"
#include "tools/mail/mail_view.h"

enum { CANDIDATES = 4 };

static NODISCARD err_t *remember(struct req *req, struct tx *tx, int64_t account, size_t n,
				 const struct gmail_mail *mails, struct mail_row *rows)
{
	if (n > 1)
		ERR(mail_seen_clear(tx));
	for (size_t i = 0; i < n; i++)
		ERR(mail_seen_put(req, tx, account, &mails[i], n > 1 ? (int64_t)i + 1 : 0, &rows[i]));
	return NULL;
}

static NODISCARD err_t *search(struct req *req, const char *words, const char *tool, struct mail_row *ret_row,
			       struct outcome *ret)
{
	struct gmail_query query = mail_query_read(req, words);
	struct google_account from;
	struct gmail_mail *mails;
	struct mail_row rows[CANDIDATES] = { 0 };
	struct tx *tx;
	bool ready, more;
	size_t n;

	if (mail_query_is_empty(&query))
		query.label = "inbox";
	ERR(google_ready_alone(req, GOOGLE_MAIL_READ, 0, &from, &ready, ret));
	if (!ready)
		return NULL;
	ERR(mail_call_search(req, from.id, &query, CANDIDATES, &n, &mails, &more, ret));
	if (ret->html)
		return NULL;
	if (!n) {
		outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "mail.none"));
		return NULL;
	}
	ERR(tx_begin_user(req, &tx));
	ERR(tx_end(tx, remember(req, tx, from.id, n, mails, rows)));
	if (n > 1)
		mail_view_which(req, n, mem_dup(req->pool, rows, sizeof rows), tool, ret);
	*ret_row = rows[0];
	return NULL;
}

/* Whose it is, where words say no more than that: "João", "o e-mail da Ana". NULL: they say more. */
static const char *sender_of(struct req *req, const char *words)
{
	struct gmail_query q = mail_query_read(req, words), rest = q;

	rest.from = rest.words = NULL;
	return mail_query_is_empty(&rest) && !q.from != !q.words ? q.from ? q.from : q.words : NULL;
}

err_t *mail_pick_answered(struct req *req, int64_t id, const char *words, struct mail_row *ret_row,
			  struct outcome *ret)
{
	int64_t n;
	const char *sender = NULL;
	bool found = false;
	struct tx *tx;

	if (!id && mail_seen_words(req->pool, words, &n) == MAIL_WORDS)
		sender = sender_of(req, words);
	if (sender) {
		ERR(tx_begin_user(req, &tx));
		ERR(tx_end(tx, mail_seen_from(req, tx, sender, ret_row, &found)));
	}
	return found ? NULL : mail_pick(req, id, words, "reply_email", ret_row, ret);
}

err_t *mail_pick(struct req *req, int64_t id, const char *words, const char *tool, struct mail_row *ret_row,
		 struct outcome *ret)
{
	bool found;

	ERR(mail_seen_which(req, id, words, ret_row, &found, ret));
	if (found || ret->html)
		return NULL;
	return search(req, words, tool, ret_row, ret);
}
