/* The stand-in's Gmail v1 against the contract. */
#include "tests/integration/google_raw.h"

#include "core/clock.h"
#include "core/text.h"
#include <string.h>

#define ME "/gmail/v1/users/me"

static const char *base64_of(apr_pool_t *pool, const char *s)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	struct buf b = buf_new(pool, 1 << 26);
	unsigned bits = 0, have = 0;

	for (; *s; s++) {
		bits = (bits << 8 | (unsigned char)*s) & 0xFFFFFF;
		have += 8;
		for (; have >= 6; have -= 6)
			buf_char(&b, letters[bits >> (have - 6) & 63]);
	}
	if (have)
		buf_char(&b, letters[bits << (6 - have) & 63]);
	buf_text(&b, "");
	return b.p;
}

static const char *text_of(apr_pool_t *pool, const char *base64)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	struct buf b = buf_new(pool, 1 << 26);
	unsigned bits = 0, have = 0;

	for (; base64 && *base64 && *base64 != '='; base64++) {
		const char *letter = strchr(letters, *base64);

		if (!letter)
			return NULL;
		bits = (bits << 6 | (unsigned)(letter - letters)) & 0xFFFFFF;
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_char(&b, (char)(bits >> have & 255));
		}
	}
	buf_text(&b, "");
	return b.p;
}

static err_t *plant(struct google_raw *s, const char *mail, const char **ret_id)
{
	return google_standin_mail(s->g, NULL, mail, ret_id);
}

static err_t *found(struct google_raw *s, const char *q, size_t expected)
{
	struct buf b = buf_new(s->g->pool, 65536);

	for (; *q; q++)
		if ((*q >= 'a' && *q <= 'z') || (*q >= '0' && *q <= '9'))
			buf_char(&b, *q);
		else
			buf_fmt(&b, "%%%02X", (unsigned)(unsigned char)*q);
	ERR(google_raw_expect(s, "GET", mem_fmt(s->g->pool, ME "/messages?q=%s", b.p), NULL, 200, NULL));
	if (json_len(json_at(s->a.json, "messages")) != expected)
		return err_new(ERR_INTERNAL, "q %s: %s", b.p, s->a.body);
	return NULL;
}

/* --- searching --- */

