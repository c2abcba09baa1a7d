/* Answers of Gmail's of any bytes: an error that is known, or a mail of clean texts under their ceilings; and searches in any
 * words, in which nothing is an operator that was not asked for. */
#include "integrations/google/google_gmail.h"
#include "tests/fuzz/fuzz.h"

static void must_be_line(const char *s)
{
	must_be_text(s);
	MUST(!strpbrk(s, "\r\n\x01\x1B"));
}

static void check_mail(const struct gmail_mail *m)
{
	MUST(google_gmail_is_id(m->id));
	MUST(m->at >= 0 && m->files_n <= GMAIL_FILES);
	must_be_line(m->subject);
	must_be_line(m->snippet);
	must_be_line(m->from.name);
	must_be_line(m->from.address);
	must_be_text(m->text);
	MUST(strlen(m->text) <= GMAIL_TEXT + 2);
	MUST(!*m->message_id || google_mime_is_id(m->message_id));
	for (size_t i = 0; i < m->files_n; i++)
		must_be_line(m->files[i].name);
}

static void check_body(apr_pool_t *pool, const struct json *body)
{
	struct gmail_mail mail;
	struct gmail_list list;
	struct gmail_row row;
	const char *draft;
	err_t *err = google_gmail_mail(pool, body, &mail);

	if (!err)
		check_mail(&mail);
	if (!err && mail.late_path) {
		must_be(google_gmail_late(pool, body, &mail), ERR_INVALID, ERR_INVALID);
		must_be_text(mail.text);
	}
	must_be(err, ERR_INVALID, ERR_INVALID);
	must_be(google_gmail_list(pool, body, &list), ERR_INVALID, ERR_INVALID);
	must_be(google_gmail_drafts(pool, body, &draft, &row), ERR_INVALID, ERR_INVALID);
	must_be(google_gmail_draft_id(pool, body, &draft, &row), ERR_INVALID, ERR_INVALID);
}

/* Outside of quotes there is nothing but the names that were asked for. */
static void check_search(apr_pool_t *pool, const char *text)
{
	const struct gmail_query query = { .from = text, .words = text, .subject = text };
	bool quoted = false;

	for (const char *c = google_gmail_q(pool, &query); *c; c++) {
		if (*c == '"')
			quoted = !quoted;
		else if (!quoted)
			MUST(strchr("from:subject ", *c));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	apr_pool_t *pool = pool_root();
	struct json *body;
	err_t *err = json_read(pool, (const char *)data, n, &body);

	if (!err)
		check_body(pool, body);
	must_be(err, ERR_INVALID, ERR_TOO_LARGE);
	check_search(pool, text_utf8_clean(pool, (const char *)data, n > 1000 ? 1000 : n));
	pool_free(pool);
	return 0;
}
