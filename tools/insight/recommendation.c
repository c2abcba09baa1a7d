#include "tools/insight/recommendation.h"

#include "core/text.h"
#include "ml/insight/choice.h"
#include "tools/insight/advice.h"
#include "tools/when.h"
#include <math.h>
#include <string.h>

enum {
	NEVERS = 3,
	REST_DAYS = 6,      /* of a pattern that was told, and of what is still missing */
	REST_FACT_DAYS = 3, /* of a fact about the very same thing */
	ROW_ACT = 90,
	ROW_RATE = 91
};
/* How new something has to be: said yesterday it counts a fifth, after a week it is as good as new. */
#define STALE 0.1
#define FRESHER 0.13 /* a day */

/* --- choosing --- */

/* What was recommended before, and what was said to it. */
struct past {
	const struct rows *rows;
};

struct memory {
	double useful, not_now; /* of its kind */
	int nevers;
	bool refused;  /* this very thing */
	int64_t since; /* days since this very thing was told; 0: it was not */
};

static struct memory remember(const struct past *past, const struct advice *a)
{
	struct memory m = { 0 };

	for (int i = 0; i < rows_count(past->rows); i++) {
		const char *feedback = rows_text(past->rows, i, COL_RECOMMENDATION_PAST_FEEDBACK);
		bool never = text_same(feedback, "never");

		if (!text_same(rows_text(past->rows, i, COL_RECOMMENDATION_PAST_TYPE), a->type))
			continue;
		m.useful += text_same(feedback, "useful");
		m.not_now += text_same(feedback, "not_now");
		m.nevers += never;
		/* Of a pattern its finding is what it is about, whichever task it would move. */
		if (rows_int(past->rows, i, COL_RECOMMENDATION_PAST_FINDING_ID) != a->finding_id ||
		    (!a->finding_id &&
		     rows_int(past->rows, i, COL_RECOMMENDATION_PAST_OBJECT_ID) != a->object_id))
			continue;
		m.refused = m.refused || never;
		if (!m.since && rows_bool(past->rows, i, COL_RECOMMENDATION_PAST_TOLD)) /* the latest first */
			m.since = rows_int(past->rows, i, COL_RECOMMENDATION_PAST_DAYS);
	}
	return m;
}

static double score(const struct advices *l, const struct past *past, const struct advice *a)
{
	struct memory m = remember(past, a);
	double fresh = m.since ? fmin(1, STALE + FRESHER * (double)m.since) : 1;
	uint64_t seed =
		choice_seed(a->type, (uint64_t)l->req->user_id * 100000 + (uint64_t)(l->wall / 86400));

	if (text_same(a->source, "missing")) /* what there is to say when there is nothing else */
		return a->weight * 0.01;
	if (m.refused || m.nevers >= NEVERS ||
	    (m.since && m.since < (text_same(a->source, "pattern") ? REST_DAYS : REST_FACT_DAYS)))
		return -1;
	return a->weight * fresh * choice_draw(m.useful, m.not_now, seed);
}

static const struct advice *choose(const struct advices *l, const struct past *past)
{
	const struct advice *best = NULL;
	double most = 0;

	for (size_t i = 0; i < l->n; i++) {
		double s = score(l, past, &l->v[i]);

		if (s > most) {
			most = s;
			best = &l->v[i];
		}
	}
	return best;
}

/* --- keeping --- */

static NODISCARD err_t *put(struct advices *l, const struct advice *a)
{
	apr_pool_t *pool = l->req->pool;
	struct rows *rows;

	return tx_exec(l->tx, STMT_RECOMMENDATION_PUT,
		       PG_ARGS(PG_TEXT(l->day), PG_TEXT(a->type), PG_TEXT(a->source), PG_TEXT(a->title),
			       PG_TEXT(a->reasoning), PG_INT(a->finding_id), PG_TEXT(a->object),
			       PG_INT(a->object_id), PG_INT(a->n), PG_DOUBLE(a->effect),
			       PG_TEXT(finding_number(pool, a->low)), PG_TEXT(finding_number(pool, a->high)),
			       PG_TEXT(a->tier), PG_TEXT(a->tool ? a->tool : ""),
			       PG_TEXT(a->args ? json_write(pool, a->args) : ""),
			       PG_TEXT(a->label ? a->label : ""), PG_BOOL(a->outside)),
		       &rows);
}

