/* The stand-in's Drive v3 against the contract. */
#include "tests/integration/google_raw.h"

#include "core/text.h"
#include <string.h>

#define FILES "/drive/v3/files"
#define UPLOAD "/upload/drive/v3/files"

static err_t *plant(struct google_raw *s, const char *file, const char **ret_id)
{
	return google_standin_file(s->g, NULL, file, ret_id);
}

static const char *encoded(apr_pool_t *pool, const char *s)
{
	struct buf b = buf_new(pool, 65536);

	for (; *s; s++)
		if ((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z'))
			buf_char(&b, *s);
		else
			buf_fmt(&b, "%%%02X", (unsigned)(unsigned char)*s);
	return b.p;
}

static err_t *found(struct google_raw *s, const char *q, size_t expected)
{
	ERR(google_raw_expect(s, "GET", mem_fmt(s->g->pool, FILES "?q=%s", encoded(s->g->pool, q)), NULL, 200,
			      NULL));
	if (json_len(json_at(s->a.json, "files")) != expected)
		return err_new(ERR_INTERNAL, "%s: %s", q, s->a.body);
	return NULL;
}

static const char *const bad_searches[] = {
	"name contains x",    "name contains 'x",           "name like 'x'",
	"title contains 'x'", "name contains 'it\\'s' and", "(trashed = false",
	"trashed = no",       "modifiedTime > yesterday",   "modifiedTime > 'yesterday'",
	"fullText = 'x'",     "name contains 'a\\b'",       "name = 'a' name = 'b'",
	"'x' in folders",
};

TEST(a_search_speaks_the_language_of_drive)
{
	struct google_raw s;
	const char *folder;

	ERR(google_raw_new(t, "drive.readonly", &s));
	ERR(plant(&s, "{\"name\":\"Projetos\",\"mimeType\":\"application/vnd.google-apps.folder\"}",
		  &folder));
	ERR(plant(
		&s,
		mem_fmt(t->pool,
			"{\"name\":\"Orçamento 2026.txt\",\"text\":\"Preço da obra\",\"parent\":\"%s\",\"modifiedTime\":"
			"\"2026-11-01T10:00:00Z\"}",
			folder),
		NULL));
	ERR(plant(
		&s,
		"{\"name\":\"It's a plan\",\"mimeType\":\"application/vnd.google-apps.document\",\"text\":\"Obra nova\","
		"\"starred\":true,\"modifiedTime\":\"2036-12-01T10:00:00Z\"}",
		NULL));
	ERR(plant(&s, "{\"name\":\"Old\",\"trashed\":true,\"shared\":true}", NULL));
	ERR(found(&s, "name contains 'orca'", 1));
	ERR(found(&s, "name contains 'amento'", 0)); /* the beginning of a word */
	ERR(found(&s, "name = 'It\\'s a plan'", 1));
	ERR(found(&s, "fullText contains 'obra'", 2));
	ERR(found(&s, "fullText contains 'obra nova'", 1));
	ERR(found(&s, "fullText contains '\"nova obra\"'", 0));
	ERR(found(&s, "mimeType = 'application/vnd.google-apps.folder'", 1));
	ERR(found(&s, mem_fmt(t->pool, "'%s' in parents", folder), 1));
	ERR(found(&s, "'root' in parents and trashed = false", 2));
	ERR(found(&s, "trashed = false", 3));
	ERR(found(&s, "trashed=true", 1)); /* without it they are listed too */
	ERR(google_raw_expect(&s, "GET", FILES, NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "files")), 4);
	CHECK(json_text(s.a.json, "files.0.mimeType") &&
	      !json_at(s.a.json, "files.0.modifiedTime")); /* unless asked for */
	ERR(found(&s, "modifiedTime > '2036-11-15T00:00:00' and modifiedTime < '2036-12-15T00:00:00'", 1));
	ERR(found(&s, "starred = true or name contains 'orçamento'", 2));
	ERR(found(&s, "not (starred = true or sharedWithMe) and not name contains 'proj'", 1));
	ERR(google_raw_expect(&s, "GET", FILES "?pageSize=1001", NULL, 400, "invalid"));
	ERR(google_raw_expect(&s, "GET", FILES "?orderBy=name&q=fullText%20contains%20%27x%27", NULL, 403,
			      "forbidden"));
	ERR(google_raw_expect(&s, "GET",
			      FILES
			      "?orderBy=folder,name%20desc&pageSize=2&fields=nextPageToken,files(name,size)",
			      NULL, 200, NULL));
	CHECK_TEXT(json_text(s.a.json, "files.0.name"), "Projetos");
	CHECK_TEXT(json_write(t->pool, json_at(s.a.json, "files.1")), "{\"name\":\"Or\xC3\xA7"
								      "amento 2026.txt\",\"size\":\"14\"}");
	ERR(google_raw_expect(
		&s, "GET",
		mem_fmt(t->pool,
			FILES "?orderBy=folder,name%%20desc&pageSize=2&fields=nextPageToken,files(name,"
			      "size)&pageToken=%s",
			json_text(s.a.json, "nextPageToken")),
		NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "files")), 2);
	CHECK(!json_at(s.a.json, "nextPageToken"));
	return NULL;
}

