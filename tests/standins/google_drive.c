/* Files: metadata, content, export. */
#include "tests/standins/google_drive.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/text.h"
#include <stdlib.h>
#include <string.h>

#define LOOK "drive drive.readonly drive.file drive.metadata drive.metadata.readonly"
#define READ "drive drive.readonly drive.file"
#define WRITE "drive drive.file"
#define EXPORT_MAX ((size_t)10 * 1024 * 1024)
#define SHARED_DRIVES "supportsAllDrives supportsTeamDrives"
#define WRITE_PARAMS                                                                                  \
	SHARED_DRIVES " enforceSingleParent ignoreDefaultVisibility keepRevisionForever ocrLanguage " \
		      "useContentAsIndexableText includeLabels uploadType"
#define META                                                                                         \
	"id name mimeType parents description starred trashed appProperties properties createdTime " \
	"modifiedTime originalFilename folderColorRgb contentHints writersCanShare kind"

static struct list ids; /* that generateIds gave out */

/* --- the store --- */

const char *drive_id_new(void)
{
	const char *id = mem_fmt(world.pool, "1%s", crypt_random_hex(world.pool, 16));

	list_add(&ids, (void *)(uintptr_t)id);
	return id;
}

bool drive_id_known(const char *id)
{
	for (size_t i = 0; i < ids.n; i++)
		if (text_same(ids.v[i], id))
			return true;
	return false;
}

struct file *file_new(struct account *a, const char *id, const char *name, const char *type,
		      const struct file *parent)
{
	apr_pool_t *pool = pool_child(a->pool);
	struct file *f = MEM_NEW(pool, struct file);

	f->pool = pool;
	f->id = mem_text(pool, id ? id : drive_id_new());
	f->name = mem_text(pool, name);
	f->type = mem_text(pool, type);
	f->parent = parent;
	f->bytes = "";
	f->created = f->modified = clock_now();
	f->version = f->revision = world_next();
	list_add(&a->files, f);
	return f;
}

void file_fill(struct file *f, const void *p, size_t n)
{
	char *copy = mem_alloc(f->pool, n + 1);

	memcpy(copy, p, n);
	f->bytes = copy;
	f->n = n;
	f->revision = world_next();
}

void drive_prepare(struct account *a)
{
	if (!a->files.n)
		file_new(a, mem_fmt(a->pool, "0A%s", crypt_random_hex(a->pool, 8)), "My Drive", DRIVE_FOLDER,
			 NULL);
}

bool file_trashed(const struct file *f)
{
	for (; f; f = f->parent)
		if (f->trashed)
			return true;
	return false;
}

bool file_seen(const struct ask *ask, const struct file *f)
{
	bool root = f == ask->account->files.v[0];

	return f->app || root ||
	       oauth_has(ask, "drive drive.readonly drive.metadata drive.metadata.readonly");
}

struct file *file_find(struct ask *ask, const char *id)
{
	drive_prepare(ask->account);
	if (text_same(id, "root"))
		return ask->account->files.v[0];
	for (size_t i = 0; i < ask->account->files.n; i++) {
		struct file *f = ask->account->files.v[i];

		if (!f->gone && text_same(f->id, id) && file_seen(ask, f))
			return f;
	}
	deny(ask, 404, "notFound", "File not found: %s.", id);
	return NULL;
}

struct file *file_writable(struct ask *ask, const char *id)
{
	struct file *f = file_find(ask, id);

	if (f && !f->app && !oauth_has(ask, "drive")) {
		deny(ask, 403, "appNotAuthorizedToFile",
		     "The user has not granted the app %s write access to the file %s.", "1", id);
		return NULL;
	}
	if (f && f->shared) {
		deny(ask, 403, "insufficientFilePermissions",
		     "The user does not have sufficient permissions for this file.");
		return NULL;
	}
	return f;
}

/* --- showing --- */

struct json *file_json(apr_pool_t *pool, const struct file *f)
{
	struct json *o = json_object(pool), *parents = json_array(pool), *may = json_object(pool);
	bool blob = !text_starts(f->type, DRIVE_WORKSPACE);

