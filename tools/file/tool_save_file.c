#include "core/limits.h"
#include "core/text.h"
#include "tools/file/file_view.h"
#include "tools/note/note_view.h"
#include "tools/words.h"

#include <string.h>

struct args {
	int64_t id, account;
	const char *title, *text, *what;
	/* Of fetch. */
	struct google_account at;
	const char *file; /* the id that Google gave for it */
};

static const struct json_field params[] = {
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL, "number of a note to save" },
	{ "title", JSON_TEXT, 0, offsetof(struct args, title), 0, 500, NULL,
	  "with text: the file's name; alone: words of the note to save" },
	{ "text", JSON_TEXT, 0, offsetof(struct args, text), 0, 100000, NULL, "what the file is to hold" },
	{ "what", JSON_TEXT, 0, offsetof(struct args, what), 0, 10, "notes tasks",
	  "all notes, or all tasks, as one file" },
	{ "account", JSON_INT, 0, offsetof(struct args, account), 1, INT64_MAX, NULL,
	  "number of a Google account; the usual one when left out" },
	{ 0 },
};

struct saved {
	const char *name, *link;
	struct json_list candidates;
};

static const struct json_field result[] = {
	{ "name", JSON_TEXT, JSON_REQUIRED, offsetof(struct saved, name) },
	{ "link", JSON_TEXT, 0, offsetof(struct saved, link) },
	{ "candidates", JSON_OBJECTS, 0, offsetof(struct saved, candidates), .of = note_fields,
	  .size = sizeof(struct note_row) },
	{ 0 },
};

enum { CONTENT_MAX = 1024 * 1024, NAME_CHARS = 120 };

/* --- what is saved --- */

struct content {
	const char *name, *type, *text; /* text NULL: ret says why not */
};

static NODISCARD err_t *note_content(struct req *req, struct tx *tx, int64_t id, struct content *ret_content,
				     struct outcome *ret)
{
	struct note_row note;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_NOTE_GET, PG_ARGS(PG_INT(id), PG_TEXT(req->zone)), &rows));
	if (!rows_count(rows)) {
		note_absent(req, id, ret);
		return NULL;
	}
	note = note_row(req, rows, 0, COL_NOTE_GET_NOTE);
	ret_content->name =
		mem_fmt(req->pool, "%s.md",
			text_cut(req->pool, note_shown(req->pool, note.title, note.text), NAME_CHARS));
	ret_content->type = "text/markdown";
	ret_content->text = *note.title ? mem_fmt(req->pool, "# %s\n\n%s\n", note.title, note.text)
					: mem_fmt(req->pool, "%s\n", note.text);
	return NULL;
}

static NODISCARD err_t *notes_content(struct req *req, struct tx *tx, struct content *ret_content)
{
	struct buf text = buf_new(req->pool, CONTENT_MAX);
	struct rows *rows;

	ERR(tx_exec(tx, STMT_FILE_NOTES, PG_ARGS(), &rows));
	for (int i = 0; i < rows_count(rows); i++)
		buf_fmt(&text, "## %s\n\n%s\n\n",
			*rows_text(rows, i, COL_FILE_NOTES_TITLE) ? rows_text(rows, i, COL_FILE_NOTES_TITLE)
								  : rows_text(rows, i, COL_FILE_NOTES_DATE),
			rows_text(rows, i, COL_FILE_NOTES_TEXT));
	ERR(buf_check(&text));
	*ret_content = (struct content){ tr(req->pool, req->lang, "file.name.notes"), "text/markdown",
					 text.p ? text.p : "\n" };
	return NULL;
}

/* RFC 4180; a cell that a spreadsheet would take for a formula is made a text. */
static void cell(struct buf *text, const char *s, const char *after)
{
	buf_char(text, '"');
	if (strchr("=+-@\t\r", *s) && *s)
		buf_char(text, '\'');
	for (; *s; s++) {
		if (*s == '"')
			buf_char(text, '"');
		buf_char(text, *s);
	}
	buf_fmt(text, "\"%s", after);
}

static NODISCARD err_t *tasks_content(struct req *req, struct tx *tx, struct content *ret_content)
{
	struct buf text = buf_new(req->pool, CONTENT_MAX);
	struct rows *rows;

	ERR(tx_exec(tx, STMT_FILE_TASKS, PG_ARGS(), &rows));
	buf_text(&text, "title,status,due,priority\r\n");
	for (int i = 0; i < rows_count(rows); i++) {
		cell(&text, rows_text(rows, i, COL_FILE_TASKS_TITLE), ",");
		cell(&text, rows_text(rows, i, COL_FILE_TASKS_STATUS), ",");
		cell(&text, rows_text(rows, i, COL_FILE_TASKS_DUE), ",");
		cell(&text, rows_text(rows, i, COL_FILE_TASKS_PRIORITY), "\r\n");
	}
	ERR(buf_check(&text));
	*ret_content = (struct content){ tr(req->pool, req->lang, "file.name.tasks"), "text/csv", text.p };
	return NULL;
}

/* "a nota lista de compras" names a note; "minhas notas" and "as tarefas" are all of them. */
static const char *title_read(struct req *req, const char *title, const char **ret_what)
{
	static const char *const skipped = "a o as os minha minhas meu meus essa esta nota the my note";
	const char *rest = title, *word;
	size_t n;

	*ret_what = NULL;
	for (;;) {
		rest += strspn(rest, " ");
		n = strcspn(rest, " ");
		word = text_fold(req->pool, mem_textn(req->pool, rest, n));
		if (text_has_word("notas notes", word) && !rest[n])
			*ret_what = "notes";
		if (text_has_word("tarefas tasks", word) && !rest[n])
			*ret_what = "tasks";
		if (!n || !text_has_word(skipped, word))
			return rest;
		rest += n;
	}
}

