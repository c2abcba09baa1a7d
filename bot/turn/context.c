#include "bot/turn/context.h"

#include "core/limits.h"
#include "core/text.h"
#include "core/zone.h"
#include "db/tx.h"
#include "ml/date/date.h"
#include "ml/prompt/prompt.h"
#include <string.h>
#include <time.h>

enum { NAME_CHARS = 60, GOALS_CHARS = 600, VALUE_CHARS = 200, TITLE_CHARS = 120 };

int64_t context_wall(const struct turn *turn)
{
	int64_t at = turn->claim->received_at ? turn->claim->received_at : turn->req->now;
	const struct zone *zone;
	err_t *err = zone_find(turn->req->zone, &zone);

	if (err) {
		err_clear(err);
		err = zone_find("America/Sao_Paulo", &zone);
	}
	if (err) { /* no zone files at all */
		err_clear(err);
		return at / 1000000;
	}
	return zone_wall(zone, at);
}

/* "Saturday 2026-11-21 14:30" */
static const char *now_text(apr_pool_t *pool, int64_t wall)
{
	time_t t = (time_t)wall;
	char text[64];
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(text, sizeof text, "%A %Y-%m-%d %H:%M", &tm);
	return mem_text(pool, text);
}

/* Earlier words, as many of the latest as fit. */
static void said_read(struct context *context, apr_pool_t *pool, const struct rows *rows)
{
	int first = rows_count(rows);
	size_t tokens = 0;

	while (first > 0) {
		tokens += prompt_tokens(rows_text(rows, first - 1, COL_CONTEXT_SAID_TEXT));
		if (tokens > CONTEXT_SAID_TOKENS)
			break;
		first--;
	}
	context->said = mem_alloc(pool, sizeof *context->said * (size_t)(rows_count(rows) + 1));
	for (int i = first; i < rows_count(rows); i++)
		if (*rows_text(rows, i, COL_CONTEXT_SAID_TEXT))
			context->said[context->said_n++] =
				(struct context_said){ text_same(rows_text(rows, i, COL_CONTEXT_SAID_SAID_BY),
								 "person"),
						       rows_text(rows, i, COL_CONTEXT_SAID_TEXT) };
}

static void steps_read(struct context *context, apr_pool_t *pool, const struct rows *rows)
{
	context->steps = mem_alloc(pool, sizeof *context->steps * (size_t)(rows_count(rows) + 1));
	for (int i = 0; i < rows_count(rows); i++)
		context->steps[context->steps_n++] =
			(struct context_step){ (int)rows_int(rows, i, COL_STEPS_OF_STEP),
					       (int)rows_int(rows, i, COL_STEPS_OF_CALL),
					       rows_text(rows, i, COL_STEPS_OF_KIND),
					       rows_text_or_null(rows, i, COL_STEPS_OF_PAYLOAD) };
}

/* Variables of the prompt under way; the first error stays. */
struct filling {
	apr_pool_t *pool;
	struct guard *guard;
	err_t *err;
};

/* Words of people: masked, then quoted. */
static const char *quoted(struct filling *f, const char *text, size_t max_chars)
{
	const char *masked = "";

	if (!f->err)
		f->err = guard_mask(f->guard, text, &masked);
	return prompt_quote(f->pool, f->err ? "" : masked, max_chars);
}

static const char *preferences_text(struct filling *f, const struct rows *rows)
{
	struct buf out = buf_new(f->pool, LIMIT_PROMPT);

	for (int i = 0; i < rows_count(rows); i++)
		buf_fmt(&out, "%s%s = %s", i ? "; " : "",
			quoted(f, rows_text(rows, i, COL_CONTEXT_PREFERENCES_KEY), NAME_CHARS),
			quoted(f, rows_text(rows, i, COL_CONTEXT_PREFERENCES_VALUE), VALUE_CHARS));
	return out.p ? out.p : "none";
}

