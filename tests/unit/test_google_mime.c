/* Mail written and read: what is written is read again, and nothing in it becomes a header of its own. */
#include "core/clock.h"
#include "core/text.h"
#include "integrations/google/google_charset.h"
#include "integrations/google/google_mime.h"
#include "tests/test.h"
#include <stdlib.h>
#include <string.h>

static const struct mime_mail plain = {
	.from = { "", "eu@example.org" },
	.to = { 1, (const struct mime_address[]){ { "", "ana@example.org" } } },
	.subject = "Hi",
	.body = "Hello",
	.date = INT64_C(1796133720) * SECOND_US,
	.offset_s = -3 * 3600,
	.message_id = "lembra.1@example.org",
};

TEST(a_plain_mail)
{
	struct buf b;

	ERR(google_mime_write(t->pool, &plain, &b));
	CHECK_TEXT(b.p, "From: eu@example.org\r\nTo: ana@example.org\r\nSubject: Hi\r\n"
			"Date: Tue, 01 Dec 2026 11:02:00 -0300\r\nMessage-ID: <lembra.1@example.org>\r\n"
			"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
			"Content-Transfer-Encoding: 7bit\r\n\r\nHello\r\n");
	return NULL;
}

/* The value of a header as it stands in a mail, folds and all; NULL: none. */
static const char *header_of(apr_pool_t *pool, const char *mail, const char *name)
{
	const char *end = strstr(mail, "\r\n\r\n"), *at = mail;
	size_t n = strlen(name);

	while (at && at < end) {
		const char *next = strstr(at, "\r\n");

		while (next && (next[2] == ' ' || next[2] == '\t'))
			next = strstr(next + 2, "\r\n");
		if (strncmp(at, name, n) == 0 && at[n] == ':')
			return mem_textn(pool, at + n + 2, (size_t)(next - at) - n - 2);
		at = next ? next + 2 : NULL;
	}
	return NULL;
}

static err_t *check_lines(const char *mail, size_t max)
{
	for (const char *at = mail; *at;) {
		const char *end = strstr(at, "\r\n");

		CHECK(end != NULL);
		CHECK((size_t)(end - at) <= max);
		for (const char *c = at; c < end; c++)
			CHECK((*c >= ' ' && *c < 127) || *c == '\t');
		at = end + 2;
	}
	return NULL;
}

static err_t *check_subject(apr_pool_t *pool, const char *subject, const char *expected)
{
	struct mime_mail mail = plain;
	struct buf b;

	mail.subject = subject;
	ERR(google_mime_write(pool, &mail, &b));
	ERR(check_lines(b.p, 78));
	CHECK_TEXT(google_mime_decode(pool, header_of(pool, b.p, "Subject")), expected);
	for (const char *at = b.p; (at = strstr(at, "=?UTF-8?")); at += 2) {
		const char *word_end = strstr(at + 10, "?=");

		CHECK(word_end && word_end + 2 - at <= 75);
		/* Each word is whole characters. */
		CHECK(!strstr(google_mime_decode(pool, mem_textn(pool, at, (size_t)(word_end + 2 - at))),
			      "\xEF\xBF\xBD"));
	}
	return NULL;
}

