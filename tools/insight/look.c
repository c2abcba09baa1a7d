#include "tools/insight/look.h"

#include "core/log.h"
#include "core/text.h"
#include "ml/date/date.h"
#include "ml/date/date_civil.h"
#include "ml/features/features.h"
#include "ml/insight/schedule.h"
#include "tools/insight/finding_view.h"
#include <string.h>

enum { DATE_CHARS = 10 };

static const char *day_text(apr_pool_t *pool, int64_t day)
{
	return mem_textn(pool, date_iso(pool, day * DAY_S), DATE_CHARS);
}

static int64_t day_number(const char *iso)
{
	int64_t wall = 0;

	(void)date_parse_iso(iso, &wall); /* from a date column */
	return civil_floor(wall);
}

/* --- what is kept from night to night --- */

static NODISCARD err_t *looks_load(struct tx *tx, struct schedule *s)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_INSIGHT_LOOKS, PG_ARGS(), &rows));
	for (int i = 0; i < rows_count(rows); i++) {
		const struct question *q = question_find(rows_text(rows, i, COL_INSIGHT_LOOKS_KIND));

		if (q) /* else one that is not asked any more */
			s->looks[q - questions] = (int)rows_int(rows, i, COL_INSIGHT_LOOKS_LOOKS);
	}
	return NULL;
}

static struct finding finding_of(const struct finding_row *row)
{
	return (struct finding){ .is = { .kind = row->kind,
					 .tier = row->tier,
					 .detail = row->detail,
					 .n = (size_t)row->n,
					 .lag = (size_t)row->lag,
					 .effect = row->effect,
					 .low = row->low,
					 .high = row->high,
					 .unit = row->unit,
					 .p = row->p,
					 .q = row->q },
				 .told = day_number(row->found_on),
				 .failed = (int)row->fails };
}

static NODISCARD err_t *load(struct req *req, struct tx *tx, struct schedule *s)
{
	struct finding_row *rows;
	size_t n;

	ERR(looks_load(tx, s));
	ERR(findings_of(req, tx, &n, &rows));
	for (size_t i = 0; i < n && s->findings_n < FINDINGS_MAX; i++)
		if (question_find(rows[i].kind))
			s->findings[s->findings_n++] = finding_of(&rows[i]);
	return NULL;
}

static NODISCARD err_t *finding_put(struct req *req, struct tx *tx, const struct finding *f, const char *day)
{
	const struct insight *is = &f->is;

	return tx_defer(tx, STMT_FINDING_PUT,
			PG_ARGS(PG_TEXT(is->kind), PG_TEXT(is->detail), PG_INT((int64_t)is->lag),
				PG_TEXT(is->tier), PG_INT((int64_t)is->n), PG_DOUBLE(is->effect),
				PG_TEXT(is->unit), PG_TEXT(finding_number(req->pool, is->low)),
				PG_TEXT(finding_number(req->pool, is->high)), PG_DOUBLE(is->p),
				PG_DOUBLE(is->q), PG_INT(f->failed), PG_TEXT(day_text(req->pool, f->told)),
				PG_TEXT(day)));
}

static NODISCARD err_t *keep(struct req *req, struct tx *tx, const struct schedule *before,
			     const struct schedule *s, const char *day)
{
	for (size_t i = 0; i < QUESTIONS; i++)
		if (s->looks[i] != before->looks[i])
			ERR(tx_defer(tx, STMT_INSIGHT_LOOK_PUT,
				     PG_ARGS(PG_TEXT(questions[i].kind), PG_INT(s->looks[i]), PG_TEXT(day))));
	for (size_t i = 0; i < s->findings_n; i++)
		if (s->findings[i].news != NEWS_NONE)
			ERR(finding_put(req, tx, &s->findings[i], day));
	return NULL;
}

err_t *look_tonight(struct req *req, struct tx *tx, const char *day)
{
	struct schedule *s = MEM_NEW(req->pool, struct schedule), *before;
	struct days *days;
	size_t news;

	ERR(features_days(tx, req->pool, day, &days));
	if (!days->n)
		return NULL;
	ERR(load(req, tx, s));
	if (!schedule_is_due(s, days, days->n))
		return NULL;
	before = mem_alloc(req->pool, sizeof *before);
	*before = *s;
	news = schedule_night(s, days, days->n);
	log_event(LOG_INFO, "days_looked_at", KV_I("days", (int64_t)days->n), KV_I("news", (int64_t)news));
	return keep(req, tx, before, s, day);
}