	json_set_text(o, "kind", "drive#file");
	json_set_text(o, "id", f->id);
	json_set_text(o, "name", f->name);
	json_set_text(o, "mimeType", f->type);
	if (f->description)
		json_set_text(o, "description", f->description);
	json_set_bool(o, "starred", f->starred);
	json_set_bool(o, "trashed", file_trashed(f));
	json_set_bool(o, "explicitlyTrashed", f->trashed);
	if (f->parent) {
		json_push_text(parents, f->parent->id);
		json_set(o, "parents", parents);
	}
	json_set_text(o, "createdTime", mem_fmt(pool, "%.19s.000Z", clock_iso(pool, f->created)));
	json_set_text(o, "modifiedTime", mem_fmt(pool, "%.19s.000Z", clock_iso(pool, f->modified)));
	json_set_text(o, "version", mem_fmt(pool, "%lld", (long long)f->version));
	json_set_text(o, "webViewLink",
		      mem_fmt(pool, "https://drive.google.com/file/d/%s/view?usp=drivesdk", f->id));
	if (f->app_properties)
		json_set(o, "appProperties", f->app_properties);
	if (f->properties)
		json_set(o, "properties", f->properties);
	if (blob) {
		json_set_text(o, "size", mem_fmt(pool, "%zu", f->n));
		json_set_text(o, "sha256Checksum", sha256_hex(pool, f->bytes, f->n));
		json_set_text(o, "headRevisionId", mem_fmt(pool, "0B%lld", (long long)f->revision));
		json_set_text(o, "originalFilename", f->name);
		json_set_text(o, "webContentLink",
			      mem_fmt(pool, "https://drive.google.com/uc?id=%s&export=download", f->id));
	}
	json_set_bool(o, "ownedByMe", !f->shared);
	json_set_bool(o, "shared", f->shared);
	json_set_bool(may, "canEdit", !f->shared);
	json_set_bool(may, "canDownload", true);
	json_set_bool(may, "canTrash", !f->shared);
	json_set(o, "capabilities", may);
	return o;
}

void say_file(struct ask *ask, const struct file *f)
{
	struct json *o = file_json(ask->pool, f);

	say_json(ask, param(ask, "fields") ? o : json_only(ask->pool, o, "kind id name mimeType"));
}

/* --- reading --- */

/* "bytes=a-b"; false: whole. */
static bool range_read(struct ask *ask, size_t n, size_t *ret_from, size_t *ret_n)
{
	const char *range = json_text(ask->headers, "range");
	char *end;
	size_t from, last;

	if (!range || !text_starts(range, "bytes=") || range[6] == '-')
		return false;
	from = strtoul(range + 6, &end, 10);
	last = end[0] == '-' && end[1] ? strtoul(end + 1, NULL, 10) : n - 1;
	if (from >= n || last < from)
		return !deny(ask, 416, "requestedRangeNotSatisfiable", "Request range not satisfiable");
	*ret_from = from;
	*ret_n = (last < n ? last : n - 1) - from + 1;
	return true;
}

static void say_content(struct ask *ask, const struct file *f)
{
	size_t from = 0, n = f->n;

	if (text_starts(f->type, DRIVE_WORKSPACE)) {
		deny(ask, 403, "fileNotDownloadable",
		     "Only files with binary content can be downloaded. Use Export with Docs Editors files.");
	} else if (!oauth_has(ask, READ)) {
		deny(ask, 403, "insufficientPermissions", "Request had insufficient authentication scopes.");
	} else if (range_read(ask, f->n, &from, &n)) {
		say_bytes(ask, f->type, f->bytes + from, n);
		if (ask->answer.status == 200) {
			ask->answer.status = 206;
			say_header(ask, "Content-Range",
				   mem_fmt(ask->pool, "bytes %zu-%zu/%zu", from, from + n - 1, f->n));
		}
	} else {
		say_bytes(ask, f->type, f->bytes, f->n);
	}
}

static void serve_file_get(struct ask *ask)
{
	const char *alt = param(ask, "alt");
	const struct file *f = file_find(ask, ask->part[0]);

	if (f && text_same(alt, "media"))
		say_content(ask, f);
	else if (f)
		say_file(ask, f);
}

