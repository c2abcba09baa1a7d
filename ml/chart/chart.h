/* chart: a picture of somebody's own data, said as data: a struct, and JSON both ways.
 * Needs: json, i18n. Used by: chart_told, doctor_outside, ml/chart/draw, finding_view.
 * The service makes the JSON and never draws; lembra-chart reads it and draws. Days are consecutive, from `first`. */
#ifndef ML_CHART_CHART_H
#define ML_CHART_CHART_H

#include "core/i18n.h"
#include "core/json.h"

#define CHART_DAYS 120      /* at most, of one picture */
#define CHART_HABITS_MAX 6  /* of one picture */
#define CHART_EFFECTS_MAX 6 /* of one picture */
#define CHART_BYTES (16 * 1024)

enum chart_kind {
	CHART_WEEK,    /* tasks due and done a day: count[0] and count[1] */
	CHART_ENERGY,  /* hours of sleep and energy (1 to 10) a day: count[0] and count[1] */
	CHART_HOURS,   /* tasks done by weekday and hour */
	CHART_HABITS,  /* kept, missed or not due, a day */
	CHART_EFFECTS, /* what goes together: a point and its 95 % interval */
	CHART_KINDS
};

enum chart_theme {
	CHART_DARK, /* for both themes of Telegram: it does not dazzle in a dark chat, and is a card in a light one */
	CHART_LIGHT,
	CHART_THEMES
};

enum { CHART_SERIES = 2, CHART_HOURS_DAY = 24, CHART_WEEKDAYS = 7 };

struct chart_habit {
	const char *name;
	int64_t kept, due; /* the count beside its name; due 0: k, and k and m */
	const char *marks; /* one letter a day: k kept, m missed, n not due, - not known (yet to come) */
};

struct chart_effect {
	const char *label; /* "sono → energia" */
	const char *unit;  /* of effect, low and high: "pontos"; NULL: a correlation, -1 to 1 */
	double effect, low, high;
	int64_t n;
};

struct chart {
	enum chart_kind kind;
	enum chart_theme theme;
	enum lang lang;
	const char *title; /* NULL: the kind's own */
	const char *
		note; /* one sentence below; alone in the picture when there is nothing to draw. NULL: none */
	const char *first; /* "2026-11-23"; NULL where the kind has no days */
	size_t days;
	double *count[CHART_SERIES];                    /* days each; NAN: not recorded, never 0 */
	int64_t hours[CHART_WEEKDAYS][CHART_HOURS_DAY]; /* Monday first */
	size_t habits_n, effects_n;
	struct chart_habit *habits;
	struct chart_effect *effects;
};

/* "week" and the like. */
const char *chart_kind_name(enum chart_kind kind);
/* Room in pool for the values of `days` days, none recorded. */
void chart_days(apr_pool_t *pool, struct chart *chart, const char *first, size_t days);
/* JSON of the chart, in pool; at most CHART_EFFECTS_MAX effects and CHART_HABITS_MAX habits of it. */
const char *chart_write(apr_pool_t *pool, const struct chart *chart);
/* Reads n bytes of it; all in pool. ERR_INVALID names the first thing that is wrong, and holds no value of it. */
NODISCARD err_t *chart_read(apr_pool_t *pool, const char *text, size_t n, struct chart *ret_chart);
/* Whether there is nothing in it that could be drawn. */
bool chart_empty(const struct chart *chart);

/* What goes together with what, n findings of it, the first CHART_EFFECTS_MAX of them: a spec for outcome.chart and outgoing.chart. */
const char *chart_of_effects(apr_pool_t *pool, enum lang lang, const struct chart_effect *effects, size_t n);

#endif
