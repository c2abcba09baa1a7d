#include "core/limits.h"
#include "core/text.h"
#include "tools/insight/advice.h"
#include "tools/insight/portrait.h"
#include "tools/insight/recommendation.h"

/* What is told, as data. */
struct told {
	struct json_list findings;
	const char *recommendation;
};

static const struct json_field result[] = {
	{ "findings", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct told, findings), .of = finding_fields,
	  .size = sizeof(struct finding_row), .doc = "patterns in the person's own days" },
	{ "recommendation", JSON_TEXT, 0, offsetof(struct told, recommendation),
	  .doc = "the kind of today's recommendation" },
	{ 0 },
};

static const struct json_field params[] = { { 0 } };

static NODISCARD err_t *findings(struct req *req, struct tx *tx, struct buf *html, struct told *told,
				 struct outcome *ret)
{
	struct finding_row *all, *held;
	size_t n, k = 0;

	ERR(findings_of(req, tx, &n, &all));
	held = mem_alloc(req->pool, sizeof *held * (n + 1));
	for (size_t i = 0; i < n; i++) {
		if (!finding_holds(req, &all[i]))
			continue;
		held[k++] = all[i];
		buf_fmt(html, "\n\n%s %s\n<i>%s · %s</i>", text_same(all[i].tier, "confirmed") ? "✅" : "🔸",
			finding_sentence(req, &all[i]), finding_numbers(req, &all[i]),
			finding_sure(req, &all[i]));
		ERR(tx_defer(tx, STMT_FINDING_TOLD, PG_ARGS(PG_INT(all[i].id))));
	}
	buf_fmt(html, "\n\n%s", tr(req->pool, req->lang, k ? "insights.together" : "insights.none"));
	told->findings = (struct json_list){ k, held };
	ret->chart = finding_chart(req, held, k);
	ret->caption = tr(req->pool, req->lang, "insights.head");
	return NULL;
}

static NODISCARD err_t *missing(struct req *req, struct tx *tx, struct buf *html)
{
	struct advice_gap gaps[ADVICE_GAPS];
	size_t n;

	ERR(advice_gaps(req, tx, &n, gaps));
	for (size_t i = 0; i < n; i++)
		buf_fmt(html, "%s%s", i ? "\n" : "\n\n",
			tr(req->pool, req->lang, "missing.line", SLOT_S("what", gaps[i].what),
			   SLOT_I("n", gaps[i].missing)));
	return NULL;
}

static NODISCARD err_t *silenced(struct req *req, struct tx *tx, struct buf *html, struct outcome *ret)
{
	struct rows *rows;
	const char *kinds = "";

	ERR(tx_exec(tx, STMT_RECOMMENDATION_SILENCED, PG_ARGS(), &rows));
	for (int i = 0; i < rows_count(rows); i++) {
		const char *type = rows_text(rows, i, COL_RECOMMENDATION_SILENCED_TYPE),
			   *name = tr(req->pool, req->lang,
				      mem_fmt(req->pool, "recommendation.kind.%s", type));

		kinds = mem_fmt(req->pool, "%s%s%s", kinds, i ? ", " : "", name);
		outcome_button(req, ret, 100 + i,
			       tr(req->pool, req->lang, "button.hear_again", SLOT_S("kind", name)),
			       button_act(req->pool, "hear_recommendations", SLOT_S("type", type)));
	}
	if (*kinds)
		buf_fmt(html, "\n\n%s",
			tr(req->pool, req->lang, "insights.silenced", SLOT_S("kinds", kinds)));
	return NULL;
}

/* Not what was done or refused since, and not what the lines above say anyway. */
static bool still_stands(const struct recommendation *r)
{
	return !text_same(r->source, "missing") && !text_same(r->status, "applied") &&
	       !text_same(r->status, "dismissed");
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	struct when today = { .wall = when_now(req) / 86400 * 86400 };
	struct told told = { .recommendation = "" };
	struct recommendation r;
	bool found;

	(void)p;
	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	buf_text(&html, tr(req->pool, req->lang, "insights.head"));
	ERR(findings(req, tx, &html, &told, ret));
	ERR(portrait_add(req, tx, &html));
	ERR(missing(req, tx, &html));
	ERR(silenced(req, tx, &html, ret));
	ERR(buf_check(&html));
	ret->html = html.p;
	ERR(recommendation_take_back(req, tx, ret)); /* not everybody hears a morning */
	ERR(recommendation_of(tx, when_date(req, &today), &r, &found));
	if (found)
		told.recommendation = r.type;
	if (found && still_stands(&r)) {
		ret->html =
			mem_fmt(req->pool, "%s\n\n%s", ret->html, tr(req->pool, req->lang, "insights.today"));
		ERR(recommendation_tell(req, tx, when_date(req, &today), ret, &told.recommendation));
	}
	outcome_data(req, ret, result, &told);
	return NULL;
}

const struct tool tool_get_insights = {
	.name = "get_insights",
	.description =
		"Shows what the person's own days say (patterns in sleep, energy, mood, tasks, posts) and today's recommendation.",
	.params = params,
	.args_size = sizeof(char),
	.result = result,
	.effect = TOOL_READ,
	.min_role = ROLE_GUEST,
	.commands = "insights",
	.run = run,
};
