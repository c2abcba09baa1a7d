/* A chart's JSON, as lembra-chart reads it: a chart within its limits that is written and read again as the same, or an error. */
#include "ml/chart/chart.h"
#include "ml/chart/chart_scale.h"
#include "tests/fuzz/fuzz.h"
#include <math.h>

static void check_days(const struct chart *chart)
{
	struct tm day;

	MUST(chart->days <= CHART_DAYS);
	MUST(!chart->days || chart_scale_day(chart->first, (int)chart->days - 1, &day));
	for (size_t i = 0; i < chart->habits_n; i++)
		MUST(strlen(chart->habits[i].marks) == chart->days);
	for (size_t i = 0; chart->count[0] && i < chart->days; i++)
		for (int s = 0; s < CHART_SERIES; s++)
			MUST(isnan(chart->count[s][i]) || chart->count[s][i] >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	apr_pool_t *pool = pool_root();
	struct chart chart = { 0 }, again;
	err_t *err = chart_read(pool, (const char *)data, n, &chart);

	if (!err) {
		const char *text = chart_write(pool, &chart);

		check_days(&chart);
		chart_empty(&chart);
		must_be(chart_read(pool, text, strlen(text), &again), ERR_TOO_LARGE, ERR_TOO_LARGE);
	}
	must_be(err, ERR_INVALID, ERR_TOO_LARGE);
	pool_free(pool);
	return 0;
}