static const char *due_text(struct filling *f, const struct rows *rows)
{
	struct buf out = buf_new(f->pool, LIMIT_PROMPT);

	for (int i = 0; i < rows_count(rows); i++)
		buf_fmt(&out, "%stask %lld %s due %s%s%s", i ? "; " : "",
			(long long)rows_int(rows, i, COL_CONTEXT_DUE_ID),
			rows_bool(rows, i, COL_CONTEXT_DUE_OUTSIDE)
				? "(somebody else's words)"
				: quoted(f, rows_text(rows, i, COL_CONTEXT_DUE_TITLE), TITLE_CHARS),
			rows_text(rows, i, COL_CONTEXT_DUE_DUE_DATE),
			*rows_text(rows, i, COL_CONTEXT_DUE_DUE_TIME) ? " " : "",
			rows_text(rows, i, COL_CONTEXT_DUE_DUE_TIME));
	return out.p ? out.p : "nothing";
}

err_t *context_system(struct turn *turn, const struct context *c, struct guard *guard,
		      const char **ret_system)
{
	struct req *req = turn->req;
	struct filling f = { .pool = req->pool, .guard = guard };
	struct prompt_var vars[] = {
		{ "language", req->lang == LANG_PT ? "Brazilian Portuguese" : "English" },
		{ "tools", c->later },
		{ "now", now_text(req->pool, c->wall) },
		{ "zone", req->zone },
		{ "name", quoted(&f, rows_text(c->profile, 0, COL_CONTEXT_PROFILE_NAME), NAME_CHARS) },
		{ "goals", quoted(&f, rows_text(c->profile, 0, COL_CONTEXT_PROFILE_GOALS), GOALS_CHARS) },
		{ "principles",
		  quoted(&f, rows_text(c->profile, 0, COL_CONTEXT_PROFILE_PRINCIPLES), GOALS_CHARS) },
		{ "preferences", preferences_text(&f, c->preferences) },
		{ "due", due_text(&f, c->due) },
		{ NULL, NULL },
	};

	ERR(f.err);
	return prompt_fill(req->pool, "system", vars, ret_system);
}

static NODISCARD err_t *load_body(struct turn *turn, struct context *c, struct tx *tx)
{
	struct req *req = turn->req;
	const char *today = mem_textn(req->pool, date_iso(req->pool, c->wall), strlen("2026-11-21"));
	struct rows *steps, *said;

	ERR(tx_exec(tx, STMT_STEPS_OF, PG_ARGS(PG_INT(req->bot_id), PG_INT(req->update_id)), &steps));
	ERR(tx_exec(tx, STMT_CONTEXT_PROFILE, PG_ARGS(), &c->profile));
	ERR(tx_exec(tx, STMT_CONTEXT_PREFERENCES, PG_ARGS(), &c->preferences));
	ERR(tx_exec(tx, STMT_CONTEXT_SAID, PG_ARGS(PG_INT(CONTEXT_SAID)), &said));
	ERR(tx_exec(tx, STMT_CONTEXT_DUE, PG_ARGS(PG_TEXT(today)), &c->due));
	if (!rows_count(c->profile))
		return err_new(ERR_NOT_FOUND, "no profile");
	req->autonomy = autonomy_of(rows_text(c->profile, 0, COL_CONTEXT_PROFILE_AUTONOMY));
	steps_read(c, req->pool, steps);
	said_read(c, req->pool, said);
	return NULL;
}

err_t *context_load(struct turn *turn, const char *later, struct context **ret_context)
{
	struct context *c = MEM_NEW(turn->req->pool, struct context);
	struct tx *tx;

	c->later = later;
	c->wall = context_wall(turn);
	ERR(tx_begin_user(turn->req, &tx));
	ERR(tx_end(tx, load_body(turn, c, tx)));
	*ret_context = c;
	return NULL;
}

static NODISCARD err_t *autonomy_body(struct turn *turn, struct tx *tx)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_CONTEXT_AUTONOMY, PG_ARGS(), &rows));
	turn->req->autonomy =
		autonomy_of(rows_count(rows) ? rows_text(rows, 0, COL_CONTEXT_AUTONOMY_AUTONOMY) : NULL);
	return NULL;
}

err_t *context_autonomy(struct turn *turn)
{
	struct tx *tx;

	ERR(tx_begin_user(turn->req, &tx));
	return tx_end(tx, autonomy_body(turn, tx));
}
