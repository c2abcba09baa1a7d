/* A mail on its way: shown whole, confirmed, taken back in time, sent once, whatever happens. */
#include "core/text.h"
#include "cron/job.h"
#include "db/pg_admin.h"
#include "tests/integration/google_scene.h"
#include "tools/remote.h"
#include <string.h>

extern const struct job job_mail_out;

#define MAIL ((1U << GOOGLE_MAIL_READ) | (1U << GOOGLE_MAIL_CHANGE) | (1U << GOOGLE_MAIL_SEND))
#define LETTER \
	"{\"to\":\"Bia <bia@example.org>\",\"cc\":\"ze@example.org\",\"subject\":\"Chego às 10h\",\"body\":\"Olá!\\nChego às 10h.\"}"

static err_t *sent(struct scene *s, size_t n, struct json **ret)
{
	ERR(google_standin_control(google_scene(), "sent", NULL, ret));
	if (json_len(*ret) != n)
		return err_new(ERR_INTERNAL, "%zu were sent, not %zu", json_len(*ret), n);
	(void)s;
	return NULL;
}

/* Confirmed, and waiting under number 1. */
static err_t *confirmed(struct scene *s)
{
	ERR(tool_scene_call(s, "send_email", LETTER));
	CHECK(s->last.card);
	ERR(tool_scene_answer(s, true));
	CHECK(s->last.kind == OUTCOME_DONE);
	CHECK_DATA_INT(s, "id", 1);
	return NULL;
}

/* Its time is over; the scheduler's job for it runs, in a request of its own. */
static err_t *leave(struct scene *s, int64_t later_s)
{
	const struct job_run run = { .ref = "1" };
	struct req *req = req_begin(NULL);
	apr_pool_t *pool = req->pool;
	err_t *err;

	*req = *s->req;
	req->pool = pool;
	req->update_id = 0;
	req->now = s->req->now + later_s * SECOND_US;
	err = job_mail_out.run(req, &run);
	req_end(req);
	return err;
}

/* What nobody holds any more is taken up, as the sweep does. */
static err_t *resume(struct scene *s, bool *ret_settled)
{
	struct rows *rows;

	ERR(fixture_sql(&s->f, "UPDATE operations SET lease_until = NULL WHERE settled_at IS NULL"));
	ERR(pg_admin_query(s->f.admin, s->pool, "SELECT id FROM operations WHERE settled_at IS NULL", 0, NULL,
			   &rows));
	*ret_settled = !rows_count(rows);
	if (*ret_settled)
		return NULL;
	s->req->update_id = 0;
	return remote_resume(s->req, rows_text(rows, 0, 0), ret_settled);
}

static err_t *settled(struct scene *s)
{
	bool over = false;

	for (int i = 0; i < 8 && !over; i++)
		ERR(resume(s, &over));
	CHECK(over);
	return NULL;
}

static err_t *(*playing)(struct scene *s);

static err_t *in_her_chat(struct scene *s)
{
	s->req->chat_id = 41;
	return playing(s);
}

static err_t *run(struct test *t, unsigned features, err_t *(*play)(struct scene *s))
{
	playing = play;
	return google_scene_run(t, features, in_her_chat);
}