TEST(a_search_that_is_malformed_is_refused)
{
	struct google_raw s;

	ERR(google_raw_new(t, "drive.readonly", &s));
	ERR(google_raw_expect(&s, "GET", FILES "?orderBy=size", NULL, 400, "invalid"));
	ERR(google_raw_expect(&s, "GET", FILES "?fields=files(id,mimetype)", NULL, 400, "invalidParameter"));
	for (size_t i = 0; i < sizeof bad_searches / sizeof *bad_searches; i++)
		ERR(google_raw_expect(&s, "GET",
				      mem_fmt(t->pool, FILES "?q=%s", encoded(t->pool, bad_searches[i])),
				      NULL, 400, "invalid"));
	return NULL;
}

TEST(content_is_downloaded_or_exported)
{
	struct google_raw s;
	const char *blob, *doc, *big;

	ERR(google_raw_new(t, "drive.readonly", &s));
	ERR(plant(&s, "{\"name\":\"a.txt\",\"text\":\"0123456789\"}", &blob));
	ERR(plant(
		&s,
		"{\"name\":\"D\",\"mimeType\":\"application/vnd.google-apps.document\",\"text\":\"# T\xC3\xADtulo\"}",
		&doc));
	ERR(plant(&s,
		  "{\"name\":\"B\",\"mimeType\":\"application/vnd.google-apps.document\",\"size\":10485761}",
		  &big));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, FILES "/%s?alt=media", blob), NULL, 200, NULL));
	CHECK_TEXT(s.a.body, "0123456789");
	ERR(google_raw_ask(&s, "GET", mem_fmt(t->pool, FILES "/%s?alt=media", blob), NULL,
			   "Range: bytes=2-4"));
	CHECK_INT(s.a.status, 206);
	CHECK_TEXT(s.a.body, "234");
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, FILES "/%s?alt=media", doc), NULL, 403,
			      "fileNotDownloadable"));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, FILES "/%s/export?mimeType=text%%2Fmarkdown", doc),
			      NULL, 200, NULL));
	CHECK_TEXT(s.a.body, "# Título");
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, FILES "/%s/export?mimeType=text%%2Fcsv", doc), NULL,
			      400, "badRequest"));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, FILES "/%s/export", doc), NULL, 400, "required"));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, FILES "/%s/export?mimeType=text%%2Fplain", big),
			      NULL, 403, "exportSizeLimitExceeded"));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, FILES "/%s/export?mimeType=text%%2Fplain", blob),
			      NULL, 403, "fileNotExportable"));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, FILES "/%s?fields=*", doc), NULL, 200, NULL));
	CHECK(!json_at(s.a.json, "size") && json_text(s.a.json, "version") &&
	      json_text(s.a.json, "parents.0"));
	ERR(google_raw_expect(&s, "GET", "/drive/v3/about", NULL, 400, "required"));
	ERR(google_raw_expect(&s, "GET", "/drive/v3/about?fields=user", NULL, 200, NULL));
	CHECK_TEXT(json_text(s.a.json, "user.emailAddress"), "ana@example.org");
	ERR(google_raw_expect(&s, "POST", FILES, "{\"name\":\"x\"}", 403, "insufficientPermissions"));
	return NULL;
}

