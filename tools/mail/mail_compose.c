#include "tools/mail/mail_compose.h"

#include "core/clock.h"
#include "core/text.h"
#include "core/zone.h"
#include "integrations/google/google_mime.h"
#include "integrations/telegram/telegram_html.h"
#include "tools/google/google_say.h"
#include "tools/mail/mail_call.h"
#include "tools/mail/mail_people.h"
#include "tools/mail/mail_pick.h"
#include "tools/pending.h"
#include "tools/words.h"
#include <stddef.h>
#include <string.h>

enum { SUBJECT_OF_BODY = 60 };

err_t *mail_compose_fetch(struct req *req, struct mail_args *args, struct outcome *ret)
{
	struct google_account from;
	bool ready;

	if (!args->reply_to_id && (!args->reply_to || !*args->reply_to))
		return NULL;
	ERR(mail_pick_answered(req, args->reply_to_id, args->reply_to, &args->row, ret));
	if (ret->html)
		return NULL;
	args->reply_to_id = args->row.id;
	ERR(google_ready_alone(req, GOOGLE_MAIL_READ, args->row.account, &from, &ready, ret));
	if (!ready)
		return NULL;
	return mail_call_get(req, args->row.account, args->row.gmail_id, true, &args->answered, ret);
}

/* --- asking --- */

static void keep(struct json *o, const char *key, const char *text)
{
	if (text && *text)
		json_set_text(o, key, text);
}

/* What was said so far, without what is asked for. */
static struct json *so_far(struct req *req, const struct mail_args *args, const char *wants)
{
	struct json *o = json_object(req->pool);

	if (!text_same(wants, "to"))
		keep(o, "to", args->to);
	if (!text_same(wants, "cc"))
		keep(o, "cc", args->cc);
	keep(o, "subject", args->subject);
	if (!text_same(wants, "body"))
		keep(o, "body", args->body);
	if (args->reply_to_id)
		json_set_int(o, "reply_to_id", args->reply_to_id);
	if (args->account)
		json_set_int(o, "account", args->account);
	return o;
}

/* The person's next words are the answer. */
static NODISCARD err_t *ask(struct req *req, struct tx *tx, const struct mail_args *args, const char *tool,
			    const char *wants, const char *html, struct outcome *ret)
{
	outcome_refuse(req, ret, mem_fmt(req->pool, "%s_missing", wants), html);
	return pending_words(tx, tool, so_far(req, args, wants), wants);
}

/* Several contacts have that name: a button each, with the mail kept aside. */
static NODISCARD err_t *ask_who(struct req *req, struct tx *tx, const struct mail_args *args,
				const char *tool, const struct mail_people *p, struct outcome *ret)
{
	struct rows *rows;
	int64_t id;

	ERR(tx_exec(tx, STMT_MAIL_OUT_ASK,
		    PG_ARGS(PG_INT(req->bot_id), PG_INT(req->chat_id),
			    PG_TEXT(json_write(req->pool, so_far(req, args, "to")))),
		    &rows));
	id = rows_int(rows, 0, COL_MAIL_OUT_ASK_ID);
	for (size_t i = 0; i < p->n; i++)
		outcome_button(req, ret, (int)i,
			       mem_fmt(req->pool, "%s · %s", text_cut(req->pool, p->candidates[i].name, 30),
				       text_cut(req->pool, p->candidates[i].email, 30)),
			       button_act(req->pool, tool, SLOT_I("asked", id),
					  SLOT_I("contact", p->candidates[i].contact)));
	return ask(req, tx, args, tool, "to",
		   tr(req->pool, req->lang, "mail.who_of", SLOT_S("name", p->unclear)), ret);
}

/* *ret_asked: it is not clear yet. */
static NODISCARD err_t *people(struct req *req, struct tx *tx, const struct mail_args *args, const char *tool,
			       const char *wants, const char *list, struct mime_addresses *ret_list,
			       struct outcome *ret)
{
	struct mail_people p;
	const char *problem;

	ERR(mail_people_find(req, tx, list, &p));
	*ret_list = p.found;
	if (p.unclear && text_same(wants, "to"))
		return ask_who(req, tx, args, tool, &p, ret);
	problem = p.wrong ? p.wrong : p.unknown ? p.unknown : p.unclear;
	if (!problem)
		return NULL;
	return ask(req, tx, args, tool, wants,
		   tr(req->pool, req->lang, p.wrong ? "mail.wrong_address" : "mail.who_is",
		      SLOT_S("name", problem)),
		   ret);
}

/* --- completing --- */

