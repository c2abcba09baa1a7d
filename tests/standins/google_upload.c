/* Uploads to Drive: media, multipart, resumable; and the tests' side of files. */
#include "tests/standins/google_drive.h"
#include "tests/standins/google_gmail.h"

#include "core/clock.h"
#include "core/text.h"
#include <stdlib.h>
#include <string.h>

#define CHUNK ((size_t)256 * 1024)
#define BYTES_MAX ((size_t)64 * 1024 * 1024)
#define SHOWN_MAX 65536

struct session {
	const char *id, *file; /* file: that is written over, or NULL */
	struct account *account;
	const char *scopes, *type;
	struct json *meta;
	struct buf bytes;
	bool done;
};

static struct list sessions;

/* --- multipart --- */

/* Two parts: metadata in JSON, then the bytes. */
static bool multipart_read(struct ask *ask, struct upload *ret)
{
	const char *type = json_text(ask->headers, "content-type");
	struct buf whole = buf_new(ask->pool, BYTES_MAX + 4096);
	const struct part *root, *first, *second;

	if (!type || !text_starts(type, "multipart/related"))
		return deny(ask, 400, "badContent", "Content-Type is no multipart/related.");
	if (!json_text(ask->headers, "content-length"))
		return deny(ask, 411, "required", "Content-Length is missing.");
	buf_fmt(&whole, "Content-Type: %s\r\n\r\n", type);
	buf_put(&whole, ask->raw, ask->raw_n);
	root = mime_read(ask->pool, whole.p, whole.n);
	if (root->parts.n != 2)
		return deny(ask, 400, "badContent", "Malformed multipart body.");
	first = root->parts.v[0];
	second = root->parts.v[1];
	if (!text_same(first->type, "application/json") || !part_header(second, "Content-Type"))
		return deny(ask, 400, "badContent", "Malformed multipart body.");
	ret->meta = json_of(ask->pool, mem_textn(ask->pool, first->bytes, first->n));
	if (!json_is_object(ret->meta))
		return deny(ask, 400, "parseError", "Parse Error");
	ret->type = second->type;
	ret->bytes = second->bytes;
	ret->n = second->n;
	return true;
}

/* --- resumable --- */

static void session_begin(struct ask *ask, const char *file)
{
	struct upload u = { .meta = ask->body };
	struct session *s;
	const char *type = json_text(ask->headers, "x-upload-content-type");

	if (ask->raw_n && !body_needed(ask))
		return;
	if (file ? !file_writable(ask, file) : !file_create_check(ask, &u))
		return;
	s = MEM_NEW(world.pool, struct session);
	s->id = mem_fmt(world.pool, "AX%lld", (long long)world_next());
	s->file = mem_text(world.pool, file);
	s->account = ask->account;
	s->scopes = mem_text(world.pool, ask->scopes);
	s->type = mem_text(world.pool, type ? type : "application/octet-stream");
	s->meta = json_copy(world.pool, ask->body);
	s->bytes = buf_new(world.pool, BYTES_MAX);
	list_add(&sessions, s);
	say_nothing(ask, 200);
	say_header(ask, "Location",
		   mem_fmt(ask->pool, "http://%s/upload/drive/v3/files?%s&upload_id=%s",
			   json_text(ask->headers, "host"), ask->query_text, s->id));
}

static struct session *session_find(const char *id)
{
	for (size_t i = 0; i < sessions.n; i++) {
		struct session *s = sessions.v[i];

		if (text_same(s->id, id))
			return s;
	}
	return NULL;
}

/* "bytes 0-524287/2000000", "bytes * /2000000", or nothing: all. False: denied. */
static bool range_read(struct ask *ask, const struct session *s, bool *ret_last)
{
	const char *range = json_text(ask->headers, "content-range");
	char *end;
	size_t from, last, total;

	*ret_last = true;
	if (!range)
		return !s->bytes.n || deny(ask, 400, "badRequest", "no Content-Range");
	if (text_starts(range, "bytes */")) {
		*ret_last = s->bytes.n == strtoul(range + strlen("bytes */"), NULL, 10) && s->bytes.n;
		return !ask->raw_n || deny(ask, 400, "badRequest", "a query with a body");
	}
	if (!text_starts(range, "bytes "))
		return deny(ask, 400, "badRequest", "Content-Range");
	from = strtoul(range + strlen("bytes "), &end, 10);
	last = *end == '-' ? strtoul(end + 1, &end, 10) : 0;
	total = *end == '/' ? strtoul(end + 1, &end, 10) : 0;
	if (from != s->bytes.n || last + 1 - from != ask->raw_n || last >= total)
		return deny(ask, 400, "badRequest", "Content-Range does not fit");
	*ret_last = last + 1 == total;
	return *ret_last || ask->raw_n % CHUNK == 0 ||
	       deny(ask, 400, "badRequest", "chunks are multiples of 256 KiB");
}

