#include "core/clock.h"
#include "core/crypt.h"
#include "core/text.h"
#include "tools/mail/mail_compose.h"
#include "tools/mail/mail_out.h"
#include <stddef.h>

struct args {
	struct mail_args is; /* first: MAIL_PARAMS point into it */
};

static const struct json_field params[] = { MAIL_PARAMS, { 0 } };

struct waiting {
	int64_t id, seconds;
	const char *to, *subject;
	bool outside; /* of an answer they are the words of who wrote first */
};

static const struct json_field result[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct waiting, id) },
	{ "seconds", JSON_INT, JSON_REQUIRED, offsetof(struct waiting, seconds) },
	{ "to", JSON_TEXT, JSON_REQUIRED | JSON_WORDS, offsetof(struct waiting, to) },
	{ "subject", JSON_TEXT, JSON_REQUIRED | JSON_WORDS, offsetof(struct waiting, subject) },
	{ "outside", JSON_BOOL, 0, offsetof(struct waiting, outside) },
	{ 0 },
};

static NODISCARD err_t *fetch(struct req *req, void *p, struct outcome *ret)
{
	return mail_compose_fetch(req, p, ret);
}

/* All of it, as it will be sent. */
static NODISCARD err_t *preview(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	struct mail_letter letter;

	ERR(mail_compose(req, tx, p, "send_email", GOOGLE_MAIL_SEND, &letter, ret));
	if (ret->html)
		return NULL;
	ret->card = true;
	ret->outside = *letter.in_reply_to;
	ret->exact = mail_compose_exact(req, p, &letter);
	ret->html =
		tr(req->pool, req->lang, "mail.send_ask", SLOT_S("mail", mail_compose_html(req, &letter)));
	return NULL;
}

/* It waits a while, in which it can be taken back. */
static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	struct waiting waiting = { .seconds = MAIL_OUT_WAIT_S };
	struct mail_letter l;
	struct rows *rows;
	const char *id;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(mail_compose(req, tx, p, "send_email", GOOGLE_MAIL_SEND, &l, ret));
	if (ret->html)
		return NULL;
	id = mail_compose_id(req->pool, crypt_random_hex(req->pool, 16), l.from);
	ERR(tx_exec(tx, STMT_MAIL_OUT_PUT,
		    PG_ARGS(PG_INT(l.account), PG_INT(req->bot_id), PG_INT(req->chat_id),
			    PG_TEXT(json_write(req->pool, mail_compose_json(req->pool, &l))), PG_TEXT(id),
			    PG_TIME(req->now + MAIL_OUT_WAIT_S * SECOND_US)),
		    &rows));
	waiting.id = rows_int(rows, 0, COL_MAIL_OUT_PUT_ID);
	waiting.to = mail_compose_people(req->pool, &l.to);
	waiting.subject = l.subject;
	waiting.outside = *l.in_reply_to;
	*ret = (struct outcome){ .kind = OUTCOME_DONE,
				 .object = "mail_out",
				 .object_id = waiting.id,
				 .lasting = true,
				 .outside = waiting.outside,
				 .key = mail_out_key(req, waiting.id) };
	ret->html = tr(req->pool, req->lang, "mail.leaves", SLOT_I("seconds", waiting.seconds),
		       SLOT_S("to", waiting.to), SLOT_S("subject", l.subject));
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.cancel_mail"),
		       button_act(req->pool, "cancel_email", SLOT_I("id", waiting.id)));
	outcome_data(req, ret, result, &waiting);
	return NULL;
}

const struct tool tool_send_email = {
	.name = "send_email",
	.description =
		"Sends a mail from the person's Gmail, after they have confirmed a card that shows all of it. With "
		"reply_to_id an answer in its thread.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_OUTWARD,
	.claim = CLAIM_SEND,
	.words = { .what = "to subject" },
	.min_role = ROLE_USER,
	.fetch = fetch,
	.preview = preview,
	.run = run,
};
