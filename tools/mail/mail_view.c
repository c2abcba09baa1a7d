#include "tools/mail/mail_view.h"

#include "core/clock.h"
#include "core/text.h"
#include "ml/date/date_civil.h"
#include "ml/reader/reader.h"
#include "tools/when.h"
#include "tools/which.h"
#include <stddef.h>

enum { LINE_SUBJECT = 70, LINE_SENDER = 30, BUTTON_CHARS = 40 };

const struct json_field mail_result[] = {
	{ "mail", JSON_OBJECT, 0, offsetof(struct mail_result, mail), .of = mail_fields },
	WHICH_CANDIDATES(offsetof(struct mail_result, candidates), mail_fields, mail_row),
	{ 0 },
};

const char *mail_view_age(struct req *req, int64_t at)
{
	apr_pool_t *pool = req->pool;
	int64_t ago = req->now - at, wall = when_wall(req, at);
	int64_t day = civil_floor(wall), today = civil_floor(when_now(req));
	const char *time = mem_fmt(pool, "%02d:%02d", (int)((wall - day * DAY_S) / 3600),
				   (int)((wall - day * DAY_S) / 60 % 60));
	int y, m, d;

	if (ago < MINUTE_US)
		return tr(pool, req->lang, "mail.age.now");
	if (ago < HOUR_US)
		return tr(pool, req->lang, "mail.age.minutes", SLOT_I("n", ago / MINUTE_US));
	if (day == today)
		return tr(pool, req->lang, "mail.age.hours", SLOT_I("n", ago / HOUR_US));
	if (day == today - 1)
		return tr(pool, req->lang, "mail.age.yesterday", SLOT_S("time", time));
	civil_of(day, &y, &m, &d);
	return tr(pool, req->lang, "mail.age.day", SLOT_S("day", mem_fmt(pool, "%02d", d)),
		  SLOT_S("month", mem_fmt(pool, "%02d", m)), SLOT_I("year", y));
}

static const char *shown(struct req *req, const char *words, size_t max)
{
	return text_html(req->pool, reader_defang(req->pool, text_cut(req->pool, words, max)));
}

static const char *sender(struct req *req, const struct mail_row *row, size_t max)
{
	const char *name = *row->sender ? row->sender : row->address;

	return *name ? shown(req, name, max) : tr(req->pool, req->lang, "mail.nobody");
}

const char *mail_view_sender(struct req *req, const struct mail_row *row)
{
	if (!*row->sender || !*row->address)
		return sender(req, row, 100);
	return mem_fmt(req->pool, "%s &lt;%s&gt;", sender(req, row, 100), shown(req, row->address, 100));
}

const char *mail_view_subject(struct req *req, const struct mail_row *row)
{
	return *row->subject ? shown(req, row->subject, 200) : tr(req->pool, req->lang, "mail.no_subject");
}

const char *mail_view_line(struct req *req, const struct mail_row *row, int64_t number)
{
	return tr(req->pool, req->lang, row->unread ? "mail.line_unread" : "mail.line", SLOT_I("n", number),
		  SLOT_S("from", sender(req, row, LINE_SENDER)),
		  SLOT_S("subject", *row->subject ? shown(req, row->subject, LINE_SUBJECT)
						  : tr(req->pool, req->lang, "mail.no_subject")),
		  SLOT_S("age", mail_view_age(req, row->at)));
}

static void button(struct req *req, const struct mail_row *row, const char *label, const char *tool, int line,
		   struct outcome *outcome)
{
	outcome_button(req, outcome, line, label, button_act(req->pool, tool, SLOT_I("id", row->id)));
}

void mail_view_row_buttons(struct req *req, const struct mail_row *row, int64_t number,
			   struct outcome *outcome)
{
	int line = (int)number;

	button(req, row, tr(req->pool, req->lang, "button.read_mail_n", SLOT_I("n", number)), "read_email",
	       line, outcome);
	button(req, row, "🗄", "archive_email", line, outcome);
	button(req, row, "↩️", "reply_email", line, outcome);
	button(req, row, "☑️", "email_task", line, outcome);
	button(req, row, "⏰", "email_reminder", line, outcome);
}

void mail_view_buttons(struct req *req, const struct mail_row *row, struct outcome *outcome)
{
	static const struct {
		const char *key, *tool;
		int line;
	} all[] = { { "button.reply_mail", "reply_email", 0 },
		    { "button.archive_mail", "archive_email", 0 },
		    { "button.mail_task", "email_task", 1 },
		    { "button.mail_reminder", "email_reminder", 1 } };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		button(req, row, tr(req->pool, req->lang, all[i].key), all[i].tool, all[i].line, outcome);
}

void mail_view_which(struct req *req, size_t n, const struct mail_row *rows, const char *tool,
		     struct outcome *outcome)
{
	const char *html = tr(req->pool, req->lang, "mail.which");
	struct json_list list = { n, rows };

	for (size_t i = 0; i < n; i++) {
		html = mem_fmt(req->pool, "%s\n%s", html, mail_view_line(req, &rows[i], (int64_t)i + 1));
		button(req, &rows[i],
		       mem_fmt(req->pool, "%zu · %s", i + 1,
			       text_cut(req->pool, *rows[i].sender ? rows[i].sender : rows[i].address,
					BUTTON_CHARS)),
		       tool, (int)i, outcome);
	}
	which_refuse(req, outcome, html, mail_fields, sizeof *rows, &list);
	outcome->outside = true;
}