TEST(subjects_come_back)
{
	const char
		*long_pt = "Relatório das reuniões de coordenação do mês de março, com observações, "
			   "conclusões e próximas ações até amanhã às 10h",
		*emoji = "🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉",
		*words = "a subject of many plain words that is much too long for one line of a mail and so "
			 "is folded at its blanks, twice";

	ERR(check_subject(t->pool, "", ""));
	ERR(check_subject(t->pool, "Olá, João", "Olá, João"));
	ERR(check_subject(t->pool, long_pt, long_pt));
	ERR(check_subject(t->pool, emoji, emoji));
	ERR(check_subject(t->pool, words, words));
	ERR(check_subject(t->pool, "=?UTF-8?Q?oi?=", "=?UTF-8?Q?oi?="));
	ERR(check_subject(
		t->pool,
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"));
	ERR(check_subject(t->pool, "a\r\nBcc: evil@example.org", "a Bcc: evil@example.org"));
	ERR(check_subject(t->pool, "a\r\n\r\nbody\x01\x7F", "a body"));
	return NULL;
}

TEST(no_word_becomes_a_header)
{
	static const struct mime_address evil[] = { { "A\r\nBcc: x@example.org", "ana@example.org" } };
	struct mime_mail mail = plain;
	struct buf b;

	mail.to = (struct mime_addresses){ 1, evil };
	mail.subject = "a\nBcc: x@example.org";
	mail.references = "<a@b>\r\nBcc: <x@example.org>";
	mail.in_reply_to = "c@d";
	ERR(google_mime_write(t->pool, &mail, &b));
	CHECK(!header_of(t->pool, b.p, "Bcc"));
	CHECK_TEXT(header_of(t->pool, b.p, "References"), "<a@b>\r\n <x@example.org>\r\n <c@d>");
	mail.in_reply_to = "c@d>\r\nBcc: x@example.org";
	CHECK_ERR(google_mime_write(t->pool, &mail, &b), ERR_INVALID);
	mail.in_reply_to = NULL;
	mail.message_id = "no-at-sign";
	CHECK_ERR(google_mime_write(t->pool, &mail, &b), ERR_INVALID);
	mail = plain;
	mail.to = (struct mime_addresses){ 1, (const struct mime_address[]){ { "", "a@b\r\nX: y" } } };
	CHECK_ERR(google_mime_write(t->pool, &mail, &b), ERR_INVALID);
	return NULL;
}

static err_t *check_name(apr_pool_t *pool, const char *name, const char *wire)
{
	const struct mime_address to[] = { { name, "ana@example.org" }, { "", "b@example.org" } };
	struct mime_mail mail = plain;
	struct mime_addresses back;
	struct buf b;

	mail.to = (struct mime_addresses){ 2, to };
	ERR(google_mime_write(pool, &mail, &b));
	ERR(check_lines(b.p, 78));
	if (wire)
		CHECK_TEXT(header_of(pool, b.p, "To"), wire);
	back = google_mime_addresses(pool, header_of(pool, b.p, "To"));
	CHECK_INT(back.n, 2);
	CHECK_TEXT(back.v[0].name, name);
	CHECK_TEXT(back.v[0].address, "ana@example.org");
	CHECK_TEXT(back.v[1].address, "b@example.org");
	return NULL;
}

TEST(names_come_back)
{
	ERR(check_name(t->pool, "Ana Souza", "Ana Souza <ana@example.org>,\r\n b@example.org"));
	ERR(check_name(t->pool, "Souza, Ana (RH)",
		       "\"Souza, Ana (RH)\" <ana@example.org>,\r\n b@example.org"));
	ERR(check_name(t->pool, "Ana \"Aninha\" \\ S.", NULL));
	ERR(check_name(t->pool, "João D'Ávila, Ção & Cia; <x>", NULL));
	ERR(check_name(t->pool, "=?UTF-8?Q?oi?=", NULL));
	ERR(check_name(t->pool,
		       "A name that is so very long that it cannot stand before its address in one line",
		       NULL));
	return NULL;
}

/* The body as the transfer encoding holds it, decoded. */
static const char *body_of(apr_pool_t *pool, const char *mail)
{
	const char *body = strstr(mail, "\r\n\r\n") + 4,
		   *how = header_of(pool, mail, "Content-Transfer-Encoding");
	struct buf out = buf_new(pool, 1 << 20);

	if (text_same(how, "base64"))
		return google_mime_unbase64(pool, body, strlen(body), &out) ? out.p : NULL;
	if (text_same(how, "7bit"))
		return body;
	for (; *body; body++) {
		if (text_starts(body, "=\r\n")) {
			body += 2;
		} else if (*body == '=') {
			buf_char(&out, (char)strtol(mem_textn(pool, body + 1, 2), NULL, 16));
			body += 2;
		} else {
			buf_char(&out, *body);
		}
	}
	return out.p;
}

static err_t *check_body(apr_pool_t *pool, const char *body, const char *how, const char *expected)
{
	struct mime_mail mail = plain;
	struct buf b;

	mail.body = body;
	ERR(google_mime_write(pool, &mail, &b));
	ERR(check_lines(b.p, 78));
	CHECK_TEXT(header_of(pool, b.p, "Content-Transfer-Encoding"), how);
	CHECK_TEXT(body_of(pool, b.p), expected);
	return NULL;
}

TEST(bodies_come_back)
{
	char *long_line = mem_alloc(t->pool, 3002);

	memset(long_line, 'x', 3000);
	ERR(check_body(t->pool, "", "7bit", ""));
	ERR(check_body(t->pool, "a\nb\r\nc\rd", "7bit", "a\r\nb\r\nc\r\nd\r\n"));
	ERR(check_body(t->pool, "Oi, João!\nAté amanhã.", "quoted-printable",
		       "Oi, João!\r\nAté amanhã.\r\n"));
	ERR(check_body(t->pool, "trailing \nFrom here\n.\n", "quoted-printable",
		       "trailing \r\nFrom here\r\n.\r\n"));
	ERR(check_body(t->pool, "こんにちは、世界。こんにちは、世界。こんにちは、世界。", "base64",
		       "こんにちは、世界。こんにちは、世界。こんにちは、世界。\r\n"));
	ERR(check_body(t->pool, long_line, "quoted-printable", mem_fmt(t->pool, "%s\r\n", long_line)));
	ERR(check_body(t->pool,
		       "a\x01\x7F"
		       "b",
		       "7bit", "ab\r\n"));
	return NULL;
}

TEST(encoded_words_are_read)
{
	static const char *const cases[][2] = {
		{ "plain", "plain" },
		{ "=?utf-8?q?Ol=C3=A1?=", "Olá" },
		{ "=?UTF-8?B?T2zDoQ==?= Ana", "Olá Ana" },
		{ "=?UTF-8?B?T2zDoQ?=", "Olá" },
		{ "=?utf-8?q?Ol=C3?=\r\n =?utf-8?q?=A1_Ana?=", "Olá Ana" },
		{ "=?utf-8?q?a?= =?utf-8?q?b?= c", "ab c" },
		{ "=?utf-8?q?a?= =?iso-8859-1?q?=E9?=", "aé" },
		{ "=?ISO-8859-1?Q?Reuni=E3o_=E0s_10?=", "Reunião às 10" },
		{ "=?iso-8859-15?Q?10_=A4?=", "10 €" },
		{ "=?windows-1252?Q?=93oi=94_=80?=", "“oi” €" },
		{ "=?iso-8859-1?Q?=93oi=94?=", "“oi”" },
		{ "=?utf-8*pt?q?oi?=", "oi" },
		{ "=?iso-2022-jp?B?GyRCJDMkcxsoQg==?=", "こん" },
		{ "=?koi8-r?B?8NLJ18XU?=", "Привет" },
		{ "=?x-unknown?q?ol=E1?=", "olá" },
		{ "=?x-unknown?q?ol=C3=A1?=", "olá" },
		{ "=?../../etc?q?a?=", "a" },
		{ "=?utf-8?q?broken=FF?=", "broken\xEF\xBF\xBD" },
		{ "=?utf-8?q?cut=C3?= x", "cut\xEF\xBF\xBD x" },
		{ "=?utf-8?x?oi?= =?utf-8?q?oi", "=?utf-8?x?oi?= =?utf-8?q?oi" },
		{ "=?utf-8?q?a=0D=0ABcc:_x?=", "a Bcc: x" },
		{ "a\r\n\tb\x01 \x80", "a b €" },
		{ "i\xE2\x80\x8Bn\xE2\x80\xAEvisible\xF3\xA0\x81\xA1", "invisible" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ERR(err_wrap(test_text(__FILE__, __LINE__, cases[i][0],
				       google_mime_decode(t->pool, cases[i][0]), cases[i][1]),
			     "case %zu", i));
	return NULL;
}

static const char *shown(apr_pool_t *pool, const char *value)
{
	struct mime_addresses list = google_mime_addresses(pool, value);
	struct buf b = buf_new(pool, 1 << 16);

	buf_text(&b, "");
	for (size_t i = 0; i < list.n; i++)
		buf_fmt(&b, "%s%s|%s", i ? " + " : "", list.v[i].name, list.v[i].address);
	return b.p;
}

TEST(addresses_are_read)
{
	static const char *const cases[][2] = {
		{ "ana@example.org", "|ana@example.org" },
		{ "Ana <ana@example.org>", "Ana|ana@example.org" },
		{ "\"Souza, Ana\" <ana@example.org>, b@example.org",
		  "Souza, Ana|ana@example.org + |b@example.org" },
		{ "ana@example.org (Ana, a outra)", "|ana@example.org" },
		{ "=?utf-8?q?Jo=C3=A3o=2C?= <j@example.org>", "João,|j@example.org" },
		{ "=?utf-8?q?A,B?= <j@example.org>", "A,B|j@example.org" },
		{ "undisclosed-recipients:;", "" },
		{ "Amigos: a@b.c, D <d@e.f>;, g@h.i", "|a@b.c + D|d@e.f + |g@h.i" },
		{ "<@route.example:ana@example.org>", "|ana@example.org" },
		{ "Ana <ana@example.org", "Ana|ana@example.org" },
		{ "\"a\\\"b\" <c@d.e>", "a\"b|c@d.e" },
		{ "no address, , <>", "" },
		{ "\"boss@bank.example\" <evil@example.org>", "boss@bank.example|evil@example.org" },
		{ "a@b.c; d@e.f", "|a@b.c + |d@e.f" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_TEXT(shown(t->pool, cases[i][0]), cases[i][1]);
	return NULL;
}

TEST(which_addresses_may_be_written_to)
{
	static const char *const good[] = { "ana@example.org", "a.b+c@x-y.example", "o'neil@a.b" };
	static const char *const bad[] = {
		"",       "ana",    "ana@",     "@b.c",        "a@b",         "a b@c.d",
		"a@b..c", "a@-b.c", "a..b@c.d", ".a@b.c",      "a@b.c\n",     "a,b@c.d",
		"á@b.c",  "a@b.c>", "<a@b.c>",  "a@[1.2.3.4]", "a@b.c, d@e.f"
	};

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		CHECK(google_mime_is_address(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(!google_mime_is_address(bad[i]));
	return NULL;
}

TEST(parameters)
{
	const char *value = "text/plain; format=flowed; CHARSET=\"iso-8859-1\" ; x=\"a;b\\\"c\"";

	CHECK_TEXT(google_mime_param(t->pool, value, "charset"), "iso-8859-1");
	CHECK_TEXT(google_mime_param(t->pool, value, "format"), "flowed");
	CHECK_TEXT(google_mime_param(t->pool, value, "x"), "a;b\"c");
	CHECK(!google_mime_param(t->pool, value, "y"));
	CHECK(!google_mime_param(t->pool, "text/plain", "charset"));
	CHECK_TEXT(google_mime_param(t->pool, "text/plain;charset=utf-8", "charset"), "utf-8");
	return NULL;
}

TEST(ids_of_references)
{
	const char **ids;

	CHECK_INT(google_mime_ids(t->pool, "<a@b>\r\n <c@d> junk <bad> <e@f", 5, &ids), 2);
	CHECK_TEXT(ids[0], "a@b");
	CHECK_TEXT(ids[1], "c@d");
	CHECK_INT(google_mime_ids(t->pool, "<a@b> <c@d> <e@f>", 2, &ids), 2);
	CHECK_TEXT(ids[0], "c@d");
	return NULL;
}

TEST(base64_of_both_kinds)
{
	static const char *const good[][2] = { { "", "" },
					       { "SGk", "Hi" },
					       { "SGk=", "Hi" },
					       { "SGVsbG8", "Hello" },
					       { "-_-_", "\xFB\xFF\xBF" },
					       { "+/+/", "\xFB\xFF\xBF" },
					       { "SG\r\nk=", "Hi" } };
	struct buf b;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		CHECK(google_mime_unbase64(t->pool, good[i][0], strlen(good[i][0]), &b));
		CHECK_TEXT(b.p, good[i][1]);
	}
	CHECK(!google_mime_unbase64(t->pool, "S", 1, &b));
	CHECK(!google_mime_unbase64(t->pool, "S*k", 3, &b));
	CHECK(!google_mime_unbase64(t->pool, "SGk=SGk", 7, &b));
	return NULL;
}

TEST(an_answer_has_one_re)
{
	CHECK_TEXT(google_mime_reply_subject(t->pool, "Oi"), "Re: Oi");
	CHECK_TEXT(google_mime_reply_subject(t->pool, "RE: Oi"), "RE: Oi");
	CHECK_TEXT(google_mime_reply_subject(t->pool, "Re: Re: Oi"), "Re: Re: Oi");
	CHECK_TEXT(google_mime_reply_subject(t->pool, ""), "Re:");
	return NULL;
}
