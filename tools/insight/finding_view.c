#include "tools/insight/finding_view.h"

#include "core/text.h"
#include "ml/chart/chart.h"
#include <math.h>

const struct json_field finding_fields[] = {
	{ "kind", JSON_TEXT, JSON_REQUIRED, offsetof(struct finding_row, kind),
	  .doc = "sleep_energy, peak_hour ..." },
	{ "detail", JSON_TEXT, 0, offsetof(struct finding_row, detail),
	  .doc = "the hour, the weekday, the theme" },
	{ "tier", JSON_TEXT, JSON_REQUIRED, offsetof(struct finding_row, tier),
	  .doc = "likely: held at one look; confirmed: at a later one too; withdrawn: no more" },
	{ "n", JSON_INT, JSON_REQUIRED, offsetof(struct finding_row, n),
	  .doc = "days, or posts, it stands on" },
	{ "lag", JSON_INT, 0, offsetof(struct finding_row, lag),
	  .doc = "days between the one and the other" },
	{ "effect", JSON_DOUBLE, JSON_REQUIRED, offsetof(struct finding_row, effect) },
	{ "unit", JSON_TEXT, JSON_REQUIRED, offsetof(struct finding_row, unit),
	  .doc = "r: rank correlation; x: times the others; sd: standard deviations above the others" },
	{ 0 },
};

static double number_or_nan(const struct rows *rows, int row, int col)
{
	return rows_null(rows, row, col) ? NAN : rows_double(rows, row, col);
}

const char *finding_number(apr_pool_t *pool, double value)
{
	return isnan(value) ? NULL : mem_fmt(pool, "%.17g", value);
}

static struct finding_row row_of(const struct rows *rows, int row, int col)
{
	return (struct finding_row){ .id = rows_int(rows, row, col + COL_FINDING_ID),
				     .kind = rows_text(rows, row, col + COL_FINDING_KIND),
				     .detail = rows_text(rows, row, col + COL_FINDING_DETAIL),
				     .lag = rows_int(rows, row, col + COL_FINDING_LAG),
				     .tier = rows_text(rows, row, col + COL_FINDING_TIER),
				     .n = rows_int(rows, row, col + COL_FINDING_N),
				     .effect = rows_double(rows, row, col + COL_FINDING_EFFECT),
				     .unit = rows_text(rows, row, col + COL_FINDING_UNIT),
				     .low = number_or_nan(rows, row, col + COL_FINDING_LOW),
				     .high = number_or_nan(rows, row, col + COL_FINDING_HIGH),
				     .p = rows_double(rows, row, col + COL_FINDING_P),
				     .q = rows_double(rows, row, col + COL_FINDING_Q),
				     .fails = rows_int(rows, row, col + COL_FINDING_FAILS),
				     .found_on = rows_text(rows, row, col + COL_FINDING_FOUND_ON),
				     .looked_on = rows_text(rows, row, col + COL_FINDING_LOOKED_ON),
				     .told_tier = rows_text(rows, row, col + COL_FINDING_TOLD_TIER) };
}

err_t *findings_of(struct req *req, struct tx *tx, size_t *ret_n, struct finding_row **ret_findings)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_FINDINGS, PG_ARGS(), &rows));
	*ret_n = (size_t)rows_count(rows);
	*ret_findings = mem_alloc(req->pool, sizeof **ret_findings * (*ret_n + 1));
	for (size_t i = 0; i < *ret_n; i++)
		(*ret_findings)[i] = row_of(rows, (int)i, COL_FINDINGS_FINDING);
	return NULL;
}

/* "por volta das 10h"; NULL: no such hour. */
static const char *hour_text(struct req *req, const char *detail)
{
	int64_t hour;

	if (!text_int(detail, &hour) || hour < 0 || hour > 23)
		return NULL;
	return tr(req->pool, req->lang, "finding.at_hour", SLOT_I("hour", hour));
}

static const char *weekday_text(struct req *req, const char *detail)
{
	const char *key = mem_fmt(req->pool, "finding.weekday.%s", detail);

	return i18n_find(req->lang, key) ? tr(req->pool, req->lang, key) : NULL;
}

/* What the detail is in the sentence; NULL: nothing that can be said. */
static const char *detail_text(struct req *req, const struct finding_row *f)
{
	if (text_same(f->kind, "peak_hour") || text_same(f->kind, "content_hour"))
		return hour_text(req, f->detail);
	if (text_same(f->kind, "best_weekday"))
		return weekday_text(req, f->detail);
	return text_html(req->pool, text_cut(req->pool, f->detail, 60));
}

const char *finding_sentence(struct req *req, const struct finding_row *f)
{
	const char *key = mem_fmt(req->pool, "finding.%s.%s", f->kind, f->effect < 0 ? "down" : "up"),
		   *detail = detail_text(req, f);

	if (!detail || !i18n_find(req->lang, key))
		return NULL;
	return tr(req->pool, req->lang, key, SLOT_S("detail", detail),
		  SLOT_S("when",
			 f->lag ? mem_fmt(req->pool, " %s", tr(req->pool, req->lang, "finding.next_day"))
				: ""));
}

const char *finding_numbers(struct req *req, const struct finding_row *f)
{
	bool posts = text_starts(f->kind, "content_"), ranged = !isnan(f->low) && !isnan(f->high);
	int decimals = text_same(f->unit, "r") ? 2 : 1;
	const char *range = "";

	if (ranged)
		range = mem_fmt(req->pool, " %s",
				tr(req->pool, req->lang, "finding.range",
				   SLOT_S("low", i18n_number(req->pool, req->lang, f->low, decimals)),
				   SLOT_S("high", i18n_number(req->pool, req->lang, f->high, decimals))));
	return tr(req->pool, req->lang, mem_fmt(req->pool, "finding.unit.%s", f->unit),
		  SLOT_S("effect", i18n_number(req->pool, req->lang, f->effect, decimals)),
		  SLOT_S("range", range),
		  SLOT_S("base", tr(req->pool, req->lang, posts ? "finding.posts" : "finding.days",
				    SLOT_I("n", f->n))));
}

const char *finding_sure(struct req *req, const struct finding_row *f)
{
	return tr(req->pool, req->lang, mem_fmt(req->pool, "finding.tier.%s", f->tier));
}

bool finding_holds(struct req *req, const struct finding_row *f)
{
	return !text_same(f->tier, "withdrawn") && finding_sentence(req, f);
}

const char *finding_chart(struct req *req, const struct finding_row *f, size_t n)
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
