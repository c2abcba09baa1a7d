/* Gmail's answers as it sends them, and broken ones; and what is asked of it. */
#include "core/text.h"
#include "integrations/google/google_gmail.h"
#include "tests/test.h"
#include <stdio.h>
#include <string.h>

static err_t *data_read(apr_pool_t *pool, const char *path, struct json **ret)
{
	struct buf b = buf_new(pool, 1 << 20);
	FILE *f = fopen(path, "re");

	if (!f)
		return err_new(ERR_NOT_FOUND, "no file \"%s\"", path);
	for (int c; (c = fgetc(f)) != EOF;)
		buf_char(&b, (char)c);
	fclose(f);
	return json_read(pool, b.p, b.n, ret);
}

static const char *show_addresses(apr_pool_t *pool, struct mime_addresses list)
{
	const char *shown = "";

	for (size_t i = 0; i < list.n; i++)
		shown = mem_fmt(pool, "%s%s%s|%s", shown, i ? " + " : "", list.v[i].name, list.v[i].address);
	return shown;
}

static const char *show_one(apr_pool_t *pool, struct mime_address a)
{
	return *a.address ? show_addresses(pool, (struct mime_addresses){ 1, &a }) : "";
}

static struct json *show(apr_pool_t *pool, const struct gmail_mail *m)
{
	struct json *o = json_object(pool), *files = json_array(pool);
	const char *flags = mem_fmt(pool, "%s%s%s%s", m->unread ? " unread" : "", m->inbox ? " inbox" : "",
				    m->sent ? " sent" : "", m->draft ? " draft" : "");

	json_set_text(o, "from", show_one(pool, m->from));
	json_set_text(o, "to", show_addresses(pool, m->to));
	json_set_text(o, "cc", show_addresses(pool, m->cc));
	json_set_text(o, "reply_to", show_one(pool, m->reply_to));
	json_set_text(o, "subject", m->subject);
	json_set_text(o, "snippet", m->snippet);
	json_set_text(o, "message_id", m->message_id);
	json_set_int(o, "at", m->at);
	json_set_text(o, "flags", text_trim(pool, flags));
	json_set_text(o, "text", m->text);
	json_set_bool(o, "cut", m->cut);
	for (size_t i = 0; i < m->files_n; i++)
		json_push_text(files, mem_fmt(pool, "%s %s %lld", m->files[i].name, m->files[i].type,
					      (long long)m->files[i].size));
	json_set(o, "files", files);
	json_set_text(o, "late",
		      m->late_path ? mem_fmt(pool, "%s %s %s", m->late_path, m->late_type, m->late_charset)
				   : NULL);
	return o;
}

static err_t *check_mail(apr_pool_t *pool, const struct json *one)
{
	const struct json *expect = json_at(one, "expect");
	struct gmail_mail mail;
	err_t *err = google_gmail_mail(pool, json_at(one, "body"), &mail);

	if (err) {
		CHECK_TEXT(err_name(err->code), json_text(expect, "error"));
		err_clear(err);
		return NULL;
	}
	CHECK_TEXT(json_write(pool, show(pool, &mail)), json_write(pool, expect));
	return NULL;
}

TEST(mails)
{
	struct json *mails;

	ERR(data_read(t->pool, "tests/data/google/mails.json", &mails));
	CHECK(json_len(mails) > 20);
	for (size_t i = 0; i < json_len(mails); i++)
		ERR(err_wrap(check_mail(t->pool, json_item(mails, i)), "%s",
			     json_text(json_item(mails, i), "name")));
	return NULL;
}

static err_t *read_text(apr_pool_t *pool, const char *text, struct json **ret)
{
	return json_read(pool, text, strlen(text), ret);
}

/* A long text behind an attachment id becomes the mail's. */
TEST(a_late_text)
{
	struct gmail_mail mail = {
		.id = "a", .text = "", .late_type = "text/plain", .late_charset = "iso-8859-1"
	};
	struct json *body;

	mail.late_path = "/x";
	ERR(read_text(t->pool, "{\"size\":4,\"data\":\"QXTp\"}", &body));
	ERR(google_gmail_late(t->pool, body, &mail));
	CHECK_TEXT(mail.text, "Até");
	CHECK(!mail.late_path && !mail.cut);
	ERR(read_text(t->pool, "{\"size\":4}", &body));
	CHECK_ERR(google_gmail_late(t->pool, body, &mail), ERR_INVALID);
	return NULL;
}

/* A mail longer than is taken is cut between characters, and says so. */
TEST(a_long_text_is_cut)
{
	struct gmail_mail mail = { .id = "a", .text = "", .late_type = "text/plain" };
	struct buf b = buf_new(t->pool, 1 << 20);
	struct json *body = json_object(t->pool);

	for (int i = 0; i < 30000; i++)
		buf_text(&b, "w6nDqQ"); /* éé */
	json_set_text(body, "data", b.p);
	ERR(google_gmail_late(t->pool, body, &mail));
	CHECK(mail.cut);
	CHECK(strlen(mail.text) <= GMAIL_TEXT + 2 && text_utf8_valid(mail.text, strlen(mail.text)));
	return NULL;
}

