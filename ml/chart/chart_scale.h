/* chart_scale: the arithmetic of pictures: days, round steps, numbers in words.
 * Needs: i18n. Used by: chart, ml/chart/draw, tools/chart. */
#ifndef ML_CHART_CHART_SCALE_H
#define ML_CHART_CHART_SCALE_H

#include "core/i18n.h"
#include <stdbool.h>
#include <time.h>

/* The day `plus` days after `iso` ("2026-11-23"): tm_year, tm_mon, tm_mday, tm_wday. False when iso is none. */
bool chart_scale_day(const char *iso, int plus, struct tm *ret);
/* 0 for Monday ... 6 for Sunday. */
int chart_scale_weekday(const struct tm *day);
/* "23/11" or "Nov 23". */
const char *chart_scale_date(apr_pool_t *pool, enum lang lang, const struct tm *day);

/* A step of 1, 2 or 5 times a power of ten, at least least, of which at most `most` reach max. */
double chart_scale_step(double max, int most, double least);
/* "7,50" or "7.50": so many decimals; the sign is a real minus. */
const char *chart_scale_fixed(apr_pool_t *pool, enum lang lang, double value, int decimals);
/* The same without trailing zeros. */
const char *chart_scale_number(apr_pool_t *pool, enum lang lang, double value, int decimals);

#endif
