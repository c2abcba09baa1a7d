#include "core/limits.h"
#include "core/text.h"
#include "tools/google/google_say.h"
#include "tools/mail/mail_call.h"
#include "tools/mail/mail_query.h"
#include "tools/mail/mail_view.h"
#include <stddef.h>

enum { ROWS = 5, ROWS_MAX = 10 };

struct args {
	const char *query;
	int64_t max_results, account;
	/* of fetch */
	struct google_account from;
	struct gmail_mail *mails;
	size_t n;
	bool more, inbox;
};

static const struct json_field params[] = {
	{ "query", JSON_TEXT, 0, offsetof(struct args, query), 0, LIMIT_TEXT_IN, NULL,
	  "what to look for, in the person's words: sender, unread, days, subject (\"unread from Ana this week about the "
	  "lease\"); the newest of the inbox when left out" },
	{ "max_results", JSON_INT, 0, offsetof(struct args, max_results), 1, 50, NULL,
	  "5 when left out; at most 10" },
	{ "account", JSON_INT, 0, offsetof(struct args, account), 1, INT64_MAX, NULL,
	  "number of the Google account; the usual one when left out" },
	{ 0 },
};

struct found {
	struct json_list mails;
	bool more;
	const char *account;
};

static const struct json_field result[] = {
	{ "mails", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct found, mails), .of = mail_fields,
	  .size = sizeof(struct mail_row) },
	{ "more", JSON_BOOL, 0, offsetof(struct found, more) },
	{ "account", JSON_TEXT, JSON_REQUIRED, offsetof(struct found, account) },
	{ 0 },
};

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	*ret_args = json_object(req->pool);
	if (*text_trim(req->pool, text))
		json_set_text(*ret_args, "query", text_trim(req->pool, text));
	return NULL;
}

static NODISCARD err_t *fetch(struct req *req, void *p, struct outcome *ret)
{
	struct args *args = p;
	struct gmail_query query = mail_query_read(req, args->query ? args->query : "");
	int64_t max = args->max_results ? args->max_results : ROWS;
	bool ready;

	args->inbox = mail_query_is_empty(&query);
	if (args->inbox)
		query.label = "inbox";
	ERR(google_ready_alone(req, GOOGLE_MAIL_READ, args->account, &args->from, &ready, ret));
	if (!ready)
		return NULL;
	return mail_call_search(req, args->from.id, &query, max > ROWS_MAX ? ROWS_MAX : max, &args->n,
				&args->mails, &args->more, ret);
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct mail_row *rows = mem_alloc(req->pool, sizeof *rows * (args->n + 1));
	struct found found = { { args->n, rows }, args->more, args->from.email };
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);

	*ret = (struct outcome){ .kind = OUTCOME_SAY, .outside = args->n > 0 };
	ERR(mail_seen_clear(tx));
	buf_text(&html, tr(req->pool, req->lang,
			   !args->n      ? (args->inbox ? "mail.inbox_empty" : "mail.none")
			   : args->inbox ? "mail.inbox"
					 : "mail.found",
			   SLOT_I("n", args->n), SLOT_S("email", args->from.email)));
	for (size_t i = 0; i < args->n; i++) {
		int64_t place = (int64_t)i + 1;

		ERR(mail_seen_put(req, tx, args->from.id, &args->mails[i], place, &rows[i]));
		buf_fmt(&html, "\n%s", mail_view_line(req, &rows[i], place));
		mail_view_row_buttons(req, &rows[i], place, ret);
	}
	if (args->n)
		buf_text(&html, tr(req->pool, req->lang, args->more ? "mail.legend_more" : "mail.legend"));
	ret->html = html.p;
	outcome_data(req, ret, result, &found);
	return NULL;
}

const struct tool tool_search_emails = {
	.name = "search_emails",
	.description =
		"Lists mails of the person's Gmail: who they are from, what they are about, how old. Shows them to "
		"the person; you see their numbers only.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ,
	.min_role = ROLE_USER,
	.commands = "email mail emails mails",
	.from_text = from_text,
	.fetch = fetch,
	.run = run,
};
