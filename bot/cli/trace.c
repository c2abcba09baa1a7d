#include "bot/cli/cli.h"

#include "bot/cli/cli_run.h"
#include "core/clock.h"
#include "core/text.h"
#include "db/pg_admin.h"
#include <stdio.h>
#include <string.h>

enum { TRACE_LEN = 32, TRACE_SHORT = 8, STORY_MAX = 16 * 1024 * 1024 };

static NODISCARD err_t *ambiguous(apr_pool_t *pool, const char *id, const struct rows *rows)
{
	struct buf list = buf_new(pool, 4096);

	for (int i = 0; i < rows_count(rows); i++)
		buf_fmt(&list, "\n  %s  %s", rows_text(rows, i, COL_TRACE_FIND_TRACE),
			clock_iso(pool, rows_int(rows, i, COL_TRACE_FIND_FIRST_AT)));
	return err_new(ERR_CONFLICT, "\"%s\" is ambiguous, these begin so:%s", id, list.p);
}

/* The one trace that begins with id. 'g' sorts behind every hex digit. */
static NODISCARD err_t *whole(struct pg_admin *admin, apr_pool_t *pool, const char *id,
			      const char **ret_trace)
{
	const char *low = text_fold(pool, id),
		   *high = strlen(low) < TRACE_LEN ? mem_fmt(pool, "%sg", low) : low;
	struct rows *rows;

	if (strlen(low) < TRACE_SHORT || strlen(low) > TRACE_LEN ||
	    strspn(low, "0123456789abcdef") != strlen(low))
		return err_new(ERR_INVALID,
			       "\"%s\" is no trace id: %d hex digits, or at least the first %d of them", id,
			       TRACE_LEN, TRACE_SHORT);
	ERR(pg_admin_exec(admin, pool, STMT_TRACE_FIND, PG_ARGS(PG_TEXT(low), PG_TEXT(high)), &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND,
			       "nothing is known of trace \"%s\": never seen, or kept no longer", id);
	if (rows_count(rows) > 1)
		return ambiguous(pool, id, rows);
	*ret_trace = rows_text(rows, 0, COL_TRACE_FIND_TRACE);
	return NULL;
}

/* id: a whole trace, or at least its first 8 hex digits, in any case. *ret_story: lines in order of time, in
 * the pool. ERR_INVALID: not an id; ERR_NOT_FOUND; ERR_CONFLICT: several begin so (the error lists them). */
static NODISCARD err_t *trace_story(apr_pool_t *pool, const char *owner_url, const char *id,
				    const char **ret_story)
{
	struct buf out = buf_new(pool, STORY_MAX);
	apr_pool_t *line = pool_child(pool);
	struct pg_admin *admin;
	struct rows *rows;
	const char *trace = "";

	ERR(pg_admin_open(pool, owner_url, &admin));
	ERR(whole(admin, pool, id, &trace));
	ERR(pg_admin_exec(admin, pool, STMT_TRACE_STORY, PG_ARGS(PG_TEXT(trace)), &rows));
	buf_fmt(&out, "trace %s\n", trace);
	for (int i = 0; i < rows_count(rows); i++) {
		int64_t at = rows_int(rows, i, COL_TRACE_STORY_AT),
			since_ms = (at - rows_int(rows, 0, COL_TRACE_STORY_AT)) / 1000;

		pool_clear(line);
		buf_fmt(&out, "%-24s %+8lld ms  %-6s  %s\n", clock_iso(line, at), (long long)since_ms,
			rows_text(rows, i, COL_TRACE_STORY_SOURCE), rows_text(rows, i, COL_TRACE_STORY_WHAT));
	}
	ERR(buf_check(&out));
	*ret_story = out.p;
	return NULL;
}

static NODISCARD err_t *print(const struct config *config, apr_pool_t *pool, const char *id)
{
	const char *url, *story;

	ERR(cli_db_url(pool, config, CONFIG_DB_OWNER, &url));
	ERR(trace_story(pool, url, id, &story));
	printf("%s", story);
	return NULL;
}

int cli_trace(struct config *config, apr_pool_t *pool, int argc, char **argv)
{
	if (argc != 2)
		return cli_usage("trace ID");
	return cli_end(print(config, pool, argv[1]));
}