static err_t *multipart(struct google_raw *s, const char *path, const char *meta, const char *bytes,
			int status, const char *reason)
{
	struct google_ask ask = { "POST", path, s->token, .type = "multipart/related; boundary=B1" };

	ask.body = mem_fmt(
		s->g->pool,
		"--B1\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n%s\r\n--B1\r\nContent-Type: "
		"text/plain\r\n\r\n%s\r\n--B1--\r\n",
		meta, bytes);
	ERR(google_standin_call(s->g, &ask, &s->a));
	if (s->a.status != status ||
	    (reason && !text_same(json_text(s->a.json, "error.errors.0.reason"), reason)))
		return err_new(ERR_INTERNAL, "%s: %ld %s", meta, s->a.status, s->a.body);
	return NULL;
}

TEST(a_file_is_made_once_under_an_id_given_before)
{
	struct google_raw s;
	struct json *files;
	const char *id, *meta;

	ERR(google_raw_new(t, "drive.file", &s));
	ERR(google_raw_expect(&s, "GET", FILES "/generateIds?count=2", NULL, 200, NULL));
	CHECK_INT(json_len(json_at(s.a.json, "ids")), 2);
	id = json_text(s.a.json, "ids.0");
	meta = mem_fmt(t->pool,
		       "{\"id\":\"%s\",\"name\":\"nota.txt\",\"appProperties\":{\"op\":\"7\",\"x\":\"y\"}}",
		       id);
	ERR(google_standin_fault(s.g, "drive.upload", "after", 1));
	CHECK_ERR(multipart(&s, UPLOAD "?uploadType=multipart&fields=id", meta, "Olá\r\nmundo", 200, NULL),
		  ERR_HTTP);
	ERR(multipart(&s, UPLOAD "?uploadType=multipart&fields=id", meta, "Olá\r\nmundo", 409,
		      "fileIdInUse"));
	ERR(multipart(&s, UPLOAD "?uploadType=multipart", "{\"id\":\"mine\",\"name\":\"x\"}", "x", 400,
		      "invalid"));
	ERR(multipart(&s, UPLOAD "?uploadType=multipart", "{\"nome\":\"x\"}", "x", 400, "badRequest"));
	ERR(multipart(&s, UPLOAD "?uploadType=multipart", "no json", "x", 400, "parseError"));
	ERR(multipart(&s, UPLOAD "?uploadType=multipart", "{\"parents\":[\"nowhere\"]}", "x", 404,
		      "notFound"));
	ERR(multipart(&s, UPLOAD "?uploadType=multipart", "{\"parents\":[\"root\",\"root\"]}", "x", 400,
		      "invalid"));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, FILES "/%s?alt=media", id), NULL, 200, NULL));
	CHECK_TEXT(s.a.body, "Olá\r\nmundo");
	ERR(google_standin_list(s.g, NULL, "files", &files));
	CHECK_INT(json_len(files), 1);
	CHECK(json_true(files, "0.app"));
	ERR(found(&s, "appProperties has { key='op' and value='7' }", 1));
	ERR(google_raw_expect(&s, "PATCH",
			      mem_fmt(t->pool, FILES "/%s?fields=name,appProperties,version", id),
			      "{\"name\":\"outra.txt\",\"appProperties\":{\"x\":null}}", 200, NULL));
	CHECK_TEXT(json_write(t->pool, json_at(s.a.json, "appProperties")), "{\"op\":\"7\"}");
	ERR(google_raw_expect(&s, "PATCH", mem_fmt(t->pool, FILES "/%s", id), "{\"parents\":[\"root\"]}", 403,
			      "fieldNotWritable"));
	ERR(google_raw_expect(&s, "PATCH", mem_fmt(t->pool, FILES "/%s", id), "{\"trashed\":true}", 200,
			      NULL));
	ERR(found(&s, "trashed = false", 0));
	ERR(google_raw_expect(&s, "DELETE", mem_fmt(t->pool, FILES "/%s", id), NULL, 204, NULL));
	ERR(google_raw_expect(&s, "DELETE", mem_fmt(t->pool, FILES "/%s", id), NULL, 404, "notFound"));
	ERR(multipart(&s, UPLOAD "?uploadType=multipart", meta, "x", 409, "fileIdInUse"));
	return NULL;
}

