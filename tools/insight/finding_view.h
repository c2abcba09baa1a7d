/* finding_view: what a person's days say, in words: a sentence, its numbers, how sure it is.
 * Needs: tool, chart. Used by: tools/insight.
 * Always "goes together with", never "causes". */
#ifndef TOOLS_INSIGHT_FINDING_VIEW_H
#define TOOLS_INSIGHT_FINDING_VIEW_H

#include "tools/tool.h"

struct finding_row {
	int64_t id, lag, n, fails;
	const char *kind, *detail, *tier, *unit, *found_on, *looked_on, *told_tier;
	double effect, low, high, p, q; /* low, high: NaN where there is no interval */
};
/* All of them, what holds first. In the request's pool. */
NODISCARD err_t *findings_of(struct req *req, struct tx *tx, size_t *ret_n,
			     struct finding_row **ret_findings);

/* "Dormir mais anda junto com mais energia no dia seguinte.", HTML; NULL: a kind that there are no words for. */
const char *finding_sentence(struct req *req, const struct finding_row *f);
/* "correlação 0,52 (entre 0,31 e 0,68), 43 dias", HTML. */
const char *finding_numbers(struct req *req, const struct finding_row *f);
/* "provável" ... */
const char *finding_sure(struct req *req, const struct finding_row *f);
/* Whether it may be told: it was not withdrawn, and there are words. */
bool finding_holds(struct req *req, const struct finding_row *f);

/* A number as a statement takes it; NULL, which is SQL NULL, for NaN. */
const char *finding_number(apr_pool_t *pool, double value);

/* JSON of the picture of those that have a correlation and its interval (outcome.chart); NULL: none has. */
const char *finding_chart(struct req *req, const struct finding_row *findings, size_t n);

/* The data of one, over struct finding_row. */
extern const struct json_field finding_fields[];

#endif