TEST(a_search_finds_what_gmail_would)
{
	struct google_raw s;

	ERR(google_raw_new(t, "gmail.readonly", &s));
	ERR(plant(
		&s,
		"{\"from\":\"João Silva <joao@x.example>\",\"subject\":\"Reunião de amanhã\",\"text\":\"O contrato segue "
		"anexo.\",\"message_id\":\"<m1@x.example>\",\"attachments\":[{\"filename\":\"contrato.pdf\",\"text\":\"x\"}]}",
		NULL));
	ERR(plant(
		&s,
		"{\"from\":\"bia@y.example\",\"subject\":\"Lunch\",\"text\":\"Pizza?\",\"labels\":[\"INBOX\"],\"at\":"
		"\"2026-11-30T12:00:00Z\"}",
		NULL));
	ERR(plant(
		&s,
		"{\"from\":\"spam@z.example\",\"subject\":\"Prize\",\"text\":\"Won\",\"labels\":[\"SPAM\"]}",
		NULL));
	ERR(google_raw_expect(&s, "GET", ME "/messages", NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "messages")), 2);
	CHECK(!json_at(s.a.json, "messages.0.snippet") && json_text(s.a.json, "messages.0.threadId"));
	ERR(found(&s, "is:unread", 1));
	ERR(found(&s, "from:joao", 1));
	ERR(found(&s, "from:joao@x.example is:unread", 1));
	ERR(found(&s, "from:(joao OR bia)", 2));
	ERR(found(&s, "to:ana@example.org", 2));
	ERR(found(&s, "subject:reuniao", 1));
	ERR(found(&s, "subject:\"de amanhã\"", 1));
	ERR(found(&s, "subject:reuni", 0)); /* whole words */
	ERR(found(&s, "contrato", 1));
	ERR(found(&s, "\"contrato segue\"", 1));
	ERR(found(&s, "pizza OR contrato", 2));
	ERR(found(&s, "pizza contrato", 0));
	ERR(found(&s, "pizza AND lunch", 1));
	ERR(found(&s, "-from:bia", 1));
	ERR(found(&s, "-(pizza OR contrato)", 0));
	ERR(found(&s, "has:attachment", 1));
	ERR(found(&s, "filename:pdf", 1));
	ERR(found(&s, "in:inbox", 2));
	ERR(found(&s, "in:spam", 1));
	ERR(found(&s, "in:anywhere", 3));
	ERR(found(&s, "rfc822msgid:<m1@x.example>", 1));
	ERR(found(&s, "rfc822msgid:m1@x.example", 1));
	ERR(found(&s, "after:2026/11/30 before:2026/12/01 from:bia", 1));
	ERR(found(&s, "after:1796040000 before:1796040001 from:bia", 1));
	ERR(found(&s, "from:bia after:1796040001", 0));
	ERR(found(&s, "from:nobody", 0));
	CHECK(!json_at(s.a.json, "messages")); /* absent, not empty */
	ERR(found(&s, "from:joao newer_than:2d", 1));
	ERR(found(&s, "from:joao older_than:2d", 0));
	ERR(google_raw_expect(&s, "GET", ME "/messages?labelIds=INBOX&labelIds=UNREAD", NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "messages")), 1);
	ERR(google_raw_expect(&s, "GET", ME "/messages?labelIds=NONE", NULL, 400, "invalidArgument"));
	ERR(google_raw_expect(&s, "GET", "/gmail/v1/users/bia%40example.org/messages", NULL, 403,
			      "forbidden"));
	return NULL;
}

TEST(a_list_has_pages_and_metadata_alone_has_limits)
{
	struct google_raw s;
	const char *id, *token;

	ERR(google_raw_new(t, "gmail.readonly", &s));
	for (int i = 0; i < 5; i++)
		ERR(plant(&s,
			  mem_fmt(t->pool, "{\"from\":\"a@x.example\",\"subject\":\"n%d\",\"at\":%d}", i,
				  1000 + i),
			  &id));
	ERR(google_raw_expect(&s, "GET", ME "/messages?maxResults=2", NULL, 200, NULL));
	CHECK_TEXT(json_text(s.a.json, "messages.0.id"), id); /* the newest first */
	token = json_text(s.a.json, "nextPageToken");
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, ME "/messages?maxResults=2&pageToken=%s", token),
			      NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "messages")), 2);
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, ME "/messages?maxResults=3&pageToken=%s", token),
			      NULL, 400, "invalid"));
	ERR(google_raw_token(&s, "gmail.metadata"));
	ERR(google_raw_expect(&s, "GET", ME "/messages?q=x", NULL, 403, "insufficientPermissions"));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, ME "/messages/%s", id), NULL, 403, NULL));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, ME "/messages/%s?format=metadata", id), NULL, 200,
			      NULL));
	ERR(google_raw_token(&s, "gmail.send"));
	ERR(google_raw_expect(&s, "GET", ME "/messages", NULL, 403, "insufficientPermissions"));
	return NULL;
}

/* --- reading --- */

/* Alternative texts within mixed, quoted-printable in Latin-1, a folded and encoded header, a picture. */
#define SOURCE                                                                                                            \
	"From: =?ISO-8859-1?Q?Jo=E3o?= <joao@x.example>\\nTo: ana@example.org\\nsubject: =?UTF-8?B?T2zDoQ==?=\\n"         \
	" =?UTF-8?Q?_mundo?=\\nMessage-ID: <s1@x.example>\\nMIME-Version: 1.0\\n"                                         \
	"Content-Type: multipart/mixed; boundary=\\\"a b\\\"\\n\\npreamble\\n--a b\\n"                                    \
	"Content-Type: multipart/alternative; boundary=in\\n\\n--in\\nContent-Type: text/plain; charset=iso-8859-1\\n"    \
	"Content-Transfer-Encoding: quoted-printable\\n\\nCora=E7=E3o <&> =\\nfim\\n--in\\nContent-Type: text/html\\n\\n" \
	"<b>x</b>\\n--in--\\n\\n--a b\\nContent-Type: image/png; name=p.png\\nContent-Transfer-Encoding: base64\\n"       \
	"Content-Disposition: attachment; filename*=utf-8''fot%C3%B3.png\\n\\niVBO\\nRw0K\\n--a b--\\n"