static err_t *whole(struct scene *s)
{
	struct json *list;

	ERR(tool_scene_call(s, "send_email", LETTER));
	CHECK(s->last.card);
	CHECK_SAID(s, "<b>De:</b> ana@example.org");
	CHECK_SAID(s, "<b>Para:</b> Bia &lt;bia@example.org&gt;");
	CHECK_SAID(s, "<b>Cópia:</b> ze@example.org");
	CHECK_SAID(s, "<b>Assunto:</b> Chego às 10h");
	CHECK_SAID(s, "Olá!\nChego às 10h.");
	ERR(sent(s, 0, &list));
	ERR(tool_scene_answer(s, true));
	CHECK_SAID(s, "Sai em 30 s");
	CHECK(tool_scene_has(s, "t:cancel_email:1"));
	ERR(sent(s, 0, &list));
	CHECK_COUNT(s, "SELECT count(*) FROM jobs WHERE kind = 'mail_out' AND ref = '1'", 1);
	CHECK_ERR(leave(s, 10), ERR_UNAVAILABLE);
	ERR(leave(s, 31));
	ERR(sent(s, 1, &list));
	CHECK_TEXT(json_text(list, "0.subject"), "Chego às 10h");
	CHECK_TEXT(json_text(list, "0.to"), "Bia <bia@example.org>");
	CHECK_TEXT(json_text(list, "0.cc"), "ze@example.org");
	CHECK_TEXT(json_text(list, "0.from"), "ana@example.org");
	CHECK_TEXT(text_trim(s->pool, json_text(list, "0.text")), "Olá!\r\nChego às 10h.");
	CHECK_COUNT(s,
		    "SELECT count(*) FROM mails_out WHERE state = 'sent' AND mail IS NULL AND draft_id <> ''",
		    1);
	CHECK_COUNT(s, "SELECT count(*) FROM jobs WHERE kind = 'mail_out'", 0);
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM outbox WHERE method = 'edit' AND replaces LIKE 'mail:%' AND text LIKE "
		"'%Enviado às%'",
		1);
	/* Nothing is left to do, and a late tap hears how it stands. */
	ERR(leave(s, 40));
	ERR(sent(s, 1, &list));
	ERR(tool_scene_call(s, "send_email", "{\"to\":\"x@example.org\",\"body\":\"\"}"));
	return NULL;
}

TEST(a_mail_is_shown_whole_and_sent_after_its_wait)
{
	return run(t, MAIL, whole);
}

static err_t *cancelled(struct scene *s)
{
	struct json *list;

	ERR(confirmed(s));
	ERR(tool_scene_press(s, "t:cancel_email:1"));
	CHECK_SAID(s, "não saiu nada");
	CHECK_SAID(s, "Chego às 10h."); /* the words come back, for they are kept nowhere else */
	ERR(leave(s, 31));
	ERR(sent(s, 0, &list));
	CHECK_COUNT(s, "SELECT count(*) FROM mails_out WHERE state = 'cancelled' AND mail IS NULL", 1);
	CHECK_COUNT(s, "SELECT count(*) FROM operations", 0);
	return NULL;
}

TEST(a_mail_is_taken_back_until_it_leaves)
{
	return run(t, MAIL, cancelled);
}

static err_t *too_late(struct scene *s)
{
	struct button *cancel;
	size_t n;

	ERR(confirmed(s));
	cancel = s->last.buttons;
	n = s->last.buttons_n;
	ERR(leave(s, 31));
	s->last.buttons = cancel;
	s->last.buttons_n = n;
	ERR(tool_scene_press(s, "t:cancel_email:1"));
	CHECK_SAID(s, "já saiu");
	return NULL;
}

TEST(a_late_tap_hears_that_it_is_out)
{
	return run(t, MAIL, too_late);
}

/* How one call goes wrong, and what came of the mail in the end: how many were sent, and what its row says. */
static const struct {
	const char *call, *fault;
	size_t sent;
	const char *state;
} faults[] = {
	{ "gmail.draftCreate", "after", 1, "sent" },
	{ "gmail.draftCreate", "drop", 1, "sent" },
	{ "gmail.draftCreate", "503", 1, "sent" },
	{ "gmail.draftCreate", "429:rateLimitExceeded", 1, "sent" },
	{ "gmail.draftCreate", "garbage", 1, "sent" },
	{ "gmail.draftCreate", "400:badRequest", 0, "not_sent" },
	{ "gmail.draftCreate", "403:insufficientPermissions", 0, "not_sent" },
	{ "gmail.draftSend", "after", 1, "sent" },
	{ "gmail.draftSend", "drop", 1, "sent" },
	{ "gmail.draftSend", "500", 1, "sent" },
	{ "gmail.draftSend", "cut", 1, "sent" },
	{ "gmail.draftSend", "garbage", 1, "sent" },
	{ "gmail.draftSend", "late:300", 1, "sent" },
	{ "gmail.draftSend", "400:invalidArgument", 0, "not_sent" },
};
static size_t fault_now;

