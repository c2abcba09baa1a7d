#include "tools/insight/advice.h"

#include "core/text.h"
#include "ml/insight/schedule.h"

static const struct {
	const char *what;
	int col;
} noted[ADVICE_GAPS] = {
	{ "sleep_energy", COL_INSIGHT_NOTED_SLEEP_ENERGY },
	{ "workout_mood", COL_INSIGHT_NOTED_WORKOUT_MOOD },
	{ "energy_tasks", COL_INSIGHT_NOTED_ENERGY_TASKS },
	{ "tasks", COL_INSIGHT_NOTED_TASKS },
};

err_t *advice_gaps(struct req *req, struct tx *tx, size_t *ret_n, struct advice_gap ret[ADVICE_GAPS])
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_INSIGHT_NOTED, PG_ARGS(), &rows));
	*ret_n = 0;
	for (size_t i = 0; i < ADVICE_GAPS; i++) {
		struct advice_gap gap = { .noted = rows_int(rows, 0, noted[i].col) };
		size_t at = *ret_n;

		gap.missing = SCHEDULE_STEP - gap.noted;
		gap.what = tr(req->pool, req->lang, mem_fmt(req->pool, "missing.%s", noted[i].what));
		if (gap.missing <= 0)
			continue;
		for (; at && ret[at - 1].missing > gap.missing; at--)
			ret[at] = ret[at - 1];
		ret[at] = gap;
		++*ret_n;
	}
	return NULL;
}

err_t *advice_missing(struct advices *list)
{
	struct advice_gap gaps[ADVICE_GAPS];
	enum lang lang = list->req->lang;
	apr_pool_t *pool = list->req->pool;
	struct advice *a;
	size_t n;

	ERR(advice_gaps(list->req, list->tx, &n, gaps));
	/* Who noted enough of one thing and never another does not want that other. */
	if (n && n < ADVICE_GAPS && !gaps[0].noted)
		n = 0;
	a = advice_add(list, n ? "missing" : "steady", "missing", 0.5);
	if (!a)
		return err_new(ERR_INTERNAL, "no room for what is always there");
	if (!n) {
		a->title = tr(pool, lang, "recommendation.steady");
		a->reasoning = tr(pool, lang, "recommendation.steady.why");
		return NULL;
	}
	a->n = gaps[0].noted;
	a->title = tr(pool, lang, "recommendation.missing", SLOT_I("n", gaps[0].missing),
		      SLOT_S("what", gaps[0].what));
	a->reasoning = tr(pool, lang, "recommendation.missing.why");
	json_set_text(advice_act(list, a, "log_checkin", tr(pool, lang, "recommendation.act.checkin")),
		      "show", "card");
	return NULL;
}
