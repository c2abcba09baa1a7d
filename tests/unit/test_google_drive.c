#include "core/query.h"
#include "core/text.h"
#include "integrations/google/google_drive.h"
#include "tests/test.h"
#include <string.h>

static const char *q_of(struct test *t, const char *words)
{
	const char *path = google_drive_list_path(t->pool, words, 5), *text = strchr(path, '?') + 1;
	struct query query;
	err_t *err = query_parse(t->pool, text, strlen(text), &query);

	err_clear(err);
	return err ? "" : query_value(&query, "q", 0);
}

TEST(a_word_of_a_search_is_never_an_operator)
{
	CHECK_TEXT(q_of(t, ""), "trashed = false");
	CHECK_TEXT(q_of(t, "contrato  Ana"),
		   "trashed = false and (name contains 'contrato' or fullText contains 'contrato') and "
		   "(name contains 'Ana' or fullText contains 'Ana')");
	CHECK_TEXT(q_of(t, "o'or\\"),
		   "trashed = false and (name contains 'o\\'or\\\\' or fullText contains 'o\\'or\\\\')");
	CHECK(strstr(google_drive_list_path(t->pool, "", 5), "orderBy="));
	CHECK(!strstr(google_drive_list_path(t->pool, "a", 5), "orderBy="));
	return NULL;
}

static err_t *file_of(struct test *t, const char *text, struct drive_file *ret)
{
	struct json *o;

	ERR(json_read(t->pool, text, strlen(text), &o));
	return google_drive_file(t->pool, o, ret);
}

TEST(a_file_is_read_with_what_is_missing)
{
	struct drive_file f;

	ERR(file_of(
		t,
		"{\"id\":\"F1\",\"name\":\"Plano\",\"mimeType\":\"application/vnd.google-apps.spreadsheet\","
		"\"size\":\"12\",\"ownedByMe\":true,\"webViewLink\":\"https://docs.google.com/x\"}",
		&f));
	CHECK_INT(f.size, 12);
	CHECK(f.mine && !f.trashed);
	CHECK_TEXT(google_drive_kind(&f), "spreadsheet");
	CHECK_TEXT(google_drive_text_path(t->pool, &f), "/files/F1/export?mimeType=text%2Fcsv");
	ERR(file_of(
		t,
		"{\"id\":\"a/b\",\"mimeType\":\"text/markdown\",\"webViewLink\":\"https://evil.example/\"}",
		&f));
	CHECK_TEXT(f.link, "");
	CHECK_TEXT(f.name, "");
	CHECK(!f.mine);
	CHECK_TEXT(google_drive_text_path(t->pool, &f), "/files/a%2Fb?alt=media");
	ERR(file_of(t, "{\"id\":\"p\",\"mimeType\":\"application/pdf\"}", &f));
	CHECK_TEXT(google_drive_text_path(t->pool, &f), NULL);
	CHECK_ERR(file_of(t, "{\"name\":\"x\"}", &f), ERR_INVALID);
	CHECK_ERR(file_of(t, "[]", &f), ERR_INVALID);
	return NULL;
}

TEST(an_upload_names_its_file_and_holds_its_text)
{
	const char *type, *body;
	size_t n;

	body = google_drive_upload(t->pool, "ID", "a\"\r\nb", "text/markdown", "# Olá\n", &n, &type);
	CHECK_INT(n, strlen(body));
	CHECK(text_starts(type, "multipart/related; boundary="));
	CHECK(text_starts(body, mem_fmt(t->pool, "--%s\r\n", strchr(type, '=') + 1)));
	CHECK(strstr(body, "{\"id\":\"ID\",\"name\":\"a\\\"\\r\\nb\",\"mimeType\":\"text/markdown\"}"));
	CHECK(strstr(body, "\r\n\r\n# Olá\n\r\n--"));
	return NULL;
}
