/* series: a number a day, and the days on which there is none.
 * Needs: nothing. Used by: ml/stats.
 * Days follow one another without a gap; a day without a value is NaN. Every function takes as many days as `n` says. */
#ifndef ML_STATS_SERIES_H
#define ML_STATS_SERIES_H

#include "core/mem.h"
#include <stdint.h>

#define SERIES_LAGS 10 /* up to which days are thought to lean on one another */

/* How many of the days have both. */
size_t series_pairs(const double *x, const double *y, size_t n);

/* Ranks from 1, ties shared; NaN stays NaN. */
void series_ranks(apr_pool_t *pool, const double *x, size_t n, double *ret);

/* What is left of x when the weekday (weekday: 0..6 of day 0, 0 Monday) and a straight trend are taken out, by least squares over
 * the days that have a value. each: every weekday for itself; else the weekend only. *ret_taken: how many numbers that took, the
 * mean among them. False: too few days for it. */
bool series_residuals(apr_pool_t *pool, const double *x, size_t n, int weekday, bool each, double *ret,
		      size_t *ret_taken);

/* How many independent pairs n pairs of these two are worth (Pyper and Peterman 1998; Bretherton et al. 1999): never more than
 * they are, and not below 3. Lags count as long as both series lean on themselves by more than chance does: with all ten of
 * them a month of days that lean on nothing is thought worth 25, and a test at .05 finds something in 2 of 100. x and y have
 * mean 0. */
double series_effective(const double *x, const double *y, size_t n);

#endif
