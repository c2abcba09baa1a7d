#include "integrations/google/google_drive.h"

#include "core/crypt.h"
#include "core/query.h"
#include "core/text.h"
#include <string.h>

#define GOOGLE_TYPE "application/vnd.google-apps."
#define FIELDS \
	"id,name,mimeType,modifiedTime,size,md5Checksum,webViewLink,ownedByMe,trashed,shortcutDetails(targetId)"

/* What a type is for people, and how its text is had: by an export as that type, "" as it is, NULL not at all. */
static const struct {
	const char *type, *kind, *export;
} kinds[] = {
	{ GOOGLE_TYPE "document", "document", "text/plain" },
	{ GOOGLE_TYPE "spreadsheet", "spreadsheet", "text/csv" },
	{ GOOGLE_TYPE "presentation", "presentation", "text/plain" },
	{ GOOGLE_TYPE "folder", "folder", NULL },
	{ GOOGLE_TYPE, "file", NULL },
	{ "application/pdf", "pdf", NULL },
	{ "application/json", "text", "" },
	{ "image/", "picture", NULL },
	{ "text/", "text", "" },
	{ "application/msword", "document", NULL },
	{ "application/vnd.openxmlformats-officedocument.wordprocessingml", "document", NULL },
	{ "application/vnd.openxmlformats-officedocument.spreadsheetml", "spreadsheet", NULL },
	{ "application/vnd.openxmlformats-officedocument.presentationml", "presentation", NULL },
	{ "", "file", NULL },
};

static size_t kind_of(const struct drive_file *file)
{
	size_t i = 0;

	while (!text_starts(file->type, kinds[i].type))
		i++;
	return i;
}

const char *google_drive_kind(const struct drive_file *file)
{
	return kinds[kind_of(file)].kind;
}

/* --- asking --- */

/* A string of Drive's search language: a word of a person's never ends it. */
static void literal(struct buf *q, const char *word, size_t n)
{
	buf_char(q, '\'');
	for (size_t i = 0; i < n; i++) {
		if (word[i] == '\'' || word[i] == '\\')
			buf_char(q, '\\');
		buf_char(q, word[i]);
	}
	buf_char(q, '\'');
}

const char *google_drive_list_path(apr_pool_t *pool, const char *words, int64_t max)
{
	struct buf q = buf_new(pool, 64 * 1024);
	bool any = false;

	buf_text(&q, "trashed = false");
	while (*(words += strspn(words, " \t\n"))) {
		size_t n = strcspn(words, " \t\n");

		buf_text(&q, " and (name contains ");
		literal(&q, words, n);
		buf_text(&q, " or fullText contains ");
		literal(&q, words, n);
		buf_char(&q, ')');
		words += n;
		any = true;
	}
	/* Drive: fullText goes with no order of ours. */
	return mem_fmt(pool, "/files?%s",
		       query_with(pool, "q", q.p ? q.p : "", "fields", "files(" FIELDS ")", "spaces", "drive",
				  "pageSize", mem_fmt(pool, "%d", (int)max), "orderBy",
				  any ? NULL : "modifiedTime desc", NULL));
}

const char *google_drive_get_path(apr_pool_t *pool, const char *id)
{
	return mem_fmt(pool, "/files/%s?%s", query_encode(pool, id),
		       query_with(pool, "fields", FIELDS, NULL));
}

const char *google_drive_text_path(apr_pool_t *pool, const struct drive_file *file)
{
	const char *export = kinds[kind_of(file)].export, *id = query_encode(pool, file->id);

	if (!export)
		return NULL;
	if (!*export)
		return mem_fmt(pool, "/files/%s?alt=media", id);
	return mem_fmt(pool, "/files/%s/export?%s", id, query_with(pool, "mimeType", export, NULL));
}

const char *google_drive_ids_path(void)
{
	return "/files/generateIds?count=1&space=drive&fields=ids";
}

const char *google_drive_upload_path(void)
{
	return "/files?uploadType=multipart&fields=id,name,webViewLink,md5Checksum";
}

const char *google_drive_upload(apr_pool_t *pool, const char *id, const char *name, const char *type,
				const char *text, size_t *ret_n, const char **ret_type)
{
	struct json *meta = json_object(pool);
	const char *boundary = crypt_random_hex(pool, 16);
	char *body;

	json_set_text(meta, "id", id);
	json_set_text(meta, "name", name);
	json_set_text(meta, "mimeType", type);
	body = mem_fmt(pool,
		       "--%s\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n%s\r\n"
		       "--%s\r\nContent-Type: %s; charset=UTF-8\r\n\r\n%s\r\n--%s--\r\n",
		       boundary, json_write(pool, meta), boundary, type, text, boundary);
	*ret_n = strlen(body);
	*ret_type = mem_fmt(pool, "multipart/related; boundary=%s", boundary);
	return body;
}

/* --- reading --- */

static const char *text_at(apr_pool_t *pool, const struct json *o, const char *path)
{
	const char *text = json_text(o, path);

	return text ? mem_text(pool, text) : "";
}

/* Only pages of Google's own become something to tap. */
static const char *link_of(apr_pool_t *pool, const struct json *o)
{
	const char *link = text_at(pool, o, "webViewLink");

	if (!text_starts(link, "https://drive.google.com/") && !text_starts(link, "https://docs.google.com/"))
		return "";
	return strpbrk(link, " \t\n\"'<>\\") ? "" : link;
}

err_t *google_drive_file(apr_pool_t *pool, const struct json *body, struct drive_file *ret_file)
{
	struct drive_file f = { .id = text_at(pool, body, "id"), .name = text_at(pool, body, "name") };
	const char *size = json_text(body, "size"); /* int64 comes as a string */

	if (!*f.id || strlen(f.id) > 200)
		return err_new(ERR_INVALID, "no file");
	f.name = text_visible(pool, f.name);
	f.type = text_at(pool, body, "mimeType");
	f.modified = text_at(pool, body, "modifiedTime");
	f.md5 = text_at(pool, body, "md5Checksum");
	f.target = text_at(pool, body, "shortcutDetails.targetId");
	f.link = link_of(pool, body);
	f.mine = json_true(body, "ownedByMe");
	f.trashed = json_true(body, "trashed");
	if (!size || !text_int(size, &f.size) || f.size < 0)
		f.size = 0;
	*ret_file = f;
	return NULL;
}

err_t *google_drive_list(apr_pool_t *pool, const struct json *body, size_t *ret_n,
			 struct drive_file **ret_files)
{
	const struct json *list = json_at(body, "files");
	struct drive_file *files = mem_alloc(pool, sizeof *files * (json_len(list) + 1));
	size_t n = 0;

	for (size_t i = 0; i < json_len(list); i++) {
		err_t *err = google_drive_file(pool, json_item(list, i), &files[n]);

		n += !err;
		err_clear(err);
	}
	*ret_n = n;
	*ret_files = files;
	return NULL;
}