static err_t *faulty(struct scene *s)
{
	struct json *list;

	ERR(google_standin_fault(google_scene(), faults[fault_now].call, faults[fault_now].fault, 1));
	ERR(confirmed(s));
	ERR(leave(s, 31));
	ERR(settled(s));
	ERR(sent(s, faults[fault_now].sent, &list));
	CHECK_COUNT(s,
		    mem_fmt(s->pool, "SELECT count(*) FROM mails_out WHERE state = '%s' AND mail IS NULL",
			    faults[fault_now].state),
		    1);
	CHECK_COUNT(s, "SELECT count(*) FROM outbox WHERE replaces LIKE 'mail:%'", 1);
	ERR(google_standin_control(google_scene(), "drafts", NULL, &list));
	CHECK(json_len(list) <= 1);
	return NULL;
}

TEST(sent_once_whatever_goes_wrong)
{
	for (fault_now = 0; fault_now < sizeof faults / sizeof *faults; fault_now++)
		ERR(err_wrap(run(t, MAIL, faulty), "%s %s", faults[fault_now].call, faults[fault_now].fault));
	return NULL;
}

static err_t *alone(struct scene *s)
{
	struct json *list;

	ERR(confirmed(s));
	ERR(leave(s, 31));
	ERR(sent(s, 1, &list));
	ERR(google_standin_control(google_scene(), "drafts", NULL, &list));
	CHECK_INT(json_len(list), 0);
	CHECK_COUNT(s, "SELECT count(*) FROM mails_out WHERE state = 'sent'", 1);
	return NULL;
}

TEST(sending_alone_needs_no_drafts)
{
	return run(t, 1U << GOOGLE_MAIL_SEND, alone);
}

static err_t *alone_unknown(struct scene *s)
{
	struct json *list;

	ERR(google_standin_fault(google_scene(), "gmail.send", "after", 1));
	ERR(confirmed(s));
	ERR(leave(s, 31));
	ERR(settled(s));
	ERR(sent(s, 1, &list));
	CHECK_COUNT(s, "SELECT count(*) FROM mails_out WHERE state = 'unknown' AND mail IS NULL", 1);
	CHECK_COUNT(s, "SELECT count(*) FROM outbox WHERE text LIKE '%Não sei se o e-mail%'", 1);
	return NULL;
}

TEST(what_cannot_be_seen_is_told_and_not_sent_again)
{
	return run(t, 1U << GOOGLE_MAIL_SEND, alone_unknown);
}

static err_t *alone_seen(struct scene *s)
{
	struct json *list;

	ERR(google_standin_fault(google_scene(), "gmail.send", "after", 1));
	ERR(confirmed(s));
	ERR(leave(s, 31));
	ERR(settled(s));
	ERR(sent(s, 1, &list));
	CHECK_COUNT(s, "SELECT count(*) FROM mails_out WHERE state = 'sent'", 1);
	return NULL;
}

TEST(who_may_read_is_looked_for_among_the_sent)
{
	return run(t, (1U << GOOGLE_MAIL_SEND) | (1U << GOOGLE_MAIL_READ), alone_seen);
}

static err_t *stale(struct scene *s)
{
	struct json *list;

	ERR(confirmed(s));
	ERR(leave(s, 24 * 3600));
	ERR(sent(s, 0, &list));
	CHECK_COUNT(s, "SELECT count(*) FROM mails_out WHERE state = 'not_sent' AND mail IS NULL", 1);
	CHECK_COUNT(s, "SELECT count(*) FROM outbox WHERE text LIKE '%não saiu%'", 1);
	return NULL;
}

TEST(a_day_later_it_does_not_leave_any_more)
{
	return run(t, MAIL, stale);
}

static err_t *closed(struct scene *s)
{
	struct json *list;

	ERR(confirmed(s));
	ERR(fixture_sql(&s->f, "DELETE FROM google_accounts"));
	ERR(leave(s, 31));
	ERR(sent(s, 0, &list));
	CHECK_COUNT(s, "SELECT count(*) FROM outbox WHERE text LIKE '%não saiu%'", 1);
	return NULL;
}

