#include "tools/insight/week_findings.h"

#include "core/limits.h"
#include "core/text.h"
#include "ml/chart/chart.h"
#include <math.h>

enum { SHOWN = 5 };

static const char *effects_chart(struct req *req, const struct finding_row *f, size_t n)
{
	struct chart_effect v[CHART_EFFECTS_MAX];
	size_t k = 0;

	for (size_t i = 0; i < n && k < CHART_EFFECTS_MAX; i++) {
		const char *key = mem_fmt(req->pool, "finding.label.%s", f[i].kind);

		if (!finding_holds(req, &f[i]) || !text_same(f[i].unit, "r") || isnan(f[i].low) ||
		    isnan(f[i].high) || !i18n_find(req->lang, key))
			continue;
		v[k++] = (struct chart_effect){ .label = tr(req->pool, req->lang, key),
						.effect = f[i].effect,
						.low = f[i].low,
						.high = f[i].high,
						.n = f[i].n };
	}
	return k ? chart_of_effects(req->pool, req->lang, v, k) : NULL;
}

err_t *week_findings_view(struct req *req, struct tx *tx, struct outcome *ret, bool *ret_any)
{
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	struct finding_row *f;
	size_t n, shown = 0;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(findings_of(req, tx, &n, &f));
	buf_text(&html, tr(req->pool, req->lang, "insights.week"));
	for (size_t i = 0; i < n && shown < SHOWN; i++) {
		if (!finding_holds(req, &f[i]))
			continue;
		shown++;
		buf_fmt(&html, "\n\n%s\n<i>%s · %s</i>", finding_sentence(req, &f[i]),
			finding_numbers(req, &f[i]), finding_sure(req, &f[i]));
		ERR(tx_defer(tx, STMT_FINDING_TOLD, PG_ARGS(PG_INT(f[i].id))));
	}
	buf_fmt(&html, "\n\n%s", tr(req->pool, req->lang, "insights.together"));
	ERR(buf_check(&html));
	*ret_any = shown > 0;
	ret->html = html.p;
	ret->chart = effects_chart(req, f, n);
	return NULL;
}