TEST(searches)
{
	const struct gmail_query all = { .from = "João",
					 .to = "bia@example.org",
					 .subject = "contrato novo",
					 .words = "aluguel  multa",
					 .label = "trabalho",
					 .unread = true,
					 .attachment = true,
					 .since = 1796083200,
					 .until = 1796688000 };

	CHECK_TEXT(google_gmail_q(t->pool, &(struct gmail_query){ 0 }), "");
	CHECK_TEXT(google_gmail_q(t->pool, &all),
		   "is:unread has:attachment after:1796083200 before:1796688000 label:\"trabalho\" "
		   "from:\"João\" to:\"bia@example.org\" subject:\"contrato\" subject:\"novo\" "
		   "\"aluguel\" \"multa\"");
	CHECK_TEXT(google_gmail_q(t->pool, &(struct gmail_query){ .message_id = "a@b.c" }),
		   "rfc822msgid:a@b.c");
	CHECK_TEXT(google_gmail_q(t->pool, &(struct gmail_query){ .message_id = "a b" }), "");
	return NULL;
}

/* No word of a person's becomes an operator. */
TEST(words_are_no_operators)
{
	CHECK_TEXT(google_gmail_q(t->pool, &(struct gmail_query){ .words = "in:trash -x OR {a b} from:me" }),
		   "\"in:trash\" \"-x\" \"OR\" \"{a\" \"b}\" \"from:me\"");
	CHECK_TEXT(google_gmail_q(t->pool, &(struct gmail_query){ .from = "a\" OR in:trash \\\"b" }),
		   "from:\"a  OR in:trash   b\"");
	CHECK_TEXT(google_gmail_q(t->pool, &(struct gmail_query){ .words = "\" \"\"" }), "");
	return NULL;
}

TEST(paths)
{
	CHECK_TEXT(
		google_gmail_list_path(t->pool, "from:\"ção\"", 10, NULL),
		"/messages?q=from%3A%22%C3%A7%C3%A3o%22&maxResults=10&fields=messages%28id%2CthreadId%29%2C"
		"nextPageToken%2CresultSizeEstimate");
	CHECK_TEXT(google_gmail_get_path(t->pool, "18c2a1", false), "/messages/18c2a1?format=full");
	CHECK(!google_gmail_get_path(t->pool, "../x", false));
	CHECK(!google_gmail_get_path(t->pool, "", true));
	CHECK(!google_gmail_modify_path(t->pool, "a/b"));
	CHECK_TEXT(google_gmail_modify_path(t->pool, "a-b_c"), "/messages/a-b_c/modify");
	CHECK_TEXT(google_gmail_drafts_path(t->pool, "a@b.c"),
		   "/drafts?q=rfc822msgid%3Aa%40b.c&maxResults=1");
	return NULL;
}

TEST(lists)
{
	struct gmail_list list;
	struct json *body;

	ERR(read_text(t->pool, "{\"resultSizeEstimate\":0}", &body));
	ERR(google_gmail_list(t->pool, body, &list));
	CHECK_INT(list.n, 0);
	CHECK(!list.next);
	ERR(read_text(
		t->pool,
		"{\"messages\":[{\"id\":\"a\",\"threadId\":\"b\"},{\"id\":\"x/y\"},{},5,{\"id\":\"c\"}],"
		"\"nextPageToken\":\"T\"}",
		&body));
	ERR(google_gmail_list(t->pool, body, &list));
	CHECK_INT(list.n, 2);
	CHECK_TEXT(list.v[0].thread_id, "b");
	CHECK_TEXT(list.v[1].id, "c");
	CHECK_TEXT(list.next, "T");
	ERR(read_text(t->pool, "[]", &body));
	CHECK_ERR(google_gmail_list(t->pool, body, &list), ERR_INVALID);
	return NULL;
}

TEST(drafts_and_sending)
{
	struct buf bytes = buf_new(t->pool, 100);
	struct gmail_row row;
	struct json *body;
	const char *draft;

	buf_text(&bytes, "To: b@example.org\r\n\r\nHello");
	CHECK_TEXT(json_write(t->pool, google_gmail_draft(t->pool, &bytes, "th")),
		   "{\"message\":{\"raw\":\"VG86IGJAZXhhbXBsZS5vcmcNCg0KSGVsbG8\",\"threadId\":\"th\"}}");
	CHECK_TEXT(json_write(t->pool, google_gmail_raw(t->pool, &bytes, "")),
		   "{\"raw\":\"VG86IGJAZXhhbXBsZS5vcmcNCg0KSGVsbG8\"}");
	CHECK_TEXT(json_write(t->pool, google_gmail_labels(t->pool, NULL, "INBOX")),
		   "{\"removeLabelIds\":[\"INBOX\"]}");
	ERR(read_text(t->pool, "{\"id\":\"r-1\",\"message\":{\"id\":\"m1\",\"threadId\":\"t1\"}}", &body));
	ERR(google_gmail_draft_id(t->pool, body, &draft, &row));
	CHECK_TEXT(draft, "r-1");
	CHECK_TEXT(row.id, "m1");
	ERR(read_text(t->pool,
		      "{\"drafts\":[{\"id\":\"r-1\",\"message\":{\"id\":\"m1\",\"threadId\":\"t1\"}}]}",
		      &body));
	ERR(google_gmail_drafts(t->pool, body, &draft, &row));
	CHECK_TEXT(draft, "r-1");
	ERR(read_text(t->pool, "{}", &body));
	ERR(google_gmail_drafts(t->pool, body, &draft, &row));
	CHECK(!draft);
	CHECK_ERR(google_gmail_draft_id(t->pool, body, &draft, &row), ERR_INVALID);
	CHECK_ERR(google_gmail_sent_id(t->pool, body, &row), ERR_INVALID);
	return NULL;
}
