#include "core/limits.h"
#include "core/text.h"
#include "ml/reader/reader.h"
#include "tools/google/google_say.h"
#include "tools/mail/mail_call.h"
#include "tools/mail/mail_pick.h"
#include "tools/mail/mail_view.h"
#include "tools/when.h"
#include <stddef.h>

enum { FILES_SHOWN = 6 };

struct args {
	int64_t id;
	const char *query;
	/* of fetch */
	struct mail_row row;
	struct gmail_mail mail;
	const struct reading *reading; /* NULL: nobody read it */
};

static const struct json_field params[] = {
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "number of a mail that was listed" },
	{ "query", JSON_TEXT, 0, offsetof(struct args, query), 0, LIMIT_TEXT_IN, NULL,
	  "where there is no number: which one, in the person's words (\"the second\", \"Ana's about the lease\")" },
	{ 0 },
};

/* What was told of it; all of it in the words of somebody else, or made of them. */
struct told {
	const struct mail_row *mail;
	struct json_list candidates;
	const char *summary;
	struct json_texts asks, claims, dates, amounts;
	bool outside;
};

static const struct json_field result[] = {
	{ "mail", JSON_OBJECT, 0, offsetof(struct told, mail), .of = mail_fields },
	{ "candidates", JSON_OBJECTS, 0, offsetof(struct told, candidates), .of = mail_fields,
	  .size = sizeof(struct mail_row) },
	{ "summary", JSON_TEXT, JSON_WORDS, offsetof(struct told, summary) },
	{ "asks", JSON_TEXTS, JSON_WORDS, offsetof(struct told, asks) },
	{ "claims", JSON_TEXTS, JSON_WORDS, offsetof(struct told, claims) },
	{ "dates", JSON_TEXTS, JSON_WORDS, offsetof(struct told, dates) },
	{ "amounts", JSON_TEXTS, JSON_WORDS, offsetof(struct told, amounts) },
	{ "outside", JSON_BOOL, JSON_REQUIRED, offsetof(struct told, outside) },
	{ 0 },
};

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	*ret_args = json_object(req->pool);
	if (*text_trim(req->pool, text))
		json_set_text(*ret_args, "query", text_trim(req->pool, text));
	return NULL;
}

/* What the reader is given: who says it is from whom, the files' names, and the text. */
static const char *whole(struct req *req, const struct gmail_mail *m)
{
	struct buf b = buf_new(req->pool, 2 * GMAIL_TEXT);

	buf_fmt(&b, "From: %s <%s>\nSubject: %s\n", m->from.name, m->from.address, m->subject);
	for (size_t i = 0; i < m->files_n; i++)
		buf_fmt(&b, "Attached file: %s\n", m->files[i].name);
	buf_fmt(&b, "\n%s", *m->text ? m->text : m->snippet);
	return b.p;
}

static NODISCARD err_t *fetch(struct req *req, void *p, struct outcome *ret)
{
	struct args *args = p;
	struct google_account from;
	bool ready;

	ERR(mail_pick(req, args->id, args->query, "read_email", &args->row, ret));
	if (ret->html)
		return NULL;
	ERR(google_ready_alone(req, GOOGLE_MAIL_READ, args->row.account, &from, &ready, ret));
	if (!ready)
		return NULL;
	ERR(mail_call_get(req, args->row.account, args->row.gmail_id, false, &args->mail, ret));
	if (ret->html)
		return NULL;
	return reader_read(req, READER_MAIL, whole(req, &args->mail), &args->reading);
}

/* "E-mail de João <…>, ontem (sex, 27/11) às 14:02": where what follows comes from. */
static const char *source(struct req *req, const struct mail_row *row)
{
	struct when when = { .wall = when_wall(req, row->at), .has_time = true };

	return tr(req->pool, req->lang, "mail.source", SLOT_S("from", mail_view_sender(req, row)),
		  SLOT_S("when", when_text(req, &when)), SLOT_S("subject", mail_view_subject(req, row)));
}

static void put_files(struct req *req, struct buf *html, const struct gmail_mail *m)
{
	if (!m->files_n)
		return;
	buf_fmt(html, "\n\n%s", tr(req->pool, req->lang, "mail.files", SLOT_I("n", m->files_n)));
	for (size_t i = 0; i < m->files_n && i < FILES_SHOWN; i++)
		buf_fmt(html, "%s%s", i ? ", " : " ",
			text_html(req->pool, reader_defang(req->pool, m->files[i].name)));
}

static const char *html_of(struct req *req, const struct args *args, const struct mail_row *row)
{
	const struct gmail_mail *m = &args->mail;
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);

	buf_text(&html, source(req, row));
	if (args->reading)
		buf_fmt(&html, "\n\n%s", reader_html(req, args->reading));
	else if (*m->text || *m->snippet)
		buf_fmt(&html, "\n\n%s", reader_trimmed(req, *m->text ? m->text : m->snippet));
	else
		buf_fmt(&html, "\n\n%s", tr(req->pool, req->lang, "mail.no_text"));
	put_files(req, &html, m);
	buf_fmt(&html, "\n\n%s",
		tr(req->pool, req->lang, args->reading ? "mail.foot_read" : "mail.foot_shown"));
	return html.p;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct mail_row row;
	struct told told = { .mail = &row, .outside = true };

	*ret = (struct outcome){ .kind = OUTCOME_SAY, .outside = true, .object = "mail" };
	ERR(mail_seen_put(req, tx, args->row.account, &args->mail, 0, &row));
	ret->object_id = row.id;
	ret->html = html_of(req, args, &row);
	ret->said = source(req, &row);
	mail_view_buttons(req, &row, ret);
	if (args->reading) {
		told.summary = args->reading->summary;
		told.asks = args->reading->asks;
		told.claims = args->reading->claims;
		told.dates = args->reading->dates;
		told.amounts = args->reading->amounts;
	}
	outcome_data(req, ret, result, &told);
	return NULL;
}

const struct tool tool_read_email = {
	.name = "read_email",
	.description =
		"Shows the person what one mail says, in a few lines. You do not see it: its words are somebody "
		"else's.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ,
	.min_role = ROLE_USER,
	.from_text = from_text,
	.fetch = fetch,
	.run = run,
};