TEST(a_message_is_a_tree_of_decoded_parts)
{
	struct google_raw s;
	const char *id, *attachment, *path;

	ERR(google_raw_new(t, "gmail.readonly", &s));
	ERR(plant(&s, "{\"source\":\"" SOURCE "\",\"at\":\"2026-12-01T12:00:00Z\"}", &id));
	path = mem_fmt(t->pool, ME "/messages/%s", id);
	ERR(google_raw_expect(&s, "GET", path, NULL, 200, NULL));
	CHECK_TEXT(json_text(s.a.json, "internalDate"), "1796126400000");
	CHECK_TEXT(json_text(s.a.json, "snippet"), "Coração &lt;&amp;&gt; fim");
	CHECK_TEXT(json_text(s.a.json, "payload.mimeType"), "multipart/mixed");
	CHECK_TEXT(json_text(s.a.json, "payload.headers.2.name"), "subject");
	CHECK_TEXT(json_text(s.a.json, "payload.headers.2.value"), "=?UTF-8?B?T2zDoQ==?= =?UTF-8?Q?_mundo?=");
	CHECK_TEXT(json_text(s.a.json, "payload.parts.0.parts.0.partId"), "0.0");
	CHECK_TEXT(text_of(t->pool, json_text(s.a.json, "payload.parts.0.parts.0.body.data")),
		   "Cora\xE7\xE3o <&> fim"); /* still in its charset */
	CHECK_TEXT(json_text(s.a.json, "payload.parts.1.filename"), "fotó.png");
	CHECK(!json_at(s.a.json, "payload.parts.1.body.data"));
	attachment = json_text(s.a.json, "payload.parts.1.body.attachmentId");
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, "%s/attachments/%s", path, attachment), NULL, 200,
			      NULL));
	CHECK_TEXT(text_of(t->pool, json_text(s.a.json, "data")), "\x89PNG\r\n");
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, "%s/attachments/x", path), NULL, 400, NULL));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, "%s?format=metadata&metadataHeaders=Subject", path),
			      NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "payload.headers")), 1);
	CHECK(!json_at(s.a.json, "payload.parts"));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, "%s?format=minimal", path), NULL, 200, NULL));
	CHECK(!json_at(s.a.json, "payload") && json_at(s.a.json, "labelIds"));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, "%s?format=raw", path), NULL, 200, NULL));
	CHECK(text_starts(text_of(t->pool, json_text(s.a.json, "raw")), "From: =?ISO"));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, "%s?format=plain", path), NULL, 400,
			      "invalidArgument"));
	ERR(google_raw_expect(&s, "GET", ME "/messages/123", NULL, 404, "notFound"));
	ERR(plant(&s, "{\"source\":\"" SOURCE "\",\"decoded\":true,\"behind\":true}", &id));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, ME "/messages/%s", id), NULL, 200, NULL));
	CHECK_TEXT(json_text(s.a.json, "payload.headers.2.value"), "Olá mundo");
	CHECK(json_text(s.a.json, "payload.parts.0.parts.0.body.attachmentId"));
	ERR(plant(
		&s,
		"{\"payload\":{\"mimeType\":\"text/plain\",\"headers\":[{\"name\":\"Subject\",\"value\":\"P\"}],"
		"\"body\":{\"data\":\"SGk\"}}}",
		&id));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, ME "/messages/%s", id), NULL, 200, NULL));
	CHECK_TEXT(text_of(t->pool, json_text(s.a.json, "payload.body.data")), "Hi");
	return NULL;
}

