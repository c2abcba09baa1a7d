#include "core/limits.h"
#include "core/text.h"
#include "tools/file/file_view.h"
#include "tools/words.h"

struct args {
	const char *query;
	int64_t max_results, account;
	/* Of fetch. */
	struct google_account at;
	struct drive_file *files;
	size_t n;
};

static const struct json_field params[] = {
	{ "query", JSON_TEXT, 0, offsetof(struct args, query), 0, 500, NULL,
	  "words of the file's name or of its text; the latest files when left out" },
	{ "max_results", JSON_INT, 0, offsetof(struct args, max_results), 1, 20, NULL, "8 when left out" },
	{ "account", JSON_INT, 0, offsetof(struct args, account), 1, INT64_MAX, NULL,
	  "number of a Google account; the usual one when left out" },
	{ 0 },
};

struct found {
	struct json_list files;
};

static const struct json_field result[] = {
	{ "files", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct found, files), .of = file_fields,
	  .size = sizeof(struct file_row) },
	{ 0 },
};

enum { SHOWN = 8, BUTTONS = 8 };

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	struct json *args = json_object(req->pool);

	if (*words_line(req->pool, text))
		json_set_text(args, "query", words_line(req->pool, text));
	*ret_args = args;
	return NULL;
}

static NODISCARD err_t *fetch(struct req *req, void *p, struct outcome *ret)
{
	struct args *args = p;
	const char *words = args->query ? words_line(req->pool, args->query) : "";
	struct google_reply reply;
	bool ok;

	ERR(google_ready_alone(req, GOOGLE_DRIVE_READ, args->account, &args->at, &ok, ret));
	if (!ok)
		return NULL;
	ERR(file_get(req, args->at.id,
		     google_drive_list_path(req->pool, words, args->max_results ? args->max_results : SHOWN),
		     DRIVE_LIST_UNITS, 0, &reply, &ok, ret));
	return ok ? google_drive_list(req->pool, reply.body, &args->n, &args->files) : NULL;
}

static void buttons(struct req *req, const struct file_row *rows, size_t n, struct outcome *ret)
{
	for (size_t i = 0; i < n && i < BUTTONS; i++)
		if (!text_same(rows[i].kind, "folder"))
			outcome_button(req, ret, (int)i / 4, mem_fmt(req->pool, "📖 %d", (int)i + 1),
				       button_act(req->pool, "read_file", SLOT_I("id", rows[i].id)));
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *words = args->query ? words_line(req->pool, args->query) : "";
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	struct file_row *rows;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(file_rows(req, tx, args->at.id, args->files, args->n, &rows));
	outcome_data(req, ret, result, &(struct found){ { args->n, rows } });
	if (!args->n) {
		ret->html = tr(req->pool, req->lang, *words ? "file.none_words" : "file.none",
			       SLOT_S("words", text_cut(req->pool, words, 80)));
		return NULL;
	}
	buf_text(&html, tr(req->pool, req->lang, "file.found"));
	for (size_t i = 0; i < args->n; i++) {
		ret->outside = ret->outside || rows[i].outside;
		buf_fmt(&html, "\n%d. %s", (int)i + 1, file_line(req, &rows[i]));
	}
	ERR(buf_check(&html));
	ret->html = html.p;
	buttons(req, rows, args->n, ret);
	return NULL;
}

const struct tool tool_search_files = {
	.name = "search_files",
	.description = "Finds files in the person's Google Drive by words of their names or texts.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ,
	.words = { .what = "query" },
	.min_role = ROLE_USER,
	.commands = "arquivos files",
	.from_text = from_text,
	.fetch = fetch,
	.run = run,
};