void serve_upload_chunk(struct ask *ask)
{
	struct session *s = session_find(param(ask, "upload_id"));
	struct upload u;
	bool last;

	if (!s || s->done) {
		deny(ask, 404, "notFound", "No such upload.");
		return;
	}
	ask->account = s->account;
	ask->scopes = s->scopes;
	if (!range_read(ask, s, &last))
		return;
	buf_put(&s->bytes, ask->raw, ask->raw_n);
	if (!last) {
		say_nothing(ask, 308);
		if (s->bytes.n)
			say_header(ask, "Range", mem_fmt(ask->pool, "bytes=0-%zu", s->bytes.n - 1));
		return;
	}
	s->done = true;
	u = (struct upload){ s->meta, s->type, s->bytes.p ? s->bytes.p : "", s->bytes.n };
	if (s->file)
		file_update(ask, s->file, &u);
	else
		file_create(ask, &u);
}

/* --- one or the other --- */

static void upload(struct ask *ask, const char *file)
{
	const char *kind = param(ask, "uploadType"), *type = json_text(ask->headers, "content-type");
	struct upload u = { 0 };

	if (text_same(kind, "resumable")) {
		session_begin(ask, file);
		return;
	}
	if (text_same(kind, "media")) {
		u = (struct upload){ NULL, type ? type : "application/octet-stream", ask->raw, ask->raw_n };
	} else if (!text_same(kind, "multipart")) {
		deny(ask, 400, "badRequest", "uploadType: media, multipart or resumable");
		return;
	} else if (!multipart_read(ask, &u)) {
		return;
	}
	if (file)
		file_update(ask, file, &u);
	else
		file_create(ask, &u);
}

void serve_upload_new(struct ask *ask)
{
	upload(ask, NULL);
}

void serve_upload_over(struct ask *ask)
{
	upload(ask, ask->part[0]);
}

/* --- control --- */

static void fill(struct ask *ask, struct file *f)
{
	const char *text = json_text(ask->body, "text"), *data = json_text(ask->body, "data");
	int64_t size = 0;
	size_t n;
	void *bytes;

	if (text)
		file_fill(f, text, strlen(text));
	if (data) {
		bytes = base64_read(ask->pool, data, strlen(data), &n);
		if (bytes)
			file_fill(f, bytes, n);
		else
			deny(ask, 400, "invalid", "data is no base64");
	}
	if (json_int(ask->body, "size", &size) && size > 0) {
		bytes = mem_alloc(ask->pool, (size_t)size);
		memset(bytes, 'x', (size_t)size);
		file_fill(f, bytes, (size_t)size);
	}
}

/* {"account"?,"id"?,"name","mimeType"?,"parent"?,"text"|"data"|"size"?,"app"?,"shared"?,"starred"?,"trashed"?,
 * "modifiedTime"?} -> {"id"} */
static void plant(struct ask *ask)
{
	const char *type = json_text(ask->body, "mimeType"), *parent = json_text(ask->body, "parent");
	const char *name = json_text(ask->body, "name"), *time = json_text(ask->body, "modifiedTime");
	struct json *o = json_object(ask->pool);
	const struct file *folder;
	struct file *f;

	ask->scopes = SCOPE_PREFIX "drive";
	folder = file_find(ask, parent ? parent : "root");
	if (!folder)
		return;
	f = file_new(ask->account, json_text(ask->body, "id"), name ? name : "Untitled",
		     type ? type : "text/plain", json_true(ask->body, "shared") ? NULL : folder);
	f->app = json_true(ask->body, "app");
	f->shared = json_true(ask->body, "shared");
	f->starred = json_true(ask->body, "starred");
	f->trashed = json_true(ask->body, "trashed");
	if (time)
		err_clear(clock_parse(time, &f->modified));
	fill(ask, f);
	json_set_text(o, "id", f->id);
	say_json(ask, o);
}

/* Everything but the root folder, what is gone too; with the content of texts. */
static void list_files(struct ask *ask)
{
	struct json *list = json_array(ask->pool);

	drive_prepare(ask->account);
	for (size_t i = 1; i < ask->account->files.n; i++) {
		const struct file *f = ask->account->files.v[i];
		struct json *o = file_json(ask->pool, f);

		json_set_bool(o, "app", f->app);
		json_set_bool(o, "gone", f->gone);
		if (f->n <= SHOWN_MAX)
			json_set_text(o, "content", text_utf8_clean(ask->pool, f->bytes, f->n));
		json_push(list, o);
	}
	say_json(ask, list);
}

bool file_control(struct ask *ask, const char *name)
{
	if (text_same(name, "file"))
		plant(ask);
	else if (text_same(name, "files"))
		list_files(ask);
	else
		return false;
	return true;
}