TEST(labels_are_changed_and_history_tells)
{
	struct google_raw s;
	const char *id, *start;

	ERR(google_raw_new(t, "gmail.modify", &s));
	ERR(google_raw_expect(&s, "GET", ME "/profile", NULL, 200, NULL));
	CHECK_TEXT(json_text(s.a.json, "emailAddress"), "ana@example.org");
	start = json_text(s.a.json, "historyId");
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, ME "/history?startHistoryId=%s", start), NULL, 200,
			      NULL));
	CHECK(!json_at(s.a.json, "history"));
	ERR(plant(&s, "{\"from\":\"a@x.example\",\"subject\":\"x\"}", &id));
	ERR(google_raw_expect(&s, "POST", mem_fmt(t->pool, ME "/messages/%s/modify", id),
			      "{\"removeLabelIds\":[\"UNREAD\",\"INBOX\"]}", 200, NULL));
	CHECK(!strstr(json_write(t->pool, json_at(s.a.json, "labelIds")), "INBOX"));
	ERR(google_raw_expect(&s, "POST", mem_fmt(t->pool, ME "/messages/%s/modify", id),
			      "{\"addLabelIds\":[\"SENT\"]}", 400, "invalidArgument"));
	ERR(google_raw_expect(&s, "POST", mem_fmt(t->pool, ME "/messages/%s/modify", id),
			      "{\"addLabelIds\":[\"Nope\"]}", 400, "invalidArgument"));
	ERR(google_raw_expect(&s, "POST", ME "/labels", "{\"name\":\"Lembra/Feito\"}", 200, NULL));
	ERR(google_raw_expect(&s, "POST", ME "/messages/batchModify",
			      mem_fmt(t->pool, "{\"ids\":[\"%s\"],\"addLabelIds\":[\"%s\"]}", id,
				      json_text(s.a.json, "id")),
			      204, NULL));
	ERR(google_raw_expect(&s, "POST", ME "/labels", "{\"name\":\"lembra/feito\"}", 409, "duplicate"));
	ERR(found(&s, "label:lembra/feito", 1));
	ERR(google_raw_expect(&s, "POST", mem_fmt(t->pool, ME "/messages/%s/trash", id), NULL, 200, NULL));
	ERR(found(&s, "from:a", 0));
	ERR(google_raw_expect(&s, "GET",
			      mem_fmt(t->pool, ME "/history?startHistoryId=%s&historyTypes=messageAdded",
				      start),
			      NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "history")), 1);
	CHECK_TEXT(json_text(s.a.json, "history.0.messagesAdded.0.message.id"), id);
	ERR(google_standin_control(s.g, "history_expire", NULL, NULL));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, ME "/history?startHistoryId=%s", start), NULL, 404,
			      "notFound"));
	ERR(google_raw_token(&s, "gmail.readonly"));
	ERR(google_raw_expect(&s, "POST", mem_fmt(t->pool, ME "/messages/%s/trash", id), NULL, 403,
			      "insufficientPermissions"));
	return NULL;
}

/* --- sending --- */

#define HEAD "From: Ana <ana@example.org>\r\nTo: bia@x.example\r\nSubject: Hi\r\n"
#define PLAIN "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"

static err_t *posted(struct google_raw *s, const char *raw, int status)
{
	return google_raw_expect(s, "POST", ME "/messages/send",
				 mem_fmt(s->g->pool, "{\"raw\":\"%s\"}", base64_of(s->g->pool, raw)), status,
				 NULL);
}

