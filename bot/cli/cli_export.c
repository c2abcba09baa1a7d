#include "bot/cli/cli.h"
#include "bot/cli/cli_run.h"
#include "bot/talk/mydata_export.h"
#include "core/clock.h"
#include "core/req.h"
#include "core/text.h"
#include "db/db.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

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
	err = tx_end(tx, mydata_document(tx, &text, &n));
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
	req_serve(config);
	act.req = req_begin(NULL);
	act.req->user_id = user_id;
	code = cli_end(run(config, pool, &act));
	req_end(act.req);
	return code;
}