static NODISCARD err_t *recipients(struct req *req, struct tx *tx, const struct mail_args *args,
				   const char *tool, struct mail_letter *l, struct outcome *ret)
{
	const struct mime_address *back = &args->answered.from;
	struct mail_people p;

	if (args->row.id && *args->answered.reply_to.address)
		back = &args->answered.reply_to;
	if (args->contact) {
		ERR(mail_people_contact(req, tx, args->contact, &p));
		l->to = p.found;
	} else if (args->to && *words_line(req->pool, args->to)) {
		ERR(people(req, tx, args, tool, "to", args->to, &l->to, ret));
	} else if (args->row.id && google_mime_is_address(back->address)) {
		l->to = (struct mime_addresses){ 1, mem_dup(req->pool, back, sizeof *back) };
	}
	if (ret->html)
		return NULL;
	if (args->cc && *words_line(req->pool, args->cc))
		ERR(people(req, tx, args, tool, "cc", args->cc, &l->cc, ret));
	if (!ret->html && !l->to.n)
		return ask(req, tx, args, tool, "to", tr(req->pool, req->lang, "mail.to_whom"), ret);
	return NULL;
}

static const char *subject_of(struct req *req, const struct mail_args *args, const char *body)
{
	apr_pool_t *pool = req->pool;

	if (args->row.id)
		return google_mime_reply_subject(pool, args->answered.subject);
	if (args->subject && *words_line(pool, args->subject))
		return words_line(pool, text_visible(pool, args->subject));
	return text_cut(pool, words_line(pool, mem_textn(pool, body, strcspn(body, "\n"))), SUBJECT_OF_BODY);
}

static NODISCARD err_t *words_of(struct req *req, struct tx *tx, const struct mail_args *args,
				 const char *tool, struct mail_letter *l, struct outcome *ret)
{
	apr_pool_t *pool = req->pool;

	l->body = text_trim(pool, text_visible(pool, args->body ? args->body : ""));
	if (!*l->body)
		return ask(req, tx, args, tool, "body",
			   tr(pool, req->lang, args->row.id ? "mail.what_answer" : "mail.what_body",
			      SLOT_S("to", mail_compose_people(pool, &l->to))),
			   ret);
	l->subject = subject_of(req, args, l->body);
	if (words_chars(l->subject) > MAIL_SUBJECT_CHARS)
		l->subject = text_cut(pool, l->subject, MAIL_SUBJECT_CHARS);
	if (words_chars(l->body) > MAIL_BODY_CHARS ||
	    tg_html_units(mail_compose_html(req, l)) > LIMIT_TG_TEXT - 300)
		outcome_refuse(req, ret, "too_long",
			       tr(pool, req->lang, "mail.body_long", SLOT_I("n", words_chars(l->body)),
				  SLOT_I("max", MAIL_BODY_CHARS)));
	return NULL;
}

/* What a button carries only the number of. */
static NODISCARD err_t *asked(struct req *req, struct tx *tx, const struct mail_args *args,
			      struct mail_args *ret_args, struct outcome *ret)
{
	struct rows *rows;
	struct json *mail;

	*ret_args = *args;
	if (!args->asked)
		return NULL;
	ERR(tx_exec(tx, STMT_MAIL_OUT_ASKED, PG_ARGS(PG_INT(args->asked)), &rows));
	if (!rows_count(rows)) {
		outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "mail.asked_gone"));
		return NULL;
	}
	ERR(json_read(req->pool, rows_text(rows, 0, COL_MAIL_OUT_ASKED_MAIL),
		      strlen(rows_text(rows, 0, COL_MAIL_OUT_ASKED_MAIL)), &mail));
	ret_args->cc = json_text(mail, "cc");
	ret_args->subject = json_text(mail, "subject");
	ret_args->body = json_text(mail, "body");
	if (!json_int(mail, "account", &ret_args->account))
		ret_args->account = 0;
	return NULL;
}

err_t *mail_compose(struct req *req, struct tx *tx, const struct mail_args *given, const char *tool,
		    enum google_feature feature, struct mail_letter *ret_letter, struct outcome *ret)
{
	struct mail_letter l = { .thread = "", .in_reply_to = "", .references = "" };
	struct google_account from;
	struct mail_args args;
	bool ready;

	ERR(asked(req, tx, given, &args, ret));
	if (ret->html)
		return NULL;
	ERR(google_ready(req, tx, feature, args.row.id ? args.row.account : args.account, &from, &ready,
			 ret));
	if (!ready)
		return NULL;
	l.account = from.id;
	l.from = from.email;
	ERR(recipients(req, tx, &args, tool, &l, ret));
	if (ret->html)
		return NULL;
	ERR(words_of(req, tx, &args, tool, &l, ret));
	if (args.row.id && *args.answered.message_id) {
		l.thread = args.answered.thread_id;
		l.in_reply_to = args.answered.message_id;
		l.references = args.answered.references;
	}
	*ret_letter = l;
	return NULL;
}

/* --- kept --- */

static struct json *people_json(apr_pool_t *pool, const struct mime_addresses *list)
{
	struct json *array = json_array(pool);

	for (size_t i = 0; i < list->n; i++) {
		struct json *one = json_object(pool);

		json_set_text(one, "name", list->v[i].name);
		json_set_text(one, "address", list->v[i].address);
		json_push(array, one);
	}
	return array;
}