TEST(an_account_that_goes_takes_no_mail_with_it_unheard)
{
	return run(t, MAIL, closed);
}

static err_t *too_long(struct scene *s)
{
	struct buf b = buf_new(s->pool, 1 << 20);

	buf_text(&b, "{\"to\":\"b@example.org\",\"body\":\"");
	for (int i = 0; i < 400; i++)
		buf_text(&b, "palavras &lt; ");
	buf_text(&b, "\"}");
	ERR(tool_scene_call(s, "send_email", b.p));
	CHECK_DATA(s, "refused", "too_long");
	ERR(tool_scene_call(
		s, "send_email",
		"{\"to\":\"b@example.org\",\"subject\":\"a\\r\\nBcc: x@example.org\",\"body\":\"x\"}"));
	CHECK(s->last.card);
	CHECK_SAID(s, "a Bcc: x@example.org");
	return NULL;
}

TEST(what_cannot_be_shown_whole_is_not_sent)
{
	return run(t, MAIL, too_long);
}

static err_t *answer(struct scene *s)
{
	struct json *list;

	ERR(google_standin_control(
		google_scene(), "mail",
		"{\"from\":\"Bia <bia@example.org>\",\"subject\":\"Contrato\",\"text\":\"oi\","
		"\"message_id\":\"<m1@example.org>\",\"references\":\"<m0@example.org>\"}",
		&list));
	ERR(tool_scene_say(s, "/email"));
	ERR(tool_scene_call(s, "send_email", "{\"reply_to\":\"o primeiro\",\"body\":\"Assinado.\"}"));
	CHECK(s->last.card && s->last.outside);
	CHECK_SAID(s, "Re: Contrato");
	ERR(tool_scene_answer(s, true));
	CHECK(s->last.kind == OUTCOME_DONE);
	ERR(leave(s, 31));
	ERR(sent(s, 1, &list));
	CHECK_TEXT(json_text(list, "0.inReplyTo"), "<m1@example.org>");
	CHECK_TEXT(json_text(list, "0.references"), "<m0@example.org> <m1@example.org>");
	CHECK_TEXT(json_text(list, "0.subject"), "Re: Contrato");
	return NULL;
}

/* "responde pro João": the one of his that was shown last, and not another that came meanwhile. */
static err_t *answer_by_name(struct scene *s)
{
	static const char *const mails[] = {
		"{\"from\":\"João Silva <j@example.org>\",\"subject\":\"Velho\",\"text\":\"oi\",\"at\":\"2026-11-20T11:00:00Z\"}",
		"{\"from\":\"João Silva <j@example.org>\",\"subject\":\"Almoço\",\"text\":\"oi\",\"at\":\"2026-11-20T12:00:00Z\"}",
		"{\"from\":\"Bia <bia@example.org>\",\"subject\":\"Contrato\",\"text\":\"oi, João\",\"at\":\"2026-11-20T13:00:00Z\"}",
		"{\"from\":\"João Silva <j@example.org>\",\"subject\":\"Depois\",\"text\":\"oi\",\"at\":\"2026-11-20T14:00:00Z\"}",
	};
	struct json *planted;

	for (int i = 0; i < 4; i++) {
		if (i == 3)
			ERR(tool_scene_say(s, "/email"));
		ERR(google_standin_control(google_scene(), "mail", mails[i], &planted));
	}
	ERR(tool_scene_call(s, "send_email", "{\"reply_to\":\"João\",\"body\":\"Sim.\"}"));
	CHECK(s->last.card);
	CHECK_SAID(s, "Re: Almoço");
	ERR(tool_scene_call(s, "send_email", "{\"reply_to\":\"e-mail da Bia\",\"body\":\"Sim.\"}"));
	CHECK_SAID(s, "Re: Contrato");
	return NULL;
}

TEST(an_answer_goes_to_the_mail_that_was_shown)
{
	return run(t, MAIL, answer_by_name);
}

TEST(an_answer_is_sent_in_its_thread)
{
	return run(t, MAIL, answer);
}