static const char *const bad_mails[] = {
	"From: ana@example.org\r\nSubject: nobody\r\n\r\nx",
	"From: bia@x.example\r\nTo: bia@x.example\r\n\r\nx",
	"From: ana@example.org, bia@x.example\r\nTo: bia@x.example\r\n\r\nx",
	"To: bia@x.example\nSubject: bare\n\nx",
	"To: bia@x.example\r\n\r\nbare\nline",
	"To: bia@x.example\r\n\r\nbare\rline",
	"To: bia@x.example\r\nTo: caio@x.example\r\n\r\nx",
	"To: bia@x.example\r\nSubject: a\r\nSubject: b\r\n\r\nx",
	"To: bia@x.example\r\nSubject: ol\xC3\xA1\r\n\r\nx",
	"To: bia@x.example\r\nno colon here\r\n\r\nx",
	" To: bia@x.example\r\n\r\nx",
	"To: bia at x\r\n\r\nx",
	"To: bia@x.example,\r\n\r\nx",
	"To: bia@x.example\r\nSubject: =?UTF-8?B?4?=\r\n\r\nx",
	"To: bia@x.example\r\nSubject: =?UTF-8?B?w6=?=\r\n\r\nx",
	"To: bia@x.example\r\nSubject: =?UTF-8?Q?one two?=\r\n\r\nx",
	"To: bia@x.example\r\nSubject: "
	"=?UTF-8?Q?aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa?=\r\n\r\nx",
	"To: bia@x.example\r\nMessage-ID: none\r\n\r\nx",
	"To: bia@x.example\r\nContent-Type: text/plain\r\n\r\nx",
	HEAD PLAIN "\r\nol\xC3\xA1",
	HEAD PLAIN "Content-Transfer-Encoding: base64\r\n\r\n!!!",
	HEAD PLAIN "Content-Transfer-Encoding: quoted-printable\r\n\r\n=ZZ",
	HEAD PLAIN "Content-Transfer-Encoding: quoted-printable\r\n\r\n=E1",
	HEAD "MIME-Version: 1.0\r\nContent-Type: multipart/mixed\r\n\r\nx",
	HEAD "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx",
};

TEST(a_mail_that_breaks_a_rule_is_refused)
{
	struct google_raw s;
	struct json *sent;

	ERR(google_raw_new(t, "gmail.send", &s));
	for (size_t i = 0; i < sizeof bad_mails / sizeof *bad_mails; i++) {
		err_t *err = posted(&s, bad_mails[i], 400);

		if (err)
			return err_wrap(err, "mail %zu", i);
	}
	ERR(posted(&s, mem_fmt(t->pool, "To: bia@x.example\r\nX-Long: %01000d\r\n\r\nx", 1), 400));
	ERR(google_raw_expect(&s, "POST", ME "/messages/send", "{\"raw\":\"a+b/\"}", 400, "badRequest"));
	ERR(google_raw_expect(&s, "POST", ME "/messages/send", "{}", 400, "invalidArgument"));
	ERR(google_raw_expect(&s, "POST", ME "/messages/send",
			      mem_fmt(t->pool, "{\"raw\":\"%s\",\"threadId\":\"nope\"}",
				      base64_of(t->pool, HEAD "\r\nx")),
			      404, "notFound"));
	ERR(google_raw_expect(&s, "POST", ME "/drafts", "{}", 403, "insufficientPermissions"));
	ERR(google_standin_list(s.g, NULL, "sent", &sent));
	CHECK_INT(json_len(sent), 0);
	return NULL;
}

