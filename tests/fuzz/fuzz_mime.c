/* Mail of any words: what is written is ASCII in short lines, has the headers that were asked for and no other, and its subject
 * is read again; values of any bytes are read as clean text. */
#include "integrations/google/google_charset.h"
#include "integrations/google/google_mime.h"
#include "tests/fuzz/fuzz.h"

static void must_be_shown(const char *s)
{
	must_be_text(s);
	MUST(!strpbrk(s, "\r\n\x01\x1B"));
}

static void check_reading(apr_pool_t *pool, const char *value)
{
	struct mime_addresses list = google_mime_addresses(pool, value);
	const char **ids;
	size_t n = google_mime_ids(pool, value, 3, &ids);

	must_be_shown(google_mime_decode(pool, value));
	MUST(list.n <= MIME_ADDRESSES && n <= 3);
	for (size_t i = 0; i < list.n; i++) {
		must_be_shown(list.v[i].name);
		must_be_shown(list.v[i].address);
	}
	for (size_t i = 0; i < n; i++)
		MUST(google_mime_is_id(ids[i]));
}

static void check_lines(const char *mail)
{
	int headers = 0;

	for (const char *at = mail; *at;) {
		const char *end = strstr(at, "\r\n");

		MUST(end && end - at <= 78);
		for (const char *c = at; c < end; c++)
			MUST((*c >= ' ' && *c < 127) || *c == '\t');
		if (at == end)
			break;
		headers += *at != ' ';
		at = end + 2;
	}
	MUST(headers == 8);
}

static void check_writing(apr_pool_t *pool, const char *text)
{
	const struct mime_address to[] = { { text, "ana@example.org" } };
	const struct mime_mail mail = { .from = { text, "eu@example.org" },
					.to = { 1, to },
					.subject = text,
					.body = text,
					.message_id = "lembra.1@example.org" };
	struct buf b;

	must_be(google_mime_write(pool, &mail, &b), ERR_TOO_LARGE, ERR_TOO_LARGE);
	check_lines(b.p);
	check_reading(pool, b.p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const charsets[] = { NULL,    "utf-8",       "iso-8859-15", "windows-1252",
						"utf-7", "iso-2022-jp", "big5",        "gb18030" };
	apr_pool_t *pool = pool_root();
	size_t size = n > 8192 ? 8192 : n;
	struct buf bytes;

	if (n) {
		const char *text = google_charset_utf8(pool, charsets[data[0] % 8], data + 1, size - 1);

		must_be_text(text);
		check_reading(pool, mem_textn(pool, (const char *)data, size));
		check_reading(pool, text);
		check_writing(pool, text);
		if (google_mime_unbase64(pool, (const char *)data, n, &bytes))
			MUST(bytes.n <= n);
	}
	pool_free(pool);
	return 0;
}