TEST(folders_hold_files_and_one_is_enough)
{
	struct google_raw s;
	const char *folder, *file;

	ERR(google_raw_new(t, "drive.file", &s));
	ERR(google_raw_expect(&s, "POST", FILES,
			      "{\"name\":\"Lembra\",\"mimeType\":\"application/vnd.google-apps.folder\"}",
			      200, NULL));
	folder = json_text(s.a.json, "id");
	CHECK(!json_at(s.a.json, "parents"));
	ERR(multipart(&s, UPLOAD "?uploadType=multipart&fields=id,parents", "{\"name\":\"a\"}", "x", 200,
		      NULL));
	file = json_text(s.a.json, "id");
	CHECK(!text_same(json_text(s.a.json, "parents.0"), folder));
	ERR(google_raw_expect(&s, "PATCH", mem_fmt(t->pool, FILES "/%s?addParents=%s", file, folder), NULL,
			      403, "cannotAddParent"));
	ERR(google_raw_expect(&s, "PATCH",
			      mem_fmt(t->pool, FILES "/%s?addParents=%s&removeParents=root&fields=parents",
				      file, folder),
			      NULL, 200, NULL));
	CHECK_TEXT(json_text(s.a.json, "parents.0"), folder);
	ERR(google_raw_expect(&s, "PATCH", mem_fmt(t->pool, UPLOAD "/%s?uploadType=media", file),
			      "{\"new\":1}", 200, NULL));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, FILES "/%s?alt=media", file), NULL, 200, NULL));
	CHECK_TEXT(s.a.body, "{\"new\":1}");
	ERR(google_raw_expect(&s, "DELETE", mem_fmt(t->pool, FILES "/%s", folder), NULL, 204, NULL));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, FILES "/%s", file), NULL, 404, "notFound"));
	return NULL;
}

TEST(drive_file_sees_what_this_app_made)
{
	struct google_raw s;
	const char *theirs, *shared;

	ERR(google_raw_new(t, "drive.file", &s));
	ERR(plant(&s, "{\"name\":\"theirs\",\"text\":\"x\"}", &theirs));
	ERR(plant(&s, "{\"name\":\"shared\",\"text\":\"x\",\"shared\":true,\"app\":true}", &shared));
	ERR(google_raw_expect(&s, "POST", FILES, "{\"name\":\"mine\"}", 200, NULL));
	ERR(found(&s, "name = 'theirs'", 0));
	ERR(found(&s, "name = 'mine'", 1));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, FILES "/%s", theirs), NULL, 404, "notFound"));
	ERR(google_raw_expect(&s, "PATCH", mem_fmt(t->pool, FILES "/%s", shared), "{\"name\":\"x\"}", 403,
			      "insufficientFilePermissions"));
	ERR(google_raw_token(&s, "drive.file drive.readonly"));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, FILES "/%s?alt=media", theirs), NULL, 200, NULL));
	ERR(google_raw_expect(&s, "PATCH", mem_fmt(t->pool, FILES "/%s", theirs), "{\"name\":\"x\"}", 403,
			      "appNotAuthorizedToFile"));
	ERR(google_standin_control(s.g, "quota", "{\"drive\":200}", NULL));
	ERR(google_raw_expect(&s, "GET", mem_fmt(t->pool, FILES "/%s?alt=media", theirs), NULL, 200, NULL));
	ERR(google_raw_expect(&s, "GET", FILES, NULL, 429, "rateLimitExceeded"));
	return NULL;
}

TEST(a_large_file_goes_in_chunks)
{
	struct google_raw s;
	char *bytes = mem_alloc(t->pool, 300001);
	const char *session;

	memset(bytes, 'a', 300000);
	ERR(google_raw_new(t, "drive.file", &s));
	ERR(google_raw_expect(&s, "POST", UPLOAD "?uploadType=resumable&fields=id,size", "{\"name\":\"big\"}",
			      200, NULL));
	CHECK(s.a.location && text_starts(s.a.location, s.g->base));
	session = s.a.location + strlen(s.g->base);
	struct google_ask ask = { "PUT", session, .type = "text/plain", .body = bytes, .body_n = 262144 };
	const char *headers[] = { "Content-Range: bytes 0-262143/300000", NULL };
	ask.headers = headers;
	ERR(google_standin_call(s.g, &ask, &s.a));
	CHECK_INT(s.a.status, 308);
	ask.body_n = 37856;
	headers[0] = "Content-Range: bytes 262144-299999/300000";
	ERR(google_standin_call(s.g, &ask, &s.a));
	CHECK_INT(s.a.status, 200);
	CHECK_TEXT(json_text(s.a.json, "size"), "300000");
	ERR(google_standin_call(s.g, &ask, &s.a));
	CHECK_INT(s.a.status, 404);
	return NULL;
}