TEST(what_is_sent_is_kept_as_it_arrives)
{
	struct google_raw s;
	struct json *sent;
	const char *id;

	ERR(google_raw_new(t, "gmail.modify", &s));
	ERR(posted(
		&s,
		"From: =?UTF-8?Q?Ana_Concei=C3=A7=C3=A3o?= <ana@example.org>\r\nTo: \"Bia, do X\" <bia@x.example>\r\n"
		"Cc: caio@x.example\r\nBcc: dora@x.example\r\nSubject: =?UTF-8?B?T2zDoQ==?=\r\n"
		"Message-ID: <mine@lembra.example>\r\n" PLAIN
		"Content-Transfer-Encoding: quoted-printable\r\n\r\nCora=C3=A7=C3=A3o=20\r\n",
		200));
	id = json_text(s.a.json, "id");
	CHECK_TEXT(json_write(t->pool, json_at(s.a.json, "labelIds")), "[\"SENT\"]");
	ERR(google_standin_list(s.g, NULL, "sent", &sent));
	CHECK_INT(json_len(sent), 1);
	CHECK_TEXT(json_text(sent, "0.from"), "Ana Conceição <ana@example.org>");
	CHECK_TEXT(json_text(sent, "0.subject"), "Olá");
	CHECK_TEXT(json_text(sent, "0.bcc"), "dora@x.example");
	CHECK_TEXT(json_text(sent, "0.text"), "Coração \r\n");
	CHECK(!strstr(json_text(sent, "0.raw"), "Bcc"));
	ERR(found(&s, "rfc822msgid:mine@lembra.example in:sent", 1));
	CHECK_TEXT(json_text(s.a.json, "messages.0.id"), id);
	ERR(google_standin_control(s.g, "gmail", "{\"rewrite_message_id\":true,\"search_lag\":1}", NULL));
	ERR(posted(&s, HEAD "Message-ID: <two@lembra.example>\r\n\r\nx", 200));
	ERR(found(&s, "subject:hi", 0));
	ERR(found(&s, "subject:hi", 1));
	ERR(found(&s, "rfc822msgid:two@lembra.example", 0));

	struct google_ask ask = { "POST", "/upload/gmail/v1/users/me/messages/send?uploadType=media", s.token,
				  .type = "message/rfc822", .body = HEAD "\r\nuploaded" };
	ERR(google_standin_call(s.g, &ask, &s.a));
	CHECK_INT(s.a.status, 200);
	char *big = mem_alloc(t->pool, 5000001);
	memset(big, 'x', 5000000);
	for (size_t i = 76; i + 1 < 5000000; i += 78)
		memcpy(big + i, "\r\n", 2);
	ERR(posted(&s, mem_fmt(t->pool, HEAD "\r\n%s", big), 200)); /* over what JSON may be here */
	return NULL;
}

TEST(a_reply_joins_its_thread_by_three_marks)
{
	struct google_raw s;
	const char *id, *thread;
	static const struct {
		const char *head;
		bool joins;
	} cases[] = {
		{ "Subject: Re: Plan\r\nIn-Reply-To: <p1@x.example>\r\nReferences: <p1@x.example>\r\n",
		  true },
		{ "Subject: Other\r\nIn-Reply-To: <p1@x.example>\r\nReferences: <p1@x.example>\r\n", false },
		{ "Subject: Re: Plan\r\nReferences: <p1@x.example>\r\n", false },
		{ "Subject: Re: Plan\r\nIn-Reply-To: <p1@x.example>\r\n", false },
	};

	ERR(google_raw_new(t, "gmail.modify", &s));
	ERR(plant(&s, "{\"from\":\"bia@x.example\",\"subject\":\"Plan\",\"message_id\":\"<p1@x.example>\"}",
		  &id));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, ME "/messages/%s?format=minimal", id), NULL, 200,
			      NULL));
	thread = json_text(s.a.json, "threadId");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *raw = mem_fmt(t->pool, "To: bia@x.example\r\n%s\r\nok", cases[i].head);

		ERR(google_raw_expect(&s, "POST", ME "/messages/send",
				      mem_fmt(t->pool, "{\"raw\":\"%s\",\"threadId\":\"%s\"}",
					      base64_of(t->pool, raw), thread),
				      200, NULL));
		CHECK_INT(text_same(json_text(s.a.json, "threadId"), thread), cases[i].joins);
	}
	ERR(plant(&s,
		  "{\"from\":\"bia@x.example\",\"subject\":\"Re: Plan\",\"references\":\"<p1@x.example>\"}",
		  &id));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, ME "/threads/%s", thread), NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "messages")), 3);
	ERR(google_raw_expect(&s, "GET", ME "/threads?q=in:inbox", NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "threads")), 1);
	return NULL;
}