static const struct {
	const char *from, *to, *head; /* head: what such a file begins with; NULL: the text itself */
} exports[] = {
	{ "document", "text/plain", NULL },
	{ "document", "text/markdown", NULL },
	{ "document", "text/html", "<html><body>" },
	{ "document", "application/pdf", "%PDF-1.4\n" },
	{ "document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	  "PK\003\004" },
	{ "spreadsheet", "text/csv", NULL },
	{ "spreadsheet", "application/pdf", "%PDF-1.4\n" },
	{ "spreadsheet", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK\003\004" },
	{ "presentation", "text/plain", NULL },
	{ "presentation", "application/pdf", "%PDF-1.4\n" },
	{ "presentation", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	  "PK\003\004" },
};

static void serve_export(struct ask *ask)
{
	const struct file *f = file_find(ask, ask->part[0]);
	const char *type = param(ask, "mimeType"), *text;

	if (!f)
		return;
	if (!type) {
		deny(ask, 400, "required", "Required parameter: mimeType");
	} else if (!text_starts(f->type, DRIVE_WORKSPACE)) {
		deny(ask, 403, "fileNotExportable", "Export only supports Docs Editors files.");
	} else if (f->n > EXPORT_MAX) {
		deny(ask, 403, "exportSizeLimitExceeded", "This file is too large to be exported.");
	}
	if (ask->answer.status)
		return;
	for (size_t i = 0; i < sizeof exports / sizeof *exports; i++) {
		if (!text_same(f->type + strlen(DRIVE_WORKSPACE), exports[i].from) ||
		    !text_same(type, exports[i].to))
			continue;
		text = mem_fmt(ask->pool, "%s%s", exports[i].head ? exports[i].head : "", f->bytes);
		say_bytes(ask, exports[i].to, text, strlen(text));
	}
	deny(ask, 400, "badRequest", "The requested conversion is not supported.");
}

static void serve_ids(struct ask *ask)
{
	struct json *o = json_object(ask->pool), *list = json_array(ask->pool);
	int64_t n;

	if (!param_int(ask, "count", 10, 1, 1000, &n))
		return;
	for (int64_t i = 0; i < n; i++)
		json_push_text(list, drive_id_new());
	json_set_text(o, "kind", "drive#generatedIds");
	json_set_text(o, "space", "drive");
	json_set(o, "ids", list);
	say_json(ask, o);
}

static void serve_about(struct ask *ask)
{
	struct json *o = json_object(ask->pool), *user = json_object(ask->pool),
		    *quota = json_object(ask->pool), *formats = json_object(ask->pool);

	if (!param(ask, "fields")) {
		deny(ask, 400, "required", "The 'fields' parameter is required for this method.");
		return;
	}
	json_set_text(user, "displayName", ask->account->name);
	json_set_text(user, "emailAddress", ask->account->email);
	json_set_bool(user, "me", true);
	json_set_text(quota, "limit", "16106127360");
	json_set_text(quota, "usage", "0");
	for (size_t i = 0; i < sizeof exports / sizeof *exports; i++) {
		const char *from = mem_fmt(ask->pool, DRIVE_WORKSPACE "%s", exports[i].from);
		struct json *list = json_array(ask->pool);

		if (json_has(formats, from))
			continue;
		for (size_t k = i; k < sizeof exports / sizeof *exports; k++)
			if (text_same(exports[k].from, exports[i].from))
				json_push_text(list, exports[k].to);
		json_set(formats, from, list);
	}
	json_set_text(o, "kind", "drive#about");
	json_set(o, "user", user);
	json_set(o, "storageQuota", quota);
	json_set(o, "exportFormats", formats);
	say_json(ask, o);
}

/* --- writing --- */

static bool time_member(struct ask *ask, const struct json *meta, const char *name, int64_t *ret)
{
	const char *text = json_text(meta, name);
	err_t *err = text ? clock_parse(text, ret) : NULL;

	if (!err)
		return true;
	err_clear(err);
	return deny(ask, 400, "invalid", "Invalid value for: %s", name);
}

/* The folder that a new file goes into; NULL: denied. */
static const struct file *parent_of(struct ask *ask, const struct json *meta)
{
	const struct json *parents = json_at(meta, "parents");
	const struct file *f;

	if (json_len(parents) > 1) {
		deny(ask, 400, "invalid", "A file cannot be created in more than one folder.");
		return NULL;
	}
	f = file_find(ask, json_len(parents) ? json_text(json_item(parents, 0), NULL) : "root");
	if (f && !text_same(f->type, DRIVE_FOLDER)) {
		deny(ask, 403, "parentNotAFolder", "The specified parent is not a folder.");
		return NULL;
	}
	return f;
}

static bool meta_good(struct ask *ask, const struct json *meta)
{
	int64_t ignored;

	if (meta && !only_fields(ask, meta, META, "file"))
		return false;
	return time_member(ask, meta, "createdTime", &ignored) &&
	       time_member(ask, meta, "modifiedTime", &ignored);
}

bool file_create_check(struct ask *ask, const struct upload *u)
{
	const char *id = json_text(u->meta, "id"), *type = json_text(u->meta, "mimeType");

	if (!meta_good(ask, u->meta) || !parent_of(ask, u->meta))
		return false;
	if (!id)
		return true;
	if (!drive_id_known(id))
		return deny(ask, 400, "invalid", "The provided file ID is not usable.");
	if (type && text_starts(type, DRIVE_WORKSPACE) && !text_same(type, DRIVE_FOLDER))
		return deny(ask, 400, "invalid", "Generated IDs are not supported for Docs Editors formats.");
	for (size_t i = 0; i < ask->account->files.n; i++)
		if (text_same(((struct file *)ask->account->files.v[i])->id, id))
			return deny(ask, 409, "fileIdInUse", "A file already exists with the provided ID.");
	return true;
}

static void take_meta(struct file *f, const struct json *meta)
{
	struct ask quiet = { .pool = f->pool };

	if (json_text(meta, "description"))
		f->description = mem_text(f->pool, json_text(meta, "description"));
	if (json_is_bool(json_at(meta, "starred")))
		f->starred = json_true(meta, "starred");
	if (json_is_bool(json_at(meta, "trashed")))
		f->trashed = json_true(meta, "trashed");
	if (json_at(meta, "appProperties"))
		f->app_properties = json_copy(f->pool, json_merged(f->pool, f->app_properties,
								   json_at(meta, "appProperties")));
	if (json_at(meta, "properties"))
		f->properties =
			json_copy(f->pool, json_merged(f->pool, f->properties, json_at(meta, "properties")));
	time_member(&quiet, meta, "createdTime", &f->created);
	time_member(&quiet, meta, "modifiedTime", &f->modified);
}

void file_create(struct ask *ask, const struct upload *u)
{
	const char *type = json_text(u->meta, "mimeType"), *name = json_text(u->meta, "name");
	struct file *f;

	if (!file_create_check(ask, u))
		return;
	if (!type)
		type = u->type ? u->type : "application/octet-stream";
	f = file_new(ask->account, json_text(u->meta, "id"), name ? name : "Untitled", type,
		     parent_of(ask, u->meta));
	f->app = true;
	if (u->type)
		file_fill(f, u->bytes, u->n);
	take_meta(f, u->meta);
	say_file(ask, f);
}

/* addParents and removeParents: one folder for another. */
static bool move(struct ask *ask, struct file *f)
{
	const char *add = param(ask, "addParents"), *drop = param(ask, "removeParents");
	const struct file *to = add ? file_find(ask, add) : NULL;

	if (!add && !drop)
		return true;
	if (add && !to)
		return false;
	if (drop && !(f->parent && (text_same(f->parent->id, drop) ||
				    (text_same(drop, "root") && f->parent == ask->account->files.v[0]))))
		return deny(ask, 404, "notFound", "File not found: %s.", drop);
	if (add && !drop)
		return deny(ask, 403, "cannotAddParent", "Increasing the number of parents is not allowed");
	if (to && !text_same(to->type, DRIVE_FOLDER))
		return deny(ask, 403, "parentNotAFolder", "The specified parent is not a folder.");
	f->parent = to ? to : ask->account->files.v[0];
	return true;
}

void file_update(struct ask *ask, const char *id, const struct upload *u)
{
	struct file *f = file_writable(ask, id);

	if (!f || !meta_good(ask, u->meta))
		return;
	if (json_at(u->meta, "parents")) {
		deny(ask, 403, "fieldNotWritable",
		     "The parents field is not directly writable in update requests. Use the addParents and "
		     "removeParents parameters instead.");
		return;
	}
	if (json_at(u->meta, "id")) {
		deny(ask, 403, "fieldNotWritable",
		     "The resource body includes fields which are not directly writable.");
		return;
	}
	if (!move(ask, f))
		return;
	f->modified = clock_now();
	f->version = world_next();
	if (json_text(u->meta, "name"))
		f->name = mem_text(f->pool, json_text(u->meta, "name"));
	if (json_text(u->meta, "mimeType"))
		f->type = mem_text(f->pool, json_text(u->meta, "mimeType"));
	if (u->type)
		file_fill(f, u->bytes, u->n);
	take_meta(f, u->meta);
	say_file(ask, f);
}

static void serve_create(struct ask *ask)
{
	struct upload u = { .meta = ask->body };

	if (body_needed(ask))
		file_create(ask, &u);
}

static void serve_update(struct ask *ask)
{
	struct upload u = { .meta = ask->body };

	if (!ask->raw_n || body_needed(ask))
		file_update(ask, ask->part[0], &u);
}

static void delete_below(struct account *a, const struct file *f)
{
	for (size_t i = 0; i < a->files.n; i++) {
		struct file *child = a->files.v[i];

		if (!child->gone && child->parent == f) {
			child->gone = true;
			delete_below(a, child);
		}
	}
}

static void serve_delete(struct ask *ask)
{
	struct file *f = file_writable(ask, ask->part[0]);

	if (!f)
		return;
	if (f == ask->account->files.v[0]) {
		deny(ask, 403, "insufficientFilePermissions", "The root folder cannot be deleted.");
		return;
	}
	f->gone = true;
	delete_below(ask->account, f);
	say_nothing(ask, 204);
}

const struct route drive_routes[] = {
	{ "drive.about", "GET", "/drive/v3/about", LOOK, "", QUOTA_DRIVE, 5, serve_about },
	{ "drive.list", "GET", "/drive/v3/files", LOOK,
	  "q pageSize pageToken orderBy spaces corpora driveId includeItemsFromAllDrives includeLabels " SHARED_DRIVES,
	  QUOTA_DRIVE, 100, serve_files_list },
	{ "drive.create", "POST", "/drive/v3/files", WRITE, WRITE_PARAMS, QUOTA_DRIVE, 50, serve_create },
	{ "drive.generateIds", "GET", "/drive/v3/files/generateIds", WRITE, "count space type", QUOTA_DRIVE,
	  5, serve_ids },
	{ "drive.get", "GET", "/drive/v3/files/{}", LOOK, "acknowledgeAbuse includeLabels " SHARED_DRIVES,
	  QUOTA_DRIVE, 5, serve_file_get },
	{ "drive.update", "PATCH", "/drive/v3/files/{}", WRITE, WRITE_PARAMS " addParents removeParents",
	  QUOTA_DRIVE, 50, serve_update },
	{ "drive.delete", "DELETE", "/drive/v3/files/{}", WRITE, SHARED_DRIVES, QUOTA_DRIVE, 50,
	  serve_delete },
	{ "drive.export", "GET", "/drive/v3/files/{}/export", READ, "mimeType", QUOTA_DRIVE, 200,
	  serve_export },
	{ "drive.upload", "POST", "/upload/drive/v3/files", WRITE, WRITE_PARAMS, QUOTA_DRIVE, 50,
	  serve_upload_new },
	{ "drive.uploadUpdate", "PATCH", "/upload/drive/v3/files/{}", WRITE,
	  WRITE_PARAMS " addParents removeParents", QUOTA_DRIVE, 50, serve_upload_over },
	{ "drive.uploadChunk", "PUT", "/upload/drive/v3/files", NULL, WRITE_PARAMS " upload_id", QUOTA_DRIVE,
	  0, serve_upload_chunk },
	{ NULL },
};

bool drive_control(struct ask *ask, const char *name)
{
	ask->account = control_account(ask);
	return ask->account && file_control(ask, name);
}
