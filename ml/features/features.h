/* features: the daily table: a row a person and local day (table metrics), and its rows as the statistics take them.
 * Needs: tx, days. Used by: tools/insight, job_nightly.
 * Tasks, check-ins and posts are in step by themselves (triggers of db/migrations/0042_insight.sql); what nothing happened
 * to, and the calendar, is brought up to date here. Days are local ones, "2026-11-30". */
#ifndef ML_FEATURES_FEATURES_H
#define ML_FEATURES_FEATURES_H

#include "db/tx.h"
#include "ml/insight/days.h"

/* The days from one to another, up to today, as they are known now. */
NODISCARD err_t *features_refresh(struct tx *tx, const char *from, const char *to);
/* The first day of which there is a row; *ret_day "" when there is none. */
NODISCARD err_t *features_first(struct tx *tx, const char **ret_day);
/* The day's meetings: how many, and their hours. n below 0: not known. */
NODISCARD err_t *features_meetings(struct tx *tx, const char *day, int64_t n, double hours);

/* All rows up to that day; *ret_days in pool. Not one: its n is 0. */
NODISCARD err_t *features_days(struct tx *tx, apr_pool_t *pool, const char *to, struct days **ret_days);

/* What was due and, of that, done by its end, on each of the last n days up to `to`, the latest last; NaN where there is no
 * row. Arrays of n. */
NODISCARD err_t *features_plans(struct tx *tx, const char *to, size_t n, double *ret_due, double *ret_done);

#endif