static NODISCARD err_t *found_content(struct req *req, struct tx *tx, const struct args *args,
				      struct content *ret_content, struct outcome *ret)
{
	const char *what = args->what, *words = "";
	int64_t id = args->id;

	if (!what && !id && args->title)
		words = title_read(req, words_line(req->pool, args->title), &what);
	if (what)
		return text_same(what, "notes") ? notes_content(req, tx, ret_content)
						: tasks_content(req, tx, ret_content);
	if (!id && !*words) {
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.save_file"));
		return NULL;
	}
	if (!id)
		ERR(note_find(req, tx, words, "save_file", NULL, ret, &id));
	return id ? note_content(req, tx, id, ret_content, ret) : NULL;
}

static NODISCARD err_t *content_find(struct req *req, struct tx *tx, const struct args *args,
				     struct content *ret_content, struct outcome *ret)
{
	const char *title;

	if (!args->text || !*text_trim(req->pool, args->text))
		return found_content(req, tx, args, ret_content, ret);
	title = words_line(req->pool, args->title ? args->title : args->text);
	*ret_content = (struct content){ mem_fmt(req->pool, "%s.md", text_cut(req->pool, title, NAME_CHARS)),
					 "text/markdown", args->text };
	return NULL;
}

/* --- the act --- */

/* Google gives an id before there is a file: the same id twice is one file. */
static NODISCARD err_t *fetch(struct req *req, void *p, struct outcome *ret)
{
	struct args *args = p;
	struct google_reply reply;
	bool ok;

	ERR(google_ready_alone(req, GOOGLE_DRIVE_SAVE, args->account, &args->at, &ok, ret));
	if (!ok)
		return NULL;
	ERR(file_get(req, args->at.id, google_drive_ids_path(), DRIVE_GET_UNITS, 0, &reply, &ok, ret));
	if (!ok)
		return NULL;
	args->file = json_text(reply.body, "ids.0");
	return args->file ? NULL : err_new(ERR_UNAVAILABLE, "google gave no id");
}

static NODISCARD err_t *plan(struct req *req, struct tx *tx, const void *p, struct json **ret_request,
			     struct outcome *ret)
{
	const struct args *args = p;
	struct content content = { 0 };

	ERR(content_find(req, tx, args, &content, ret));
	if (!content.text)
		return NULL;
	*ret_request = json_object(req->pool);
	json_set_int(*ret_request, "account", args->at.id);
	json_set_text(*ret_request, "file", args->file);
	json_set_text(*ret_request, "name", content.name);
	json_set_text(*ret_request, "type", content.type);
	json_set_text(*ret_request, "text", content.text);
	return NULL;
}

static NODISCARD err_t *look_for(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
				 struct json **ret_result)
{
	struct google_request request = { .api = GOOGLE_DRIVE_API,
					  .method = "GET",
					  .units = DRIVE_GET_UNITS };
	struct google_reply reply;
	int64_t account = 0;

	json_int(op->request, "account", &account);
	request.path = google_drive_get_path(req->pool, json_text(op->request, "file"));
	ERR(google_call(req, account, &request, &reply));
	*ret_sent = google_sent(NULL, &reply);
	if (*ret_sent == REMOTE_DONE)
		*ret_result = reply.body;
	return NULL;
}

static NODISCARD err_t *send_it(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
				struct json **ret_result)
{
	struct google_request request = { .api = GOOGLE_UPLOAD_API,
					  .method = "POST",
					  .path = google_drive_upload_path(),
					  .units = DRIVE_WRITE_UNITS };
	struct google_reply reply;
	int64_t account = 0;
	err_t *err;

	json_int(op->request, "account", &account);
	request.bytes = google_drive_upload(req->pool, json_text(op->request, "file"),
					    json_text(op->request, "name"), json_text(op->request, "type"),
					    json_text(op->request, "text"), &request.bytes_n, &request.type);
	err = google_call(req, account, &request, &reply);
	/* That id is taken: by ourselves, earlier. */
	if (!err && reply.status == 409)
		return look_for(req, op, ret_sent, ret_result);
	*ret_sent = google_sent(err, &reply);
	if (*ret_sent == REMOTE_DONE)
		*ret_result = reply.body;
	return NULL;
}

static NODISCARD err_t *settle(struct req *req, struct tx *tx, const struct operation *op,
			       struct outcome *ret)
{
	struct saved saved = { .name = json_text(op->request, "name"), .link = "" };
	struct json *back = json_object(req->pool);
	struct drive_file file = { .link = "" };
	int64_t account = 0;

	(void)tx;
	if (op->sent != REMOTE_DONE)
		return NULL; /* the frame has words for it */
	err_clear(op->result ? google_drive_file(req->pool, op->result, &file) : NULL);
	json_int(op->request, "account", &account);
	saved.link = file.link ? file.link : "";
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "file" };
	ret->html = tr(req->pool, req->lang, "file.saved", SLOT_S("name", saved.name));
	if (*saved.link)
		outcome_button(req, ret, 0, tr(req->pool, req->lang, "file.button.open"), saved.link);
	json_set_int(back, "account", account);
	json_set_text(back, "file", json_text(op->request, "file"));
	outcome_reverse(ret, "trash_file", back);
	outcome_data(req, ret, result, &saved);
	return NULL;
}

static const struct remote remote = {
	.ids = true, .plan = plan, .send = send_it, .look = look_for, .settle = settle
};

const struct tool tool_save_file = {
	.name = "save_file",
	.description =
		"Saves a new file to the person's Google Drive: a note, a text, all notes, or all tasks.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_MAKE,
	.words = { .what = "title" },
	.min_role = ROLE_USER,
	.fetch = fetch,
	.remote = &remote,
};