TEST(a_draft_goes_once)
{
	struct google_raw s;
	struct json *drafts, *sent;
	const char *draft, *message, *path;

	ERR(google_raw_new(t, "gmail.modify", &s));
	ERR(google_raw_expect(
		&s, "POST", ME "/drafts",
		mem_fmt(t->pool, "{\"message\":{\"raw\":\"%s\"}}",
			base64_of(t->pool,
				  "Subject: Draft\r\nMessage-ID: <d1@l.example>\r\n\r\nwithout anybody")),
		200, NULL));
	draft = json_text(s.a.json, "id");
	message = json_text(s.a.json, "message.id");
	path = mem_fmt(t->pool, ME "/drafts/%s", draft);
	CHECK_TEXT(json_write(t->pool, json_at(s.a.json, "message.labelIds")), "[\"DRAFT\"]");
	ERR(google_raw_expect(&s, "POST", ME "/drafts/send", mem_fmt(t->pool, "{\"id\":\"%s\"}", draft), 400,
			      "invalidArgument"));
	ERR(google_raw_expect(&s, "PUT", path,
			      mem_fmt(t->pool, "{\"message\":{\"raw\":\"%s\"}}",
				      base64_of(t->pool, HEAD "Message-ID: <d2@l.example>\r\n\r\nnow")),
			      200, NULL));
	CHECK(!text_same(json_text(s.a.json, "message.id"), message));
	ERR(google_raw_expect(&s, "GET", path, NULL, 200, NULL));
	CHECK_TEXT(text_of(t->pool, json_text(s.a.json, "message.payload.body.data")), "now");
	ERR(google_raw_expect(&s, "GET", ME "/drafts?q=rfc822msgid:d2%40l.example", NULL, 200, NULL));
	CHECK_TEXT(json_text(s.a.json, "drafts.0.id"), draft);
	ERR(google_raw_expect(&s, "GET", ME "/drafts?q=rfc822msgid:d1%40l.example", NULL, 200, NULL));
	CHECK(!json_at(s.a.json, "drafts"));
	ERR(google_standin_fault(s.g, "gmail.draftSend", "after", 1));
	CHECK_ERR(google_raw_ask(&s, "POST", ME "/drafts/send", mem_fmt(t->pool, "{\"id\":\"%s\"}", draft),
				 NULL),
		  ERR_HTTP);
	ERR(google_raw_expect(&s, "GET", path, NULL, 404, "notFound"));
	ERR(google_raw_expect(&s, "POST", ME "/drafts/send", mem_fmt(t->pool, "{\"id\":\"%s\"}", draft), 404,
			      "notFound"));
	ERR(found(&s, "in:sent rfc822msgid:d2@l.example", 1));
	ERR(google_standin_list(s.g, NULL, "sent", &sent));
	CHECK_INT(json_len(sent), 1);
	CHECK_TEXT(json_text(sent, "0.draft"), draft);
	ERR(google_raw_expect(&s, "POST", ME "/drafts",
			      mem_fmt(t->pool, "{\"message\":{\"raw\":\"%s\"}}",
				      base64_of(t->pool, HEAD "\r\nx")),
			      200, NULL));
	ERR(google_standin_list(s.g, NULL, "drafts", &drafts));
	CHECK_TEXT(json_text(drafts, "0.message.to"), "bia@x.example");
	path = mem_fmt(t->pool, ME "/drafts/%s", json_text(drafts, "0.id"));
	ERR(google_raw_expect(&s, "DELETE", path, NULL, 204, NULL));
	ERR(google_raw_expect(&s, "DELETE", path, NULL, 404, "notFound"));
	ERR(google_standin_control(s.g, "quota", "{\"gmail\":120}", NULL));
	ERR(posted(&s, HEAD "\r\nx", 200));
	ERR(posted(&s, HEAD "\r\nx", 429)); /* 100 units each */
	return NULL;
}