err_t *recommendation_make(struct req *req, struct tx *tx, const char *day)
{
	struct advices *l = MEM_NEW(req->pool, struct advices);
	struct when at = { 0 };
	struct rows *rows;

	if (!when_read(req, day, &at))
		return err_new(ERR_INVALID, "\"%s\": not a day", day);
	*l = (struct advices){ .req = req, .tx = tx, .day = day, .wall = at.wall };
	ERR(tx_exec(tx, STMT_RECOMMENDATION_PAST, PG_ARGS(PG_TEXT(day)), &rows));
	ERR(advice_patterns(l));
	ERR(advice_facts(l));
	ERR(advice_missing(l));
	return put(l, choose(l, &(struct past){ rows }));
}

static struct recommendation read_row(const struct rows *rows, int col)
{
	return (struct recommendation){ .id = rows_int(rows, 0, col + COL_ADVICE_ID),
					.type = rows_text(rows, 0, col + COL_ADVICE_TYPE),
					.source = rows_text(rows, 0, col + COL_ADVICE_SOURCE),
					.title = rows_text(rows, 0, col + COL_ADVICE_TITLE),
					.reasoning = rows_text(rows, 0, col + COL_ADVICE_REASONING),
					.finding_id = rows_int(rows, 0, col + COL_ADVICE_FINDING_ID),
					.object = rows_text(rows, 0, col + COL_ADVICE_OBJECT),
					.object_id = rows_int(rows, 0, col + COL_ADVICE_OBJECT_ID),
					.tool = rows_text(rows, 0, col + COL_ADVICE_TOOL),
					.args = rows_text(rows, 0, col + COL_ADVICE_ARGS),
					.label = rows_text(rows, 0, col + COL_ADVICE_LABEL),
					.outside = rows_bool(rows, 0, col + COL_ADVICE_OUTSIDE),
					.status = rows_text(rows, 0, col + COL_ADVICE_STATUS),
					.feedback = rows_text(rows, 0, col + COL_ADVICE_FEEDBACK) };
}

err_t *recommendation_of(struct tx *tx, const char *day, struct recommendation *ret, bool *ret_found)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_RECOMMENDATION_OF, PG_ARGS(PG_TEXT(day)), &rows));
	*ret_found = rows_count(rows) > 0;
	if (*ret_found)
		*ret = read_row(rows, COL_RECOMMENDATION_OF_ADVICE);
	return NULL;
}

err_t *recommendation_get(struct tx *tx, int64_t id, struct recommendation *ret, bool *ret_found)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_RECOMMENDATION_GET, PG_ARGS(PG_INT(id)), &rows));
	*ret_found = rows_count(rows) > 0;
	if (*ret_found)
		*ret = read_row(rows, COL_RECOMMENDATION_GET_ADVICE);
	return NULL;
}

/* --- telling --- */

static void rate_button(struct req *req, const struct recommendation *r, const char *answer,
			struct outcome *ret)
{
	outcome_button(req, ret, ROW_RATE, tr(req->pool, req->lang, mem_fmt(req->pool, "button.%s", answer)),
		       button_beside(req->pool, button_act(req->pool, "rate_recommendation",
							   SLOT_I("id", r->id), SLOT_S("answer", answer))));
}

