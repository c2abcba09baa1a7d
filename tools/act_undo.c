#include "tools/act_undo.h"

#include "core/limits.h"
#include "core/text.h"
#include "tools/act_run.h"
#include <string.h>

/* Steps of an undo: under the model's, the ref first, then each act that takes something back. */
enum { UNDO_STEP = -1, ACTS_MAX = LIMIT_STEPS * LIMIT_CALLS };

struct reverse {
	int64_t id;
	const char *tool, *args;
};

struct undoing {
	struct act *act;
	const char *ref; /* NULL: nothing outside is to be taken back */
	bool rows;       /* rows are, too */
	struct reverse acts[ACTS_MAX];
	int n;
};

static struct step_at step_of(const struct act *act, int call)
{
	return (struct step_at){ UNDO_STEP, act->end.at.call * (ACTS_MAX + 1) + call };
}

/* The ref that an earlier try of this update began with: "the latest" is another one by now. */
static NODISCARD err_t *kept_ref(struct undoing *u, struct tx *tx, bool *ret_over)
{
	apr_pool_t *pool = u->act->req->pool;
	const char *payload = NULL;
	struct json *kept;
	bool before;

	ERR(once_find(tx, u->act->end.at, ret_over, &payload));
	if (*ret_over)
		return NULL;
	ERR(once_find(tx, step_of(u->act, 0), &before, &payload));
	if (!before || !payload)
		return NULL;
	ERR(json_read(pool, payload, strlen(payload), &kept));
	u->ref = json_text(kept, "ref");
	return NULL;
}

static NODISCARD err_t *ref_keep(struct undoing *u, struct tx *tx)
{
	struct json *kept = json_object(u->act->req->pool);

	json_set_text(kept, "ref", u->ref);
	return once_put(tx, step_of(u->act, 0), "undo", "undo", json_write(u->act->req->pool, kept));
}

static NODISCARD err_t *ref_find(struct undoing *u, struct tx *tx, const char **ret_ref)
{
	struct rows *rows;

	*ret_ref = u->act->undo;
	if (**ret_ref)
		return NULL;
	ERR(tx_exec(tx, STMT_UNDO_LATEST, PG_ARGS(), &rows));
	*ret_ref = rows_count(rows) ? rows_text(rows, 0, COL_UNDO_LATEST_REF) : NULL;
	return NULL;
}

static void acts_read(struct undoing *u, const struct rows *rows)
{
	u->n = rows_count(rows) < ACTS_MAX ? rows_count(rows) : ACTS_MAX;
	for (int i = 0; i < u->n; i++)
		u->acts[i] = (struct reverse){ rows_int(rows, i, COL_UNDO_ACTS_OF_ID),
					       rows_text(rows, i, COL_UNDO_ACTS_OF_TOOL),
					       rows_text(rows, i, COL_UNDO_ACTS_OF_ARGS) };
	u->rows = u->n && rows_bool(rows, 0, COL_UNDO_ACTS_OF_ROWS);
}

static NODISCARD err_t *begin_body(struct undoing *u, struct tx *tx)
{
	const char *ref;
	struct rows *rows;
	bool over, again;

	ERR(kept_ref(u, tx, &over));
	if (over)
		return NULL;
	again = u->ref != NULL;
	ref = u->ref;
	if (!again)
		ERR(ref_find(u, tx, &ref));
	if (!ref)
		return NULL;
	ERR(tx_exec(tx, STMT_UNDO_ACTS_OF, PG_ARGS(PG_TEXT(ref)), &rows));
	if (!rows_count(rows) || (!again && !rows_bool(rows, 0, COL_UNDO_ACTS_OF_OPEN)))
		return NULL;
	u->ref = ref;
	acts_read(u, rows);
	return again ? NULL : ref_keep(u, tx);
}

/* Whether the rows could be taken back now: nothing outside is touched for an undo that then stops half way. */
static NODISCARD err_t *rows_try(const struct undoing *u)
{
	struct rows *rows;
	struct tx *tx;
	err_t *err;

	ERR(tx_begin_user(u->act->req, &tx));
	err = tx_exec(tx, STMT_UNDO_APPLY, PG_ARGS(PG_TEXT(u->ref)), &rows);
	err = tx_end(tx, err ? err : err_new(ERR_CANCELLED, "only tried"));
	if (err->code != ERR_CANCELLED)
		return err;
	err_clear(err);
	return NULL;
}

static NODISCARD err_t *reverse_run(struct undoing *u, int nth, struct outcome *ret)
{
	const struct act *undo = u->act;
	struct act act = {
		.req = undo->req,
		.reverses = u->acts[nth].id,
		.confirmed = true,
		.end = { .at = step_of(undo, nth + 1), .waiting = undo->end.waiting, .ctx = undo->end.ctx }
	};
	struct json *args;

	ERR(json_read(undo->req->pool, u->acts[nth].args, strlen(u->acts[nth].args), &args));
	ERR(act_prepare(&act, u->acts[nth].tool, args, BY_FRAME));
	ERR(act_run(&act));
	*ret = act.outcome;
	return NULL;
}

static NODISCARD err_t *over_body(struct undoing *u, struct tx *tx)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_UNDO_IS_OVER, PG_ARGS(PG_TEXT(u->ref)), &rows));
	u->act->answered = u->act->told = rows_count(rows) > 0;
	return NULL;
}

/* All is back. Where the sweep was faster than this turn's replay, it has closed and told it. */
static NODISCARD err_t *back(struct undoing *u, const struct outcome *last)
{
	struct act *act = u->act;
	struct tx *tx;

	act->undo = u->ref;
	act->outcome.html = u->n == 1 && !u->rows ? last->html : NULL;
	act->outcome.outside = last->outside;
	ERR(tx_begin_user(act->req, &tx));
	return tx_end(tx, over_body(u, tx));
}

err_t *act_undo_outside(struct act *act)
{
	struct undoing u = { .act = act };
	struct outcome outcome = { 0 };
	struct tx *tx;

	ERR(tx_begin_user(act->req, &tx));
	ERR(tx_end(tx, begin_body(&u, tx)));
	if (!u.ref || !u.n)
		return NULL;
	if (u.rows)
		ERR(rows_try(&u));
	for (int i = 0; i < u.n; i++) {
		ERR(reverse_run(&u, i, &outcome));
		if (outcome.kind == OUTCOME_DONE)
			continue;
		act->outcome = outcome;
		act->answered = true;
		return NULL;
	}
	return back(&u, &outcome);
}
