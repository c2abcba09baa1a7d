/* What words say of a search, and which mail of a list they mean. */
#include "core/clock.h"
#include "core/text.h"
#include "integrations/google/google_gmail.h"
#include "tests/test.h"
#include "tools/mail/mail_query.h"
#include "tools/mail/mail_seen.h"

/* Saturday, 28 November 2026, 09:00 in São Paulo. */
static struct req *request(void)
{
	struct req *req = req_begin(NULL);

	req->zone = "America/Sao_Paulo";
	req->now = INT64_C(1795867200) * SECOND_US;
	return req;
}

static err_t *check(struct req *req, const char *words, const char *q)
{
	struct gmail_query query = mail_query_read(req, words);

	return test_text(__FILE__, __LINE__, words, google_gmail_q(req->pool, &query), q);
}

TEST(searches_in_words)
{
	static const char *const cases[][2] = {
		{ "", "" },
		{ "e-mails não lidos do João desta semana", "is:unread after:1795402800 from:\"João\"" },
		{ "any unread mail from Maria", "is:unread from:\"Maria\"" },
		{ "não lidos", "is:unread" },
		{ "João", "\"João\"" },
		{ "de João Silva", "from:\"João Silva\"" },
		{ "do João sobre o contrato", "from:\"João\" \"contrato\"" },
		{ "da Maria das Dores com anexo", "has:attachment from:\"Maria das Dores\"" },
		{ "de ontem", "after:1795748400 before:1795834800" },
		{ "from ana@example.org about the lease", "from:\"ana@example.org\" \"lease\"" },
		{ "from:ana is:unread contrato", "is:unread from:\"ana\" \"contrato\"" },
		{ "newer_than:7d has:attachment in:sent", "has:attachment after:1795262400 in:sent" },
		{ "after:2026/11/01", "after:1793502000" },
		{ "in:anywhere \" OR from:me", "label:\"anywhere\" from:\"me\" \"OR\"" },
		{ "banco sobre a fatura", "\"banco\" \"fatura\"" },
		{ "novos", "" },
		{ "de:maria", "from:\"maria\"" },
		{ "de: maria", "from:\"maria\"" },
		{ "de maria", "from:\"maria\"" },
		{ "from:maria is:unread", "is:unread from:\"maria\"" },
		{ "para:joão assunto:contrato", "to:\"joão\" subject:\"contrato\"" },
		{ "from:\"Maria das Dores\" contrato", "from:\"Maria das Dores\" \"contrato\"" },
		{ "has:anexo de:ana@example.org", "has:attachment from:\"ana@example.org\"" },
		{ "não lidos com anexo", "is:unread has:attachment" },
		{ "reunião 10:30", "\"reunião\" \"10:30\"" },
	};
	struct req *req = request();

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ERR(check(req, cases[i][0], cases[i][1]));
	req_end(req);
	return NULL;
}

TEST(which_of_a_list)
{
	static const struct {
		const char *words;
		enum mail_pointer pointer;
		int64_t n;
	} cases[] = {
		{ "o segundo", MAIL_PLACE, 2 },  { "the second one", MAIL_PLACE, 2 },
		{ "a terceira", MAIL_PLACE, 3 }, { "o último e-mail", MAIL_PLACE, -1 },
		{ "esse", MAIL_PLACE, 0 },       { "3", MAIL_PLACE, 3 },
		{ "#12", MAIL_NUMBER, 12 },      { "e-mail 25", MAIL_NUMBER, 25 },
		{ "o 2º", MAIL_WORDS, 0 },       { "o segundo do João", MAIL_WORDS, 0 },
		{ "contrato", MAIL_WORDS, 0 },   { "", MAIL_WORDS, 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t n = 0;

		CHECK_INT(mail_seen_words(t->pool, cases[i].words, &n), cases[i].pointer);
		if (cases[i].pointer != MAIL_WORDS)
			CHECK_INT(n, cases[i].n);
	}
	return NULL;
}