static void show(struct req *req, const struct recommendation *r, struct outcome *ret)
{
	ret->html = mem_fmt(req->pool, "%s%s%s", ret->html ? ret->html : "", ret->html ? "\n\n" : "",
			    tr(req->pool, req->lang, "recommendation.head", SLOT_S("title", r->title)));
	if (*r->reasoning)
		ret->html =
			mem_fmt(req->pool, "%s\n%s", ret->html,
				tr(req->pool, req->lang, "recommendation.why", SLOT_S("why", r->reasoning)));
	ret->outside = ret->outside || r->outside;
	if (*r->tool && !text_same(r->status, "applied"))
		outcome_button(req, ret, ROW_ACT, r->label, mem_fmt(req->pool, "r:%lld", (long long)r->id));
	if (text_same(r->source, "missing") || *r->feedback)
		return; /* there is nothing to learn from it, or it was said */
	rate_button(req, r, "useful", ret);
	rate_button(req, r, "not_now", ret);
	rate_button(req, r, "never", ret);
}

err_t *recommendation_take_back(struct req *req, struct tx *tx, struct outcome *ret)
{
	struct finding_row *f;
	size_t n;

	ERR(findings_of(req, tx, &n, &f));
	for (size_t i = 0; i < n; i++) {
		const char *sentence = finding_sentence(req, &f[i]);

		if (!text_same(f[i].tier, "withdrawn") || !*f[i].told_tier ||
		    text_same(f[i].told_tier, "withdrawn") || !sentence)
			continue;
		ret->html =
			mem_fmt(req->pool, "%s%s%s", ret->html ? ret->html : "", ret->html ? "\n\n" : "",
				tr(req->pool, req->lang, "finding.taken_back", SLOT_S("sentence", sentence)));
		ERR(tx_defer(tx, STMT_FINDING_TOLD, PG_ARGS(PG_INT(f[i].id))));
	}
	return NULL;
}

/* That days are missing, or that nothing is to be said, is no news each morning: then a line is enough. */
static NODISCARD err_t *stale(struct tx *tx, const char *day, const struct recommendation *r, bool *ret)
{
	struct rows *rows;

	*ret = false;
	if (!text_same(r->source, "missing"))
		return NULL;
	ERR(tx_exec(tx, STMT_RECOMMENDATION_PAST, PG_ARGS(PG_TEXT(day)), &rows));
	for (int i = 0; i < rows_count(rows); i++)
		if (rows_bool(rows, i, COL_RECOMMENDATION_PAST_TOLD) &&
		    rows_int(rows, i, COL_RECOMMENDATION_PAST_DAYS) <= REST_DAYS &&
		    text_same(rows_text(rows, i, COL_RECOMMENDATION_PAST_TYPE), r->type))
			*ret = true;
	return NULL;
}

err_t *recommendation_tell(struct req *req, struct tx *tx, const char *day, struct outcome *ret,
			   const char **ret_type)
{
	struct recommendation r;
	bool found, old;

	ERR(recommendation_make(req, tx, day));
	ERR(recommendation_of(tx, day, &r, &found));
	if (!found)
		return NULL;
	ERR(stale(tx, day, &r, &old));
	if (old)
		r.reasoning = "";
	show(req, &r, ret);
	ERR(tx_defer(tx, STMT_RECOMMENDATION_TOLD, PG_ARGS(PG_INT(r.id))));
	if (r.finding_id)
		ERR(tx_defer(tx, STMT_FINDING_TOLD, PG_ARGS(PG_INT(r.finding_id))));
	*ret_type = r.type;
	return NULL;
}

err_t *recommendation_add(struct req *req, struct tx *tx, const char *day, struct outcome *ret)
{
	const char *type;

	ERR(recommendation_take_back(req, tx, ret));
	return recommendation_tell(req, tx, day, ret, &type);
}

bool recommendation_is_over(struct req *req, const struct json *args)
{
	static const char *const names[] = { "due", "at", "start" };
	int64_t now = when_now(req);

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *text = json_text(args, names[i]);
		struct when when;

		if (text && when_read(req, text, &when))
			return when.has_time ? when.wall <= now : when.wall < now - now % 86400;
	}
	return false;
}
