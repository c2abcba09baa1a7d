/* chart_told: a person's days as a chart, and in words.
 * Needs: chart, tx, when. Used by: tool_get_chart, week_report. */
#ifndef TOOLS_CHART_CHART_TOLD_H
#define TOOLS_CHART_CHART_TOLD_H

#include "db/tx.h"
#include "ml/chart/chart.h"

struct chart_told {
	struct chart chart;
	/* JSON of it, for outcome.chart and outgoing.chart; NULL: there is too little to draw, and html says what is missing. */
	const char *spec;
	const char *html; /* what the picture shows, in numbers: its caption */
	int64_t due, done;
};

/* Tasks due and done on so many days (1 to 14) from that one ("2026-11-23"). */
NODISCARD err_t *chart_told_tasks(struct req *req, struct tx *tx, const char *first, int days,
				  struct chart_told *ret);
/* Of CHART_WEEK: tasks of the seven days up to today. CHART_ENERGY: sleep and energy of the last four weeks. CHART_HOURS: tasks done
 * by weekday and hour in the last eight weeks. CHART_HABITS: habits of the last twelve. */
NODISCARD err_t *chart_told(struct req *req, struct tx *tx, enum chart_kind kind, struct chart_told *ret);

#endif
