#include "tools/insight/week_findings.h"

#include "core/limits.h"

enum { SHOWN = 5 };

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
	ret->chart = finding_chart(req, f, n);
	return NULL;
}
