#include "bot/export.h"

#include "bot/cli.h"
#include "bot/cli_run.h"
#include "core/clock.h"
#include "core/text.h"
#include "core/version.h"
#include "db/db.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const size_t document_max = (size_t)1024 * 1024 * 1024;

static bool person_there(const struct rows *rows)
{
	for (int i = 0; i < rows_count(rows); i++)
		if (!rows_null(rows, i, 1) && text_same(rows_text(rows, i, 0), "users"))
			return true;
	return false;
}

/* A row without a body opens the part of its name. Names of tables need no quoting in JSON. */
static void parts_put(struct buf *out, const struct rows *rows)
{
	bool empty = true;

	for (int i = 0; i < rows_count(rows); i++) {
		if (rows_null(rows, i, 1)) {
			buf_fmt(out, "%s\n  \"%s\": [", i ? "],\n" : "", rows_text(rows, i, 0));
			empty = true;
			continue;
		}
		buf_text(out, empty ? "\n    " : ",\n    ");
		buf_text(out, rows_text(rows, i, 1));
		empty = false;
	}
	buf_text(out, "]");
}

err_t *export_document(struct tx *tx, const char **ret_text, size_t *ret_n)
{
	const struct req *req = tx_req(tx);
	struct buf out = buf_new(req->pool, document_max);
	struct rows *rows;

	ERR(tx_exec(tx, STMT_EXPORT, PG_ARGS(), &rows));
	if (!person_there(rows))
		return err_new(ERR_NOT_FOUND, "nobody there");
	buf_fmt(&out,
		"{\n\"program\": \"lembra %s\",\n\"exported_at\": \"%s\",\n\"user_id\": %lld,\n\"parts\": {",
		LEMBRA_VERSION, clock_iso(req->pool, req->now), (long long)req->user_id);
	parts_put(&out, rows);
	buf_text(&out, "\n}\n}\n");
	ERR(buf_check(&out));
	*ret_text = out.p;
	*ret_n = out.n;
	return NULL;
}

/* One export from the command line. */
struct act {
	struct req *req;
	const char *path; /* NULL: standard output */
};

/* Never over another file, and readable by its owner only: it is a person's whole life. */
static NODISCARD err_t *file_write(const char *path, const char *text, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	size_t done = 0;
	ssize_t part = 0;

	if (fd < 0)
		return err_new(ERR_INVALID, "\"%s\": %s", path, strerror(errno));
	while (done < n && (part = write(fd, text + done, n - done)) >= 0)
		done += (size_t)part;
	if (part < 0 || fsync(fd) != 0) {
		int why = errno;

		close(fd);
		return err_new(ERR_INTERNAL, "\"%s\" is not whole: %s", path, strerror(why));
	}
	close(fd);
	return NULL;
}

static err_t *export_main(void *ctx)
{
	struct act *act = ctx;
	struct req *req = act->req;
	const char *text = NULL;
	struct tx *tx;
	size_t n = 0;
	err_t *err;

	req->now = clock_now();
	ERR(tx_begin_user(req, &tx));
	err = tx_end(tx, export_document(tx, &text, &n));
	if (err && err->code == ERR_NOT_FOUND)
		return err_wrap(err, "no person has the id %lld: see lembra user list",
				(long long)req->user_id);
	ERR(err);
	if (act->path)
		return file_write(act->path, text, n);
	if (fwrite(text, 1, n, stdout) != n || fflush(stdout) != 0)
		return err_new(ERR_INTERNAL, "standard output: %s", strerror(errno));
	return NULL;
}

static NODISCARD err_t *run(const struct config *config, apr_pool_t *pool, struct act *act)
{
	const char *url;

	ERR(cli_db_url(pool, config, CONFIG_DB_APP, &url));
	return cli_loop(pool, config, DB_APP, export_main, act);
}

int cli_export(struct config *config, apr_pool_t *pool, int argc, char **argv)
{
	struct act act = { 0 };
	int64_t user_id;
	int code;

	if (argc == 4 && text_same(argv[2], "--out"))
		act.path = argv[3];
	else if (argc != 2)
		return cli_usage("export USER [--out FILE]");
	if (!text_int(argv[1], &user_id) || user_id <= 0)
		return cli_usage("export USER [--out FILE]; USER is an id of lembra user list");
	act.req = req_begin(NULL);
	act.req->user_id = user_id;
	act.req->config = config;
	code = cli_end(run(config, pool, &act));
	req_end(act.req);
	return code;
}