static struct mime_addresses people_read(apr_pool_t *pool, const struct json *array)
{
	struct mime_address *v = mem_alloc(pool, sizeof *v * (json_len(array) + 1));

	for (size_t i = 0; i < json_len(array); i++)
		v[i] = (struct mime_address){ json_text(json_item(array, i), "name"),
					      json_text(json_item(array, i), "address") };
	return (struct mime_addresses){ json_len(array), v };
}

struct json *mail_compose_json(apr_pool_t *pool, const struct mail_letter *l)
{
	struct json *o = json_object(pool);

	json_set_int(o, "account", l->account);
	json_set_text(o, "from", l->from);
	json_set(o, "to", people_json(pool, &l->to));
	json_set(o, "cc", people_json(pool, &l->cc));
	json_set_text(o, "subject", l->subject);
	json_set_text(o, "body", l->body);
	json_set_text(o, "thread", l->thread);
	json_set_text(o, "in_reply_to", l->in_reply_to);
	json_set_text(o, "references", l->references);
	return o;
}

err_t *mail_compose_read(apr_pool_t *pool, const struct json *j, struct mail_letter *ret)
{
	struct mail_letter l = { .from = json_text(j, "from"),
				 .to = people_read(pool, json_at(j, "to")),
				 .cc = people_read(pool, json_at(j, "cc")),
				 .subject = json_text(j, "subject"),
				 .body = json_text(j, "body"),
				 .thread = json_text(j, "thread"),
				 .in_reply_to = json_text(j, "in_reply_to"),
				 .references = json_text(j, "references") };

	if (!json_int(j, "account", &l.account) || !l.from || !l.to.n || !l.subject || !l.body ||
	    !l.in_reply_to)
		return err_new(ERR_INTERNAL, "no letter");
	*ret = l;
	return NULL;
}

err_t *mail_compose_bytes(struct req *req, const struct mail_letter *l, const char *message_id,
			  struct buf *ret)
{
	const struct zone *zone;
	struct mime_mail mail = { .from = { "", l->from },
				  .to = l->to,
				  .cc = l->cc,
				  .subject = l->subject,
				  .body = l->body,
				  .date = req->now,
				  .message_id = message_id,
				  .in_reply_to = *l->in_reply_to ? l->in_reply_to : NULL,
				  .references = l->references };

	ERR(zone_find(req->zone, &zone));
	mail.offset_s = zone_offset(zone, req->now);
	return google_mime_write(req->pool, &mail, ret);
}

const char *mail_compose_id(apr_pool_t *pool, const char *token, const char *from)
{
	const char *at = strrchr(from, '@');

	return mem_fmt(pool, "lembra.%s@%s", token, at && at[1] ? at + 1 : "localhost");
}

/* As mail_people_find reads it again. */
static const char *people_words(apr_pool_t *pool, const struct mime_addresses *list)
{
	struct buf b = buf_new(pool, 16 * 1024);

	buf_text(&b, "");
	for (size_t i = 0; i < list->n; i++) {
		buf_text(&b, i ? ", " : "");
		if (!*list->v[i].name) {
			buf_text(&b, list->v[i].address);
			continue;
		}
		buf_char(&b, '"');
		for (const char *c = list->v[i].name; *c; c++) {
			if (strchr("\"\\", *c))
				buf_char(&b, '\\');
			buf_char(&b, *c);
		}
		buf_fmt(&b, "\" <%s>", list->v[i].address);
	}
	return b.p;
}

struct json *mail_compose_exact(struct req *req, const struct mail_args *args, const struct mail_letter *l)
{
	struct json *o = json_object(req->pool);

	json_set_text(o, "to", people_words(req->pool, &l->to));
	keep(o, "cc", people_words(req->pool, &l->cc));
	json_set_text(o, "subject", l->subject);
	json_set_text(o, "body", l->body);
	if (args->reply_to_id)
		json_set_int(o, "reply_to_id", args->reply_to_id);
	json_set_int(o, "account", l->account);
	return o;
}

/* --- shown --- */

const char *mail_compose_people(apr_pool_t *pool, const struct mime_addresses *list)
{
	struct buf b = buf_new(pool, 16 * 1024);

	buf_text(&b, "");
	for (size_t i = 0; i < list->n; i++)
		buf_fmt(&b, *list->v[i].name ? "%s%s <%s>" : "%s%s%s", i ? ", " : "", list->v[i].name,
			list->v[i].address);
	return b.p;
}

const char *mail_compose_html(struct req *req, const struct mail_letter *l)
{
	apr_pool_t *pool = req->pool;
	const char *cc =
		l->cc.n ? tr(pool, req->lang, "mail.card_cc", SLOT_S("cc", mail_compose_people(pool, &l->cc)))
			: "";

	return tr(pool, req->lang, "mail.card", SLOT_S("from", l->from),
		  SLOT_S("to", mail_compose_people(pool, &l->to)), SLOT_S("cc", cc),
		  SLOT_S("subject", l->subject), SLOT_S("body", l->body));
}
